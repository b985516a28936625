//! SimulatePrincipalPolicy: what the policies of a role say of actions, without making a call.
//!
//! DOC (IAM API reference; IAM user guide, "Testing IAM policies with the IAM policy simulator"): `allowed`, `explicitDeny`
//! or `implicitDeny`, for each action and resource. The sandbox's user may do everything; guardrails are faults here, which
//! no simulation sees.

use std::collections::BTreeSet;

use crate::account::is_account_id;
use crate::error::{AwsError, Result};
use crate::iam::page::Page;
use crate::iam::{Context, Decision, Role, no_such_entity, params};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("SimulatePrincipalPolicy", simulate)];

/// One action on one resource, and what came of it.
struct Row {
    /// Of the row: in the order of the request.
    key: String,
    action: String,
    resource: String,
    decision: Decision,
    missing: BTreeSet<String>,
}

fn simulate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let source = params::text(p, "PolicySourceArn", 20..=2048)?;
    let (actions, mut resources) = (p.list("ActionNames.member"), p.list("ResourceArns.member"));
    let page = Page::read(p)?;
    if actions.is_empty() {
        return Err(params::broken("ActionNames", "[]", "Member must not be empty"));
    }
    for action in &actions {
        let parts = action.split_once(':').filter(|(service, name)| !service.is_empty() && !name.is_empty());
        if !(3..=128).contains(&action.len()) || parts.is_none() {
            return Err(AwsError::new("InvalidInput", format!("Invalid Action: {action}")));
        }
    }
    if resources.is_empty() {
        resources.push("*".to_owned());
    }
    let role = principal(ctx, &source)?;
    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let pairs = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    let rows = pairs.enumerate().map(|(n, (action, resource))| {
        // None of the keys that conditions ask for is given.
        let (decision, missing) = match role {
            Some(role) => role.simulated(iam, action, resource, &Context::new()),
            None => (Decision::Allowed, BTreeSet::new()),
        };
        Row { key: format!("{n:08}"), action: action.clone(), resource: resource.clone(), decision, missing }
    });
    let (rows, rest) = page.cut(rows.collect(), |row: &Row| &row.key);
    Ok(Xml::new().list_of("EvaluationResults", "member", rows.into_iter().map(xml)).merge(rest))
}

/// The role behind an ARN of the caller's account; None for the sandbox's user.
fn principal<'a>(ctx: &'a Ctx<'_>, arn: &str) -> Result<Option<&'a Role>> {
    let account = &ctx.caller.account;
    if arn == format!("arn:aws:iam::{account}:user/sandbox") {
        return Ok(None);
    }
    let rest = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(':'));
    let Some((_, path)) = rest.filter(|(account, _)| is_account_id(account)) else {
        return Err(AwsError::new("InvalidInput", format!("Invalid Entity Arn: {arn}")));
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let role = ctx.state.account(account).iam.roles.get(name).filter(|role| role.arn() == arn);
    role.map(Some).ok_or_else(|| no_such_entity(format!("Entity {arn} does not exist.")))
}

fn xml(row: Row) -> Xml {
    let decision = match row.decision {
        Decision::Allowed => "allowed",
        Decision::NotAllowed => "implicitDeny",
        Decision::Denied => "explicitDeny",
    };
    Xml::new()
        .text("EvalActionName", &row.action)
        .text("EvalResourceName", &row.resource)
        .text("EvalDecision", decision)
        .list_of("MatchedStatements", "member", [])
        .list_of("MissingContextValues", "member", row.missing.iter().map(Xml::plain))
}

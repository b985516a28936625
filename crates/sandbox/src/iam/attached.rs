//! Managed policies on roles: AttachRolePolicy, ListAttachedRolePolicies, DetachRolePolicy.

use crate::error::Result;
use crate::iam::page::Page;
use crate::iam::{limit, managed, no_such_entity, params, role};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AttachRolePolicy", attach),
    Operation::read("ListAttachedRolePolicies", list),
    Operation::write("DetachRolePolicy", detach),
];

/// DOC (IAM user guide, "IAM and AWS STS quotas"): managed policies attached to a role, before any increase.
const MOST: usize = 10;

/// The element of an attached policy.
pub(super) fn row(arn: &str) -> Xml {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    Xml::new().text("PolicyName", name).text("PolicyArn", arn)
}

/// Attaching what is attached already changes nothing.
fn attach(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let arn = params::text(p, "PolicyArn", 20..=2048)?;
    managed::check_attachable(&ctx.state.account(&ctx.caller.account).iam, &arn)?;
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    role.attached.insert(arn);
    if role.attached.len() > MOST {
        return Err(limit(format!("Cannot exceed quota for PoliciesPerRole: {MOST}")));
    }
    Ok(Xml::new())
}

fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let prefix = params::path_prefix(p)?;
    let page = Page::read(p)?;
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let rows: Vec<&String> = role.attached.iter().filter(|arn| managed::path(arn).starts_with(&prefix)).collect();
    let (rows, rest) = page.cut(rows, |arn| arn);
    Ok(Xml::new().list_of("AttachedPolicies", "member", rows.into_iter().map(|arn| row(arn))).merge(rest))
}

fn detach(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let arn = params::text(p, "PolicyArn", 20..=2048)?;
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    if !role.attached.remove(&arn) {
        return Err(no_such_entity(format!("Policy {arn} was not found.")));
    }
    Ok(Xml::new())
}

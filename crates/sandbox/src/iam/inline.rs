//! Inline policies of roles: PutRolePolicy, GetRolePolicy, ListRolePolicies, DeleteRolePolicy.

use crate::error::{AwsError, Result};
use crate::iam::document::{Document, Use};
use crate::iam::page::Page;
use crate::iam::{limit, no_such_entity, params, role};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("PutRolePolicy", put),
    Operation::read("GetRolePolicy", get),
    Operation::read("ListRolePolicies", list),
    Operation::write("DeleteRolePolicy", delete),
];

/// DOC (IAM user guide, "IAM and AWS STS quotas"): all inline policies of a role together, whitespace not counted.
const LARGEST_TOGETHER: usize = 10_240;

fn policy_name(p: &Params) -> Result<String> {
    params::name(p, "PolicyName", 128)
}

fn no_policy(name: &str) -> AwsError {
    no_such_entity(format!("The role policy with name {name} cannot be found."))
}

fn put(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (name, policy) = (role::name(p)?, policy_name(p)?);
    let text = params::text(p, "PolicyDocument", 1..=131_072)?;
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    Document::parse(&text, Use::Identity)?;
    let others = role.inline.iter().filter(|(other, _)| **other != policy);
    let together: usize = Document::size(&text) + others.map(|(_, text)| Document::size(text)).sum::<usize>();
    if together > LARGEST_TOGETHER {
        return Err(limit(format!("Maximum policy size of {LARGEST_TOGETHER} bytes exceeded for role {name}")));
    }
    ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?.inline.insert(policy, text);
    Ok(Xml::new())
}

fn get(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (name, policy) = (role::name(p)?, policy_name(p)?);
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let text = role.inline.get(&policy).ok_or_else(|| no_policy(&policy))?;
    Ok(Xml::new().text("RoleName", name).text("PolicyName", policy).text("PolicyDocument", role::encode(text)))
}

fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let page = Page::read(p)?;
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let (rows, rest) = page.cut(role.inline.keys().collect(), |name| name);
    Ok(Xml::new().list_of("PolicyNames", "member", rows.into_iter().map(Xml::plain)).merge(rest))
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (name, policy) = (role::name(p)?, policy_name(p)?);
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    role.inline.remove(&policy).ok_or_else(|| no_policy(&policy))?;
    Ok(Xml::new())
}

//! GetAccountAuthorizationDetails: all roles and policies with what belongs to them, in one list.

use crate::error::Result;
use crate::iam::page::Page;
use crate::iam::{Iam, ManagedPolicy, Role, attached, params, role, tags};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("GetAccountAuthorizationDetails", details)];

/// The model's `EntityType`. The sandbox holds no users and groups, and does not list what AWS manages.
static KINDS: &[&str] = &["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];

enum Entity<'a> {
    Role(&'a Role),
    Policy(&'a str, &'a ManagedPolicy),
}

fn details(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let wanted = p.list("Filter.member");
    if let Some(odd) = wanted.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(params::broken("Filter", odd, &format!("Member must satisfy enum value set: {KINDS:?}")));
    }
    let wants = |kind: &str| wanted.is_empty() || wanted.iter().any(|one| one == kind);
    let page = Page::read(p)?;

    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let mut entities: Vec<(String, Entity<'_>)> = Vec::new();
    // Roles come first; the rest of the key is unique within its kind.
    if wants("Role") {
        entities.extend(iam.roles.iter().map(|(name, role)| (format!("0 {name}"), Entity::Role(role))));
    }
    if wants("LocalManagedPolicy") {
        entities.extend(iam.policies.iter().map(|(arn, policy)| (format!("1 {arn}"), Entity::Policy(arn, policy))));
    }
    let (rows, rest) = page.cut(entities, |(key, _)| key);
    let (mut roles, mut policies) = (Vec::new(), Vec::new());
    for (_, entity) in rows {
        match entity {
            Entity::Role(role) => roles.push(role_detail(role)),
            Entity::Policy(arn, policy) => policies.push(policy_detail(iam, arn, policy)),
        }
    }
    Ok(Xml::new()
        .nest("UserDetailList", Xml::new())
        .nest("GroupDetailList", Xml::new())
        .list_of("RoleDetailList", "member", roles)
        .list_of("Policies", "member", policies)
        .merge(rest))
}

fn role_detail(role: &Role) -> Xml {
    let inline = role
        .inline
        .iter()
        .map(|(name, text)| Xml::new().text("PolicyName", name).text("PolicyDocument", role::encode(text)));
    role.summary()
        .nest("InstanceProfileList", Xml::new())
        .list_of("RolePolicyList", "member", inline)
        .list_of("AttachedManagedPolicies", "member", role.attached.iter().map(|arn| attached::row(arn)))
        .merge(tags::unless_empty(&role.tags))
        .nest("RoleLastUsed", Xml::new())
}

fn policy_detail(iam: &Iam, arn: &str, policy: &ManagedPolicy) -> Xml {
    policy.summary(iam, arn).list_of("PolicyVersionList", "member", [policy.version()])
}

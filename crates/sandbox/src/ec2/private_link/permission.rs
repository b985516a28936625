//! Who may connect to an endpoint service.

use std::collections::BTreeSet;

use super::service::{self, KIND};
use crate::account::is_account_id;
use crate::ec2::Tags;
use crate::ec2::describe::Page;
use crate::ec2::filters::Filters;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("ModifyVpcEndpointServicePermissions", modify),
    Operation::read("DescribeVpcEndpointServicePermissions", describe),
];

/// A set: what is there already, and what is not there to be removed, is no error (aws-facts section 1.2). Endpoints that
/// were made under a permission outlive it.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("ServiceId")?;
    let (add, remove) = (p.list("AddAllowedPrincipals"), p.list("RemoveAllowedPrincipals"));
    p.one_of("PermissionType", &["vpc-endpoint"])?;
    if add.is_empty() && remove.is_empty() {
        return Err(AwsError::new("MissingParameter", "No principal is given."));
    }
    let mut service = service::usable(ctx, &id)?.clone();
    for principal in &remove {
        service.permissions.remove(principal);
    }
    let mut added = Vec::new();
    for principal in add.into_iter().collect::<BTreeSet<_>>() {
        let kind = checked(ctx, &principal)?;
        if service.permissions.contains_key(&principal) {
            continue;
        }
        let permission = ctx.new_id("vpce-svc-perm");
        added.push(xml(&id, &principal, kind, &permission));
        service.permissions.insert(principal, permission);
    }
    ctx.ec2_mut().endpoint_services.living.insert(id, service);
    Ok(Xml::new().list("addedPrincipalSet", added).text("return", "true"))
}

/// What kind of principal this is, by its ARN; None for what is none.
fn kind(principal: &str) -> Option<&'static str> {
    if principal == "*" {
        return Some("All");
    }
    let (account, resource) = principal.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    if !is_account_id(account) {
        return None;
    }
    // DOC (ModifyVpcEndpointServicePermissions): "Principal ARNs with path components aren't supported."
    match resource.split('/').collect::<Vec<_>>()[..] {
        ["root"] => Some("Account"),
        ["user", name] if !name.is_empty() => Some("User"),
        ["role", name] if !name.is_empty() => Some("Role"),
        _ => None,
    }
}

/// The kind of a principal that may be listed. That a role must exist, and the code, are unverified.
fn checked(ctx: &Ctx<'_>, principal: &str) -> Result<&'static str> {
    let invalid = || AwsError::new("InvalidPrincipal", format!("Invalid Principal: '{principal}'"));
    let kind = kind(principal).ok_or_else(invalid)?;
    if kind == "Role" {
        let account = principal.split(':').nth(4).unwrap_or_default();
        let mut roles = ctx.state.account(account).iam.roles.values();
        if !roles.any(|role| role.arn() == principal) {
            return Err(invalid());
        }
    }
    Ok(kind)
}

fn xml(service: &str, principal: &str, kind: &str, permission: &str) -> Xml {
    Xml::new()
        .text("principalType", kind)
        .text("principal", principal)
        .text("servicePermissionId", permission)
        .text("serviceId", service)
        .text("permissionType", "vpc-endpoint")
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("ServiceId")?;
    let filters = Filters::read(p, "Filter", &["permission-type", "principal", "principal-type"])?;
    let page = Page::read(p, &(5..=1000))?;
    let service = KIND.get(&ctx.ec2().endpoint_services.living, &id)?;
    let rows = service.permissions.iter().map(|(principal, permission)| {
        let kind = kind(principal).unwrap_or_default();
        (principal, kind, permission)
    });
    let rows = rows.filter(|(principal, kind, _)| {
        filters.accept(&Tags::new(), |name| {
            let one = match name {
                "permission-type" => "vpc-endpoint",
                "principal" => principal,
                _ => kind,
            };
            vec![one.to_owned()]
        })
    });
    let (rows, next) = page.cut(rows.collect(), |(principal, ..)| principal);
    let rows = rows.into_iter().map(|(principal, kind, permission)| xml(&id, principal, kind, permission));
    Ok(Xml::new().list("allowedPrincipals", rows).maybe("nextToken", next))
}

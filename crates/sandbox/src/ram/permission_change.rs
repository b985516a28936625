//! AssociateResourceSharePermission, DisassociateResourceSharePermission: changes "take effect immediately" (DOC).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{invalid, unknown};
use super::permission::{self, Given, Permission};
use super::share::{self, Share};
use super::{shareable, token_use};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_write(
        "AssociateResourceSharePermission",
        "POST",
        "/associateresourcesharepermission",
        |ctx, input| token_use::once(ctx, "AssociateResourceSharePermission", input, associate),
    ),
    Operation::rest_write(
        "DisassociateResourceSharePermission",
        "POST",
        "/disassociateresourcesharepermission",
        |ctx, input| token_use::once(ctx, "DisassociateResourceSharePermission", input, disassociate),
    ),
];

/// The only version that is simulated.
pub(super) const VERSION: i64 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Associate {
    resource_share_arn: String,
    permission_arn: String,
    #[serde(default)]
    replace: bool,
    permission_version: Option<i64>,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

/// DOC: "exactly one permission associated with each resource type", and a new one only for a type of which no resource is
/// in the share.
fn associate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Associate = json_input(input)?;
    let permission = permission::by_arn(&wish.permission_arn)?;
    if wish.permission_version.is_some_and(|version| version != VERSION) {
        return Err(invalid("The permission version is not the default one."));
    }
    let mut share = share::active(ctx, &wish.resource_share_arn)?.clone();
    match share.permissions.get(permission.kind) {
        Some(there) if there.name == permission.name => {}
        Some(_) if !wish.replace => {
            return Err(invalid(format!("The resource share has a permission for {} already.", permission.kind)));
        }
        None if wish.replace => {
            return Err(invalid(format!("The resource share has no permission for {}.", permission.kind)));
        }
        _ => give(&mut share, permission, ctx.now),
    }
    share::keep(ctx, &wish.resource_share_arn, share);
    Ok(json!({ "returnValue": true }))
}

fn give(share: &mut Share, permission: &Permission, since: Moment) {
    share.permissions.insert(permission.kind.to_owned(), Given { name: permission.name.to_owned(), since });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Disassociate {
    resource_share_arn: String,
    permission_arn: String,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

fn disassociate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Disassociate { resource_share_arn: arn, permission_arn, .. } = json_input(input)?;
    let permission = permission::by_arn(&permission_arn)?;
    let mut share = share::active(ctx, &arn)?.clone();
    if share.permissions.get(permission.kind).is_none_or(|there| there.name != permission.name) {
        return Err(unknown("Permission", &permission_arn));
    }
    let there = share.resources.iter().filter(|(_, resource)| resource.status(ctx.now) != "DISASSOCIATED");
    if there.into_iter().any(|(arn, _)| shareable::kind_of(arn) == Some(permission.kind)) {
        return Err(invalid(format!("The resource share has resources of the type {}.", permission.kind)));
    }
    share.permissions.remove(permission.kind);
    share::keep(ctx, &arn, share);
    Ok(json!({ "returnValue": true }))
}

/// Those that a new share is given. DOC (CreateResourceShare, permissionArns): one for each type of resource that is in it.
pub(super) fn give_named(
    ctx: &Ctx<'_>,
    share: &mut Share,
    arns: &[String],
    resources: &BTreeSet<String>,
) -> Result<()> {
    for arn in arns {
        let permission = permission::by_arn(arn)?;
        if !resources.iter().any(|resource| shareable::kind_of(resource) == Some(permission.kind)) {
            let message = "is for a type of resource that is not in the resource share.";
            return Err(invalid(format!("The permission {arn} {message}")));
        }
        if share.permissions.contains_key(permission.kind) {
            return Err(invalid(format!("More than one permission is given for {}.", permission.kind)));
        }
        give(share, permission, ctx.now);
    }
    Ok(())
}

/// The default permission for a resource whose type has none in the share yet.
pub(super) fn give_default(share: &mut Share, resource: &str, now: Moment) {
    let kind = shareable::kind_of(resource).filter(|kind| !share.permissions.contains_key(*kind));
    if let Some(permission) = kind.and_then(permission::default_of) {
        give(share, permission, now);
    }
}

//! ListResourceSharePermissions, ListPermissionAssociations.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{invalid, unknown};
use super::page::Page;
use super::permission;
use super::permission_change::VERSION;
use super::ram;
use super::share::{check_arn, seconds};
use super::share_list::visible;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_read("ListResourceSharePermissions", "POST", "/listresourcesharepermissions", of_share),
    Operation::rest_read("ListPermissionAssociations", "POST", "/listpermissionassociations", associations),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OfShare {
    resource_share_arn: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

/// Also of shares with the caller (unverified).
fn of_share(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let OfShare { resource_share_arn: arn, next_token, max_results } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref())?;
    check_arn(&arn)?;
    let ctx = &*ctx;
    let mut shares = visible(ctx, "SELF")?;
    shares.extend(visible(ctx, "OTHER-ACCOUNTS")?);
    let share = shares.get(arn.as_str()).ok_or_else(|| unknown("ResourceShare", &arn))?;
    let rows = share.permissions.values().filter_map(|given| {
        let permission = permission::by_name(&given.name)?;
        let row = json!({
            "arn": permission.arn(),
            "version": VERSION.to_string(),
            "defaultVersion": true,
            "name": permission.name,
            "resourceType": permission.kind,
            "status": "ASSOCIATED",
            "creationTime": seconds(given.since),
            "lastUpdatedTime": seconds(given.since),
            "isResourceTypeDefault": permission.is_default,
            "permissionType": "AWS_MANAGED",
            "featureSet": "STANDARD",
        });
        Some((permission.name.to_owned(), row))
    });
    Ok(page.answer("permissions", rows.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Associations {
    permission_arn: Option<String>,
    permission_version: Option<i64>,
    association_status: Option<String>,
    resource_type: Option<String>,
    feature_set: Option<String>,
    /// There is no other version.
    #[serde(rename = "defaultVersion")]
    _default_version: Option<bool>,
    resource_share_arn: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

/// Of the caller's own shares that are not deleted (unverified). DOC: "resource shares that include at least one resource of
/// this resource type".
fn associations(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Associations = json_input(input)?;
    let page = Page::read(wish.max_results, wish.next_token.as_deref())?;
    if let Some(arn) = &wish.permission_arn {
        permission::by_arn(arn)?;
    }
    if wish.association_status.as_deref().is_some_and(|status| status != "ASSOCIATED")
        || wish.feature_set.as_deref().is_some_and(|set| set != "STANDARD")
    {
        return Err(invalid("The sandbox lists associations that are ASSOCIATED, of shares that are STANDARD."));
    }
    let one_version = wish.permission_version.is_none_or(|version| version == VERSION);
    let mut rows = BTreeMap::new();
    for (arn, share) in ram(ctx).shares.iter().filter(|(_, share)| one_version && share.deleted_at.is_none()) {
        for (kind, given) in &share.permissions {
            let Some(permission) = permission::by_name(&given.name) else {
                continue;
            };
            let passes = wish.permission_arn.as_ref().is_none_or(|wanted| *wanted == permission.arn())
                && wish.resource_type.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind))
                && wish.resource_share_arn.as_ref().is_none_or(|wanted| wanted == arn);
            if passes {
                let row = json!({
                    "arn": permission.arn(),
                    "permissionVersion": VERSION.to_string(),
                    "defaultVersion": true,
                    "resourceType": kind,
                    "status": "ASSOCIATED",
                    "featureSet": "STANDARD",
                    "lastUpdatedTime": seconds(given.since),
                    "resourceShareArn": arn,
                });
                rows.insert(format!("{arn} {kind}"), row);
            }
        }
    }
    Ok(page.answer("permissions", rows))
}

//! ListResources: what the caller shares, or what others share with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Page;
use super::share::seconds;
use super::share_list::{check_arns, visible};
use super::shareable;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[Operation::rest_read("ListResources", "POST", "/listresources", list)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    resource_owner: String,
    resource_type: Option<String>,
    #[serde(default)]
    resource_arns: Vec<String>,
    #[serde(default)]
    resource_share_arns: Vec<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: List = json_input(input)?;
    let page = Page::read(wish.max_results, wish.next_token.as_deref())?;
    if let Some(kind) = wish.resource_type.as_deref().filter(|kind| !shareable::is_kind(kind)) {
        return Err(AwsError::new("InvalidResourceTypeException", format!("The resource type {kind} is not valid.")));
    }
    let ctx = &*ctx;
    let shares = visible(ctx, &wish.resource_owner)?;
    check_arns(&wish.resource_share_arns, &shares)?;
    let is_one = |wanted: &[String], arn: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == arn);
    let mut rows = BTreeMap::new();
    for (share_arn, share) in shares.into_iter().filter(|(arn, _)| is_one(&wish.resource_share_arns, arn)) {
        for (arn, resource) in &share.resources {
            let kind = shareable::kind_of(arn).unwrap_or_default();
            let passes = is_one(&wish.resource_arns, arn) && wish.resource_type.as_ref().is_none_or(|it| it == kind);
            let Some(since) = resource.since(ctx.now).filter(|_| passes) else {
                continue;
            };
            let row = json!({
                "arn": arn,
                "type": kind,
                "resourceShareArn": share_arn,
                "creationTime": seconds(resource.created),
                "lastUpdatedTime": seconds(since),
                "resourceRegionScope": "REGIONAL",
            });
            rows.insert(format!("{share_arn} {arn}"), row);
        }
    }
    Ok(page.answer("resources", rows))
}

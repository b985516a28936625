//! GetResourceShares.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::errors::{invalid, unknown};
use super::page::Page;
use super::ram;
use super::share::{Share, check_arn};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] =
    &[Operation::rest_read("GetResourceShares", "POST", "/getresourceshares", list)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    resource_owner: String,
    #[serde(default)]
    resource_share_arns: Vec<String>,
    resource_share_status: Option<String>,
    name: Option<String>,
    #[serde(default)]
    tag_filters: Vec<TagFilter>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TagFilter {
    tag_key: String,
    #[serde(default)]
    tag_values: Vec<String>,
}

impl TagFilter {
    /// DOC: "You can specify multiple values; any one matches", and none is any.
    fn accepts(&self, share: &Share) -> bool {
        let value = share.tags.get(&self.tag_key);
        value.is_some_and(|value| self.tag_values.is_empty() || self.tag_values.contains(value))
    }
}

/// The shares of the caller, or of others with the caller.
pub(super) fn visible<'a>(ctx: &'a Ctx<'_>, owner: &str) -> Result<BTreeMap<&'a str, &'a Share>> {
    match owner {
        "SELF" => Ok(ram(ctx).shares.iter().map(|(arn, share)| (arn.as_str(), share)).collect()),
        "OTHER-ACCOUNTS" => Ok(of_others(ctx)),
        other => Err(invalid(format!("resourceOwner {other} is neither SELF nor OTHER-ACCOUNTS."))),
    }
}

/// Those that the caller has access to: not before it has accepted.
fn of_others<'a>(ctx: &'a Ctx<'_>) -> BTreeMap<&'a str, &'a Share> {
    let caller = &ctx.caller.account;
    let regions = ctx.state.accounts.values().filter_map(|account| account.regions.get(ctx.region));
    let shares = regions.flat_map(|regional| regional.ram.shares.iter());
    let with_caller = shares
        .filter(|(_, share)| share.principals.get(caller).is_some_and(|principal| principal.since(ctx.now).is_some()));
    with_caller.map(|(arn, share)| (arn.as_str(), share)).collect()
}

/// Each ARN must be one of these.
pub(super) fn check_arns(arns: &[String], shares: &BTreeMap<&str, &Share>) -> Result<()> {
    for arn in arns {
        check_arn(arn)?;
        if !shares.contains_key(arn.as_str()) {
            return Err(unknown("ResourceShare", arn));
        }
    }
    Ok(())
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: List = json_input(input)?;
    let page = Page::read(wish.max_results, wish.next_token.as_deref())?;
    if let Some(status) = &wish.resource_share_status
        && !["PENDING", "ACTIVE", "FAILED", "DELETING", "DELETED"].contains(&status.as_str())
    {
        return Err(invalid(format!("resourceShareStatus {status} is not a status.")));
    }
    let ctx = &*ctx;
    let own = wish.resource_owner == "SELF";
    let shares = visible(ctx, &wish.resource_owner)?;
    check_arns(&wish.resource_share_arns, &shares)?;
    let passes = |arn: &str, share: &Share| {
        (wish.resource_share_arns.is_empty() || wish.resource_share_arns.iter().any(|wanted| wanted == arn))
            && wish.resource_share_status.as_ref().is_none_or(|status| status == share.status(ctx.now))
            && wish.name.as_ref().is_none_or(|name| *name == share.name)
            && wish.tag_filters.iter().all(|filter| own && filter.accepts(share))
    };
    let found = shares.into_iter().filter(|(arn, share)| passes(arn, share));
    let rows = found.map(|(arn, share)| (arn.to_owned(), share.json(arn, ctx.now, own))).collect();
    Ok(page.answer("resourceShares", rows))
}

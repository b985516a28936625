//! Tags of gateways, connections and virtual interfaces: TagResource, UntagResource, DescribeTags.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{missing, refused};
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("TagResource", tag),
    Operation::json_write("UntagResource", untag),
    Operation::json_read("DescribeTags", describe),
];

/// Tags by key.
pub(super) type Tags = BTreeMap<String, String>;

/// DOC (Direct Connect user guide, "Tag restrictions").
const MOST: usize = 50;

/// One tag on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tag {
    key: String,
    value: Option<String>,
}

/// A list of a request; none given is none, but an empty list is refused (DOC: TagList, "Minimum number of 1 item").
pub(super) fn read(given: Option<Vec<Tag>>) -> Result<Tags> {
    if given.as_ref().is_some_and(Vec::is_empty) {
        return Err(refused("The list of tags must not be empty."));
    }
    let allowed = |c: char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    let mut tags = Tags::new();
    for Tag { key, value } in given.unwrap_or_default() {
        let value = value.unwrap_or_default();
        let long = key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256;
        if long || !key.chars().chain(value.chars()).all(allowed) || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(refused(format!("The tag '{key}' is not valid.")));
        }
        if tags.insert(key.clone(), value).is_some() {
            return Err(AwsError::new("DuplicateTagKeysException", format!("The tag key '{key}' is given twice.")));
        }
    }
    check_count(&tags)?;
    Ok(tags)
}

fn check_count(tags: &Tags) -> Result<()> {
    if tags.len() > MOST {
        return Err(AwsError::new("TooManyTagsException", format!("A resource can have no more than {MOST} tags.")));
    }
    Ok(())
}

/// As in an answer.
pub(super) fn json(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// The tags of what an ARN names, which must be the caller's: `arn:aws:directconnect::ACCOUNT:dx-gateway/ID`,
/// `arn:aws:directconnect:REGION:ACCOUNT:dxcon/ID`, and `dxvif` likewise (aws-facts section 0.2).
fn of<'a>(ctx: &'a Ctx<'_>, arn: &str) -> Result<&'a Tags> {
    let unknown = || missing("The resource", arn);
    let (all, caller) = (&ctx.state.direct_connect, &ctx.caller.account);
    let global = format!("arn:aws:directconnect::{caller}:");
    let local = ctx.arn("directconnect", "");
    let (name, region) = match (arn.strip_prefix(&global), arn.strip_prefix(&local)) {
        (Some(name), _) => (name, ""),
        (None, Some(name)) => (name, ctx.region),
        (None, None) => return Err(unknown()),
    };
    let (owner, at, tags) = match name.split_once('/') {
        Some(("dx-gateway", id)) => all.gateways.get(id).map(|it| (&it.owner, "", &it.tags)),
        Some(("dxcon", id)) => all.connections.get(id).map(|it| (&it.owner, it.region.as_str(), &it.tags)),
        Some(("dxvif", id)) => all.virtual_interfaces.get(id).map(|it| (&it.owner, it.region.as_str(), &it.tags)),
        _ => None,
    }
    .ok_or_else(unknown)?;
    if owner == caller && at == region { Ok(tags) } else { Err(unknown()) }
}

/// The same, to change them.
fn of_mut<'a>(ctx: &'a mut Ctx<'_>, arn: &str) -> Result<&'a mut Tags> {
    // Look before a table is copied.
    of(ctx, arn)?;
    let id = arn.rsplit('/').next().unwrap_or_default();
    let all = &mut ctx.state.direct_connect;
    let tags = if all.gateways.contains_key(id) {
        all.gateways.get_mut(id).map(|it| &mut it.tags)
    } else if all.connections.contains_key(id) {
        all.connections.get_mut(id).map(|it| &mut it.tags)
    } else {
        all.virtual_interfaces.get_mut(id).map(|it| &mut it.tags)
    };
    tags.ok_or_else(|| missing("The resource", arn))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TagResource {
    resource_arn: String,
    tags: Vec<Tag>,
}

fn tag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let TagResource { resource_arn, tags: given } = json_input(input)?;
    let new = read(Some(given))?;
    let tags = of_mut(ctx, &resource_arn)?;
    tags.extend(new);
    check_count(tags)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct UntagResource {
    resource_arn: String,
    tag_keys: Vec<String>,
}

/// Keys that are not there are no error.
fn untag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let UntagResource { resource_arn, tag_keys } = json_input(input)?;
    of_mut(ctx, &resource_arn)?.retain(|key, _| !tag_keys.contains(key));
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DescribeTags {
    resource_arns: Vec<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let DescribeTags { resource_arns } = json_input(input)?;
    if resource_arns.is_empty() {
        return Err(refused("The list of resource ARNs must not be empty."));
    }
    let mut found = Vec::new();
    for arn in resource_arns {
        let tags = json(of(ctx, &arn)?);
        found.push(json!({ "resourceArn": arn, "tags": tags }));
    }
    Ok(json!({ "resourceTags": found }))
}

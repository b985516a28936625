//! Tags of endpoints, rules and query logging configurations: TagResource, UntagResource, ListTagsForResource.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{invalid_request, not_owner};
use super::page::Page;
use super::{autodefined, resolver, resolver_mut};
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("TagResource", tag),
    Operation::json_write("UntagResource", untag),
    Operation::json_read("ListTagsForResource", list),
];

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// DOC (TagList): at most 200 items. AWS does not say how many a resource may have.
const MOST: usize = 200;

/// One tag on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// A list of a request. The characters are those that all services take (aws-facts section 0).
pub(super) fn read(given: Option<Vec<Tag>>) -> Result<Tags> {
    let allowed = |c: char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    let mut tags = Tags::new();
    for Tag { key, value } in given.unwrap_or_default() {
        let long = key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256;
        if long || !key.chars().chain(value.chars()).all(allowed) || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!("The tag '{key}' is not valid.")));
        }
        if tags.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("The tag key '{key}' is given twice.")));
        }
    }
    check_count(&tags)?;
    Ok(tags)
}

fn invalid(message: String) -> AwsError {
    AwsError::new("InvalidTagException", message)
}

fn check_count(tags: &Tags) -> Result<()> {
    if tags.len() > MOST {
        let message = format!("A resource can have no more than {MOST} tags.");
        return Err(AwsError::new("LimitExceededException", message));
    }
    Ok(())
}

/// The tags of what an ARN names: `arn:aws:route53resolver:REGION:ACCOUNT:resolver-rule/ID` and its like.
///
/// DOC (developer guide, "Sharing forwarding rules"): "Only the account that created a rule can add, delete, or see
/// tags on the rule."
fn of<'a>(ctx: &'a Ctx<'_>, operation: &str, arn: &str) -> Result<&'a Tags> {
    if arn == autodefined::arn(ctx) {
        // Pulumi's aws-native provider has the message.
        return Err(invalid_request("[RSLVR-00903] Cannot tag Auto Defined Rule."));
    }
    let missing = || AwsError::new("ResourceNotFoundException", format!("The resource {arn} does not exist."));
    let Some(name) = arn.strip_prefix(&ctx.arn("route53resolver", "")) else {
        let is_ours = arn.starts_with("arn:aws:route53resolver:");
        return Err(if is_ours { not_owner(ctx, operation, arn) } else { missing() });
    };
    let all = resolver(ctx);
    let tags = match name.split_once('/') {
        Some(("resolver-endpoint", id)) => all.endpoints.get(id).map(|it| &it.tags),
        Some(("resolver-rule", id)) => all.rules.get(id).map(|it| &it.tags),
        Some(("resolver-query-log-config", id)) => all.query_logs.get(id).map(|it| &it.tags),
        _ => None,
    };
    tags.ok_or_else(missing)
}

/// Replaces the tags of what [`of`] has found.
fn keep(ctx: &mut Ctx<'_>, arn: &str, tags: Tags) {
    let all = resolver_mut(ctx);
    let there = match arn.rsplit(':').next().and_then(|name| name.split_once('/')) {
        Some(("resolver-endpoint", id)) => all.endpoints.get_mut(id).map(|it| &mut it.tags),
        Some(("resolver-rule", id)) => all.rules.get_mut(id).map(|it| &mut it.tags),
        Some((_, id)) => all.query_logs.get_mut(id).map(|it| &mut it.tags),
        None => None,
    };
    if let Some(there) = there {
        *there = tags;
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct TagResource {
    resource_arn: String,
    tags: Vec<Tag>,
}

fn tag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let TagResource { resource_arn: arn, tags: given } = json_input(input)?;
    let new = read(Some(given))?;
    let mut tags = of(ctx, "TagResource", &arn)?.clone();
    tags.extend(new);
    check_count(&tags)?;
    keep(ctx, &arn, tags);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct UntagResource {
    resource_arn: String,
    tag_keys: Vec<String>,
}

/// Keys that are not there are no error.
fn untag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let UntagResource { resource_arn: arn, tag_keys } = json_input(input)?;
    let mut tags = of(ctx, "UntagResource", &arn)?.clone();
    tags.retain(|key, _| !tag_keys.contains(key));
    keep(ctx, &arn, tags);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    resource_arn: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { resource_arn: arn, max_results, next_token } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref())?;
    let tags = of(ctx, "ListTagsForResource", &arn)?;
    let rows = tags.iter().map(|(key, value)| (key.clone(), json!({ "Key": key, "Value": value })));
    Ok(page.answer("Tags", rows.collect()))
}

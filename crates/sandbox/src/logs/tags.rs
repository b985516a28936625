//! Tags of log groups: TagResource, UntagResource, ListTagsForResource.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{invalid, logs, logs_mut, not_found};
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

/// DOC (CreateLogGroup, TagResource): at most 50 tags.
const MOST: usize = 50;

/// Tags as a request gives them: at least one, keys of 1 to 128 and values of up to 256 characters from
/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`.
pub(super) fn check_new(tags: &Tags) -> Result<()> {
    if tags.is_empty() || tags.len() > MOST {
        return Err(invalid(format!("1 validation error detected: 'tags' must have between 1 and {MOST} entries")));
    }
    let allowed = |c: char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    for (key, value) in tags {
        let long = key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256;
        if long || !key.chars().chain(value.chars()).all(allowed) {
            return Err(invalid(format!("1 validation error detected: the tag '{key}' failed to satisfy constraint")));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid("aws: prefixed tag key names are not allowed for external use."));
        }
    }
    Ok(())
}

/// The group that an ARN names: `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`, without `:*` (DOC: TagResource).
fn group_of(ctx: &Ctx<'_>, arn: &str) -> Result<String> {
    let shaped = arn.starts_with("arn:aws:logs:") && !arn.ends_with(":*");
    let name = arn.strip_prefix(&ctx.arn("logs", "log-group:")).filter(|_| shaped);
    match name {
        Some(name) if logs(ctx).groups.contains_key(name) => Ok(name.to_owned()),
        Some(_) => Err(not_found()),
        None => Err(invalid(format!("The specified resource ARN is not valid: {arn}"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Tag {
    resource_arn: String,
    tags: Tags,
}

fn tag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Tag { resource_arn, tags: new } = json_input(input)?;
    check_new(&new)?;
    let name = group_of(ctx, &resource_arn)?;
    let tags = &mut logs_mut(ctx).group_mut(&name)?.tags;
    tags.extend(new);
    if tags.len() > MOST {
        return Err(AwsError::new("TooManyTagsException", format!("A resource can have no more than {MOST} tags.")));
    }
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Untag {
    resource_arn: String,
    tag_keys: Vec<String>,
}

/// Keys that are not there are no error.
fn untag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Untag { resource_arn, tag_keys } = json_input(input)?;
    if tag_keys.len() > MOST {
        return Err(invalid(format!("1 validation error detected: 'tagKeys' must have between 0 and {MOST} entries")));
    }
    let name = group_of(ctx, &resource_arn)?;
    logs_mut(ctx).group_mut(&name)?.tags.retain(|key, _| !tag_keys.contains(key));
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    resource_arn: String,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { resource_arn } = json_input(input)?;
    let name = group_of(ctx, &resource_arn)?;
    let tags = logs(ctx).groups.get(&name).map(|group| &group.tags);
    Ok(json!({ "tags": tags }))
}

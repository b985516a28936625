//! Tags of shares.

use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::invalid;
use super::share;
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_write("TagResource", "POST", "/tagresource", tag),
    Operation::rest_write("UntagResource", "POST", "/untagresource", untag),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

/// The tags with the new ones. DOC (RAM model): keys of 1 to 128 characters, values of up to 256; "aws:" is AWS's own.
pub(super) fn checked(ctx: &Ctx<'_>, mut tags: Tags, new: Vec<Tag>) -> Result<Tags> {
    for Tag { key, value } in new {
        let length = key.chars().count();
        if !(1..=128).contains(&length) || value.chars().count() > 256 {
            return Err(invalid(format!("The tag '{key}' has a key or a value that is too short or too long.")));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!("The tag key '{key}' begins with aws:, which is reserved.")));
        }
        tags.insert(key, value);
    }
    if tags.len() > ctx.quotas.tags {
        return Err(AwsError::new("TagLimitExceededException", "The resource has too many tags."));
    }
    Ok(tags)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TagResource {
    resource_share_arn: String,
    tags: Vec<Tag>,
}

fn tag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let TagResource { resource_share_arn: arn, tags: new } = json_input(input)?;
    let mut share = share::active(ctx, &arn)?.clone();
    share.tags = checked(ctx, share.tags, new)?;
    share::keep(ctx, &arn, share);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct UntagResource {
    resource_share_arn: String,
    tag_keys: Vec<String>,
}

fn untag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let UntagResource { resource_share_arn: arn, tag_keys } = json_input(input)?;
    let mut share = share::active(ctx, &arn)?.clone();
    share.tags.retain(|key, _| !tag_keys.contains(key));
    share::keep(ctx, &arn, share);
    Ok(json!({}))
}

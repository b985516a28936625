//! Tags of certificate authorities: TagCertificateAuthority, UntagCertificateAuthority, ListTags.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::{change, own, reachable};
use super::errors::validation;
use super::page::Page;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("TagCertificateAuthority", tag),
    Operation::json_write("UntagCertificateAuthority", untag),
    Operation::json_read("ListTags", list),
];

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// DOC (TooManyTagsException): "up to 50 tags".
const MOST: usize = 50;

/// Every state in which an authority's tags can be seen and changed: all but DELETED (seen in practice, of ListTags).
pub(super) const NOT_DELETED: &[&str] = &["CREATING", "PENDING_CERTIFICATE", "ACTIVE", "DISABLED", "EXPIRED"];

/// One tag on the wire. DOC (Tag): the value may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: Option<String>,
}

/// The list of a request: 1 to 50 tags, of characters that all services take (aws-facts section 0).
pub(super) fn read(given: Vec<Tag>) -> Result<Tags> {
    check_length(&given)?;
    let mut tags = Tags::new();
    for Tag { key, value } in given {
        let value = value.unwrap_or_default();
        check(&key, &value)?;
        if tags.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("The tag key '{key}' is given twice.")));
        }
    }
    Ok(tags)
}

fn check_length(given: &[Tag]) -> Result<()> {
    if (1..=MOST).contains(&given.len()) {
        return Ok(());
    }
    Err(validation("tags", given.len(), "have length between 1 and 50"))
}

fn check(key: &str, value: &str) -> Result<()> {
    let allowed = |c: char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    let long = key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256;
    if long || !key.chars().chain(value.chars()).all(allowed) || key.to_ascii_lowercase().starts_with("aws:") {
        return Err(invalid(format!("The tag '{key}' is not valid.")));
    }
    Ok(())
}

fn invalid(message: String) -> AwsError {
    AwsError::new("InvalidTagException", message)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Change {
    certificate_authority_arn: String,
    tags: Vec<Tag>,
}

fn tag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Change { certificate_authority_arn: arn, tags: given } = json_input(input)?;
    let authority = own(ctx, "TagCertificateAuthority", &arn)?;
    authority.require(ctx.now, "TagCertificateAuthority", NOT_DELETED)?;
    let mut tags = authority.tags.clone();
    tags.extend(read(given)?);
    if tags.len() > MOST {
        let message = format!("A certificate authority can have no more than {MOST} tags.");
        return Err(AwsError::new("TooManyTagsException", message));
    }
    change(ctx, &arn)?.tags = tags;
    Ok(json!({}))
}

/// DOC: without a value the tag goes whatever its value is, and with one only if it has it.
fn untag(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Change { certificate_authority_arn: arn, tags: given } = json_input(input)?;
    let authority = own(ctx, "UntagCertificateAuthority", &arn)?;
    authority.require(ctx.now, "UntagCertificateAuthority", NOT_DELETED)?;
    check_length(&given)?;
    let mut tags = authority.tags.clone();
    for Tag { key, value } in &given {
        check(key, value.as_deref().unwrap_or_default())?;
        if value.is_none() || tags.get(key) == value.as_ref() {
            tags.remove(key);
        }
    }
    change(ctx, &arn)?.tags = tags;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    certificate_authority_arn: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { certificate_authority_arn: arn, max_results, next_token } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref(), MOST)?;
    let authority = reachable(ctx, "ListTags", &arn)?;
    authority.require(ctx.now, "ListTags", NOT_DELETED)?;
    let rows = authority.tags.iter().map(|(key, value)| (key.clone(), json!({ "Key": key, "Value": value })));
    Ok(page.answer("Tags", rows.collect()))
}

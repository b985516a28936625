//! Tags of buckets: PutBucketTagging, GetBucketTagging, DeleteBucketTagging.

use super::access::{bucket, bucket_mut};
use super::document;
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::{Node, RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketTagging", "PUT", "/{Bucket}?tagging", put),
    Operation::xml_read("GetBucketTagging", "GET", "/{Bucket}?tagging", get),
    Operation::xml_write("DeleteBucketTagging", "DELETE", "/{Bucket}?tagging", delete),
];

/// A list of `Tag` in an element of this name, at least so many. DOC (PutBucketTagging; S3 user guide, "Using cost
/// allocation S3 bucket tags"): keys of up to 128 and values of up to 256 characters, 50 of them.
pub(super) fn read(ctx: &Ctx<'_>, within: &Node<'_>, name: &str, least: usize) -> Result<Tags> {
    let mut tags = Tags::new();
    for tag in within.list(name, "Tag", least..=1000)?.unwrap_or_default() {
        let (key, value) = (tag.required("Key", 0..=1024)?, tag.required("Value", 0..=1024)?);
        if key.is_empty() || key.chars().count() > 128 || !key.chars().all(allowed) {
            return Err(invalid("The TagKey you have provided is invalid", key));
        }
        if value.chars().count() > 256 || !value.chars().all(allowed) {
            return Err(invalid("The TagValue you have provided is invalid", key));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid("System tags cannot be added/updated by requester", key));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid("Cannot provide multiple Tags with the same key", key));
        }
    }
    let most = ctx.quotas.tags;
    if tags.len() > most {
        return Err(AwsError::new("BadRequest", format!("Bucket tag count cannot be greater than {most}")));
    }
    Ok(tags)
}

/// DOC (S3 user guide, same page): letters, digits and spaces of any script, and a few marks.
fn allowed(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

fn invalid(message: &str, key: &str) -> AwsError {
    AwsError::new("InvalidTag", message).with_detail("TagKey", key)
}

/// All tags at once: those that are not given are gone.
fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let tags = read(ctx, &document(p, "Tagging")?, "TagSet", 0)?;
    bucket(ctx, p, "s3:PutBucketTagging")?;
    bucket_mut(ctx, p)?.tags = tags;
    Ok(RestAnswer::empty(204))
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:GetBucketTagging")?;
    if bucket.tags.is_empty() {
        let error = AwsError::new("NoSuchTagSet", "The TagSet does not exist").with_status(404);
        return Err(error.with_detail("BucketName", p.label("Bucket")));
    }
    let tags = bucket.tags.iter().map(|(key, value)| Xml::new().text("Key", key).text("Value", value));
    Ok(RestBody::Document("Tagging", Xml::new().list_of("TagSet", "Tag", tags)).into())
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    bucket(ctx, p, "s3:PutBucketTagging")?;
    bucket_mut(ctx, p)?.tags.clear();
    Ok(RestAnswer::empty(204))
}

//! GetObject and HeadObject.

use super::access::{denied, may, object};
use super::encryption::ALGORITHM;
use super::object::{Object, Version};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_read("GetObject", "GET", "/{Bucket}/{Key+}", get),
    Operation::xml_read("HeadObject", "HEAD", "/{Bucket}/{Key+}", head),
];

/// The version that a request asks for, and the headers that tell of it.
fn find<'a>(ctx: &'a Ctx<'_>, p: &RestParams<'_>) -> Result<(&'a Object, RestAnswer)> {
    let (name, key, id) = (p.label("Bucket"), p.label("Key"), p.query("versionId"));
    let action = if id.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
    let bucket = object(ctx, p, action, key)?;
    let versions = bucket.objects.get(key);
    let version: Option<&Version> = match id {
        None => versions.and_then(|all| all.first()),
        Some(id) => versions.and_then(|all| all.iter().find(|version| version.id == id)),
    };
    // DOC (GetObject, "Permissions"): who may not list the bucket is not told that an object is missing.
    let missing = || match (may(ctx, name, bucket, "s3:ListBucket", None), id) {
        (false, _) => denied(),
        (true, None) => {
            let error = AwsError::new("NoSuchKey", "The specified key does not exist.").with_status(404);
            error.with_detail("Key", key)
        }
        (true, Some(id)) => {
            let error = AwsError::new("NoSuchVersion", "The specified version does not exist.").with_status(404);
            error.with_detail("Key", key).with_detail("VersionId", id)
        }
    };
    let version = version.ok_or_else(missing)?;
    let object = match (&version.object, id) {
        (Some(object), _) => object,
        (None, None) => return Err(missing()),
        // DOC (S3 user guide, "Working with delete markers").
        (None, Some(_)) => {
            let message = "The specified method is not allowed against this resource.";
            return Err(AwsError::new("MethodNotAllowed", message).with_status(405));
        }
    };
    let mut answer = RestAnswer::empty(200)
        .with_header("accept-ranges", "bytes")
        .with_header("content-type", &object.content_type)
        .with_header("etag", &object.etag)
        .with_header("last-modified", version.at.to_http_date().unwrap_or_default())
        .with_header("x-amz-server-side-encryption", ALGORITHM);
    if bucket.versioning.is_some() {
        answer = answer.with_header("x-amz-version-id", &version.id);
    }
    match p.header("x-amz-checksum-mode") {
        None => {}
        Some("ENABLED") => {
            answer = answer
                .with_header(object.checksum.kind.header(), &object.checksum.value)
                .with_header("x-amz-checksum-type", "FULL_OBJECT");
        }
        Some(other) => {
            return Err(AwsError::new(
                "InvalidArgument",
                format!("x-amz-checksum-mode is '{other}', and must be ENABLED."),
            ));
        }
    }
    Ok((object, answer))
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (object, answer) = find(ctx, p)?;
    Ok(RestAnswer { body: RestBody::Plain(object.content.bytes().to_vec()), ..answer })
}

/// As GetObject without the content.
fn head(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (object, answer) = find(ctx, p)?;
    Ok(answer.with_header("content-length", object.content.bytes().len().to_string()))
}

//! PutObject, DeleteObject, DeleteObjects.

use super::access::{denied, may, missing, object};
use super::encryption::{self, ALGORITHM};
use super::object::{Changed, Object, check_key, delete, write};
use super::ownership::Ownership;
use super::{access, document};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutObject", "PUT", "/{Bucket}/{Key+}", put),
    Operation::xml_write("DeleteObject", "DELETE", "/{Bucket}/{Key+}", delete_one),
    Operation::xml_write("DeleteObjects", "POST", "/{Bucket}?delete", delete_many),
];

fn not_implemented(what: &str) -> AwsError {
    AwsError::new("NotImplemented", format!("{what} is not simulated.")).with_status(501)
}

fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (name, key) = (p.label("Bucket"), p.label("Key"));
    check_key(key)?;
    let bucket = object(ctx, p, "s3:PutObject", key)?;
    if let Some(acl) = p.header("x-amz-acl") {
        // DOC (S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket").
        match (bucket.ownership, acl) {
            (_, "bucket-owner-full-control") => {}
            (Some(Ownership::BucketOwnerEnforced), _) => {
                return Err(AwsError::new("AccessControlListNotSupported", "The bucket does not allow ACLs"));
            }
            _ => return Err(not_implemented("x-amz-acl")),
        }
    }
    if let Some(algorithm) = p.header("x-amz-server-side-encryption") {
        encryption::check_algorithm(algorithm)?;
    }
    if p.header("x-amz-storage-class").is_some_and(|class| class != "STANDARD") {
        return Err(not_implemented("A storage class other than STANDARD"));
    }
    // DOC (S3 user guide, "How to prevent object overwrites with conditional writes").
    match p.header("if-none-match") {
        Some("*") if bucket.current(key).is_some() => {
            let message = "At least one of the pre-conditions you specified did not hold";
            let error = AwsError::new("PreconditionFailed", message).with_status(412);
            return Err(error.with_detail("Condition", "If-None-Match"));
        }
        None | Some("*") => {}
        Some(_) => return Err(not_implemented("If-None-Match with an entity tag")),
    }
    let content_type = p.header("content-type").unwrap_or("binary/octet-stream");
    let object = Object::new(p.content(), content_type, p.checksum().cloned());
    let answer = RestAnswer::empty(200)
        .with_header("etag", &object.etag)
        .with_header("x-amz-server-side-encryption", ALGORITHM)
        .with_header(object.checksum.kind.header(), &object.checksum.value)
        .with_header("x-amz-checksum-type", "FULL_OBJECT");
    let written = write(ctx.state, name, key, object, ctx.now)?;
    Ok(with_version(answer, &written))
}

fn with_version(answer: RestAnswer, changed: &Changed) -> RestAnswer {
    match &changed.version {
        Some(id) => answer.with_header("x-amz-version-id", id),
        None => answer,
    }
}

fn delete_one(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (name, key, id) = (p.label("Bucket"), p.label("Key"), p.query("versionId"));
    object(ctx, p, action(id), key)?;
    let deleted = delete(ctx.state, name, key, id, ctx.now)?;
    let answer = with_version(RestAnswer::empty(204), &deleted);
    Ok(if deleted.is_marker { answer.with_header("x-amz-delete-marker", "true") } else { answer })
}

fn action(id: Option<&str>) -> &'static str {
    if id.is_some() { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" }
}

/// DOC (DeleteObjects): 1 to 1,000 keys, each answered for itself; with `Quiet`, only what has failed.
fn delete_many(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let request = document(p, "Delete")?;
    let quiet = request.boolean("Quiet")?.unwrap_or_default();
    let name = p.label("Bucket");
    let mut answers = Xml::new();
    // Whether the bucket is there at all; the permission is of each key.
    let bucket = ctx.state.s3.buckets.get(name).ok_or_else(|| missing(name))?.clone();
    access::check_place(ctx, p, &bucket)?;
    for item in request.repeated("Object", 1..=1000)? {
        let (key, id) = (item.required("Key", 1..=1024)?, item.optional("VersionId", 1..=1024)?);
        let said = Xml::new().text("Key", key).maybe("VersionId", id);
        if !may(ctx, name, &bucket, action(id), Some(key)) {
            let AwsError { code, message, .. } = denied();
            answers = answers.nest("Error", said.text("Code", code).text("Message", message));
            continue;
        }
        let deleted = delete(ctx.state, name, key, id, ctx.now)?;
        let marker = deleted.version.filter(|_| deleted.is_marker);
        let said = said.maybe("DeleteMarker", marker.is_some().then_some(true)).maybe("DeleteMarkerVersionId", marker);
        if !quiet {
            answers = answers.nest("Deleted", said);
        }
    }
    Ok(RestBody::Document("DeleteResult", answers).into())
}

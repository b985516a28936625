//! Block Public Access: PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock, and what is public.
//!
//! DOC (S3 user guide, "Blocking public access to your Amazon S3 storage").

use serde::{Deserialize, Serialize};

use super::access::{bucket, bucket_mut};
use super::document;
use crate::error::{AwsError, Result};
use crate::iam::ResourcePolicy;
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutPublicAccessBlock", "PUT", "/{Bucket}?publicAccessBlock", put),
    Operation::xml_read("GetPublicAccessBlock", "GET", "/{Bucket}?publicAccessBlock", get),
    Operation::xml_write("DeletePublicAccessBlock", "DELETE", "/{Bucket}?publicAccessBlock", delete),
];

/// What is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicAccess {
    pub block_public_acls: bool,
    pub ignore_public_acls: bool,
    pub block_public_policy: bool,
    pub restrict_public_buckets: bool,
}

impl PublicAccess {
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

/// DOC (same page, "The meaning of public", "Bucket policies"): the condition keys that keep a statement for everybody from
/// being public.
const FIXING: [&str; 12] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointarn",
];

/// Whether a policy is public.
pub(super) fn lets_anybody_in(policy: &ResourcePolicy) -> bool {
    policy.is_public(&FIXING)
}

/// DOC (PutPublicAccessBlock): what is not said is off.
fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = document(p, "PublicAccessBlockConfiguration")?;
    let setting = |name: &str| given.boolean(name).map(Option::unwrap_or_default);
    let access = PublicAccess {
        block_public_acls: setting("BlockPublicAcls")?,
        ignore_public_acls: setting("IgnorePublicAcls")?,
        block_public_policy: setting("BlockPublicPolicy")?,
        restrict_public_buckets: setting("RestrictPublicBuckets")?,
    };
    bucket(ctx, p, "s3:PutBucketPublicAccessBlock")?;
    bucket_mut(ctx, p)?.public_access = Some(access);
    Ok(RestAnswer::empty(200))
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:GetBucketPublicAccessBlock")?;
    let access = bucket.public_access.ok_or_else(|| {
        let message = "The public access block configuration was not found";
        let error = AwsError::new("NoSuchPublicAccessBlockConfiguration", message).with_status(404);
        error.with_detail("BucketName", p.label("Bucket"))
    })?;
    let xml = Xml::new()
        .value("BlockPublicAcls", access.block_public_acls)
        .value("IgnorePublicAcls", access.ignore_public_acls)
        .value("BlockPublicPolicy", access.block_public_policy)
        .value("RestrictPublicBuckets", access.restrict_public_buckets);
    Ok(RestBody::Document("PublicAccessBlockConfiguration", xml).into())
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    bucket(ctx, p, "s3:PutBucketPublicAccessBlock")?;
    bucket_mut(ctx, p)?.public_access = None;
    Ok(RestAnswer::empty(204))
}

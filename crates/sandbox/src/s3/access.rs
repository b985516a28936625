//! Which bucket a request is about, and whether the caller may do what it wants with it.
//!
//! DOC (S3 user guide, "How Amazon S3 authorizes a request"): callers of the owner's account need no policy of the bucket
//! beside their own, and are held by what it denies; all others need it to allow.

use super::{Bucket, public_access};
use crate::error::{AwsError, Result};
use crate::iam::{Asker, Context, Decision, ResourcePolicy};
use crate::protocol::RestParams;
use crate::service::Ctx;

/// The bucket of a request, if the caller may do this with it: `s3:GetBucketPolicy`.
pub(super) fn bucket<'a>(ctx: &'a Ctx<'_>, p: &RestParams<'_>, action: &str) -> Result<&'a Bucket> {
    at(ctx, p, action, None)
}

/// The bucket of a request, if the caller may do this with the object of this key: `s3:GetObject`.
pub(super) fn object<'a>(ctx: &'a Ctx<'_>, p: &RestParams<'_>, action: &str, key: &str) -> Result<&'a Bucket> {
    at(ctx, p, action, Some(key))
}

fn at<'a>(ctx: &'a Ctx<'_>, p: &RestParams<'_>, action: &str, key: Option<&str>) -> Result<&'a Bucket> {
    let name = p.label("Bucket");
    let bucket = ctx.state.s3.buckets.get(name).ok_or_else(|| missing(name))?;
    check_place(ctx, p, bucket)?;
    if !may(ctx, name, bucket, action, key) {
        return Err(denied());
    }
    Ok(bucket)
}

/// Refuses a request that takes the bucket for another: in another Region, or another account's.
pub(super) fn check_place(ctx: &Ctx<'_>, p: &RestParams<'_>, bucket: &Bucket) -> Result<()> {
    // DOC (S3 user guide, "Making requests using the REST API", "Request redirection and the REST API").
    if bucket.region != ctx.region {
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please \
                       send all future requests to this endpoint.";
        let endpoint = format!("s3.{}.amazonaws.com", bucket.region);
        let error = AwsError::new("PermanentRedirect", message).with_status(301);
        return Err(error
            .with_detail("Endpoint", endpoint)
            .with_detail("Bucket", p.label("Bucket"))
            .with_detail("Region", &bucket.region));
    }
    // DOC (S3 user guide, "Verifying bucket ownership with bucket owner condition").
    let expected = p.header("x-amz-expected-bucket-owner");
    if expected.is_some_and(|owner| owner != bucket.owner) {
        return Err(denied());
    }
    Ok(())
}

/// Whether the caller may do this with a bucket, or with the object of a key in it.
pub(super) fn may(ctx: &Ctx<'_>, name: &str, bucket: &Bucket, action: &str, key: Option<&str>) -> bool {
    let is_own = bucket.owner == ctx.caller.account;
    let Some(policy) = bucket.policy.as_deref().and_then(|text| ResourcePolicy::parse(text).ok()) else {
        return is_own;
    };
    // DOC (S3 user guide, "Blocking public access to your Amazon S3 storage", RestrictPublicBuckets).
    if !is_own && bucket.restricts_public() && public_access::lets_anybody_in(&policy) {
        return false;
    }
    let principal = ctx.caller.role_arn.as_deref().unwrap_or(&ctx.caller.arn);
    let context = Context::from(
        [
            ("aws:principalaccount", ctx.caller.account.as_str()),
            ("aws:principalarn", principal),
            ("aws:principalisawsservice", "false"),
            ("aws:requestedregion", ctx.region),
            ("aws:resourceaccount", &bucket.owner),
            // What real clients do; the sandbox is on loopback.
            ("aws:securetransport", "true"),
            ("aws:userid", &ctx.caller.user_id),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    match policy.decide(Asker::Caller(ctx.caller), action, &arn(name, key), &context) {
        Decision::Allowed => true,
        Decision::NotAllowed => is_own,
        Decision::Denied => false,
    }
}

/// `arn:aws:s3:::bucket/key`.
pub(super) fn arn(bucket: &str, key: Option<&str>) -> String {
    match key {
        Some(key) => format!("arn:aws:s3:::{bucket}/{key}"),
        None => format!("arn:aws:s3:::{bucket}"),
    }
}

/// The bucket of a request that has been looked at, to change it.
pub(super) fn bucket_mut<'a>(ctx: &'a mut Ctx<'_>, p: &RestParams<'_>) -> Result<&'a mut Bucket> {
    let name = p.label("Bucket");
    ctx.state.s3.buckets.get_mut(name).ok_or_else(|| missing(name))
}

pub(super) fn missing(name: &str) -> AwsError {
    let error = AwsError::new("NoSuchBucket", "The specified bucket does not exist").with_status(404);
    error.with_detail("BucketName", name)
}

pub(super) fn denied() -> AwsError {
    AwsError::new("AccessDenied", "Access Denied").with_status(403)
}

//! Policies of buckets: PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy.

use super::access::{arn, bucket, bucket_mut, denied};
use super::{Bucket, action, checked, public_access};
use crate::error::{AwsError, Result};
use crate::iam::ResourcePolicy;
use crate::protocol::{RestAnswer, RestBody, RestParams};
use crate::service::{Ctx, Operation};
use crate::wildcard;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketPolicy", "PUT", "/{Bucket}?policy", put),
    Operation::xml_read("GetBucketPolicy", "GET", "/{Bucket}?policy", get),
    Operation::xml_write("DeleteBucketPolicy", "DELETE", "/{Bucket}?policy", delete),
];

/// DOC (S3 user guide, "Bucket policies"): 20 KB.
const LONGEST: usize = 20 * 1024;

/// The bucket, for its owner. DOC (PutBucketPolicy): others are refused even where they have the permission.
fn own<'a>(ctx: &'a Ctx<'_>, p: &RestParams<'_>, action: &str) -> Result<&'a Bucket> {
    let bucket = bucket(ctx, p, action)?;
    if bucket.owner != ctx.caller.account {
        let message = "The specified method is not allowed against this resource.";
        return Err(AwsError::new("MethodNotAllowed", message).with_status(405));
    }
    Ok(bucket)
}

fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    checked(p)?;
    let text = std::str::from_utf8(p.content()).map_err(|_| malformed("Policies must be valid JSON"))?;
    let bucket = own(ctx, p, "s3:PutBucketPolicy")?;
    if text.len() > LONGEST {
        return Err(malformed("Policy exceeds the maximum allowed document size."));
    }
    let policy = ResourcePolicy::parse(text).map_err(|error| malformed(error.message))?;
    check(&policy, p.label("Bucket"))?;
    let principals = policy.check_principals(ctx.state, &bucket.owner, ctx.now);
    principals.map_err(|_| malformed("Invalid principal in policy"))?;
    // DOC (S3 user guide, "Blocking public access to your Amazon S3 storage", BlockPublicPolicy).
    let blocks = bucket.public_access.is_some_and(|access| access.block_public_policy);
    if blocks && public_access::lets_anybody_in(&policy) {
        return Err(denied());
    }
    bucket_mut(ctx, p)?.policy = Some(text.to_owned());
    Ok(RestAnswer::empty(204))
}

/// What S3 asks of a policy besides the grammar: actions are its own, resources are the bucket and its objects, and each
/// statement's actions can be done to one of its resources (S3 user guide, "Policies and permissions in Amazon S3").
fn check(policy: &ResourcePolicy, name: &str) -> Result<()> {
    let (bucket, objects) = (arn(name, None), arn(name, Some("")));
    for scope in policy.scopes() {
        let of_bucket = |pattern: &String| pattern == "*" || wildcard::matches(pattern, &bucket, None);
        let of_objects = |pattern: &String| {
            pattern == "*" || pattern.starts_with(&objects) || wildcard::matches(pattern, &format!("{objects}x"), None)
        };
        if !scope.resources.iter().all(|pattern| of_bucket(pattern) || of_objects(pattern)) {
            return Err(malformed("Policy has invalid resource"));
        }
        for pattern in scope.actions {
            let lower = pattern.to_ascii_lowercase();
            let named = |action: &str| wildcard::matches(&lower, &action.to_ascii_lowercase(), None);
            let mut kinds =
                action::known().filter(|(action, _)| named(action)).map(|(_, on_object)| on_object).peekable();
            if kinds.peek().is_none() {
                return Err(malformed("Policy has invalid action"));
            }
            let applies = |on_object: bool| match on_object {
                true => scope.resources.iter().any(of_objects),
                false => scope.resources.iter().any(of_bucket),
            };
            if scope.is_plain && !kinds.any(applies) {
                return Err(malformed("Action does not apply to any resource(s) in statement"));
            }
        }
    }
    Ok(())
}

fn malformed(message: impl Into<String>) -> AwsError {
    AwsError::new("MalformedPolicy", message)
}

/// As it was given.
fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let policy = own(ctx, p, "s3:GetBucketPolicy")?.policy.as_ref().ok_or_else(|| {
        let error = AwsError::new("NoSuchBucketPolicy", "The bucket policy does not exist").with_status(404);
        error.with_detail("BucketName", p.label("Bucket"))
    })?;
    let answer = RestAnswer::from(RestBody::Plain(policy.clone().into()));
    Ok(answer.with_header("content-type", "application/json"))
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    own(ctx, p, "s3:DeleteBucketPolicy")?;
    bucket_mut(ctx, p)?.policy = None;
    Ok(RestAnswer::empty(204))
}

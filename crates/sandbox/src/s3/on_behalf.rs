//! What AWS services do with buckets in their own name, for a resource of somebody's: Private CA writes revocation lists
//! and audit reports. The bucket's policy must let them, whoever owns it (IAM user guide, "AWS service principals",
//! "The confused deputy problem").

use super::access::arn;
use super::object::{Object, check_key, write};
use super::ownership::Ownership;
use crate::clock::Moment;
use crate::iam::{Asker, Context, Decision, ResourcePolicy};
use crate::store::State;

/// A service and for what it acts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// `acm-pca.amazonaws.com`.
    pub service: &'a str,
    /// `aws:SourceAccount`: whose the resource is.
    pub account: &'a str,
    /// `aws:SourceArn`: the resource itself.
    pub arn: &'a str,
}

/// Why a service cannot do something with a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDone {
    /// No bucket has this name.
    NoSuchBucket,
    /// Its policy does not allow it, or denies it.
    Denied,
    /// The object should be readable for everybody, and the bucket does not allow that: public access is blocked, or access
    /// control lists are off.
    NotPublic,
    /// A key that no object can have.
    BadKey,
}

/// An object that a service writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewObject<'a> {
    pub key: &'a str,
    pub content: &'a [u8],
    /// `application/pkix-crl`.
    pub content_type: &'a str,
    /// With the access control list `public-read` and not `bucket-owner-full-control`.
    pub is_public: bool,
}

/// Whether a service may do all of these, `["s3:GetBucketAcl"]`, with the bucket; with a key, what is done to objects is
/// done to that one. The bucket may be of any account and in any Region.
///
/// # Errors
///
/// [`NotDone::NoSuchBucket`] and [`NotDone::Denied`].
pub(crate) fn may(
    state: &State,
    source: Source<'_>,
    bucket: &str,
    key: Option<&str>,
    actions: &[&str],
) -> Result<(), NotDone> {
    let found = state.s3.buckets.get(bucket).ok_or(NotDone::NoSuchBucket)?;
    let policy = found.policy.as_deref().and_then(|text| ResourcePolicy::parse(text).ok()).ok_or(NotDone::Denied)?;
    let context = Context::from(
        [
            ("aws:principalisawsservice", "true"),
            ("aws:principalservicename", source.service),
            ("aws:resourceaccount", &found.owner),
            ("aws:securetransport", "true"),
            ("aws:sourceaccount", source.account),
            ("aws:sourcearn", source.arn),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let known: Vec<(String, bool)> = super::action::known().collect();
    let all = actions.iter().all(|action| {
        let of_object = known.iter().any(|(name, of_object)| name == action && *of_object);
        let arn = arn(bucket, key.filter(|_| of_object));
        policy.decide(Asker::Service(source.service), action, &arn, &context) == Decision::Allowed
    });
    // DOC (S3 user guide, "Blocking public access to your Amazon S3 storage", RestrictPublicBuckets): services are let in.
    if all { Ok(()) } else { Err(NotDone::Denied) }
}

/// Writes an object in a service's name. It belongs to the bucket's owner, as does all that is in it.
///
/// # Errors
///
/// See [`NotDone`]; nothing has changed then.
pub(crate) fn put(
    state: &mut State,
    now: Moment,
    source: Source<'_>,
    bucket: &str,
    object: NewObject<'_>,
) -> Result<(), NotDone> {
    let NewObject { key, content, content_type, is_public } = object;
    may(state, source, bucket, Some(key), &["s3:PutObject"])?;
    let found = state.s3.buckets.get(bucket).ok_or(NotDone::NoSuchBucket)?;
    let blocked = found.public_access.is_some_and(|access| access.block_public_acls);
    if is_public && (blocked || found.ownership == Some(Ownership::BucketOwnerEnforced)) {
        return Err(NotDone::NotPublic);
    }
    check_key(key).map_err(|_| NotDone::BadKey)?;
    let object = Object::new(content, content_type, None);
    write(state, bucket, key, object, now).map(drop).map_err(|_| NotDone::NoSuchBucket)
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::Bucket;

    const OWNER: &str = "111122223333";
    const CA: Source<'_> = Source {
        service: "acm-pca.amazonaws.com",
        account: OWNER,
        arn: "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/a",
    };
    const CRL: NewObject<'_> =
        NewObject { key: "crl/a.crl", content: b"\x30\x00", content_type: "application/pkix-crl", is_public: false };

    fn with_bucket() -> State {
        let mut state = State::default();
        let mut bucket = Bucket::new(OWNER, "ap-northeast-1", Moment::from_millis(0));
        // As the guide has it (Private CA user guide, "Set up a CRL").
        bucket.policy = Some(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"acm-pca.amazonaws.com"},
            "Action":["s3:PutObject","s3:PutObjectAcl","s3:GetBucketAcl","s3:GetBucketLocation"],
            "Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b"],"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},
            "ArnLike":{"aws:SourceArn":"arn:aws:acm-pca:*:111122223333:certificate-authority/*"}}}]}"#
                .to_owned(),
        );
        state.s3.buckets.insert("b".to_owned(), bucket);
        state
    }

    #[test]
    fn a_service_does_what_the_policy_lets_it() {
        let mut state = with_bucket();
        let now = Moment::from_millis(1);
        let all = ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetBucketLocation"];
        assert_eq!(may(&state, CA, "b", Some("crl/a.crl"), &all), Ok(()));
        let put = |state: &mut State, source, bucket, object| super::put(state, now, source, bucket, object);
        assert_eq!(put(&mut state, CA, "b", CRL), Ok(()));
        let (_, object) = state.s3.buckets["b"].current("crl/a.crl").unwrap();
        assert_eq!((object.content.bytes(), object.content_type.as_str()), (CRL.content, CRL.content_type));

        let long = "k".repeat(1025);
        for (source, bucket, object, expected) in [
            (CA, "none", CRL, NotDone::NoSuchBucket),
            (Source { account: "444455556666", ..CA }, "b", CRL, NotDone::Denied),
            (Source { arn: "arn:aws:acm-pca:x:444455556666:certificate-authority/a", ..CA }, "b", CRL, NotDone::Denied),
            (Source { service: "logs.amazonaws.com", ..CA }, "b", CRL, NotDone::Denied),
            (CA, "b", NewObject { is_public: true, ..CRL }, NotDone::NotPublic),
            (CA, "b", NewObject { key: &long, ..CRL }, NotDone::BadKey),
        ] {
            assert_eq!(
                put(&mut state, source, bucket, object),
                Err(expected),
                "{source:?} {bucket} {}",
                object.is_public
            );
        }
        assert_eq!(may(&state, CA, "b", None, &["s3:DeleteBucket"]), Err(NotDone::Denied));
        state.s3.buckets.get_mut("b").unwrap().policy = None;
        assert_eq!(may(&state, CA, "b", None, &["s3:GetBucketAcl"]), Err(NotDone::Denied));
    }
}

//! What Private CA writes into buckets, which need a policy that lets it.

use super::authority::{id_of, owner_of};
use super::errors::{invalid_args, not_found, refused};
use super::revocation::Crl;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::s3::{self, NewObject, NotDone, Source};
use crate::service::Ctx;
use crate::store::State;

/// What is written to find out whether it can be. Seen in buckets in practice.
pub(crate) const PROBE: &str = "acm-pca-permission-test-key";

/// DOC (user guide, "Access policies for CRLs in Amazon S3").
const FOR_LISTS: &[&str] = &["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetBucketLocation"];

fn source(arn: &str) -> Source<'_> {
    Source { service: "acm-pca.amazonaws.com", account: owner_of(arn), arn }
}

/// Whether the lists of an authority can go where its configuration says.
pub(super) fn check_crl(ctx: &mut Ctx<'_>, arn: &str, crl: &Crl) -> Result<()> {
    let Some(bucket) = crl.bucket.as_deref().filter(|_| crl.enabled) else {
        return Ok(());
    };
    let key = Crl::object_key(id_of(arn));
    let probe = NewObject { key: PROBE, content: b"", content_type: "text/plain", is_public: crl.is_public() };
    let done = s3::may(ctx.state, source(arn), bucket, Some(&key), FOR_LISTS)
        .and_then(|()| s3::put(ctx.state, ctx.now, source(arn), bucket, probe));
    // Aws-facts section 2.3 "Revocation config".
    done.map_err(|why| refused(format!("{} Check your S3 bucket permissions.", said(why, bucket))))
}

/// Puts a list where it belongs. DOC (RevokeCertificate): what was revoked is revoked even if the list cannot be written;
/// AWS tries again, the sandbox with the next list.
pub(super) fn put_crl(state: &mut State, now: Moment, arn: &str, crl: &Crl, list: &[u8]) {
    let Some(bucket) = crl.bucket.as_deref().filter(|_| crl.enabled) else {
        return;
    };
    let key = Crl::object_key(id_of(arn));
    let object =
        NewObject { key: &key, content: list, content_type: "application/pkix-crl", is_public: crl.is_public() };
    if let Err(why) = s3::put(state, now, source(arn), bucket, object) {
        tracing::debug!(?why, bucket, "a list of revoked certificates was not written");
    }
}

/// DOC (user guide, "Prepare an Amazon S3 bucket for audit reports"). Unverified: the codes.
pub(super) fn put_report(
    ctx: &mut Ctx<'_>,
    arn: &str,
    bucket: &str,
    key: &str,
    report: &str,
    kind: &str,
) -> Result<()> {
    s3::may(ctx.state, source(arn), bucket, Some(key), FOR_LISTS)
        .and_then(|()| {
            let object = NewObject { key, content: report.as_bytes(), content_type: kind, is_public: false };
            s3::put(ctx.state, ctx.now, source(arn), bucket, object)
        })
        .map_err(|why| match why {
            NotDone::NoSuchBucket => not_found("bucket", bucket),
            why => denied(why, bucket),
        })
}

fn denied(why: NotDone, bucket: &str) -> AwsError {
    invalid_args(format!("{} Check your S3 bucket permissions.", said(why, bucket)))
}

fn said(why: NotDone, bucket: &str) -> String {
    match why {
        NotDone::NoSuchBucket => format!("The bucket {bucket} does not exist."),
        NotDone::Denied => format!("The policy of the bucket {bucket} does not let acm-pca.amazonaws.com write to it."),
        NotDone::NotPublic => format!("The bucket {bucket} blocks objects that everybody can read."),
        NotDone::BadKey => format!("The bucket {bucket} can have no such key."),
    }
}

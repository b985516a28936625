//! Default encryption: PutBucketEncryption, GetBucketEncryption, DeleteBucketEncryption.

use serde::{Deserialize, Serialize};

use super::access::{bucket, bucket_mut};
use super::document;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketEncryption", "PUT", "/{Bucket}?encryption", put),
    Operation::xml_read("GetBucketEncryption", "GET", "/{Bucket}?encryption", get),
    Operation::xml_write("DeleteBucketEncryption", "DELETE", "/{Bucket}?encryption", delete),
];

/// Keys of S3, `AES256`. There is no KMS in the sandbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encryption {
    pub bucket_key: bool,
}

/// The only algorithm.
pub(super) const ALGORITHM: &str = "AES256";

/// Refuses what is not that.
pub(super) fn check_algorithm(given: &str) -> Result<()> {
    match given {
        ALGORITHM => Ok(()),
        "aws:kms" | "aws:kms:dsse" | "aws:fsx" | "aws:backup" => {
            let message = format!("{given} is not simulated: the sandbox has no keys of KMS.");
            Err(AwsError::new("NotImplemented", message).with_status(501))
        }
        _ => {
            let error =
                AwsError::new("InvalidEncryptionAlgorithmError", "The encryption request you specified is not valid.");
            Err(error.with_detail("ArgumentValue", given))
        }
    }
}

/// DOC (PutBucketEncryption): one rule.
fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = document(p, "ServerSideEncryptionConfiguration")?;
    let mut encryption = Encryption::default();
    for rule in given.repeated("Rule", 1..=1)? {
        let default = rule.required_child("ApplyServerSideEncryptionByDefault")?;
        check_algorithm(default.required("SSEAlgorithm", 1..=32)?)?;
        encryption.bucket_key = rule.boolean("BucketKeyEnabled")?.unwrap_or_default();
    }
    bucket(ctx, p, "s3:PutEncryptionConfiguration")?;
    bucket_mut(ctx, p)?.encryption = encryption;
    Ok(RestAnswer::empty(200))
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:GetEncryptionConfiguration")?;
    let rule = Xml::new()
        .nest("ApplyServerSideEncryptionByDefault", Xml::new().text("SSEAlgorithm", ALGORITHM))
        .value("BucketKeyEnabled", bucket.encryption.bucket_key);
    Ok(RestBody::Document("ServerSideEncryptionConfiguration", Xml::new().nest("Rule", rule)).into())
}

/// DOC (DeleteBucketEncryption): "resets the default encryption for the bucket as server-side encryption with Amazon S3
/// managed keys".
fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    bucket(ctx, p, "s3:PutEncryptionConfiguration")?;
    bucket_mut(ctx, p)?.encryption = Encryption::default();
    Ok(RestAnswer::empty(204))
}

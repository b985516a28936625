//! PutBucketVersioning and GetBucketVersioning.

use serde::{Deserialize, Serialize};

use super::access::{bucket, bucket_mut};
use super::document;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketVersioning", "PUT", "/{Bucket}?versioning", put),
    Operation::xml_read("GetBucketVersioning", "GET", "/{Bucket}?versioning", get),
];

/// DOC (S3 user guide, "How S3 Versioning works"): once a bucket has versions, it never has none again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Versioning {
    Enabled,
    Suspended,
}

impl Versioning {
    fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Suspended => "Suspended",
        }
    }
}

fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = document(p, "VersioningConfiguration")?;
    let status = given.optional("Status", 1..=16)?;
    let all = [Versioning::Enabled, Versioning::Suspended];
    let known = all.into_iter().find(|one| status == Some(one.name()));
    let versioning = known.ok_or_else(|| {
        let message = "The Versioning element must be specified";
        AwsError::new("IllegalVersioningConfigurationException", message)
    })?;
    bucket(ctx, p, "s3:PutBucketVersioning")?;
    bucket_mut(ctx, p)?.versioning = Some(versioning);
    Ok(RestAnswer::empty(200))
}

/// Empty for a bucket that has never had versions.
fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let versioning = bucket(ctx, p, "s3:GetBucketVersioning")?.versioning;
    let xml = Xml::new().maybe("Status", versioning.map(Versioning::name));
    Ok(RestBody::Document("VersioningConfiguration", xml).into())
}

//! Who owns objects: PutBucketOwnershipControls, GetBucketOwnershipControls, DeleteBucketOwnershipControls.

use serde::{Deserialize, Serialize};

use super::access::{bucket, bucket_mut};
use super::document;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketOwnershipControls", "PUT", "/{Bucket}?ownershipControls", put),
    Operation::xml_read("GetBucketOwnershipControls", "GET", "/{Bucket}?ownershipControls", get),
    Operation::xml_write("DeleteBucketOwnershipControls", "DELETE", "/{Bucket}?ownershipControls", delete),
];

/// DOC (S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ownership {
    /// Access control lists are off.
    BucketOwnerEnforced,
    BucketOwnerPreferred,
    ObjectWriter,
}

impl Ownership {
    const ALL: [Self; 3] = [Self::BucketOwnerEnforced, Self::BucketOwnerPreferred, Self::ObjectWriter];

    fn name(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ownership| ownership.name() == text)
    }
}

/// The error for a header that says something else.
pub(super) fn unknown(given: &str) -> AwsError {
    let error = AwsError::new("InvalidArgument", "Invalid x-amz-object-ownership header");
    error.with_detail("ArgumentName", "x-amz-object-ownership").with_detail("ArgumentValue", given)
}

fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = document(p, "OwnershipControls")?;
    let mut ownership = None;
    for rule in given.repeated("Rule", 1..=1)? {
        let text = rule.required("ObjectOwnership", 1..=32)?;
        ownership = Some(Ownership::parse(text).ok_or_else(|| rule.invalid(format!("{text} is not known.")))?);
    }
    bucket(ctx, p, "s3:PutBucketOwnershipControls")?;
    bucket_mut(ctx, p)?.ownership = ownership;
    Ok(RestAnswer::empty(200))
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let ownership = bucket(ctx, p, "s3:GetBucketOwnershipControls")?.ownership.ok_or_else(|| {
        let message = "The bucket ownership controls were not found";
        let error = AwsError::new("OwnershipControlsNotFoundError", message).with_status(404);
        error.with_detail("BucketName", p.label("Bucket"))
    })?;
    let rule = Xml::new().text("ObjectOwnership", ownership.name());
    Ok(RestBody::Document("OwnershipControls", Xml::new().nest("Rule", rule)).into())
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    bucket(ctx, p, "s3:PutBucketOwnershipControls")?;
    bucket_mut(ctx, p)?.ownership = None;
    Ok(RestAnswer::empty(204))
}

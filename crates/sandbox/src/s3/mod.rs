//! S3: buckets, what is set on them, and objects, as far as Private CA needs them for revocation lists and audit reports.
//! REST-XML with path-style addresses. Rules: the API reference (version 2006-03-01) where it is cited as DOC.
//!
//! Names of buckets are one namespace for all accounts and Regions, so all buckets are in one place and name their owner.
//! No access control lists, multipart uploads, object lock, replication, websites and keys of KMS.

mod access;
mod action;
mod bucket;
mod bucket_list;
mod content;
mod encryption;
mod lifecycle;
mod name;
mod object;
mod object_list;
mod object_read;
mod object_write;
mod on_behalf;
mod ownership;
mod policy;
mod public_access;
mod tags;
mod version_list;
mod versioning;

use serde::{Deserialize, Serialize};

use crate::error::{AwsError, Result};
use crate::inspect::Resource;
use crate::protocol::{Node, Protocol, RestParams, RestRequest};
use crate::service::{Scope, Service};
use crate::store::{State, Table};

pub(crate) use action::actions;
pub(crate) use bucket::Bucket;
pub(crate) use on_behalf::{NewObject, NotDone, Source, may, put};

pub(crate) static SERVICE: Service = Service {
    name: "s3",
    protocol: Protocol::S3,
    scope: Scope::Regional,
    operations: &[
        bucket::OPERATIONS,
        bucket_list::OPERATIONS,
        policy::OPERATIONS,
        public_access::OPERATIONS,
        ownership::OPERATIONS,
        encryption::OPERATIONS,
        versioning::OPERATIONS,
        lifecycle::OPERATIONS,
        tags::OPERATIONS,
        object_write::OPERATIONS,
        object_read::OPERATIONS,
        object_list::OPERATIONS,
        version_list::OPERATIONS,
    ],
};

/// What S3 remembers of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct S3 {
    /// By name.
    pub buckets: Table<Bucket>,
}

/// The document of a request that sets something.
fn document<'a>(p: &'a RestParams<'_>, root: &str) -> Result<Node<'a>> {
    checked(p)?;
    p.document(root)
}

/// DOC (PutBucketPolicy and the others, "Content-MD5", "x-amz-sdk-checksum-algorithm"): a body that sets something comes
/// with a digest or a checksum.
fn checked(p: &RestParams<'_>) -> Result<()> {
    if p.is_checked() {
        return Ok(());
    }
    let message = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*";
    Err(AwsError::new("InvalidRequest", message))
}

/// What a request is about: `arn:aws:s3:::bucket/key`.
pub(crate) fn arn(request: &RestRequest) -> String {
    match (request.label("Bucket"), request.label("Key")) {
        (Some(bucket), Some(key)) => arn_of(bucket, key),
        (Some(bucket), None) => format!("arn:aws:s3:::{bucket}"),
        (None, _) => "arn:aws:s3:::*".to_owned(),
    }
}

/// Of an object.
pub(crate) fn arn_of(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// The buckets that an account owns, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let own = state.s3.buckets.iter().filter(|(_, bucket)| bucket.owner == account);
    own.map(|(name, bucket)| Resource {
        region: bucket.region.clone(),
        kind: "bucket".to_owned(),
        id: name.clone(),
        tags: bucket.tags.clone(),
    })
    .collect()
}

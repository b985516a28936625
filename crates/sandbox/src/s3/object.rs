//! Objects and their versions: what a write and a deletion leave.
//!
//! DOC (S3 user guide, "How S3 Versioning works", "Working with objects in a versioning-suspended bucket").

use serde::{Deserialize, Serialize};

use super::Bucket;
use super::content::Content;
use super::versioning::Versioning;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::{Checksum, ChecksumKind, hex, md5};
use crate::store::State;

/// The id of a version that was made while there were none.
pub(super) const NULL: &str = "null";

/// One version of an object, or the mark that it was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Version {
    pub id: String,
    pub at: Moment,
    /// None: it was deleted.
    pub object: Option<Object>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    pub content: Content,
    pub content_type: String,
    pub checksum: Checksum,
    /// With its quotes.
    pub etag: String,
}

impl Object {
    /// DOC (S3 API reference, `Object`): of an object that is encrypted with keys of S3 the ETag is the MD5 digest. S3
    /// computes a checksum where the client has sent none (S3 user guide, "Checking object integrity in Amazon S3").
    pub fn new(bytes: &[u8], content_type: &str, checksum: Option<Checksum>) -> Self {
        Self {
            content: Content::new(bytes),
            content_type: content_type.to_owned(),
            checksum: checksum.unwrap_or_else(|| ChecksumKind::Crc64Nvme.of(bytes)),
            etag: format!("\"{}\"", hex(&md5(bytes))),
        }
    }
}

/// What a change has made or removed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// Its id; None in a bucket without versions.
    pub version: Option<String>,
    /// Whether it is a mark that the object was deleted.
    pub is_marker: bool,
}

impl Bucket {
    /// The version that an object has now; None where it has none or was deleted.
    pub(super) fn current(&self, key: &str) -> Option<(&Version, &Object)> {
        let version = self.objects.get(key)?.first()?;
        Some((version, version.object.as_ref()?))
    }

    fn add(&mut self, key: &str, version: Version) {
        let versions = self.objects.entry(key.to_owned()).or_default();
        if version.id == NULL {
            versions.retain(|other| other.id != NULL);
        }
        versions.insert(0, version);
    }
}

/// Writes an object into a bucket that exists.
pub(super) fn write(state: &mut State, bucket: &str, key: &str, object: Object, now: Moment) -> Result<Changed> {
    add(state, bucket, key, Some(object), now)
}

/// Deletes an object, or one version of it. What is not there is deleted already.
pub(super) fn delete(state: &mut State, name: &str, key: &str, id: Option<&str>, now: Moment) -> Result<Changed> {
    let bucket = state.s3.buckets.get(name).ok_or_else(|| super::access::missing(name))?;
    if id.is_none() && bucket.versioning.is_some() {
        return add(state, name, key, None, now);
    }
    let nothing = Changed { version: id.map(str::to_owned), is_marker: false };
    let wanted = id.unwrap_or(NULL);
    let found = bucket.objects.get(key).and_then(|all| all.iter().find(|version| version.id == wanted));
    let Some(is_marker) = found.map(|version| version.object.is_none()) else {
        return Ok(nothing);
    };
    if let Some(bucket) = state.s3.buckets.get_mut(name)
        && let Some(versions) = bucket.objects.get_mut(key)
    {
        versions.retain(|version| version.id != wanted);
        if versions.is_empty() {
            bucket.objects.remove(key);
        }
    }
    Ok(Changed { is_marker, ..nothing })
}

fn add(state: &mut State, name: &str, key: &str, object: Option<Object>, now: Moment) -> Result<Changed> {
    let missing = || super::access::missing(name);
    let versioning = state.s3.buckets.get(name).ok_or_else(missing)?.versioning;
    let id = match versioning {
        Some(Versioning::Enabled) => state.mint_base32("version", 32),
        Some(Versioning::Suspended) | None => NULL.to_owned(),
    };
    let is_marker = object.is_none();
    let bucket = state.s3.buckets.get_mut(name).ok_or_else(missing)?;
    bucket.add(key, Version { id: id.clone(), at: now, object });
    Ok(Changed { version: versioning.map(|_| id), is_marker })
}

/// DOC (S3 user guide, "Naming Amazon S3 objects"): up to 1,024 bytes.
pub(super) fn check_key(key: &str) -> Result<()> {
    if key.len() <= 1024 {
        return Ok(());
    }
    let error = AwsError::new("KeyTooLongError", "Your key is too long");
    Err(error.with_detail("Size", key.len().to_string()).with_detail("MaxSizeAllowed", "1024"))
}

//! ListObjectVersions.

use super::access::bucket;
use super::bucket_list::owner;
use super::object::Version;
use super::object_list::{Encoding, entry, page};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::xml_read("ListObjectVersions", "GET", "/{Bucket}?versions", list)];

/// By key, of each key the newest first. Markers are of the last row of the page before.
fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (size, encoding) = (page(p)?, Encoding::read(p)?);
    let prefix = p.query("prefix").unwrap_or_default();
    let (marker, version_marker) = (p.query("key-marker"), p.query("version-id-marker"));
    if version_marker.is_some() && marker.is_none() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(AwsError::new("InvalidArgument", message));
    }
    let bucket = bucket(ctx, p, "s3:ListBucketVersions")?;
    let mut rows: Vec<(&str, &Version, bool)> = Vec::new();
    for (key, versions) in bucket.objects.iter().filter(|(key, _)| key.starts_with(prefix)) {
        let after = match (marker, version_marker) {
            (Some(marker), Some(id)) if key == marker => {
                versions.iter().position(|version| version.id == id).map_or(0, |at| at + 1)
            }
            (Some(marker), _) if key.as_str() <= marker => continue,
            _ => 0,
        };
        let numbered = versions.iter().enumerate().skip(after);
        rows.extend(numbered.map(|(n, version)| (key.as_str(), version, n == 0)));
    }
    let is_truncated = size > 0 && rows.len() > size;
    rows.truncate(size);
    let last = rows.last().copied().filter(|_| is_truncated);
    let mut xml = Xml::new()
        .text("Name", p.label("Bucket"))
        .text("Prefix", encoding.write(prefix))
        .text("KeyMarker", encoding.write(marker.unwrap_or_default()))
        .text("VersionIdMarker", version_marker.unwrap_or_default())
        .maybe("NextKeyMarker", last.map(|(key, ..)| encoding.write(key)))
        .maybe("NextVersionIdMarker", last.map(|(_, version, _)| &version.id))
        .value("MaxKeys", size)
        .maybe("EncodingType", encoding.name())
        .value("IsTruncated", is_truncated);
    for (key, version, is_latest) in rows {
        let row = Xml::new()
            .text("Key", encoding.write(key))
            .text("VersionId", &version.id)
            .value("IsLatest", is_latest)
            .nest("Owner", owner(&bucket.owner));
        xml = match &version.object {
            Some(object) => xml.nest("Version", row.merge(entry(version, object))),
            None => xml.nest("DeleteMarker", row.value("LastModified", version.at)),
        };
    }
    Ok(RestBody::Document("ListVersionsResult", xml).into())
}

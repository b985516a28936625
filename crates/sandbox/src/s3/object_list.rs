//! ListObjectsV2.

use std::ops::RangeInclusive;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::access::bucket;
use super::bucket_list::owner;
use super::object::{Object, Version};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};
use crate::token;

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::xml_read("ListObjectsV2", "GET", "/{Bucket}?list-type=2", list)];

/// DOC (ListObjectsV2, ListObjectVersions): "up to 1,000".
const PAGE: usize = 1000;

/// A number in a query string.
pub(super) fn number(name: &str, given: &str, range: RangeInclusive<usize>) -> Result<usize> {
    let number = given.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let error = AwsError::new("InvalidArgument", format!("Provided {name} not an integer or within integer range"));
        error.with_detail("ArgumentName", name).with_detail("ArgumentValue", given)
    })
}

/// How many rows a page has.
pub(super) fn page(p: &RestParams<'_>) -> Result<usize> {
    let given = p.query("max-keys").map(|given| number("max-keys", given, 0..=2_147_483_647)).transpose()?;
    Ok(given.unwrap_or(PAGE).min(PAGE))
}

/// How keys are written: in XML not every key can be.
#[derive(Clone, Copy)]
pub(super) struct Encoding(bool);

impl Encoding {
    pub fn read(p: &RestParams<'_>) -> Result<Self> {
        match p.query("encoding-type") {
            None => Ok(Self(false)),
            Some("url") => Ok(Self(true)),
            Some(_) => Err(AwsError::new("InvalidArgument", "Invalid Encoding Method specified in Request")),
        }
    }

    pub fn write(self, text: &str) -> String {
        const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'*');
        if self.0 { utf8_percent_encode(text, PLAIN).to_string() } else { text.to_owned() }
    }

    /// Said in the answer.
    pub fn name(self) -> Option<&'static str> {
        self.0.then_some("url")
    }
}

/// What an object is in a list.
pub(super) fn entry(version: &Version, object: &Object) -> Xml {
    Xml::new()
        .value("LastModified", version.at)
        .text("ETag", &object.etag)
        .text("ChecksumAlgorithm", object.checksum.kind.name())
        .text("ChecksumType", "FULL_OBJECT")
        .value("Size", object.content.bytes().len())
        .text("StorageClass", "STANDARD")
}

/// An object, or what the keys of several have in common.
enum Row<'a> {
    Object(&'a str, &'a Version, &'a Object),
    Prefix(&'a str),
}

impl Row<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Object(key, ..) => key,
            Self::Prefix(prefix) => prefix,
        }
    }
}

fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (size, encoding) = (page(p)?, Encoding::read(p)?);
    let (prefix, delimiter) = (p.query("prefix").unwrap_or_default(), p.query("delimiter"));
    let (start, token) = (p.query("start-after"), p.query("continuation-token"));
    let bad_token = || AwsError::new("InvalidArgument", "The continuation token provided is incorrect");
    let after = token.map(|token| token::decode(token).ok_or_else(bad_token)).transpose()?;
    let with_owner = match p.query("fetch-owner") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(AwsError::new("InvalidArgument", "fetch-owner must be true or false.")),
    };
    let name = p.label("Bucket");
    let bucket = bucket(ctx, p, "s3:ListBucket")?;
    let mut rows: Vec<Row<'_>> = Vec::new();
    for key in bucket.objects.keys().filter(|key| key.starts_with(prefix)) {
        if start.is_some_and(|start| key.as_str() <= start) && token.is_none() {
            continue;
        }
        let Some((version, object)) = bucket.current(key) else {
            continue;
        };
        let within = key.get(prefix.len()..).unwrap_or_default();
        let cut = delimiter.and_then(|delimiter| Some(prefix.len() + within.find(delimiter)? + delimiter.len()));
        match cut.and_then(|cut| key.get(..cut)) {
            Some(common) if rows.last().is_some_and(|row| row.name() == common) => {}
            Some(common) => rows.push(Row::Prefix(common)),
            None => rows.push(Row::Object(key, version, object)),
        }
    }
    let (rows, next) = match size {
        0 => (Vec::new(), None),
        _ => token::cut(rows, after.as_deref(), size, Row::name),
    };
    let mut xml = Xml::new().text("Name", name).text("Prefix", encoding.write(prefix));
    for row in &rows {
        if let Row::Object(key, version, object) = row {
            let entry = Xml::new().text("Key", encoding.write(key)).merge(entry(version, object));
            let entry = if with_owner { entry.nest("Owner", owner(&bucket.owner)) } else { entry };
            xml = xml.nest("Contents", entry);
        }
    }
    for row in &rows {
        if let Row::Prefix(common) = row {
            xml = xml.nest("CommonPrefixes", Xml::new().text("Prefix", encoding.write(common)));
        }
    }
    let xml = xml
        .maybe("Delimiter", delimiter.map(|delimiter| encoding.write(delimiter)))
        .maybe("StartAfter", start.map(|start| encoding.write(start)))
        .maybe("EncodingType", encoding.name())
        .maybe("ContinuationToken", token)
        .value("IsTruncated", next.is_some())
        .maybe("NextContinuationToken", next)
        .value("KeyCount", rows.len())
        .value("MaxKeys", size);
    Ok(RestBody::Document("ListBucketResult", xml).into())
}

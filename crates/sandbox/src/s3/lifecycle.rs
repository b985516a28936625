//! PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration, DeleteBucketLifecycle: rules that let objects expire
//! after so many days. They are kept and told; nothing expires in the sandbox.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::access::{bucket, bucket_mut};
use super::document;
use crate::error::{AwsError, Result};
use crate::protocol::{Node, RestAnswer, RestBody, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("PutBucketLifecycleConfiguration", "PUT", "/{Bucket}?lifecycle", put),
    Operation::xml_read("GetBucketLifecycleConfiguration", "GET", "/{Bucket}?lifecycle", get),
    Operation::xml_write("DeleteBucketLifecycle", "DELETE", "/{Bucket}?lifecycle", delete),
];

/// At least one.
pub(crate) type Lifecycle = Vec<Rule>;

/// DOC (PutBucketLifecycleConfiguration; S3 user guide, "Lifecycle configuration elements").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    id: String,
    enabled: bool,
    /// Of the keys that it is for; empty for all.
    prefix: String,
    /// Days until an object expires.
    expiration: Option<u32>,
    /// Days until a version expires that is not the newest.
    noncurrent_expiration: Option<u32>,
    /// Days until an upload is given up.
    abort_upload: Option<u32>,
}

/// Any.
const DAYS: std::ops::RangeInclusive<u32> = 1..=2_147_483_647;

/// DOC (S3 user guide): up to 1,000 rules, whose ids are unique and of up to 255 characters.
fn put(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = document(p, "LifecycleConfiguration")?;
    let mut rules = Vec::new();
    for rule in given.repeated("Rule", 1..=1000)? {
        let mut rule = Rule::read(&rule)?;
        if rule.id.is_empty() {
            rule.id = ctx.state.mint_base32("lifecycle", 32);
        }
        rules.push(rule);
    }
    let ids: BTreeSet<&String> = rules.iter().map(|rule| &rule.id).collect();
    if ids.len() < rules.len() {
        return Err(AwsError::new("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule"));
    }
    bucket(ctx, p, "s3:PutLifecycleConfiguration")?;
    bucket_mut(ctx, p)?.lifecycle = Some(rules);
    Ok(RestAnswer::empty(200))
}

impl Rule {
    fn read(given: &Node<'_>) -> Result<Self> {
        let days = |element: &str, member: &str| match given.child(element)? {
            Some(child) => child.integer(member, DAYS)?.map(Some).ok_or_else(|| child.invalid("its days are missing.")),
            None => Ok(None),
        };
        let enabled = match given.required("Status", 1..=16)? {
            "Enabled" => true,
            "Disabled" => false,
            other => return Err(given.invalid(format!("Status is '{other}', and must be Enabled or Disabled."))),
        };
        // DOC: a filter is required where the rule has no prefix of its own, which is the older form.
        let filter = given.child("Filter")?.ok_or_else(|| given.invalid("Filter is missing."))?;
        let rule = Self {
            id: given.optional("ID", 0..=255)?.unwrap_or_default().to_owned(),
            enabled,
            prefix: filter.optional("Prefix", 0..=1024)?.unwrap_or_default().to_owned(),
            expiration: days("Expiration", "Days")?,
            noncurrent_expiration: days("NoncurrentVersionExpiration", "NoncurrentDays")?,
            abort_upload: days("AbortIncompleteMultipartUpload", "DaysAfterInitiation")?,
        };
        if rule.expiration.is_none() && rule.noncurrent_expiration.is_none() && rule.abort_upload.is_none() {
            return Err(AwsError::new("InvalidRequest", "At least one action needs to be specified in a rule"));
        }
        Ok(rule)
    }

    fn xml(&self) -> Xml {
        let nest = |xml: Xml, element: &str, member: &str, days: Option<u32>| match days {
            Some(days) => xml.nest(element, Xml::new().value(member, days)),
            None => xml,
        };
        let xml = nest(Xml::new(), "Expiration", "Days", self.expiration)
            .text("ID", &self.id)
            .nest("Filter", Xml::new().text("Prefix", &self.prefix))
            .text("Status", if self.enabled { "Enabled" } else { "Disabled" });
        let xml = nest(xml, "NoncurrentVersionExpiration", "NoncurrentDays", self.noncurrent_expiration);
        nest(xml, "AbortIncompleteMultipartUpload", "DaysAfterInitiation", self.abort_upload)
    }
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:GetLifecycleConfiguration")?;
    let rules = bucket.lifecycle.as_ref().ok_or_else(|| {
        let message = "The lifecycle configuration does not exist";
        let error = AwsError::new("NoSuchLifecycleConfiguration", message).with_status(404);
        error.with_detail("BucketName", p.label("Bucket"))
    })?;
    let xml = rules.iter().fold(Xml::new(), |xml, rule| xml.nest("Rule", rule.xml()));
    Ok(RestBody::Document("LifecycleConfiguration", xml).into())
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    bucket(ctx, p, "s3:PutLifecycleConfiguration")?;
    bucket_mut(ctx, p)?.lifecycle = None;
    Ok(RestAnswer::empty(204))
}

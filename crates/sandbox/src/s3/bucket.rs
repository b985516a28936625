//! Buckets: CreateBucket, HeadBucket, GetBucketLocation, DeleteBucket.

use serde::{Deserialize, Serialize};

use super::access::{self, bucket};
use super::encryption::Encryption;
use super::lifecycle::Lifecycle;
use super::object::Version;
use super::ownership::{self, Ownership};
use super::public_access::PublicAccess;
use super::versioning::Versioning;
use super::{name, tags};
use crate::clock::Moment;
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml};
use crate::region;
use crate::service::{Ctx, Operation};
use crate::store::Table;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("CreateBucket", "PUT", "/{Bucket}", create),
    Operation::xml_read("HeadBucket", "HEAD", "/{Bucket}", head),
    Operation::xml_read("GetBucketLocation", "GET", "/{Bucket}?location", location),
    Operation::xml_write("DeleteBucket", "DELETE", "/{Bucket}", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    pub owner: String,
    pub region: String,
    pub created: Moment,
    pub tags: Tags,
    /// As it was given.
    pub policy: Option<String>,
    pub public_access: Option<PublicAccess>,
    pub ownership: Option<Ownership>,
    pub encryption: Encryption,
    /// None for a bucket that has never had versions.
    pub versioning: Option<Versioning>,
    pub lifecycle: Option<Lifecycle>,
    /// By key; of each, the newest version first, and at least one.
    pub objects: Table<Vec<Version>>,
}

impl Bucket {
    /// DOC (S3 user guide, "Default settings for new S3 buckets FAQ"): all public access is blocked, access control lists
    /// are off, and objects are encrypted with keys of S3.
    pub(super) fn new(owner: &str, region: &str, now: Moment) -> Self {
        Self {
            owner: owner.to_owned(),
            region: region.to_owned(),
            created: now,
            tags: Tags::new(),
            policy: None,
            public_access: Some(PublicAccess::ALL),
            ownership: Some(Ownership::BucketOwnerEnforced),
            encryption: Encryption::default(),
            versioning: None,
            lifecycle: None,
            objects: Table::default(),
        }
    }

    /// Whether strangers are kept out whatever its policy says.
    pub fn restricts_public(&self) -> bool {
        self.public_access.is_some_and(|access| access.restrict_public_buckets)
    }
}

/// DOC (CreateBucket): the location constraint is the Region of the endpoint, which has to be named everywhere but in
/// us-east-1; a name that is taken is refused there only to others, and here to its owner too.
fn create(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let given = p.label("Bucket");
    if !name::is_valid(given) {
        let error = AwsError::new("InvalidBucketName", "The specified bucket is not valid.");
        return Err(error.with_detail("BucketName", given));
    }
    let mut new = Bucket::new(&ctx.caller.account, ctx.region, ctx.now);
    let mut constraint = None;
    if p.has_content() {
        let configuration = p.document("CreateBucketConfiguration")?;
        constraint = configuration.optional("LocationConstraint", 0..=64)?;
        new.tags = tags::read(ctx, &configuration, "Tags", 0)?;
    }
    check_location(constraint, ctx.region)?;
    if let Some(ownership) = p.header("x-amz-object-ownership") {
        let known = Ownership::parse(ownership).ok_or_else(|| ownership::unknown(ownership))?;
        new.ownership = Some(known);
    }
    if let Some(taken) = ctx.state.s3.buckets.get(given) {
        let (code, message) = if taken.owner == ctx.caller.account {
            let message = "Your previous request to create the named bucket succeeded and you already own it.";
            ("BucketAlreadyOwnedByYou", message)
        } else {
            let message = "The requested bucket name is not available. The bucket namespace is shared by all users of \
                           the system. Please select a different name and try again.";
            ("BucketAlreadyExists", message)
        };
        return Err(AwsError::new(code, message).with_status(409).with_detail("BucketName", given));
    }
    let own = ctx.state.s3.buckets.values().filter(|bucket| bucket.owner == ctx.caller.account);
    if own.count() >= ctx.quotas.buckets {
        return Err(AwsError::new("TooManyBuckets", "You have attempted to create more buckets than allowed."));
    }
    ctx.state.s3.buckets.insert(given.to_owned(), new);
    Ok(RestAnswer::empty(200).with_header("location", format!("http://{given}.s3.amazonaws.com/")))
}

fn check_location(constraint: Option<&str>, region: &str) -> Result<()> {
    let refused = match constraint {
        Some(given) if given == region => return Ok(()),
        // EU is an old name of eu-west-1.
        Some(given) if !region::exists(given) && !is_region(given) && given != "EU" => {
            let error = AwsError::new("InvalidLocationConstraint", "The specified location-constraint is not valid");
            return Err(error.with_detail("LocationConstraint", given));
        }
        Some(given) => given,
        None => "unspecified",
    };
    let message = format!(
        "The {refused} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    Err(AwsError::new("IllegalLocationConstraintException", message))
}

/// `eu-west-1`; us-east-1 is no location constraint.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lower = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let number = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    text != region::GLOBAL && matches!(&parts[..], [area, place, n] if lower(area) && lower(place) && number(n))
}

fn head(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:ListBucket")?;
    Ok(RestAnswer::empty(200)
        .with_header("x-amz-bucket-region", &bucket.region)
        .with_header("x-amz-access-point-alias", "false"))
}

/// The Region is the text of the root.
fn location(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:GetBucketLocation")?;
    Ok(RestBody::Document("LocationConstraint", Xml::plain(&bucket.region)).into())
}

/// DOC (DeleteBucket): all objects must be gone, versions and delete markers among them.
fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let bucket = bucket(ctx, p, "s3:DeleteBucket")?;
    let name = p.label("Bucket");
    if !bucket.objects.is_empty() {
        let message = match bucket.versioning {
            None => "The bucket you tried to delete is not empty",
            Some(_) => "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        };
        return Err(AwsError::new("BucketNotEmpty", message).with_status(409).with_detail("BucketName", name));
    }
    if bucket.owner != ctx.caller.account {
        return Err(access::denied());
    }
    ctx.state.s3.buckets.remove(name);
    Ok(RestAnswer::empty(204))
}

//! ListBuckets.

use super::object_list::number;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestBody, RestParams, Xml, hex, md5};
use crate::service::{Ctx, Operation};
use crate::token;

pub(crate) static OPERATIONS: &[Operation] = &[Operation::xml_read("ListBuckets", "GET", "/", list)];

/// DOC (ListBuckets, max-buckets).
const PAGE: usize = 10_000;

/// An `Owner`: its canonical user id, which says nothing of the account's number. Names of owners are not shown any more.
pub(super) fn owner(account: &str) -> Xml {
    let id = ["one", "other"].map(|half| hex(&md5(format!("{half}/{account}").as_bytes())));
    Xml::new().text("ID", id.concat())
}

/// All of the caller's buckets, in every Region, by name. DOC (ListBuckets): the Region of a bucket is told where the
/// request has any parameter.
fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let (prefix, region) = (p.query("prefix"), p.query("bucket-region"));
    let size = p.query("max-buckets").map(|given| number("max-buckets", given, 1..=PAGE)).transpose()?;
    let token = p.query("continuation-token");
    let bad_token = || AwsError::new("InvalidArgument", "The continuation token provided is incorrect");
    let after = token.map(|token| token::decode(token).ok_or_else(bad_token)).transpose()?;
    let says_region = prefix.is_some() || region.is_some() || size.is_some() || token.is_some();
    let own = ctx.state.s3.buckets.iter().filter(|(name, bucket)| {
        bucket.owner == ctx.caller.account
            && prefix.is_none_or(|prefix| name.starts_with(prefix))
            && region.is_none_or(|region| region == bucket.region)
    });
    let (page, next) = token::cut(own.collect(), after.as_deref(), size.unwrap_or(PAGE), |(name, _)| name.as_str());
    let rows = page.into_iter().map(|(name, bucket)| {
        let created: Moment = bucket.created;
        let region = says_region.then_some(&bucket.region);
        Xml::new().text("Name", name).value("CreationDate", created).maybe("BucketRegion", region)
    });
    let xml = Xml::new()
        .nest("Owner", owner(&ctx.caller.account))
        .list_of("Buckets", "Bucket", rows)
        .maybe("ContinuationToken", next)
        .maybe("Prefix", prefix);
    Ok(RestBody::Document("ListAllMyBucketsResult", xml).into())
}

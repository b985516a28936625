//! Tags of zones. They are no change that is on its way to name servers, but wait for one: M:r53 has
//! PriorRequestNotComplete for them too.

use std::collections::BTreeSet;

use super::change::refuse_while_pending;
use super::{invalid, own_zone, zone_mut};
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};

/// POST changes them, GET reads them.
const PATH: &str = "/2013-04-01/tags/{ResourceType}/{ResourceId}";

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("ChangeTagsForResource", "POST", PATH, change),
    Operation::xml_read("ListTagsForResource", "GET", PATH, list),
    Operation::xml_read("ListTagsForResources", "POST", "/2013-04-01/tags/{ResourceType}", list_many),
];

/// M:r53: of tags to add, of keys to remove, and of resources to list, each in one request.
const MOST_AT_ONCE: usize = 10;

/// Hosted zones only: there are no health checks.
fn check_type(p: &RestParams<'_>, id: &str) -> Result<()> {
    match p.label("ResourceType") {
        "hostedzone" => Ok(()),
        "healthcheck" => {
            let message = format!("A health check with id {id} does not exist.");
            Err(AwsError::new("NoSuchHealthCheck", message).with_status(404))
        }
        other => Err(invalid(format!("The resource type '{other}' is not valid."))),
    }
}

fn change(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("ResourceId");
    check_type(p, id)?;
    let request = p.document("ChangeTagsForResourceRequest")?;
    let mut added = Tags::new();
    let to_add = request.list("AddTags", "Tag", 1..=MOST_AT_ONCE)?;
    for tag in to_add.iter().flatten() {
        let (key, value) = (tag.required("Key", 1..=128)?, tag.optional("Value", 0..=256)?.unwrap_or_default());
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(tag.invalid(format!("the tag key '{key}' is reserved.")));
        }
        if added.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(tag.invalid(format!("the tag key '{key}' is given twice.")));
        }
    }
    let to_remove = request.list("RemoveTagKeys", "Key", 1..=MOST_AT_ONCE)?;
    let removed: BTreeSet<&str> = to_remove.iter().flatten().map(|key| key.text()).collect::<Result<_>>()?;
    if added.is_empty() && removed.is_empty() {
        return Err(invalid("Tags to add or keys to remove must be given."));
    }
    if let Some(key) = removed.iter().find(|key| added.contains_key(**key)) {
        return Err(invalid(format!("The tag key '{key}' is to be added and to be removed.")));
    }
    let zone = own_zone(ctx, id)?;
    refuse_while_pending(ctx, zone.pending_until)?;
    let mut tags = zone.tags.clone();
    tags.retain(|key, _| !removed.contains(key.as_str()));
    tags.extend(added);
    if tags.len() > ctx.quotas.tags {
        let most = ctx.quotas.tags;
        return Err(invalid(format!("A hosted zone can have no more than {most} tags.")));
    }
    zone_mut(ctx, id)?.tags = tags;
    Ok(Xml::new().into())
}

/// A `ResourceTagSet`.
fn tag_set(ctx: &Ctx<'_>, id: &str) -> Result<Xml> {
    let tags = own_zone(ctx, id)?.tags.iter().map(|(key, value)| Xml::new().text("Key", key).text("Value", value));
    Ok(Xml::new().text("ResourceType", "hostedzone").text("ResourceId", id).list_of("Tags", "Tag", tags))
}

fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("ResourceId");
    check_type(p, id)?;
    Ok(Xml::new().nest("ResourceTagSet", tag_set(ctx, id)?).into())
}

fn list_many(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let request = p.document("ListTagsForResourcesRequest")?;
    let ids = request.list("ResourceIds", "ResourceId", 1..=MOST_AT_ONCE)?.unwrap_or_default();
    if ids.is_empty() {
        return Err(request.invalid("ResourceIds is missing."));
    }
    let mut sets = Vec::new();
    for id in ids {
        let id = id.text()?;
        check_type(p, id)?;
        sets.push(tag_set(ctx, id)?);
    }
    Ok(Xml::new().list_of("ResourceTagSets", "ResourceTagSet", sets).into())
}

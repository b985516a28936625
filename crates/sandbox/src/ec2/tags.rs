//! Tags of every kind: at creation, and CreateTags, DeleteTags, DescribeTags.

use std::collections::{BTreeMap, BTreeSet};

use crate::ec2::describe::Page;
use crate::ec2::filters::Filters;
use crate::ec2::{Ec2, Kind, errors};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTags", create),
    Operation::write("DeleteTags", delete),
    Operation::read("DescribeTags", describe),
];

/// DOC (EC2 user guide, "Tag restrictions"); aws-facts section 0: key up to 127 characters in the API's model.
const LONGEST_KEY: usize = 127;
const LONGEST_VALUE: usize = 256;
/// DOC (CreateTags): "up to 1000 resource IDs".
const MOST_RESOURCES: usize = 1000;

/// The tags in `TagSpecification.n` of a create call. Every specification must name the type that is being created.
pub(crate) fn at_creation(ctx: &Ctx<'_>, p: &Params, resource_type: &str) -> Result<Tags> {
    in_specifications(ctx, &p.items("TagSpecification"), resource_type)
}

/// The same where the list has another name: `TagSpecifications.n` in some operations of transit gateways.
pub(crate) fn in_specifications(ctx: &Ctx<'_>, items: &[Params], resource_type: &str) -> Result<Tags> {
    let mut tags = Tags::new();
    for specification in items {
        let given = specification.required("ResourceType")?;
        if given != resource_type {
            let why = format!("The resource type here must be {resource_type}.");
            return Err(specification.invalid("ResourceType", &given, &why));
        }
        read_into(&mut tags, &specification.items("Tag"))?;
    }
    check_count(ctx, &tags)?;
    Ok(tags)
}

/// The rows of an answer's `tagSet` (some answers say `tags`).
pub(crate) fn rows<'a>(ec2: &'a Ec2, id: &str) -> impl Iterator<Item = Xml> + use<'a> {
    let tags = ec2.tags_of(id).iter();
    tags.map(|(key, value)| Xml::new().text("key", key).text("value", value))
}

fn read_into(tags: &mut Tags, items: &[Params]) -> Result<()> {
    for item in items {
        let key = item.required("Key")?;
        let value = item.optional("Value").unwrap_or_default();
        check_key(&key)?;
        if value.chars().count() > LONGEST_VALUE {
            return Err(errors::invalid_value(format!(
                "Tag value exceeds the maximum length of {LONGEST_VALUE} characters"
            )));
        }
        if tags.insert(key.clone(), value).is_some() {
            return Err(errors::invalid_value(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    Ok(())
}

fn check_key(key: &str) -> Result<()> {
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(errors::invalid_value("Tag keys starting with 'aws:' are reserved for internal use"));
    }
    if key.chars().count() > LONGEST_KEY {
        return Err(errors::invalid_value(format!("Tag key exceeds the maximum length of {LONGEST_KEY} characters")));
    }
    Ok(())
}

fn check_count(ctx: &Ctx<'_>, tags: &Tags) -> Result<()> {
    if tags.len() > ctx.quotas.tags {
        let most = ctx.quotas.tags;
        return Err(AwsError::new("TagLimitExceeded", format!("More than {most} tags specified")));
    }
    Ok(())
}

/// The ids of a request, all of which must exist.
fn resources(ctx: &Ctx<'_>, p: &Params) -> Result<BTreeSet<String>> {
    let ids = p.list("ResourceId");
    if ids.is_empty() {
        return Err(AwsError::new("MissingParameter", "The request must contain the parameter resourceIdSet"));
    }
    if ids.len() > MOST_RESOURCES {
        return Err(errors::invalid_value(format!(
            "No more than {MOST_RESOURCES} resources can be tagged in one request"
        )));
    }
    for id in &ids {
        let kind = Kind::of(id).ok_or_else(|| AwsError::new("InvalidID", format!("The ID '{id}' is not valid")))?;
        if !(kind.rows)(ctx.ec2()).has(id) {
            return Err(kind.missing(id));
        }
    }
    Ok(ids.into_iter().collect())
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ids = resources(ctx, p)?;
    let mut new = Tags::new();
    read_into(&mut new, &p.items("Tag"))?;
    if new.is_empty() {
        return Err(AwsError::new("MissingParameter", "The request must contain the parameter tagSet"));
    }
    for id in ids {
        let mut tags = ctx.ec2().tags_of(&id).clone();
        tags.extend(new.clone());
        check_count(ctx, &tags)?;
        ctx.ec2_mut().tag(&id, tags);
    }
    Ok(Xml::done())
}

/// Without tags, all are removed; a tag without a value is removed whatever its value (DOC: DeleteTags).
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ids = resources(ctx, p)?;
    let mut wanted: Vec<(String, Option<String>)> = Vec::new();
    for item in p.items("Tag") {
        let key = item.required("Key")?;
        check_key(&key)?;
        wanted.push((key, item.optional("Value")));
    }
    for id in ids {
        let mut tags = ctx.ec2().tags_of(&id).clone();
        tags.retain(|key, value| {
            let named = |(k, v): &(String, Option<String>)| k == key && v.as_ref().is_none_or(|v| v == value);
            !wanted.is_empty() && !wanted.iter().any(named)
        });
        let ec2 = ctx.ec2_mut();
        ec2.untag(&id);
        ec2.tag(&id, tags);
    }
    Ok(Xml::done())
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let known = ["key", "resource-id", "resource-type", "tag", "value"];
    let filters = Filters::read(p, "Filter", &known)?;
    let page = Page::read(p, &(5..=1000))?;
    let mut rows = Vec::new();
    for (id, tags) in ctx.ec2().tags.iter() {
        let resource_type = Kind::of(id).map_or("", |kind| kind.resource_type);
        for (key, value) in tags {
            let only = Tags::from([(key.clone(), value.clone())]);
            let passes = filters.accept(&only, |name| {
                let value = match name {
                    "key" => key,
                    "value" => value,
                    "resource-id" => id,
                    _ => resource_type,
                };
                vec![value.to_owned()]
            });
            if passes {
                let xml = Xml::new()
                    .text("resourceId", id)
                    .text("resourceType", resource_type)
                    .text("key", key)
                    .text("value", value);
                // A character that no id has keeps the order of (id, key).
                rows.push((format!("{id} {key}"), xml));
            }
        }
    }
    let (rows, next) = page.cut(rows, |(order, _)| order);
    Ok(Xml::new().list("tagSet", rows.into_iter().map(|(_, xml)| xml)).maybe("nextToken", next))
}

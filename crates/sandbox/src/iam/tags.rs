//! Tags of roles: TagRole, UntagRole, ListRoleTags.

use crate::error::{AwsError, Result};
use crate::iam::page::Page;
use crate::iam::{Tags, limit, params, role};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::write("TagRole", tag), Operation::write("UntagRole", untag), Operation::read("ListRoleTags", list)];

/// DOC (IAM user guide, "Tags for IAM resources"): at most 50.
const MOST: usize = 50;

/// `Tags.member.n`. Keys are up to 128 characters and differ in more than case; values up to 256 (DOC: IAM API `Tag`).
pub(super) fn read(p: &Params) -> Result<Tags> {
    let mut tags = Tags::new();
    for item in p.items("Tags.member") {
        let key = params::text(&item, "Key", 1..=128)?;
        let value = params::text(&item, "Value", 0..=256)?;
        for text in [&key, &value] {
            if !text.chars().all(allowed) {
                let why = "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+";
                return Err(params::broken("Tags", text, why));
            }
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!("Tag keys beginning with aws: are reserved: {key}")));
        }
        if tags.keys().any(|other| other.to_lowercase() == key.to_lowercase()) {
            return Err(invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
        }
        tags.insert(key, value);
    }
    Ok(tags)
}

/// Letters, digits and spaces of any script, and a few marks.
fn allowed(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

pub(super) fn check_count(tags: &Tags) -> Result<()> {
    if tags.len() > MOST {
        return Err(limit(format!("Cannot exceed quota for TagsPerRole: {MOST}")));
    }
    Ok(())
}

/// The element `Tags`, if there are any.
pub(super) fn unless_empty(tags: &Tags) -> Xml {
    if tags.is_empty() { Xml::new() } else { Xml::new().list_of("Tags", "member", tags.iter().map(row)) }
}

fn row((key, value): (&String, &String)) -> Xml {
    Xml::new().text("Key", key).text("Value", value)
}

fn tag(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let new = read(p)?;
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    for (key, value) in new {
        // A key in another case is the same key (DOC: TagRole).
        role.tags.retain(|old, _| old.to_lowercase() != key.to_lowercase());
        role.tags.insert(key, value);
    }
    check_count(&role.tags)?;
    Ok(Xml::new())
}

fn untag(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let keys = p.list("TagKeys.member");
    if keys.len() > MOST {
        return Err(params::broken("TagKeys", keys.len(), "Member must have length less than or equal to 50"));
    }
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    role.tags.retain(|old, _| !keys.iter().any(|key| key.to_lowercase() == old.to_lowercase()));
    Ok(Xml::new())
}

fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = role::name(p)?;
    let page = Page::read(p)?;
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let (rows, rest) = page.cut(role.tags.iter().collect(), |(key, _)| key);
    Ok(Xml::new().list_of("Tags", "member", rows.into_iter().map(row)).merge(rest))
}

/// DOC (TagRole, "Errors").
fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidInput", message)
}

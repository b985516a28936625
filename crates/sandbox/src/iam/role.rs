//! Roles: CreateRole, GetRole, ListRoles, UpdateRole, UpdateAssumeRolePolicy, DeleteRole.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::error::Result;
use crate::iam::document::{Document, Use};
use crate::iam::page::Page;
use crate::iam::{Tags, already_exists, conflict, limit, params, principal, tags};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateRole", create),
    Operation::read("GetRole", get),
    Operation::read("ListRoles", list),
    Operation::write("UpdateRole", update),
    Operation::write("UpdateAssumeRolePolicy", update_trust),
    Operation::write("DeleteRole", delete),
];

/// aws-facts section 2.6: a new role cannot be used for about 10 to 60 seconds.
const SPREADS_IN: Duration = Duration::from_secs(10);
/// DOC (IAM user guide, "IAM and AWS STS quotas"): role trust policy length, in characters without whitespace.
const LONGEST_TRUST: usize = 2048;

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub account: String,
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `AROA…`.
    pub role_id: String,
    pub created: Moment,
    /// The trust policy, as it was given.
    pub assume_role_policy: String,
    pub description: Option<String>,
    /// Seconds.
    pub max_session_duration: i64,
    pub tags: Tags,
    /// Inline policies by name, as they were given.
    pub inline: BTreeMap<String, String>,
    /// The ARNs of managed policies.
    pub attached: BTreeSet<String>,
}

impl Role {
    pub fn arn(&self) -> String {
        let Self { account, path, name, .. } = self;
        format!("arn:aws:iam::{account}:role{path}{name}")
    }

    /// Whether the role has spread so far that others may name and assume it.
    pub fn is_usable(&self, now: Moment) -> bool {
        self.created.plus(SPREADS_IN) <= now
    }

    /// What every shape of a role shows.
    pub fn summary(&self) -> Xml {
        Xml::new()
            .text("Path", &self.path)
            .text("RoleName", &self.name)
            .text("RoleId", &self.role_id)
            .text("Arn", self.arn())
            .text("CreateDate", self.created.to_seconds_string())
            .text("AssumeRolePolicyDocument", encode(&self.assume_role_policy))
    }

    fn whole(&self) -> Xml {
        self.summary()
            .maybe("Description", self.description.as_ref())
            .value("MaxSessionDuration", self.max_session_duration)
    }
}

/// IAM answers with documents "URL-encoded compliant with RFC 3986" (DOC: GetRole).
pub(super) fn encode(document: &str) -> String {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(document, UNRESERVED).to_string()
}

/// The name of a role: at most 64 characters of `[\w+=,.@-]`.
pub(super) fn name(p: &Params) -> Result<String> {
    params::name(p, "RoleName", 64)
}

/// A trust policy, checked.
fn read_trust(ctx: &Ctx<'_>, p: &Params, parameter: &str) -> Result<String> {
    let text = params::text(p, parameter, 1..=131_072)?;
    let document = Document::parse(&text, Use::Trust)?;
    if Document::size(&text) > LONGEST_TRUST {
        return Err(limit(format!("Cannot exceed quota for ACLSizePerRole: {LONGEST_TRUST}")));
    }
    principal::check(ctx.state, &ctx.caller.account, &document, ctx.now)?;
    Ok(text)
}

fn max_session_duration(p: &Params) -> Result<Option<i64>> {
    params::number(p, "MaxSessionDuration", 3600..=43200)
}

/// Names are unique in an account whatever their case (DOC: CreateRole).
fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = name(p)?;
    let path = params::path(p)?;
    let assume_role_policy = read_trust(ctx, p, "AssumeRolePolicyDocument")?;
    let description = params::description(p)?;
    let max_session_duration = max_session_duration(p)?.unwrap_or(3600);
    let tags = tags::read(p)?;
    tags::check_count(&tags)?;

    let account = ctx.caller.account.clone();
    let iam = &ctx.state.account(&account).iam;
    if iam.roles.keys().any(|other| other.eq_ignore_ascii_case(&name)) {
        return Err(already_exists(format!("Role with name {name} already exists.")));
    }
    let most = ctx.quotas.roles;
    if iam.roles.len() >= most {
        return Err(limit(format!("Cannot exceed quota for RolesPerAccount: {most}")));
    }
    let role = Role {
        account: account.clone(),
        name: name.clone(),
        path,
        role_id: format!("AROA{}", ctx.state.mint_base32("role", 17)),
        created: ctx.now,
        assume_role_policy,
        description,
        max_session_duration,
        tags,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
    };
    // As AWS does: neither MaxSessionDuration nor RoleLastUsed in the answer to a creation.
    let xml = role.summary().maybe("Description", role.description.as_ref()).merge(tags::unless_empty(&role.tags));
    ctx.state.account_mut(&account).iam.roles.insert(name, role);
    Ok(Xml::new().nest("Role", xml))
}

fn get(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let role = iam.role(&name(p)?)?;
    let xml = role.whole().merge(tags::unless_empty(&role.tags)).nest("RoleLastUsed", Xml::new());
    Ok(Xml::new().nest("Role", xml))
}

/// Without tags: DOC (ListRoles), "this operation does not return tags".
fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let prefix = params::path_prefix(p)?;
    let page = Page::read(p)?;
    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let rows: Vec<&Role> = iam.roles.values().filter(|role| role.path.starts_with(&prefix)).collect();
    let (rows, rest) = page.cut(rows, |role| &role.name);
    Ok(Xml::new().list_of("Roles", "member", rows.into_iter().map(Role::whole)).merge(rest))
}

/// What is not given stays.
fn update(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = name(p)?;
    let description = params::description(p)?;
    let duration = max_session_duration(p)?;
    let role = ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?;
    if let Some(description) = description {
        role.description = Some(description);
    }
    if let Some(duration) = duration {
        role.max_session_duration = duration;
    }
    Ok(Xml::new())
}

fn update_trust(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = name(p)?;
    ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let document = read_trust(ctx, p, "PolicyDocument")?;
    ctx.state.account_mut(&ctx.caller.account).iam.role_mut(&name)?.assume_role_policy = document;
    Ok(Xml::new())
}

/// Only a bare role can be deleted (DOC: DeleteRole).
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = name(p)?;
    let role = ctx.state.account(&ctx.caller.account).iam.role(&name)?;
    let left: Option<&str> = match role {
        Role { attached, .. } if !attached.is_empty() => Some("detach all policies"),
        Role { inline, .. } if !inline.is_empty() => Some("delete policies"),
        _ => None,
    };
    if let Some(left) = left {
        return Err(conflict(format!("Cannot delete entity, must {left} first.")));
    }
    ctx.state.account_mut(&ctx.caller.account).iam.roles.remove(&name);
    Ok(Xml::new())
}

//! Shares: how they are made, changed and deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::association::{self, Association, Wanted};
use super::errors::{invalid, malformed_arn, unknown, wrong_state};
use super::permission::Given;
use super::{Ram, permission_change, ram, ram_mut, tags, timing, token_use};
use crate::clock::Moment;
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_write("CreateResourceShare", "POST", "/createresourceshare", |ctx, input| {
        token_use::once(ctx, "CreateResourceShare", input, create)
    }),
    Operation::rest_write("UpdateResourceShare", "POST", "/updateresourceshare", |ctx, input| {
        token_use::once(ctx, "UpdateResourceShare", input, update)
    }),
    Operation::rest_write("DeleteResourceShare", "DELETE", "/deleteresourceshare", |ctx, input| {
        token_use::once(ctx, "DeleteResourceShare", input, delete)
    }),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    pub name: String,
    pub allow_external: bool,
    pub created: Moment,
    pub updated: Moment,
    pub deleted_at: Option<Moment>,
    /// Listed as deleted only.
    pub is_dead: bool,
    pub tags: Tags,
    /// By ARN.
    pub resources: BTreeMap<String, Association>,
    /// By account.
    pub principals: BTreeMap<String, Association>,
    /// By type of resource.
    #[serde(default)]
    pub permissions: BTreeMap<String, Given>,
}

impl Share {
    pub fn status(&self, now: Moment) -> &'static str {
        match self.deleted_at {
            Some(at) if now < at => "DELETING",
            Some(_) => "DELETED",
            None if now < self.created.plus(Duration::from_secs(timing::SHARE_PENDING)) => "PENDING",
            None => "ACTIVE",
        }
    }

    /// With its tags for its owner only.
    pub fn json(&self, arn: &str, now: Moment, own: bool) -> Value {
        let mut json = json!({
            "resourceShareArn": arn,
            "name": self.name,
            "owningAccountId": owner_of(arn),
            "allowExternalPrincipals": self.allow_external,
            "status": self.status(now),
            "creationTime": seconds(self.created),
            "lastUpdatedTime": seconds(self.updated),
            "featureSet": "STANDARD",
        });
        if own {
            json["tags"] = self.tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        }
        json
    }
}

/// As REST-JSON writes time.
#[expect(clippy::cast_precision_loss, reason = "exact for the next two hundred thousand years")]
pub(super) fn seconds(at: Moment) -> Value {
    json!(at.as_millis() as f64 / 1000.0)
}

/// The account in an ARN of RAM's.
pub(super) fn owner_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// Buries the deleted, and forgets the dead and their dead associations.
pub(super) fn settle(ram: &mut Ram, now: Moment) {
    let listed_for = Duration::from_secs(timing::LISTED_FOR);
    let is_over = |share: &Share| share.deleted_at.is_some_and(|at| at <= now);
    let has_ended = |share: &Share| {
        let mut all = share.resources.values().chain(share.principals.values());
        (is_over(share) && !share.is_dead) || all.any(|association| association.is_forgotten(now))
    };
    ram.shares.prune(|share| share.deleted_at.is_some_and(|at| at.plus(listed_for) <= now));
    let changed: Vec<String> =
        ram.shares.iter().filter(|(_, share)| has_ended(share)).map(|(arn, _)| arn.clone()).collect();
    for arn in changed {
        if let Some(share) = ram.shares.get_mut(&arn) {
            share.is_dead = is_over(share);
            share.resources.retain(|_, association| !association.is_forgotten(now));
            share.principals.retain(|_, association| !association.is_forgotten(now));
        }
    }
}

/// Whether a text has the form of a share's ARN.
pub(super) fn check_arn(arn: &str) -> Result<()> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", "aws", "ram", _, _, rest] if rest.starts_with("resource-share/") => Ok(()),
        _ => Err(malformed_arn(arn)),
    }
}

/// A share of the caller's, in any state.
pub(super) fn own<'a>(ctx: &'a Ctx<'_>, arn: &str) -> Result<&'a Share> {
    check_arn(arn)?;
    ram(ctx).shares.get(arn).ok_or_else(|| unknown("ResourceShare", arn))
}

/// A share of the caller's that can be changed. Unverified: that a pending one cannot.
pub(super) fn active<'a>(ctx: &'a Ctx<'_>, arn: &str) -> Result<&'a Share> {
    let share = own(ctx, arn)?;
    match share.status(ctx.now) {
        "ACTIVE" => Ok(share),
        "DELETED" => Err(unknown("ResourceShare", arn)),
        status => Err(wrong_state(format!("The resource share {arn} is {status}."))),
    }
}

pub(super) fn keep(ctx: &mut Ctx<'_>, arn: &str, mut share: Share) {
    share.updated = ctx.now;
    ram_mut(ctx).shares.insert(arn.to_owned(), share);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    name: String,
    #[serde(default)]
    resource_arns: BTreeSet<String>,
    #[serde(default)]
    principals: BTreeSet<String>,
    #[serde(default)]
    tags: Vec<tags::Tag>,
    allow_external_principals: Option<bool>,
    #[serde(default)]
    permission_arns: Vec<String>,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

/// A share with nothing in it, or with nobody to share with, is a share (DOC: CreateResourceShare).
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Create = json_input(input)?;
    check_name(&wish.name)?;
    let tags = tags::checked(ctx, Tags::new(), wish.tags)?;
    let living = ram(ctx).shares.values().filter(|share| !share.is_dead).count();
    if living >= ctx.quotas.resource_shares {
        return Err(AwsError::new("ResourceShareLimitExceededException", "The limit of resource shares is reached."));
    }
    let id = ctx.new_uuid("resource-share");
    let arn = ctx.arn("ram", &format!("resource-share/{id}"));
    let mut share = Share {
        name: wish.name,
        allow_external: wish.allow_external_principals.unwrap_or(true),
        created: ctx.now,
        updated: ctx.now,
        deleted_at: None,
        is_dead: false,
        tags,
        resources: BTreeMap::new(),
        principals: BTreeMap::new(),
        permissions: BTreeMap::new(),
    };
    permission_change::give_named(ctx, &mut share, &wish.permission_arns, &wish.resource_arns)?;
    let wanted = Wanted { resources: wish.resource_arns, principals: wish.principals };
    association::add(ctx, &arn, &mut share, &wanted)?;
    let json = share.json(&arn, ctx.now, true);
    keep(ctx, &arn, share);
    Ok(json!({ "resourceShare": json }))
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(invalid("The name of a resource share must not be empty."));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Update {
    resource_share_arn: String,
    name: Option<String>,
    allow_external_principals: Option<bool>,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

/// Unverified: that principals from outside keep a share from being closed to them.
fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Update = json_input(input)?;
    let arn = wish.resource_share_arn;
    let mut share = active(ctx, &arn)?.clone();
    if wish.name.is_none() && wish.allow_external_principals.is_none() {
        return Err(AwsError::new("MissingRequiredParameterException", "No change is given."));
    }
    if let Some(name) = wish.name {
        check_name(&name)?;
        share.name = name;
    }
    if let Some(allow) = wish.allow_external_principals {
        let external = |principal: &Association| principal.external && principal.is_active(ctx.now);
        if !allow && share.principals.values().any(external) {
            return Err(invalid("The resource share has principals that are not in your AWS organization."));
        }
        share.allow_external = allow;
    }
    keep(ctx, &arn, share);
    let share = own(ctx, &arn)?;
    Ok(json!({ "resourceShare": share.json(&arn, ctx.now, true) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    resource_share_arn: String,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

/// What was attached while it was shared stays (aws-facts section 2.4).
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { resource_share_arn: arn, .. } = json_input(input)?;
    let mut share = active(ctx, &arn)?.clone();
    let all = || share.resources.values().chain(share.principals.values());
    if let Some(status) = all().find_map(|association| association.in_motion(ctx.now)) {
        return Err(association::in_motion(status));
    }
    let at = ctx.in_seconds(timing::SHARE_DELETING);
    share.deleted_at = Some(at);
    for association in share.resources.values_mut().chain(share.principals.values_mut()) {
        association.end(ctx.now, at);
    }
    super::invitation::withdraw(ctx, &arn, None);
    keep(ctx, &arn, share);
    Ok(json!({ "returnValue": true }))
}

//! Associations: what a share holds and whom it is shared with.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{invalid, not_permitted, unknown, wrong_state};
use super::share::{self, Share, seconds};
use super::{invitation, permission_change, shareable, timing, token_use};
use crate::account::is_account_id;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_write("AssociateResourceShare", "POST", "/associateresourceshare", |ctx, input| {
        token_use::once(ctx, "AssociateResourceShare", input, associate)
    }),
    Operation::rest_write("DisassociateResourceShare", "POST", "/disassociateresourceshare", |ctx, input| {
        token_use::once(ctx, "DisassociateResourceShare", input, disassociate)
    }),
];

/// DOC (AssociateResourceShare; aws-facts section 2.4).
const MOST_AT_ONCE: usize = 100;

/// A resource or a principal of a share.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Association {
    pub created: Moment,
    /// Whether the principal is outside the owner's organisation.
    pub external: bool,
    /// None while an invitation waits.
    pub associated_at: Option<Moment>,
    /// When the invitation lapses that it waits for.
    pub lapses: Option<Lapse>,
    pub rejected_at: Option<Moment>,
    pub end: Option<End>,
}

/// What happens when nobody accepts. DOC (RAM user guide, "Accepting and rejecting resource share invitations"): after
/// seven days an invitation is "automatically declined"; one of 12 hours expires and "the end user principal in the
/// resource share is disassociated".
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lapse {
    pub at: Moment,
    pub disassociates: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub asked_at: Moment,
    pub at: Moment,
}

impl Association {
    fn new(now: Moment, external: bool, associated_at: Option<Moment>, lapses: Option<Lapse>) -> Self {
        Self { created: now, external, associated_at, lapses, rejected_at: None, end: None }
    }

    pub fn status(&self, now: Moment) -> &'static str {
        match (self.end, self.associated_at, self.lapses) {
            (Some(end), ..) if now < end.at => "DISASSOCIATING",
            (Some(_), ..) => "DISASSOCIATED",
            _ if self.rejected_at.is_some() => "FAILED",
            (None, Some(at), _) if at <= now => "ASSOCIATED",
            (None, None, Some(lapse)) if lapse.at <= now => {
                // Unverified: that "automatically declined" looks like a rejection to the owner.
                if lapse.disassociates { "DISASSOCIATED" } else { "FAILED" }
            }
            _ => "ASSOCIATING",
        }
    }

    /// Unverified: the wording.
    pub fn message(&self, now: Moment) -> Option<&'static str> {
        match (self.status(now), self.rejected_at) {
            ("FAILED", Some(_)) => Some("The invitation to the resource share was rejected."),
            ("FAILED", None) => Some("The invitation to the resource share has expired."),
            _ => None,
        }
    }

    /// When the present status began, or something else last happened to it.
    fn updated(&self, now: Moment) -> Moment {
        let moments = [
            self.end.map(|end| end.asked_at),
            self.end.map(|end| end.at),
            self.rejected_at,
            self.associated_at,
            self.lapses.map(|lapse| lapse.at),
        ];
        moments.into_iter().flatten().filter(|at| *at <= now).max().unwrap_or(self.created)
    }

    /// Since when it is in effect, if it is.
    pub fn since(&self, now: Moment) -> Option<Moment> {
        self.associated_at.filter(|_| self.status(now) == "ASSOCIATED")
    }

    /// Whether it is there or about to be.
    pub fn is_active(&self, now: Moment) -> bool {
        matches!(self.status(now), "ASSOCIATING" | "ASSOCIATED")
    }

    /// The status, while it changes by itself. Waiting for somebody to accept does not count after the first moments:
    /// unverified, but Terraform's acceptance tests remove principals that never accepted, and
    /// hashicorp/terraform-provider-aws issue 13458 shows that the first moments do.
    pub fn in_motion(&self, now: Moment) -> Option<&'static str> {
        let status = self.status(now);
        let settled = self.created.plus(Duration::from_secs(timing::ASSOCIATING)) <= now;
        let waits = self.associated_at.is_none() && settled;
        match status {
            "ASSOCIATING" if waits => None,
            "ASSOCIATING" | "DISASSOCIATING" => Some(status),
            _ => None,
        }
    }

    pub fn is_forgotten(&self, now: Moment) -> bool {
        let over = match (self.end, self.lapses) {
            (Some(end), _) => Some(end.at),
            (None, Some(lapse)) if self.status(now) == "DISASSOCIATED" => Some(lapse.at),
            _ => None,
        };
        over.is_some_and(|at| at.plus(Duration::from_secs(timing::LISTED_FOR)) <= now)
    }

    /// Ends it, unless it has ended.
    pub fn end(&mut self, now: Moment, at: Moment) {
        if self.status(now) != "DISASSOCIATED" {
            self.end = Some(End { asked_at: now, at });
        }
    }

    pub fn json(&self, share_arn: &str, share: &Share, kind: &str, entity: &str, now: Moment) -> Value {
        let mut json = json!({
            "resourceShareArn": share_arn,
            "resourceShareName": share.name,
            "associatedEntity": entity,
            "associationType": kind,
            "status": self.status(now),
            "creationTime": seconds(self.created),
            "lastUpdatedTime": seconds(self.updated(now)),
            "external": self.external,
        });
        if let Some(message) = self.message(now) {
            json["statusMessage"] = message.into();
        }
        json
    }
}

/// Issue hashicorp/terraform-provider-aws 13458 has the message.
pub(super) fn in_motion(status: &str) -> AwsError {
    wrong_state(format!("At least one of the associations in the resource share is in {status} status."))
}

/// What a request names.
pub(super) struct Wanted {
    pub resources: BTreeSet<String>,
    pub principals: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Change {
    resource_share_arn: String,
    #[serde(default)]
    resource_arns: BTreeSet<String>,
    #[serde(default)]
    principals: BTreeSet<String>,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

impl Change {
    fn read(input: Value) -> Result<(String, Wanted)> {
        let Self { resource_share_arn, resource_arns, principals, .. } = json_input(input)?;
        if resource_arns.is_empty() && principals.is_empty() {
            return Err(invalid("Neither a resource nor a principal is given."));
        }
        Ok((resource_share_arn, Wanted { resources: resource_arns, principals }))
    }
}

fn associate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let (arn, wanted) = Change::read(input)?;
    let mut share = share::active(ctx, &arn)?.clone();
    add(ctx, &arn, &mut share, &wanted)?;
    answer(ctx, &arn, share, &wanted)
}

/// Adds resources and principals, and invites those that have to be asked.
pub(super) fn add(ctx: &mut Ctx<'_>, arn: &str, share: &mut Share, wanted: &Wanted) -> Result<()> {
    if wanted.resources.len() > MOST_AT_ONCE || wanted.principals.len() > MOST_AT_ONCE {
        return Err(invalid(format!("More than {MOST_AT_ONCE} resources or principals are given.")));
    }
    let something = !wanted.resources.is_empty() || !wanted.principals.is_empty();
    if something && !share.allow_external && !ctx.organizations.have(&ctx.caller.account) {
        // Issues hashicorp/terraform-provider-aws 7769, terraform-aws-transit-gateway 28.
        return Err(not_permitted(
            "The resource you are attempting to share can only be shared within your AWS Organization. This error may \
             also occur if you have not enabled sharing with your AWS organization, or that onboarding process is \
             still in progress.",
        ));
    }
    let soon = ctx.in_seconds(timing::ASSOCIATING);
    for resource in &wanted.resources {
        shareable::check(ctx, resource)?;
        refuse_repetition(share.resources.get(resource), resource, ctx.now)?;
        permission_change::give_default(share, resource, ctx.now);
        share.resources.insert(resource.clone(), Association::new(ctx.now, false, Some(soon), None));
    }
    for principal in &wanted.principals {
        check_principal(ctx, share, principal)?;
        refuse_repetition(share.principals.get(principal), principal, ctx.now)?;
        let inside = ctx.organizations.unite(&ctx.caller.account, principal);
        let association = if inside {
            Association::new(ctx.now, false, Some(soon), None)
        } else {
            let waits = shareable::invitation_seconds(share.resources.keys());
            let at = ctx.in_seconds(waits);
            invitation::send(ctx, arn, &share.name, principal, at);
            let lapse = Lapse { at, disassociates: waits < timing::INVITATION };
            Association::new(ctx.now, true, None, Some(lapse))
        };
        share.principals.insert(principal.clone(), association);
    }
    Ok(())
}

/// DOC (RAM user guide, "Errors when trying to share with accounts outside of my organization") has the second message.
fn check_principal(ctx: &Ctx<'_>, share: &Share, principal: &str) -> Result<()> {
    let owner = &ctx.caller.account;
    if !is_account_id(principal) {
        return Err(invalid(format!("Principal ID {principal} is malformed: the sandbox shares with accounts only.")));
    }
    if principal == owner {
        // Unverified.
        return Err(invalid(format!("Principal {principal} owns the resource share.")));
    }
    if !share.allow_external && !ctx.organizations.unite(owner, principal) {
        return Err(invalid(format!(
            "Principal {principal} is not in your AWS organization. You do not have permission to add external AWS \
             accounts to a resource share."
        )));
    }
    Ok(())
}

/// Unverified: that a repetition is refused, and that what has failed must be disassociated first.
fn refuse_repetition(there: Option<&Association>, entity: &str, now: Moment) -> Result<()> {
    match there.map(|association| association.status(now)) {
        None | Some("DISASSOCIATED") => Ok(()),
        Some(status @ ("FAILED" | "DISASSOCIATING")) => Err(wrong_state(format!("{entity} is in {status} status."))),
        Some(_) => Err(invalid(format!("{entity} is in the resource share already."))),
    }
}

fn disassociate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let (arn, wanted) = Change::read(input)?;
    let mut share = share::active(ctx, &arn)?.clone();
    let (now, at) = (ctx.now, ctx.in_seconds(timing::DISASSOCIATING));
    for (all, named) in [(&mut share.resources, &wanted.resources), (&mut share.principals, &wanted.principals)] {
        for entity in named {
            let there = all.get_mut(entity).filter(|association| association.status(now) != "DISASSOCIATED");
            let association = there.ok_or_else(|| unknown("Association of", entity))?;
            if let Some(status) = association.in_motion(now) {
                return Err(in_motion(status));
            }
            association.end(now, at);
        }
    }
    for principal in &wanted.principals {
        invitation::withdraw(ctx, &arn, Some(principal));
    }
    answer(ctx, &arn, share, &wanted)
}

/// Keeps the share and answers with the associations that the request named.
fn answer(ctx: &mut Ctx<'_>, arn: &str, share: Share, wanted: &Wanted) -> Result<Value> {
    let mut changed: Vec<Value> = Vec::new();
    for (kind, all, named) in
        [("RESOURCE", &share.resources, &wanted.resources), ("PRINCIPAL", &share.principals, &wanted.principals)]
    {
        let of_request = named.iter().filter_map(|entity| Some((entity, all.get(entity)?)));
        changed.extend(of_request.map(|(entity, it)| it.json(arn, &share, kind, entity, ctx.now)));
    }
    share::keep(ctx, arn, share);
    Ok(json!({ "resourceShareAssociations": changed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_answering_ends_a_long_invitation_as_failed_and_a_short_one_as_disassociated() {
        let start = Moment::from_millis(0);
        let at = start.plus(Duration::from_secs(60));
        for (disassociates, status) in [(false, "FAILED"), (true, "DISASSOCIATED")] {
            let waiting = Association::new(start, true, None, Some(Lapse { at, disassociates }));
            assert_eq!(waiting.status(start.plus(Duration::from_secs(59))), "ASSOCIATING");
            assert_eq!(waiting.status(at), status);
            assert_eq!(waiting.message(at).is_some(), status == "FAILED");
            assert_eq!(waiting.is_forgotten(at.plus(Duration::from_secs(3600))), disassociates);
        }
    }
}

//! Invitations: how an account outside the owner's organisation is asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::malformed_arn;
use super::page::Page;
use super::share::{check_arn, owner_of, seconds};
use super::{ram_mut, timing, token_use};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::rest_read("GetResourceShareInvitations", "POST", "/getresourceshareinvitations", list),
    Operation::rest_write("AcceptResourceShareInvitation", "POST", "/acceptresourceshareinvitation", |ctx, input| {
        token_use::once(ctx, "AcceptResourceShareInvitation", input, |ctx, input| answer(ctx, input, true))
    }),
    Operation::rest_write("RejectResourceShareInvitation", "POST", "/rejectresourceshareinvitation", |ctx, input| {
        token_use::once(ctx, "RejectResourceShareInvitation", input, |ctx, input| answer(ctx, input, false))
    }),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitation {
    pub share: String,
    /// The share's name when it was sent.
    share_name: String,
    receiver: String,
    sent_at: Moment,
    seen_from: Moment,
    expires_at: Moment,
    accepted: Option<bool>,
}

impl Invitation {
    fn status(&self, now: Moment) -> &'static str {
        match self.accepted {
            Some(true) => "ACCEPTED",
            Some(false) => "REJECTED",
            None if self.expires_at <= now => "EXPIRED",
            None => "PENDING",
        }
    }

    fn json(&self, arn: &str, now: Moment) -> Value {
        json!({
            "resourceShareInvitationArn": arn,
            "resourceShareArn": self.share,
            "resourceShareName": self.share_name,
            "senderAccountId": owner_of(arn),
            "receiverAccountId": self.receiver,
            "invitationTimestamp": seconds(self.sent_at),
            "status": self.status(now),
        })
    }
}

/// Invites an account to a share of the caller's.
pub(super) fn send(ctx: &mut Ctx<'_>, share: &str, share_name: &str, receiver: &str, expires_at: Moment) {
    let id = ctx.new_uuid("resource-share-invitation");
    let arn = ctx.arn("ram", &format!("resource-share-invitation/{id}"));
    let invitation = Invitation {
        share: share.to_owned(),
        share_name: share_name.to_owned(),
        receiver: receiver.to_owned(),
        sent_at: ctx.now,
        seen_from: ctx.in_seconds(timing::INVITING),
        expires_at,
        accepted: None,
    };
    ram_mut(ctx).invitations.insert(arn, invitation);
}

/// Takes back what waits at one receiver, or at all. Unverified: that the receiver sees it no longer.
pub(super) fn withdraw(ctx: &mut Ctx<'_>, share: &str, receiver: Option<&String>) {
    ram_mut(ctx).invitations.prune(|invitation| {
        let meant = receiver.is_none_or(|receiver| *receiver == invitation.receiver);
        invitation.share == share && meant && invitation.accepted.is_none()
    });
}

/// What the caller has received, by ARN.
fn received<'a>(ctx: &'a Ctx<'_>) -> BTreeMap<&'a str, &'a Invitation> {
    let regions = ctx.state.accounts.values().filter_map(|account| account.regions.get(ctx.region));
    let all = regions.flat_map(|regional| regional.ram.invitations.iter());
    let own = all.filter(|(_, it)| it.receiver == ctx.caller.account && it.seen_from <= ctx.now);
    own.map(|(arn, invitation)| (arn.as_str(), invitation)).collect()
}

fn not_found(arn: &str) -> AwsError {
    if arn.splitn(6, ':').nth(5).is_some_and(|rest| rest.starts_with("resource-share-invitation/")) {
        return AwsError::new(
            "ResourceShareInvitationArnNotFoundException",
            format!("The specified Amazon Resource Name (ARN) {arn} for an invitation was not found."),
        );
    }
    malformed_arn(arn)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    #[serde(default)]
    resource_share_invitation_arns: Vec<String>,
    #[serde(default)]
    resource_share_arns: Vec<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: List = json_input(input)?;
    let page = Page::read(wish.max_results, wish.next_token.as_deref())?;
    let ctx = &*ctx;
    let received = received(ctx);
    for arn in &wish.resource_share_invitation_arns {
        if !received.contains_key(arn.as_str()) {
            return Err(not_found(arn));
        }
    }
    wish.resource_share_arns.iter().try_for_each(|arn| check_arn(arn))?;
    let is_one = |wanted: &[String], arn: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == arn);
    let found = received.into_iter().filter(|(arn, invitation)| {
        is_one(&wish.resource_share_invitation_arns, arn) && is_one(&wish.resource_share_arns, &invitation.share)
    });
    let rows = found.map(|(arn, invitation)| (arn.to_owned(), invitation.json(arn, ctx.now))).collect();
    Ok(page.answer("resourceShareInvitations", rows))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Answer {
    resource_share_invitation_arn: String,
    #[serde(rename = "clientToken")]
    _client_token: Option<String>,
}

fn answer(ctx: &mut Ctx<'_>, input: Value, accepted: bool) -> Result<Value> {
    let Answer { resource_share_invitation_arn: arn, .. } = json_input(input)?;
    let invitation = received(ctx).get(arn.as_str()).map(|found| Invitation::clone(found));
    let mut invitation = invitation.ok_or_else(|| not_found(&arn))?;
    let refused = |state: &str| {
        let code = format!("ResourceShareInvitation{state}Exception");
        Err(AwsError::new(code, format!("The invitation {arn} is {}.", invitation.status(ctx.now))))
    };
    match invitation.status(ctx.now) {
        "PENDING" => {}
        "ACCEPTED" => return refused("AlreadyAccepted"),
        "REJECTED" => return refused("AlreadyRejected"),
        _ => return refused("Expired"),
    }
    invitation.accepted = Some(accepted);
    let (now, soon) = (ctx.now, ctx.in_seconds(timing::ASSOCIATING));
    let theirs = &mut ctx.state.regional_mut(owner_of(&arn), ctx.region).ram;
    let share = theirs.shares.get_mut(&invitation.share);
    if let Some(principal) = share.and_then(|share| share.principals.get_mut(&invitation.receiver)) {
        principal.associated_at = accepted.then_some(soon);
        principal.rejected_at = (!accepted).then_some(now);
        principal.lapses = None;
    }
    let json = invitation.json(&arn, now);
    theirs.invitations.insert(arn, invitation);
    Ok(json!({ "resourceShareInvitation": json }))
}

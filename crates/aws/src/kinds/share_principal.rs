//! That another account receives a share. Outside our organisation it has to accept an invitation, which lapses; inside
//! an organisation that shares by itself there is none, and a tool that insists on one fails.

use aws_sdk_ram::types::{
    ResourceShareAssociation, ResourceShareAssociationStatus as Code, ResourceShareInvitationStatus,
};
use aws_smithy_types::{DateTime, date_time::Format};
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Replace, Request, Resource, State,
    Tags, theirs,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Share;
use crate::{
    aws::Aws,
    read::{need, not_seen},
};

/// An invitation can be accepted for this long (RAM user guide, "Accepting and rejecting resource share invitations").
const INVITATION: i64 = 7 * 24 * 3600;
/// Inside an organisation that shares by itself nobody has to accept anything; then it takes seconds.
const BY_ITSELF: i64 = 5 * 60;

/// The pair of share and account is the natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharePrincipal {
    /// Which share.
    pub share: Ref<Share>,
    /// Who receives it: 12 digits.
    pub account: String,
    /// Wished: true where we hold a role in that account and accept with it; `None` leaves it to them. Live: whether it
    /// has been accepted; `None` where nothing can be accepted.
    pub accepted: Option<bool>,
}

impl Resource for SharePrincipal {
    const NAME: &'static str = "share-principal";
}

impl Kind<Aws> for SharePrincipal {
    // A new invitation takes a new association.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ram:GetResourceShares", "ram:GetResourceShareAssociations"],
        create: &["ram:AssociateResourceShare"],
        update: &["sts:AssumeRole"],
        delete: &["ram:DisassociateResourceShare"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ram:GetResourceShareAssociations";
        let mut found = vec![];
        for member in aws.share_principals().await?.iter() {
            let Some((state, accepted)) = standing(member, aws.now()) else { continue };
            let share = need(member.resource_share_arn(), OPERATION, "resourceShareArn")?;
            let account = need(member.associated_entity(), OPERATION, "associatedEntity")?;
            let spec = SharePrincipal { share: Ref::id(share), account: account.into(), accepted };
            found.push(Live { id: key(share, account), owner: Owner::Parent, state, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.share.label(), self.account);
        Some(Natural { parent: self.share.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let SharePrincipal { share, account, accepted } = self;
        diff.replace("share", share, &live.share);
        diff.replace("account", account, &live.account);
        if live.accepted.is_some() {
            diff.in_place_if_said("accepted", accepted, &live.accepted);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, share) = (&cx.world, cx.id(&self.share)?);
        let call = aws.write().ram.associate_resource_share().resource_share_arn(&share).principals(&self.account);
        aws.call("ram:AssociateResourceShare", call.send()).await?;
        Ok(key(&share, &self.account))
    }

    /// Accepts the invitation with the role in their account.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        const READ: &str = "ram:GetResourceShareInvitations";
        let (share, account) = live.id.split_once('|').unwrap_or_default();
        let there = cx.world.in_account(account)?;
        let call = there.read().ram.get_resource_share_invitations().resource_share_arns(share).max_results(500);
        let pages = there.pages(READ, call.into_paginator().send()).await?;
        let open = pages
            .iter()
            .flat_map(|page| page.resource_share_invitations())
            .find(|invitation| invitation.status() == Some(&ResourceShareInvitationStatus::Pending))
            .and_then(|invitation| invitation.resource_share_invitation_arn())
            .ok_or_else(|| not_seen(READ, account, share))?;
        let call = there.write().ram.accept_resource_share_invitation().resource_share_invitation_arn(open);
        there.call("ram:AcceptResourceShareInvitation", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (share, account) = live.id.split_once('|').unwrap_or_default();
        let call = aws.write().ram.disassociate_resource_share().resource_share_arn(share).principals(account);
        aws.call("ram:DisassociateResourceShare", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else { return vec![] };
        let State::Theirs { refused, .. } = live.state else { return vec![] };
        if refused {
            return vec![Ask::account(&self.account, "reconsider-share").standing(&live.state)];
        }
        if self.accepted.is_some() {
            return vec![];
        }
        let (share, _) = live.id.split_once('|').unwrap_or_default();
        let find = json!({ "resourceShareArns": [share] });
        let accept = json!({ "resourceShareInvitationArn": theirs("invitation-of", share) });
        let ask = Ask::account(&self.account, "accept-share")
            .by(Request::new("ram", "GetResourceShareInvitations", find))
            .by(Request::new("ram", "AcceptResourceShareInvitation", accept));
        vec![ask.standing(&live.state)]
    }

    fn example() -> Self {
        SharePrincipal { share: Ref::to("tgw"), account: "111122223333".into(), accepted: Some(true) }
    }
}

fn key(share: &str, account: &str) -> String {
    format!("{share}|{account}")
}

/// Where it stands, and whether it has been accepted; `None` for a tombstone. Invitations are shown to the receiver only,
/// so that one has lapsed is told by the time that has gone by.
fn standing(member: &ResourceShareAssociation, now: i64) -> Option<(State, Option<bool>)> {
    let began = member.creation_time().map(DateTime::secs);
    let open_for = |until: i64| began.map_or(0, |began| until.saturating_sub(began));
    let since = || member.creation_time().and_then(|began| began.fmt(Format::DateTime).ok());
    let lapsed = || (State::Failed("invitation lapsed".into()), None);
    Some(match member.status() {
        Some(Code::Disassociated) => return None,
        Some(Code::Associated) => (State::Ready, Some(true)),
        Some(Code::Disassociating) => (State::Leaving, None),
        Some(Code::Associating) if open_for(now) >= INVITATION => lapsed(),
        Some(Code::Associating) if member.external() == Some(false) && open_for(now) < BY_ITSELF => {
            (State::Pending(Code::Associating.as_str().into()), None)
        }
        Some(Code::Associating) => (State::Theirs { refused: false, since: since() }, Some(false)),
        Some(Code::Failed) => match member.last_updated_time().map_or(now, DateTime::secs) {
            end if open_for(end) >= INVITATION => lapsed(),
            _ => (State::Theirs { refused: true, since: since() }, None),
        },
        other => (State::Pending(other.map_or("unknown", Code::as_str).into()), None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: i64 = 1_700_000_000;

    fn after(status: Code, seconds: i64) -> Option<(State, Option<bool>)> {
        let member = ResourceShareAssociation::builder().status(status).creation_time(DateTime::from_secs(BEGAN));
        standing(&member.external(true).last_updated_time(DateTime::from_secs(BEGAN + 60)).build(), BEGAN + seconds)
    }

    #[test]
    fn an_invitation_waits_for_seven_days_and_then_has_lapsed() {
        let since = Some("2023-11-14T22:13:20Z".to_string());
        let open = Some((State::Theirs { refused: false, since: since.clone() }, Some(false)));
        assert_eq!(after(Code::Associating, 0), open);
        assert_eq!(after(Code::Associating, INVITATION - 1), open);
        assert_eq!(after(Code::Associating, INVITATION), Some((State::Failed("invitation lapsed".into()), None)));
        // Refused within a minute, whenever we look.
        let refused = Some((State::Theirs { refused: true, since }, None));
        assert_eq!(after(Code::Failed, 2 * INVITATION), refused);
    }

    #[test]
    fn inside_an_organisation_it_comes_by_itself_or_else_waits() {
        let member = ResourceShareAssociation::builder().status(Code::Associating).external(false);
        let member = member.creation_time(DateTime::from_secs(BEGAN)).build();
        assert!(matches!(standing(&member, BEGAN + 10), Some((State::Pending(_), None))));
        assert!(matches!(
            standing(&member, BEGAN + BY_ITSELF),
            Some((State::Theirs { refused: false, .. }, Some(false)))
        ));
    }
}

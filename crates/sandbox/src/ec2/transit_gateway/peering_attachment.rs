//! Peering attachments: how they are requested and read. Rules: aws-facts section 1.2 "TGW peering attachment".
//!
//! Each side has a copy with tags of its own. Between Regions both have the same id; within a Region each side's
//! attachment has its own, and the accepter must find it (not documented; hashicorp/terraform-provider-aws issues 24677,
//! 28500 and 38027).

use serde::{Deserialize, Serialize};

use super::attachment::{Attachment, KIND};
use super::resource::{Resource, ResourceType};
use super::{switch, switched, timing};
use crate::account::is_account_id;
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortal;
use crate::ec2::{errors, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTransitGatewayPeeringAttachment", create),
    Operation::read("DescribeTransitGatewayPeeringAttachments", describe),
];

/// One side's copy. The two differ in nothing but `side`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeeringAttachment {
    pub side: Side,
    pub requester: Peer,
    pub accepter: Peer,
    pub dynamic_routing: bool,
    pub created: Moment,
    /// The accepter sees it from this moment on.
    pub arrives_at: Moment,
    /// None until it is accepted.
    pub available_at: Option<Moment>,
    pub end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    Requester,
    Accepter,
}

/// A gateway, where it is, and its attachment's id there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Peer {
    pub transit_gateway: String,
    pub owner: String,
    pub region: String,
    pub attachment: String,
}

/// When and how a peering ends, on both sides at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub at: Moment,
    pub how: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Deleted,
    Rejected,
    /// There is no such gateway to peer with.
    Failed,
}

impl Mortal for PeeringAttachment {
    fn ends_at(&self) -> Option<Moment> {
        self.end.map(|end| end.at)
    }
}

impl Peer {
    fn xml(&self) -> Xml {
        Xml::new()
            .text("transitGatewayId", &self.transit_gateway)
            .text("ownerId", &self.owner)
            .text("region", &self.region)
    }
}

impl PeeringAttachment {
    /// The gateway on the side that keeps this copy.
    pub fn local(&self) -> &Peer {
        match self.side {
            Side::Requester => &self.requester,
            Side::Accepter => &self.accepter,
        }
    }

    pub fn remote(&self) -> &Peer {
        match self.side {
            Side::Requester => &self.accepter,
            Side::Accepter => &self.requester,
        }
    }

    pub fn state(&self, now: Moment) -> &'static str {
        match (self.end, self.available_at) {
            (Some(End { at, how }), _) => match (how, now < at) {
                (Ending::Deleted, true) => "deleting",
                (Ending::Deleted, false) => "deleted",
                (Ending::Rejected, true) => "rejecting",
                (Ending::Rejected, false) => "rejected",
                (Ending::Failed, true) => "initiatingRequest",
                (Ending::Failed, false) => "failed",
            },
            (None, None) if now < self.arrives_at => "initiatingRequest",
            (None, None) => "pendingAcceptance",
            (None, Some(at)) if now < at => "pending",
            (None, Some(_)) => "available",
        }
    }

    /// What it has in common with attachments of other types: what is attached is the other side's gateway.
    pub fn view(&self, now: Moment) -> Attachment {
        Attachment {
            transit_gateway: self.local().transit_gateway.clone(),
            transit_gateway_owner: self.local().owner.clone(),
            resource: self.resource(),
            state: self.state(now),
            created: self.created,
        }
    }

    pub fn resource(&self) -> Resource {
        let Peer { transit_gateway, owner, .. } = self.remote();
        Resource { resource_type: ResourceType::Peering, id: transit_gateway.clone(), owner: owner.clone() }
    }

    fn is_between(&self, one: &Peer, other: &Peer) -> bool {
        let gateways = [&self.requester.transit_gateway, &self.accepter.transit_gateway];
        gateways == [&one.transit_gateway, &other.transit_gateway]
            || gateways == [&other.transit_gateway, &one.transit_gateway]
    }
}

/// The answer comes before AWS has asked the other Region or account, so a peer that is not there is no error: the
/// attachment fails soon afterwards (unverified; a refusal at once would be kinder).
fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let requester = Peer {
        transit_gateway: p.required("TransitGatewayId")?,
        owner: ctx.caller.account.clone(),
        region: ctx.region.to_owned(),
        attachment: String::new(),
    };
    let accepter = Peer {
        transit_gateway: p.required("PeerTransitGatewayId")?,
        owner: p.required("PeerAccountId")?,
        region: p.required("PeerRegion")?,
        attachment: String::new(),
    };
    let options = p.structure("Options");
    let dynamic_routing = options.map_or(Ok(None), |given| switch(&given, "DynamicRouting"))?.unwrap_or(false);
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    check(ctx, p, &requester, &accepter)?;

    let id = ctx.new_id(KIND.prefix);
    let same_region = requester.region == accepter.region;
    let other_id = if same_region { ctx.new_id(KIND.prefix) } else { id.clone() };
    let arrives_at = ctx.in_seconds(timing::PEERING_INITIATING);
    let there = &ctx.state.regional(&accepter.owner, &accepter.region).ec2.transit_gateways;
    let peer = there.living.get(&accepter.transit_gateway).filter(|gateway| gateway.state(ctx.now) == "available");
    let end = peer.is_none().then_some(End { at: arrives_at, how: Ending::Failed });
    let attachment = PeeringAttachment {
        side: Side::Requester,
        requester: Peer { attachment: id.clone(), ..requester },
        accepter: Peer { attachment: other_id, ..accepter },
        dynamic_routing,
        created: ctx.now,
        arrives_at,
        available_at: None,
        end,
    };
    if end.is_none() {
        let Peer { owner, region, attachment: id, .. } = &attachment.accepter;
        let there = &mut ctx.state.regional_mut(owner, region).ec2.transit_gateway_attachments;
        there.arriving.insert(id.clone(), PeeringAttachment { side: Side::Accepter, ..attachment.clone() });
    }
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, tags);
    ec2.transit_gateway_attachments.peerings.living.insert(id.clone(), attachment.clone());
    Ok(answer(ctx, &id, &attachment))
}

fn check(ctx: &Ctx<'_>, p: &Params, requester: &Peer, accepter: &Peer) -> Result<()> {
    super::gateway::usable(ctx, &requester.transit_gateway)?;
    if requester.transit_gateway == accepter.transit_gateway {
        let why = "A transit gateway cannot be peered with itself.";
        return Err(p.invalid("PeerTransitGatewayId", &accepter.transit_gateway, why));
    }
    if !is_account_id(&accepter.owner) {
        return Err(p.invalid("PeerAccountId", &accepter.owner, "It must have 12 digits."));
    }
    if !region::exists(&accepter.region) {
        return Err(p.invalid("PeerRegion", &accepter.region, "There is no such Region."));
    }
    let attachments = &ctx.ec2().transit_gateway_attachments;
    let living = || attachments.peerings.living.values().chain(attachments.arriving.values());
    if living().any(|other| other.is_between(requester, accepter)) {
        // One peering per pair (aws-facts section 1.2). The code, that of VPC attachments, is unverified.
        return Err(AwsError::new(
            "DuplicateTransitGatewayAttachment",
            format!("{} and {} are peered already.", requester.transit_gateway, accepter.transit_gateway),
        ));
    }
    // DOC (transit gateway user guide, "Quotas"): 50 for a gateway, 10 of them pending. The codes are unverified.
    let ours = living().filter(|other| other.local().transit_gateway == requester.transit_gateway);
    let pending = ours.clone().filter(|other| other.available_at.is_none() && other.end.is_none());
    if ours.count() >= ctx.quotas.transit_gateway_peerings
        || pending.count() >= ctx.quotas.pending_transit_gateway_peerings
    {
        return Err(errors::quota("TransitGatewayAttachmentLimitExceeded", "peerings of this transit gateway"));
    }
    Ok(())
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let listed = ctx.ec2().transit_gateway_attachments.peerings.listed();
    let found = Describe {
        kind: &KIND,
        ids: "TransitGatewayAttachmentIds",
        filters: "Filter",
        known: &[
            "local-owner-id",
            "remote-owner-id",
            "state",
            "tag",
            "tag-key",
            "transit-gateway-attachment-id",
            "transit-gateway-id",
        ],
        page: 5..=1000,
    }
    .select(p, ctx.ec2(), &listed, |id, attachment, name| {
        let one = match name {
            "local-owner-id" => &attachment.local().owner,
            "remote-owner-id" => &attachment.remote().owner,
            "state" => attachment.state(ctx.now),
            "transit-gateway-id" => &attachment.local().transit_gateway,
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("transitGatewayPeeringAttachments", |id, attachment| xml(ctx, id, attachment)))
}

/// What all four writes answer.
pub(super) fn answer(ctx: &Ctx<'_>, id: &str, attachment: &PeeringAttachment) -> Xml {
    Xml::new().nest("transitGatewayPeeringAttachment", xml(ctx, id, attachment))
}

/// Without AccepterTransitGatewayAttachmentId: when AWS tells it, is not documented, so nobody can rely on it here.
fn xml(ctx: &Ctx<'_>, id: &str, attachment: &PeeringAttachment) -> Xml {
    let state = attachment.state(ctx.now);
    let status = match state {
        "failed" => Xml::new()
            .text("code", "failed")
            .text("message", "The peer transit gateway does not exist or is not available."),
        state => Xml::new().text("code", state),
    };
    Xml::new()
        .text("transitGatewayAttachmentId", id)
        .nest("requesterTgwInfo", attachment.requester.xml())
        .nest("accepterTgwInfo", attachment.accepter.xml())
        .nest("options", Xml::new().text("dynamicRouting", switched(attachment.dynamic_routing)))
        .nest("status", status)
        .text("state", state)
        .value("creationTime", attachment.created)
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

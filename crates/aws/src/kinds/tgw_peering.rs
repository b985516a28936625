//! The peering of our transit gateway with another party's, in this Region or another. Whoever requests it, the other
//! side accepts. What goes over it is routed statically.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    Filter, PeeringTgwInfo, ResourceType, TransitGatewayAttachmentState as Code, TransitGatewayPeeringAttachment,
};
use aws_smithy_types::date_time::Format;
use futures::future::try_join_all;
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Removal, Replace, Request, Resource,
    State, Tags, theirs,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Tgw,
    foreign_attachment::MADE_BY,
    tgw_attachment,
    tgw_peering_there::{Seen, is_made_by_us, look},
};
use crate::{
    aws::Aws,
    read::{need, not_seen},
    tags,
};

/// Found by the pair of gateways: AWS takes one peering a pair. Tags are per side; ours are labels and no claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwPeering {
    /// Ours.
    pub tgw: Ref<Tgw>,
    /// Where ours is, for whoever has to request it: 12 digits.
    pub our_account: String,
    /// As `our_account`.
    pub our_region: String,
    /// Theirs.
    pub peer: String,
    /// Whose the peer is: 12 digits.
    pub account: String,
    /// Where the peer is.
    pub region: String,
    /// Who requests it while it is not there.
    pub initiator: Initiator,
    /// Wished: true where we hold a role in their account and accept with it what we requested; `None` leaves it to them.
    /// What they request, we accept. Live: whether it has been accepted; `None` where nothing can be accepted.
    pub accepted: Option<bool>,
    /// For people who look at it in our console.
    pub labels: Tags,
    /// Destinations for which some table of their gateway must lead to us, and they add the routes: where a role lets us see
    /// them. Live: those that are there; `None` where we do not see their tables.
    pub routes: Option<BTreeSet<Ipv4Net>>,
}

/// A side of a peering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initiator {
    /// We ask, they accept.
    Us,
    /// They ask, we accept.
    Them,
    /// We ask with a role in their account, because the asking is theirs, and accept. Live: we did.
    OnTheirBehalf,
}

impl Resource for TgwPeering {
    const NAME: &'static str = "tgw-peering";
}

impl Kind<Aws> for TgwPeering {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayPeeringAttachments", "ec2:DescribeTransitGateways", "sts:AssumeRole"],
        create: &["ec2:CreateTransitGatewayPeeringAttachment", "ec2:CreateTags", "sts:AssumeRole"],
        update: &["ec2:AcceptTransitGatewayPeeringAttachment", "ec2:CreateTags", "sts:AssumeRole"],
        delete: &["ec2:RejectTransitGatewayPeeringAttachment", "ec2:DeleteTransitGatewayPeeringAttachment"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (gateways, peerings) = futures::try_join!(aws.transit_gateways(), aws.tgw_peerings())?;
        let is_ours = |id: &str| gateways.iter().any(|gateway| gateway.transit_gateway_id() == Some(id));
        let found: Result<Vec<_>, Failure> =
            peerings.iter().filter_map(|peering| read(peering, aws, &is_ours).transpose()).collect();
        let mut found = found?;
        let seen: Vec<Seen> = try_join_all(found.iter().map(|live| look(aws, live))).await?;
        for (live, Seen { made_by_us, routes }) in found.iter_mut().zip(seen) {
            live.spec.routes = routes;
            if (made_by_us || is_made_by_us(&live.spec.labels)) && live.spec.initiator == Initiator::Them {
                live.spec.initiator = Initiator::OnTheirBehalf;
            }
        }
        // A refusal stays listed beside the request that came after it.
        let is_outlived = |one: &Live<Self>| {
            let again = |other: &&Live<Self>| other.id != one.id && other.spec.is_between(&one.spec);
            is_refused(&one.state) && (aws.is_put_aside(&one.id) || found.iter().any(|other| again(&other)))
        };
        Ok(found.iter().filter(|one| !is_outlived(one)).cloned().collect())
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.tgw.label(), self.peer);
        Some(Natural { parent: self.tgw.target().clone(), name })
    }

    /// Who requested it does not matter once it is there; `routes` are the other party's, see [`asks`](Self::asks).
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwPeering {
            tgw,
            our_account,
            our_region,
            peer,
            account,
            region,
            initiator: _,
            accepted,
            labels: _,
            routes: _,
        } = self;
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("our_account", our_account, &live.our_account);
        diff.replace("our_region", our_region, &live.our_region);
        diff.replace("peer", peer, &live.peer);
        diff.replace("account", account, &live.account);
        diff.replace("region", region, &live.region);
        match live.initiator {
            Initiator::Them | Initiator::OnTheirBehalf => diff.in_place("accepted", &Some(true), &live.accepted),
            Initiator::Us if live.accepted.is_some() => diff.in_place_if_said("accepted", accepted, &live.accepted),
            Initiator::Us => {}
        }
        let labels = self.labels(live);
        let have = live.labels.iter().filter(|(key, _)| labels.contains_key(*key));
        diff.in_place("labels", &labels, &have.map(|(key, value)| (key.clone(), value.clone())).collect());
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGatewayPeeringAttachment";
        if self.initiator == Initiator::OnTheirBehalf {
            return self.request_from_there(cx).await;
        }
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_transit_gateway_peering_attachment()
            .transit_gateway_id(cx.id(&self.tgw)?)
            .peer_transit_gateway_id(&self.peer)
            .peer_account_id(&self.account)
            .peer_region(&self.region)
            .tag_specifications(tags::specification(ResourceType::TransitGatewayAttachment, &self.labels));
        let made = aws.call(OPERATION, call.send()).await?;
        let id = made.transit_gateway_peering_attachment.and_then(|a| a.transit_gateway_attachment_id);
        need(id, OPERATION, "transitGatewayAttachmentId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let aws = &cx.world;
        let labels: Tags = self
            .labels(&live.spec)
            .into_iter()
            .filter(|(key, value)| live.spec.labels.get(key) != Some(value))
            .collect();
        if !labels.is_empty() {
            tags::retag_ec2(&live.id, &labels, aws).await?;
        }
        match (live.spec.initiator, live.spec.accepted) {
            (Initiator::Them | Initiator::OnTheirBehalf, Some(false)) => accept(aws, &live.id).await,
            (Initiator::Us, Some(false)) if self.accepted == Some(true) => {
                let there = aws.in_account_region(&self.account, &self.region)?;
                accept(&there, &self.request_there(&there, &cx.id(&self.tgw)?).await?).await
            }
            _ => Ok(()),
        }
    }

    /// Either side may; what they requested and we have not accepted is refused. AWS cannot delete a refusal: it stays listed
    /// for about an hour.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        if is_refused(&live.state) {
            aws.put_aside(&live.id);
            return Ok(());
        }
        if live.spec.is_their_request() {
            let call =
                aws.write().ec2.reject_transit_gateway_peering_attachment().transit_gateway_attachment_id(&live.id);
            return aws.call("ec2:RejectTransitGatewayPeeringAttachment", call.send()).await.map(drop);
        }
        let call = aws.write().ec2.delete_transit_gateway_peering_attachment().transit_gateway_attachment_id(&live.id);
        aws.call("ec2:DeleteTransitGatewayPeeringAttachment", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its labels are part of the spec
    }

    fn is_theirs(&self) -> bool {
        self.initiator == Initiator::Them
    }

    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        match live {
            Some(live) if is_refused(&live.state) => {
                vec![Ask::account(&self.account, "reconsider-peering").standing(&live.state)]
            }
            Some(live) if matches!(live.state, State::Theirs { .. }) && self.accepted.is_none() => {
                let mut ask = Ask::account(&self.account, "accept-peering");
                for call in self.to_accept(&live.id) {
                    ask = ask.by(call);
                }
                vec![ask.standing(&live.state)]
            }
            None if self.initiator == Initiator::Them => {
                let ask = Ask::account(&self.account, "request-peering");
                let request = |tgw: String| {
                    let input = json!({
                        "TransitGatewayId": self.peer,
                        "PeerTransitGatewayId": tgw,
                        "PeerAccountId": self.our_account,
                        "PeerRegion": self.our_region,
                    });
                    self.there("CreateTransitGatewayPeeringAttachment", input)
                };
                vec![match known.id(&self.tgw) {
                    Some(tgw) => ask.by(request(tgw)),
                    None => ask,
                }]
            }
            Some(live) => self.ask_for_routes(live).into_iter().collect(),
            None => vec![],
        }
    }

    fn removal(live: &Live<Self>) -> Removal {
        if live.spec.is_their_request() {
            return Removal::Refused;
        }
        let TgwPeering { account, .. } = &live.spec;
        let mut ask = Ask::account(account, "delete-peering");
        for call in live.spec.with_attachment(&live.id, "DeleteTransitGatewayPeeringAttachment") {
            ask = ask.by(call);
        }
        Removal::Asked(ask)
    }

    fn example() -> Self {
        TgwPeering {
            tgw: Ref::to("main"),
            our_account: "444455556666".into(),
            our_region: "ap-northeast-1".into(),
            peer: "tgw-0a1b2c3d4e5f60718".into(),
            account: "111122223333".into(),
            region: "ap-northeast-3".into(),
            initiator: Initiator::Us,
            accepted: Some(true),
            labels: [("Name".to_string(), "naruto-prod-juki".to_string())].into(),
            routes: Some([Ipv4Net::new_assert([10, 2, 0, 0].into(), 16)].into()),
        }
    }
}

impl TgwPeering {
    /// It was asked from their side, and we have not accepted: it can be refused, and not deleted.
    fn is_their_request(&self) -> bool {
        self.initiator != Initiator::Us && self.accepted == Some(false)
    }

    fn is_between(&self, other: &Self) -> bool {
        (&self.tgw, &self.peer) == (&other.tgw, &other.peer)
    }

    /// What our own labels on it should be.
    fn labels(&self, live: &Self) -> Tags {
        let mut labels = self.labels.clone();
        if live.initiator == Initiator::OnTheirBehalf {
            labels.insert(MADE_BY.0.into(), MADE_BY.1.into());
        }
        labels
    }

    /// Which of their tables are in use, only they know: one that leads to us is enough.
    fn ask_for_routes(&self, live: &Live<Self>) -> Option<Ask> {
        let mut missing = self.routes.as_ref()?.difference(live.spec.routes.as_ref()?).peekable();
        missing.peek()?;
        let attachment = (self.region != self.our_region).then_some(live.id.as_str());
        let add = |destination: &Ipv4Net| Self::route_by_hand(&self.peer, &self.region, attachment, *destination);
        let ask = Ask::account(&self.account, "add-peer-routes");
        Some(missing.fold(ask, |ask, destination| ask.by(add(destination))))
    }

    /// A call of theirs, where their gateway is.
    fn there(&self, operation: &str, input: serde_json::Value) -> Request {
        Request { region: Some(self.region.clone()), ..Request::new("ec2", operation, input) }
    }

    fn to_accept(&self, id: &str) -> Vec<Request> {
        self.with_attachment(id, "AcceptTransitGatewayPeeringAttachment")
    }

    /// A call of theirs on their end of it. Between two Regions both ends have one id; within a Region each has its own, and
    /// they must find theirs (hashicorp/terraform-provider-aws issues 24677, 28500).
    fn with_attachment(&self, id: &str, operation: &str) -> Vec<Request> {
        if self.region != self.our_region {
            return vec![self.there(operation, json!({ "TransitGatewayAttachmentId": id }))];
        }
        let filters = json!([{ "Name": "transit-gateway-id", "Values": [self.peer] }]);
        let input = json!({ "TransitGatewayAttachmentId": theirs("peering-of", &self.peer) });
        vec![
            self.there("DescribeTransitGatewayPeeringAttachments", json!({ "Filters": filters })),
            self.there(operation, input),
        ]
    }

    /// The call with which the owner of `peer` routes to us through the peering; `attachment` is absent where only they
    /// know its id, which is within a Region.
    pub fn route_by_hand(peer: &str, region: &str, attachment: Option<&str>, destination: Ipv4Net) -> Request {
        let input = json!({
            "TransitGatewayRouteTableId": theirs("tgw-route-table-of", peer),
            "DestinationCidrBlock": destination,
            "TransitGatewayAttachmentId": attachment.map_or_else(|| theirs("peering-with", peer), Into::into),
        });
        Request { region: Some(region.into()), ..Request::new("ec2", "CreateTransitGatewayRoute", input) }
    }

    /// The id of our request as their account sees it, to accept it there.
    async fn request_there(&self, there: &Aws, ours: &str) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:DescribeTransitGatewayPeeringAttachments";
        let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
        let call = there.read().ec2.describe_transit_gateway_peering_attachments().max_results(1000);
        let call = call.filters(filter("transit-gateway-id", &self.peer));
        let call = call.filters(filter("state", Code::PendingAcceptance.as_str()));
        let pages = there.pages(OPERATION, call.into_paginator().send()).await?;
        let from_us = |peering: &&TransitGatewayPeeringAttachment| gateway(peering.requester_tgw_info()) == Some(ours);
        let request = pages.iter().flat_map(|page| page.transit_gateway_peering_attachments()).find(from_us);
        let id = request.and_then(|request| request.transit_gateway_attachment_id());
        id.map(String::from).ok_or_else(|| not_seen(OPERATION, &self.account, &format!("{ours} - {}", self.peer)))
    }
}

async fn accept(aws: &Aws, id: &str) -> Result<(), Failure> {
    let call = aws.write().ec2.accept_transit_gateway_peering_attachment().transit_gateway_attachment_id(id);
    aws.call("ec2:AcceptTransitGatewayPeeringAttachment", call.send()).await.map(drop)
}

fn is_refused(state: &State) -> bool {
    matches!(state, State::Theirs { refused: true, .. })
}

pub(super) fn gateway(info: Option<&PeeringTgwInfo>) -> Option<&str> {
    info?.transit_gateway_id()
}

/// Whoever asked.
pub(super) fn is_between(peering: &TransitGatewayPeeringAttachment, one: &str, other: &str) -> bool {
    let ends = [gateway(peering.requester_tgw_info()), gateway(peering.accepter_tgw_info())];
    ends == [Some(one), Some(other)] || ends == [Some(other), Some(one)]
}

fn read(
    peering: &TransitGatewayPeeringAttachment,
    aws: &Aws,
    is_ours: &impl Fn(&str) -> bool,
) -> Result<Option<Live<TgwPeering>>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGatewayPeeringAttachments";
    let requester = need(peering.requester_tgw_info(), OPERATION, "requesterTgwInfo")?;
    let accepter = need(peering.accepter_tgw_info(), OPERATION, "accepterTgwInfo")?;
    let is_ours = |info| gateway(Some(info)).is_some_and(is_ours);
    let (initiator, tgw, peer) = match (is_ours(requester), is_ours(accepter)) {
        (true, _) => (Initiator::Us, requester, accepter),
        (false, true) => (Initiator::Them, accepter, requester),
        (false, false) => return Ok(None),
    };
    let since = || peering.creation_time().and_then(|at| at.fmt(Format::DateTime).ok());
    let (state, accepted) = match (initiator, peering.state()) {
        (Initiator::Us, Some(Code::PendingAcceptance)) => {
            (State::Theirs { refused: false, since: since() }, Some(false))
        }
        // To accept is our move, so it is nothing to wait for.
        (Initiator::Them, Some(Code::PendingAcceptance)) => (State::Ready, Some(false)),
        (Initiator::Us, Some(Code::Rejected)) => (State::Theirs { refused: true, since: since() }, None),
        (_, code) => match tgw_attachment::state(code) {
            Some(state) => (state, Some(true)),
            None => return Ok(None),
        },
    };
    Ok(Some(Live {
        id: need(peering.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?.into(),
        owner: Owner::Parent,
        state,
        spec: TgwPeering {
            tgw: Ref::id(need(tgw.transit_gateway_id(), OPERATION, "transitGatewayId")?),
            our_account: aws.account().into(),
            our_region: aws.region().into(),
            peer: need(peer.transit_gateway_id(), OPERATION, "transitGatewayId")?.into(),
            account: need(peer.owner_id(), OPERATION, "ownerId")?.into(),
            region: need(peer.region(), OPERATION, "region")?.into(),
            initiator,
            accepted,
            labels: tags::from_ec2(peering.tags()),
            routes: None,
        },
    }))
}

//! The far side of a peering, with a role in the account of the other gateway: what is seen there, and what is asked for from
//! there.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    Filter, ResourceType, TransitGatewayAttachmentState as Code, TransitGatewayPeeringAttachment,
    TransitGatewayRouteState,
};
use futures::future::try_join_all;
use gcnet_core::{Context, Failure, Live, State, Tags, World};
use ipnet::Ipv4Net;

use super::{
    TgwPeering,
    foreign_attachment::MADE_BY,
    tgw_peering::{gateway, is_between},
};
use crate::{
    aws::Aws,
    read::{need, not_seen, parse},
    tags,
};

/// What a role shows of the far side.
#[derive(Default)]
pub(super) struct Seen {
    /// The request carries our mark there. Ours gets it later, and a run may die in between.
    pub(super) made_by_us: bool,
    /// See [`TgwPeering::routes`].
    pub(super) routes: Option<BTreeSet<Ipv4Net>>,
}

/// Nothing where no role lets us look.
pub(super) async fn look(aws: &Aws, live: &Live<TgwPeering>) -> Result<Seen, Failure> {
    let TgwPeering { account, region, .. } = &live.spec;
    if !aws.others().any(|other| other == account) {
        return Ok(Seen::default());
    }
    let seen = async {
        let there = aws.in_account_region(account, region)?;
        let Some(peering) = live.spec.standing_there(&there, live.spec.tgw.label()).await? else {
            return Ok(Seen::default());
        };
        let made_by_us = is_made_by_us(&tags::from_ec2(peering.tags()));
        let is_up = live.state == State::Ready && peering.state() == Some(&Code::Available);
        let routes = match peering.transit_gateway_attachment_id().filter(|_| is_up) {
            Some(attachment) => Some(routes_over(&there, &live.spec.peer, attachment).await?),
            None => None,
        };
        Ok(Seen { made_by_us, routes })
    };
    aws.as_far_as_allowed(account, seen.await)
}

pub(super) fn is_made_by_us(labels: &Tags) -> bool {
    labels.get(MADE_BY.0).is_some_and(|by| by == MADE_BY.1)
}

impl TgwPeering {
    /// Asks from their side, and answers the id that the request has on ours. May be called again: what is there already is
    /// not asked for twice.
    pub(super) async fn request_from_there(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGatewayPeeringAttachment";
        let tgw = cx.id(&self.tgw)?;
        if let Some(id) = self.request_here(&cx.world, &tgw).await? {
            return Ok(id);
        }
        let there = cx.world.in_account_region(&self.account, &self.region)?;
        if self.standing_there(&there, &tgw).await?.is_none() {
            let mut tags = Tags::from([(MADE_BY.0.into(), MADE_BY.1.into())]);
            tags.extend(self.labels.get_key_value("Name").map(|(key, name)| (key.clone(), name.clone())));
            let call = there
                .write()
                .ec2
                .create_transit_gateway_peering_attachment()
                .transit_gateway_id(&self.peer)
                .peer_transit_gateway_id(&tgw)
                .peer_account_id(&self.our_account)
                .peer_region(&self.our_region)
                .tag_specifications(tags::specification(ResourceType::TransitGatewayAttachment, &tags));
            there.call(OPERATION, call.send()).await?;
        }
        let request = self.request_here(&cx.world, &tgw).await?;
        request.ok_or_else(|| not_seen(OPERATION, &self.our_account, &format!("{} - {tgw}", self.peer)))
    }

    /// Their request, by its id in our account.
    async fn request_here(&self, aws: &Aws, tgw: &str) -> Result<Option<String>, Failure> {
        let peerings = aws.fresh().tgw_peerings().await?;
        let theirs = |peering: &&TransitGatewayPeeringAttachment| {
            gateway(peering.requester_tgw_info()) == Some(&self.peer)
                && gateway(peering.accepter_tgw_info()) == Some(tgw)
                && stands(peering)
        };
        let request = peerings.iter().find(theirs);
        Ok(request.and_then(|request| request.transit_gateway_attachment_id()).map(String::from))
    }

    /// The peering as their account has it, whoever asked for it.
    pub(super) async fn standing_there(
        &self,
        there: &Aws,
        tgw: &str,
    ) -> Result<Option<TransitGatewayPeeringAttachment>, Failure> {
        const OPERATION: &str = "ec2:DescribeTransitGatewayPeeringAttachments";
        let of = Filter::builder().name("transit-gateway-id").values(&self.peer).build();
        let call = there.read().ec2.describe_transit_gateway_peering_attachments().max_results(1000).filters(of);
        let pages = there.pages(OPERATION, call.into_paginator().send()).await?;
        let peerings = pages.into_iter().flat_map(|page| page.transit_gateway_peering_attachments.unwrap_or_default());
        let mut standing = peerings.filter(|peering| is_between(peering, tgw, &self.peer) && stands(peering));
        Ok(standing.next())
    }
}

/// It is no tombstone and no failure.
fn stands(peering: &TransitGatewayPeeringAttachment) -> bool {
    let standing = [Code::InitiatingRequest, Code::PendingAcceptance, Code::Pending, Code::Available, Code::Modifying];
    peering.state().is_some_and(|state| standing.contains(state))
}

/// Where the tables of a gateway lead over one of its attachments.
async fn routes_over(there: &Aws, tgw: &str, attachment: &str) -> Result<BTreeSet<Ipv4Net>, Failure> {
    const TABLES: &str = "ec2:DescribeTransitGatewayRouteTables";
    let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
    let of = filter("transit-gateway-id", tgw);
    let call = there.read().ec2.describe_transit_gateway_route_tables().max_results(1000).filters(of);
    let pages = there.pages(TABLES, call.into_paginator().send()).await?;
    let tables = pages.iter().flat_map(|page| page.transit_gateway_route_tables());
    let over = async |table: &str| {
        const ROUTES: &str = "ec2:SearchTransitGatewayRoutes";
        let call = there.read().ec2.search_transit_gateway_routes().transit_gateway_route_table_id(table);
        let call = call.filters(filter("attachment.transit-gateway-attachment-id", attachment)).max_results(1000);
        let pages = there.pages(ROUTES, call.into_paginator().send()).await?;
        // What is not in the answer would be asked for although it is there.
        if pages.iter().any(|page| page.additional_routes_available() == Some(true) && page.next_token().is_none()) {
            need(None::<()>, ROUTES, "page token although there are more routes")?;
        }
        let active = pages
            .iter()
            .flat_map(|page| page.routes())
            .filter(|route| route.state() == Some(&TransitGatewayRouteState::Active));
        // Of IPv6 nothing is planned.
        let destinations = active.filter_map(|route| route.destination_cidr_block()).filter(|cidr| !cidr.contains(':'));
        destinations.map(|cidr| parse(cidr, ROUTES)).collect::<Result<Vec<Ipv4Net>, Failure>>()
    };
    let tables = tables.filter_map(|table| table.transit_gateway_route_table_id());
    Ok(try_join_all(tables.map(over)).await?.into_iter().flatten().collect())
}

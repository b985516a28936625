//! Attachments of every type, as one account sees them.
//!
//! Each type has a file and a store of its own, with its own operations and states. What any attachment can do (be
//! listed, be associated, propagate, be at the end of a route, hold its gateway) looks at none of them but at
//! [`Attachment`], a view that is made of whichever store knows the id:
//!
//! | type | store | kept by | file |
//! |---|---|---|---|
//! | `vpc` | `own`, `guests` | the VPC's account; the gateway's has a [`Guest`] | vpc_attachment.rs, guest.rs |
//! | `peering` | `peerings`, `arriving` | each side a copy | peering_attachment.rs |
//! | `direct-connect-gateway` | `direct_connect` | the transit gateway's account | direct_connect_attachment.rs |
//!
//! Another type is: a variant of [`ResourceType`]; a store, as a field of [`Attachments`] with a line in `settle`,
//! `to_gateway`, `has` and `ids`; a `view` of its objects, in [`seen`] and in [`listed`]; and what it propagates, in
//! [`blocks`]. When one becomes available its file calls [`settle_in`], and when one ends, [`end`], each with the EC2 of
//! the account and Region that own the gateway.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::direct_connect_attachment::DirectConnectAttachment;
use super::guest::{self, Guest};
use super::peering_attachment::PeeringAttachment;
use super::resource::{Resource, ResourceType};
use super::vpc_attachment::VpcAttachment;
use super::{association, incorrect_state, propagation};
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortals;
use crate::ec2::{Ec2, Kind, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};
use crate::store::{Keys, State, Table};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeTransitGatewayAttachments", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "transit-gateway-attachment",
    prefix: "tgw-attach",
    not_found: "InvalidTransitGatewayAttachmentID.NotFound",
    rows: |ec2| &ec2.transit_gateway_attachments,
};

/// What an account keeps or knows of attachments in a Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Attachments {
    pub own: Mortals<VpcAttachment>,
    pub guests: Mortals<Guest>,
    pub peerings: Mortals<PeeringAttachment>,
    /// Requested peerings that this side, the accepter's, does not see yet.
    pub arriving: Table<PeeringAttachment>,
    pub direct_connect: Mortals<DirectConnectAttachment>,
}

/// An attachment of any type, at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub transit_gateway: String,
    pub transit_gateway_owner: String,
    pub resource: Resource,
    pub state: &'static str,
    pub created: Moment,
}

impl Attachment {
    /// Whether packets pass it.
    pub fn carries_traffic(&self) -> bool {
        matches!(self.state, "available" | "modifying")
    }
}

impl Attachments {
    pub fn settle(&mut self, now: Moment) -> Vec<String> {
        let mut forgotten = self.own.settle(now);
        forgotten.extend(self.guests.settle(now));
        let arrived = self.arriving.iter().filter(|(_, peering)| peering.arrives_at <= now);
        let arrived: Vec<_> = arrived.map(|(id, peering)| (id.clone(), peering.clone())).collect();
        for (id, peering) in arrived {
            self.arriving.remove(&id);
            self.peerings.living.insert(id, peering);
        }
        forgotten.extend(self.peerings.settle(now));
        forgotten.extend(self.direct_connect.settle(now));
        forgotten
    }

    /// The ids of those that are not deleted.
    pub fn to_gateway(&self, gateway: &str) -> Vec<&str> {
        let own = self.own.living.iter().filter(|(_, own)| own.transit_gateway == gateway);
        let guests = self.guests.living.iter().filter(|(_, guest)| guest.transit_gateway == gateway);
        let peerings = self.peerings.living.iter().chain(self.arriving.iter());
        let peerings = peerings.filter(|(_, peering)| peering.local().transit_gateway == gateway);
        let lines = self.direct_connect.living.iter().filter(|(_, line)| line.transit_gateway == gateway);
        let ids = own.map(|(id, _)| id).chain(guests.map(|(id, _)| id)).chain(peerings.map(|(id, _)| id));
        let ids = ids.chain(lines.map(|(id, _)| id));
        ids.map(String::as_str).collect()
    }
}

impl Keys for Attachments {
    fn has(&self, id: &str) -> bool {
        self.own.has(id) || self.guests.has(id) || self.peerings.has(id) || self.direct_connect.has(id)
    }

    fn ids(&self) -> Vec<&str> {
        let mut ids = self.own.ids();
        ids.extend(self.guests.ids());
        ids.extend(self.peerings.ids());
        ids.extend(self.direct_connect.ids());
        ids
    }
}

/// The living attachment that a caller names.
pub(super) fn find(ctx: &Ctx<'_>, id: &str) -> Result<Attachment> {
    seen(ctx.state, &ctx.caller.account, ctx.region, id, ctx.now).ok_or_else(|| KIND.missing(id))
}

/// A living attachment as an account sees it.
fn seen(state: &State, account: &str, region: &str, id: &str, now: Moment) -> Option<Attachment> {
    let attachments = &state.regional(account, region).ec2.transit_gateway_attachments;
    let vpc = guest::seen(state, account, region, id).map(|attachment| attachment.view(now));
    vpc.or_else(|| attachments.peerings.living.get(id).map(|attachment| attachment.view(now)))
        .or_else(|| attachments.direct_connect.living.get(id).map(|attachment| attachment.view(now)))
}

/// All that the caller sees, tombstones included.
fn listed(ctx: &Ctx<'_>) -> BTreeMap<String, Attachment> {
    let attachments = &ctx.ec2().transit_gateway_attachments;
    let vpcs = guest::listed(ctx).into_iter().map(|(id, attachment)| (id, attachment.view(ctx.now)));
    let peerings = attachments.peerings.listed().into_iter().map(|(id, attachment)| (id, attachment.view(ctx.now)));
    let lines = attachments.direct_connect.listed().into_iter();
    let lines = lines.map(|(id, attachment)| (id, attachment.view(ctx.now)));
    vpcs.chain(peerings).chain(lines).collect()
}

/// The blocks that an attachment propagates.
pub(super) fn blocks(ctx: &Ctx<'_>, resource: &Resource) -> Vec<Ipv4Net> {
    match resource.resource_type {
        ResourceType::Vpc => {
            let vpcs = &ctx.state.regional(&resource.owner, ctx.region).ec2.vpcs;
            vpcs.get(&resource.id).into_iter().flat_map(|vpc| vpc.routed_blocks(ctx.now)).collect()
        }
        ResourceType::DirectConnectGateway => ctx.state.direct_connect.learned(&resource.id),
        ResourceType::Peering => Vec::new(),
    }
}

/// An attachment for a table of the caller's: it must be of the same gateway, and available.
pub(super) fn for_table(ctx: &Ctx<'_>, id: &str, gateway: &str) -> Result<Attachment> {
    let attachment = find(ctx, id)?;
    if attachment.transit_gateway != gateway {
        return Err(AwsError::new(
            "InvalidParameterValue",
            format!("The attachment {id} and the route table belong to different transit gateways."),
        ));
    }
    match attachment.state {
        "available" => Ok(attachment),
        state => Err(incorrect_state(id, state)),
    }
}

/// What follows by default from becoming available.
pub(super) fn settle_in(ec2: &mut Ec2, gateway: &str, id: &str, resource: &Resource, from: Moment) {
    let Some(gateway) = ec2.transit_gateways.living.get(gateway) else {
        return;
    };
    let (associates, propagates) =
        (gateway.options.association_table.clone(), gateway.options.propagation_table.clone());
    if let Some(table) = associates {
        association::begin(ec2, &table, id, resource.clone(), from);
    }
    if let Some(table) = propagates
        && resource.resource_type != ResourceType::Peering
    {
        propagation::begin(ec2, &table, id, resource.clone(), from);
    }
}

/// Ends what hangs on an attachment. Static routes to it stay and become black holes.
pub(super) fn end(ec2: &mut Ec2, id: &str, at: Moment) {
    association::end(ec2, id, at);
    propagation::end_all(ec2, id, at);
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let associations = &ec2.transit_gateway_associations;
    let association = |id: &str| Some((associations.get(id)?, associations.get(id)?.state(ctx.now)?));
    let listed = listed(ctx);
    // No tag filters: none are documented (aws-facts section 1.1).
    let found = Describe {
        kind: &KIND,
        ids: "TransitGatewayAttachmentIds",
        filters: "Filter",
        known: &[
            "association.state",
            "association.transit-gateway-route-table-id",
            "resource-id",
            "resource-owner-id",
            "resource-type",
            "state",
            "transit-gateway-attachment-id",
            "transit-gateway-id",
            "transit-gateway-owner-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &listed, |id, attachment, name| {
        let one = match name {
            "association.state" => return association(id).map(|(_, state)| state.to_owned()).into_iter().collect(),
            "association.transit-gateway-route-table-id" => {
                return association(id).map(|(association, _)| association.table.clone()).into_iter().collect();
            }
            "resource-id" => &attachment.resource.id,
            "resource-owner-id" => &attachment.resource.owner,
            "resource-type" => attachment.resource.resource_type.as_str(),
            "state" => attachment.state,
            "transit-gateway-id" => &attachment.transit_gateway,
            "transit-gateway-owner-id" => &attachment.transit_gateway_owner,
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("transitGatewayAttachments", |id, attachment| {
        let xml = Xml::new()
            .text("transitGatewayAttachmentId", id)
            .text("transitGatewayId", &attachment.transit_gateway)
            .text("transitGatewayOwnerId", &attachment.transit_gateway_owner)
            .text("resourceOwnerId", &attachment.resource.owner)
            .merge(attachment.resource.xml())
            .text("state", attachment.state)
            .value("creationTime", attachment.created);
        let xml = match association(id) {
            Some((association, state)) => {
                let content = Xml::new().text("transitGatewayRouteTableId", &association.table).text("state", state);
                xml.nest("association", content)
            }
            None => xml,
        };
        xml.list("tagSet", tags::rows(ec2, id))
    }))
}

//! Attachments of every type, as one of the two accounts sees them. Only VPCs are simulated as what is attached.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::vpc_attachment::VpcAttachment;
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::{Mortal, Mortals};
use crate::ec2::{Kind, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};
use crate::store::{Keys, State};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeTransitGatewayAttachments", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "transit-gateway-attachment",
    prefix: "tgw-attach",
    not_found: "InvalidTransitGatewayAttachmentID.NotFound",
    rows: |ec2| &ec2.transit_gateway_attachments,
};

/// What an account sees of attachments: its own VPCs', and other accounts' to its gateways.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Attachments {
    pub own: Mortals<VpcAttachment>,
    pub guests: Mortals<Guest>,
}

/// An attachment of another account's VPC to a gateway of this account's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guest {
    /// The account that keeps it.
    pub home: String,
    pub transit_gateway: String,
    pub ends_at: Option<Moment>,
}

impl Mortal for Guest {
    fn ends_at(&self) -> Option<Moment> {
        self.ends_at
    }
}

impl Attachments {
    pub fn settle(&mut self, now: Moment) -> Vec<String> {
        let mut forgotten = self.own.settle(now);
        forgotten.extend(self.guests.settle(now));
        forgotten
    }

    /// The ids of those that are not deleted.
    pub fn to_gateway(&self, gateway: &str) -> Vec<&str> {
        let own = self.own.living.iter().filter(|(_, own)| own.transit_gateway == gateway);
        let guests = self.guests.living.iter().filter(|(_, guest)| guest.transit_gateway == gateway);
        own.map(|(id, _)| id.as_str()).chain(guests.map(|(id, _)| id.as_str())).collect()
    }
}

impl Keys for Attachments {
    fn has(&self, id: &str) -> bool {
        self.own.has(id) || self.guests.has(id)
    }

    fn ids(&self) -> Vec<&str> {
        let mut ids = self.own.ids();
        ids.extend(self.guests.ids());
        ids
    }
}

/// The living attachment that a caller names.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a VpcAttachment> {
    seen(ctx.state, &ctx.caller.account, ctx.region, id).ok_or_else(|| KIND.missing(id))
}

/// A living attachment as an account sees it.
pub(super) fn seen<'a>(state: &'a State, account: &str, region: &str, id: &str) -> Option<&'a VpcAttachment> {
    let attachments = &state.regional(account, region).ec2.transit_gateway_attachments;
    attachments.own.living.get(id).or_else(|| {
        let home = &attachments.guests.living.get(id)?.home;
        state.regional(home, region).ec2.transit_gateway_attachments.own.living.get(id)
    })
}

/// All that the caller sees, tombstones included.
pub(super) fn listed<'a>(ctx: &'a Ctx<'_>) -> BTreeMap<String, &'a VpcAttachment> {
    let attachments = &ctx.ec2().transit_gateway_attachments;
    let mut all = attachments.own.listed();
    for (id, guest) in attachments.guests.listed() {
        let home = &ctx.state.regional(&guest.home, ctx.region).ec2.transit_gateway_attachments.own;
        if let Some(attachment) = home.living.get(&id).or_else(|| home.dead.get(&id)) {
            all.insert(id, attachment);
        }
    }
    all
}

/// An attachment for a table of the caller's: it must be of the same gateway, and available.
pub(super) fn for_table<'a>(ctx: &'a Ctx<'_>, id: &str, gateway: &str) -> Result<&'a VpcAttachment> {
    let attachment = find(ctx, id)?;
    if attachment.transit_gateway != gateway {
        return Err(AwsError::new(
            "InvalidParameterValue",
            format!("The attachment {id} and the route table belong to different transit gateways."),
        ));
    }
    attachment.must_be_available(id, ctx.now)?;
    Ok(attachment)
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
            "resource-id" => &attachment.vpc,
            "resource-owner-id" => &attachment.vpc_owner,
            "resource-type" => "vpc",
            "state" => attachment.state(ctx.now),
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
            .text("resourceOwnerId", &attachment.vpc_owner)
            .text("resourceType", "vpc")
            .text("resourceId", &attachment.vpc)
            .text("state", attachment.state(ctx.now))
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

//! VPC attachments: how they are made and read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attachment::{self, Attachment, KIND};
use super::guest::{self, Guest};
use super::resource::{Resource, ResourceType};
use super::{incorrect_state, shared, switch, switched, timing};
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::network_interface::{self, Placement};
use crate::ec2::tombstone::Mortal;
use crate::ec2::{Tags, errors, subnet, tags, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTransitGatewayVpcAttachment", create),
    Operation::read("DescribeTransitGatewayVpcAttachments", describe),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VpcAttachment {
    pub transit_gateway: String,
    pub transit_gateway_owner: String,
    pub vpc: String,
    pub vpc_owner: String,
    /// The network interface in each subnet.
    pub subnets: BTreeMap<String, String>,
    pub options: AttachmentOptions,
    pub created: Moment,
    /// None until the gateway's owner accepts it.
    pub available_at: Option<Moment>,
    pub modified_at: Option<Moment>,
    pub end: Option<End>,
}

/// How and when an attachment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub at: Moment,
    /// By the gateway's owner; else deleted.
    pub rejected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttachmentOptions {
    pub dns_support: bool,
    pub group_referencing: bool,
    pub ipv6: bool,
    pub appliance_mode: bool,
}

/// DOC (CreateTransitGatewayVpcAttachmentRequestOptions): the defaults.
impl Default for AttachmentOptions {
    fn default() -> Self {
        Self { dns_support: true, group_referencing: true, ipv6: false, appliance_mode: false }
    }
}

impl AttachmentOptions {
    /// Takes over what a request says.
    pub fn read(&mut self, p: &Params) -> Result<()> {
        for (name, value) in [
            ("DnsSupport", &mut self.dns_support),
            ("SecurityGroupReferencingSupport", &mut self.group_referencing),
            ("Ipv6Support", &mut self.ipv6),
            ("ApplianceModeSupport", &mut self.appliance_mode),
        ] {
            *value = switch(p, name)?.unwrap_or(*value);
        }
        if self.ipv6 {
            // DOC (transit gateway user guide, "VPC attachments"): the VPC must have IPv6 blocks; none here has any.
            return Err(p.invalid("Ipv6Support", "enable", "The subnets have no IPv6 CIDR block."));
        }
        Ok(())
    }

    fn xml(&self) -> Xml {
        Xml::new()
            .text("dnsSupport", switched(self.dns_support))
            .text("securityGroupReferencingSupport", switched(self.group_referencing))
            .text("ipv6Support", switched(self.ipv6))
            .text("applianceModeSupport", switched(self.appliance_mode))
    }
}

impl Mortal for VpcAttachment {
    fn ends_at(&self) -> Option<Moment> {
        self.end.map(|end| end.at)
    }
}

impl VpcAttachment {
    pub fn state(&self, now: Moment) -> &'static str {
        match (self.end, self.available_at) {
            (Some(end), _) => match (end.rejected, now < end.at) {
                (false, true) => "deleting",
                (false, false) => "deleted",
                (true, true) => "rejecting",
                (true, false) => "rejected",
            },
            (None, None) => "pendingAcceptance",
            (None, Some(at)) if now < at => "pending",
            (None, Some(_)) if self.modified_at.is_some_and(|at| now < at) => "modifying",
            (None, Some(_)) => "available",
        }
    }

    /// What it has in common with attachments of other types.
    pub fn view(&self, now: Moment) -> Attachment {
        Attachment {
            transit_gateway: self.transit_gateway.clone(),
            transit_gateway_owner: self.transit_gateway_owner.clone(),
            resource: self.resource(),
            state: self.state(now),
            created: self.created,
        }
    }

    fn resource(&self) -> Resource {
        Resource { resource_type: ResourceType::Vpc, id: self.vpc.clone(), owner: self.vpc_owner.clone() }
    }

    /// Whether packets pass it.
    pub fn carries_traffic(&self, now: Moment) -> bool {
        matches!(self.state(now), "available" | "modifying")
    }

    pub fn must_be_available(&self, id: &str, now: Moment) -> Result<()> {
        match self.state(now) {
            "available" => Ok(()),
            state => Err(incorrect_state(id, state)),
        }
    }
}

/// What a request asks to attach, before anything is known of the gateway but its id.
pub(super) struct Wanted {
    pub vpc: String,
    pub subnets: Vec<String>,
    pub options: AttachmentOptions,
    pub tags: Tags,
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let gateway = p.required("TransitGatewayId")?;
    let mut wanted = Wanted {
        vpc: p.required("VpcId")?,
        subnets: p.list("SubnetIds"),
        options: AttachmentOptions::default(),
        tags: tags::in_specifications(ctx, &p.items("TagSpecifications"), KIND.resource_type)?,
    };
    if wanted.subnets.is_empty() {
        p.required("SubnetIds.1")?;
    }
    if let Some(given) = p.structure("Options") {
        wanted.options.read(&given)?;
    }
    let owner = shared::find(ctx, &gateway)?.owner;
    attach(ctx, &owner, &gateway, wanted)
}

/// Attaches a VPC of the caller's to a gateway that it may see.
pub(super) fn attach(ctx: &mut Ctx<'_>, owner: &str, gateway_id: &str, wanted: Wanted) -> Result<Xml> {
    let gateways = &ctx.state.regional(owner, ctx.region).ec2.transit_gateways;
    let gateway = super::gateway::KIND.get(&gateways.living, gateway_id)?;
    let ec2 = ctx.ec2();
    vpc::KIND.get(&ec2.vpcs, &wanted.vpc)?;
    if gateway.state(ctx.now) != "available" {
        return Err(incorrect_state(gateway_id, gateway.state(ctx.now)));
    }
    subnet::one_per_zone(ctx, &wanted.vpc, &wanted.subnets)?;
    let mut of_vpc = ec2.transit_gateway_attachments.own.living.values().filter(|other| other.vpc == wanted.vpc);
    if of_vpc.clone().any(|other| other.transit_gateway == gateway_id) {
        return Err(AwsError::new(
            "DuplicateTransitGatewayAttachment",
            format!("{gateway_id} has non-deleted Transit Gateway Attachments with same VPC ID."),
        ));
    }
    if of_vpc.by_ref().count() >= ctx.quotas.transit_gateways_per_vpc {
        return Err(errors::quota("TransitGatewayAttachmentLimitExceeded", "transit gateways of this VPC"));
    }
    let attached = ctx.state.regional(owner, ctx.region).ec2.transit_gateway_attachments.to_gateway(gateway_id);
    if attached.len() >= ctx.quotas.transit_gateway_attachments {
        return Err(errors::quota("TransitGatewayAttachmentLimitExceeded", "attachments of this transit gateway"));
    }
    let accepted = owner == ctx.caller.account || gateway.options.auto_accept;

    let id = ctx.new_id(KIND.prefix);
    let account = ctx.caller.account.clone();
    let attachment = VpcAttachment {
        transit_gateway: gateway_id.to_owned(),
        transit_gateway_owner: owner.to_owned(),
        vpc: wanted.vpc,
        vpc_owner: account.clone(),
        subnets: place_interfaces(ctx, &id, wanted.subnets)?,
        options: wanted.options,
        created: ctx.now,
        available_at: accepted.then(|| ctx.in_seconds(timing::ATTACHMENT_PENDING)),
        modified_at: None,
        end: None,
    };
    if owner != account {
        let guest = Guest { home: account, transit_gateway: gateway_id.to_owned(), ends_at: None };
        let theirs = &mut ctx.state.regional_mut(owner, ctx.region).ec2.transit_gateway_attachments;
        theirs.guests.living.insert(id.clone(), guest);
    }
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, wanted.tags);
    ec2.transit_gateway_attachments.own.living.insert(id.clone(), attachment.clone());
    settle_in(ctx, &id, &attachment);
    Ok(Xml::new().nest("transitGatewayVpcAttachment", xml(ctx, &id, &attachment)))
}

/// What follows by default from becoming available.
pub(super) fn settle_in(ctx: &mut Ctx<'_>, id: &str, attachment: &VpcAttachment) {
    if let Some(from) = attachment.available_at {
        let ec2 = &mut ctx.state.regional_mut(&attachment.transit_gateway_owner, ctx.region).ec2;
        attachment::settle_in(ec2, &attachment.transit_gateway, id, &attachment.resource(), from);
    }
}

pub(super) fn place_interfaces(
    ctx: &mut Ctx<'_>,
    attachment: &str,
    subnets: Vec<String>,
) -> Result<BTreeMap<String, String>> {
    let description = format!("Network Interface for Transit Gateway Attachment {attachment}");
    let mut placed = BTreeMap::new();
    for subnet in subnets {
        let placement = Placement {
            subnet: &subnet,
            interface_type: "transit_gateway",
            description: &description,
            requester: "amazon-aws",
            security_groups: Vec::new(),
        };
        placed.insert(subnet.clone(), network_interface::place(ctx, placement)?);
    }
    Ok(placed)
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let listed = guest::listed(ctx);
    // No tag filters: none are documented (aws-facts section 1.1).
    let found = Describe {
        kind: &KIND,
        ids: "TransitGatewayAttachmentIds",
        filters: "Filter",
        known: &["state", "transit-gateway-attachment-id", "transit-gateway-id", "vpc-id"],
        page: 5..=1000,
    }
    .select(p, ctx.ec2(), &listed, |id, attachment, name| {
        let one = match name {
            "state" => attachment.state(ctx.now),
            "transit-gateway-id" => &attachment.transit_gateway,
            "vpc-id" => &attachment.vpc,
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("transitGatewayVpcAttachments", |id, attachment| xml(ctx, id, attachment)))
}

/// With the tags of the account that asks: the other has its own.
pub(super) fn xml(ctx: &Ctx<'_>, id: &str, attachment: &VpcAttachment) -> Xml {
    Xml::new()
        .text("transitGatewayAttachmentId", id)
        .text("transitGatewayId", &attachment.transit_gateway)
        .text("vpcId", &attachment.vpc)
        .text("vpcOwnerId", &attachment.vpc_owner)
        .text("state", attachment.state(ctx.now))
        .list("subnetIds", attachment.subnets.keys().map(Xml::plain))
        .value("creationTime", attachment.created)
        .nest("options", attachment.options.xml())
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

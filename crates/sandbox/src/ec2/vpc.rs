//! VPCs and their DNS attributes. Rules: aws-facts section 1.2 "VPC".

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::vpc_cidr::{self, SecondaryBlock};
use crate::ec2::{
    Ec2, Kind, errors, network_acl, params, private_link, route_table, security_group, tags, transit_gateway,
};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::route53;
use crate::route53resolver;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateVpc", create),
    Operation::read("DescribeVpcs", describe),
    Operation::write("ModifyVpcAttribute", modify).without_dry_run(),
    Operation::read("DescribeVpcAttribute", describe_attribute),
    Operation::write("DeleteVpc", delete),
];

pub(crate) static KIND: Kind =
    Kind { resource_type: "vpc", prefix: "vpc", not_found: "InvalidVpcID.NotFound", rows: |ec2| &ec2.vpcs };

/// Pending for so long, in simulated seconds.
const SETTLES_IN: u64 = 2;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vpc {
    pub cidr: Ipv4Net,
    /// Of the primary block's association.
    pub cidr_association: String,
    /// By association.
    #[serde(default)]
    pub secondary: BTreeMap<String, SecondaryBlock>,
    pub tenancy: String,
    pub dns_support: bool,
    pub dns_hostnames: bool,
    pub address_usage_metrics: bool,
    pub available_at: Moment,
}

impl Vpc {
    fn state(&self, now: Moment) -> &'static str {
        if now < self.available_at { "pending" } else { "available" }
    }

    /// All blocks, those on their way in or out included.
    pub fn blocks(&self) -> impl Iterator<Item = Ipv4Net> {
        std::iter::once(self.cidr).chain(self.secondary.values().map(|block| block.cidr))
    }

    /// The blocks that routers know.
    pub fn routed_blocks(&self, now: Moment) -> impl Iterator<Item = Ipv4Net> {
        let secondary = self.secondary.values().filter(move |block| block.state(now) == "associated");
        std::iter::once(self.cidr).chain(secondary.map(|block| block.cidr))
    }

    /// The associations of all blocks with their states.
    fn associations(&self, now: Moment) -> impl Iterator<Item = (&str, Ipv4Net, &'static str)> {
        let secondary = self.secondary.iter().map(move |(id, block)| (id.as_str(), block.cidr, block.state(now)));
        std::iter::once((self.cidr_association.as_str(), self.cidr, "associated")).chain(secondary)
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let cidr = params::ipv4_block(p, "CidrBlock")?;
    let tenancy = p.one_of("InstanceTenancy", &["default", "dedicated"])?;
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    if !may_be_block(cidr) {
        return Err(AwsError::new("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid.")));
    }
    if ctx.ec2().vpcs.len() >= ctx.quotas.vpcs {
        return Err(errors::quota("VpcLimitExceeded", "VPCs"));
    }
    let id = ctx.new_id(KIND.prefix);
    let vpc = Vpc {
        cidr,
        cidr_association: ctx.new_id("vpc-cidr-assoc"),
        secondary: BTreeMap::new(),
        tenancy: tenancy.unwrap_or("default").to_owned(),
        dns_support: true,
        dns_hostnames: false,
        address_usage_metrics: false,
        available_at: ctx.in_seconds(SETTLES_IN),
    };
    if ctx.ec2().dhcp_options.is_none() {
        let options = ctx.new_id("dopt");
        ctx.ec2_mut().dhcp_options = Some(options);
    }
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, tags);
    ec2.vpcs.insert(id.clone(), vpc.clone());
    route_table::create_main(ctx, &id);
    network_acl::create_default(ctx, &id);
    security_group::create_default(ctx, &id);
    Ok(Xml::new().nest("vpc", xml(ctx, &id, &vpc)))
}

/// From /16 to /28, and none of the reserved ranges.
pub(super) fn may_be_block(cidr: Ipv4Net) -> bool {
    (16..=28).contains(&cidr.prefix_len()) && !is_reserved(cidr)
}

/// DOC (VPC user guide, "VPC CIDR blocks"): loopback, link-local, multicast and 0.0.0.0/8 are not for VPCs.
fn is_reserved(cidr: Ipv4Net) -> bool {
    let first = cidr.network();
    first.octets()[0] == 0 || first.is_loopback() || first.is_link_local() || first >= Ipv4Addr::new(224, 0, 0, 0)
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let found = Describe {
        kind: &KIND,
        ids: "VpcId",
        filters: "Filter",
        known: &[
            "cidr",
            "cidr-block-association.cidr-block",
            "cidr-block-association.association-id",
            "cidr-block-association.state",
            "dhcp-options-id",
            "is-default",
            "owner-id",
            "state",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.vpcs, |id, vpc, name| {
        let associations = vpc.associations(ctx.now);
        match name {
            "cidr-block-association.cidr-block" => return associations.map(|(_, cidr, _)| cidr.to_string()).collect(),
            "cidr-block-association.association-id" => return associations.map(|(id, ..)| id.to_owned()).collect(),
            "cidr-block-association.state" => return associations.map(|(.., state)| state.to_owned()).collect(),
            _ => {}
        }
        vec![match name {
            "cidr" => vpc.cidr.to_string(),
            "dhcp-options-id" => ec2.dhcp_options.clone().unwrap_or_default(),
            "is-default" => "false".to_owned(),
            "owner-id" => ctx.caller.account.clone(),
            "state" => vpc.state(ctx.now).to_owned(),
            _ => id.to_owned(),
        }]
    })?;
    Ok(found.render("vpcSet", |id, vpc| xml(ctx, id, vpc)))
}

fn xml(ctx: &Ctx<'_>, id: &str, vpc: &Vpc) -> Xml {
    let blocks = vpc.associations(ctx.now).map(|(id, cidr, state)| vpc_cidr::row(id, cidr, state));
    Xml::new()
        .text("vpcId", id)
        .text("ownerId", &ctx.caller.account)
        .text("state", vpc.state(ctx.now))
        .value("cidrBlock", vpc.cidr)
        .list("cidrBlockAssociationSet", blocks)
        .list("ipv6CidrBlockAssociationSet", [])
        .maybe("dhcpOptionsId", ctx.ec2().dhcp_options.as_ref())
        .text("instanceTenancy", &vpc.tenancy)
        .text("isDefault", "false")
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

/// DOC (ModifyVpcAttribute): one attribute in a request.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("VpcId")?;
    let support = params::attribute(p, "EnableDnsSupport")?;
    let hostnames = params::attribute(p, "EnableDnsHostnames")?;
    let metrics = params::attribute(p, "EnableNetworkAddressUsageMetrics")?;
    let vpc = KIND.get_mut(&mut ctx.ec2_mut().vpcs, &id)?;
    match (support, hostnames, metrics) {
        (Some(on), None, None) => vpc.dns_support = on,
        (None, Some(on), None) => vpc.dns_hostnames = on,
        (None, None, Some(on)) => vpc.address_usage_metrics = on,
        (None, None, None) => {
            return Err(AwsError::new("MissingParameter", "No attribute is given."));
        }
        _ => return Err(errors::combination("Only one attribute can be modified at a time")),
    }
    Ok(Xml::done())
}

/// DOC (DescribeVpcAttribute): one attribute in a request.
fn describe_attribute(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("VpcId")?;
    let vpc = KIND.get(&ctx.ec2().vpcs, &id)?;
    p.required("Attribute")?;
    let names = ["enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"];
    let name = p.one_of("Attribute", &names)?.unwrap_or_default();
    let on = match name {
        "enableDnsSupport" => vpc.dns_support,
        "enableDnsHostnames" => vpc.dns_hostnames,
        _ => vpc.address_usage_metrics,
    };
    Ok(Xml::new().text("vpcId", &id).nest(name, Xml::new().value("value", on)))
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("VpcId")?;
    KIND.get(&ctx.ec2().vpcs, &id)?;
    // AWS lets the VPC go and leaves its id in the zone for ever, another company's too (terraform-provider-aws #2832).
    let has_zones = route53::is_associated(ctx.state, ctx.region, &id);
    let in_resolver = route53resolver::is_associated(ctx, &id);
    let ec2 = ctx.ec2_mut();
    if has_zones || in_resolver || has_dependents(ec2, &id) {
        return Err(errors::in_use(KIND.resource_type, &id));
    }
    route_table::forget_vpc(ec2, &id);
    network_acl::forget_vpc(ec2, &id);
    security_group::forget_vpc(ec2, &id);
    ec2.vpcs.remove(&id);
    ec2.untag(&id);
    Ok(Xml::done())
}

/// What must be gone before a VPC: one line per kind that lives in a VPC and is not removed with it.
fn has_dependents(ec2: &Ec2, id: &str) -> bool {
    let mut tables = ec2.route_tables.values();
    ec2.subnets.values().any(|subnet| subnet.vpc == id)
        || tables.any(|table| table.vpc == id && table.main.is_none())
        || security_group::any_in_vpc(ec2, id)
        || transit_gateway::attaches(ec2, id)
        || private_link::is_in(ec2, id)
}

//! Subnets. Rules: aws-facts section 1.2 "Subnet".

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::{Ec2, Kind, errors, network_acl, params, route_table, tags, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateSubnet", create),
    Operation::read("DescribeSubnets", describe),
    Operation::write("ModifySubnetAttribute", modify).without_dry_run(),
    Operation::write("DeleteSubnet", delete),
];

pub(crate) static KIND: Kind =
    Kind { resource_type: "subnet", prefix: "subnet", not_found: "InvalidSubnetID.NotFound", rows: |ec2| &ec2.subnets };

/// Pending for so long, in simulated seconds.
const SETTLES_IN: u64 = 1;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subnet {
    pub vpc: String,
    pub cidr: Ipv4Net,
    /// The name follows from it and the account.
    pub zone_id: String,
    pub map_public_ip: bool,
    /// `ip-name` or `resource-name`.
    pub hostname_type: String,
    pub dns_a_record: bool,
    pub available_at: Moment,
}

impl Subnet {
    fn state(&self, now: Moment) -> &'static str {
        if now < self.available_at { "pending" } else { "available" }
    }

    /// The zone's name as the caller's account knows it.
    pub fn zone_name(&self, ctx: &Ctx<'_>) -> String {
        let zones = region::zones(ctx.region, &ctx.caller.account);
        let zone = zones.into_iter().find(|zone| zone.id == self.zone_id);
        zone.map(|zone| zone.name).unwrap_or_default()
    }

    /// All addresses less AWS's five and those of interfaces (VPC user guide, "Subnet sizing").
    fn free_addresses(&self, ec2: &Ec2, id: &str) -> usize {
        let all = 1_usize << (32 - self.cidr.prefix_len());
        let interfaces = ec2.network_interfaces.values();
        let used = interfaces.filter(|other| other.subnet == id).count();
        all.saturating_sub(5 + used)
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let vpc_id = p.required("VpcId")?;
    let cidr = params::ipv4_block(p, "CidrBlock")?;
    let zone_id = zone(ctx, p)?;
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    let ec2 = ctx.ec2();
    let vpc = vpc::KIND.get(&ec2.vpcs, &vpc_id)?;
    if !(16..=28).contains(&cidr.prefix_len()) || !vpc.routed_blocks(ctx.now).any(|block| block.contains(&cidr)) {
        return Err(AwsError::new("InvalidSubnet.Range", format!("The CIDR '{cidr}' is invalid.")));
    }
    let siblings: Vec<&Subnet> = ec2.subnets.values().filter(|s| s.vpc == vpc_id).collect();
    let overlaps = |other: &&Subnet| other.cidr.contains(&cidr) || cidr.contains(&other.cidr);
    if siblings.iter().copied().any(|other| overlaps(&other)) {
        return Err(AwsError::new(
            "InvalidSubnet.Conflict",
            format!("The CIDR '{cidr}' conflicts with another subnet"),
        ));
    }
    if siblings.len() >= ctx.quotas.subnets {
        return Err(errors::quota("SubnetLimitExceeded", "subnets in this VPC"));
    }
    let id = ctx.new_id(KIND.prefix);
    let subnet = Subnet {
        vpc: vpc_id.clone(),
        cidr,
        zone_id,
        map_public_ip: false,
        hostname_type: "ip-name".to_owned(),
        dns_a_record: false,
        available_at: ctx.in_seconds(SETTLES_IN),
    };
    network_acl::associate_default(ctx, &vpc_id, &id);
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, tags);
    ec2.subnets.insert(id.clone(), subnet.clone());
    Ok(Xml::new().nest("subnet", xml(ctx, &id, &subnet)))
}

/// The id of the zone that is asked for by name or by id; the first when neither is given.
fn zone(ctx: &Ctx<'_>, p: &Params) -> Result<String> {
    let zones = region::zones(ctx.region, &ctx.caller.account);
    let (parameter, wanted) = match (p.optional("AvailabilityZone"), p.optional("AvailabilityZoneId")) {
        (Some(_), Some(_)) => {
            return Err(errors::combination("Only one of AvailabilityZone and AvailabilityZoneId can be given"));
        }
        (Some(name), None) => ("AvailabilityZone", name),
        (None, Some(id)) => ("AvailabilityZoneId", id),
        (None, None) => {
            let first = zones.first().map(|zone| zone.id.to_owned());
            return first.ok_or_else(|| errors::invalid_value("The Region has no zones"));
        }
    };
    let found = zones
        .iter()
        .find(|zone| match parameter {
            "AvailabilityZone" => zone.name == wanted,
            _ => zone.id == wanted,
        })
        .map(|zone| zone.id.to_owned());
    found.ok_or_else(|| {
        let names: Vec<&str> = zones.iter().map(|zone| zone.name.as_str()).collect();
        let why =
            format!("Subnets can currently only be created in the following availability zones: {}.", names.join(", "));
        p.invalid(parameter, &wanted, &why)
    })
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let found = Describe {
        kind: &KIND,
        ids: "SubnetId",
        filters: "Filter",
        known: &[
            "availability-zone",
            "availability-zone-id",
            "available-ip-address-count",
            "cidr-block",
            "default-for-az",
            "map-public-ip-on-launch",
            "owner-id",
            "private-dns-name-options-on-launch.hostname-type",
            "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
            "state",
            "subnet-arn",
            "subnet-id",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.subnets, |id, subnet, name| {
        vec![match name {
            "availability-zone" => subnet.zone_name(ctx),
            "availability-zone-id" => subnet.zone_id.clone(),
            "available-ip-address-count" => subnet.free_addresses(ec2, id).to_string(),
            "cidr-block" => subnet.cidr.to_string(),
            "default-for-az" => "false".to_owned(),
            "map-public-ip-on-launch" => subnet.map_public_ip.to_string(),
            "owner-id" => ctx.caller.account.clone(),
            "private-dns-name-options-on-launch.hostname-type" => subnet.hostname_type.clone(),
            "private-dns-name-options-on-launch.enable-resource-name-dns-a-record" => subnet.dns_a_record.to_string(),
            "state" => subnet.state(ctx.now).to_owned(),
            "subnet-arn" => ctx.arn("ec2", &format!("subnet/{id}")),
            "vpc-id" => subnet.vpc.clone(),
            _ => id.to_owned(),
        }]
    })?;
    Ok(found.render("subnetSet", |id, subnet| xml(ctx, id, subnet)))
}

fn xml(ctx: &Ctx<'_>, id: &str, subnet: &Subnet) -> Xml {
    let names = Xml::new()
        .text("hostnameType", &subnet.hostname_type)
        .value("enableResourceNameDnsARecord", subnet.dns_a_record)
        .text("enableResourceNameDnsAAAARecord", "false");
    Xml::new()
        .text("subnetId", id)
        .text("subnetArn", ctx.arn("ec2", &format!("subnet/{id}")))
        .text("state", subnet.state(ctx.now))
        .text("ownerId", &ctx.caller.account)
        .text("vpcId", &subnet.vpc)
        .value("cidrBlock", subnet.cidr)
        .list("ipv6CidrBlockAssociationSet", [])
        .value("availableIpAddressCount", subnet.free_addresses(ctx.ec2(), id))
        .text("availabilityZone", subnet.zone_name(ctx))
        .text("availabilityZoneId", &subnet.zone_id)
        .text("defaultForAz", "false")
        .value("mapPublicIpOnLaunch", subnet.map_public_ip)
        .text("mapCustomerOwnedIpOnLaunch", "false")
        .text("assignIpv6AddressOnCreation", "false")
        .text("enableDns64", "false")
        .text("ipv6Native", "false")
        .nest("privateDnsNameOptionsOnLaunch", names)
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

/// Subnets of this VPC, in one zone each.
pub(crate) fn one_per_zone<'a>(ctx: &Ctx<'_>, vpc: &str, subnets: impl IntoIterator<Item = &'a String>) -> Result<()> {
    let mut zones = BTreeSet::new();
    for id in subnets {
        let found = KIND.get(&ctx.ec2().subnets, id)?;
        if found.vpc != vpc {
            return Err(errors::invalid_value(format!("The subnet {id} is not in the VPC {vpc}.")));
        }
        if !zones.insert(&found.zone_id) {
            return Err(AwsError::new("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ"));
        }
    }
    Ok(())
}

/// DOC (ModifySubnetAttribute): one attribute in a request.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("SubnetId")?;
    let public_ip = params::attribute(p, "MapPublicIpOnLaunch")?;
    let hostnames = p.one_of("PrivateDnsHostnameTypeOnLaunch", &["ip-name", "resource-name"])?;
    let a_record = params::attribute(p, "EnableResourceNameDnsARecordOnLaunch")?;
    let subnet = KIND.get_mut(&mut ctx.ec2_mut().subnets, &id)?;
    match (public_ip, hostnames, a_record) {
        (Some(on), None, None) => subnet.map_public_ip = on,
        (None, Some(kind), None) => subnet.hostname_type = kind.to_owned(),
        (None, None, Some(on)) => subnet.dns_a_record = on,
        (None, None, None) => {
            return Err(AwsError::new("MissingParameter", "No attribute is given."));
        }
        _ => {
            return Err(errors::combination("Only one attribute can be modified at a time"));
        }
    }
    Ok(Xml::done())
}

/// Associations with route tables and network ACLs go with the subnet; interfaces hold it.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("SubnetId")?;
    let ec2 = ctx.ec2_mut();
    KIND.get(&ec2.subnets, &id)?;
    if ec2.network_interfaces.values().any(|other| other.subnet == id) {
        return Err(errors::in_use(KIND.resource_type, &id));
    }
    route_table::forget_subnet(ec2, &id);
    network_acl::forget_subnet(ec2, &id);
    ec2.subnets.remove(&id);
    ec2.untag(&id);
    Ok(Xml::done())
}

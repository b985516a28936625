//! Network interfaces: made and removed by what AWS puts into subnets, such as TGW attachments; never by a caller.
//!
//! They are why a subnet or a security group cannot be deleted yet.

use std::net::Ipv4Addr;
use std::ops::Range;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::{Ec2, Kind, tags};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeNetworkInterfaces", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "network-interface",
    prefix: "eni",
    not_found: "InvalidNetworkInterfaceID.NotFound",
    rows: |ec2| &ec2.network_interfaces,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkInterface {
    pub vpc: String,
    pub subnet: String,
    /// `transit_gateway`, `vpc_endpoint`, …
    pub interface_type: String,
    pub description: String,
    /// The service that made it: an account id or an alias.
    pub requester: String,
    pub address: Ipv4Addr,
    pub security_groups: Vec<String>,
    /// From this moment on it does not exist any more.
    pub gone_at: Option<Moment>,
}

/// What an owner says of an interface that it puts into a subnet.
pub(crate) struct Placement<'a> {
    pub subnet: &'a str,
    pub interface_type: &'a str,
    pub description: &'a str,
    pub requester: &'a str,
    pub security_groups: Vec<String>,
}

/// Puts an interface into a subnet of the caller's, at whatever address is free, and returns its id.
pub(crate) fn place(ctx: &mut Ctx<'_>, placement: Placement<'_>) -> Result<String> {
    super::subnet::KIND.get(&ctx.ec2().subnets, placement.subnet)?;
    let address = free_address(ctx.ec2(), placement.subnet).ok_or_else(|| {
        crate::error::AwsError::new(
            "InsufficientFreeAddressesInSubnet",
            format!("The subnet '{}' has no free addresses.", placement.subnet),
        )
    })?;
    place_at(ctx, placement, address)
}

/// The same at this address, which the caller has looked at: [`is_assignable`] and not [`is_taken`].
pub(crate) fn place_at(ctx: &mut Ctx<'_>, placement: Placement<'_>, address: Ipv4Addr) -> Result<String> {
    let vpc = super::subnet::KIND.get(&ctx.ec2().subnets, placement.subnet)?.vpc.clone();
    let id = ctx.new_id(KIND.prefix);
    let interface = NetworkInterface {
        vpc,
        subnet: placement.subnet.to_owned(),
        interface_type: placement.interface_type.to_owned(),
        description: placement.description.to_owned(),
        requester: placement.requester.to_owned(),
        address,
        security_groups: placement.security_groups,
        gone_at: None,
    };
    ctx.ec2_mut().network_interfaces.insert(id.clone(), interface);
    Ok(id)
}

/// The first address of a subnet that nobody has.
pub(crate) fn free_address(ec2: &Ec2, subnet: &str) -> Option<Ipv4Addr> {
    let block = ec2.subnets.get(subnet)?.cidr;
    assignable(block).map(Ipv4Addr::from).find(|address| !is_taken(ec2, subnet, *address))
}

/// Whether an address is the subnet's and none of AWS's.
pub(crate) fn is_assignable(ec2: &Ec2, subnet: &str, address: Ipv4Addr) -> bool {
    ec2.subnets.get(subnet).is_some_and(|subnet| assignable(subnet.cidr).contains(&u32::from(address)))
}

pub(crate) fn is_taken(ec2: &Ec2, subnet: &str, address: Ipv4Addr) -> bool {
    ec2.network_interfaces.values().any(|other| other.subnet == subnet && other.address == address)
}

/// The first four addresses and the last are AWS's (VPC user guide, "Subnet sizing").
fn assignable(block: Ipv4Net) -> Range<u32> {
    u32::from(block.network()).saturating_add(4)..u32::from(block.broadcast())
}

/// Takes an interface out of its subnet at some moment: until then neither the subnet nor its groups can be deleted.
pub(crate) fn withdraw(ec2: &mut Ec2, id: &str, at: Moment) {
    if ec2.network_interfaces.contains_key(id)
        && let Some(interface) = ec2.network_interfaces.get_mut(id)
    {
        interface.gone_at = Some(at);
    }
}

/// Interfaces whose time has come.
pub(crate) fn settle(ec2: &mut Ec2, now: Moment) {
    let gone = |interface: &NetworkInterface| interface.gone_at.is_some_and(|at| at <= now);
    for id in ec2.network_interfaces.prune(gone) {
        ec2.untag(&id);
    }
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let zone_of = |interface: &NetworkInterface| {
        let subnet = ec2.subnets.get(&interface.subnet);
        subnet.map(|subnet| (subnet.zone_name(ctx), subnet.zone_id.clone()))
    };
    let found = Describe {
        kind: &KIND,
        ids: "NetworkInterfaceId",
        filters: "Filter",
        known: &[
            "addresses.private-ip-address",
            "availability-zone",
            "availability-zone-id",
            "description",
            "group-id",
            "interface-type",
            "network-interface-id",
            "owner-id",
            "private-ip-address",
            "requester-id",
            "requester-managed",
            "status",
            "subnet-id",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.network_interfaces, |id, interface, name| {
        let (zone_name, zone_id) = zone_of(interface).unwrap_or_default();
        let one = match name {
            "group-id" => return interface.security_groups.clone(),
            "private-ip-address" | "addresses.private-ip-address" => interface.address.to_string(),
            "availability-zone" => zone_name,
            "availability-zone-id" => zone_id,
            "description" => interface.description.clone(),
            "interface-type" => interface.interface_type.clone(),
            "owner-id" => ctx.caller.account.clone(),
            "requester-id" => interface.requester.clone(),
            "requester-managed" => "true".to_owned(),
            "status" => "in-use".to_owned(),
            "subnet-id" => interface.subnet.clone(),
            "vpc-id" => interface.vpc.clone(),
            _ => id.to_owned(),
        };
        vec![one]
    })?;
    Ok(found.render("networkInterfaceSet", |id, interface| {
        let (zone_name, zone_id) = zone_of(interface).unwrap_or_default();
        let groups = interface.security_groups.iter().map(|group| {
            let name = ec2.security_groups.get(group).map(|found| &found.name);
            Xml::new().text("groupId", group).maybe("groupName", name)
        });
        let tags = tags::rows(ec2, id);
        Xml::new()
            .text("networkInterfaceId", id)
            .text("subnetId", &interface.subnet)
            .text("vpcId", &interface.vpc)
            .text("availabilityZone", zone_name)
            .text("availabilityZoneId", zone_id)
            .text("description", &interface.description)
            .text("ownerId", &ctx.caller.account)
            .text("requesterId", &interface.requester)
            .text("requesterManaged", "true")
            .text("interfaceType", &interface.interface_type)
            .text("status", "in-use")
            .value("privateIpAddress", interface.address)
            .list("groupSet", groups)
            .list("tagSet", tags)
    }))
}

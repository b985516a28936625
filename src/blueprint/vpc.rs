//! The shared VPC: its subnets by zone id, a route table for each use, security groups, and the transit gateway that it
//! is attached to.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{
    Route, RouteTable, RouteTableAssociation, Rule, SecurityGroup, Subnet, Tgw, TgwVpcAttachment, Vpc,
};
use gcnet_core::{Desired, Ref};
use ipnet::Ipv4Net;

use super::Network;
use crate::config::{
    derive::SubnetRole,
    schema::{Asp, DnsProtocol, Municipality},
};

pub(super) fn add(municipality: &Municipality, desired: &mut Desired) -> Network {
    let vpc = desired.add(
        "shared",
        Vpc {
            cidr: *municipality.shared_vpc.cidr.value,
            dns_support: true,
            dns_hostnames: true,
            default_group_closed: true,
        },
    );
    let subnets = add_subnets(municipality, &vpc, desired);
    let tgw = desired.add("main", transit_gateway(municipality));
    let attachment = desired.add(
        "shared",
        TgwVpcAttachment {
            tgw: tgw.clone(),
            vpc: vpc.clone(),
            subnets: subnets.get(&SubnetRole::Tgw).cloned().unwrap_or_default(),
            dns_support: true,
            group_referencing: false,
            // No stateful inspection between zones, so nothing to pay the failover for.
            appliance_mode: false,
            ipv6: false,
        },
    );
    let endpoint_subnets = subnets.get(&SubnetRole::Endpoint).cloned().unwrap_or_default();
    let network = Network { vpc, tgw, attachment, endpoint_subnets };
    add_routing(municipality, &network, &subnets, desired);
    add_security_groups(municipality, &network.vpc, desired);
    network
}

type Subnets = BTreeMap<SubnetRole, BTreeSet<Ref<Subnet>>>;

fn add_subnets(municipality: &Municipality, vpc: &Ref<Vpc>, desired: &mut Desired) -> Subnets {
    let mut subnets = Subnets::new();
    for subnet in municipality.subnets() {
        // Without a range the file has an error (V08), and no plan is made of it.
        let Some(cidr) = subnet.cidr else { continue };
        let wish = Subnet { vpc: vpc.clone(), cidr: *cidr, zone: subnet.zone.to_string(), public_ips: false };
        subnets.entry(subnet.role).or_default().insert(desired.add(&subnet.name, wish));
    }
    subnets
}

/// Everything that would open paths by itself is off: AWS's defaults are an open mesh.
fn transit_gateway(municipality: &Municipality) -> Tgw {
    Tgw {
        asn: municipality.tgw_asn().0,
        description: format!("gcnet {} {}", municipality.key(), municipality.environment.value.as_str()),
        dns_support: true,
        vpn_ecmp: true,
        group_referencing: false,
        multicast: false,
        auto_accept: false,
        default_association: false,
        default_propagation: false,
    }
}

/// The security group of our endpoint of an ASP's service: each has its own, so that nothing gets at one through another.
pub(super) fn endpoint_group(asp: &Asp) -> String {
    format!("vpce-{}", *asp.name)
}

/// The table that serves a role. The probe stands beside the Resolver endpoints and sees what they see.
fn table_name(role: SubnetRole) -> &'static str {
    match role {
        SubnetRole::Tgw => "tgw",
        SubnetRole::Dns | SubnetRole::Probe => "dns",
        SubnetRole::Endpoint => "vpce",
    }
}

/// The attachment's own subnets need no way anywhere; the others reach all that is behind the gateway, and nothing else.
fn add_routing(municipality: &Municipality, network: &Network, subnets: &Subnets, desired: &mut Desired) {
    let tables: BTreeSet<&str> = subnets.keys().map(|role| table_name(*role)).collect();
    for name in tables {
        let table = desired.add(name, RouteTable { vpc: network.vpc.clone() });
        if name == table_name(SubnetRole::Tgw) {
            continue;
        }
        for destination in municipality.remote_cidrs() {
            let route = Route {
                table: table.clone(),
                destination: *destination,
                tgw: Some(network.tgw.clone()),
                attachment: Some(network.attachment.clone()),
            };
            desired.add("", route);
        }
    }
    for (role, subnets) in subnets {
        for subnet in subnets {
            let table = Ref::to(table_name(*role));
            desired.add("", RouteTableAssociation { subnet: subnet.clone(), table });
        }
    }
}

fn add_security_groups(municipality: &Municipality, vpc: &Ref<Vpc>, desired: &mut Desired) {
    let asps: BTreeSet<Ipv4Net> =
        municipality.asps.iter().flat_map(|asp| asp.routed_cidrs()).map(|cidr| *cidr).collect();
    let onprem = municipality.onprem.cidrs.iter().map(|cidr| *cidr.value);
    let clients: BTreeSet<Ipv4Net> = onprem.chain(asps).collect();
    let mut add = |name: &str, description: &str, ingress: BTreeSet<Rule>, egress: BTreeSet<Rule>| {
        let full = format!("{}-{}-{name}", municipality.key(), municipality.environment.value.as_str());
        let description = description.into();
        desired.add(name, SecurityGroup { vpc: vpc.clone(), name: full, description, ingress, egress });
    };
    if let Some(dns) = &municipality.dns {
        let ways = || dns.inbound.protocols.iter().map(|protocol| (*protocol, protocol.port()));
        let ingress = clients.iter().flat_map(|client| ways().flat_map(move |(by, port)| dns_rules(by, port, *client)));
        let ingress = ingress.collect();
        add("dns-in", "DNS queries from on-premises and ASPs to the inbound endpoint", ingress, BTreeSet::new());
        let targets = dns.forward_rules.iter().flat_map(|rule| municipality.rule_targets(rule));
        let egress = targets.flat_map(|to| dns_rules(to.protocol, to.port, Ipv4Net::from(to.address))).collect();
        add("dns-out", "DNS queries from the outbound endpoint to on-premises servers", BTreeSet::new(), egress);
    }
    if municipality.central_endpoints.is_some() {
        let rules = clients.iter().map(|client| Rule::port("tcp", 443, *client)).collect();
        add("vpce", "Clients on-premises and at ASPs of the endpoints of AWS services", rules, BTreeSet::new());
    }
    for asp in municipality.asps.iter().filter(|asp| asp.is_consumed()) {
        // On-premises alone: ASP and ASP are apart, and a link has no effect on PrivateLink (V12 warns).
        let onprem = municipality.onprem.cidrs.iter().filter(|_| asp.onprem).map(|cidr| *cidr.value);
        let rules = onprem
            .flat_map(|client| asp.service_ports().into_iter().map(move |port| Rule::port("tcp", port, client)))
            .collect();
        add(&endpoint_group(asp), "Clients on-premises of the endpoint of one ASP", rules, BTreeSet::new());
    }
}

fn dns_rules(by: DnsProtocol, port: u16, peer: Ipv4Net) -> impl Iterator<Item = Rule> {
    by.transports().iter().map(move |transport| Rule::port(transport, port, peer))
}

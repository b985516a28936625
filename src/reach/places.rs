//! Where packets start and end: on-premises, sites, the subnets of the shared VPC, ASPs and endpoints, in that order.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{Vpc, VpcEndpoint};
use gcnet_reach::{self as reach, At, Place, Service, Talk};
use ipnet::Ipv4Net;

use super::{
    attachments::Attachments,
    facts::Facts,
    names::{self, Names},
    vpcs,
};
use crate::config::{
    schema::{Asp, Connect, Municipality, Via},
    values::Cidr,
};

pub(super) fn translate(
    municipality: &Municipality,
    facts: &Facts,
    names: &Names,
    attachments: &Attachments,
    vpcs: &[reach::Vpc],
) -> Vec<Place> {
    let mut places = vec![];
    let lines = municipality.lines.iter().map(|line| line.name.to_string()).collect();
    let ranges: Vec<Ipv4Net> = municipality.onprem.cidrs.iter().map(|cidr| *cidr.value).collect();
    places.push(Place::new(names::ONPREM, At::Outside { lines, ranges }));
    places.extend(sites(municipality, attachments));
    places.extend(subnets(facts, attachments, vpcs));
    places.extend(municipality.asps.iter().flat_map(|asp| asps(asp, names, attachments)));
    // The Resolver endpoints, once they are built, belong here: the inbound one answers, the outbound one asks.
    places.extend(endpoints(municipality, facts, vpcs));
    // A place without an address is none.
    places.retain(|place| match &place.at {
        At::Outside { ranges, .. } | At::Peer { ranges, .. } => !ranges.is_empty(),
        At::Vpc { .. } => true,
    });
    places
}

/// Without those whose attachment somebody else made: this version does not wire them.
fn sites(municipality: &Municipality, attachments: &Attachments) -> Vec<Place> {
    let peering = |site: &str| {
        let is_behind = |name: &&str| name.split('+').any(|one| one == site);
        attachments.peerings().find(is_behind).map(String::from)
    };
    let place = |site: &crate::config::schema::Site| {
        let (name, ranges) = (names::site(&site.name), site.ranges().map(|cidr| *cidr).collect());
        let at = match &site.via {
            Via::Line(line) => At::Outside { lines: vec![line.to_string()], ranges },
            Via::Peering(_) => At::Peer { attachment: peering(&name)?, ranges },
            Via::Attachment(_) => return None,
        };
        Some(Place::new(name, at))
    };
    municipality.sites.iter().filter_map(place).collect()
}

/// The subnets of our VPCs, by the table that they use; the attachment's own have no hosts.
fn subnets(facts: &Facts, attachments: &Attachments, vpcs: &[reach::Vpc]) -> Vec<Place> {
    let transit = attachments.subnets();
    let mut places = vec![];
    for vpc in facts.all::<Vpc>() {
        let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let hosts = vpcs::subnets_of(vpcs, vpc.name()).iter().filter(|subnet| !transit.contains(subnet.name.as_str()));
        for subnet in hosts {
            tables.entry(&subnet.table).or_default().push(subnet.name.clone());
        }
        for (table, subnets) in tables {
            let at = At::Vpc { vpc: vpc.name().into(), subnets, addresses: vec![] };
            places.push(Place { state: vpc.state.clone(), ..Place::new(names::subnets(vpc.name(), table), at) });
        }
    }
    places
}

fn asps(asp: &Asp, names: &Names, attachments: &Attachments) -> Vec<Place> {
    let nets = |cidrs: BTreeSet<Cidr>| cidrs.into_iter().map(|cidr| *cidr).collect();
    match asp.connect.value {
        Connect::Tgw => {
            let at = |vpc: &str| At::Vpc { vpc: vpc.into(), subnets: vec![], addresses: vec![] };
            let vpcs = asp.attached_vpcs().iter().map(|vpc| names.vpc(&vpc.id));
            vpcs.map(|vpc| Place::new(vpc.clone(), at(&vpc))).collect()
        }
        Connect::Peering => {
            let name = names::asp(&asp.name);
            let ranges = nets(asp.routed_cidrs());
            let at = At::Peer { attachment: name.clone(), ranges };
            if attachments.is_peering(&name) { vec![Place::new(name, at)] } else { vec![] }
        }
        Connect::Privatelink => vec![],
    }
}

/// Our interface endpoints, each at the ports that the file says.
fn endpoints(municipality: &Municipality, facts: &Facts, vpcs: &[reach::Vpc]) -> Vec<Place> {
    let mut places = vec![];
    for asp in municipality.asps.iter().filter(|asp| asp.is_consumed()) {
        for fact in facts.all::<VpcEndpoint>().filter(|fact| fact.name() == asp.name.as_str()) {
            let vpc = fact.spec.vpc.label();
            let subnets = vpcs::known(vpcs, vpc, &fact.spec.subnets);
            // An empty list would mean all of the VPC.
            if subnets.is_empty() {
                continue;
            }
            places.push(Place {
                name: names::endpoint(&asp.name),
                at: At::Vpc { vpc: vpc.into(), subnets, addresses: vec![] },
                state: fact.state.clone(),
                talk: Talk::Answers,
                groups: fact.spec.groups.iter().map(|group| group.label().to_string()).collect(),
                services: asp.service_ports().into_iter().map(Service::tcp).collect(),
            });
        }
    }
    places
}

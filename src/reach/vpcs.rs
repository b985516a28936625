//! VPCs: ours with their tables, others' as nobody here can see into them.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{ForeignAttachment, Route, RouteTable, RouteTableAssociation, Subnet, Tgw, Vpc};
use gcnet_core::Ref;
use gcnet_reach::{self as reach, Routing, VpcRoute, VpcTable, VpcTarget};
use ipnet::Ipv4Net;

use super::{
    facts::{Fact, Facts},
    names::Names,
};
use crate::config::schema::Municipality;

/// The VPC of the network account.
pub(super) const SHARED: &str = "shared";
/// The table of subnets that are associated with none: AWS makes it with the VPC, and it has no routes of ours.
pub(super) const MAIN_TABLE: &str = "main";

pub(super) fn translate(municipality: &Municipality, facts: &Facts, names: &Names) -> Vec<reach::Vpc> {
    let own = facts.all::<Vpc>().map(|vpc| ours(facts, &vpc));
    own.chain(theirs(municipality, facts, names)).collect()
}

fn ours(facts: &Facts, vpc: &Fact<Vpc>) -> reach::Vpc {
    let subnets = subnets(facts, vpc);
    let mut tables: BTreeMap<String, Vec<VpcRoute>> = facts
        .all::<RouteTable>()
        .filter(|table| table.spec.vpc.label() == vpc.name())
        .map(|table| (table.name().to_string(), vec![]))
        .collect();
    if subnets.iter().any(|subnet| subnet.table == MAIN_TABLE) {
        tables.entry(MAIN_TABLE.into()).or_default();
    }
    let gateways: BTreeSet<String> = facts.all::<Tgw>().map(|tgw| tgw.name().to_string()).collect();
    for route in facts.all::<Route>() {
        if let Some(routes) = tables.get_mut(route.spec.table.label()) {
            routes.push(VpcRoute { destination: route.spec.destination, target: target(&route.spec, &gateways) });
        }
    }
    let tables = tables.into_iter().map(|(name, routes)| VpcTable { name, routes }).collect();
    let routing = Routing::Known { subnets, tables };
    reach::Vpc { name: vpc.name().into(), cidrs: vec![vpc.spec.cidr], routing }
}

/// A wished subnet that does not fit what is there yet has to wait for its place.
fn subnets(facts: &Facts, vpc: &Fact<Vpc>) -> Vec<reach::Subnet> {
    let tables: BTreeMap<String, String> = facts
        .all::<RouteTableAssociation>()
        .map(|association| (association.spec.subnet.label().into(), association.spec.table.label().into()))
        .collect();
    let known: BTreeSet<String> = facts.all::<RouteTable>().map(|table| table.name().to_string()).collect();
    let own = facts.all::<Subnet>().filter(|subnet| subnet.spec.vpc.label() == vpc.name());
    let (there, missing): (Vec<Fact<Subnet>>, Vec<Fact<Subnet>>) = own.partition(|subnet| subnet.state.is_open());
    let overlaps = |a: Ipv4Net, b: Ipv4Net| a.contains(&b) || b.contains(&a);
    let is_taken = |cidr: Ipv4Net| there.iter().any(|other| overlaps(other.spec.cidr, cidr));
    let fits = |subnet: &Fact<Subnet>| vpc.spec.cidr.contains(&subnet.spec.cidr) && !is_taken(subnet.spec.cidr);
    let missing: Vec<Fact<Subnet>> = missing.into_iter().filter(fits).collect();
    let table = |subnet: &Fact<Subnet>| tables.get(subnet.name()).filter(|table| known.contains(*table)).cloned();
    there
        .iter()
        .chain(&missing)
        .map(|subnet| reach::Subnet {
            name: subnet.name().into(),
            cidr: subnet.spec.cidr,
            zone: Some(subnet.spec.zone.clone()),
            table: table(subnet).unwrap_or_else(|| MAIN_TABLE.into()),
        })
        .collect()
}

/// A live route that AWS calls a black hole has lost its attachment.
fn target(route: &Route, gateways: &BTreeSet<String>) -> VpcTarget {
    match (&route.tgw, &route.attachment) {
        (None, _) => VpcTarget::Other("?".into()),
        (Some(_), None) => VpcTarget::Blackhole,
        (Some(tgw), Some(_)) if gateways.contains(tgw.label()) => VpcTarget::Gateway(tgw.label().into()),
        (Some(tgw), Some(_)) => VpcTarget::Other(tgw.label().into()),
    }
}

/// With the ranges that our tables have learned; before that with those of the file.
fn theirs(municipality: &Municipality, facts: &Facts, names: &Names) -> Vec<reach::Vpc> {
    let mut ranges: BTreeMap<String, BTreeSet<Ipv4Net>> = BTreeMap::new();
    for vpc in municipality.asps.iter().flat_map(|asp| asp.attached_vpcs()) {
        ranges.insert(vpc.id.to_string(), vpc.cidrs().map(|cidr| *cidr).collect());
    }
    for ForeignAttachment { vpc, ranges: learned, .. } in facts.all::<ForeignAttachment>().map(|fact| fact.spec) {
        if !learned.is_empty() || !ranges.contains_key(&vpc) {
            ranges.insert(vpc, learned);
        }
    }
    let vpc = |(id, cidrs): (String, BTreeSet<Ipv4Net>)| reach::Vpc {
        name: names.vpc(&id),
        cidrs: cidrs.into_iter().collect(),
        routing: Routing::Assumed,
    };
    ranges.into_iter().map(vpc).collect()
}

/// The subnets of one of our VPCs; none of a VPC into which nobody here can see.
pub(super) fn subnets_of<'a>(vpcs: &'a [reach::Vpc], name: &str) -> &'a [reach::Subnet] {
    match vpcs.iter().find(|vpc| vpc.name == name).map(|vpc| &vpc.routing) {
        Some(Routing::Known { subnets, .. }) => subnets,
        Some(Routing::Assumed) | None => &[],
    }
}

/// Those of the named subnets that the VPC has.
pub(super) fn known<K>(vpcs: &[reach::Vpc], vpc: &str, names: &BTreeSet<Ref<K>>) -> Vec<String> {
    let subnets = subnets_of(vpcs, vpc);
    let is_known = |name: &&Ref<K>| subnets.iter().any(|subnet| subnet.name == name.label());
    names.iter().filter(is_known).map(|name| name.label().to_string()).collect()
}

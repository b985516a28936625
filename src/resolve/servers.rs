//! Endpoints, and the name servers outside: what the file says and expects of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use gcnet_aws::kinds::{Direction, ResolverEndpoint};
use gcnet_resolve::{Conditional, Inbound, Name, Otherwise, Outbound, Server, Zone};

use super::{
    facts::Facts,
    names::{ONPREM, SHARED},
};
use crate::config::{derive::reverse_zones, schema::Municipality};

/// Inbound and outbound.
pub(super) fn endpoints(facts: &Facts, is_known: &dyn Fn(&str) -> bool) -> (Vec<Inbound>, Vec<Outbound>) {
    let (mut inbound, mut outbound) = (vec![], vec![]);
    // An endpoint whose VPC is gone is gone as well.
    let all = facts.all::<ResolverEndpoint>().filter(|_| is_known(SHARED));
    for (address, endpoint) in all {
        let (id, vpc) = (address.name().to_string(), SHARED.to_string());
        let addresses = endpoint.addresses.keys().map(|address| (*address).into()).collect();
        match endpoint.direction {
            Direction::Inbound => inbound.push(Inbound { id, vpc, addresses }),
            Direction::Outbound => outbound.push(Outbound { id, vpc, addresses }),
        }
    }
    (inbound, outbound)
}

/// On-premises' servers, and others that rules name.
pub(super) fn outside(
    municipality: &Municipality,
    zones: &[Zone],
    inbound: &[Inbound],
    outbound: &[Outbound],
) -> Vec<Server> {
    let ends = inbound.iter().flat_map(|end| &end.addresses).chain(outbound.iter().flat_map(|end| &end.addresses));
    // Who is told to ask an endpoint names it among servers: it stays an endpoint.
    let ends: BTreeSet<IpAddr> = ends.copied().collect();
    // A VPC's own resolver, wherever it is asked from, is no server outside.
    let amazons: BTreeSet<IpAddr> = municipality.amazon_resolvers().into_iter().map(IpAddr::from).collect();
    let stated = municipality.onprem.dns_servers.iter().map(|server| IpAddr::from(server.0));
    let on_premises: BTreeSet<IpAddr> =
        stated.filter(|address| !ends.contains(address) && !amazons.contains(address)).collect();
    let asked = asked(municipality);
    let to: Vec<IpAddr> = inbound.iter().flat_map(|end| end.addresses.clone()).collect();
    let here: BTreeSet<&Name> =
        zones.iter().filter(|zone| zone.vpcs.iter().any(|vpc| vpc == SHARED)).map(|zone| &zone.apex).collect();
    let forwards: Vec<Conditional> = if to.is_empty() {
        vec![]
    } else {
        here.iter().map(|apex| Conditional { domain: (*apex).clone(), to: to.clone() }).collect()
    };
    // What it sends to us it cannot answer itself.
    let own = asked.iter().filter(|(address, _)| on_premises.contains(address)).flat_map(|(_, domains)| domains);
    let own: BTreeSet<&Name> = own.filter(|domain| to.is_empty() || !here.contains(domain)).collect();
    let mut servers = vec![Server {
        name: ONPREM.into(),
        addresses: on_premises.iter().copied().collect(),
        answers: own.into_iter().cloned().collect(),
        forwards,
        otherwise: Otherwise::Unstated,
    }];
    // Servers that are asked the same are one: whichever is asked, the answer is the same.
    let mut others: BTreeMap<&BTreeSet<Name>, Vec<IpAddr>> = BTreeMap::new();
    for (address, domains) in &asked {
        if !on_premises.contains(address) && !ends.contains(address) && !amazons.contains(address) {
            others.entry(domains).or_default().push(*address);
        }
    }
    servers.extend(others.into_iter().map(|(domains, addresses)| Server {
        name: addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join("+"),
        addresses,
        answers: domains.iter().cloned().collect(),
        forwards: vec![],
        otherwise: Otherwise::Unstated,
    }));
    servers
}

/// What each server is asked by the rules of the file.
fn asked(municipality: &Municipality) -> BTreeMap<IpAddr, BTreeSet<Name>> {
    let mut asked: BTreeMap<IpAddr, BTreeSet<Name>> = BTreeMap::new();
    for rule in municipality.dns.iter().flat_map(|dns| &dns.forward_rules) {
        let reverse = rule.reverse.iter().flat_map(|cidr| reverse_zones(cidr.value));
        let domains = std::iter::once(rule.domain.value.clone()).chain(reverse);
        let domains: Vec<Name> = domains.filter_map(|domain| domain.parse().ok()).collect();
        for target in municipality.rule_targets(rule) {
            asked.entry(target.address.into()).or_default().extend(domains.iter().cloned());
        }
    }
    asked
}

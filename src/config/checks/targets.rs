//! V10: what a forwarding rule can forward to.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::{Purpose, Reporter};
use crate::config::derive::Direction;
use crate::config::fleet::City;
use crate::config::problem::{Problem, Severity, TargetFault};
use crate::config::schema::Municipality;
use crate::config::source::Span;
use crate::config::values::Cidr;

/// Each target is a host's address, to which a route leads, and no VPC's own resolver. Which of our own endpoints a rule may
/// ask, is for [`super::resolver::no_loop`] and V23 to say.
pub(super) fn can_be_asked(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let Some(dns) = &m.dns else { return };
    let endpoints: BTreeSet<Ipv4Addr> = [Direction::Inbound, Direction::Outbound]
        .into_iter()
        .flat_map(|direction| m.resolver_addresses(direction))
        .map(|address| address.address)
        .collect();
    let reached = m.remote_cidrs();
    let mut check = |address: Ipv4Addr, is_twice: bool, span: Span| {
        let fault = if is_twice { Some(TargetFault::Twice) } else { fault(m, address, &endpoints, &reached) };
        let Some(fault) = fault else { return };
        let severity = match fault {
            // Where routes lead that others keep, the file does not say.
            TargetFault::Unreached => Severity::Warning,
            _ => Severity::Error,
        };
        report.report(severity, city.at(span), Problem::RuleTarget { address, fault });
    };
    for rule in &dns.forward_rules {
        let mut seen = BTreeSet::new();
        for target in rule.targets.iter().flatten() {
            let (address, port) = (target.listens().address, target.listens().port);
            check(address, !seen.insert((address, port)), target.span);
        }
    }
    // Rules without targets of their own forward to all of these.
    if dns.forward_rules.iter().any(|rule| rule.targets.is_none()) {
        let mut seen = BTreeSet::new();
        for server in &m.onprem.dns_servers {
            check(server.0, !seen.insert(server.0), server.span);
        }
    }
}

fn fault(
    m: &Municipality,
    address: Ipv4Addr,
    endpoints: &BTreeSet<Ipv4Addr>,
    reached: &BTreeSet<Cidr>,
) -> Option<TargetFault> {
    if endpoints.contains(&address) {
        return None;
    }
    let is_reserved = address.octets()[0] == 0 || address.octets()[0] >= 240;
    if m.amazon_resolvers().contains(&address) {
        Some(TargetFault::Amazon)
    } else if is_reserved || address.is_loopback() || address.is_link_local() || address.is_multicast() {
        Some(TargetFault::NoHost)
    } else if m.shared_vpc.cidr.contains(&address) {
        Some(TargetFault::OwnVpc)
    } else if !reached.iter().any(|range| range.contains(&address)) {
        Some(TargetFault::Unreached)
    } else {
        None
    }
}

//! V09 and V10: Resolver endpoints and forwarding rules.

use std::collections::{BTreeSet, HashMap};

use super::{Purpose, Reporter};
use crate::config::derive::{Direction, ResolverAddress};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};

/// V09. An endpoint has two addresses in two zones at least, each free in a dns subnet: AWS keeps the first four and the last.
pub(super) fn addresses(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let Some(dns) = &m.dns else { return };
    let subnets = m.subnets();
    let mut seen: HashMap<std::net::Ipv4Addr, crate::config::source::Span> = HashMap::new();
    for (direction, endpoint) in [(Direction::Inbound, &dns.inbound), (Direction::Outbound, &dns.outbound)] {
        let addresses = m.resolver_addresses(direction);
        let needed = 2 * endpoint.endpoints.get() as usize;
        if let Some(stated) = &endpoint.ips
            && stated.len() != needed
        {
            let span = stated.first().map_or(endpoint.endpoints.span, |address| address.span);
            report.error(city.at(span), Problem::ResolverCount { direction, needed, found: stated.len() });
        }
        for ResolverAddress { address, subnet, span, .. } in &addresses {
            let address = *address;
            if let Some(&first) = seen.get(&address) {
                report.error(city.at(*span), Problem::ResolverTwice { address }).with(Role::First, city.at(first));
            }
            seen.entry(address).or_insert(*span);
            let Some(subnet) = subnet else {
                report.error(city.at(*span), Problem::ResolverOutside { address });
                continue;
            };
            let cidr = subnets.iter().find(|known| known.name == *subnet).and_then(|known| known.cidr);
            if let Some((first, last)) = cidr.map(|cidr| cidr.bounds())
                && (address.to_bits() - first < 4 || address.to_bits() == last)
            {
                report.error(city.at(*span), Problem::ResolverReserved { address, subnet: subnet.clone() });
            }
        }
        // Derived addresses lie one in each dns subnet, whose zones are V08's business.
        if endpoint.ips.is_none() {
            continue;
        }
        for index in 0..endpoint.endpoints.get() as usize {
            let own: Vec<&ResolverAddress> = addresses.iter().filter(|address| address.endpoint == index).collect();
            let zones: BTreeSet<&str> = own
                .iter()
                .filter_map(|address| subnets.iter().find(|subnet| Some(&subnet.name) == address.subnet.as_ref()))
                .map(|subnet| subnet.zone.as_str())
                .collect();
            let all_known = own.iter().all(|address| address.subnet.is_some());
            if own.len() >= 2 && all_known && zones.len() < 2 {
                let span = own.last().map_or(endpoint.endpoints.span, |address| address.span);
                report.error(city.at(span), Problem::ResolverOneZone { direction, endpoint: index + 1 });
            }
        }
    }
}

/// V10. A rule that forwards to the inbound endpoint of a VPC that uses the rule asks itself for ever, and an outbound
/// endpoint answers nobody. Ways that lead back through others are V23's.
pub(super) fn no_loop(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let Some(dns) = &m.dns else { return };
    let own = |direction| -> BTreeSet<_> {
        m.resolver_addresses(direction).into_iter().map(|address| address.address).collect()
    };
    let (inbound, outbound) = (own(Direction::Inbound), own(Direction::Outbound));
    for rule in &dns.forward_rules {
        let domain = || rule.domain.to_string();
        if m.rule_targets(rule).is_empty() {
            report.error(city.at(rule.domain.span), Problem::RuleWithoutTargets { domain: domain() });
        }
        for target in rule.targets.iter().flatten() {
            let asks_itself = rule.use_in_shared_vpc && inbound.contains(&target.address);
            if asks_itself || outbound.contains(&target.address) {
                let problem = Problem::RuleLoop { domain: domain(), address: target.address };
                report.error(city.at(target.span), problem).with(Role::Because, city.at(rule.domain.span));
            }
        }
        for zone in &dns.zones {
            // For one and the same name, the rule wins over the zone.
            if zone.name == rule.domain && rule.use_in_shared_vpc {
                let problem = Problem::RuleHidesZone { domain: domain(), zone: zone.name.to_string() };
                report.warning(city.at(rule.domain.span), problem).with(Role::Other, city.at(zone.name.span));
            }
        }
    }
}

//! V09, V10 and V21: Resolver endpoints and forwarding rules.

use std::collections::{BTreeSet, HashMap};

use super::{Purpose, Reporter};
use crate::config::derive::{Direction, ResolverAddress};
use crate::config::fleet::City;
use crate::config::problem::{Misfit, Problem, Role};
use crate::config::schema::DnsProtocol;
use crate::config::source::Span;

/// V09. An endpoint has two addresses in two zones at least, each free in a dns subnet: AWS keeps the first four and the last.
pub(super) fn addresses(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let Some(dns) = &m.dns else { return };
    let subnets = m.subnets();
    let mut seen: HashMap<std::net::Ipv4Addr, Span> = HashMap::new();
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
            match seen.get(&address) {
                Some(&first) if endpoint.ips.is_some() => {
                    report.error(city.at(*span), Problem::ResolverTwice { address }).with(Role::First, city.at(first));
                }
                // What is derived gives no place to point at.
                Some(&stated) => {
                    report.error(city.at(stated), Problem::ResolverTaken { address, by: direction });
                }
                None => {}
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
            let distinct: BTreeSet<_> = own.iter().map(|address| address.address).collect();
            let zones: BTreeSet<&str> = own
                .iter()
                .filter_map(|address| subnets.iter().find(|subnet| Some(&subnet.name) == address.subnet.as_ref()))
                .map(|subnet| subnet.zone.as_str())
                .collect();
            let all_known = own.iter().all(|address| address.subnet.is_some());
            if distinct.len() >= 2 && all_known && zones.len() < 2 {
                let span = own.last().map_or(endpoint.endpoints.span, |address| address.span);
                report.error(city.at(span), Problem::ResolverOneZone { direction, endpoint: index + 1 });
            }
        }
    }
}

/// V21. An endpoint speaks one protocol at least, and a rule's targets are asked by those that the outbound endpoint speaks
/// (Route 53 API reference, "TargetAddress").
pub(super) fn protocols(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let Some(dns) = &city.config.dns else { return };
    for spoken in [&dns.inbound.protocols, &dns.outbound.protocols] {
        if spoken.is_empty() {
            report.error(city.at(spoken.span), Problem::Misfit { misfit: Misfit::NoProtocol });
        }
    }
    let spoken = &dns.outbound.protocols;
    if spoken.is_empty() {
        return;
    }
    for rule in &dns.forward_rules {
        let plain = (DnsProtocol::Do53, rule.domain.span);
        let asked: Vec<_> = match &rule.targets {
            Some(targets) => targets.iter().map(|target| (target.protocol(), target.span)).collect(),
            None => vec![plain],
        };
        for (protocol, span) in asked.into_iter().filter(|(protocol, _)| !spoken.contains(protocol)) {
            let misfit = match protocol {
                DnsProtocol::Do53 => Misfit::TargetByPlainDns,
                DnsProtocol::DoH => Misfit::TargetOverHttps,
            };
            let also = report.error(city.at(span), Problem::Misfit { misfit });
            if spoken.span != Span::default() {
                also.with(Role::Because, city.at(spoken.span));
            }
        }
        for name in rule.targets.iter().flatten().filter_map(|target| target.server_name()) {
            if name.is_wildcard() {
                report.error(city.at(name.span), Problem::Misfit { misfit: Misfit::WildcardServer });
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
            let address = target.listens().address;
            let asks_itself = rule.use_in_shared_vpc && inbound.contains(&address);
            if asks_itself || outbound.contains(&address) {
                let problem = Problem::RuleLoop { domain: domain(), address };
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

//! V01: what has a name has it alone.

use std::collections::HashMap;

use super::{Purpose, Reporter};
use crate::config::derive::reverse_zones;
use crate::config::fleet::City;
use crate::config::problem::{NameKind, Problem, Role};
use crate::config::source::Span;

/// Names of one kind are unique; an ASP and a site may not share one either, because links name both.
pub(super) fn unique(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let vpcs = || m.asps.iter().flat_map(|asp| &asp.vpcs);
    let mut kinds: Vec<(NameKind, Vec<(String, Span)>)> = vec![
        (NameKind::Line, m.lines.iter().map(|line| (line.name.to_string(), line.name.span)).collect()),
        (
            NameKind::AspOrSite,
            m.asps
                .iter()
                .map(|asp| &asp.name)
                .chain(m.sites.iter().map(|site| &site.name))
                .map(|name| (name.to_string(), name.span))
                .collect(),
        ),
        (NameKind::Vpc, vpcs().map(|vpc| (vpc.id.to_string(), vpc.id.span)).collect()),
        (
            NameKind::Subnet,
            vpcs().flat_map(|vpc| &vpc.subnets).map(|subnet| (subnet.to_string(), subnet.span)).collect(),
        ),
        (
            NameKind::RouteTable,
            vpcs().flat_map(|vpc| &vpc.route_tables).map(|table| (table.to_string(), table.span)).collect(),
        ),
        // AWS takes one peering between two Transit Gateways, and one association between a gateway and ours.
        (
            NameKind::TransitGateway,
            m.peerings().into_iter().map(|peering| (peering.tgw.to_string(), peering.span)).collect(),
        ),
        (
            NameKind::DxGateway,
            m.lines.iter().filter_map(|line| line.dxgw.id.as_ref()).map(|id| (id.to_string(), id.span)).collect(),
        ),
        (
            NameKind::Vif,
            m.lines
                .iter()
                .filter_map(|line| line.vif.as_ref()?.id.as_ref())
                .map(|id| (id.to_string(), id.span))
                .collect(),
        ),
        (
            NameKind::Zone,
            m.asps.iter().flat_map(|asp| &asp.zones).map(|zone| (zone.id.to_string(), zone.id.span)).collect(),
        ),
    ];
    if let Some(dns) = &m.dns {
        kinds.push((NameKind::DnsZone, dns.zones.iter().map(|zone| (zone.name.to_string(), zone.name.span)).collect()));
        // Each is a rule of its own, and a VPC takes one of a domain.
        let rules = dns.forward_rules.iter().flat_map(|rule| {
            let own = std::iter::once(&rule.domain).chain(&rule.except).map(|domain| (domain.to_string(), domain.span));
            let zones = |cidr: &crate::config::at::At<_>| {
                let span = cidr.span;
                reverse_zones(cidr.value).into_iter().map(move |zone| (zone.to_string(), span))
            };
            own.chain(rule.reverse.iter().flat_map(zones))
        });
        kinds.push((NameKind::ForwardRule, rules.collect()));
        for zone in &dns.zones {
            let record = |record: &crate::config::schema::Record| {
                (format!("{} {}", record.name.within(&zone.name), record.kind.as_str()), record.name.span)
            };
            kinds.push((NameKind::Record, zone.records.iter().map(record).collect()));
        }
    }
    for (kind, names) in kinds {
        let mut seen: HashMap<String, Span> = HashMap::new();
        for (name, span) in names {
            match seen.get(&name) {
                Some(&first) => {
                    report
                        .error(city.at(span), Problem::DuplicateName { kind, name })
                        .with(Role::First, city.at(first));
                }
                None => {
                    seen.insert(name, span);
                }
            }
        }
    }
}

//! V17: quotas that the files alone run into. What else lies in an account, only AWS knows.

use std::collections::BTreeMap;

use super::{Purpose, Reporter};
use crate::config::derive::reverse_zones;
use crate::config::fleet::City;
use crate::config::problem::{Problem, Quota, Role, Severity};
use crate::config::schema::{Dns, ForwardRule};
use crate::config::source::Span;

impl Quota {
    /// AWS's figure for an account that never asked for more.
    fn limit(self) -> usize {
        match self {
            Quota::GatewayTransitGateways => 6,
            Quota::GatewayPrefixes => 200,
            Quota::Peerings => 50,
            Quota::Endpoints => 50,
            Quota::TransitGateways => 5,
            Quota::ResolverEndpoints => 4,
            Quota::ResolverRules => 1000,
            Quota::RuleTargets => 6,
            // "Quotas" of the Route 53 guide; it was 100 for long.
            Quota::ZoneVpcs => 300,
            Quota::ZoneRecords => 10_000,
        }
    }

    /// What AWS raises on request can be ordered in time; what it does not raise cannot be built.
    fn severity(self) -> Severity {
        match self {
            Quota::GatewayTransitGateways | Quota::GatewayPrefixes | Quota::Peerings | Quota::RuleTargets => {
                Severity::Error
            }
            Quota::Endpoints
            | Quota::TransitGateways
            | Quota::ResolverEndpoints
            | Quota::ResolverRules
            | Quota::ZoneVpcs
            | Quota::ZoneRecords => Severity::Warning,
        }
    }
}

/// Quotas of one municipality's resources.
pub(super) fn of_city(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let mut check = |quota: Quota, of: &str, needed: usize, span: Span| {
        if needed > quota.limit() {
            let problem = Problem::OverQuota { quota, of: of.to_owned(), needed, limit: quota.limit() };
            report.report(quota.severity(), city.at(span), problem);
        }
    };
    let peerings = m.peerings();
    if let Some(last) = peerings.last() {
        check(Quota::Peerings, m.key(), peerings.len(), last.span);
    }
    for line in &m.lines {
        check(Quota::GatewayPrefixes, &line.name, m.allowed_prefixes(line).len(), line.name.span);
    }
    let central = m.central_endpoints.iter().flat_map(|central| &central.services).count();
    let consumed = m.asps.iter().filter(|asp| asp.is_consumed()).count();
    check(Quota::Endpoints, m.key(), central + consumed, m.shared_vpc.cidr.span);
    let Some(dns) = &m.dns else { return };
    if let Some(last) = dns.forward_rules.last() {
        check(Quota::ResolverRules, m.key(), rules(dns), last.domain.span);
    }
    for rule in &dns.forward_rules {
        let stated = rule.targets.as_ref().and_then(|targets| targets.last()).map(|target| target.span);
        check(Quota::RuleTargets, &rule.domain, m.rule_targets(rule).len(), stated.unwrap_or(rule.domain.span));
    }
    for zone in &dns.zones {
        let shared = m.asps.iter().filter(|asp| zone.share_with.contains(&asp.name));
        // SOA and NS are Route 53's own.
        check(Quota::ZoneRecords, &zone.name, 2 + zone.records.len(), zone.name.span);
        check(Quota::ZoneVpcs, &zone.name, 1 + shared.map(|asp| asp.vpcs.len()).sum::<usize>(), zone.name.span);
    }
    let (quota, wanted) = (Quota::ResolverEndpoints, resolver_endpoints(dns));
    if wanted == quota.limit() {
        let problem = Problem::QuotaUsedUp { quota, of: m.key().to_owned(), limit: wanted };
        report.report(Severity::Notice, city.at(dns.inbound.endpoints.span), problem);
    }
}

fn resolver_endpoints(dns: &Dns) -> usize {
    (dns.inbound.endpoints.get() + dns.outbound.endpoints.get()) as usize
}

/// Rules that the file leads to: a range that ends at no octet has many reverse zones.
fn rules(dns: &Dns) -> usize {
    let of = |rule: &ForwardRule| {
        let reverse = rule.reverse.iter().map(|cidr| reverse_zones(cidr.value).len());
        1 + rule.except.len() + reverse.sum::<usize>()
    };
    dns.forward_rules.iter().map(of).sum()
}

/// Quotas that several municipalities use up together: of a Direct Connect gateway, and of an account in joint use.
pub(super) fn of_fleet(cities: &[&City], report: &mut Reporter<'_>) {
    let mut gateways: BTreeMap<&str, Users<'_>> = BTreeMap::new();
    let mut accounts: BTreeMap<(&str, &str), Users<'_>> = BTreeMap::new();
    for city in cities {
        let m = &city.config;
        for id in m.lines.iter().filter_map(|line| line.dxgw.id.as_ref()) {
            let users = gateways.entry(id.as_str()).or_default();
            // Two lines of one file that name one gateway are V01's business.
            if users.last().is_none_or(|(last, _)| last.source.name != city.source.name) {
                users.push((city, id.span));
            }
        }
        let network = &m.accounts.network.id;
        accounts.entry((network.as_str(), m.region.value.as_str())).or_default().push((city, network.span));
    }
    for (id, users) in gateways {
        over(Quota::GatewayTransitGateways, id, users.len(), &users, report);
    }
    for ((id, _), users) in accounts.into_iter().filter(|(_, users)| users.len() > 1) {
        over(Quota::TransitGateways, id, users.len(), &users, report);
        let endpoints = |city: &City| city.config.dns.as_ref().map_or(0, resolver_endpoints);
        over(Quota::ResolverEndpoints, id, users.iter().map(|(city, _)| endpoints(city)).sum(), &users, report);
        let rules = users.iter().map(|(city, _)| city.config.dns.as_ref().map_or(0, rules));
        over(Quota::ResolverRules, id, rules.sum(), &users, report);
    }
}

type Users<'a> = Vec<(&'a City, Span)>;

fn over(quota: Quota, of: &str, needed: usize, users: &Users<'_>, report: &mut Reporter<'_>) {
    let Some(((city, span), others)) = users.split_last().filter(|_| needed > quota.limit()) else { return };
    let problem = Problem::OverQuota { quota, of: of.to_owned(), needed, limit: quota.limit() };
    let mut finding = report.report(quota.severity(), city.at(*span), problem);
    // A place for each of a thousand would bury the message.
    for (other, span) in others.iter().take(quota.limit()) {
        finding = finding.with(Role::Also, other.at(*span));
    }
}

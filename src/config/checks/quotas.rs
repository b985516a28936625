//! V17: quotas that the files alone run into. What else lies in an account, only AWS knows.

use std::collections::BTreeMap;

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Quota, Role, Severity};
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
        }
    }

    /// What AWS raises on request can be ordered in time; what it does not raise cannot be built.
    fn severity(self) -> Severity {
        match self {
            Quota::GatewayTransitGateways | Quota::GatewayPrefixes | Quota::Peerings => Severity::Error,
            Quota::Endpoints | Quota::TransitGateways | Quota::ResolverEndpoints => Severity::Warning,
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
        let endpoints = |city: &City| {
            city.config
                .dns
                .as_ref()
                .map_or(0, |dns| (dns.inbound.endpoints.get() + dns.outbound.endpoints.get()) as usize)
        };
        over(Quota::ResolverEndpoints, id, users.iter().map(|(city, _)| endpoints(city)).sum(), &users, report);
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

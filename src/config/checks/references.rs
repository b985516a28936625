//! V02: every name that the file uses is a name that the file gives.

use super::{Purpose, Reporter};
use crate::config::at::At;
use crate::config::fleet::City;
use crate::config::problem::{NameKind, Problem, nearest};
use crate::config::schema::Via;
use crate::config::values::{Domain, Name};

/// Resolves all references of a file.
pub(super) fn resolve(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let accounts: Vec<&str> = m.accounts.others.keys().map(|name| name.as_str()).collect();
    let asps: Vec<&str> = m.asps.iter().map(|asp| asp.name.as_str()).collect();
    let sites: Vec<&str> = m.sites.iter().map(|site| site.name.as_str()).collect();
    let lines: Vec<&str> = m.lines.iter().map(|line| line.name.as_str()).collect();
    let subnets: Vec<&str> = m.subnet_names().collect();
    let linkable: Vec<&str> = asps.iter().chain(&sites).copied().collect();

    let mut check = Resolver { city, report };
    for line in &m.lines {
        check.name(NameKind::Account, line.dxgw.account.as_ref(), &accounts);
    }
    for site in &m.sites {
        match &site.via {
            Via::Line(line) => check.name(NameKind::Line, Some(line), &lines),
            Via::Peering(peering) => check.name(NameKind::Account, Some(&peering.account), &accounts),
            Via::Attachment(_) => {}
        }
        check.names(NameKind::Asp, &site.links, &asps);
    }
    for asp in &m.asps {
        check.name(NameKind::Account, Some(&asp.account), &accounts);
        check.names(NameKind::AspOrSite, &asp.links, &linkable);
        let peering_account = asp.peering.as_ref().and_then(|peering| peering.account.as_ref());
        check.name(NameKind::Account, peering_account, &accounts);
    }
    for subnet in m.shared_vpc.subnets.keys() {
        check.name(NameKind::Subnet, Some(subnet), &subnets);
    }
    if let Some(dns) = &m.dns {
        for zone in &dns.zones {
            check.names(NameKind::Asp, &zone.share_with, &asps);
        }
        for rule in &dns.forward_rules {
            check.names(NameKind::Asp, &rule.share_with, &asps);
        }
        check.names(NameKind::Asp, &dns.query_log_share_with, &asps);
    }
    if let Some(ca) = &m.private_ca {
        check.names(NameKind::Asp, &ca.share_with, &asps);
    }
    if let Some(endpoints) = &m.central_endpoints {
        check.names(NameKind::Asp, &endpoints.share_with, &asps);
    }
    let zones: Vec<&Domain> = m.dns.iter().flat_map(|dns| &dns.zones).map(|zone| &zone.name.value).collect();
    for domain in m.asps.iter().filter_map(|asp| asp.service.as_ref()?.dns.as_ref()) {
        if !zones.iter().any(|zone| domain.is_within(zone)) {
            let zones = zones.iter().map(|zone| zone.to_string()).collect();
            let problem = Problem::OutsideZones { domain: domain.to_string(), zones };
            check.report.error(city.at(domain.span), problem);
        }
    }
}

struct Resolver<'a, 'r> {
    city: &'a City,
    report: &'a mut Reporter<'r>,
}

impl Resolver<'_, '_> {
    fn names(&mut self, kind: NameKind, names: &[At<Name>], known: &[&str]) {
        for name in names {
            self.name(kind, Some(name), known);
        }
    }

    fn name(&mut self, kind: NameKind, name: Option<&At<Name>>, known: &[&str]) {
        let Some(name) = name.filter(|name| !known.contains(&name.as_str())) else { return };
        let problem = Problem::Unresolved {
            kind,
            name: name.to_string(),
            suggestion: nearest(name, known.iter().copied()).map(str::to_owned),
            known: each_once(known),
        };
        self.report.error(self.city.at(name.span), problem);
    }
}

/// The names, each once: a name that is there twice is V01's business.
fn each_once(names: &[&str]) -> Vec<String> {
    let mut seen = Vec::with_capacity(names.len());
    for name in names {
        if !seen.iter().any(|known| known == name) {
            seen.push((*name).to_owned());
        }
    }
    seen
}

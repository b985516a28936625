//! V01 across files: a thing of another party that several files name is one thing.
//!
//! Each municipality's hearing asks the same companies, and what one of them got wrong shows only beside the others.

use std::collections::HashMap;

use super::Reporter;
use crate::config::fleet::City;
use crate::config::problem::{Fact, NameKind, Problem, Role};
use crate::config::schema::{DxOwner, Municipality, Via};
use crate::config::source::Span;

/// What one file says of one thing.
struct Statement<'a> {
    kind: NameKind,
    id: &'a str,
    fact: Fact,
    value: String,
    span: Span,
}

/// Ids that AWS gives out belong to one account; a gateway has one ASN, a zone one domain, an attachment one Transit Gateway.
pub(super) fn agree(cities: &[&City], report: &mut Reporter<'_>) {
    let mut seen: HashMap<(NameKind, &str, Fact), (&City, String, Span)> = HashMap::new();
    for city in cities {
        for Statement { kind, id, fact, value, span } in statements(&city.config) {
            match seen.get(&(kind, id, fact)) {
                // Twice in one file is said by the checks of that file.
                Some((first, other, first_span)) if first.source.name != city.source.name && *other != value => {
                    let problem = Problem::ForeignDiffers {
                        kind,
                        id: id.to_owned(),
                        fact,
                        here: value,
                        there: other.clone(),
                        other: first.key().to_owned(),
                    };
                    report.error(city.at(span), problem).with(Role::Other, first.at(*first_span));
                }
                Some(_) => {}
                None => {
                    seen.insert((kind, id, fact), (city, value, span));
                }
            }
        }
    }
}

fn statements(m: &Municipality) -> Vec<Statement<'_>> {
    let mut all = Vec::new();
    let mut say = |kind, id, fact, value: Option<String>, span| {
        all.extend(value.map(|value| Statement { kind, id, fact, value, span }));
    };
    for asp in &m.asps {
        let account = m.account_of(asp).map(|party| party.id.to_string());
        for vpc in &asp.vpcs {
            say(NameKind::Vpc, vpc.id.as_str(), Fact::Account, account.clone(), vpc.id.span);
            for subnet in &vpc.subnets {
                say(NameKind::Subnet, subnet.as_str(), Fact::Vpc, Some(vpc.id.to_string()), subnet.span);
            }
            for table in &vpc.route_tables {
                say(NameKind::RouteTable, table.as_str(), Fact::Vpc, Some(vpc.id.to_string()), table.span);
            }
        }
        for zone in &asp.zones {
            say(NameKind::Zone, zone.id.as_str(), Fact::Account, account.clone(), zone.id.span);
            say(NameKind::Zone, zone.id.as_str(), Fact::Domain, Some(zone.name.to_string()), zone.name.span);
        }
        if let Some(name) = asp.service.as_ref().and_then(|service| service.name.as_ref()) {
            say(NameKind::Service, name.as_str(), Fact::Account, account.clone(), name.span);
        }
    }
    for peering in m.peerings() {
        let tgw = peering.tgw.as_str();
        let account = peering.party.map(|party| party.id.to_string());
        say(NameKind::TransitGateway, tgw, Fact::Account, account, peering.span);
        say(NameKind::TransitGateway, tgw, Fact::Region, Some(peering.region.as_str().to_owned()), peering.span);
    }
    for line in &m.lines {
        if let Some(id) = &line.dxgw.id {
            let owner = match line.dxgw.owner.value {
                DxOwner::Ours => Some(m.accounts.network.id.to_string()),
                DxOwner::Other => m.line_account(line).map(|party| party.id.to_string()),
            };
            say(NameKind::DxGateway, id.as_str(), Fact::Account, owner, id.span);
            let asn = line.dxgw.asn.as_ref().map(|asn| asn.to_string());
            say(
                NameKind::DxGateway,
                id.as_str(),
                Fact::Asn,
                asn,
                line.dxgw.asn.as_ref().map_or(id.span, |asn| asn.span),
            );
        }
        if let Some(vif) = line.vif.as_ref().and_then(|vif| vif.id.as_ref()) {
            say(NameKind::Vif, vif.as_str(), Fact::Municipality, Some(m.key().to_owned()), vif.span);
        }
    }
    for site in &m.sites {
        if let Via::Attachment(id) = &site.via {
            say(NameKind::Attachment, id.as_str(), Fact::Municipality, Some(m.key().to_owned()), id.span);
        }
    }
    all
}

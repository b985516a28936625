//! V12: every pair of ASPs is linked or cut off, knowingly.

use std::collections::BTreeSet;

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};
use crate::config::schema::{Connect, Segmentation};
use crate::config::values::Workload;

/// Route tables that a Transit Gateway takes (default quota).
const TABLES: usize = 20;

/// Links mean something, groups are used, and a group opens nothing that its members did not ask for.
pub(super) fn links(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let private_link =
        |name: &str| m.asps.iter().any(|asp| asp.name.as_str() == name && asp.connect.value == Connect::Privatelink);
    let sides =
        m.asps.iter().map(|asp| (&asp.name, &asp.links)).chain(m.sites.iter().map(|site| (&site.name, &site.links)));
    for (name, links) in sides {
        for link in links {
            if link == name {
                report.error(city.at(link.span), Problem::SelfLink { name: name.to_string() });
            } else if private_link(link) || private_link(name) {
                let other = if private_link(link) { link } else { name };
                let problem = Problem::LinkToPrivateLink { name: other.to_string() };
                report.warning(city.at(link.span), problem);
            }
        }
    }
    let grouped = m.transit_gateway.segmentation.value == Segmentation::Grouped;
    for group in m.asps.iter().filter_map(|asp| asp.group.as_ref()) {
        if !grouped {
            report.error(city.at(group.span), Problem::GroupUnused { group: group.to_string() });
        }
    }
    for (index, asp) in m.asps.iter().enumerate() {
        let Some(group) = asp.group.as_ref().filter(|_| grouped) else { continue };
        for peer in m.asps.iter().take(index).filter(|peer| peer.group.as_ref() == Some(group)) {
            for site in &m.sites {
                let (first, second) = (m.linked(&peer.name, &site.name), m.linked(&asp.name, &site.name));
                if first != second {
                    let (linked, unlinked) = if first { (peer, asp) } else { (asp, peer) };
                    let problem = Problem::GroupLeaks {
                        group: group.to_string(),
                        site: site.name.to_string(),
                        linked: linked.name.to_string(),
                        unlinked: unlinked.name.to_string(),
                    };
                    report.error(city.at(group.span), problem).with(Role::Other, city.at(site.name.span));
                }
            }
        }
    }
    let tables = m.transit_tables();
    if tables.len() > TABLES {
        let span = m.asps.last().map_or(m.municipality.key.span, |asp| asp.name.span);
        report.error(city.at(span), Problem::TooManyTables { tables: tables.len() });
    }
    // An ASP called `shared` would look routes up in the shared VPC's table.
    for asp in &m.asps {
        let table = m.table_of(asp);
        if ["rt-onprem", "rt-shared", "rt-external"].contains(&table.as_str()) {
            let name = asp.group.as_ref().filter(|_| grouped).unwrap_or(&asp.name);
            report.error(city.at(name.span), Problem::TableNameTaken { table });
        }
    }
}

/// Specification 4.2.1: 戸籍 and 戸籍附票 outside AWS work together with 住民記録.
pub(super) fn registers_reach_residents(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let serves = |workload: Workload| {
        m.asps.iter().filter(move |asp| asp.workloads.iter().any(|served| served.value == workload))
    };
    let residents: BTreeSet<&str> = serves(Workload::ResidentRecords).map(|asp| asp.name.as_str()).collect();
    for site in &m.sites {
        let register = site
            .workloads
            .iter()
            .any(|workload| matches!(workload.value, Workload::FamilyRegister | Workload::FamilyRegisterAddresses));
        if register && !residents.is_empty() && !residents.iter().any(|asp| m.linked(asp, &site.name)) {
            let problem = Problem::RegisterNotLinked {
                site: site.name.to_string(),
                asps: residents.iter().map(|&asp| asp.to_owned()).collect(),
            };
            report.error(city.at(site.name.span), problem);
        }
    }
}

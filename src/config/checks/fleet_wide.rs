//! V01, V04, V05 and V06 across all files. Every one is a grouping: the whole country is 1,741 files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Reporter;
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};
use crate::config::schema::{Asp, AspVpc, Environment, Tenancy};
use crate::config::source::Place;
use crate::config::values::Asn;

/// V01. One key, and one code an environment; a single-use account serves one municipality.
pub(super) fn municipalities_unique(cities: &[&City], report: &mut Reporter<'_>) {
    let mut keys: HashMap<&str, Place> = HashMap::new();
    let mut codes: HashMap<(&str, Environment), Place> = HashMap::new();
    let mut accounts: HashMap<&str, (&City, Place)> = HashMap::new();
    for city in cities {
        let identity = &city.config.municipality;
        let key = city.at(identity.key.span);
        if let Some(first) = keys.get(identity.key.as_str()) {
            report.error(key, Problem::SameKey { key: identity.key.to_string() }).with(Role::First, first.clone());
        } else {
            keys.insert(identity.key.as_str(), key);
        }
        let code = city.at(identity.code.span);
        let coded = (identity.code.as_str(), city.config.environment.value);
        if let Some(first) = codes.get(&coded) {
            report.error(code, Problem::SameCode { code: identity.code.to_string() }).with(Role::First, first.clone());
        } else {
            codes.insert(coded, code);
        }
        let network = &city.config.accounts.network;
        let account = city.at(network.id.span);
        match accounts.get(network.id.as_str()) {
            Some((other, first)) => {
                let single = [network.model, other.config.accounts.network.model].contains(&Tenancy::SingleUse);
                if single {
                    let problem = Problem::SameNetworkAccount { id: network.id.to_string() };
                    report.error(account, problem).with(Role::First, first.clone());
                }
            }
            None => {
                accounts.insert(network.id.as_str(), (city, account));
            }
        }
    }
}

/// Every VPC of the ASPs that `vpcs` picks, by its id, with those who use it.
fn by_vpc<'a>(cities: &[&'a City], vpcs: fn(&Asp) -> &[AspVpc]) -> BTreeMap<&'a str, Vec<(&'a City, &'a AspVpc)>> {
    let mut by_vpc: BTreeMap<&str, Vec<(&City, &AspVpc)>> = BTreeMap::new();
    for city in cities {
        for vpc in city.config.asps.iter().flat_map(vpcs) {
            by_vpc.entry(vpc.id.as_str()).or_default().push((city, vpc));
        }
    }
    by_vpc
}

/// V04. All files agree on the ranges of a VPC that several municipalities share. That none of them overlaps the VPC itself
/// is V03's: each lists it.
pub(super) fn shared_vpcs_are_the_same(cities: &[&City], report: &mut Reporter<'_>) {
    let ranges = |vpc: &AspVpc| vpc.cidrs().collect::<BTreeSet<_>>();
    for (id, users) in by_vpc(cities, |asp| if asp.is_routed() { &asp.vpcs } else { &[] }) {
        let [(first_city, first), rest @ ..] = users.as_slice() else { continue };
        for (city, vpc) in rest.iter().filter(|(_, vpc)| ranges(vpc) != ranges(first)) {
            let problem = Problem::VpcDiffers { vpc: id.to_owned(), other: first_city.key().to_owned() };
            report.error(city.at(vpc.cidr.span), problem).with(Role::Other, first_city.at(first.cidr.span));
        }
    }
}

/// Transit Gateways that a VPC can be attached to. AWS does not raise it.
const ATTACHMENTS_A_VPC: usize = 5;

/// V05. A VPC takes five Transit Gateway attachments, one a Transit Gateway.
pub(super) fn five_attachments(cities: &[&City], report: &mut Reporter<'_>) {
    let keys: BTreeMap<&str, &City> = cities.iter().map(|city| (city.key(), *city)).collect();
    for (id, users) in by_vpc(cities, Asp::attached_vpcs) {
        let here = users.iter().map(|(city, _)| city.key().to_owned());
        let elsewhere = users.iter().flat_map(|(_, vpc)| vpc.also_serves.iter().map(|key| key.to_string()));
        let served: BTreeSet<String> = here.chain(elsewhere).collect();
        if served.len() > ATTACHMENTS_A_VPC
            && let Some(((city, vpc), others)) = users.split_last()
        {
            let problem = Problem::TooManyAttachments { vpc: id.to_owned(), cities: served.into_iter().collect() };
            let mut finding = report.error(city.at(vpc.id.span), problem);
            // The others are named in the message; a place for each of a thousand would bury it.
            for (other, vpc) in others.iter().take(ATTACHMENTS_A_VPC) {
                finding = finding.with(Role::Also, other.at(vpc.id.span));
            }
        }
        // One of us that does not list the VPC would be counted here, and compared with nobody.
        for (city, vpc) in &users {
            for key in &vpc.also_serves {
                let listed = users.iter().any(|(user, _)| user.key() == key.as_str());
                if let Some(known) = keys.get(key.as_str()).filter(|_| !listed) {
                    let problem = Problem::ServesOneOfUs { vpc: id.to_owned(), city: key.to_string() };
                    let place = known.at(known.config.municipality.key.span);
                    report.error(city.at(key.span), problem).with(Role::Other, place);
                }
            }
        }
    }
}

/// V06 across files. Municipalities that meet at one Direct Connect gateway or peering are told apart by their ASN.
pub(super) fn asn_unique(cities: &[&City], report: &mut Reporter<'_>) {
    let mut seen: HashMap<(Asn, Environment), &City> = HashMap::new();
    let place = |city: &City| {
        let m = &city.config;
        city.at(m.transit_gateway.asn.as_ref().map_or(m.municipality.code.span, |asn| asn.span))
    };
    for city in cities {
        let asn = city.config.tgw_asn();
        match seen.get(&(asn, city.config.environment.value)) {
            Some(first) => {
                // The same code twice is V01's, and the ASN only follows from it.
                let follows = first.config.municipality.code == city.config.municipality.code
                    && city.config.transit_gateway.asn.is_none();
                if !follows {
                    let problem = Problem::AsnTwice { asn, other: first.key().to_owned() };
                    report.error(place(city), problem).with(Role::First, place(first));
                }
            }
            None => {
                seen.insert((asn, city.config.environment.value), city);
            }
        }
    }
}

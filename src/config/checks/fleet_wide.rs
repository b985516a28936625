//! V01, V04, V05 and V06 across all files. Every one is a grouping or a sorted sweep: the whole country is 1,741 files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Reporter;
use super::addressing::routed_ranges;
use super::sweep::overlaps;
use crate::config::fleet::City;
use crate::config::problem::{Owner, Problem, Role};
use crate::config::schema::{AspVpc, Environment, Tenancy};
use crate::config::source::{Place, Span};
use crate::config::values::{Asn, Cidr};

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

/// The attachments of every ASP VPC, by its id.
fn attachments<'a>(cities: &[&'a City]) -> BTreeMap<&'a str, Vec<(&'a City, &'a AspVpc)>> {
    let mut by_vpc: BTreeMap<&str, Vec<(&City, &AspVpc)>> = BTreeMap::new();
    for city in cities {
        for vpc in city.config.asps.iter().flat_map(|asp| asp.attached_vpcs()) {
            by_vpc.entry(vpc.id.as_str()).or_default().push((city, vpc));
        }
    }
    by_vpc
}

/// V04. A VPC that several municipalities share routes each of their ranges to one Transit Gateway, so that those ranges may
/// not overlap; and all files agree on the VPC's own.
pub(super) fn shared_vpcs_do_not_overlap(cities: &[&City], report: &mut Reporter<'_>) {
    // Two cities that share several VPCs would have the same overlap once for each.
    let mut said: BTreeSet<(String, Span, String, Span)> = BTreeSet::new();
    for (id, users) in attachments(cities) {
        let [(first_city, first), rest @ ..] = users.as_slice() else { continue };
        for (city, vpc) in rest {
            if vpc.cidrs().collect::<BTreeSet<_>>() != first.cidrs().collect::<BTreeSet<_>>() {
                let problem = Problem::VpcDiffers { vpc: id.to_owned(), other: first_city.key().to_owned() };
                report.error(city.at(vpc.cidr.span), problem).with(Role::Other, first_city.at(first.cidr.span));
            }
        }
        if rest.is_empty() {
            continue;
        }
        // ASP ranges are not taken along: an ASP's VPCs reach each other on the ASP's own terms.
        let mut ranges: Vec<(&City, Owner, Cidr, Span)> = Vec::new();
        for (city, _) in &users {
            let own = routed_ranges(city).into_iter().filter(|(owner, ..)| !matches!(owner, Owner::Asp(_)));
            ranges.extend(own.map(|(owner, cidr, span)| (*city, owner, cidr, span)));
        }
        let cidrs: Vec<Cidr> = ranges.iter().map(|(_, _, cidr, _)| *cidr).collect();
        for (a, b) in overlaps(&cidrs) {
            let (Some(a), Some(b)) = (ranges.get(a), ranges.get(b)) else { continue };
            let inside_one = a.0.source.name == b.0.source.name;
            // A data centre that serves several municipalities is one network, not two that collide.
            let same_site = matches!((&a.1, &b.1), (Owner::Site(_), Owner::Site(_))) && a.2 == b.2;
            let key = (a.0.source.name.clone(), a.3, b.0.source.name.clone(), b.3);
            if inside_one || same_site || !said.insert(key) {
                continue;
            }
            let side =
                |(city, owner, cidr, _): &(&City, Owner, Cidr, Span)| (city.key().to_owned(), owner.clone(), *cidr);
            let problem = Problem::FleetOverlap { vpc: id.to_owned(), a: side(a), b: side(b) };
            report.error(b.0.at(b.3), problem).with(Role::Other, a.0.at(a.3));
        }
    }
}

/// Transit Gateways that a VPC can be attached to. AWS does not raise it.
const ATTACHMENTS_A_VPC: usize = 5;

/// V05. A VPC takes five Transit Gateway attachments, one a Transit Gateway.
pub(super) fn five_attachments(cities: &[&City], report: &mut Reporter<'_>) {
    for (id, users) in attachments(cities) {
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

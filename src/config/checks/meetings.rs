//! V04: municipalities that meet in another party's network are told apart by their addresses.
//!
//! They meet in a VPC that several of them share, and in a Transit Gateway that several of theirs peer with. Its route
//! table sends one destination to one of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Reporter;
use super::addressing::routed_ranges;
use super::sweep::overlaps;
use crate::config::derive::Behind;
use crate::config::fleet::City;
use crate::config::problem::{Owner, Problem, Role};
use crate::config::schema::{Asp, AspVpc, Connect};
use crate::config::source::Span;
use crate::config::values::Cidr;

/// A range that the other party's network routes to a municipality.
struct Range<'a> {
    city: &'a City,
    owner: Owner,
    /// The VPC, for an ASP's range.
    vpc: Option<&'a AspVpc>,
    cidr: Cidr,
    span: Span,
}

/// No two municipalities bring overlapping ranges to one meeting.
pub(super) fn do_not_overlap(cities: &[&City], report: &mut Reporter<'_>) {
    // Two that meet in several places would have the same overlap once for each.
    let mut said: BTreeSet<(&str, Span, &str, Span)> = BTreeSet::new();
    for (through, ranges) in meetings(cities) {
        let cidrs: Vec<Cidr> = ranges.iter().map(|range| range.cidr).collect();
        for (a, b) in overlaps(&cidrs) {
            let (Some(a), Some(b)) = (ranges.get(a), ranges.get(b)) else { continue };
            let (a_file, b_file) = (a.city.source.name.as_str(), b.city.source.name.as_str());
            // One municipality's own are V03's.
            if a_file == b_file || a.is_same_network(b) || !said.insert((a_file, a.span, b_file, b.span)) {
                continue;
            }
            let side = |range: &Range<'_>| (range.city.key().to_owned(), range.owner.clone(), range.cidr);
            let problem = Problem::FleetOverlap { through: through.to_owned(), a: side(a), b: side(b) };
            report.error(b.city.at(b.span), problem).with(Role::Other, a.city.at(a.span));
        }
    }
}

impl Range<'_> {
    /// A data centre or an ASP's VPC that serves several municipalities is one network, not two that collide.
    fn is_same_network(&self, other: &Self) -> bool {
        match (&self.owner, &other.owner) {
            (Owner::Site(_), Owner::Site(_)) => self.cidr == other.cidr,
            (Owner::Asp(_), Owner::Asp(_)) => self.vpc.zip(other.vpc).is_some_and(|(vpc, other)| vpc.id == other.id),
            _ => false,
        }
    }
}

/// What every VPC and every foreign Transit Gateway that more than one municipality uses routes to them.
fn meetings<'a>(cities: &[&'a City]) -> BTreeMap<&'a str, Vec<Range<'a>>> {
    let mut users: BTreeMap<&str, Vec<(&City, Guest<'_>)>> = BTreeMap::new();
    for city in cities {
        for asp in city.config.asps.iter().filter(|asp| asp.connect.value == Connect::Tgw) {
            for vpc in &asp.vpcs {
                users.entry(vpc.id.as_str()).or_default().push((city, Guest::Asp(asp)));
            }
        }
        for peering in city.config.peerings() {
            let guests: Vec<Guest<'_>> = match peering.behind {
                Behind::Asp(asp) => vec![Guest::Asp(asp)],
                Behind::Sites(sites) => sites.into_iter().map(|site| Guest::Site(site.name.as_str())).collect(),
            };
            let of_tgw = users.entry(peering.tgw.as_str()).or_default();
            of_tgw.extend(guests.into_iter().map(|guest| (*city, guest)));
        }
    }
    users.retain(|_, users| {
        let mut files = users.iter().map(|(city, _)| city.source.name.as_str());
        files.next().is_some_and(|first| files.any(|file| file != first))
    });
    users
        .into_iter()
        .map(|(through, users)| (through, users.iter().flat_map(|(city, guest)| guest.routes(city)).collect()))
        .collect()
}

/// Whose network the municipality comes to.
enum Guest<'a> {
    Asp(&'a Asp),
    Site(&'a str),
}

impl<'a> Guest<'a> {
    /// What the network routes to the municipality: for an ASP on-premises, the shared VPC, the sites and the other ASPs that
    /// it may reach; for a site, the ASPs that it is linked to. Other VPCs of the same ASP are reached on the ASP's own terms.
    fn routes(&self, city: &'a City) -> Vec<Range<'a>> {
        let m = &city.config;
        let (mut ranges, asps): (Vec<Range<'a>>, Vec<&'a Asp>) = match self {
            Guest::Asp(asp) => {
                let own = routed_ranges(city).into_iter().filter(|(owner, ..)| !matches!(owner, Owner::Asp(_)));
                let own = own.map(|(owner, cidr, span)| Range { city, owner, vpc: None, cidr, span });
                (own.collect(), m.reachable_asps(asp).collect())
            }
            Guest::Site(name) => (Vec::new(), m.asps.iter().filter(|asp| m.linked(name, &asp.name)).collect()),
        };
        for asp in asps.into_iter().filter(|asp| asp.is_routed()) {
            for vpc in &asp.vpcs {
                let cidrs = std::iter::once(&vpc.cidr).chain(&vpc.secondary_cidrs);
                ranges.extend(cidrs.map(|cidr| Range {
                    city,
                    owner: Owner::Asp(asp.name.to_string()),
                    vpc: Some(vpc),
                    cidr: cidr.value,
                    span: cidr.span,
                }));
            }
        }
        ranges
    }
}

//! V03 and V13: ranges do not overlap, and none is the internet's.

use super::sweep::overlaps;
use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Owner, Problem, Role};
use crate::config::schema::Connect;
use crate::config::source::Span;
use crate::config::values::Cidr;

/// Every range that takes part in routing, with its owner and place.
pub(super) fn routed_ranges(city: &City) -> Vec<(Owner, Cidr, Span)> {
    let m = &city.config;
    let mut ranges: Vec<(Owner, Cidr, Span)> = Vec::new();
    ranges.extend(m.onprem.cidrs.iter().map(|cidr| (Owner::OnPremises, cidr.value, cidr.span)));
    for site in &m.sites {
        let owner = Owner::Site(site.name.to_string());
        ranges.extend(site.cidrs.iter().map(|cidr| (owner.clone(), cidr.value, cidr.span)));
    }
    ranges.push((Owner::SharedVpc, m.shared_vpc.cidr.value, m.shared_vpc.cidr.span));
    // PrivateLink tolerates overlapping addresses: that is what it is for.
    for asp in m.asps.iter().filter(|asp| asp.connect.value != Connect::Privatelink) {
        let owner = Owner::Asp(asp.name.to_string());
        let cidrs = asp.vpcs.iter().flat_map(|vpc| std::iter::once(&vpc.cidr).chain(&vpc.secondary_cidrs));
        ranges.extend(cidrs.map(|cidr| (owner.clone(), cidr.value, cidr.span)));
    }
    ranges
}

/// V03. A Transit Gateway takes an attachment whose range overlaps another without an error, and routes nothing to it.
pub(super) fn no_overlap(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let ranges = routed_ranges(city);
    let cidrs: Vec<Cidr> = ranges.iter().map(|(_, cidr, _)| *cidr).collect();
    for (first, second) in overlaps(&cidrs) {
        if let (Some((a, a_cidr, a_span)), Some((b, b_cidr, b_span))) = (ranges.get(first), ranges.get(second)) {
            let problem = Problem::Overlap { a: (a.clone(), *a_cidr), b: (b.clone(), *b_cidr) };
            report.error(city.at(*b_span), problem).with(Role::Other, city.at(*a_span));
        }
    }
}

/// V13. Government Cloud is a closed network: only private ranges, and never a default route.
pub(super) fn closed_network(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    if m.allow_internet {
        return;
    }
    let mut ranges: Vec<(Cidr, Span)> = routed_ranges(city).into_iter().map(|(_, cidr, span)| (cidr, span)).collect();
    for line in &m.lines {
        let stated = line.allowed_prefixes.iter().chain(&line.onprem_cidrs).flatten();
        ranges.extend(stated.map(|cidr| (cidr.value, cidr.span)));
    }
    for (cidr, span) in ranges {
        if cidr.prefix_len() == 0 {
            report.error(city.at(span), Problem::DefaultRoute { cidr });
        } else if !cidr.is_private() {
            report.error(city.at(span), Problem::PublicRange { cidr });
        }
    }
}

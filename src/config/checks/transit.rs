//! V06 and V07: ASNs and advertised prefixes.

use ipnet::Ipv4Net;

use super::addressing::routed_ranges;
use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Owner, Problem, Role};
use crate::config::values::Cidr;

/// V06, inside a file. AWS refuses to associate a Transit Gateway with a Direct Connect gateway of the same ASN.
pub(super) fn asn(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let asn = m.tgw_asn();
    let span = m.transit_gateway.asn.as_ref().map_or(m.municipality.code.span, |stated| stated.span);
    if !asn.is_private() {
        report.error(city.at(span), Problem::AsnPublic { asn });
    }
    for line in &m.lines {
        let Some(dxgw) = line.dxgw.effective_asn() else { continue };
        let stated = line.dxgw.asn.as_ref().map_or(line.dxgw.owner.span, |stated| stated.span);
        if dxgw == asn {
            let problem = Problem::AsnLikeDxgw { asn, line: line.name.to_string() };
            report.error(city.at(stated), problem).with(Role::Other, city.at(span));
        } else if !dxgw.is_private() {
            report.error(city.at(stated), Problem::AsnPublic { asn: dxgw });
        }
    }
}

/// V07. What a line advertises is what on-premises can reach: nothing missing, and nothing around it.
pub(super) fn allowed_prefixes(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let advertised = m.advertised();
    for line in &m.lines {
        let Some(stated) = &line.allowed_prefixes else { continue };
        let name = || line.name.to_string();
        if stated.is_empty() {
            report.error(city.at(line.name.span), Problem::NoPrefixes { line: name() });
            continue;
        }
        for (owner, cidr, span) in routed_ranges(city) {
            let ours = !matches!(owner, Owner::OnPremises | Owner::Site(_)) && advertised.contains(&cidr);
            if ours && !stated.iter().any(|prefix| prefix.covers(cidr)) {
                let problem = Problem::PrefixMissing { line: name(), cidr, owner };
                report.error(city.at(line.name.span), problem).with(Role::Because, city.at(span));
            }
        }
        for prefix in stated {
            let inside: Vec<Cidr> = advertised.iter().filter(|cidr| prefix.covers(**cidr)).copied().collect();
            let nets: Vec<Ipv4Net> = inside.iter().map(|cidr| **cidr).collect();
            // A summary that holds nothing but advertised ranges is as exact as they are.
            let exact = Ipv4Net::aggregate(&nets).contains(&**prefix);
            let part_of_one = advertised.iter().any(|cidr| cidr.covers(prefix.value));
            if !exact && !part_of_one {
                let problem = Problem::PrefixNeedless { line: name(), cidr: prefix.value, exact: inside };
                report.error(city.at(prefix.span), problem);
            }
        }
    }
}

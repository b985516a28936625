//! V25 across files: a VPC that serves several municipalities takes one zone and one rule of a domain.
//!
//! What an ASP's VPC is given by one file, or has of the ASP itself, shows only beside the others. Within a file, `crate::resolve` tells.

use std::collections::HashMap;

use super::Reporter;
use crate::config::at::At;
use crate::config::derive::reverse_zones;
use crate::config::fleet::City;
use crate::config::problem::{ClaimKind, Problem, Role};
use crate::config::schema::{Dns, Municipality};
use crate::config::source::Span;
use crate::config::values::{Domain, Name};

/// A zone or rule that a file has for a VPC of another party.
struct Claim<'a> {
    vpc: &'a str,
    kind: ClaimKind,
    domain: Domain,
    span: Span,
    holder: Holder,
}

/// Whose the zone or rule is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Municipality,
    /// The party of the VPC itself. Its zones are taken to be in all of its VPCs, as `crate::resolve` takes them.
    Asp,
}

/// A claim that came first.
struct Earlier<'a> {
    city: &'a City,
    span: Span,
    holder: Holder,
}

impl Earlier<'_> {
    /// Two zones of an ASP are its own affair: several files name the same one, and of two of one domain, each for another
    /// municipality, no file says which of them the ASP's own VPC has.
    fn is_against(&self, city: &City, holder: Holder) -> bool {
        self.city.source.name != city.source.name && (self.holder, holder) != (Holder::Asp, Holder::Asp)
    }
}

/// Route 53 refuses the second zone (`ConflictingDomainExists`), Resolver the second rule, and whichever comes first decides
/// for all who use the VPC.
pub(super) fn one_of_a_domain(cities: &[&City], report: &mut Reporter<'_>) {
    let mut seen: HashMap<(&str, ClaimKind, Domain), Vec<Earlier<'_>>> = HashMap::new();
    for city in cities {
        for Claim { vpc, kind, domain, span, holder } in claims(&city.config) {
            let earlier = seen.entry((vpc, kind, domain.clone())).or_default();
            match earlier.iter().find(|earlier| earlier.is_against(city, holder)) {
                Some(first) => {
                    let problem = Problem::ClaimedTwice {
                        kind,
                        domain: domain.to_string(),
                        vpc: vpc.to_owned(),
                        other: first.city.key().to_owned(),
                        by_asp: Holder::Asp == holder || Holder::Asp == first.holder,
                    };
                    report.error(city.at(span), problem).with(Role::First, first.city.at(first.span));
                }
                None => earlier.push(Earlier { city, span, holder }),
            }
        }
    }
}

fn claims(m: &Municipality) -> Vec<Claim<'_>> {
    let theirs = m
        .asps
        .iter()
        .flat_map(|asp| asp.vpcs.iter().flat_map(move |vpc| asp.zones.iter().map(move |zone| (vpc, zone))));
    let theirs = theirs.map(|(vpc, zone)| Claim {
        vpc: vpc.id.as_str(),
        kind: ClaimKind::Zone,
        domain: zone.name.value.clone(),
        span: zone.name.span,
        holder: Holder::Asp,
    });
    theirs.chain(m.dns.iter().flat_map(|dns| ours(m, dns))).collect()
}

fn ours<'a>(m: &'a Municipality, dns: &Dns) -> Vec<Claim<'a>> {
    let holder = Holder::Municipality;
    let vpcs = |share_with: &[At<Name>]| -> Vec<&'a str> {
        let asps = m.asps.iter().filter(|asp| share_with.contains(&asp.name));
        asps.flat_map(|asp| &asp.vpcs).map(|vpc| vpc.id.as_str()).collect()
    };
    let mut claims = vec![];
    for zone in &dns.zones {
        let (kind, span) = (ClaimKind::Zone, zone.name.span);
        let claim = |vpc| Claim { vpc, kind, domain: zone.name.value.clone(), span, holder };
        claims.extend(vpcs(&zone.share_with).into_iter().map(claim));
    }
    for rule in &dns.forward_rules {
        let own = std::iter::once(&rule.domain).chain(&rule.except).map(|domain| (domain.value.clone(), domain.span));
        let reverse = rule.reverse.iter().flat_map(|cidr| {
            let span = cidr.span;
            reverse_zones(cidr.value).into_iter().map(move |domain| (domain, span))
        });
        let domains: Vec<(Domain, Span)> = own.chain(reverse).collect();
        for vpc in vpcs(&rule.share_with) {
            let claim = |(domain, span): &(Domain, Span)| Claim {
                vpc,
                kind: ClaimKind::Rule,
                domain: domain.clone(),
                span: *span,
                holder,
            };
            claims.extend(domains.iter().map(claim));
        }
    }
    claims
}

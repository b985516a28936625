//! V25 across files: a VPC that serves several municipalities takes one zone and one rule of a domain.
//!
//! What an ASP's VPC is given by one file shows only beside the others. Within a file, `crate::resolve` tells.

use std::collections::HashMap;

use super::Reporter;
use crate::config::at::At;
use crate::config::derive::reverse_zones;
use crate::config::fleet::City;
use crate::config::problem::{ClaimKind, Problem, Role};
use crate::config::schema::Municipality;
use crate::config::source::Span;
use crate::config::values::{Domain, Name};

/// A zone or rule that a file has for a VPC of another party.
struct Claim<'a> {
    vpc: &'a str,
    kind: ClaimKind,
    domain: Domain,
    span: Span,
}

/// Route 53 refuses the second zone (`ConflictingDomainExists`), Resolver the second rule, and whichever comes first decides
/// for all who use the VPC.
pub(super) fn one_of_a_domain(cities: &[&City], report: &mut Reporter<'_>) {
    let mut seen: HashMap<(&str, ClaimKind, Domain), (&City, Span)> = HashMap::new();
    for city in cities {
        for Claim { vpc, kind, domain, span } in claims(&city.config) {
            match seen.get(&(vpc, kind, domain.clone())) {
                Some((first, first_span)) if first.source.name != city.source.name => {
                    let problem = Problem::ClaimedTwice {
                        kind,
                        domain: domain.to_string(),
                        vpc: vpc.to_owned(),
                        other: first.key().to_owned(),
                    };
                    report.error(city.at(span), problem).with(Role::First, first.at(*first_span));
                }
                Some(_) => {}
                None => {
                    seen.insert((vpc, kind, domain), (city, span));
                }
            }
        }
    }
}

fn claims(m: &Municipality) -> Vec<Claim<'_>> {
    let Some(dns) = &m.dns else { return vec![] };
    let vpcs = |share_with: &[At<Name>]| -> Vec<&str> {
        let asps = m.asps.iter().filter(|asp| share_with.contains(&asp.name));
        asps.flat_map(|asp| &asp.vpcs).map(|vpc| vpc.id.as_str()).collect()
    };
    let mut claims = vec![];
    for zone in &dns.zones {
        let claim = |vpc| Claim { vpc, kind: ClaimKind::Zone, domain: zone.name.value.clone(), span: zone.name.span };
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
            };
            claims.extend(domains.iter().map(claim));
        }
    }
    claims
}

//! V23 to V25: what becomes of names, found before anything is written.

use std::collections::BTreeSet;

use gcnet_resolve::{self as resolve, Candidate, Forwarder, Idleness, Resolver};

use super::{ONPREM, places, planned};
use crate::config::{
    City, Code, Finding, Severity,
    problem::{Problem, Related, Role},
    source::Span,
};

/// Circles, shadows, and two zones of one domain for one VPC. What happens in several VPCs is told once.
///
/// `found` is what the other checks say of the city: what they said already is not said again, and where they found mistakes
/// in the parts that names are made of, nothing is computed of those.
pub fn contradictions(city: &City, found: &[Finding]) -> Vec<Finding> {
    if found.iter().any(unsettles) {
        return vec![];
    }
    let model = planned(&city.config);
    let resolver = match Resolver::new(&model) {
        Ok(resolver) => resolver,
        // Of addresses twice and the like, their own checks have told; all else must not pass unseen.
        Err(_) if found.iter().any(|finding| finding.severity == Severity::Error) => return vec![],
        Err(error) => {
            let problem = Problem::NoNames { error: error.to_string() };
            let span = city.config.municipality.key.span;
            return vec![finding(city, Code::V23, Severity::Error, span, problem)];
        }
    };
    let (mut told, mut findings) = (BTreeSet::new(), vec![]);
    for name_finding in resolver.check() {
        if is_told(city, &name_finding, found) || !told.insert(subject(&name_finding)) {
            continue;
        }
        let spans = spans(city, &name_finding);
        let (span, related) = match spans.split_first() {
            Some((first, rest)) => (*first, rest),
            None => (city.config.municipality.key.span, &[][..]),
        };
        let severity = match name_finding.severity() {
            resolve::Severity::Error => Severity::Error,
            resolve::Severity::Warning => Severity::Warning,
            resolve::Severity::Note => Severity::Notice,
        };
        let (code, municipality) = (code(&name_finding), city.key().to_string());
        let mut finding =
            finding(city, code, severity, span, Problem::Names { municipality, finding: Box::new(name_finding) });
        finding.related = related.iter().map(|span| Related { place: city.at(*span), role: Role::Other }).collect();
        findings.push(finding);
    }
    findings
}

/// Names that lead nowhere or are there twice, values and records that are none.
fn unsettles(finding: &Finding) -> bool {
    let codes = [Code::V00, Code::V01, Code::V02, Code::V20, Code::V21, Code::V26];
    finding.severity == Severity::Error && codes.contains(&finding.code)
}

fn finding(city: &City, code: Code, severity: Severity, span: Span, problem: Problem) -> Finding {
    Finding { code, severity, problem, place: city.at(span), related: vec![] }
}

fn code(finding: &resolve::Finding) -> Code {
    match finding {
        resolve::Finding::Loop { .. } | resolve::Finding::CnameLoop { .. } | resolve::Finding::DeadTarget { .. } => {
            Code::V23
        }
        resolve::Finding::Shadow { .. } | resolve::Finding::Unserved { .. } | resolve::Finding::Idle { .. } => {
            Code::V24
        }
        resolve::Finding::SameDomain { .. } => Code::V25,
    }
}

/// Whether V10 has said it, or another finding of the same circle does.
fn is_told(city: &City, finding: &resolve::Finding, found: &[Finding]) -> bool {
    let domain_of = |rule: &str| places::rule(&city.config, rule).map(|of| of.rule.domain.to_string());
    let by_v10 = |rule: &str| {
        let domain = domain_of(rule);
        found.iter().any(
            |known| matches!(&known.problem, Problem::RuleLoop { domain: told, .. } if Some(told) == domain.as_ref()),
        )
    };
    // Of which rule, it does not say; whoever mends the target sees what is left.
    let is_bad =
        |known: &Finding| known.severity == Severity::Error && matches!(known.problem, Problem::RuleTarget { .. });
    match finding {
        resolve::Finding::DeadTarget { .. } if found.iter().any(is_bad) => true,
        // A circle that leads through a server leads through a rule, and that is what the file can change.
        resolve::Finding::Loop { at: Forwarder::Server { .. }, .. } => true,
        resolve::Finding::Loop { at: Forwarder::Vpc { rule, .. } | Forwarder::Rule { rule }, .. }
        | resolve::Finding::DeadTarget { at: Forwarder::Vpc { rule, .. } | Forwarder::Rule { rule }, .. } => {
            by_v10(rule)
        }
        resolve::Finding::Shadow {
            winner: Candidate::Forward { rule, .. },
            loser: Candidate::Zone { zone, .. },
            ..
        } => {
            let hides = |known: &Finding| matches!(&known.problem, Problem::RuleHidesZone { domain, zone: told } if domain == rule && told == zone);
            found.iter().any(hides)
        }
        resolve::Finding::Idle { why: Idleness::NoTarget, .. } => true,
        _ => false,
    }
}

/// What a finding is about, whatever the VPC.
fn subject(finding: &resolve::Finding) -> (Code, String) {
    let name = |candidate: &Candidate| match candidate {
        Candidate::Forward { rule, .. } | Candidate::System { rule, .. } => format!("rule {rule}"),
        Candidate::Zone { zone, .. } => format!("zone {zone}"),
        Candidate::Autodefined { domain } => format!("amazon {domain}"),
        Candidate::Recursive => "internet".into(),
    };
    let at = |at: &Forwarder| match at {
        Forwarder::Vpc { rule, .. } | Forwarder::Rule { rule } => rule.clone(),
        Forwarder::Server { server, domain } => format!("{server} {domain}"),
    };
    let about = match finding {
        resolve::Finding::Loop { at: forwarder, .. } => format!("loop {}", at(forwarder)),
        resolve::Finding::CnameLoop { name, .. } => format!("names {name}"),
        resolve::Finding::Shadow { winner, loser, .. } => format!("shadow {} {}", name(winner), name(loser)),
        resolve::Finding::SameDomain { domain, .. } => format!("domain {domain}"),
        resolve::Finding::DeadTarget { at: forwarder, .. } => format!("target {}", at(forwarder)),
        resolve::Finding::Unserved { domain, .. } => format!("unserved {domain}"),
        resolve::Finding::Idle { what, .. } => format!("idle {}", name(what)),
    };
    (code(finding), about)
}

/// Where it stands in the file: what should change first, then the rest.
fn spans(city: &City, finding: &resolve::Finding) -> Vec<Span> {
    let rule = |id: &str| places::rule(&city.config, id).map(|of| of.span);
    let candidate = |candidate: &Candidate| match candidate {
        Candidate::Forward { rule: id, .. } | Candidate::System { rule: id, .. } => rule(id),
        Candidate::Zone { zone, .. } => places::zone(&city.config, zone),
        Candidate::Autodefined { .. } | Candidate::Recursive => None,
    };
    let at = |at: &Forwarder| match at {
        Forwarder::Vpc { rule: id, .. } | Forwarder::Rule { rule: id } => rule(id),
        Forwarder::Server { server, .. } if server == ONPREM => {
            city.config.onprem.dns_servers.first().map(|server| server.span)
        }
        Forwarder::Server { .. } => None,
    };
    match finding {
        resolve::Finding::Loop { at: forwarder, .. } | resolve::Finding::DeadTarget { at: forwarder, .. } => {
            at(forwarder).into_iter().collect()
        }
        resolve::Finding::CnameLoop { name, circle, .. } => {
            let hops = circle.iter().filter_map(|hop| match hop {
                resolve::Hop::Cname { record, .. } => Some(record),
                _ => None,
            });
            let names: BTreeSet<&resolve::Name> = hops.filter(|other| *other != name).collect();
            std::iter::once(name).chain(names).filter_map(|name| places::record(&city.config, name.as_str())).collect()
        }
        resolve::Finding::Shadow { winner, loser, .. } => [winner, loser].into_iter().filter_map(candidate).collect(),
        resolve::Finding::SameDomain { claims, .. } => claims.iter().rev().filter_map(candidate).collect(),
        resolve::Finding::Unserved { domain, .. } => places::zone(&city.config, domain.as_str()).into_iter().collect(),
        resolve::Finding::Idle { what, .. } => candidate(what).into_iter().collect(),
    }
}

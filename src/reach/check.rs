//! V22: no wish of the file may contradict the network that the file leads to.

use std::collections::BTreeSet;

use gcnet_reach::{self as reach, Requirement};

use super::{Rule, planned, rules};
use crate::config::{
    City, Code, Finding, Severity,
    derive::{Must, ReachPlace, ReachWhy},
    problem::{Contradiction, Problem},
};

/// The wishes that the planned network contradicts, each with the path that does. A pair that is contradicted in both
/// directions is told once.
///
/// `found` is what the other checks say of the city. Where they found mistakes in the parts that a network is made of, it is
/// not computed: what it would say follows from those.
pub fn contradictions(city: &City, found: &[Finding]) -> Vec<Finding> {
    if found.iter().any(unsettles) {
        return vec![];
    }
    let network = planned(&city.config);
    let rules = rules(&city.config, &network);
    let requirements: Vec<Requirement> = rules.iter().flat_map(requirements).collect();
    let violations = match reach::check(&network, &requirements) {
        Ok(violations) => violations,
        // Of overlapping subnets and the like, their own checks have told; all else must not pass unseen.
        Err(_) if found.iter().any(|finding| finding.severity == Severity::Error) => return vec![],
        Err(error) => {
            let problem = Problem::NoNetwork { error: error.to_string() };
            return vec![finding(city, city.config.municipality.key.span, problem)];
        }
    };
    let mut told: BTreeSet<(ReachPlace, ReachPlace)> = BTreeSet::new();
    let mut findings = vec![];
    for violation in violations {
        let pair = (violation.requirement.from.clone(), violation.requirement.to.clone());
        let Some(Rule { wish, .. }) = rules.iter().find(|rule| rule.pairs.contains(&pair)) else { continue };
        let (from, to) = (wish.from.clone(), wish.to.clone());
        if told.contains(&(to.clone(), from.clone())) || !told.insert((from, to)) {
            continue;
        }
        let municipality = city.key().to_string();
        let contradiction = Contradiction { municipality, must: wish.must, why: wish.why, violation };
        findings.push(finding(city, wish.span, Problem::Reach(Box::new(contradiction))));
    }
    findings
}

/// Names that lead nowhere, keys twice, what the file must say and does not.
fn unsettles(finding: &Finding) -> bool {
    finding.severity == Severity::Error && matches!(finding.code, Code::V00 | Code::V01 | Code::V02 | Code::V20)
}

fn finding(city: &City, span: crate::config::source::Span, problem: Problem) -> Finding {
    Finding { code: Code::V22, severity: Severity::Error, problem, place: city.at(span), related: vec![] }
}

fn requirements(rule: &Rule) -> Vec<Requirement> {
    let must = match rule.wish.must {
        Must::Reach => reach::Must::ReachWhenOpen,
        Must::NotReach => reach::Must::NotReach,
    };
    let why = rule.wish.why.as_str();
    let requirement =
        |(from, to): &(String, String)| Requirement { from: from.clone(), to: to.clone(), must, why: why.into() };
    rule.pairs.iter().map(requirement).collect()
}

impl ReachWhy {
    /// For machines.
    pub fn as_str(self) -> &'static str {
        match self {
            ReachWhy::Register => "register",
            ReachWhy::Linked => "linked",
            ReachWhy::SameGroup => "same_group",
            ReachWhy::Apart => "apart",
            ReachWhy::OnPremises => "on_premises",
            ReachWhy::NotOnPremises => "not_on_premises",
            ReachWhy::Consumed => "consumed",
            ReachWhy::NotLinked => "not_linked",
            ReachWhy::SiteAlone => "site_alone",
            ReachWhy::Shared => "shared",
        }
    }
}

//! What is wrong, or perhaps not meant, with the description as a whole.

mod conflict;
mod finding;
mod idle;
mod loops;
mod shadow;
mod unserved;

pub use finding::{Extent, Finding, Forwarder, Hidden, Idleness, Severity};

use crate::{hop::Candidate, index::Choice, query::Resolver};

impl Resolver<'_> {
    /// Everything that is found, the worst first.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.loops_of_forwards();
        findings.extend(self.loops_of_names());
        findings.extend(self.same_domains());
        findings.extend(self.dead_targets());
        findings.extend(self.shadows());
        findings.extend(self.unserved());
        findings.extend(self.idle());
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        findings
    }

    fn vpc_name(&self, vpc: usize) -> String {
        self.index.vpc(vpc).name.clone()
    }

    fn rule_candidate(&self, rule: usize) -> Candidate {
        self.index.candidate(Choice::Rule(rule))
    }

    fn zone_candidate(&self, zone: usize) -> Candidate {
        self.index.candidate(Choice::Zone(zone))
    }
}

//! What a file must fulfil beyond its form. One function a check, all of them in [`CHECKS`].
//!
//! A check reads and reports; it changes nothing, asks nobody and knows no AWS. It looks at effective values, so that what
//! was derived and what was overridden are held to the same rules.

mod accounts;
mod addressing;
mod arns;
mod authority;
mod claims;
mod contract;
mod environment;
mod fits;
mod fleet_wide;
mod foreign;
mod lines;
mod meetings;
mod names;
mod quotas;
mod records;
mod references;
mod resolver;
mod segmentation;
mod statements;
mod subnets;
mod sweep;
mod targets;
mod transit;

use super::fleet::City;
use super::problem::{Code, Finding, Problem, Related, Role, Severity};
use super::source::Place;

/// What a file is checked for: sample values matter only where they would be built for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `gcnet validate`.
    Validate,
    /// Any command in the sandbox.
    Sandbox,
    /// Any command against AWS.
    RealAccount,
}

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code; several functions may share one.
    pub code: Code,
    /// What it runs on.
    pub run: Run,
    /// Whether it speaks of what is absent. It is then left out for a file with mistakes, parts of which could not be read.
    pub needs_whole: bool,
}

/// What a check runs on.
#[derive(Debug, Clone, Copy)]
pub enum Run {
    /// Reading itself: form, types, keys.
    Reading,
    /// One municipality.
    City(fn(&City, Purpose, &mut Reporter<'_>)),
    /// All of them together.
    Fleet(fn(&[&City], &mut Reporter<'_>)),
}

/// All checks, in the order of their codes.
pub const CHECKS: &[Check] = &[
    reading(Code::V00),
    reading(Code::V01),
    any(Code::V01, names::unique),
    any(Code::V01, accounts::distinct),
    fleet_check(Code::V01, fleet_wide::municipalities_unique),
    fleet_check(Code::V01, foreign::agree),
    whole(Code::V02, references::resolve),
    any(Code::V03, addressing::no_overlap),
    fleet_check(Code::V04, fleet_wide::shared_vpcs_are_the_same),
    fleet_check(Code::V04, meetings::do_not_overlap),
    fleet_check(Code::V05, fleet_wide::five_attachments),
    any(Code::V06, transit::asn),
    fleet_check(Code::V06, fleet_wide::asn_unique),
    any(Code::V07, transit::allowed_prefixes),
    any(Code::V08, subnets::fit),
    any(Code::V09, resolver::addresses),
    whole(Code::V10, resolver::no_loop),
    any(Code::V10, targets::can_be_asked),
    whole(Code::V11, contract::options),
    whole(Code::V11, contract::workloads),
    whole(Code::V12, segmentation::links),
    whole(Code::V12, segmentation::registers_reach_residents),
    any(Code::V13, addressing::closed_network),
    whole(Code::V14, environment::fits),
    any(Code::V15, environment::samples),
    any(Code::V17, quotas::of_city),
    fleet_check(Code::V17, quotas::of_fleet),
    // No V19 (a line of another owner needs the shared VPC attached before its proposal): a file cannot fail it. Every file
    // has a shared VPC, every shared VPC its tgw subnets (V08), and the blueprint orders the attachment first.
    whole(Code::V20, statements::connections),
    whole(Code::V20, statements::moves_in_other_accounts),
    whole(Code::V20, lines::gateways),
    whole(Code::V20, lines::propagation),
    whole(Code::V21, fits::together),
    whole(Code::V21, authority::fits),
    whole(Code::V21, resolver::protocols),
    any(Code::V21, arns::roles),
    any(Code::V21, arns::services),
    fleet_check(Code::V25, claims::one_of_a_domain),
    any(Code::V26, records::well_formed),
];

const fn reading(code: Code) -> Check {
    Check { code, run: Run::Reading, needs_whole: false }
}

const fn any(code: Code, run: fn(&City, Purpose, &mut Reporter<'_>)) -> Check {
    Check { code, run: Run::City(run), needs_whole: false }
}

const fn whole(code: Code, run: fn(&City, Purpose, &mut Reporter<'_>)) -> Check {
    Check { code, run: Run::City(run), needs_whole: true }
}

const fn fleet_check(code: Code, run: fn(&[&City], &mut Reporter<'_>)) -> Check {
    Check { code, run: Run::Fleet(run), needs_whole: false }
}

/// Runs all checks of one municipality.
pub(super) fn city(city: &City, is_whole: bool, purpose: Purpose, findings: &mut Vec<Finding>) {
    for check in CHECKS {
        if let Run::City(run) = check.run
            && (is_whole || !check.needs_whole)
        {
            run(city, purpose, &mut Reporter { code: check.code, findings });
        }
    }
}

/// Runs all checks across municipalities.
pub(super) fn fleet(cities: &[&City], findings: &mut Vec<Finding>) {
    for check in CHECKS {
        if let Run::Fleet(run) = check.run {
            run(cities, &mut Reporter { code: check.code, findings });
        }
    }
}

/// Takes findings in, under the code of the check that runs.
pub struct Reporter<'a> {
    code: Code,
    findings: &'a mut Vec<Finding>,
}

impl Reporter<'_> {
    fn report(&mut self, severity: Severity, place: Place, problem: Problem) -> Also<'_> {
        let finding = Finding { code: self.code, severity, problem, place, related: Vec::new() };
        self.findings.push(finding);
        Also(self.findings.last_mut())
    }

    fn error(&mut self, place: Place, problem: Problem) -> Also<'_> {
        self.report(Severity::Error, place, problem)
    }

    fn warning(&mut self, place: Place, problem: Problem) -> Also<'_> {
        self.report(Severity::Warning, place, problem)
    }
}

/// Adds places to the finding just reported.
struct Also<'a>(Option<&'a mut Finding>);

impl Also<'_> {
    fn with(self, role: Role, place: Place) -> Self {
        match self.0 {
            Some(finding) => {
                finding.related.push(Related { place, role });
                Also(Some(finding))
            }
            None => self,
        }
    }
}

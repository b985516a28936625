//! V14 and V15: what an environment asks for, and values that are not real.

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role, Severity};
use crate::config::schema::{AuthorityMode, Environment};
use crate::config::values::Domain;

/// V14. A test stack is cheap and goes away; production is neither.
pub(super) fn fits(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let environment = &m.environment;
    let test = environment.value == Environment::Test;
    if test && m.expires.is_none() {
        report.error(city.at(environment.span), Problem::ExpiresMissing);
    }
    let Some(ca) = &m.private_ca else { return };
    let at = |span: crate::config::source::Span| {
        let stated = span != crate::config::source::Span::default();
        city.at(if stated { span } else { ca.subject.common_name.span })
    };
    match (environment.value, ca.mode.value) {
        (Environment::Test, AuthorityMode::GeneralPurpose) => {
            report
                .error(at(ca.mode.span), Problem::TestAuthorityExpensive)
                .with(Role::Because, city.at(environment.span));
        }
        (Environment::Prod, AuthorityMode::ShortLived) => {
            report
                .error(at(ca.mode.span), Problem::ShortLivedInProduction)
                .with(Role::Because, city.at(environment.span));
        }
        _ => {}
    }
    let days = ca.deletion_window(environment.value);
    if test && days != 7 {
        let span = ca.deletion_window_days.as_ref().map(|days| days.span).unwrap_or_default();
        report.error(at(span), Problem::TestWindowLong { days }).with(Role::Because, city.at(environment.span));
    }
}

/// Account ids of AWS's documentation, and of nobody.
const DOCUMENTATION: [&str; 11] = [
    "000000000000",
    "111111111111",
    "111122223333",
    "123456789012",
    "210987654321",
    "222233334444",
    "333344445555",
    "444455556666",
    "555566667777",
    "777788889999",
    "999999999999",
];

/// V15. Values that only a hearing can give are samples until then: fine for the sandbox and for test, refused where a
/// municipality's traffic would run over them.
pub(super) fn samples(city: &City, purpose: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let severity = match (purpose, m.environment.value) {
        (Purpose::RealAccount, Environment::Prod) => Severity::Error,
        (Purpose::RealAccount, Environment::Stg | Environment::Test) => Severity::Warning,
        (Purpose::Validate | Purpose::Sandbox, _) => Severity::Notice,
    };
    if let [first, rest @ ..] = city.samples.as_slice() {
        let mut finding = report.report(severity, city.at(*first), Problem::Samples { count: city.samples.len() });
        for span in rest {
            finding = finding.with(Role::Also, city.at(*span));
        }
    }
    let others = m.accounts.others.values().map(|account| &account.id);
    for id in std::iter::once(&m.accounts.network.id).chain(others) {
        if !id.sample && DOCUMENTATION.contains(&id.as_str()) {
            report.report(severity, city.at(id.span), Problem::DocumentationAccount { id: id.to_string() });
        }
    }
    let dns = m.dns.iter();
    let zones = dns.clone().flat_map(|dns| &dns.zones).map(|zone| &zone.name);
    let rules = dns.flat_map(|dns| &dns.forward_rules).map(|rule| &rule.domain);
    let asp_zones = m.asps.iter().flat_map(|asp| &asp.zones).map(|zone| &zone.name);
    let services = m.asps.iter().filter_map(|asp| asp.service.as_ref()?.dns.as_ref());
    for domain in zones.chain(rules).chain(asp_zones).chain(services) {
        if !domain.sample && Domain::is_example(domain) {
            let problem = Problem::ExampleDomain { domain: domain.to_string() };
            report.report(severity, city.at(domain.span), problem);
        }
    }
}

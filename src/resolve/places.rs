//! Where in its file something stands that a finding names.

use crate::config::{
    at::At,
    derive::reverse_zones,
    schema::{ForwardRule, Municipality},
    source::Span,
    values::Domain,
};

/// A rule of the file, and where the domain stands that the rule in question is for: its own, a reverse zone's range, an
/// exception.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForwardRuleOf<'a> {
    /// The block.
    pub(super) rule: &'a ForwardRule,
    /// Its place.
    pub(super) span: Span,
}

/// The rule with this domain.
pub(super) fn rule<'a>(municipality: &'a Municipality, domain: &str) -> Option<ForwardRuleOf<'a>> {
    let rules = || municipality.dns.iter().flat_map(|dns| &dns.forward_rules);
    let by = |of: &dyn Fn(&ForwardRule) -> Option<Span>| {
        rules().find_map(|rule| of(rule).map(|span| ForwardRuleOf { rule, span }))
    };
    let stands = |known: &At<Domain>| (known.as_str() == domain).then_some(known.span);
    let reverse = |rule: &ForwardRule| {
        let holds = |cidr: &&At<_>| reverse_zones(cidr.value).iter().any(|zone| zone.as_str() == domain);
        rule.reverse.iter().find(holds).map(|cidr| cidr.span)
    };
    by(&|rule| stands(&rule.domain))
        .or_else(|| by(&reverse))
        .or_else(|| by(&|rule: &ForwardRule| rule.except.iter().find_map(stands)))
}

/// Where a zone's name stands: ours is known by its domain, an ASP's by its id.
pub(super) fn zone(municipality: &Municipality, id: &str) -> Option<Span> {
    let mut ours = municipality.dns.iter().flat_map(|dns| &dns.zones);
    let mut theirs = municipality.asps.iter().flat_map(|asp| &asp.zones);
    let found = ours.find(|zone| zone.name.as_str() == id).map(|zone| zone.name.span);
    found.or_else(|| theirs.find(|zone| zone.id.as_str() == id).map(|zone| zone.name.span))
}

/// Where a record of one of our zones stands.
pub(super) fn record(municipality: &Municipality, name: &str) -> Option<Span> {
    let zones = municipality.dns.iter().flat_map(|dns| &dns.zones);
    let mut records = zones.flat_map(|zone| zone.records.iter().map(move |record| (zone, record)));
    let found = records.find(|(zone, record)| record.name.within(&zone.name).as_str() == name);
    found.map(|(_, record)| record.name.span)
}

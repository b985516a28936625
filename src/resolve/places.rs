//! Where in its file something stands that a finding or an answer names.

use crate::config::{
    at::At,
    derive::reverse_zones,
    schema::{ForwardRule, Municipality, Zone},
    source::Span,
    values::Domain,
};

/// A rule of the file, and where the domain stands that the rule in question is for: its own, a reverse zone's range, an
/// exception.
#[derive(Clone, Copy, Debug)]
pub struct ForwardRuleOf<'a> {
    /// The block.
    pub rule: &'a ForwardRule,
    /// Its place.
    pub span: Span,
}

/// The rule with this domain.
pub fn rule<'a>(municipality: &'a Municipality, domain: &str) -> Option<ForwardRuleOf<'a>> {
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

/// A zone of the file, and where its name stands.
#[derive(Clone, Copy, Debug)]
pub struct ZoneOf<'a> {
    /// Ours; `None` for an ASP's.
    pub ours: Option<&'a Zone>,
    /// Its place.
    pub span: Span,
}

/// Ours by its domain, an ASP's by its id.
pub fn zone<'a>(municipality: &'a Municipality, id: &str) -> Option<ZoneOf<'a>> {
    let ours = municipality.dns.iter().flat_map(|dns| &dns.zones).find(|zone| zone.name.as_str() == id);
    let theirs = || municipality.asps.iter().flat_map(|asp| &asp.zones).find(|zone| zone.id.as_str() == id);
    ours.map(|zone| ZoneOf { ours: Some(zone), span: zone.name.span })
        .or_else(|| theirs().map(|zone| ZoneOf { ours: None, span: zone.name.span }))
}

/// Where a record of one of our zones stands.
pub fn record(municipality: &Municipality, name: &str) -> Option<Span> {
    let zones = municipality.dns.iter().flat_map(|dns| &dns.zones);
    let mut records = zones.flat_map(|zone| zone.records.iter().map(move |record| (zone, record)));
    let found = records.find(|(zone, record)| record.name.within(&zone.name).as_str() == name);
    found.map(|(_, record)| record.name.span)
}

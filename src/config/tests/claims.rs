//! V25 across files: what a VPC that several use is given.

use std::sync::Arc;

use crate::config::problem::{ClaimKind, Problem};
use crate::config::source::Source;
use crate::config::{Fleet, Purpose, Severity, synthetic};

/// The VPC of hoken, which both municipalities use.
const COMMON: &str = "vpcs: [{ id: !sample vpc-b";

/// Claims that collide, as `zone of DOMAIN by FILE`, when hoken has these zones of its own (domain, id) in either file; anything
/// else is a mistake of the test.
fn collisions(zones: [&[(&str, &str)]; 2]) -> Vec<String> {
    let with = |source: &Arc<Source>, zones: &[(&str, &str)]| {
        assert!(source.text.contains(COMMON));
        let zones: Vec<String> = zones.iter().map(|(name, id)| format!("{{ name: {name}, id: {id} }}")).collect();
        let zones = format!("zones: [{}]\n    {COMMON}", zones.join(", "));
        Source::new(source.name.clone(), source.text.replacen(COMMON, &zones, 1))
    };
    let sources = synthetic::municipalities(2);
    let fleet = Fleet::from_sources(sources.iter().zip(zones).map(|(source, zones)| with(source, zones)).collect());
    let findings = fleet.check(Purpose::Validate).into_iter().filter(|finding| finding.severity > Severity::Notice);
    findings
        .map(|finding| match &finding.problem {
            Problem::ClaimedTwice { kind: ClaimKind::Zone, domain, other, by_asp: true, .. } => {
                format!("zone of {domain}, and {other}")
            }
            other => panic!("{} {other:?}", finding.code),
        })
        .collect()
}

/// It answers all who use the ASP's VPC for the domain, as the zone does that a municipality shares with that VPC.
#[test]
fn a_zone_of_the_asp_itself_collides_with_one_that_another_town_shares() {
    let (first, second) = (("gc.m0000.example", "Z0B0000000000"), ("gc.m0001.example", "Z0B0000000001"));
    assert_eq!(collisions([&[], &[first]]), ["zone of gc.m0000.example, and m0000"]);
    assert_eq!(collisions([&[second], &[]]), ["zone of gc.m0001.example, and m0000"]);
    assert_eq!(
        collisions([&[second], &[first]]),
        ["zone of gc.m0000.example, and m0000", "zone of gc.m0001.example, and m0000"]
    );
}

/// The ASP may keep one zone for all, or one for each: what its own VPC has of them is its affair.
#[test]
fn zones_of_an_asp_do_not_collide_with_each_other() {
    let zone = |id| ("hoken.asp-b.example", id);
    let (one, two) = (zone("Z0B0000000000"), zone("Z0B0000000001"));
    assert!(collisions([&[one], &[one]]).is_empty());
    assert!(collisions([&[one], &[two]]).is_empty());
    assert!(collisions([&[one], &[]]).is_empty());
}

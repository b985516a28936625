//! V04: who meets whom, and whose addresses then matter.

use std::sync::Arc;

use crate::config::problem::{Code, Owner, Problem};
use crate::config::source::Source;
use crate::config::{Fleet, Purpose, Severity, synthetic};

/// Changes of one file.
type Changes<'a> = &'a [(&'a str, &'a str)];

fn changed(source: &Arc<Source>, changes: Changes<'_>) -> Arc<Source> {
    let text = changes.iter().fold(source.text.clone(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from}");
        text.replacen(from, to, 1)
    });
    Source::new(source.name.clone(), text)
}

/// The overlaps that two municipalities have, as `range of owner / range of owner`; anything else is a mistake of the test.
fn overlaps(first: Changes<'_>, second: Changes<'_>) -> Vec<String> {
    let sources = synthetic::municipalities(2);
    let fleet = Fleet::from_sources(vec![changed(&sources[0], first), changed(&sources[1], second)]);
    let findings = fleet.check(Purpose::Validate).into_iter().filter(|finding| finding.severity > Severity::Notice);
    findings
        .map(|finding| match &finding.problem {
            Problem::FleetOverlap { a, b, .. } => format!("{} {} / {} {}", name(&a.1), a.2, name(&b.1), b.2),
            other => panic!("{} {other:?}", finding.code),
        })
        .collect()
}

fn name(owner: &Owner) -> &str {
    match owner {
        Owner::OnPremises => "on-premises",
        Owner::SharedVpc => "shared",
        Owner::Asp(name) | Owner::Site(name) => name,
    }
}

/// The VPC that both share is linked to juki in both: what juki brings meets there.
#[test]
fn ranges_of_linked_asps_meet() {
    let own = "cidr: !sample 172.16.1.0/24";
    let second = ("cidr: !sample 172.16.1.0/24", "cidr: 172.16.1.0/24, secondary_cidrs: [172.16.0.64/26]");
    assert_eq!(overlaps(&[], &[(own, "cidr: 172.16.0.0/23")]), ["juki 172.16.0.0/24 / juki 172.16.0.0/23"]);
    assert_eq!(overlaps(&[], &[second]), ["juki 172.16.0.0/24 / juki 172.16.0.64/26"]);
    // Without a link no table leads there, and addresses that are never met may be the same.
    assert!(overlaps(&[], &[second, HOKEN_ALONE]).is_empty());
}

const HOKEN_ALONE: (&str, &str) =
    ("cidr: !sample 192.168.0.0/24 }]\n    links: [juki]", "cidr: !sample 192.168.0.0/24 }]");

/// One VPC that serves both is one network, however many ways lead to it.
#[test]
fn what_is_shared_does_not_collide_with_itself() {
    let juki = &[("vpc-a0000000000000001", "vpc-a0000000000000000"), ("172.16.1.0/24", "172.16.0.0/24")];
    assert!(overlaps(&[], juki).is_empty());
}

/// A data centre with a Transit Gateway of its own routes to the ASPs that its municipalities link it to, and no further.
#[test]
fn municipalities_meet_behind_a_site() {
    let via = ("via: { line: lgcs }", "via: { peering: { tgw: tgw-0a1b2c3d4e5f60718, account: j-lis } }");
    let apart = ("vpc-b0000000000000000", "vpc-b0000000000000001");
    let elsewhere = ("192.168.0.0/24", "192.168.1.0/24");
    let same = ("172.16.1.0/24", "172.16.0.0/24");
    let onprem = ("!sample [10.1.0.0/16]", "[10.0.0.0/16]");
    let reverse = ("reverse: !sample [10.1.0.0/16]", "reverse: [10.0.0.0/16]");
    let dns = ("[10.1.0.10, 10.1.0.11]", "[10.0.0.10, 10.0.0.11]");
    assert_eq!(
        overlaps(&[via], &[via, apart, elsewhere, same, onprem, reverse, dns]),
        ["juki 172.16.0.0/24 / juki 172.16.0.0/24"]
    );
}

/// Inside one file, what lies behind a peering or a site is held apart from all else (V03).
#[test]
fn peerings_and_sites_count_inside_a_file() {
    let source = &synthetic::municipalities(1)[0];
    let codes = |changes: Changes<'_>| -> Vec<Code> {
        let findings = Fleet::from_sources(vec![changed(source, changes)]).check(Purpose::Validate);
        findings.into_iter().filter(|f| f.severity > Severity::Notice).map(|finding| finding.code).collect()
    };
    let peering = (
        "account: b-sha\n    connect: tgw",
        "account: b-sha\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }\n    connect: peering",
    );
    let site = ("via: { line: lgcs }", "via: { attachment: tgw-attach-0a1b2c3d4e5f60718 }");
    assert!(codes(&[peering, site]).is_empty());
    assert_eq!(codes(&[peering, ("192.168.0.0/24", "172.16.0.128/25")]), [Code::V03]);
    assert_eq!(codes(&[site, ("!sample [172.24.0.0/24]", "[10.0.9.0/24]")]), [Code::V03]);
}

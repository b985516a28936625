//! Wishes that one can really write and that contradict each other: V22 tells, at their place, with the path.

use insta::assert_snapshot;

use super::{changed, told};
use crate::{
    config::{Code, Finding},
    report::{Lang, Style, diagnostics},
};

/// `V22 96:11 onprem -> juki`, and the codes of whatever else was found.
fn brief(findings: &[Finding]) -> Vec<String> {
    let brief = |finding: &Finding| {
        let (line, column) = finding.place.line_column();
        match &finding.problem {
            crate::config::problem::Problem::Reach(contradiction) => {
                let requirement = &contradiction.violation.requirement;
                format!("{} {line}:{column} {} -> {}", finding.code, requirement.from, requirement.to)
            }
            _ => finding.code.to_string(),
        }
    };
    let errors = findings.iter().filter(|finding| finding.severity > crate::config::Severity::Notice);
    errors.map(brief).collect()
}

fn found(key: &str, changes: &[(&str, &str)]) -> Vec<String> {
    brief(&told(&changed(key, changes)))
}

const GATEWAY: &str = "asn: !sample 64512 # Transit Gateway の ASN と同じにはできない";

#[test]
fn allowed_prefixes_that_leave_an_asp_out() {
    let prefixes = ["asn: 64512\n    allowed_prefixes: [10.210.21.0/24, 10.220.1.0/24, 10.214.21.0/24]"];
    let told = found("itano", &[(GATEWAY, prefixes[0])]);
    assert_eq!(told, ["V07", "V22 108:11 onprem -> hoken"]);
}

#[test]
fn a_second_range_that_is_not_advertised() {
    let told = found(
        "itano",
        &[
            (
                GATEWAY,
                "asn: 64512\n    allowed_prefixes: [10.210.21.0/24, 10.220.1.0/24, 10.212.21.0/24, 10.214.21.0/24]",
            ),
            ("cidr: !sample 10.214.21.0/24", "cidr: 10.214.21.0/24, secondary_cidrs: [192.168.9.0/24]"),
        ],
    );
    assert_eq!(told, ["V07", "V22 128:11 onprem -> gakko"]);
}

/// Only the walk finds it: what on-premises announces does not cover what is there.
#[test]
fn a_line_that_brings_less_than_on_premises_has() {
    let told = found("itano", &[(GATEWAY, "asn: 64512\n    onprem_cidrs: [10.21.0.0/17, 172.20.21.0/24]")]);
    assert_eq!(
        told,
        [
            "V22 93:17 shared/dns -> onprem",
            "V22 97:11 onprem -> juki",
            "V22 108:11 onprem -> hoken",
            "V22 122:21 onprem -> endpoint/fukushi",
            "V22 128:11 onprem -> gakko",
        ]
    );
}

/// On-premises may not reach the ASP, and the register's packets come over the same line.
#[test]
fn a_site_behind_the_line_is_linked_to_an_asp_without_on_premises() {
    let told = found(
        "itano",
        &[("    connect: tgw\n    workloads:\n", "    connect: tgw\n    onprem: false\n    workloads:\n")],
    );
    assert_eq!(told, ["V22 85:13 koseki-dc -> juki"]);
}

#[test]
fn a_site_behind_a_line_that_no_table_learns_from() {
    let told = found("itano", &[("    opens: 2025-04以降", "    propagate: false\n    opens: 2025-04以降")]);
    assert_eq!(told, ["V22 86:13 koseki-dc -> juki"]);
}

/// The attachment has no subnet in the zone of the hosts.
#[test]
fn subnets_in_a_zone_without_the_attachment() {
    let moved = "shared_vpc:\n  subnets: { vpce-c: { zone: apne1-az2 } }\n";
    let told = found("itano", &[("shared_vpc:\n", moved)]);
    assert_eq!(
        told,
        [
            "V22 93:17 shared/vpce -> onprem",
            "V22 97:11 shared/vpce -> juki",
            "V22 108:11 shared/vpce -> hoken",
            "V22 122:21 onprem -> endpoint/fukushi",
            "V22 128:11 shared/vpce -> gakko",
        ]
    );
}

/// One table serves the group: what on-premises must not reach of it drops what it must.
#[test]
fn a_group_of_which_on_premises_may_reach_a_part() {
    let told = found(
        "naruto",
        &[
            ("shared_vpc:\n", "transit_gateway: { segmentation: grouped }\nshared_vpc:\n"),
            ("    account: c-sha\n    connect", "    account: c-sha\n    group: other\n    connect"),
            ("    account: d-sha\n    connect", "    account: d-sha\n    group: other\n    onprem: false\n    connect"),
        ],
    );
    assert_eq!(told, ["V22 116:11 onprem -> fukushi"]);
}

/// Two links between two groups join what nobody linked: a table has no way for some of its ASPs only.
#[test]
fn groups_that_leak_into_each_other() {
    let told = found(
        "naruto",
        &[
            ("shared_vpc:\n", "transit_gateway: { segmentation: grouped }\nshared_vpc:\n"),
            ("    account: a-sha\n    connect", "    account: a-sha\n    group: one\n    connect"),
            ("    account: b-sha\n    connect", "    account: b-sha\n    group: two\n    connect"),
            ("    account: c-sha\n    connect", "    account: c-sha\n    group: one\n    connect"),
            ("    account: d-sha\n    connect", "    account: d-sha\n    group: two\n    connect"),
            ("    links: [juki]\n\n# Route 53", "    links: [fukushi]\n\n# Route 53"),
            ("links: [koseki-dc]", "links: []"),
            ("    links: [juki]\n\n# ネットワーク", "    links: [juki, fukushi]\n\n# ネットワーク"),
        ],
    );
    assert!(told.iter().any(|line| line.ends_with("juki -> gakko")), "{told:?}");
}

/// Each endpoint has a security group of its own, so that one can be closed while others are open.
#[test]
fn an_endpoint_that_on_premises_must_not_reach_is_closed() {
    let told = found("itano", &[("    connect: privatelink\n", "    connect: privatelink\n    onprem: false\n")]);
    assert!(told.is_empty(), "{told:?}");
}

/// A link would not help: V12 says that it is missing, and nothing is wrong with who reaches whom.
#[test]
fn a_site_that_nobody_linked_reaches_nobody() {
    let told = found(
        "itano",
        &[("    links: [juki]\n\n# ネットワーク", "\n# ネットワーク"), ("    links: [koseki-dc]\n", "")],
    );
    assert_eq!(told, ["V12"]);
}

/// Of what a misspelt name leads to there is no network to judge.
#[test]
fn nothing_is_said_of_a_file_with_names_that_lead_nowhere() {
    let told = found("itano", &[("via: { line: lgcs }", "via: { line: lgsc }")]);
    assert_eq!(told, ["V02"]);
}

#[test]
fn overlapping_subnets_are_told_once() {
    let overlap = "shared_vpc:\n  subnets: { vpce-a: { cidr: 10.210.21.32/27 } }\n";
    let told = found("itano", &[("shared_vpc:\n", overlap)]);
    assert!(!told.is_empty() && told.iter().all(|code| code == "V08"), "{told:?}");
}

#[test]
fn the_path_is_shown() {
    let fleet = changed(
        "itano",
        &[("    connect: tgw\n    workloads:\n", "    connect: tgw\n    onprem: false\n    workloads:\n")],
    );
    let endpoint = changed("itano", &[(GATEWAY, "asn: 64512\n    onprem_cidrs: [10.21.0.0/17, 172.20.21.0/24]")]);
    let to_endpoint =
        |finding: &&Finding| brief(&[(*finding).clone()]).iter().any(|line| line.ends_with("endpoint/fukushi"));
    let mut text = String::new();
    let (on_premises, endpoint) = (told(&fleet), told(&endpoint));
    let shown = on_premises.iter().chain(endpoint.iter().filter(to_endpoint));
    for finding in shown.filter(|finding| finding.code == Code::V22) {
        for lang in [Lang::En, Lang::Ja] {
            text.push_str(&diagnostics::render(finding, Style::plain(lang)));
            text.push('\n');
        }
    }
    assert_snapshot!(text);
}

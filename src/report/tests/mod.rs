//! What a person reads, in both languages: every kind of mistake once, as it is drawn.
//!
//! Every case changes a valid file in one place; a case whose text is no longer in the file fails, so that none rots.

mod cases;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::cases::{ADDRESSES, Case, NAMES, ORDER, PARTIES, READING, RECORDS};
use super::diagnostics::{Report, render, tally};
use super::{Lang, Style, summary, why};
use crate::config::checks::CHECKS;
use crate::config::source::Source;
use crate::config::{Code, Finding, Fleet, Purpose, Severity, synthetic};

fn changed(index: usize, changes: &[(&str, &str)]) -> Arc<Source> {
    let source = synthetic::municipalities(index + 1).pop().unwrap();
    let text = changes.iter().fold(source.text.clone(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from}");
        text.replacen(from, to, 1)
    });
    Source::new(source.name.clone(), text)
}

fn findings(sources: Vec<Arc<Source>>) -> Vec<Finding> {
    let all = Fleet::from_sources(sources).check(Purpose::Validate);
    all.into_iter().filter(|finding| finding.severity > Severity::Notice).collect()
}

fn drawn(cases: &[Case]) -> String {
    let mut text = String::new();
    for (title, changes) in cases {
        let findings = findings(vec![changed(0, changes)]);
        assert!(!findings.is_empty(), "{title}: nothing was found");
        text.push_str(&format!("######## {title}\n"));
        for lang in [Lang::En, Lang::Ja] {
            for finding in &findings {
                text.push_str(&render(finding, Style { lang, color: false, width: 120 }));
                text.push('\n');
            }
        }
    }
    text
}

#[test]
fn reading() {
    insta::assert_snapshot!(drawn(READING));
}

#[test]
fn names_and_references() {
    insta::assert_snapshot!(drawn(NAMES));
}

#[test]
fn addresses() {
    insta::assert_snapshot!(drawn(ADDRESSES));
}

#[test]
fn records_and_rules() {
    insta::assert_snapshot!(drawn(RECORDS));
}

#[test]
fn order_and_separation() {
    insta::assert_snapshot!(drawn(ORDER));
}

#[test]
fn other_parties() {
    insta::assert_snapshot!(drawn(PARTIES));
}

/// A role without an external id works; who could misuse it is worth a word.
#[test]
fn an_external_id_is_recommended() {
    let role = "owner: B社, credentials: { assume-role: { role: \"arn:aws:iam::200000000002:role/gcnet\" } } }";
    let subnets = "vpcs: [{ subnets: [subnet-0a1b2c3d4e5f60718], id: !sample vpc-b0";
    let source = changed(0, &[("owner: B社 }", role), ("vpcs: [{ id: !sample vpc-b0", subnets)]);
    let findings = Fleet::from_sources(vec![source]).check(Purpose::Validate);
    let told: Vec<_> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
    assert_eq!(told, [(Code::V15, Severity::Notice), (Code::V21, Severity::Notice)]);
}

fn fleets() -> Vec<(&'static str, Vec<Arc<Source>>)> {
    let all = |changes: &[&[(&str, &str)]]| -> Vec<Arc<Source>> {
        changes.iter().enumerate().map(|(index, changes)| changed(index, changes)).collect()
    };
    let seventh_vpc: [&[(&str, &str)]; 7] = [&[("vpc-b0", "vpc-b0")]; 7];
    let mut six = all(&seventh_vpc);
    six.pop();
    // The sixth belongs to the next group of five; it joins the first here.
    let joined =
        six[5].text.replace("vpc-b0000000000000001", "vpc-b0000000000000000").replace("192.168.1.0", "192.168.0.0");
    six[5] = Source::new(six[5].name.clone(), joined);
    vec![
        ("two on-premises behind one VPC", all(&[&[], &[("!sample [10.1.0.0/16]", "[10.0.128.0/17]")]])),
        ("a VPC with two ranges", all(&[&[], &[("192.168.0.0/24", "192.168.9.0/24")]])),
        ("six attachments", six),
        ("one ASN", all(&[&[], &[("shared_vpc:", "transit_gateway: { asn: 4200010000 }\nshared_vpc:")]])),
        (
            "a second range that one leaves out",
            all(&[
                &[],
                &[("cidr: !sample 192.168.0.0/24", "cidr: 192.168.0.0/24, secondary_cidrs: [192.168.128.0/24]")],
            ]),
        ),
        ("ASPs behind one VPC that overlap", all(&[&[], &[("!sample 172.16.1.0/24", "172.16.0.128/25")]])),
        (
            "one of us outside the fleet",
            all(&[
                &[("cidr: !sample 192.168.0.0/24", "cidr: 192.168.0.0/24, also_serves: [m0001, elsewhere]")],
                &[("vpc-b0000000000000000", "vpc-b0000000000000009"), ("192.168.0.0/24", "192.168.9.0/24")],
            ]),
        ),
        (
            "two on-premises behind one peering",
            all(&[PEERED, &[PEERED[0], PEERED[1], ("!sample [10.1.0.0/16]", "[10.0.128.0/17]")]]),
        ),
        ("seven on one gateway", seven_on_a_gateway()),
        ("six in one account", six_in_an_account()),
        (
            "one domain for one VPC",
            all(&[
                &[],
                &[
                    ("name: !sample gc.m0001.example", "name: gc.m0000.example"),
                    ("fukushi.gc.m0001.example", "fukushi.gc.m0000.example"),
                    ("town.m0001.example, reverse", "town.m0000.example, reverse"),
                ],
            ]),
        ),
        (
            "a zone of ours and the ASP's own for one VPC",
            all(&[
                &[(
                    "vpcs: [{ id: !sample vpc-b",
                    "zones: [{ name: gc.m0001.example, id: Z0B0000000001 }]\n    vpcs: [{ id: !sample vpc-b",
                )],
                &[(
                    "vpcs: [{ id: !sample vpc-b",
                    "zones: [{ name: gc.m0000.example, id: Z0B0000000000 }]\n    vpcs: [{ id: !sample vpc-b",
                )],
            ]),
        ),
        (
            "what others own is told in two ways",
            all(&[
                &[("dxgw: { owner", "vif: { id: dxvif-ffabc123 }\n    dxgw: { owner")],
                &[
                    (
                        "00000000-0000-4000-8000-000000000001\", account: j-lis, asn: 64512",
                        "00000000-0000-4000-8000-000000000000\", account: a-sha, asn: 64513",
                    ),
                    ("dxgw: { owner", "vif: { id: dxvif-ffabc123 }\n    dxgw: { owner"),
                    ("id: !sample \"200000000002\"", "id: \"200000000008\""),
                ],
            ]),
        ),
        (
            "a zone of another company's account",
            all(&[
                &[],
                &[("Z0A0000000001", "Z0A0000000000"), ("id: !sample \"200000000001\"", "id: \"200000000007\"")],
            ]),
        ),
        ("one code, one account", all(&[&[], &[("100013", "100005"), ("500000000001", "500000000000")]])),
    ]
}

/// The ASP that five share, behind a Transit Gateway of its own.
const PEERED: &[(&str, &str)] = &[
    ("connect: tgw\n    workloads: [国民年金", "connect: peering\n    workloads: [国民年金"),
    ("    account: b-sha", "    account: b-sha\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }"),
];

/// A network account in joint use, with all Resolver endpoints that the specification may mean.
fn six_in_an_account() -> Vec<Arc<Source>> {
    let text = |index: usize, text: &str| {
        text.replace(&format!("50000000000{index}"), "500000000000")
            .replace("model: single-use", "model: shared-use")
            .replace("endpoints: 1", "endpoints: 2")
    };
    let sources = synthetic::municipalities(6).into_iter().enumerate();
    sources.map(|(index, source)| Source::new(source.name.clone(), text(index, &source.text))).collect()
}

fn seven_on_a_gateway() -> Vec<Arc<Source>> {
    let sources = synthetic::municipalities(7);
    let text = |index: usize, text: &str| {
        text.replace(&format!("00000000-0000-4000-8000-{index:012}"), "00000000-0000-4000-8000-000000000000")
    };
    sources
        .iter()
        .enumerate()
        .map(|(index, source)| Source::new(source.name.clone(), text(index, &source.text)))
        .collect()
}

#[test]
fn across_files() {
    let mut text = String::new();
    for (title, sources) in fleets() {
        let findings = findings(sources);
        assert!(!findings.is_empty(), "{title}: nothing was found");
        text.push_str(&format!("######## {title}\n"));
        for lang in [Lang::En, Lang::Ja] {
            findings
                .iter()
                .for_each(|finding| text.push_str(&(render(finding, Style { lang, color: false, width: 120 }) + "\n")));
        }
    }
    insta::assert_snapshot!(text);
}

/// Independent mistakes are reported in one run, each once, and none of them begets another.
#[test]
fn many_mistakes_at_once() {
    let mistakes: &[(&str, &str)] = &[
        ("name_en:", "name_eng:"),
        ("!sample [10.0.0.0/16]", "[10.0.0.1/16]"),
        ("opens: 2025-03", "opens: soon"),
        ("\"200000000003\"", "\"2000\""),
        ("role: consumer", "role: consumr"),
        ("query_log: true", "query_log: 1"),
        ("region: ap-northeast-1", "region: us-east-1"),
        ("tags:", "sharing: {}\ntags:"),
    ];
    let findings = findings(vec![changed(0, mistakes)]);
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            format!("{} {}", finding.place.line_column().0, super::problems::message(&finding.problem, Lang::En))
        })
        .collect();
    let text = lines.join("\n") + "\n" + &tally(&findings, Lang::Ja);
    insta::assert_snapshot!(text);
}

#[test]
fn as_json() {
    let findings =
        findings(vec![changed(0, &[("!sample [172.24.0.0/24]", "[10.0.8.0/24]"), ("links: [juki]", "links: [juky]")])]);
    let json = serde_json::to_string_pretty(&Report::new(&findings)).unwrap();
    insta::assert_snapshot!(json);
}

/// Colour adds escape codes and takes nothing away.
#[test]
fn colour_is_never_the_only_carrier() {
    let findings = findings(vec![changed(0, &[("connect: tgw", "connect: tgv")])]);
    let plain = render(&findings[0], Style { lang: Lang::Ja, color: false, width: 120 });
    let coloured = render(&findings[0], Style { lang: Lang::Ja, color: true, width: 120 });
    assert!(coloured.contains("\u{1b}["));
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(stripped, plain);
}

/// Every check of the list is seen to fail at least once, and explains itself in both languages.
#[test]
fn every_check_can_fail() {
    let cases = [READING, NAMES, ADDRESSES, RECORDS, ORDER, PARTIES].into_iter().flatten();
    let single = cases.flat_map(|(_, changes)| Fleet::from_sources(vec![changed(0, changes)]).check(Purpose::Validate));
    let fleets = fleets().into_iter().flat_map(|(_, sources)| findings(sources));
    let seen: BTreeSet<Code> = single.chain(fleets).map(|finding| finding.code).collect();
    let listed: BTreeSet<Code> = CHECKS.iter().map(|check| check.code).collect();
    assert_eq!(seen, listed);
    assert!(CHECKS.is_sorted_by_key(|check| check.code));
    for code in listed {
        for lang in [Lang::Ja, Lang::En] {
            assert!(!summary(code, lang).is_empty() && !why(code, lang).is_empty());
        }
    }
}

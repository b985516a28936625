//! What a person reads, in both languages: every kind of mistake once, as it is drawn.
//!
//! Every case changes a valid file in one place; a case whose text is no longer in the file fails, so that none rots.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::diagnostics::{Report, render, tally};
use super::{Lang, Style, summary, why};
use crate::config::checks::CHECKS;
use crate::config::source::Source;
use crate::config::{Code, Finding, Fleet, Purpose, Severity, synthetic};

/// A title, and what is replaced by what.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

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

const READING: &[Case] = &[
    ("an indentation that is none", &[("  cidrs: !sample [10.0", " cidrs: [10.0")]),
    ("a list that is not closed", &[("links: [juki]", "links: [juki")]),
    ("an unknown tag", &[("!sample opening", "!smaple opening")]),
    ("a block without a value", &[("logs: { flow: cloudwatch, retention_days: 365, kms: none }", "logs:")]),
    ("a missing key", &[("    account: a-sha\n", "")]),
    ("a single value for a list", &[("workloads: [戸籍, 戸籍附票]", "workloads: 戸籍")]),
    ("a text for a number", &[("row: 0", "row: 二行目")]),
    ("a quoted boolean", &[("query_log: true", "query_log: \"yes\"")]),
    ("host bits", &[("!sample [10.0.0.0/16]", "[10.0.0.5/16]")]),
    ("not a range", &[("!sample [10.0.0.0/16]", "[10.0.0.0-10.0.255.255]")]),
    ("an account id of eleven digits", &[("\"200000000001\"", "\"20000000001\"")]),
    ("a date that no calendar has", &[("2026-12-18", "2026-02-30")]),
    ("a month in words", &[("opens: 2025-03", "opens: 2025年3月")]),
    ("a check digit", &[("code: \"100005\"", "code: \"100006\"")]),
    ("a choice with a letter too many", &[("connect: tgw", "connect: tgww")]),
    ("a retention that CloudWatch does not know", &[("retention_days: 365", "retention_days: 360")]),
    ("a number out of range", &[("endpoints: 1", "endpoints: 3")]),
];

#[test]
fn reading() {
    insta::assert_snapshot!(drawn(READING));
}

const NAMES: &[Case] = &[
    ("a misspelt key", &[("shared_vpc: { cidr", "shared_vpc: { cdir: 10.9.0.0/24, cidr")]),
    ("a misspelt block, and what then is missing", &[("shared_vpc:", "shared_vcp:")]),
    ("a key nobody knows", &[("tags:", "budget: 100\ntags:")]),
    ("a key twice", &[("region: ap-northeast-1", "region: ap-northeast-1\nregion: ap-northeast-3")]),
    ("a name twice", &[("  - name: hoken", "  - name: juki")]),
    ("another file name", &[("key: m0000", "key: m0001")]),
    ("an account that is ours", &[("\"200000000002\"", "\"500000000000\"")]),
    ("a link to nobody near", &[("links: [koseki-dc]", "links: [koseki-cd]")]),
    ("a line that is not there", &[("via: { line: lgcs }", "via: { line: satellite }")]),
    ("a subnet that is not derived", &[("shared_vpc: {", "shared_vpc: { subnets: { probe-a: {} },")]),
    ("a name outside the zones", &[("fukushi.gc.m0000.example", "fukushi.example.jp")]),
];

#[test]
fn names_and_references() {
    insta::assert_snapshot!(drawn(NAMES));
}

const ADDRESSES: &[Case] = &[
    ("an overlap", &[("!sample [172.24.0.0/24]", "[10.0.8.0/24]")]),
    ("a public range", &[("!sample [10.0.0.0/16]", "[133.10.0.0/16]")]),
    ("a default route", &[("asn: 64512 }", "asn: 64512 }\n    onprem_cidrs: [0.0.0.0/0]")]),
    ("no prefixes", &[("asn: 64512 }", "asn: 64512 }\n    allowed_prefixes: []")]),
    ("a supernet and a gap", &[("asn: 64512 }", "asn: 64512 }\n    allowed_prefixes: [100.64.0.0/16, 172.16.0.0/24]")]),
    ("the gateway's ASN", &[("shared_vpc:", "transit_gateway: { asn: 64512 }\nshared_vpc:")]),
    ("a public ASN", &[("shared_vpc:", "transit_gateway: { asn: 2914 }\nshared_vpc:")]),
    ("a VPC without room", &[("!sample 100.64.0.0/24", "100.64.0.0/26")]),
    ("a zone of Osaka", &[("shared_vpc: {", "shared_vpc: { zones: [apne1-az4, apne3-az1],")]),
    (
        "subnets in one zone, outside, and on each other",
        &[(
            "shared_vpc: {",
            "shared_vpc: { subnets: { dns-c: { zone: apne1-az4 }, vpce-a: { cidr: 10.99.0.0/27 }, tgw-c: { cidr: 100.64.0.0/28 } },",
        )],
    ),
    ("a reserved and a foreign address", &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.33, 10.0.0.9]")]),
    ("one zone", &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.40, 100.64.0.41]")]),
    ("a loop", &[("reverse:", "targets: [100.64.0.36], reverse:")]),
    ("a rule over a zone", &[("domain: !sample town.m0000.example", "domain: gc.m0000.example")]),
];

#[test]
fn addresses() {
    insta::assert_snapshot!(drawn(ADDRESSES));
}

const ORDER: &[Case] = &[
    (
        "an option that is not built",
        &[("private_ca:\n  subject:", "# private_ca:\n# subject:"), ("  share_with: [juki, hoken]\nlogs", "logs")],
    ),
    ("an option that was not ordered", &[("route53: ○", "route53: ｰ")]),
    ("a workload that nobody serves", &[("印鑑登録, 選挙人名簿管理", "選挙人名簿管理")]),
    ("a workload that was not ordered", &[("workloads: [障害者福祉,", "workloads: [障害者福祉, 生活保護,")]),
    ("a column that is missing", &[("    就学: －\n", "")]),
    ("a register on its own", &[("    links: [juki]\nshared_vpc", "shared_vpc"), ("    links: [koseki-dc]\n", "")]),
    ("a link to a service", &[("links: [koseki-dc]", "links: [koseki-dc, fukushi]")]),
    ("a group for nothing", &[("    links: [koseki-dc]", "    links: [koseki-dc]\n    group: small")]),
    (
        "a group that opens a site",
        &[
            ("shared_vpc:", "transit_gateway: { segmentation: grouped }\nshared_vpc:"),
            ("  - name: juki\n", "  - name: juki\n    group: small\n"),
            ("  - name: hoken\n", "  - name: hoken\n    group: small\n"),
        ],
    ),
    (
        "a table that is taken",
        &[
            ("  - name: hoken", "  - name: shared"),
            ("share_with: [juki, hoken]", ""),
            ("share_with: [juki, hoken]", "use_in_shared_vpc: true"),
            ("share_with: [juki, hoken]", "share_with: []"),
        ],
    ),
    ("a test stack like production", &[("environment: prod", "environment: test")]),
    ("no role", &[("    role: consumer\n", "")]),
    (
        "a service over a Transit Gateway",
        &[("connect: privatelink", "connect: tgw"), ("private_link: ○", "private_link: －")],
    ),
    ("a line without its gateway", &[("id: !sample \"00000000-0000-4000-8000-000000000000\", account: j-lis, ", "")]),
    (
        "values that do not fit",
        &[
            (
                "country: JP }",
                "country: Japan }\n  key: { algorithm: EC_prime256v1 }\n  hierarchy: root-and-subordinate",
            ),
            ("flow: cloudwatch", "flow: s3"),
            ("name: ca, type: CNAME", "name: \"@\", type: CNAME"),
        ],
    ),
];

#[test]
fn order_and_separation() {
    insta::assert_snapshot!(drawn(ORDER));
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
        ("one code, one account", all(&[&[], &[("100013", "100005"), ("500000000001", "500000000000")]])),
    ]
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
    let cases = [READING, NAMES, ADDRESSES, ORDER].into_iter().flatten();
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

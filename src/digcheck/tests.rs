//! Questions of the files, forms of values, and what answers are worth.

use std::{collections::BTreeSet, path::Path};

use super::{value::of_file, *};
use crate::config::{
    Fleet,
    schema::{Municipality, RecordType},
    source::{Source, Span},
};

/// Itano with replacements; each text must be there.
fn itano(changes: &[(&str, &str)]) -> Municipality {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml");
    let text = changes.iter().fold(std::fs::read_to_string(path).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from}");
        text.replacen(from, to, 1)
    });
    Fleet::from_sources(vec![Source::new("itano.yaml", text)]).city("itano").unwrap().config.clone()
}

fn listed(municipality: &Municipality) -> Vec<String> {
    questions(municipality).iter().map(|question| format!("{} {}", question.kind.as_str(), question.name)).collect()
}

#[test]
fn every_name_of_the_file_is_asked_for() {
    insta::assert_snapshot!(listed(&itano(&[])).join("\n"));
}

/// What the shared VPC does not forward, its inbound endpoint does not forward either.
#[test]
fn rules_of_others_are_not_asked_for() {
    let names = listed(&itano(&[(
        "- domain: !sample lgwan.example",
        "- domain: !sample lgwan.example\n      use_in_shared_vpc: false",
    )]));
    assert!(!names.iter().any(|name| name.contains("lgwan")), "{names:?}");
    assert!(names.iter().any(|name| name == "SOA town.itano.example"), "{names:?}");
}

#[test]
fn values_have_one_form() {
    let cases = [
        (RecordType::A, "10.0.0.1", "10.0.0.1"),
        (RecordType::AAAA, "2001:DB8:0:0::1", "2001:db8::1"),
        (RecordType::CNAME, "WWW.Example.", "www.example"),
        (RecordType::PTR, "host.example", "host.example"),
        (RecordType::MX, "010  Mail.example.", "10 mail.example"),
        (RecordType::SRV, "1 2 443 Srv.Example.", "1 2 443 srv.example"),
        (RecordType::CAA, "0 Issue \"ca.example; a=b c\"", "0 issue \"ca.example; a=b c\""),
        (RecordType::TXT, "v=spf1 -all", "\"v=spf1 -all\""),
        (RecordType::TXT, r#""one " "two""#, "\"one two\""),
        (RecordType::TXT, r#""a\"b\\c\101""#, r#""a"b\cA""#),
        (RecordType::TXT, "板野", "\"板野\""),
        // None of its type: equal to no answer, and still shown.
        (RecordType::A, "10.0.0.999", "10.0.0.999"),
        (RecordType::MX, "mail.example", "mail.example"),
    ];
    for (kind, text, form) in cases {
        assert_eq!(of_file(kind, text), form, "{text}");
    }
}

fn question(kind: Kind, expected: Expected) -> Question {
    Question { name: "a.gc.example".into(), kind, expected, because: Because::Record, span: Span::default() }
}

fn found(owner: &str, kind: &str, value: &str, ttl: u32) -> Found {
    Found { owner: owner.into(), kind: kind.into(), value: value.into(), ttl }
}

fn said(code: &str, answers: Vec<Found>, authorities: &[&str]) -> Reply {
    let authorities = authorities.iter().map(|zone| found(zone, "SOA", "ns.example", 60)).collect();
    Reply::Response(Response { code: code.into(), answers, authorities })
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(ToString::to_string).collect()
}

#[test]
fn records_are_compared_as_sets_and_may_be_older() {
    let wish = Expected::Records { values: set(&["10.0.0.1", "10.0.0.2"]), at_most: 300 };
    let question = question(Kind::Record(RecordType::A), wish);
    let answer = |values: &[(&str, u32)]| {
        let answers = values.iter().map(|(value, ttl)| found("a.gc.example", "A", value, *ttl)).collect();
        judge(&question, &said("NOERROR", answers, &[]))
    };
    assert_eq!(answer(&[("10.0.0.2", 12), ("10.0.0.1", 12)]), Verdict::Ok);
    assert_eq!(answer(&[("10.0.0.2", 300), ("10.0.0.1", 301)]), Verdict::LastsLonger { ttl: 301 });
    assert_eq!(answer(&[("10.0.0.2", 300)]), Verdict::Differs { got: set(&["10.0.0.2"]) });
    assert_eq!(answer(&[]), Verdict::NoAnswer { code: "NOERROR".into() });
    let alias = vec![found("a.gc.example", "CNAME", "b.example", 1), found("b.example", "A", "10.0.0.1", 1)];
    assert_eq!(judge(&question, &said("NOERROR", alias, &[])), Verdict::Differs { got: set(&["CNAME b.example"]) });
    assert_eq!(judge(&question, &said("REFUSED", vec![], &[])), Verdict::Refused);
    assert_eq!(
        judge(&question, &said("NXDOMAIN", vec![], &["gc.example"])),
        Verdict::NoAnswer { code: "NXDOMAIN".into() }
    );
    assert_eq!(judge(&question, &Reply::TimedOut), Verdict::TimedOut);
}

#[test]
fn an_endpoint_answers_with_addresses_of_its_subnets_only() {
    let within = vec!["10.0.0.64/27".parse().unwrap(), "10.0.0.96/27".parse().unwrap()];
    let question = question(Kind::Record(RecordType::A), Expected::Addresses { within });
    let answer = |answers| judge(&question, &said("NOERROR", answers, &[]));
    let address = |value| found("a.gc.example", "A", value, 60);
    assert_eq!(answer(vec![address("10.0.0.70"), address("10.0.0.100")]), Verdict::Ok);
    let alias =
        vec![found("a.gc.example", "CNAME", "vpce-1.example", 60), found("vpce-1.example", "A", "10.0.0.70", 60)];
    assert_eq!(answer(alias), Verdict::Ok);
    let got = set(&["10.0.0.70", "10.0.0.1"]);
    assert_eq!(answer(vec![address("10.0.0.70"), address("10.0.0.1")]), Verdict::Differs { got });
    assert_eq!(answer(vec![]), Verdict::NoAnswer { code: "NOERROR".into() });
}

/// Ours and the ASPs' are asked at their tops: from around, somebody else answers.
#[test]
fn a_zone_is_there_only_when_its_own_soa_comes() {
    let strict = question(Kind::Soa, Expected::Zone { or_around: false });
    let soa = |owner| vec![found(owner, "SOA", "ns.example", 60)];
    assert_eq!(judge(&strict, &said("NOERROR", soa("a.gc.example"), &[])), Verdict::Ok);
    let around = said("NOERROR", vec![], &["gc.example"]);
    assert_eq!(judge(&strict, &around), Verdict::Differs { got: set(&["SOA gc.example"]) });
    let nothing = judge(&strict, &said("NXDOMAIN", vec![], &["gc.example"]));
    assert_eq!(nothing, Verdict::NoAnswer { code: "NXDOMAIN".into() });
}

fn forwarded(name: &str) -> Question {
    Question { name: name.into(), ..question(Kind::Soa, Expected::Zone { or_around: true }) }
}

/// A rule may be for a part of one on-premises zone, and a range for a part of one reverse zone, in which no host has a name.
#[test]
fn a_zone_around_what_is_forwarded_answers_for_it() {
    for (name, zone) in [
        ("a.gc.example", "gc.example"),
        ("town.itano.lg.jp", "itano.lg.jp"),
        ("21.10.in-addr.arpa", "10.in-addr.arpa"),
        ("16.16.172.in-addr.arpa", "16.172.in-addr.arpa"),
    ] {
        let asked = forwarded(name);
        assert_eq!(judge(&asked, &said("NOERROR", vec![], &[zone])), Verdict::Ok);
        let nothing = judge(&asked, &said("NXDOMAIN", vec![], &[zone]));
        assert_eq!(nothing, Verdict::NothingThere { zone: zone.into() });
        assert!(!nothing.is_failure());
        assert_eq!(judge(&asked, &said("NXDOMAIN", vec![], &[])), Verdict::NoAnswer { code: "NXDOMAIN".into() });
        assert_eq!(judge(&asked, &said("SERVFAIL", vec![], &[zone])), Verdict::NoAnswer { code: "SERVFAIL".into() });
    }
}

/// Without the rule, a server of the internet answers for a zone that everything is in.
#[test]
fn the_internet_is_not_on_premises() {
    for (name, far) in [
        ("a.gc.example", ""),
        ("a.gc.example", "example"),
        ("a.gc.example", "c.example"),
        ("town.lg.jp", "lg.jp"),
        ("21.10.in-addr.arpa", "in-addr.arpa"),
        ("21.10.in-addr.arpa", "arpa"),
        ("21.10.in-addr.arpa", "1.10.in-addr.arpa"),
        ("21.10.in-addr.arpa", "0.in-addr.arpa"),
    ] {
        let shown = if far.is_empty() { "." } else { far };
        for code in ["NOERROR", "NXDOMAIN"] {
            let verdict = judge(&forwarded(name), &said(code, vec![], &[far]));
            assert_eq!(verdict, Verdict::Differs { got: [format!("SOA {shown}")].into() });
            assert!(verdict.is_failure());
        }
    }
    let sink = |owner| found(owner, "SOA", "prisoner.iana.org", 60);
    let reply =
        |code: &str, answers, authorities| Reply::Response(Response { code: code.into(), answers, authorities });
    let differs = Verdict::Differs { got: set(&["SOA 10.in-addr.arpa"]) };
    let below = reply("NXDOMAIN", vec![], vec![sink("10.in-addr.arpa")]);
    assert_eq!(judge(&forwarded("21.10.in-addr.arpa"), &below), differs);
    let top = reply("NOERROR", vec![sink("10.in-addr.arpa")], vec![]);
    assert_eq!(judge(&forwarded("10.in-addr.arpa"), &top), differs);
}

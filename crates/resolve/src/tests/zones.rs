//! What a zone answers.
//!
//! ASTERISK = "Using an asterisk (*) in the names of hosted zones and records",
//! <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html>; the rest is RFC 1034 and RFC 4592.

use super::{
    ask,
    city::{a, alias, bare, cname, set, zone},
    in_vpc, name, outcome,
};
use crate::*;

fn with(sets: Vec<RecordSet>) -> Resolution {
    Resolution { zones: vec![zone("z", "example.com", "us", &["shared"], Contents::Known(sets))], ..bare() }
}

/// The record that is found, or what there is instead.
fn found(model: &Resolution, text: &str, record_type: RecordType) -> String {
    let answer = ask(model, &in_vpc("shared"), text, record_type);
    match answer.certain().unwrap() {
        Outcome::Records { record, data: Data::Values { values, .. }, .. } => format!("{record} {}", values.join(" ")),
        Outcome::Records { record, data, .. } => format!("{record} {data:?}"),
        Outcome::NoData { .. } => "no data".into(),
        Outcome::NxDomain { .. } => "no such name".into(),
        other => format!("{other:?}"),
    }
}

/// ASTERISK: it stands for all levels below, and specific names take precedence.
#[test]
fn a_wildcard_stands_for_every_name_below_that_is_not_there() {
    let model = with(vec![a("*.example.com", "10.0.0.1"), a("acme.example.com", "10.0.0.2")]);
    for text in ["zenith.example.com", "acme.zenith.example.com", "pinnacle.acme.zenith.example.com"] {
        assert_eq!(found(&model, text, RecordType::A), "*.example.com 10.0.0.1");
    }
    assert_eq!(found(&model, "acme.example.com", RecordType::A), "acme.example.com 10.0.0.2");
    assert_eq!(found(&model, "*.example.com", RecordType::A), "*.example.com 10.0.0.1");
}

/// ASTERISK: *.example.com does not stand for example.com.
#[test]
fn a_wildcard_does_not_stand_for_its_own_domain() {
    let model = with(vec![a("*.dev.example.com", "10.0.0.1")]);
    assert_eq!(found(&model, "dev.example.com", RecordType::A), "no data", "it is there: something is below it");
    assert_eq!(found(&model, "example.com", RecordType::A), "no data", "an apex is always there");
}

/// RFC 4592, 2.2.1: a name that is there, with another type or only because of names below it, is not the wildcard's.
#[test]
fn a_wildcard_does_not_stand_for_what_is_there() {
    let model = with(vec![
        a("*.example.com", "10.0.0.1"),
        set("text.example.com", RecordType::Txt, &["t"]),
        a("deep.empty.example.com", "10.0.0.2"),
    ]);
    assert_eq!(found(&model, "text.example.com", RecordType::A), "no data");
    assert_eq!(found(&model, "empty.example.com", RecordType::A), "no data");
    assert_eq!(found(&model, "other.empty.example.com", RecordType::A), "no such name", "the encloser is another");
    assert_eq!(found(&model, "below.text.example.com", RecordType::A), "no such name");
}

#[test]
fn the_closest_wildcard_counts_and_no_other() {
    let model = with(vec![a("*.example.com", "10.0.0.1"), set("*.in.example.com", RecordType::Txt, &["t"])]);
    assert_eq!(found(&model, "a.in.example.com", RecordType::Txt), "*.in.example.com t");
    assert_eq!(found(&model, "a.in.example.com", RecordType::A), "no data");
    assert_eq!(found(&model, "a.out.example.com", RecordType::A), "*.example.com 10.0.0.1");
}

#[test]
fn an_apex_has_what_route_53_made() {
    let model = with(vec![]);
    for record_type in [RecordType::Ns, RecordType::Soa] {
        assert_eq!(found(&model, "example.com", record_type), "Apex { zone: \"z\" }");
        assert_eq!(found(&model, "a.example.com", record_type), "no such name");
    }
    let listed = with(vec![set("example.com", RecordType::Ns, &["ns-0.awsdns-00.com."])]);
    assert_eq!(found(&listed, "example.com", RecordType::Ns), "example.com ns-0.awsdns-00.com.");
    assert_eq!(found(&listed, "a.example.com", RecordType::A), "no such name", "its own NS delegate nothing");
}

#[test]
fn a_cname_is_followed_whatever_is_asked_for_but_itself() {
    let model = with(vec![cname("www.example.com", "web.example.com"), a("web.example.com", "10.0.0.1")]);
    assert_eq!(found(&model, "www.example.com", RecordType::A), "web.example.com 10.0.0.1");
    assert_eq!(found(&model, "www.example.com", RecordType::Aaaa), "no data");
    assert!(found(&model, "www.example.com", RecordType::Cname).starts_with("www.example.com Cname"));
    assert_eq!(found(&model, "x.www.example.com", RecordType::A), "no such name", "a CNAME is for its own name only");
}

#[test]
fn a_wildcard_can_be_a_cname() {
    let model = with(vec![cname("*.example.com", "web.example.com"), a("web.example.com", "10.0.0.1")]);
    assert_eq!(found(&model, "any.thing.example.com", RecordType::A), "web.example.com 10.0.0.1");
    let circle = with(vec![cname("*.example.com", "a.b.example.com")]);
    assert_eq!(found(&circle, "x.example.com", RecordType::A), "CnameLoop { start: 2 }");
}

#[test]
fn a_cname_leads_through_zones_and_out_of_them() {
    let mut model = with(vec![cname("out.example.com", "www.example.org"), cname("in.example.com", "db.example.net")]);
    let sets = vec![cname("db.example.net", "gone.example.com")];
    model.zones.push(zone("n", "example.net", "us", &["shared"], Contents::Known(sets)));
    assert_eq!(found(&model, "out.example.com", RecordType::A), "Internet");
    assert_eq!(outcome(&model, &in_vpc("shared"), "in.example.com"), Outcome::NxDomain { zone: "z".into() });
}

#[test]
fn names_in_a_circle_end_nowhere() {
    let model = with(vec![cname("a.example.com", "b.example.com"), cname("b.example.com", "a.example.com")]);
    let answer = ask(&model, &in_vpc("shared"), "a.example.com", RecordType::A);
    assert_eq!((answer.circles, &answer.ways[0].outcome), (Circles::Always, &Outcome::CnameLoop { start: 0 }));
    assert_eq!(answer.ways[0].hops.len(), 4);
}

#[test]
fn a_long_chain_of_names_is_followed_to_its_end() {
    let link = |number: usize| cname(&format!("n{number}.example.com"), &format!("n{}.example.com", number + 1));
    let mut sets: Vec<RecordSet> = (0..5000).map(link).collect();
    sets.push(a("n5000.example.com", "10.0.0.1"));
    assert_eq!(found(&with(sets), "n0.example.com", RecordType::A), "n5000.example.com 10.0.0.1");
}

/// An alias is answered with what its target has: nobody who asks sees it.
#[test]
fn aliases_within_a_zone_are_followed() {
    let to = |text: &str| Alias::Record(name(text));
    let model = with(vec![
        a("web.example.com", "10.0.0.1"),
        alias("example.com", to("web.example.com")),
        alias("*.example.com", to("example.com")),
        alias("lost.example.com", to("gone.web.example.com")),
        alias("round.example.com", to("round.example.com")),
    ]);
    assert_eq!(found(&model, "example.com", RecordType::A), "web.example.com 10.0.0.1");
    assert_eq!(found(&model, "any.example.com", RecordType::A), "web.example.com 10.0.0.1");
    assert_eq!(found(&model, "any.example.com", RecordType::Aaaa), "no data", "an alias is of one type");
    assert_eq!(found(&model, "lost.example.com", RecordType::A), "no data");
    assert_eq!(found(&model, "round.example.com", RecordType::A), "no data");
    let answer = ask(&model, &in_vpc("shared"), "any.example.com", RecordType::A);
    let expected = Hop::Alias { zone: "z".into(), record: name("*.example.com"), target: name("web.example.com") };
    assert_eq!(answer.ways[0].hops[1], expected);
}

/// NS records below an apex: the zone does not answer for what lies there.
#[test]
fn a_delegation_takes_names_out_of_a_zone() {
    let model = with(vec![
        set("sub.example.com", RecordType::Ns, &["ns.sub.example.com."]),
        a("ns.sub.example.com", "10.1.0.53"),
        a("*.example.com", "10.0.0.1"),
    ]);
    for text in ["sub.example.com", "ns.sub.example.com", "a.b.sub.example.com"] {
        let expected = Outcome::Delegated { zone: "z".into(), record: name("sub.example.com") };
        assert_eq!(outcome(&model, &in_vpc("shared"), text), expected);
    }
    assert_eq!(found(&model, "other.example.com", RecordType::A), "*.example.com 10.0.0.1");
}

/// Weighted and other policies: several sets of one name and type.
#[test]
fn alternatives_are_all_told() {
    let model = with(vec![
        a("w.example.com", "10.0.0.1"),
        a("w.example.com", "10.0.0.2"),
        cname("c.example.com", "w.example.com"),
        cname("c.example.com", "gone.example.com"),
    ]);
    assert_eq!(ask(&model, &in_vpc("shared"), "w.example.com", RecordType::A).ways.len(), 2);
    assert_eq!(ask(&model, &in_vpc("shared"), "c.example.com", RecordType::A).ways.len(), 3);
}

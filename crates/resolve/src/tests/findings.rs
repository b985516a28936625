//! What is found in a description as a whole. REVERSE = <https://repost.aws/knowledge-center/route-53-override-reverse-dns-rules>.

use super::{
    check,
    city::{INBOUND, a, bare, city, cname, forward, server, set, system, zone},
    name, names, render,
};
use crate::*;

fn hub(rules: Vec<Rule>, servers: Vec<Server>) -> Resolution {
    Resolution { rules, servers, inbound: city().inbound, outbound: city().outbound, ..bare() }
}

fn shadows(model: &Resolution) -> Vec<Finding> {
    check(model).into_iter().filter(|finding| matches!(finding, Finding::Shadow { .. })).collect()
}

/// AWS refuses it (RSLVR-00804); the file says it all the same.
#[test]
fn a_rule_to_the_own_endpoint() {
    let model = hub(vec![forward("r", "town.example", &INBOUND, &["shared", "juki"])], vec![]);
    insta::assert_snapshot!(render::findings(&check(&model)));
}

#[test]
fn a_rule_whose_circle_goes_through_on_premises_for_a_part_of_its_domain() {
    let on_premises = server("on-premises", &["10.1.0.10"], &["town.example"], &[("gc.town.example", &INBOUND)]);
    let other = server("branch", &["10.1.0.11"], &["town.example"], &[]);
    let rules = vec![forward("r", "town.example", &["10.1.0.10", "10.1.0.11"], &["shared"])];
    let mut model = hub(rules, vec![on_premises, other]);
    insta::assert_snapshot!(render::findings(&check(&model)));
    // With its zone there, the part is ours to answer.
    model.zones = vec![zone("gc", "gc.town.example", "us", &["shared"], Contents::Known(vec![]))];
    assert!(check(&model).iter().all(|finding| finding.severity() == Severity::Note));
}

/// One finding however many domains lie below, unless one between them goes another way.
#[test]
fn a_circle_for_the_root_is_told_once() {
    let all =
        server("on-premises", &["10.1.0.10"], &["own.example"], &[(".", &INBOUND), ("under.own.example", &INBOUND)]);
    let rules =
        vec![forward("all", ".", &["10.1.0.10"], &["shared"]), forward("more", "a.b", &["10.1.0.10"], &["shared"])];
    let loops: Vec<(Forwarder, Vec<Name>)> = check(&hub(rules, vec![all]))
        .into_iter()
        .filter_map(|finding| match finding {
            Finding::Loop { at, domains, .. } => Some((at, domains)),
            _ => None,
        })
        .collect();
    let at = |rule: &str| Forwarder::Vpc { vpc: "shared".into(), rule: rule.into() };
    let of = |domain: &str| Forwarder::Server { server: "on-premises".into(), domain: name(domain) };
    let expected = [
        (at("all"), names(&[".", "under.own.example"])),
        (at("more"), names(&["a.b"])),
        (of("."), names(&["."])),
        (of("under.own.example"), names(&["under.own.example"])),
    ];
    assert_eq!(loops, expected);
}

#[test]
fn servers_outside_that_send_each_other_in_a_circle() {
    let servers = vec![
        server("a", &["10.1.0.10"], &[], &[("x.example", &["10.1.0.11"])]),
        server("b", &["10.1.0.11"], &[], &[("example", &["10.1.0.10"])]),
        server("self", &["10.1.0.12"], &[], &[("y.example", &["10.1.0.12"])]),
    ];
    let found = check(&hub(vec![], servers));
    let ats: Vec<String> = found
        .iter()
        .map(|finding| match finding {
            Finding::Loop { at: Forwarder::Server { server, domain }, domains, refused: false, .. } => {
                format!("{server} {domain} {}", domains[0])
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ats, ["a x.example x.example", "b example x.example", "self y.example y.example"]);
}

#[test]
fn names_in_a_circle_are_told_once_a_vpc() {
    let sets = vec![
        cname("a.gc.example", "b.gc.example"),
        cname("b.gc.example", "a.gc.example"),
        cname("in.gc.example", "a.gc.example"),
        cname("*.w.gc.example", "x.w.gc.example"),
    ];
    let mut model = bare();
    model.zones = vec![zone("gc", "gc.example", "us", &["shared", "juki"], Contents::Known(sets))];
    let found: Vec<(String, Name)> = check(&model)
        .into_iter()
        .map(|finding| match finding {
            Finding::CnameLoop { vpc, name, .. } => (vpc, name),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("shared", "a.gc.example"),
        ("juki", "a.gc.example"),
        ("shared", "x.w.gc.example"),
        ("juki", "x.w.gc.example"),
    ];
    assert_eq!(found, expected.map(|(vpc, text)| (vpc.to_string(), name(text))));
}

/// Of one domain the rule goes first: nobody gets what is in the zone.
#[test]
fn a_rule_hides_a_whole_zone() {
    let mut model = city();
    model.rules.push(forward("oops", "gc.itano.example", &["10.1.0.10"], &["juki"]));
    insta::assert_snapshot!(render::findings(&check(&model)));
}

/// A more specific rule takes names out of a zone: a finding only where there are such names, or nobody can know.
#[test]
fn a_rule_hides_a_part_of_a_zone() {
    let rule = forward("branch", "branch.gc.example", &["192.0.2.1"], &["shared"]);
    let with = |contents: Contents| {
        shadows(&Resolution {
            zones: vec![zone("gc", "gc.example", "us", &["shared"], contents)],
            rules: vec![rule.clone()],
            ..bare()
        })
    };
    let hidden = vec![
        a("www.gc.example", "10.0.0.1"),
        a("branch.gc.example", "10.0.0.2"),
        a("x.branch.gc.example", "10.0.0.3"),
        set("x.branch.gc.example", RecordType::Txt, &["t"]),
    ];
    let [Finding::Shadow { extent, records, loser, .. }] = &with(Contents::Known(hidden))[..] else { panic!() };
    assert_eq!(*extent, Extent::Part { domains: names(&["branch.gc.example"]) });
    assert_eq!(*records, Hidden::Names(names(&["branch.gc.example", "x.branch.gc.example"])));
    assert!(matches!(loser, Candidate::Zone { zone, .. } if zone == "gc"));
    assert_eq!(with(Contents::Known(vec![a("www.gc.example", "10.0.0.1")])), []);
    let [unseen @ Finding::Shadow { records: Hidden::Unseen, .. }] = &with(Contents::Unseen)[..] else { panic!() };
    assert_eq!(unseen.severity(), Severity::Note);
}

/// The other way round: the zone takes its part out of what the rule forwards. Meant so where the rule is for all names.
#[test]
fn a_zone_hides_a_part_of_a_rule() {
    let with = |domain: &str| {
        shadows(&Resolution {
            zones: vec![zone("gc", "gc.town.example", "us", &["shared"], Contents::Known(vec![]))],
            rules: vec![forward("r", domain, &["192.0.2.1"], &["shared"])],
            ..bare()
        })
    };
    let [note @ Finding::Shadow { winner: Candidate::Zone { .. }, loser, extent, records: Hidden::None, .. }] =
        &with("town.example")[..]
    else {
        panic!()
    };
    assert_eq!(note.severity(), Severity::Note);
    assert!(matches!(loser, Candidate::Forward { rule, .. } if rule == "r"));
    assert_eq!(*extent, Extent::Part { domains: names(&["gc.town.example"]) });
    assert_eq!(with("."), []);
}

#[test]
fn a_zone_below_another_hides_records_that_are_there() {
    let with = |owner: &str, contents: Contents| {
        let zones = vec![
            zone("parent", "example", "us", &["shared"], contents),
            zone("child", "sub.example", owner, &["shared"], Contents::Known(vec![])),
        ];
        shadows(&Resolution { zones, ..bare() }).len()
    };
    assert_eq!(with("us", Contents::Known(vec![a("www.example", "10.0.0.1")])), 0);
    assert_eq!(with("us", Contents::Known(vec![a("www.sub.example", "10.0.0.1")])), 1);
    assert_eq!(with("us", Contents::Unseen), 0);
    assert_eq!(with("them", Contents::Unseen), 1);
}

/// REVERSE: PTR records of the VPC's own range in a zone for a wider range are never answered.
#[test]
fn amazon_hides_reverse_names_of_a_vpcs_own_range() {
    let sets = vec![
        set("5.21.210.10.in-addr.arpa", RecordType::Ptr, &["a."]),
        set("5.9.210.10.in-addr.arpa", RecordType::Ptr, &["b."]),
    ];
    let model = Resolution {
        zones: vec![zone("rev", "210.10.in-addr.arpa", "us", &["shared"], Contents::Known(sets))],
        rules: vec![forward("r", "10.in-addr.arpa", &["192.0.2.1"], &["juki"])],
        ..bare()
    };
    insta::assert_snapshot!(render::findings(&shadows(&model)));
}

/// What a system rule excepts from a rule is the zone's again.
#[test]
fn a_system_rule_gives_a_zone_its_names_back() {
    let mut model = bare();
    let sets = vec![a("www.in.example", "10.0.0.1"), a("www.example", "10.0.0.2")];
    model.zones = vec![zone("z", "example", "us", &["shared"], Contents::Known(sets))];
    model.rules = vec![forward("r", "example", &["192.0.2.1"], &["shared"]), system("s", "in.example", &["shared"])];
    let [Finding::Shadow { extent: Extent::Whole, records, .. }] = &check(&model)[..] else { panic!() };
    assert_eq!(*records, Hidden::Names(names(&["www.example"])));
}

#[test]
fn two_of_one_domain_in_one_vpc() {
    let mut model = bare();
    model.zones = vec![
        zone("ours", "gc.example", "us", &["shared", "juki"], Contents::Known(vec![])),
        zone("theirs", "gc.example", "A", &["juki", "fukushi"], Contents::Unseen),
    ];
    model.rules = vec![
        forward("one", "town.example", &["192.0.2.1"], &["shared"]),
        forward("two", "town.example", &["192.0.2.2"], &["juki"]),
        system("three", "town.example", &["shared"]),
    ];
    insta::assert_snapshot!(render::findings(&check(&model)));
}

/// That a VPC's settings let no zone work does not make AWS take two of one name.
#[test]
fn two_zones_conflict_where_neither_works() {
    let mut model = bare();
    model.vpcs[0].dns_hostnames = false;
    model.zones = ["one", "two"].map(|id| zone(id, "gc.example", id, &["shared"], Contents::Unseen)).to_vec();
    let found = check(&model);
    assert!(matches!(&found[0], Finding::SameDomain { claims, .. } if claims.len() == 2));
    assert!(found[1..].iter().all(|f| matches!(f, Finding::Idle { why: Idleness::DnsOff { .. }, .. })), "{found:?}");
}

#[test]
fn targets_that_answer_nobody() {
    let mut model = hub(
        vec![forward("r", "town.example", &["10.210.21.37", "10.1.0.10"], &["shared", "juki"])],
        vec![server("on-premises", &["10.1.0.10"], &[], &[("gc.example", &["10.210.21.2", "169.254.169.253"])])],
    );
    model.servers[0].otherwise = Otherwise::Unstated;
    insta::assert_snapshot!(render::findings(&check(&model)));
}

/// On-premises forwards an ASP's domain to us, and the ASP's zone is not associated with the endpoint's VPC.
#[test]
fn what_is_forwarded_to_us_in_vain() {
    let unserved = |vpcs: &[&str], domain: &str| {
        let mut model = hub(vec![], vec![server("on-premises", &["10.1.0.10"], &[], &[(domain, &INBOUND)])]);
        model.zones = vec![zone("juki", "juki.example.internal", "A", vpcs, Contents::Unseen)];
        check(&model)
    };
    let [finding @ Finding::Unserved { server, domain, endpoint, vpc }] =
        &unserved(&["juki"], "juki.example.internal")[..]
    else {
        panic!()
    };
    assert_eq!((&server[..], &endpoint[..], &vpc[..]), ("on-premises", "r53-in", "shared"));
    assert_eq!((domain, finding.severity()), (&name("juki.example.internal"), Severity::Warning));
    for domain in ["juki.example.internal", "example.internal", ".", "www.juki.example.internal", "5.10.in-addr.arpa"] {
        assert_eq!(unserved(&["juki", "shared"], domain), [], "{domain}");
    }
    assert_eq!(unserved(&["shared"], "fukushi.example.internal").len(), 1);
}

#[test]
fn what_has_no_effect() {
    let mut model = bare();
    model.vpcs[2].dns_support = false;
    model.rules = vec![
        forward("nowhere", "a.example", &["192.0.2.1"], &[]),
        forward("nobody", "b.example", &[], &["shared"]),
        forward("off", "c.example", &["192.0.2.1"], &["fukushi"]),
        system("needless", "d.example", &["shared"]),
        forward("all", ".", &["192.0.2.1"], &["juki"]),
        system("needed", "amazonaws.com", &["juki"]),
    ];
    model.zones = vec![
        zone("nowhere", "e.example", "us", &[], Contents::Unseen),
        zone("off", "f.example", "us", &["fukushi"], Contents::Unseen),
    ];
    let idle: Vec<(String, Idleness)> = check(&model)
        .into_iter()
        .map(|finding| match finding {
            Finding::Idle { what: Candidate::Forward { rule: id, .. } | Candidate::System { rule: id, .. }, why } => {
                (id, why)
            }
            Finding::Idle { what: Candidate::Zone { zone: id, .. }, why } => (id, why),
            other => panic!("{other:?}"),
        })
        .collect();
    let off = || Idleness::DnsOff { vpc: "fukushi".into() };
    let expected = [
        ("nobody", Idleness::NoTarget),
        ("off", off()),
        ("off", off()),
        ("nowhere", Idleness::NoVpc),
        ("needless", Idleness::NothingToExcept { vpc: "shared".into() }),
        ("nowhere", Idleness::NoVpc),
    ];
    assert_eq!(idle, expected.map(|(id, why)| (id.to_string(), why)));
}

#[test]
fn findings_come_the_worst_first_and_survive_as_json() {
    let mut model = hub(vec![forward("r", "town.example", &INBOUND, &["shared"])], vec![]);
    model.zones = vec![
        zone("hidden", "town.example", "us", &["shared"], Contents::Known(vec![])),
        zone("unused", "x.example", "us", &[], Contents::Unseen),
    ];
    let found = check(&model);
    let severities: Vec<Severity> = found.iter().map(Finding::severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Warning, Severity::Note]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&found[1..]).unwrap());
}

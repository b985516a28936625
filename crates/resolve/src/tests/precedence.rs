//! Who decides in a VPC, by what AWS documents.
//!
//! CONSIDERATIONS = <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>,
//! MATCHES = <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-domain-name-matches.html>,
//! RULES = <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-using-rules.html>,
//! AUTODEFINED = <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-autodefined-rules.html>,
//! REVERSE = <https://repost.aws/knowledge-center/route-53-override-reverse-dns-rules>.

use super::{
    ask,
    city::{a, bare, forward, server, system, zone},
    in_vpc, name, outcome,
};
use crate::*;

/// The VPC `shared` with rules to two servers, `near` and `far`, and zones.
fn model(rules: Vec<Rule>, zones: Vec<Zone>) -> Resolution {
    let servers = vec![server("near", &["10.1.0.1"], &["."], &[]), server("far", &["10.1.0.2"], &["."], &[])];
    Resolution { rules, zones, servers, ..bare() }
}

fn near(domain: &str) -> Rule {
    forward(&format!("near {domain}"), domain, &["10.1.0.1"], &["shared"])
}

fn far(domain: &str) -> Rule {
    forward(&format!("far {domain}"), domain, &["10.1.0.2"], &["shared"])
}

fn unseen(apex: &str) -> Zone {
    zone(apex, apex, "us", &["shared"], Contents::Unseen)
}

/// Who answers: a server, a zone by its apex, `amazon DOMAIN` or `internet`.
fn who(model: &Resolution, text: &str) -> String {
    match outcome(model, &in_vpc("shared"), text) {
        Outcome::Answered { server, .. } => server,
        Outcome::Unseen { zone, .. } | Outcome::NxDomain { zone } | Outcome::Records { zone, .. } => zone,
        Outcome::Amazon { domain } => format!("amazon {domain}"),
        Outcome::Internet => "internet".into(),
        other => panic!("{other:?}"),
    }
}

/// MATCHES: of example.com and www.example.com, the rule for www.example.com.
#[test]
fn the_most_specific_rule_decides() {
    let model = model(vec![near("example.com"), far("www.example.com")], vec![]);
    assert_eq!(who(&model, "example.com"), "near");
    assert_eq!(who(&model, "mail.example.com"), "near");
    assert_eq!(who(&model, "www.example.com"), "far");
    assert_eq!(who(&model, "a.www.example.com"), "far");
    assert_eq!(who(&model, "xwww.example.com"), "near");
    assert_eq!(who(&model, "com"), "internet");
}

/// CONSIDERATIONS: of two private zones the more specific one is searched, and no other after it.
#[test]
fn the_most_specific_zone_decides_and_what_it_lacks_is_nowhere() {
    let parent = vec![a("seattle.accounting.example.com", "10.0.0.1"), a("www.example.com", "10.0.0.2")];
    let zones = vec![
        zone("parent", "example.com", "us", &["shared"], Contents::Known(parent)),
        zone("child", "accounting.example.com", "us", &["shared"], Contents::Known(vec![])),
    ];
    let model = model(vec![], zones);
    let lacking = Outcome::NxDomain { zone: "child".into() };
    assert_eq!(outcome(&model, &in_vpc("shared"), "seattle.accounting.example.com"), lacking);
    assert_eq!(who(&model, "www.example.com"), "parent");
}

/// CONSIDERATIONS: a matching zone without a matching record is the end: nothing is sent to public name servers.
#[test]
fn what_a_zone_lacks_is_not_asked_of_the_internet_nor_of_a_broader_rule() {
    let zones = vec![zone("gc", "gc.example.com", "us", &["shared"], Contents::Known(vec![]))];
    let model = model(vec![near("example.com")], zones);
    assert_eq!(outcome(&model, &in_vpc("shared"), "www.gc.example.com"), Outcome::NxDomain { zone: "gc".into() });
    assert_eq!(who(&model, "www.example.com"), "near");
}

/// CONSIDERATIONS: a rule for the zone's own name goes before the zone.
#[test]
fn of_one_domain_the_rule_beats_the_zone() {
    let model = model(vec![near("example.com")], vec![unseen("example.com")]);
    assert_eq!(who(&model, "www.example.com"), "near");
    let answer = ask(&model, &in_vpc("shared"), "www.example.com", RecordType::A);
    let Hop::Vpc { beaten, .. } = &answer.ways[0].hops[0] else { panic!() };
    assert_eq!(beaten[0].why, Why::RuleBeatsZone);
}

/// AUTODEFINED: zones go on resolving when a rule forwards a less specific name such as "." or "com".
#[test]
fn a_zone_beats_a_broader_rule() {
    for broader in [".", "com", "example.com"] {
        let model = model(vec![near(broader)], vec![unseen("gc.example.com")]);
        assert_eq!(who(&model, "www.gc.example.com"), "gc.example.com", "{broader}");
        assert_eq!(who(&model, "www.example.com"), "near", "{broader}");
    }
}

/// RULES: a rule for "." forwards everything that nobody else stands for, but not Amazon's own names.
#[test]
fn a_rule_for_the_root_leaves_amazon_its_own() {
    let model = model(vec![near(".")], vec![]);
    assert_eq!(who(&model, "www.example.org"), "near");
    assert_eq!(who(&model, "s3.ap-northeast-1.amazonaws.com"), "near");
    assert_eq!(who(&model, "ip-10-0-0-1.ap-northeast-1.compute.internal"), "amazon ap-northeast-1.compute.internal");
    assert_eq!(who(&model, "x.ap-northeast-1.compute.amazonaws.com"), "amazon ap-northeast-1.compute.amazonaws.com");
    assert_eq!(who(&model, "localhost"), "amazon localhost");
    assert_eq!(who(&model, "ip-10-0-0-1.eu-west-1.compute.internal"), "near");
}

/// RULES: a system rule makes an exception to a broader rule; more specific rules still hold below it.
#[test]
fn a_system_rule_is_an_exception() {
    let mut rules = vec![near("example.com"), system("except", "acme.example.com", &["shared"])];
    assert_eq!(who(&model(rules.clone(), vec![]), "www.acme.example.com"), "internet");
    assert_eq!(who(&model(rules.clone(), vec![]), "www.example.com"), "near");
    rules.push(far("deep.acme.example.com"));
    assert_eq!(who(&model(rules, vec![]), "www.deep.acme.example.com"), "far");
}

/// What a system rule excepts is resolved by the VPC, from whatever zone is the most specific, above or below.
#[test]
fn a_system_rule_lets_the_vpcs_zones_answer() {
    let rules = vec![near("example.com"), system("except", "acme.example.com", &["shared"])];
    let zones = vec![unseen("example.com"), unseen("in.acme.example.com")];
    let model = model(rules, zones);
    assert_eq!(who(&model, "www.example.com"), "near");
    assert_eq!(who(&model, "www.acme.example.com"), "example.com");
    assert_eq!(who(&model, "www.in.acme.example.com"), "in.acme.example.com");
}

/// AUTODEFINED: reverse names of private ranges are answered locally, never by public name servers.
#[test]
fn private_addresses_have_their_names_from_amazon() {
    let model = model(vec![], vec![]);
    for (text, domain) in [
        ("1.0.9.10.in-addr.arpa", "10.in-addr.arpa"),
        ("1.0.16.172.in-addr.arpa", "16.172.in-addr.arpa"),
        ("1.0.31.172.in-addr.arpa", "31.172.in-addr.arpa"),
        ("1.0.168.192.in-addr.arpa", "168.192.in-addr.arpa"),
        ("254.169.254.169.in-addr.arpa", "254.169.254.169.in-addr.arpa"),
        ("1.0.0.127.in-addr.arpa", "127.in-addr.arpa"),
        ("5.21.210.10.in-addr.arpa", "21.210.10.in-addr.arpa"),
    ] {
        assert_eq!(who(&model, text), format!("amazon {domain}"));
    }
    for text in
        ["1.0.15.172.in-addr.arpa", "1.0.32.172.in-addr.arpa", "8.8.8.8.in-addr.arpa", "253.169.254.169.in-addr.arpa"]
    {
        assert_eq!(who(&model, text), "internet");
    }
}

/// AUTODEFINED: 10.0.0.0/23 makes 0.0.10.in-addr.arpa and 1.0.10.in-addr.arpa.
#[test]
fn a_vpcs_range_is_cut_at_octets() {
    let ranges = |cidrs: &[&str], connected: &[&str]| {
        let mut model = model(vec![near(".")], vec![]);
        model.vpcs[0].cidrs = cidrs.iter().map(|cidr| cidr.parse().unwrap()).collect();
        model.vpcs[0].connected = connected.iter().map(|cidr| cidr.parse().unwrap()).collect();
        move |text: &str| who(&model, text)
    };
    let who = ranges(&["192.0.2.0/23", "198.51.100.64/26"], &["203.0.0.0/15"]);
    assert_eq!(who("9.2.0.192.in-addr.arpa"), "amazon 2.0.192.in-addr.arpa");
    assert_eq!(who("9.3.0.192.in-addr.arpa"), "amazon 3.0.192.in-addr.arpa");
    assert_eq!(who("9.4.0.192.in-addr.arpa"), "near");
    assert_eq!(who("0.192.in-addr.arpa"), "near");
    assert_eq!(who("64.100.51.198.in-addr.arpa"), "amazon 64.100.51.198.in-addr.arpa");
    assert_eq!(who("63.100.51.198.in-addr.arpa"), "near");
    assert_eq!(who("7.7.1.203.in-addr.arpa"), "amazon 1.203.in-addr.arpa");
}

/// REVERSE: a rule for the same or a more specific name overrides Amazon's own; a broader one does not.
#[test]
fn a_rule_overrides_amazon_only_at_its_own_name_or_below() {
    let model = model(vec![near("10.in-addr.arpa"), far("1.10.in-addr.arpa")], vec![unseen("3.210.10.in-addr.arpa")]);
    assert_eq!(who(&model, "1.0.9.10.in-addr.arpa"), "near");
    assert_eq!(who(&model, "1.0.1.10.in-addr.arpa"), "far");
    assert_eq!(who(&model, "5.21.210.10.in-addr.arpa"), "amazon 21.210.10.in-addr.arpa");
    assert_eq!(who(&model, "5.3.210.10.in-addr.arpa"), "3.210.10.in-addr.arpa");
}

/// REVERSE: of one domain a rule goes first, then a zone, then Amazon.
#[test]
fn of_one_domain_a_zone_beats_amazon_and_a_rule_beats_both() {
    let domain = "21.210.10.in-addr.arpa";
    let mut model = model(vec![], vec![unseen(domain)]);
    assert_eq!(who(&model, "5.21.210.10.in-addr.arpa"), domain);
    model.rules.push(near(domain));
    assert_eq!(who(&model, "5.21.210.10.in-addr.arpa"), "near");
    let answer = ask(&model, &in_vpc("shared"), domain, RecordType::Ptr);
    let Hop::Vpc { beaten, .. } = &answer.ways[0].hops[0] else { panic!() };
    let whys: Vec<Why> = beaten.iter().map(|beaten| beaten.why).collect();
    assert_eq!(whys, [Why::RuleBeatsZone, Why::MadeBeatsAutodefined, Why::LessSpecific]);
}

/// RULES: without enableDnsHostnames Amazon has no names of its own; with the reverse rules turned off, no reverse ones.
#[test]
fn settings_take_amazons_names_away() {
    let mut model = model(vec![near(".")], vec![]);
    model.vpcs[0].autodefined_reverse = false;
    assert_eq!(who(&model, "5.21.210.10.in-addr.arpa"), "near");
    assert_eq!(who(&model, "localhost"), "amazon localhost");
    model.vpcs[0].dns_hostnames = false;
    assert_eq!(who(&model, "localhost"), "near");
}

/// CONSIDERATIONS: zones need both DNS settings of the VPC; rules do not need `enableDnsHostnames`.
#[test]
fn zones_need_both_settings() {
    let mut model = model(vec![near("example.org")], vec![unseen("example.com")]);
    model.vpcs[0].dns_hostnames = false;
    assert_eq!(who(&model, "www.example.com"), "internet");
    assert_eq!(who(&model, "www.example.org"), "near");
    model.vpcs[0].dns_support = false;
    let off = Outcome::Silence { why: Silence::DnsOff { vpc: "shared".into() } };
    assert_eq!(outcome(&model, &in_vpc("shared"), "www.example.com"), off);
}

/// The first Region has other names: ec2.internal.
#[test]
fn the_first_region_has_names_of_its_own() {
    let mut model = model(vec![near(".")], vec![]);
    model.region = "us-east-1".into();
    assert_eq!(who(&model, "ip-10-0-0-1.ec2.internal"), "amazon ec2.internal");
    assert_eq!(who(&model, "us-east-1.compute.internal"), "near");
    model.region = "cn-north-1".into();
    assert_eq!(who(&model, "x.cn-north-1.compute.amazonaws.com.cn"), "amazon cn-north-1.compute.amazonaws.com.cn");
}

/// What is associated with another VPC has no say.
#[test]
fn only_the_vpcs_own_associations_count() {
    let mut model = model(vec![near("example.com")], vec![unseen("example.org")]);
    model.rules[0].vpcs = vec!["juki".into()];
    model.zones[0].vpcs = vec!["juki".into()];
    assert_eq!(who(&model, "www.example.com"), "internet");
    assert_eq!(who(&model, "www.example.org"), "internet");
    assert!(matches!(outcome(&model, &in_vpc("juki"), "www.example.com"), Outcome::Answered { .. }));
}

/// AWS refuses two of one domain; until somebody takes one away, either may be the one.
#[test]
fn what_aws_refuses_may_go_either_way() {
    let model = model(vec![near("example.com"), far("example.com"), system("sys", "example.com", &["shared"])], vec![]);
    let answer = ask(&model, &in_vpc("shared"), "www.example.com", RecordType::A);
    let outcomes: Vec<&Outcome> = answer.ways.iter().map(|way| &way.outcome).collect();
    let answered = |server: &str| Outcome::Answered { server: server.into(), domain: name(".") };
    assert_eq!(outcomes, [&Outcome::Internet, &answered("near"), &answered("far")]);
    let Hop::Vpc { rivals, .. } = &answer.ways[0].hops[0] else { panic!() };
    assert_eq!(rivals.len(), 2);
}

//! Where forwarding leads.
//!
//! OUTBOUND = <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html>: a target is
//! chosen at random, another one when it does not answer. LOOPS =
//! <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-resolver-endpoints.html>.

use super::{
    ask,
    city::{INBOUND, bare, city, forward, server, system, zone},
    in_vpc, ips, name, outcome, render,
};
use crate::*;

fn on_premises() -> Asker {
    Asker::Server("on-premises".into())
}

fn endings(answer: &Answer) -> Vec<&Outcome> {
    answer.ways.iter().map(|way| &way.outcome).collect()
}

/// The shared VPC with an inbound endpoint, and rules.
fn hub(rules: Vec<Rule>, servers: Vec<Server>) -> Resolution {
    Resolution { rules, servers, inbound: city().inbound, outbound: city().outbound, ..bare() }
}

/// Two targets of one server are one way; two servers are two, whatever their order in the rule.
#[test]
fn every_target_may_be_the_one() {
    let servers = vec![server("a", &["10.1.0.1", "10.1.0.2"], &["."], &[]), server("b", &["10.1.0.3"], &["."], &[])];
    let targets = ["10.1.0.1", "10.1.0.2", "10.1.0.3"];
    let answer = |targets: &[&str]| {
        let model = hub(vec![forward("r", "town.example", targets, &["shared"])], servers.clone());
        ask(&model, &in_vpc("shared"), "www.town.example", RecordType::A)
    };
    assert_eq!(answer(&targets[..2]).ways.len(), 1);
    let all = answer(&targets);
    let answered = |server: &str| Outcome::Answered { server: server.into(), domain: name(".") };
    assert_eq!(endings(&all), [&answered("a"), &answered("b")]);
    assert!(all.certain().is_none());
    let Hop::Forward { target, others, .. } = &all.ways[1].hops[1] else { panic!() };
    assert_eq!((target, &others[..]), (&ips(&targets)[2], &ips(&targets)[..2]));
}

/// LOOPS: the rule's target is the inbound endpoint of a VPC that uses the rule.
#[test]
fn a_rule_to_the_own_inbound_endpoint_is_a_circle() {
    let model = hub(vec![forward("r", "town.example", &INBOUND, &["shared"])], vec![]);
    let answer = ask(&model, &in_vpc("shared"), "www.town.example", RecordType::A);
    assert_eq!((answer.circles, endings(&answer)), (Circles::Always, vec![&Outcome::Loop { start: 0 }]));
}

/// LOOPS: the same rule may be used by other VPCs: the hub's zones answer them.
#[test]
fn a_rule_to_another_vpcs_inbound_endpoint_is_answered_there() {
    let mut model = hub(vec![forward("r", "gc.example", &INBOUND, &["juki"])], vec![]);
    model.zones = vec![zone("gc", "gc.example", "us", &["shared"], Contents::Unseen)];
    let unseen = Outcome::Unseen { zone: "gc".into(), owner: "us".into() };
    assert_eq!(outcome(&model, &in_vpc("juki"), "www.gc.example"), unseen);
    let answer = ask(&model, &in_vpc("juki"), "www.gc.example", RecordType::A);
    insta::assert_snapshot!(render::answer(&answer));
}

/// LOOPS: by way of a DNS server on-premises that forwards the domain back.
#[test]
fn a_circle_through_on_premises_is_one() {
    let back = server("on-premises", &["10.1.0.10"], &[], &[("example", &INBOUND)]);
    let model = hub(vec![forward("r", "town.example", &["10.1.0.10"], &["shared"])], vec![back]);
    for from in [in_vpc("shared"), on_premises(), Asker::Inbound(None)] {
        let answer = ask(&model, &from, "www.town.example", RecordType::A);
        assert_eq!(answer.circles, Circles::Always, "{from:?}");
    }
    let other = ask(&model, &on_premises(), "www.example", RecordType::A);
    assert_eq!(endings(&other), [&Outcome::Internet], "the rule does not stand for it");
}

/// A more specific domain on either side breaks a circle for the names below it, and only for those.
#[test]
fn what_somebody_answers_on_the_way_is_no_circle() {
    let back = server("on-premises", &["10.1.0.10"], &["own.town.example"], &[("town.example", &INBOUND)]);
    let mut model = hub(vec![forward("r", "town.example", &["10.1.0.10"], &["shared"])], vec![back]);
    model.rules.push(system("except", "gc.town.example", &["shared"]));
    let circles = |text: &str| ask(&model, &in_vpc("shared"), text, RecordType::A).circles;
    assert_eq!(circles("www.town.example"), Circles::Always);
    assert_eq!(circles("www.own.town.example"), Circles::Never);
    assert_eq!(circles("www.gc.town.example"), Circles::Never);
}

/// Three VPCs, each forwarding to the next one's endpoint, and a server between the last and the first.
#[test]
fn a_circle_of_any_length_is_found_from_wherever_it_is_entered() {
    let endpoint = |vpc: &str, address: &str| Inbound { id: vpc.into(), vpc: vpc.into(), addresses: ips(&[address]) };
    let mut model = bare();
    model.inbound =
        vec![endpoint("shared", "10.210.21.36"), endpoint("juki", "10.211.21.36"), endpoint("fukushi", "10.212.21.36")];
    model.rules = vec![
        forward("1", "example", &["10.211.21.36"], &["shared"]),
        forward("2", "example", &["10.212.21.36"], &["juki"]),
        forward("3", "example", &["10.1.0.10"], &["fukushi"]),
    ];
    model.servers = vec![server("on-premises", &["10.1.0.10"], &[], &[(".", &["10.210.21.36"])])];
    insta::assert_snapshot!(render::answer(&ask(&model, &on_premises(), "www.example", RecordType::A)));
    let entered = ask(&model, &Asker::Inbound(Some("juki".into())), "www.example", RecordType::A);
    assert_eq!(entered.ways[0].outcome, Outcome::Loop { start: 1 });
}

/// OUTBOUND: with a target that leads back and one that answers, the query may go round or not.
#[test]
fn some_target_in_a_circle_is_told_apart_from_all() {
    let servers = vec![
        server("loops", &["10.1.0.10"], &[], &[("town.example", &INBOUND)]),
        server("answers", &["10.1.0.11"], &["town.example"], &[]),
    ];
    let model = hub(vec![forward("r", "town.example", &["10.1.0.10", "10.1.0.11"], &["shared"])], servers);
    let answer = ask(&model, &in_vpc("shared"), "www.town.example", RecordType::A);
    assert_eq!(answer.circles, Circles::Sometimes);
    let answered = Outcome::Answered { server: "answers".into(), domain: name("town.example") };
    assert_eq!(endings(&answer), [&answered, &Outcome::Loop { start: 0 }]);
}

/// A CNAME within a circle of forwarding: neither the names nor the rules alone go round.
#[test]
fn names_and_forwarding_can_make_a_circle_together() {
    let inbound = |vpc: &str, address: &str| Inbound { id: vpc.into(), vpc: vpc.into(), addresses: ips(&[address]) };
    let mut model = bare();
    model.inbound = vec![inbound("shared", "10.210.21.36"), inbound("juki", "10.211.21.36")];
    model.rules = vec![
        forward("there", "juki.example", &["10.211.21.36"], &["shared"]),
        forward("back", "gc.example", &["10.210.21.36"], &["juki"]),
    ];
    let names = |apex: &str, target: &str| Contents::Known(vec![super::city::cname(&format!("www.{apex}"), target)]);
    model.zones = vec![
        zone("gc", "gc.example", "us", &["shared"], names("gc.example", "www.juki.example")),
        zone("juki", "juki.example", "A", &["juki"], names("juki.example", "www.gc.example")),
    ];
    let answer = ask(&model, &in_vpc("shared"), "www.gc.example", RecordType::A);
    assert_eq!((answer.circles, endings(&answer)), (Circles::Always, vec![&Outcome::Loop { start: 0 }]));
    let found = super::check(&model);
    assert!(found.iter().any(|finding| matches!(finding, Finding::CnameLoop { .. })), "{found:#?}");
    assert!(!found.iter().any(|finding| matches!(finding, Finding::Loop { .. })), "{found:#?}");
}

#[test]
fn an_outbound_endpoint_and_a_vpcs_own_resolver_answer_nobody() {
    let silence = |target: &str| {
        let model = hub(vec![forward("r", "town.example", &[target], &["shared"])], vec![]);
        match outcome(&model, &in_vpc("shared"), "town.example") {
            Outcome::Silence { why } => why,
            other => panic!("{other:?}"),
        }
    };
    let address = |text: &str| text.parse().unwrap();
    let outbound = Silence::OutboundAsked { endpoint: "r53-out".into(), address: address("10.210.21.37") };
    assert_eq!(silence("10.210.21.37"), outbound);
    let base = Silence::ResolverAsked { vpc: Some("juki".into()), address: address("10.211.21.2") };
    assert_eq!(silence("10.211.21.2"), base);
    let any = Silence::ResolverAsked { vpc: None, address: address("169.254.169.253") };
    assert_eq!(silence("169.254.169.253"), any);
}

#[test]
fn what_nobody_describes_is_a_stranger() {
    let model = hub(vec![forward("r", "town.example", &["192.0.2.53"], &["shared"])], vec![]);
    let stranger = Outcome::Stranger { address: "192.0.2.53".parse().unwrap() };
    assert_eq!(outcome(&model, &in_vpc("shared"), "town.example"), stranger);
}

#[test]
fn nobody_is_asked_where_there_is_nobody() {
    let why = |why: Silence| Outcome::Silence { why };
    let mut model = hub(vec![forward("r", "town.example", &[], &["shared"])], vec![]);
    assert_eq!(outcome(&model, &in_vpc("shared"), "town.example"), why(Silence::NoTarget));
    model.servers = vec![server("on-premises", &[], &[], &[("a", &[])])];
    assert_eq!(outcome(&model, &on_premises(), "a"), why(Silence::NoTarget));
    model.vpcs[0].dns_support = false;
    assert_eq!(outcome(&model, &Asker::Inbound(None), "a"), why(Silence::DnsOff { vpc: "shared".into() }));
    model.inbound.clear();
    assert_eq!(outcome(&model, &Asker::Inbound(None), "a"), why(Silence::NoInbound));
}

/// As among rules, the most specific domain decides; a server answers what it both answers and forwards.
#[test]
fn a_server_outside_goes_by_the_most_specific_domain() {
    let mut model = hub(
        vec![],
        vec![server(
            "on-premises",
            &[],
            &["town.example", "both.example"],
            &[("gc.town.example", &["192.0.2.1"]), ("both.example", &["192.0.2.2"])],
        )],
    );
    let at = |model: &Resolution, text: &str| outcome(model, &on_premises(), text);
    let answered = |domain: &str| Outcome::Answered { server: "on-premises".into(), domain: name(domain) };
    assert_eq!(at(&model, "www.town.example"), answered("town.example"));
    assert_eq!(at(&model, "www.both.example"), answered("both.example"));
    assert!(matches!(at(&model, "www.gc.town.example"), Outcome::Stranger { .. }));
    assert_eq!(at(&model, "www.example"), Outcome::Internet);
    model.servers[0].otherwise = Otherwise::Unstated;
    assert_eq!(at(&model, "www.example"), Outcome::Unstated { server: "on-premises".into() });
}

/// Whichever inbound endpoint is asked: where two VPCs have one, what each of them says.
#[test]
fn any_inbound_endpoint_may_be_asked() {
    let mut model = hub(vec![], vec![]);
    model.inbound.push(Inbound { id: "second".into(), vpc: "juki".into(), addresses: ips(&["10.211.21.36"]) });
    model.zones = vec![zone("gc", "gc.example", "us", &["juki"], Contents::Known(vec![]))];
    let answer = ask(&model, &Asker::Inbound(None), "www.gc.example", RecordType::A);
    assert_eq!(endings(&answer), [&Outcome::Internet, &Outcome::NxDomain { zone: "gc".into() }]);
    let entered: Vec<&Hop> = answer.ways.iter().map(|way| &way.hops[0]).collect();
    assert!(matches!(entered[..], [Hop::Inbound { .. }, Hop::Inbound { endpoint, .. }] if endpoint == "second"));
}

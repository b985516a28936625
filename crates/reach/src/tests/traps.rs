//! What is known to go wrong, and the reason that must be given for it.

use super::{
    city::{city, hole, in_vpc, line, outside, route, subnet, table, to_gateway},
    net, nets,
};
use crate::*;

fn gateway(network: &mut Network) -> &mut Gateway {
    &mut network.gateways[0]
}

fn transit<'a>(network: &'a mut Network, name: &str) -> &'a mut TransitTable {
    gateway(network).tables.iter_mut().find(|table| table.name == name).unwrap()
}

fn attached<'a>(network: &'a mut Network, name: &str) -> &'a mut Attachment {
    gateway(network).attachments.iter_mut().find(|attachment| attachment.name == name).unwrap()
}

/// Where and why nothing of a pair works.
fn stop(network: &Network, from: &str, to: &str) -> (Leg, Point, Why) {
    let Verdict::Blocked { stops } = path(network, from, to).unwrap().verdict else { panic!("{from} meets {to}") };
    let Stop { leg, at, why } = stops[0].stop.clone();
    assert!(stops.iter().all(|other| (other.stop.leg, &other.stop.why) == (leg, &why)), "{stops:#?}");
    (leg, at, why)
}

fn why(network: &Network, from: &str, to: &str) -> (Leg, Why) {
    let (leg, _, why) = stop(network, from, to);
    (leg, why)
}

fn reaches(network: &Network, from: &str, to: &str) -> bool {
    path(network, from, to).unwrap().verdict.reaches()
}

#[test]
fn a_wide_hole_does_not_stop_a_narrower_learned_route() {
    let mut network = city();
    transit(&mut network, "rt-juki").routes.push(hole("10.0.0.0/8"));
    assert!(reaches(&network, "juki", "onprem"), "10.1.0.0/16 is learned, and longer");
    transit(&mut network, "rt-juki").routes.push(hole("10.1.0.0/17"));
    assert!(matches!(path(&network, "juki", "onprem").unwrap().verdict, Verdict::Partly { .. }));
}

#[test]
fn a_static_hole_beats_a_learned_route_of_the_same_prefix() {
    let mut network = city();
    transit(&mut network, "rt-juki").routes.push(hole("10.1.0.0/16"));
    let expected = (Leg::There, Why::Blackhole { destination: net("10.1.0.0/16") });
    assert_eq!(why(&network, "juki", "onprem"), expected);
}

#[test]
fn of_learned_routes_a_vpcs_beats_a_lines() {
    let mut network = city();
    let Attached::Line { learned, .. } = &mut attached(&mut network, "private").to else { unreachable!() };
    learned.push(net("10.211.21.0/24"));
    assert!(reaches(&network, "shared", "juki"));
}

#[test]
fn an_answer_without_a_way_back_is_no_connection() {
    let mut network = city();
    transit(&mut network, "rt-juki").propagations.clear();
    let (leg, at, why) = stop(&network, "onprem", "juki");
    let table = Point::TransitTable { gateway: "main".into(), from: "juki".into(), table: "rt-juki".into() };
    assert_eq!((leg, at, why), (Leg::Back, table, Why::NoRoute));
}

#[test]
fn an_attachment_without_a_table_sends_nothing() {
    let mut network = city();
    attached(&mut network, "juki").table = None;
    let at = Point::Attachment { gateway: "main".into(), attachment: "juki".into() };
    assert_eq!(stop(&network, "juki", "onprem"), (Leg::There, at.clone(), Why::NotAssociated));
    assert_eq!(stop(&network, "onprem", "juki"), (Leg::Back, at, Why::NotAssociated));
}

#[test]
fn what_is_not_advertised_is_not_sent() {
    let mut network = city();
    let Attached::Line { advertised, .. } = &mut attached(&mut network, "private").to else { unreachable!() };
    advertised.clear();
    let waiting = Why::NotOpen { attachment: "lgcs".into(), reason: "opens 2025-04".into() };
    assert_eq!(why(&network, "onprem", "juki"), (Leg::There, waiting));
    gateway(&mut network).attachments.retain(|attachment| attachment.name != "lgcs");
    gateway(&mut network).tables.iter_mut().for_each(|table| table.propagations.retain(|name| name != "lgcs"));
    let nowhere = Why::NotAdvertised { lines: vec!["private".into()] };
    assert_eq!(why(&network, "onprem", "juki"), (Leg::There, nowhere.clone()));
    assert_eq!(why(&network, "juki", "onprem"), (Leg::Back, nowhere));
}

#[test]
fn a_site_waits_for_its_line_both_ways() {
    let waiting = Why::NotOpen { attachment: "lgcs".into(), reason: "opens 2025-04".into() };
    assert_eq!(why(&city(), "koseki", "juki"), (Leg::There, waiting.clone()));
    assert_eq!(why(&city(), "juki", "koseki"), (Leg::There, waiting));
    assert!(reaches(&city().when_open(), "koseki", "juki"));
}

#[test]
fn a_hole_in_the_way_is_named_although_a_line_is_missing_too() {
    let mut network = city();
    transit(&mut network, "rt-juki").routes.push(hole("172.20.0.0/16"));
    let expected = (Leg::There, Why::Blackhole { destination: net("172.20.0.0/16") });
    assert_eq!(why(&network, "juki", "koseki"), expected);
    assert!(reaches(&network.when_open(), "juki", "koseki"), "the line's route is longer");
}

#[test]
fn a_line_that_nothing_attaches_is_named() {
    let mut network = city();
    network.places.push(outside("branch", &["later"], &["10.9.0.0/24"]));
    assert_eq!(why(&network, "branch", "juki"), (Leg::There, Why::NoLine { lines: vec!["later".into()] }));
}

#[test]
fn two_lines_must_both_work() {
    let mut network = city().when_open();
    assert!(reaches(&network, "onprem", "juki"));
    attached(&mut network, "lgcs").table = None;
    assert_eq!(why(&network, "onprem", "juki"), (Leg::There, Why::NotAssociated), "balanced over both");
    let Attached::Line { advertised, .. } = &mut attached(&mut network, "lgcs").to else { unreachable!() };
    *advertised = nets(&["10.208.0.0/12"]);
    assert!(reaches(&network, "onprem", "juki"), "the private line's prefixes are longer");
}

#[test]
fn a_line_that_learns_too_much_draws_packets_away() {
    let mut network = city().when_open();
    let Attached::Line { learned, .. } = &mut attached(&mut network, "lgcs").to else { unreachable!() };
    learned.push(net("10.211.21.128/25"));
    let Verdict::Partly { passes, stops, .. } = path(&network, "shared", "juki").unwrap().verdict else { panic!() };
    assert_eq!(passes.destination.octets()[3], 0);
    assert_eq!(stops[0].packet.destination.octets()[3], 128);
    assert_eq!(stops[0].stop.why, Why::NotThere { at: Arrival::Line { line: "lgcs".into() } });
}

#[test]
fn overlapping_vpcs_are_told_apart() {
    let mut network = city();
    let twin = Vpc { name: "twin".into(), cidrs: nets(&["10.211.21.0/24"]), routing: Routing::Assumed };
    network.vpcs.push(twin);
    gateway(&mut network).attachments.push(Attachment {
        name: "twin".into(),
        to: Attached::Vpc { vpc: "twin".into(), subnets: vec![] },
        state: State::Open,
        table: Some("rt-twin".into()),
    });
    gateway(&mut network).tables.push(table("rt-twin", &["shared", "private"], vec![]));
    network.places.push(in_vpc("twin", "twin", &[]));
    let astray = |vpc: &str| Why::Elsewhere { at: Arrival::Vpc { vpc: vpc.into() } };
    assert!(reaches(&network, "onprem", "juki"));
    assert_eq!(why(&network, "onprem", "twin"), (Leg::There, astray("juki")));
    transit(&mut network, "rt-onprem").propagations.push("twin".into());
    assert_eq!(why(&network, "onprem", "juki"), (Leg::There, astray("twin")), "nobody knows which was first");
}

#[test]
fn a_vpc_keeps_what_is_its_own() {
    let mut network = city();
    network.places.push(outside("inside-out", &["private"], &["10.210.21.32/28"]));
    let local = Why::Elsewhere { at: Arrival::Vpc { vpc: "shared".into() } };
    assert_eq!(why(&network, "shared", "inside-out"), (Leg::There, local));
}

#[test]
fn outside_aws_the_longest_prefix_decides_too() {
    let mut network = city();
    network.places[0] = outside("onprem", &["private"], &["10.1.0.0/16", "10.211.0.0/16"]);
    transit(&mut network, "rt-juki").routes.push(route("10.211.0.0/16", "private", Origin::Static));
    let paths = path(&network, "onprem", "juki").unwrap();
    let stopped: Vec<_> = paths.flows.iter().filter(|flow| !flow.passes()).collect();
    let [overlap] = stopped[..] else { panic!("{stopped:#?}") };
    assert_eq!(overlap.sources, nets(&["10.211.21.0/24"]), "juki answers to itself instead");
    assert_eq!(overlap.stop().unwrap().leg, Leg::Back);
}

#[test]
fn outside_aws_an_equal_range_stays_there() {
    let mut network = city();
    network.places[0] = outside("onprem", &["private"], &["10.211.21.0/24"]);
    let own = Why::OwnedOutside { place: "onprem".into(), range: net("10.211.21.0/24") };
    assert_eq!(why(&network, "onprem", "juki"), (Leg::There, own));
}

#[test]
fn a_zone_without_the_attachment_has_no_way_out() {
    let mut network = city();
    let Attached::Vpc { subnets, .. } = &mut attached(&mut network, "shared").to else { unreachable!() };
    subnets.pop();
    let Verdict::Partly { stops, .. } = path(&network, "onprem", "inbound").unwrap().verdict else { panic!() };
    let zone = Why::ZoneNotAttached { zone: "apne1-az1".into(), attachment: "shared".into() };
    assert_eq!((stops[0].stop.leg, &stops[0].stop.why), (Leg::Back, &zone));
}

#[test]
fn routes_in_a_circle_are_found() {
    let mut network = city();
    let Routing::Known { tables, .. } = &mut network.vpcs[0].routing else { unreachable!() };
    tables[0].routes = to_gateway(&["10.1.0.0/16"]);
    let shared = transit(&mut network, "rt-shared");
    shared.propagations.retain(|name| name == "juki");
    shared.routes = vec![route("10.1.0.0/16", "shared", Origin::Static)];
    let Verdict::Blocked { stops } = path(&network, "shared", "onprem").unwrap().verdict else { panic!() };
    assert!(stops.iter().any(|stop| stop.stop.why == Why::Loop), "{stops:#?}");
}

#[test]
fn one_of_two_equal_routes_may_be_a_circle() {
    let mut network = city();
    let Routing::Known { tables, .. } = &mut network.vpcs[0].routing else { unreachable!() };
    tables[0].routes = to_gateway(&["10.1.0.0/16"]);
    let around = route("10.1.0.0/16", "shared", Origin::Static);
    transit(&mut network, "rt-shared").routes.extend([around, route("10.1.0.0/16", "private", Origin::Static)]);
    assert_eq!(why(&network, "shared", "onprem"), (Leg::There, Why::Loop));
}

#[test]
fn two_guards_must_agree_about_some_packet() {
    let mut network = city();
    let rule = |protocol, ports| Rule { protocol, ports, peer: Peer::Cidr(net("10.210.21.0/24")) };
    let group = |name: &str, egress, ingress| SecurityGroup { name: name.into(), ingress, egress };
    network.groups.push(group("asks", vec![rule(Protocol::Tcp, Some((80, 90)))], vec![]));
    network.groups.push(group("same", vec![], vec![rule(Protocol::All, Some((90, 99)))]));
    network.groups.push(group("first", vec![], vec![rule(Protocol::Tcp, Some((70, 80)))]));
    network.groups.push(group("other", vec![], vec![rule(Protocol::Udp, None), rule(Protocol::Tcp, Some((91, 99)))]));
    let host = |name: &str, subnet: &str| Place { groups: vec![name.into()], ..in_vpc(name, "shared", &[subnet]) };
    network.places.extend([
        host("asks", "dns-a"),
        host("same", "dns-c"),
        host("first", "dns-c"),
        host("other", "dns-c"),
    ]);
    assert!(reaches(&network, "asks", "same"), "TCP 90");
    assert!(reaches(&network, "asks", "first"), "TCP 80");
    let refused = Why::Group { direction: Direction::Ingress, groups: vec!["other".into()] };
    assert_eq!(why(&network, "asks", "other"), (Leg::There, refused));
}

#[test]
fn groups_name_each_other_inside_a_vpc_only() {
    let mut network = city();
    let peers = Rule { protocol: Protocol::All, ports: None, peer: Peer::Group("hosts".into()) };
    network.groups.push(SecurityGroup { name: "hosts".into(), ingress: vec![peers.clone()], egress: vec![peers] });
    let hosts = |name: &str, subnet: &str| Place { groups: vec!["hosts".into()], ..in_vpc(name, "shared", &[subnet]) };
    network.places.extend([hosts("a", "dns-a"), hosts("c", "dns-c")]);
    assert!(reaches(&network, "a", "c"));
    network.vpcs.push(Vpc {
        name: "far".into(),
        cidrs: nets(&["10.213.0.0/24"]),
        routing: Routing::Known {
            subnets: vec![subnet("far", "10.213.0.0/24", "apne1-az1", "far")],
            tables: vec![VpcTable { name: "far".into(), routes: vec![] }],
        },
    });
    network.places.push(Place { groups: vec!["hosts".into()], ..in_vpc("far", "far", &[]) });
    let refused = Why::Group { direction: Direction::Egress, groups: vec!["hosts".into()] };
    assert_eq!(why(&network, "a", "far"), (Leg::There, refused));
}

#[test]
fn endpoints_answer_and_never_ask() {
    assert!(reaches(&city(), "onprem", "fukushi"));
    assert_eq!(why(&city(), "fukushi", "onprem"), (Leg::There, Why::OnlyAnswers));
    assert_eq!(why(&city(), "onprem", "outbound"), (Leg::There, Why::OnlyAsks));
    let mut network = city();
    network.places[5].state = State::Waiting { reason: "to be accepted".into() };
    assert_eq!(why(&network, "onprem", "fukushi"), (Leg::There, Why::Waits { reason: "to be accepted".into() }));
}

#[test]
fn a_vpc_with_unknown_tables_uses_the_gateway_that_works() {
    let mut network = city();
    let mut other = network.gateways[0].clone();
    other.name = "other".into();
    other.attachments = vec![Attachment {
        name: "juki-other".into(),
        to: Attached::Vpc { vpc: "juki".into(), subnets: vec![] },
        state: State::Open,
        table: None,
    }];
    other.tables.clear();
    network.gateways.insert(0, other);
    assert!(reaches(&network, "juki", "onprem"));
}

#[test]
fn both_ends_outside_are_nobodys_here() {
    assert_eq!(path(&city(), "onprem", "koseki").unwrap().verdict, Verdict::Outside);
}

#[test]
fn a_default_route_is_like_any_other() {
    let mut network = city();
    let Routing::Known { tables, .. } = &mut network.vpcs[0].routing else { unreachable!() };
    tables[2].routes = vec![VpcRoute { destination: net("0.0.0.0/0"), target: VpcTarget::Other("nat".into()) }];
    let leaves = Why::Leaves { destination: net("0.0.0.0/0"), target: "nat".into() };
    assert_eq!(why(&network, "onprem", "fukushi"), (Leg::Back, leaves));
    gateway(&mut network).attachments.push(line("third", &["0.0.0.0/0"], &["0.0.0.0/0"]));
    network.places.push(outside("world", &["third"], &["198.51.100.0/24"]));
    transit(&mut network, "rt-juki").propagations.push("third".into());
    assert!(reaches(&network, "world", "juki"));
}

//! A city as gcnet builds it: shared VPC, two lines, an ASP by attachment, one by peering, one by PrivateLink.

use super::{net, nets, render};
use crate::*;

pub(super) fn subnet(name: &str, cidr: &str, zone: &str, table: &str) -> Subnet {
    Subnet { name: name.into(), cidr: net(cidr), zone: Some(zone.into()), table: table.into() }
}

pub(super) fn to_gateway(destinations: &[&str]) -> Vec<VpcRoute> {
    let target = || VpcTarget::Gateway("main".into());
    destinations.iter().map(|cidr| VpcRoute { destination: net(cidr), target: target() }).collect()
}

pub(super) fn attachment(name: &str, to: Attached, table: &str) -> Attachment {
    Attachment { name: name.into(), to, state: State::Open, table: Some(table.into()) }
}

pub(super) fn vpc_attachment(vpc: &str, subnets: &[&str], table: &str) -> Attachment {
    let subnets = subnets.iter().map(|subnet| (*subnet).into()).collect();
    attachment(vpc, Attached::Vpc { vpc: vpc.into(), subnets }, table)
}

pub(super) fn line(name: &str, advertised: &[&str], learned: &[&str]) -> Attachment {
    let to = Attached::Line { line: name.into(), advertised: nets(advertised), learned: nets(learned) };
    attachment(name, to, "rt-onprem")
}

pub(super) fn route(destination: &str, to: &str, origin: Origin) -> TransitRoute {
    TransitRoute { destination: net(destination), target: TransitTarget::Attachment(to.into()), origin }
}

pub(super) fn hole(destination: &str) -> TransitRoute {
    TransitRoute { destination: net(destination), target: TransitTarget::Blackhole, origin: Origin::Static }
}

pub(super) fn table(name: &str, propagations: &[&str], routes: Vec<TransitRoute>) -> TransitTable {
    let propagations = propagations.iter().map(|name| (*name).into()).collect();
    TransitTable { name: name.into(), propagations, routes }
}

pub(super) fn in_vpc(name: &str, vpc: &str, subnets: &[&str]) -> Place {
    let subnets = subnets.iter().map(|subnet| (*subnet).into()).collect();
    Place::new(name, At::Vpc { vpc: vpc.into(), subnets, addresses: vec![] })
}

pub(super) fn outside(name: &str, lines: &[&str], ranges: &[&str]) -> Place {
    let lines = lines.iter().map(|line| (*line).into()).collect();
    Place::new(name, At::Outside { lines, ranges: nets(ranges) })
}

fn rule(protocol: Protocol, port: u16, peer: &str) -> Rule {
    Rule { protocol, ports: Some((port, port)), peer: Peer::Cidr(net(peer)) }
}

pub(super) fn city() -> Network {
    let remote = to_gateway(&["10.1.0.0/16", "10.211.21.0/24", "10.212.0.0/20", "172.20.10.0/24"]);
    let shared = Vpc {
        name: "shared".into(),
        cidrs: nets(&["10.210.21.0/24"]),
        routing: Routing::Known {
            subnets: vec![
                subnet("tgw-a", "10.210.21.0/28", "apne1-az4", "tgw"),
                subnet("tgw-c", "10.210.21.16/28", "apne1-az1", "tgw"),
                subnet("dns-a", "10.210.21.32/28", "apne1-az4", "dns"),
                subnet("dns-c", "10.210.21.48/28", "apne1-az1", "dns"),
                subnet("vpce-a", "10.210.21.64/27", "apne1-az4", "vpce"),
                subnet("vpce-c", "10.210.21.96/27", "apne1-az1", "vpce"),
            ],
            tables: vec![
                VpcTable { name: "tgw".into(), routes: vec![] },
                VpcTable { name: "dns".into(), routes: remote.clone() },
                VpcTable { name: "vpce".into(), routes: remote },
            ],
        },
    };
    let juki = Vpc { name: "juki".into(), cidrs: nets(&["10.211.21.0/24"]), routing: Routing::Assumed };
    let advertised = ["10.210.21.0/24", "10.211.21.0/24", "10.212.0.0/20"];
    let peering = attachment("zei", Attached::Peering, "rt-zei");
    let gateway = Gateway {
        name: "main".into(),
        attachments: vec![
            vpc_attachment("shared", &["tgw-a", "tgw-c"], "rt-shared"),
            vpc_attachment("juki", &[], "rt-juki"),
            peering,
            line("private", &advertised, &["10.1.0.0/16"]),
            Attachment {
                state: State::Waiting { reason: "opens 2025-04".into() },
                ..line("lgcs", &advertised, &["10.1.0.0/16", "172.20.10.0/24"])
            },
        ],
        tables: vec![
            table("rt-onprem", &["shared", "juki"], vec![route("10.212.0.0/20", "zei", Origin::Static)]),
            table("rt-shared", &["juki", "private", "lgcs"], vec![route("10.212.0.0/20", "zei", Origin::Static)]),
            table("rt-juki", &["shared", "private", "lgcs"], vec![hole("10.212.0.0/20")]),
            table("rt-zei", &["shared", "private", "lgcs"], vec![hole("10.211.21.0/24"), hole("172.20.10.0/24")]),
        ],
    };
    let clients = ["10.1.0.0/16", "10.211.21.0/24", "10.212.0.0/20"];
    let group = |name: &str, ingress: Vec<Rule>, egress| SecurityGroup { name: name.into(), ingress, egress };
    let dns = |cidr: &&str| [rule(Protocol::Tcp, 53, cidr), rule(Protocol::Udp, 53, cidr)];
    let groups = vec![
        group("vpce", clients.iter().map(|cidr| rule(Protocol::Tcp, 443, cidr)).collect(), vec![]),
        group("dns-in", clients.iter().flat_map(dns).collect(), vec![]),
        group("dns-out", vec![], dns(&"10.1.0.10/32").into()),
    ];
    let endpoint = |name: &str, subnets: &[&str], group: &str, talk, services| Place {
        groups: vec![group.into()],
        talk,
        services,
        ..in_vpc(name, "shared", subnets)
    };
    let names = || vec![Service::tcp(53), Service::udp(53)];
    let places = vec![
        outside("onprem", &["private", "lgcs"], &["10.1.0.0/16"]),
        outside("koseki", &["lgcs"], &["172.20.10.0/24"]),
        in_vpc("shared", "shared", &["dns-a", "dns-c", "vpce-a", "vpce-c"]),
        in_vpc("juki", "juki", &[]),
        Place::new("zei", At::Peer { attachment: "zei".into(), ranges: nets(&["10.212.3.0/24"]) }),
        endpoint("fukushi", &["vpce-a", "vpce-c"], "vpce", Talk::Answers, vec![Service::tcp(443)]),
        endpoint("inbound", &["dns-a", "dns-c"], "dns-in", Talk::Answers, names()),
        endpoint("outbound", &["dns-a", "dns-c"], "dns-out", Talk::Asks, names()),
    ];
    Network { vpcs: vec![shared, juki], gateways: vec![gateway], groups, places }
}

fn table_of(network: &Network) -> String {
    let matrix = matrix(network).unwrap();
    let lines =
        matrix.cells.iter().map(|cell| format!("{} -> {}: {}", cell.from, cell.to, render::verdict(&cell.verdict)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_matrix_before_the_second_line_opens() {
    insta::assert_snapshot!(table_of(&city()));
}

#[test]
fn the_matrix_with_both_lines() {
    insta::assert_snapshot!(table_of(&city().when_open()));
}

#[test]
fn a_path_names_the_table_and_the_route_at_every_hop() {
    insta::assert_snapshot!(render::paths(&path(&city().when_open(), "onprem", "fukushi").unwrap()));
}

#[test]
fn a_path_that_is_partly_stopped_shows_each_part() {
    let mut network = city();
    network.places.push(in_vpc("all subnets", "shared", &[]));
    insta::assert_snapshot!(render::paths(&path(&network, "all subnets", "onprem").unwrap()));
}

#[test]
fn a_path_that_rests_on_other_companies_tables_says_whose() {
    insta::assert_snapshot!(render::paths(&path(&city(), "zei", "shared").unwrap()));
}

#[test]
fn only_servers_that_the_group_names_are_asked() {
    insta::assert_snapshot!(render::paths(&path(&city(), "outbound", "onprem").unwrap()));
}

#[test]
fn a_path_in_json() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&path(&city(), "koseki", "juki").unwrap()).unwrap());
}

#[test]
fn a_description_survives_json() {
    let json = serde_json::to_string(&city()).unwrap();
    assert_eq!(serde_json::from_str::<Network>(&json).unwrap(), city());
}

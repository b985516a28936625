//! A municipality as domain.md describes one, and its parts, for others to take and change.

use super::{ips, name, names, strings};
use crate::*;

pub(super) fn zone(id: &str, apex: &str, owner: &str, vpcs: &[&str], contents: Contents) -> Zone {
    Zone { id: id.into(), apex: name(apex), owner: owner.into(), vpcs: strings(vpcs), contents }
}

pub(super) fn forward(id: &str, domain: &str, targets: &[&str], vpcs: &[&str]) -> Rule {
    let action = Action::Forward { targets: ips(targets), endpoint: None };
    Rule { id: id.into(), domain: name(domain), action, vpcs: strings(vpcs) }
}

pub(super) fn system(id: &str, domain: &str, vpcs: &[&str]) -> Rule {
    Rule { id: id.into(), domain: name(domain), action: Action::System, vpcs: strings(vpcs) }
}

pub(super) fn set(record: &str, record_type: RecordType, values: &[&str]) -> RecordSet {
    RecordSet { name: name(record), ttl: Some(300), data: Data::Values { record_type, values: strings(values) } }
}

pub(super) fn a(record: &str, address: &str) -> RecordSet {
    set(record, RecordType::A, &[address])
}

pub(super) fn cname(record: &str, target: &str) -> RecordSet {
    RecordSet { name: name(record), ttl: Some(300), data: Data::Cname { target: name(target) } }
}

pub(super) fn alias(record: &str, to: Alias) -> RecordSet {
    RecordSet { name: name(record), ttl: None, data: Data::Alias { record_type: RecordType::A, to } }
}

pub(super) fn server(label: &str, addresses: &[&str], answers: &[&str], forwards: &[(&str, &[&str])]) -> Server {
    let conditional = |(domain, to): &(&str, &[&str])| Conditional { domain: name(domain), to: ips(to) };
    let forwards = forwards.iter().map(conditional).collect();
    let otherwise = Otherwise::Internet;
    Server { name: label.into(), addresses: ips(addresses), answers: names(answers), forwards, otherwise }
}

/// Both addresses of the inbound endpoint.
pub(super) const INBOUND: [&str; 2] = ["10.210.21.36", "10.210.21.52"];

/// The shared VPC with its endpoints, a city zone and a PrivateLink name; two ASPs with zones of their own; on-premises, which
/// forwards to us what is ours.
pub(super) fn city() -> Resolution {
    let mut outbound_rule = forward("town", "town.itano.example", &["10.1.0.10", "10.1.0.11"], &["shared", "juki"]);
    outbound_rule.action =
        Action::Forward { targets: ips(&["10.1.0.10", "10.1.0.11"]), endpoint: Some("r53-out".into()) };
    let contents = vec![
        set("ca.gc.itano.example", RecordType::Txt, &["\"root\""]),
        a("portal.gc.itano.example", "10.210.21.70"),
        cname("www.gc.itano.example", "web.town.itano.example"),
        cname("login.gc.itano.example", "sso.juki.example.internal"),
        alias(
            "fukushi.gc.itano.example",
            Alias::Resource(name("vpce-0a.vpce-svc-0b.ap-northeast-1.vpce.amazonaws.com")),
        ),
    ];
    Resolution {
        region: "ap-northeast-1".into(),
        vpcs: vec![
            Vpc::new("shared", vec!["10.210.21.0/24".parse().unwrap()]),
            Vpc { seen: false, ..Vpc::new("juki", vec!["10.211.21.0/24".parse().unwrap()]) },
            Vpc { seen: false, ..Vpc::new("fukushi", vec!["10.212.21.0/24".parse().unwrap()]) },
        ],
        zones: vec![
            zone("gc", "gc.itano.example", "itano", &["shared", "juki"], Contents::Known(contents)),
            zone("juki", "juki.example.internal", "A", &["juki", "shared"], Contents::Unseen),
            zone("fukushi", "fukushi.example.internal", "B", &["fukushi"], Contents::Unseen),
        ],
        rules: vec![
            outbound_rule,
            forward("reverse", "1.10.in-addr.arpa", &["10.1.0.10", "10.1.0.11"], &["shared", "juki"]),
        ],
        inbound: vec![Inbound { id: "r53-in".into(), vpc: "shared".into(), addresses: ips(&INBOUND) }],
        outbound: vec![Outbound {
            id: "r53-out".into(),
            vpc: "shared".into(),
            addresses: ips(&["10.210.21.37", "10.210.21.53"]),
        }],
        servers: vec![server(
            "on-premises",
            &["10.1.0.10", "10.1.0.11"],
            &["town.itano.example", "1.10.in-addr.arpa"],
            &[("gc.itano.example", &INBOUND), ("example.internal", &INBOUND)],
        )],
    }
}

/// The VPCs of the city and nothing else.
pub(super) fn bare() -> Resolution {
    Resolution { zones: vec![], rules: vec![], inbound: vec![], outbound: vec![], servers: vec![], ..city() }
}

//! What follows from Itano's choices, which are all there are, and from Komatsushima's, which are the fewest.

use std::path::Path;

use crate::config::derive::{Direction, OperatorRole, reverse_zones};
use crate::config::source::Source;
use crate::config::values::Cidr;
use crate::config::{City, Fleet};

/// A city of the nine, changed.
pub(super) fn city(key: &str, change: impl FnOnce(String) -> String) -> City {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities").join(format!("{key}.yaml"));
    let text = change(std::fs::read_to_string(path).unwrap());
    let fleet = Fleet::from_sources(vec![Source::new(format!("{key}.yaml"), text)]);
    fleet.city(key).unwrap().clone()
}

fn subnets(city: &City) -> Vec<String> {
    let m = &city.config;
    m.subnets().iter().map(|s| format!("{} {} {}", s.name, s.zone, s.cidr.unwrap())).collect()
}

#[test]
fn subnets_follow_from_the_range_and_the_blocks() {
    assert_eq!(
        subnets(&city("itano", |text| text)),
        [
            "tgw-a apne1-az4 10.210.21.0/28",
            "tgw-c apne1-az1 10.210.21.16/28",
            "dns-a apne1-az4 10.210.21.32/28",
            "dns-c apne1-az1 10.210.21.48/28",
            "vpce-a apne1-az4 10.210.21.64/27",
            "vpce-c apne1-az1 10.210.21.96/27",
        ]
    );
    assert_eq!(
        subnets(&city("komatsushima", |text| text)),
        ["tgw-a apne1-az4 10.210.3.0/28", "tgw-c apne1-az1 10.210.3.16/28"]
    );
}

#[test]
fn what_is_derived_is_overridden_where_it_is_derived() {
    let changed = city("komatsushima", |text| {
        text.replace(
            "  cidr: !sample 10.210.3.0/24",
            "  cidr: 10.210.3.0/24\n  zones: [apne1-az2, apne1-az1]\n  probe: true\n  subnets:\n    tgw-c: { cidr: 10.210.3.240/28, zone: apne1-az4 }",
        )
    });
    assert_eq!(
        subnets(&changed),
        ["tgw-a apne1-az2 10.210.3.0/28", "tgw-c apne1-az4 10.210.3.240/28", "probe-a apne1-az2 10.210.3.128/28"]
    );
}

#[test]
fn resolver_addresses_are_the_first_free_ones() {
    let addresses = |city: &City, direction| -> Vec<String> {
        city.config.resolver_addresses(direction).iter().map(|a| format!("{} {}", a.endpoint, a.address)).collect()
    };
    let itano = city("itano", |text| text);
    assert_eq!(addresses(&itano, Direction::Inbound), ["0 10.210.21.36", "0 10.210.21.52"]);
    assert_eq!(addresses(&itano, Direction::Outbound), ["0 10.210.21.37", "0 10.210.21.53"]);
    let two = city("itano", |text| text.replace("endpoints: 1", "endpoints: 2"));
    assert_eq!(
        addresses(&two, Direction::Inbound),
        ["0 10.210.21.36", "0 10.210.21.52", "1 10.210.21.38", "1 10.210.21.54"]
    );
    assert!(addresses(&city("anan", |text| text), Direction::Inbound).is_empty());
}

#[test]
fn the_transit_gateway_follows_from_code_and_asps() {
    let itano = city("itano", |text| text);
    let m = &itano.config;
    assert_eq!(m.tgw_asn().0, 4_200_036_404);
    // The ASP behind PrivateLink attaches nothing and has no table.
    assert_eq!(m.transit_tables(), ["rt-onprem", "rt-shared", "rt-juki", "rt-hoken", "rt-gakko"]);
    let prefixes: Vec<String> = m.allowed_prefixes(&m.lines[0]).iter().map(Cidr::to_string).collect();
    assert_eq!(prefixes, ["10.210.21.0/24", "10.212.21.0/24", "10.214.21.0/24", "10.220.1.0/24"]);
    let expected: Vec<String> = m.expected_from(&m.lines[0]).iter().map(Cidr::to_string).collect();
    assert_eq!(expected, ["10.21.0.0/16", "172.20.21.0/24"]);
    let operators = m.operators.as_ref().unwrap();
    assert_eq!(operators.principals_of(OperatorRole::Destroy).len(), 1);
}

#[test]
fn a_group_shares_its_table_and_reaches_itself() {
    let grouped = city("naruto", |text| {
        text.replace("asps:\n", "transit_gateway: { segmentation: grouped }\nasps:\n")
            .replace("  - name: hoken # 年金・保険\n", "  - name: hoken\n    group: small\n")
            .replace("  - name: gakko # 就学\n", "  - name: gakko\n    group: small\n")
    });
    let m = &grouped.config;
    assert_eq!(m.asp_tables(), ["rt-juki", "rt-small", "rt-fukushi"]);
    let hoken = m.asps.iter().find(|asp| asp.name.as_str() == "hoken").unwrap();
    let reached: Vec<&str> = m.reachable_asps(hoken).map(|asp| asp.name.as_str()).collect();
    assert_eq!(reached, ["juki", "gakko"]);
}

#[test]
fn reverse_zones_end_at_octets() {
    let zones = |cidr: &str| -> Vec<String> {
        reverse_zones(Cidr::parse(cidr).unwrap()).iter().map(ToString::to_string).collect()
    };
    assert_eq!(zones("10.2.0.0/16"), ["2.10.in-addr.arpa"]);
    assert_eq!(zones("10.0.0.0/8"), ["10.in-addr.arpa"]);
    assert_eq!(zones("192.168.4.0/22").len(), 4);
    assert_eq!(zones("192.168.4.0/22")[3], "7.168.192.in-addr.arpa");
    assert_eq!(zones("192.168.4.64/26"), ["4.168.192.in-addr.arpa"]);
}

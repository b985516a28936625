//! Security groups of ours, and what is known of others that our endpoints have.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{self, VpcEndpoint};
use gcnet_reach::{Peer, Protocol, Rule, SecurityGroup};

use super::facts::Facts;

/// A group that an endpoint has and that is none of ours may let through anything.
pub(super) fn translate(facts: &Facts) -> Vec<SecurityGroup> {
    let mut groups: Vec<SecurityGroup> = facts
        .all::<kinds::SecurityGroup>()
        .map(|fact| SecurityGroup {
            name: fact.name().into(),
            ingress: rules(&fact.spec.ingress),
            egress: rules(&fact.spec.egress),
        })
        .collect();
    let named: BTreeSet<String> =
        facts.all::<VpcEndpoint>().flat_map(|fact| fact.spec.groups).map(|group| group.label().to_string()).collect();
    let known: BTreeSet<String> = groups.iter().map(|group| group.name.clone()).collect();
    let strange = named.difference(&known);
    groups.extend(strange.map(|name| {
        let anything = Rule { protocol: Protocol::All, ports: None, peer: assumed(name, true) };
        SecurityGroup { name: name.clone(), ingress: vec![anything.clone()], egress: vec![anything] }
    }));
    groups
}

fn rules(rules: &BTreeSet<kinds::Rule>) -> Vec<Rule> {
    rules.iter().filter_map(rule).collect()
}

/// We write ranges of IPv4. Rules of another sort are somebody else's: the next plan removes them, and until then they let
/// through what they may. `None` for what lets no IPv4 through.
fn rule(rule: &kinds::Rule) -> Option<Rule> {
    let peer = peer(&rule.peer)?;
    Some(match packets(rule) {
        Some((protocol, ports)) => Rule { protocol, ports, peer },
        None => Rule { protocol: Protocol::All, ports: None, peer: assumed(&rule.peer, true) },
    })
}

/// Whom a rule names. Who has an interface in a group, and what a prefix list holds, no read of ours shows.
fn peer(name: &str) -> Option<Peer> {
    if name.contains(':') {
        return None; // IPv6
    }
    Some(match name.parse() {
        Ok(cidr) => Peer::Cidr(cidr),
        Err(_) => assumed(name, !name.starts_with("sg-")),
    })
}

fn assumed(name: &str, outside: bool) -> Peer {
    Peer::Assumed { name: name.into(), outside }
}

/// Which packets a rule is about; `None` where its words are not AWS's.
fn packets(rule: &kinds::Rule) -> Option<(Protocol, Option<(u16, u16)>)> {
    let protocol = match rule.protocol.as_str() {
        "-1" => Protocol::All,
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        "icmp" => Protocol::Icmp,
        "icmpv6" => Protocol::Number(58),
        number => Protocol::Number(number.parse().ok()?),
    };
    let port = |port: i32| u16::try_from(port).ok();
    let ports = match rule.ports.filter(|_| matches!(protocol, Protocol::Tcp | Protocol::Udp)) {
        Some((first, last)) => Some((port(first)?, port(last)?)),
        None => None,
    };
    Some((protocol, ports))
}

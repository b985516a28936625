//! Security groups of ours.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{self, VpcEndpoint};
use gcnet_reach::{Peer, Protocol, Rule, SecurityGroup};

use super::facts::Facts;

/// A group that an endpoint has and that is none of ours lets nothing through that we could promise.
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
    let strange = named.difference(&known).cloned();
    groups.extend(strange.map(|name| SecurityGroup { name, ingress: vec![], egress: vec![] }));
    groups
}

fn rules(rules: &BTreeSet<kinds::Rule>) -> Vec<Rule> {
    rules.iter().filter_map(rule).collect()
}

/// We write ranges of IPv4. Rules of another sort (IPv6, a prefix list, a group) are somebody else's: the next plan removes
/// them, and until then nothing is promised of them.
fn rule(rule: &kinds::Rule) -> Option<Rule> {
    let peer = Peer::Cidr(rule.peer.parse().ok()?);
    let protocol = match rule.protocol.as_str() {
        "-1" => Protocol::All,
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        "icmp" => Protocol::Icmp,
        number => Protocol::Number(number.parse().ok()?),
    };
    let has_ports = matches!(protocol, Protocol::Tcp | Protocol::Udp);
    let port = |port: i32| u16::try_from(port).ok();
    let ports = match rule.ports.filter(|_| has_ports) {
        Some((first, last)) => Some((port(first)?, port(last)?)),
        None => None,
    };
    Some(Rule { protocol, ports, peer })
}

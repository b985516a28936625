//! Resolver endpoints: their addresses, the targets of rules, reverse zones.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::subnets::SubnetRole;
use crate::config::at::At;
use crate::config::schema::{DnsProtocol, ForwardRule, Municipality, NameServer};
use crate::config::source::Span;
use crate::config::values::{Cidr, Domain};

/// Direction of a Resolver endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// On-premises asks AWS.
    Inbound,
    /// AWS asks on-premises.
    Outbound,
}

/// One address of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolverAddress {
    /// Which endpoint of the direction, from 0.
    pub endpoint: usize,
    /// The subnet that it lies in; `None` when it lies in no dns subnet.
    pub subnet: Option<String>,
    /// The address.
    pub address: Ipv4Addr,
    /// Where it was stated; the VPC's range when derived.
    pub span: Span,
}

/// A DNS server that a rule forwards to, with nothing left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTarget {
    /// The server.
    pub address: Ipv4Addr,
    /// At which it listens.
    pub port: u16,
    /// By which it is asked.
    pub protocol: DnsProtocol,
    /// The name that it goes by, over HTTPS.
    pub server_name: Option<Domain>,
}

impl Municipality {
    /// The addresses of all Resolver endpoints of one direction; none without `dns`.
    ///
    /// Derived: AWS keeps the first four of a subnet, so from the fifth on, inbound and outbound in turn: .4 and .5 for the
    /// first endpoint, .6 and .7 for the second, in each of the two dns subnets.
    pub fn resolver_addresses(&self, direction: Direction) -> Vec<ResolverAddress> {
        let Some(dns) = &self.dns else { return Vec::new() };
        let endpoint = match direction {
            Direction::Inbound => &dns.inbound,
            Direction::Outbound => &dns.outbound,
        };
        let subnets = self.subnets_of(SubnetRole::Dns);
        if let Some(stated) = &endpoint.ips {
            let subnet_of = |address: Ipv4Addr| {
                let holds = |cidr: Option<Cidr>| cidr.is_some_and(|cidr| cidr.contains(&address));
                subnets.iter().find(|subnet| holds(subnet.cidr)).map(|subnet| subnet.name.clone())
            };
            return stated
                .iter()
                .enumerate()
                .map(|(index, At { value, span, .. })| ResolverAddress {
                    endpoint: index / 2,
                    subnet: subnet_of(value.0),
                    address: value.0,
                    span: *span,
                })
                .collect();
        }
        let first = match direction {
            Direction::Inbound => 4,
            Direction::Outbound => 5,
        };
        (0..endpoint.endpoints.get())
            .flat_map(|index| subnets.iter().map(move |subnet| (index, subnet)))
            .filter_map(|(index, subnet)| {
                let start = subnet.cidr?.network().to_bits();
                Some(ResolverAddress {
                    endpoint: index as usize,
                    subnet: Some(subnet.name.clone()),
                    address: start.checked_add(first + 2 * index)?.into(),
                    span: subnet.span,
                })
            })
            .collect()
    }

    /// Addresses at which VPCs answer themselves: 169.254.169.253 anywhere, and two above the start of a VPC's range ("Amazon DNS
    /// server" of the VPC guide).
    pub fn amazon_resolvers(&self) -> BTreeSet<Ipv4Addr> {
        let vpcs = self.asps.iter().flat_map(|asp| &asp.vpcs).map(|vpc| &vpc.cidr);
        let second = |cidr: &At<Cidr>| Some(Ipv4Addr::from(cidr.network().to_bits().checked_add(2)?));
        let own = vpcs.chain([&self.shared_vpc.cidr]).filter_map(second);
        own.chain([Ipv4Addr::new(169, 254, 169, 253)]).collect()
    }

    /// Where a rule forwards to: stated, or all of on-premises' DNS servers by plain DNS.
    pub fn rule_targets(&self, rule: &ForwardRule) -> Vec<RuleTarget> {
        let plain = DnsProtocol::Do53;
        match &rule.targets {
            Some(stated) => stated.iter().map(RuleTarget::of).collect(),
            None => self
                .onprem
                .dns_servers
                .iter()
                .map(|server| RuleTarget { address: server.0, port: plain.port(), protocol: plain, server_name: None })
                .collect(),
        }
    }
}

impl RuleTarget {
    fn of(server: &At<NameServer>) -> Self {
        let (listens, protocol) = (server.listens(), server.protocol());
        RuleTarget {
            address: listens.address,
            port: listens.port.unwrap_or(protocol.port()),
            protocol,
            server_name: server.server_name().map(|name| name.value.clone()),
        }
    }
}

/// The in-addr.arpa zones of a range: a reverse zone ends at an octet, so that a /20 is sixteen zones.
pub fn reverse_zones(cidr: Cidr) -> Vec<Domain> {
    let octets = match cidr.prefix_len() {
        0..=8 => 1,
        9..=16 => 2,
        _ => 3,
    };
    let prefix = (octets * 8) as u8;
    // A range longer than /24 is served by the zone around it.
    let around = if cidr.prefix_len() > prefix { Ipv4Net::new(cidr.network(), prefix).ok() } else { Some(*cidr) };
    let zones = around.into_iter().flat_map(|net| net.trunc().subnets(prefix).into_iter().flatten());
    zones
        .filter_map(|net| {
            let labels: Vec<String> = net.network().octets().iter().take(octets).rev().map(u8::to_string).collect();
            Domain::parse(&format!("{}.in-addr.arpa", labels.join("."))).ok()
        })
        .collect()
}

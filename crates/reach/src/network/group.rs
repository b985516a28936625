//! Security groups. They are stateful: an answer needs no rule.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// A security group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Unique among groups.
    pub name: String,
    /// What may come in.
    pub ingress: Vec<Rule>,
    /// What may go out.
    pub egress: Vec<Rule>,
}

/// What a group lets through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Of which protocol.
    pub protocol: Protocol,
    /// First and last port, both included; `None` for all, and for protocols without ports.
    pub ports: Option<(u16, u16)>,
    /// From or to whom.
    pub peer: Peer,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    /// Addresses.
    Cidr(Ipv4Net),
    /// Places in the same VPC that are in this group. Gateways do not carry references: group referencing is off.
    Group(String),
    /// Whoever it could mean: the description cannot tell the members of what the rule names. A verdict for which no other
    /// rule will do says that it rests on this ([`Assumption::Rule`](crate::Assumption::Rule)).
    Assumed {
        /// What the rule names: a prefix list, a group with members elsewhere.
        name: String,
        /// Whether it could mean hosts outside AWS, who are in no security group.
        outside: bool,
    },
}

/// An IP protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Every one (`-1`).
    All,
    /// 6
    Tcp,
    /// 17
    Udp,
    /// 1
    Icmp,
    /// Any other, by number.
    Number(u8),
}

impl Protocol {
    fn overlaps(self, other: Protocol) -> bool {
        self == Protocol::All || other == Protocol::All || self == other
    }
}

/// What a place offers, or asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Service {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its port; `None` for protocols without.
    pub port: Option<u16>,
}

impl Service {
    /// A TCP port.
    #[must_use]
    pub fn tcp(port: u16) -> Service {
        Service { protocol: Protocol::Tcp, port: Some(port) }
    }

    /// A UDP port.
    #[must_use]
    pub fn udp(port: u16) -> Service {
        Service { protocol: Protocol::Udp, port: Some(port) }
    }
}

impl Rule {
    /// What the rule names, when nobody here can tell who that is.
    #[must_use]
    pub fn assumed(&self) -> Option<&str> {
        match &self.peer {
            Peer::Assumed { name, .. } => Some(name),
            Peer::Cidr(_) | Peer::Group(_) => None,
        }
    }

    /// Whether it lets this service through.
    #[must_use]
    pub fn admits(&self, service: Service) -> bool {
        let Rule { protocol, ports, peer: _ } = self;
        let port = match (ports, service.port) {
            (Some((first, last)), Some(port)) => (*first..=*last).contains(&port),
            _ => true,
        };
        (*protocol == Protocol::All || *protocol == service.protocol) && port
    }

    /// Whether some packet is let through by both.
    #[must_use]
    pub fn overlaps(&self, other: &Rule) -> bool {
        let ports = match (self.ports, other.ports) {
            (Some((first, last)), Some((other_first, other_last))) => first <= other_last && other_first <= last,
            _ => true,
        };
        self.protocol.overlaps(other.protocol) && ports
    }
}

//! What becomes of packets between two places: hop by hop, with the route that decided at each.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;

use crate::{
    network::{Origin, Rule, Service},
    stop::Stop,
};

/// All packets of a pair that take the same way and meet the same end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// From every one of these addresses,
    pub sources: Vec<Ipv4Net>,
    /// to every one of these.
    pub destinations: Vec<Ipv4Net>,
    /// Of this service; `None`: any packet.
    pub service: Option<Service>,
    /// The way there.
    pub there: Trail,
    /// The answer's way back; `None` when nothing arrives that could be answered.
    pub back: Option<Trail>,
}

impl Flow {
    /// What stops it: the packet, or else its answer.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.there.stop.as_ref().or(self.back.as_ref().and_then(|back| back.stop.as_ref()))
    }

    /// Whether packets get there and their answers back.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.stop().is_none()
    }

    /// Whether packets get there, answered or not.
    #[must_use]
    pub fn arrives(&self) -> bool {
        self.there.stop.is_none()
    }

    /// A source and a destination of it: the first ones.
    #[must_use]
    pub fn witness(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        Some((self.sources.first()?.network(), self.destinations.first()?.network()))
    }

    /// What another company's tables and rules that nobody here can resolve were assumed to do on the way, each once.
    #[must_use]
    pub fn assumes(&self) -> Vec<Assumption> {
        let hops = self.there.hops.iter().chain(self.back.iter().flat_map(|back| &back.hops));
        let mut assumptions: Vec<Assumption> = hops.filter_map(Hop::assumption).collect();
        assumptions.sort_unstable();
        assumptions.dedup();
        assumptions
    }
}

/// One direction of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trail {
    /// What decided on the way, in order.
    pub hops: Vec<Hop>,
    /// Where and why it ends early; `None` when it arrives.
    pub stop: Option<Stop>,
}

/// A decision that let a packet go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "hop", rename_all = "snake_case")]
pub enum Hop {
    /// A security group lets it out of its sender, or into its receiver.
    Group {
        /// Out or in.
        direction: Direction,
        /// Whose interface.
        place: String,
        /// The group.
        group: String,
        /// Its rule.
        rule: Rule,
    },
    /// On-premises or a site sends it over a line.
    Line {
        /// The sender.
        place: String,
        /// The line.
        line: String,
        /// Its attachment.
        attachment: String,
        /// The prefix, advertised over the line, that attracts it.
        prefix: Ipv4Net,
        /// Attachments of lines that advertise the same prefix and could as well be taken; each leads there.
        equal: Vec<String>,
    },
    /// Another company's tables, which nobody here knows, are assumed to send it to us.
    Assumed {
        /// Whose.
        by: Assumption,
        /// Over which attachment.
        attachment: String,
    },
    /// A VPC's route table.
    VpcTable {
        /// The VPC.
        vpc: String,
        /// The table of the subnet that the packet is in.
        table: String,
        /// The deciding route's destination.
        destination: Ipv4Net,
        /// Where the route leads.
        via: Via,
    },
    /// A transit gateway's route table.
    TransitTable {
        /// The gateway.
        gateway: String,
        /// The attachment that the packet comes from.
        from: String,
        /// The table that the attachment is associated with.
        table: String,
        /// The deciding route's destination.
        destination: Ipv4Net,
        /// The deciding route's origin.
        origin: Origin,
        /// The attachment that the route leads to.
        to: String,
        /// Attachments of equally good routes that could as well be taken; each leads there.
        equal: Vec<String>,
    },
    /// The packet is where it should be.
    Arrives {
        /// There.
        at: Arrival,
    },
}

impl Hop {
    fn assumption(&self) -> Option<Assumption> {
        match self {
            Hop::Assumed { by, .. } => Some(by.clone()),
            Hop::Group { group, rule, .. } => {
                rule.assumed().map(|peer| Assumption::Rule { group: group.clone(), peer: peer.into() })
            }
            Hop::Arrives { at: Arrival::Peer { attachment } } => {
                Some(Assumption::Peer { attachment: attachment.clone() })
            }
            _ => None,
        }
    }
}

/// Out of an interface or into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Out.
    Egress,
    /// In.
    Ingress,
}

/// Where a VPC's route leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// To a host of the same VPC.
    Local,
    /// To a transit gateway.
    Gateway {
        /// The gateway.
        gateway: String,
        /// The VPC's attachment to it.
        attachment: String,
    },
}

/// Where packets arrive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// In a VPC.
    Vpc {
        /// The VPC.
        vpc: String,
    },
    /// At the far end of a line.
    Line {
        /// The line.
        line: String,
    },
    /// At another party's transit gateway, which is assumed to deliver them.
    Peer {
        /// The peering's attachment.
        attachment: String,
    },
}

/// Something that nobody on our side can see and that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// A VPC of another company sends to its attachment what is not its own.
    Vpc {
        /// The VPC.
        vpc: String,
    },
    /// Another party's transit gateway, and what is behind it, carries packets both ways.
    Peer {
        /// The peering's attachment.
        attachment: String,
    },
    /// A rule of a security group means whoever it could mean.
    Rule {
        /// The group.
        group: String,
        /// What the rule names.
        peer: String,
    },
}

//! Places: where packets start and end.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{Service, State};

/// A set of addresses that has a name and lies somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Unique among places.
    pub name: String,
    /// Where it lies.
    pub at: At,
    /// Whether it speaks yet: an endpoint whose acceptance is pending does not.
    pub state: State,
    /// Who speaks first.
    pub talk: Talk,
    /// Security groups of its interfaces; packets pass when one of them lets them. Empty: not filtered by any that is known.
    pub groups: Vec<String>,
    /// What it offers. A packet to it is one of these; to a place that offers nothing in particular, one of what the
    /// sender's list has; without either, any packet at all.
    pub services: Vec<Service>,
}

impl Place {
    /// A place that is open, talks both ways, and that no known security group guards.
    #[must_use]
    pub fn new(name: impl Into<String>, at: At) -> Place {
        let (state, talk) = (State::Open, Talk::Both);
        Place { name: name.into(), at, state, talk, groups: vec![], services: vec![] }
    }
}

/// Where a place lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// Outside AWS: on-premises, or a site behind a line. All such places meet outside, and what is theirs they do not send
    /// to AWS, unless AWS advertises a longer prefix.
    Outside {
        /// The lines that it is reached over. One that no attachment has is not there yet.
        lines: Vec<String>,
        /// Its addresses.
        ranges: Vec<Ipv4Net>,
    },
    /// In a VPC.
    Vpc {
        /// Its name.
        vpc: String,
        /// In these subnets; empty for all of the VPC.
        subnets: Vec<String>,
        /// At these addresses there; empty for all.
        addresses: Vec<Ipv4Addr>,
    },
    /// Behind a peering attachment.
    Peer {
        /// The attachment's name.
        attachment: String,
        /// Its addresses.
        ranges: Vec<Ipv4Net>,
    },
}

/// Who speaks first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Talk {
    /// Either.
    #[default]
    Both,
    /// It only answers: an interface endpoint, an inbound Resolver endpoint.
    Answers,
    /// It only asks: an outbound Resolver endpoint.
    Asks,
}

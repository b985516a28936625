//! What becomes of a query.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    hop::Hop,
    model::{Data, RecordType},
    name::Name,
};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asker {
    /// A host in this VPC, which asks the VPC's resolver.
    Vpc(String),
    /// Somebody who asks this name server outside: a host on-premises asks on-premises' own.
    Server(String),
    /// Somebody who asks this inbound endpoint; `None`: whichever there is.
    Inbound(Option<String>),
}

/// What becomes of a query: everything that can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Who asked.
    pub from: Asker,
    /// For this name,
    pub name: Name,
    /// of this type.
    #[serde(rename = "type")]
    pub record_type: RecordType,
    /// Whether the query can go in a circle.
    pub circles: Circles,
    /// One way, a shortest, to each outcome; the shortest first, circles last. More than one where several targets can be
    /// asked that do not lead to the same, or where AWS would not have let things be.
    pub ways: Vec<Way>,
}

/// Whether a query goes in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Circles {
    /// Whatever target is asked, it ends.
    Never,
    /// With some targets it does; whoever asks may still get an answer.
    Sometimes,
    /// Whatever target is asked, it does not end.
    Always,
}

/// One way of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Step by step.
    pub hops: Vec<Hop>,
    /// Other companies' VPCs that decide on the way, each once: nobody here sees what else is associated with them.
    pub assumes: Vec<String>,
    /// How it ends.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a query ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A zone has the record.
    Records {
        /// The zone.
        zone: String,
        /// The record that was found; a wildcard where it stands for the name.
        record: Name,
        /// Seconds; `None` where only the target of an alias has it.
        ttl: Option<u32>,
        /// What it says: never an alias to a record of the same zone, which is followed.
        data: Data,
    },
    /// The NS or SOA of a zone's apex, as Route 53 made it.
    Apex {
        /// The zone.
        zone: String,
    },
    /// A zone has the name but nothing of this type (NOERROR without an answer; AWS's documentation calls it NXDOMAIN too).
    /// Nobody else is asked.
    NoData {
        /// The zone.
        zone: String,
    },
    /// A zone stands for the name and does not have it. Nobody else is asked
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>).
    NxDomain {
        /// The zone.
        zone: String,
    },
    /// A zone leaves the name to other name servers by NS records: AWS asks them only with a delegation rule, which is not
    /// looked at here, and fails otherwise.
    Delegated {
        /// The zone.
        zone: String,
        /// The record.
        record: Name,
    },
    /// A zone stands for the name, and nobody here sees what is in it.
    Unseen {
        /// The zone.
        zone: String,
        /// Whose it is.
        owner: String,
    },
    /// Amazon answers of itself: names of hosts, reverse names of private ranges.
    Amazon {
        /// The domain that it has a rule for.
        domain: Name,
    },
    /// Public name servers are asked.
    Internet,
    /// A server outside answers for the domain, as stated.
    Answered {
        /// The server.
        server: String,
        /// The domain.
        domain: Name,
    },
    /// A server outside is asked, and nobody states what it does with the name.
    Unstated {
        /// The server.
        server: String,
    },
    /// An address is asked that nobody describes.
    Stranger {
        /// The address.
        address: IpAddr,
    },
    /// Nobody answers.
    Silence {
        /// Why.
        why: Silence,
    },
    /// It comes back to a place that has already had the name.
    Loop {
        /// The hop, counted from 0, that the circle starts with; its last is the last of all.
        start: usize,
    },
    /// Names stand for each other in a circle, without anybody else being asked.
    CnameLoop {
        /// The hop, counted from 0, that the circle starts with.
        start: usize,
    },
}

/// Why nobody answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Silence {
    /// The VPC has no DNS support.
    DnsOff {
        /// The VPC.
        vpc: String,
    },
    /// There is no inbound endpoint.
    NoInbound,
    /// What should forward has nowhere to forward to.
    NoTarget,
    /// An outbound endpoint is asked; it only asks.
    OutboundAsked {
        /// The endpoint.
        endpoint: String,
        /// Its address that is asked.
        address: IpAddr,
    },
    /// A VPC's own resolver is asked, which can be asked inside the VPC only
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html>).
    ResolverAsked {
        /// The VPC; `None` for the address that every VPC's resolver has.
        vpc: Option<String>,
        /// The address that is asked.
        address: IpAddr,
    },
}

impl Answer {
    /// How it ends whatever happens; `None` when that depends on which target is asked.
    #[must_use]
    pub fn certain(&self) -> Option<&Outcome> {
        match &self.ways[..] {
            [way] => Some(&way.outcome),
            _ => None,
        }
    }
}

//! What is wrong with a description.

use std::{fmt, net::IpAddr};

use crate::name::Name;

/// A description that does not hold together: the caller's mistake, never a state of the network. What AWS would refuse
/// but a file can say (two zones of one name for one VPC) is no such mistake but a [`Finding`](crate::Finding).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Two parts of one sort have one name.
    #[error("two {part}s are named {name}")]
    Twice {
        /// Sort of part.
        part: Part,
        /// Their name.
        name: String,
    },
    /// A name that nothing has.
    #[error("{by} names the {part} {name}, which is not described")]
    Unknown {
        /// Sort of part.
        part: Part,
        /// The name.
        name: String,
        /// What uses it.
        by: String,
    },
    /// Two endpoints or servers have one address.
    #[error("{first} and {second} both have the address {address}")]
    AddressTwice {
        /// The address.
        address: IpAddr,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A zone or rule named by a wildcard: AWS has wildcards in records only.
    #[error("{by} has the domain {domain}: only records can be wildcards")]
    Wildcard {
        /// The zone, rule or server.
        by: String,
        /// The domain.
        domain: Name,
    },
    /// A record that does not lie in its zone.
    #[error("the record {record} does not lie in the zone {zone}")]
    Astray {
        /// The zone.
        zone: String,
        /// The record's name.
        record: Name,
    },
    /// A CNAME beside other records of one name, or at a zone's apex, where the zone's own NS and SOA are:
    /// `InvalidChangeBatch`.
    #[error("{record} in the zone {zone} has a CNAME beside other records")]
    CnameBeside {
        /// The zone.
        zone: String,
        /// The record's name.
        record: Name,
    },
    /// A CNAME that is not written as [`Data::Cname`](crate::Data::Cname).
    #[error("the CNAME {record} in the zone {zone} has no target")]
    CnameWithoutTarget {
        /// The zone.
        zone: String,
        /// The record's name.
        record: Name,
    },
}

/// A sort of part of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A VPC.
    Vpc,
    /// A private hosted zone.
    Zone,
    /// A Resolver rule.
    Rule,
    /// An inbound Resolver endpoint.
    Inbound,
    /// An outbound Resolver endpoint.
    Outbound,
    /// A name server outside.
    Server,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Vpc => "VPC",
            Part::Zone => "zone",
            Part::Rule => "rule",
            Part::Inbound => "inbound endpoint",
            Part::Outbound => "outbound endpoint",
            Part::Server => "server",
        })
    }
}

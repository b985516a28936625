//! What is wrong with a description.

use std::{fmt, net::Ipv4Addr};

/// A description that does not hold together: the caller's mistake, never a state of the network.
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
    /// AWS allows one attachment for a VPC and a gateway.
    #[error("the VPC {vpc} is attached to the gateway {gateway} twice")]
    AttachedTwice {
        /// The VPC.
        vpc: String,
        /// The gateway.
        gateway: String,
    },
    /// A subnet that AWS would refuse.
    #[error("the subnet {subnet} of the VPC {vpc} lies outside the VPC, or overlaps another subnet")]
    Misplaced {
        /// The VPC.
        vpc: String,
        /// The subnet.
        subnet: String,
    },
    /// An address that is not where its place is.
    #[error("the address {address} of {place} lies in none of its subnets")]
    Astray {
        /// The place.
        place: String,
        /// The address.
        address: Ipv4Addr,
    },
    /// A place without a single address.
    #[error("{place} has no address")]
    Empty {
        /// The place.
        place: String,
    },
    /// A place that lies behind an attachment which is no peering.
    #[error("{place} lies behind {attachment}, which is not a peering")]
    NotPeering {
        /// The place.
        place: String,
        /// The attachment.
        attachment: String,
    },
    /// A table that is said to learn from a peering: AWS has only static routes there.
    #[error("nothing propagates from the peering {attachment} to {table}")]
    PeeringPropagates {
        /// The attachment.
        attachment: String,
        /// The table.
        table: String,
    },
}

/// A sort of part of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A VPC.
    Vpc,
    /// A subnet.
    Subnet,
    /// A VPC's route table.
    VpcTable,
    /// A transit gateway.
    Gateway,
    /// An attachment.
    Attachment,
    /// A transit gateway's route table.
    TransitTable,
    /// A security group.
    Group,
    /// A place.
    Place,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Vpc => "VPC",
            Part::Subnet => "subnet",
            Part::VpcTable | Part::TransitTable => "route table",
            Part::Gateway => "transit gateway",
            Part::Attachment => "attachment",
            Part::Group => "security group",
            Part::Place => "place",
        })
    }
}

//! VPCs and their route tables.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// A VPC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// Unique among VPCs.
    pub name: String,
    /// Its ranges: the primary one and further ones. Every route table has a `local` route for each, and it always wins.
    pub cidrs: Vec<Ipv4Net>,
    /// What is known of its route tables.
    pub routing: Routing,
}

/// What is known of a VPC's route tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// All of them: the VPC is ours, or a role lets us read it.
    Known {
        /// Its subnets; they lie in the VPC's ranges and do not overlap.
        subnets: Vec<Subnet>,
        /// Its route tables.
        tables: Vec<VpcTable>,
    },
    /// Nothing: another company's. Assumed to send all that is not its own to its attachment, from every subnet. With more
    /// than one attachment, to the one that works. Nothing passes through it.
    Assumed,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// Unique in its VPC.
    pub name: String,
    /// Its range.
    pub cidr: Ipv4Net,
    /// Its availability zone, by id. With one, a route to a transit gateway works only when the attachment has a subnet in
    /// the same zone (<https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>).
    pub zone: Option<String>,
    /// The route table that it is associated with.
    pub table: String,
}

/// A route table of a VPC. Its `local` routes are not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcTable {
    /// Unique in its VPC.
    pub name: String,
    /// Its routes. The longest prefix decides.
    pub routes: Vec<VpcRoute>,
}

/// A route of a VPC's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcRoute {
    /// What it matches.
    pub destination: Ipv4Net,
    /// Where it leads.
    pub target: VpcTarget,
}

/// Where a route of a VPC's table leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VpcTarget {
    /// A transit gateway, by name.
    Gateway(String),
    /// Nowhere: its target is gone.
    Blackhole,
    /// Something that is not part of the description (an internet gateway, a NAT gateway, a VPC peering): the packet
    /// leaves it and counts as lost.
    Other(String),
}

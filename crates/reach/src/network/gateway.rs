//! Transit gateways: attachments and route tables.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::State;

/// A transit gateway of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gateway {
    /// Unique among gateways.
    pub name: String,
    /// Its attachments.
    pub attachments: Vec<Attachment>,
    /// Its route tables.
    pub tables: Vec<TransitTable>,
}

/// An attachment of a transit gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Unique among the attachments of all gateways.
    pub name: String,
    /// What is attached.
    pub to: Attached,
    /// Whether it carries packets. As long as it does not, AWS has no routes to it: tables are read without them, so that
    /// a wider route or none decides.
    pub state: State,
    /// The route table that packets arriving from it are looked up in. Without an association they are dropped.
    pub table: Option<String>,
}

/// What is attached to a transit gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attached {
    /// A VPC. At most one attachment for a VPC and a gateway.
    Vpc {
        /// Its name.
        vpc: String,
        /// The subnets that the attachment lies in. They say which zones it serves, and their tables route what arrives
        /// and is not the VPC's own. Empty for a VPC whose tables are assumed.
        subnets: Vec<String>,
    },
    /// A line to on-premises: the association with a Direct Connect gateway.
    Line {
        /// The line's name, which [`super::At::Outside`] refers to.
        line: String,
        /// The association's allowed prefixes: what AWS advertises to on-premises, which can send nowhere else. AWS
        /// accepts an empty list and then advertises nothing
        /// (<https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html>).
        advertised: Vec<Ipv4Net>,
        /// What on-premises advertises to AWS: what tables that learn from the line learn.
        learned: Vec<Ipv4Net>,
    },
    /// A peering with another transit gateway, whose tables are unknown: assumed to carry everything between us and the
    /// places behind it. Nothing propagates from it.
    Peering,
}

/// A route table of a transit gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitTable {
    /// Unique in its gateway.
    pub name: String,
    /// Attachments that propagate to it: of a VPC its ranges, of a line what it learns. From a live table that lists its
    /// propagated routes, leave this empty and list them.
    pub propagations: Vec<String>,
    /// Its other routes.
    pub routes: Vec<TransitRoute>,
}

/// A route of a transit gateway's table.
///
/// AWS's order (<https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>, "Route evaluation order"):
/// the longest prefix; then static, prefix list, propagated from a VPC, from a Direct Connect gateway, and after them
/// Connect, VPN and Cloud WAN, which this description lacks. Routes that are still equal may all be taken: Direct Connect
/// balances between them, and of VPCs with one range AWS learns only the first attached, which nothing here knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitRoute {
    /// What it matches.
    pub destination: Ipv4Net,
    /// Where it leads.
    pub target: TransitTarget,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a route of a transit gateway's table leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitTarget {
    /// Out through an attachment of the same gateway, by name.
    Attachment(String),
    /// Nowhere.
    Blackhole,
}

/// Where a route comes from; of two for one prefix the smaller wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Written into the table.
    Static,
    /// Out of a prefix list that the table refers to.
    PrefixList,
    /// Learned from its attachment.
    Propagated,
}

//! Routes that other parties keep in tables of their own, towards our transit gateway: the half of every way that is not
//! ours to make.

use std::collections::BTreeSet;

use gcnet_core::Address;
use ipnet::Ipv4Net;

use super::Purpose;

/// What the tables behind one attachment or peering have to send to us. Nothing in our account shows whether they do.
#[derive(Clone, Debug, PartialEq)]
pub struct Upkeep {
    /// Whose tables: 12 digits.
    pub account: String,
    /// What for.
    pub purpose: Purpose,
    /// The attachment or peering that the routes lead through.
    pub through: Address,
    /// Which tables.
    pub tables: Tables,
    /// For packets to these addresses.
    pub destinations: BTreeSet<Ipv4Net>,
}

/// Where another party's routes are.
#[derive(Clone, Debug, PartialEq)]
pub enum Tables {
    /// The route tables of a VPC.
    Vpc {
        /// `vpc-…`
        id: String,
    },
    /// The route tables of a transit gateway. A peering propagates nothing: each route is static.
    Gateway {
        /// `tgw-…`
        id: String,
        /// Where it is.
        region: String,
    },
}

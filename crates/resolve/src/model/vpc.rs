//! VPCs, as their resolver sees them.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// A VPC. Its hosts are assumed to ask the VPC's own resolver, not servers of a DHCP options set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// Unique among VPCs.
    pub name: String,
    /// Its ranges, the primary one first: its resolver has the primary range's third address, and Amazon itself answers the
    /// reverse names of all of them.
    pub cidrs: Vec<Ipv4Net>,
    /// Ranges of VPCs that it is connected with by a peering or a transit gateway with DNS support: Amazon answers their
    /// reverse names too.
    pub connected: Vec<Ipv4Net>,
    /// `enableDnsSupport`: without it nobody answers in the VPC.
    pub dns_support: bool,
    /// `enableDnsHostnames`: without it private hosted zones have no effect, nor are there Amazon's own names.
    pub dns_hostnames: bool,
    /// Whether Amazon answers reverse names (`AutodefinedReverse` of the VPC's Resolver configuration): by default it does.
    pub autodefined_reverse: bool,
    /// Whether all rules and zones that are associated with it are described. In another company's VPC there may be more,
    /// so that an answer rests on there being none that matters.
    pub seen: bool,
}

impl Vpc {
    /// A VPC as gcnet makes it: all that Amazon offers is on, and nobody else associates anything.
    #[must_use]
    pub fn new(name: &str, cidrs: Vec<Ipv4Net>) -> Vpc {
        Vpc {
            name: name.into(),
            cidrs,
            connected: vec![],
            dns_support: true,
            dns_hostnames: true,
            autodefined_reverse: true,
            seen: true,
        }
    }

    /// Whether private hosted zones have an effect in it: both settings must be on
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>).
    #[must_use]
    pub fn sees_zones(&self) -> bool {
        self.dns_support && self.dns_hostnames
    }
}

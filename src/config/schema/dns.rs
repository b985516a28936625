//! Route 53: Resolver endpoints, private hosted zones, forwarding rules.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{NameServer, yes};
use crate::config::at::At;
use crate::config::values::{Address, Cidr, Domain, Name, RecordName, Text, Within};

/// Names in both directions, and the municipality's own zones.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    /// Inbound: on-premises asks names on AWS.
    #[serde(default)]
    pub inbound: Endpoint,
    /// Outbound: AWS asks names on-premises.
    #[serde(default)]
    pub outbound: Endpoint,
    /// The municipality's private hosted zones, in the network account.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Domains whose queries leave through the outbound endpoint.
    #[serde(default)]
    pub forward_rules: Vec<ForwardRule>,
    /// Logs all queries of the shared VPC.
    #[serde(default = "yes")]
    pub query_log: bool,
    /// ASPs that get the query log's configuration, so that their own VPCs can be logged into the same group.
    #[serde(default)]
    pub query_log_share_with: Vec<At<Name>>,
    /// Design reason.
    pub note: Option<Text>,
}

/// Resolver endpoints of one direction. The specification's 「２つ」 can mean two addresses or two endpoints; one endpoint has
/// two addresses at least, each billed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoint {
    /// How many endpoints: 1 (two addresses) or 2 (four addresses, twice the price, the whole default quota).
    pub endpoints: At<Within<1, 2>>,
    /// Their addresses, two an endpoint in turn; derived from the dns subnets when absent.
    pub ips: Option<Vec<At<Address>>>,
    /// How queries travel. `DoH` is DNS over HTTPS (TCP 443), which the other side must speak as well: for outbound, each
    /// target of a rule says by which of these it is asked.
    pub protocols: At<BTreeSet<DnsProtocol>>,
}

impl Default for Endpoint {
    fn default() -> Self {
        let protocols = At::nowhere(BTreeSet::from([DnsProtocol::Do53]));
        Self { endpoints: At::nowhere(Within::clamped(1)), ips: None, protocols }
    }
}

/// How a query travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the field's own names")]
pub enum DnsProtocol {
    Do53,
    DoH,
}

impl DnsProtocol {
    /// As Resolver spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Do53 => "Do53",
            Self::DoH => "DoH",
        }
    }

    /// The port at which servers listen for it, unless told otherwise.
    pub fn port(self) -> u16 {
        match self {
            Self::Do53 => 53,
            Self::DoH => 443,
        }
    }

    /// What it travels over. Plain DNS falls back to TCP when an answer is long.
    pub fn transports(self) -> &'static [&'static str] {
        match self {
            Self::Do53 => &["tcp", "udp"],
            Self::DoH => &["tcp"],
        }
    }
}

/// A private hosted zone of the municipality.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its domain.
    pub name: At<Domain>,
    /// ASPs whose VPCs resolve it. The shared VPC always does.
    #[serde(default)]
    pub share_with: Vec<At<Name>>,
    /// Its records.
    #[serde(default)]
    pub records: Vec<Record>,
    /// Design reason.
    pub note: Option<Text>,
}

/// A record set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Name below the zone; `@` for the zone itself; with a dot at its end, the whole name.
    pub name: At<RecordName>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: At<RecordType>,
    /// Time to live in seconds.
    #[serde(default = "five_minutes")]
    pub ttl: At<Within<1, 604_800>>,
    /// Its values, as Route 53 wants them except for the quotes of TXT.
    pub values: Vec<At<Text>>,
    /// Remark.
    pub note: Option<Text>,
}

fn five_minutes() -> At<Within<1, 604_800>> {
    At::nowhere(Within::clamped(300))
}

/// Record types that private zones of a municipality need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the field's own names")]
pub enum RecordType {
    A,
    AAAA,
    CNAME,
    TXT,
    MX,
    SRV,
    PTR,
    CAA,
}

impl RecordType {
    /// As Route 53 spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::AAAA => "AAAA",
            Self::CNAME => "CNAME",
            Self::TXT => "TXT",
            Self::MX => "MX",
            Self::SRV => "SRV",
            Self::PTR => "PTR",
            Self::CAA => "CAA",
        }
    }
}

/// A forwarding rule, shared with ASP accounts by RAM.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardRule {
    /// Domain whose queries, with all names below it, go to the targets.
    pub domain: At<Domain>,
    /// DNS servers; `onprem.dns_servers` when absent.
    pub targets: Option<Vec<At<NameServer>>>,
    /// Ranges whose reverse zones (in-addr.arpa) go to the same targets: /8, /16 or /24, other lengths are split.
    #[serde(default)]
    pub reverse: Vec<At<Cidr>>,
    /// Names under the domain that AWS goes on resolving itself: rules of type SYSTEM.
    #[serde(default)]
    pub except: Vec<At<Domain>>,
    /// ASPs that get the rule.
    #[serde(default)]
    pub share_with: Vec<At<Name>>,
    /// Whether the shared VPC uses the rule as well. Not for rules whose servers ask the inbound endpoint in turn.
    #[serde(default = "yes")]
    pub use_in_shared_vpc: bool,
    /// Design reason.
    pub note: Option<Text>,
}

//! Record sets.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// A record set. Several of one name and type are alternatives (a routing policy other than simple): any may be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSet {
    /// Its name. A first label `*` stands for every name below the rest that is not there itself (RFC 4592; Route 53
    /// documents it under "Using an asterisk",
    /// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html>).
    pub name: Name,
    /// Seconds; `None` for an alias, which has its target's.
    pub ttl: Option<u32>,
    /// What it says.
    pub data: Data,
}

/// What a record set says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Data {
    /// The name is another name.
    Cname {
        /// That name.
        target: Name,
    },
    /// Values of any type but CNAME.
    Values {
        /// The type.
        #[serde(rename = "type")]
        record_type: RecordType,
        /// As Route 53 writes them; handed through.
        values: Vec<String>,
    },
    /// Route 53's alias: answered with what its target has, of the same type.
    Alias {
        /// The type, not CNAME.
        #[serde(rename = "type")]
        record_type: RecordType,
        /// The target.
        to: Alias,
    },
}

/// What an alias leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alias {
    /// A record set of the same zone.
    Record(Name),
    /// Something of AWS, by its DNS name: a VPC endpoint, a load balancer. Its addresses only AWS knows.
    Resource(Name),
}

impl RecordSet {
    /// Its type.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        match self.data {
            Data::Cname { .. } => RecordType::Cname,
            Data::Values { record_type, .. } | Data::Alias { record_type, .. } => record_type,
        }
    }
}

/// Types of records that Route 53 has
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordType {
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// Who may issue certificates.
    Caa,
    /// Another name for the whole name.
    Cname,
    /// Keys of a delegated zone.
    Ds,
    /// How to reach a web service.
    Https,
    /// Who takes mail.
    Mx,
    /// Telephone numbers and the like.
    Naptr,
    /// Who answers for a domain.
    Ns,
    /// The name of an address.
    Ptr,
    /// The start of a zone.
    Soa,
    /// Who may send mail; out of use.
    Spf,
    /// Where a service is.
    Srv,
    /// Keys of an SSH server.
    Sshfp,
    /// How to reach a service.
    Svcb,
    /// Keys of a TLS server.
    Tlsa,
    /// Text.
    Txt,
}

impl RecordType {
    /// All of them, in alphabetical order.
    pub const ALL: [RecordType; 17] = [
        RecordType::A,
        RecordType::Aaaa,
        RecordType::Caa,
        RecordType::Cname,
        RecordType::Ds,
        RecordType::Https,
        RecordType::Mx,
        RecordType::Naptr,
        RecordType::Ns,
        RecordType::Ptr,
        RecordType::Soa,
        RecordType::Spf,
        RecordType::Srv,
        RecordType::Sshfp,
        RecordType::Svcb,
        RecordType::Tlsa,
        RecordType::Txt,
    ];

    /// As it is written in records: `AAAA`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RecordType::A => "A",
            RecordType::Aaaa => "AAAA",
            RecordType::Caa => "CAA",
            RecordType::Cname => "CNAME",
            RecordType::Ds => "DS",
            RecordType::Https => "HTTPS",
            RecordType::Mx => "MX",
            RecordType::Naptr => "NAPTR",
            RecordType::Ns => "NS",
            RecordType::Ptr => "PTR",
            RecordType::Soa => "SOA",
            RecordType::Spf => "SPF",
            RecordType::Srv => "SRV",
            RecordType::Sshfp => "SSHFP",
            RecordType::Svcb => "SVCB",
            RecordType::Tlsa => "TLSA",
            RecordType::Txt => "TXT",
        }
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no type of record that Route 53 has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Route 53 has no records of type {0}")]
pub struct UnknownType(String);

impl FromStr for RecordType {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<RecordType, UnknownType> {
        let known = RecordType::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
        known.ok_or_else(|| UnknownType(text.into()))
    }
}

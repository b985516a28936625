//! Record sets: the records of one name and type.

use serde::{Deserialize, Serialize};

use super::name::{self, reversed};
use super::zone::NAME_SERVERS;
use super::{invalid, value};
use crate::error::Result;
use crate::protocol::{Node, Xml};
use crate::store::Table;

/// The types that are simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RecordType {
    A,
    Aaaa,
    Caa,
    Cname,
    Mx,
    Ns,
    Ptr,
    Soa,
    Srv,
    Txt,
}

impl RecordType {
    const ALL: [Self; 10] =
        [Self::A, Self::Aaaa, Self::Caa, Self::Cname, Self::Mx, Self::Ns, Self::Ptr, Self::Soa, Self::Srv, Self::Txt];

    pub fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Caa => "CAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Soa => "SOA",
            Self::Srv => "SRV",
            Self::Txt => "TXT",
        }
    }

    pub fn read(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|known| known.word() == word);
        found.ok_or_else(|| invalid(format!("The sandbox does not simulate records of the type '{word}'.")))
    }
}

/// The records of one name and type; where they are weighted, those of one identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordSet {
    /// As it is kept, or as it was given where that is no name.
    pub name: String,
    pub kind: RecordType,
    pub weighted: Option<Weighted>,
    pub content: Content,
}

/// The one routing policy that is simulated besides the simple one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weighted {
    pub identifier: String,
    pub weight: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum Content {
    Values { ttl: u32, values: Vec<String> },
    Alias { zone: String, name: String, evaluate_health: bool },
}

impl Content {
    /// Whether they say the same: values have no order.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Values { ttl, values }, Self::Values { ttl: other_ttl, values: others }) => {
                let sorted = |values: &[String]| {
                    let mut values = values.to_vec();
                    values.sort();
                    values
                };
                ttl == other_ttl && sorted(values) == sorted(others)
            }
            _ => self == other,
        }
    }

    /// The values, of which an alias has none.
    pub fn values(&self) -> &[String] {
        match self {
            Self::Values { values, .. } => values,
            Self::Alias { .. } => &[],
        }
    }
}

/// The beginning of the keys of all sets of a name.
pub(super) fn keys_of(name: &str) -> String {
    reversed(name) + " "
}

/// Where a set is in its zone's table, and so in lists: sorted by the name with its labels reversed, then by type (DOC:
/// ListResourceRecordSets). No kept name has a space, and every character in one comes after it.
pub(super) fn key(name: &str, kind: &str, identifier: &str) -> String {
    format!("{}{kind} {identifier}", keys_of(name))
}

impl RecordSet {
    pub fn identifier(&self) -> &str {
        self.weighted.as_ref().map_or("", |weighted| &weighted.identifier)
    }

    pub fn key(&self) -> String {
        key(&self.name, self.kind.word(), self.identifier())
    }

    /// Whether it is one of the two that Route 53 makes with a zone and keeps.
    pub fn is_of_aws(&self, zone: &str) -> bool {
        self.name == zone && matches!(self.kind, RecordType::Ns | RecordType::Soa)
    }

    pub fn xml(&self) -> Xml {
        let xml = Xml::new().text("Name", &self.name).text("Type", self.kind.word());
        let xml = match &self.weighted {
            Some(Weighted { identifier, weight }) => xml.text("SetIdentifier", identifier).value("Weight", weight),
            None => xml,
        };
        match &self.content {
            Content::Values { ttl, values } => {
                let records = values.iter().map(|value| Xml::new().text("Value", value));
                xml.value("TTL", ttl).list_of("ResourceRecords", "ResourceRecord", records)
            }
            Content::Alias { zone, name, evaluate_health } => {
                let target = Xml::new()
                    .text("HostedZoneId", zone)
                    .text("DNSName", name)
                    .value("EvaluateTargetHealth", evaluate_health);
                xml.nest("AliasTarget", target)
            }
        }
    }

    /// The set in a request. `InvalidInput` for one that is not made as it must be; what its name and its values say, is
    /// another matter.
    pub fn read(set: &Node<'_>, action: &str) -> Result<Self> {
        let name = set.required("Name", 0..=1024)?;
        let kind = RecordType::read(set.required("Type", 1..=16)?)?;
        let identifier = set.optional("SetIdentifier", 1..=128)?;
        let weight = set.integer("Weight", 0..=255)?;
        let ttl = set.integer("TTL", 0..=2_147_483_647)?;
        let values = set.list("ResourceRecords", "ResourceRecord", 1..=usize::MAX)?;
        let alias = set.child("AliasTarget")?;
        let said = identifier.unwrap_or("null");
        let here = format!("in Change with [Action={action}, Name={name}, Type={}, SetIdentifier={said}]", kind.word());
        let weighted = match (identifier, weight) {
            (None, None) => None,
            (Some(identifier), Some(weight)) => Some(Weighted { identifier: identifier.to_owned(), weight }),
            (None, Some(_)) => return Err(invalid(format!("Invalid request: Missing field 'SetIdentifier' {here}"))),
            (Some(_), None) => {
                return Err(invalid(format!(
                    "Invalid request: Expected exactly one of [Weight], but found none {here}; the sandbox simulates \
                     no other routing policy"
                )));
            }
        };
        let one_of = "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or \
                      TrafficPolicyInstanceId]";
        let content = match (ttl, values, alias) {
            (Some(ttl), Some(records), None) => {
                let values = records.iter().map(|record| record.required("Value", 0..=value::LONGEST));
                Content::Values { ttl, values: values.map(|value| value.map(str::to_owned)).collect::<Result<_>>()? }
            }
            (None, None, Some(target)) => read_alias(&target)?,
            (None, Some(_), None) => return Err(invalid(format!("Invalid request: Missing field 'TTL' {here}"))),
            (Some(_), None, None) => {
                return Err(invalid(format!("Invalid request: Missing field 'ResourceRecords' {here}")));
            }
            (None, None, None) => return Err(invalid(format!("{one_of}, but found none {here}"))),
            _ => return Err(invalid(format!("{one_of}, but found more than one {here}"))),
        };
        // What is no name stays as it is, and is one of the problems of the batch.
        let name = name::canonical(name).unwrap_or_else(|_| name.to_owned());
        Ok(Self { name, kind, weighted, content })
    }
}

fn read_alias(target: &Node<'_>) -> Result<Content> {
    let zone = target.required("HostedZoneId", 1..=32)?.to_owned();
    let name = target.required("DNSName", 0..=1024)?;
    let evaluate_health = target.boolean("EvaluateTargetHealth")?;
    let evaluate_health = evaluate_health.ok_or_else(|| target.invalid("EvaluateTargetHealth is missing."))?;
    Ok(Content::Alias { zone, name: name::canonical(name).unwrap_or_else(|_| name.to_owned()), evaluate_health })
}

/// What Route 53 makes with a zone. DOC (developer guide, "NS and SOA records that Amazon Route 53 creates").
pub(super) fn of_a_new_zone(name: &str) -> Table<RecordSet> {
    let set = |kind, ttl, values| RecordSet {
        name: name.to_owned(),
        kind,
        weighted: None,
        content: Content::Values { ttl, values },
    };
    let servers = NAME_SERVERS.iter().map(|server| format!("{server}.")).collect();
    let authority = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";
    let mut records = Table::default();
    for set in [set(RecordType::Ns, 172_800, servers), set(RecordType::Soa, 900, vec![authority.to_owned()])] {
        records.insert(set.key(), set);
    }
    records
}

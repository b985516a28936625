//! Private hosted zones.

use serde::{Deserialize, Serialize};

use super::record::RecordSet;
use crate::name::Name;

/// A private hosted zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Unique among zones: two may have one apex.
    pub id: String,
    /// The domain that it answers for.
    pub apex: Name,
    /// Whose it is, in the caller's words; handed through, and compared with other zones' owners.
    pub owner: String,
    /// VPCs that it is associated with.
    pub vpcs: Vec<String>,
    /// What is in it.
    pub contents: Contents,
}

/// What is in a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contents {
    /// These record sets. NS and SOA of the apex, which Route 53 makes, may be left out.
    Known(Vec<RecordSet>),
    /// Another company's: nobody here sees them.
    Unseen,
}

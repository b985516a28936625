//! Resolver endpoints.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// An inbound Resolver endpoint: whoever asks it is answered as if asked from inside its VPC, by that VPC's zones and rules.
/// One for delegation (`INBOUND_DELEGATION`) is not to be listed: nothing can be forwarded to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// Unique among inbound endpoints.
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Where it is asked.
    pub addresses: Vec<IpAddr>,
}

/// An outbound Resolver endpoint: queries leave from its addresses, and nobody can ask it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound {
    /// Unique among outbound endpoints.
    pub id: String,
    /// Its VPC. Rules that use it can be associated with any VPC.
    pub vpc: String,
    /// Where queries come from.
    pub addresses: Vec<IpAddr>,
}

//! Name servers outside AWS.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// A name server outside AWS, or several with one configuration, as somebody states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Unique among servers.
    pub name: String,
    /// Where it is asked.
    pub addresses: Vec<IpAddr>,
    /// Domains that it answers for itself. Where it also forwards the same domain, it answers.
    pub answers: Vec<Name>,
    /// What it forwards. The most specific domain decides, as among [`Server::answers`].
    pub forwards: Vec<Conditional>,
    /// What it does with all other names.
    pub otherwise: Otherwise,
}

/// A conditional forwarding of a name server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditional {
    /// It holds for this domain and all below it.
    pub domain: Name,
    /// To one of these; any may be the first.
    pub to: Vec<IpAddr>,
}

/// What a name server does with names that nothing is stated about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Asks the internet.
    Internet,
    /// Nobody here knows.
    Unstated,
}

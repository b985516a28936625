//! Resolver rules.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::name::Name;

/// A Resolver rule that somebody made, ours or another account's that is shared with ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique among rules: two may have one domain.
    pub id: String,
    /// It holds for this domain and all below it.
    pub domain: Name,
    /// What it does.
    pub action: Action,
    /// VPCs that it is associated with.
    pub vpcs: Vec<String>,
}

/// What a rule does with a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// `FORWARD`: sends it to one of the targets, chosen at random, and to another one when that does not answer
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html>).
    Forward {
        /// Addresses; their ports are not looked at.
        targets: Vec<IpAddr>,
        /// The outbound endpoint that it leaves from; `None` where only the owner knows.
        endpoint: Option<String>,
    },
    /// `SYSTEM`: lets the VPC answer as if no rule forwarded it: from the VPC's zones, or else from the internet.
    System,
}

impl Action {
    /// Where it forwards to; empty for `SYSTEM`.
    #[must_use]
    pub fn targets(&self) -> &[IpAddr] {
        match self {
            Action::Forward { targets, .. } => targets,
            Action::System => &[],
        }
    }
}

//! What tests and people ask of a sandbox besides AWS's own API.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::store::State;

/// One live object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Resource {
    /// Empty for what is global, such as roles.
    pub region: String,
    /// As in tag specifications and ARNs: `vpc`, `transit-gateway-attachment`, `log-group`, `role`.
    pub kind: String,
    /// EC2 id, or name where there is no id.
    pub id: String,
    /// Its tags, as its own account sees them.
    pub tags: BTreeMap<String, String>,
}

/// Lists what one service holds in one account.
type Inventory = fn(&State, &str) -> Vec<Resource>;

/// One line per service.
static INVENTORIES: &[Inventory] = &[
    crate::ec2::inventory,
    crate::iam::inventory,
    crate::logs::inventory,
    crate::ram::inventory,
    crate::direct_connect::inventory,
    crate::elb::inventory,
    crate::route53::inventory,
    crate::route53resolver::inventory,
    crate::acmpca::inventory,
    crate::s3::inventory,
    crate::ssm::inventory,
];

/// Everything that is alive in an account: tombstones are not.
pub(crate) fn everything(state: &State, account: &str) -> Vec<Resource> {
    let mut all: Vec<Resource> = INVENTORIES.iter().flat_map(|inventory| inventory(state, account)).collect();
    all.sort();
    all
}

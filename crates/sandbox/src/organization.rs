//! Who belongs together: organisations whose accounts share resources without asking.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Organisations in AWS Organizations with resource sharing switched on (`EnableSharingWithAwsOrganization`), each the
/// twelve digits of its accounts. By default there is none: every account is a stranger to every other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Organizations(pub Vec<BTreeSet<String>>);

impl Organizations {
    /// The accounts of an account's organisation.
    pub(crate) fn of(&self, account: &str) -> Option<&BTreeSet<String>> {
        self.0.iter().find(|accounts| accounts.contains(account))
    }

    /// Whether an account is in any organisation.
    pub(crate) fn have(&self, account: &str) -> bool {
        self.of(account).is_some()
    }

    /// Whether two accounts are in the same organisation.
    pub(crate) fn unite(&self, one: &str, other: &str) -> bool {
        self.0.iter().any(|accounts| accounts.contains(one) && accounts.contains(other))
    }
}

//! IAM: what other services need to know of it. Roles are global to an account.

use serde::{Deserialize, Serialize};

use crate::protocol::Protocol;
use crate::service::{Operation, Scope, Service};
use crate::store::Table;

pub(crate) static SERVICE: Service = Service {
    name: "iam",
    protocol: Protocol::Query { version: "2010-05-08", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
    scope: Scope::Global,
    operations: &[OPERATIONS],
};

static OPERATIONS: &[Operation] = &[];

/// What IAM remembers of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Iam {
    /// By name.
    pub roles: Table<Role>,
}

/// A role as far as STS needs it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `AROA…`.
    pub role_id: String,
    /// The trust policy, as it was given.
    pub assume_role_policy: String,
    /// Seconds.
    pub max_session_duration: i64,
}

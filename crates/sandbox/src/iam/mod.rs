//! IAM: roles, their policies and their tags. Global to an account. Rules: aws-facts section 2.6.

mod asked;
mod attached;
mod authorization_details;
mod document;
mod evaluate;
mod inline;
mod managed;
mod page;
mod params;
mod permissions;
mod principal;
mod private_ca;
mod resource;
mod resource_policy;
mod role;
mod simulate;
mod tags;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AwsError;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Scope, Service};
use crate::store::{State, Table};

pub(crate) use evaluate::{Context, Decision};
pub(crate) use managed::ManagedPolicy;
pub(crate) use permissions::Request;
pub(crate) use resource_policy::{Asker, ResourcePolicy};
pub(crate) use role::Role;

pub(crate) static SERVICE: Service = Service {
    name: "iam",
    protocol: Protocol::Query { version: "2010-05-08", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
    scope: Scope::Global,
    operations: &[
        role::OPERATIONS,
        tags::OPERATIONS,
        inline::OPERATIONS,
        attached::OPERATIONS,
        managed::OPERATIONS,
        authorization_details::OPERATIONS,
        simulate::OPERATIONS,
    ],
};

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// What IAM remembers of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Iam {
    /// By name.
    pub roles: Table<Role>,
    /// Customer managed policies, by ARN.
    pub policies: Table<ManagedPolicy>,
    /// The last one-time code of each MFA device, by serial number.
    pub used_codes: Table<String>,
}

impl Iam {
    /// `NoSuchEntity` if there is no such role. AWS ignores case when a role is created; the sandbox does not when it is
    /// looked up.
    fn role(&self, name: &str) -> Result<&Role, AwsError> {
        self.roles.get(name).ok_or_else(|| no_role(name))
    }

    fn role_mut(&mut self, name: &str) -> Result<&mut Role, AwsError> {
        self.role(name)?;
        self.roles.get_mut(name).ok_or_else(|| no_role(name))
    }
}

fn no_role(name: &str) -> AwsError {
    no_such_entity(format!("The role with name {name} cannot be found."))
}

// The codes on the wire lack the "Exception" of the model's names. DOC (IAM API reference, "Errors" of each operation).

fn no_such_entity(message: impl Into<String>) -> AwsError {
    AwsError::new("NoSuchEntity", message).with_status(404)
}

fn already_exists(message: impl Into<String>) -> AwsError {
    AwsError::new("EntityAlreadyExists", message).with_status(409)
}

fn conflict(message: impl Into<String>) -> AwsError {
    AwsError::new("DeleteConflict", message).with_status(409)
}

fn limit(message: impl Into<String>) -> AwsError {
    AwsError::new("LimitExceeded", message).with_status(409)
}

/// What is alive in an account.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let iam = &state.account(account).iam;
    let global = |kind: &str, id: &str, tags: &Tags| Resource {
        region: String::new(),
        kind: kind.to_owned(),
        id: id.to_owned(),
        tags: tags.clone(),
    };
    let roles = iam.roles.iter().map(|(name, role)| global("role", name, &role.tags));
    let policies = iam.policies.iter().map(|(arn, policy)| global("policy", arn, &policy.tags));
    roles.chain(policies).collect()
}

//! Who may run gcnet.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{Arn, Text};

/// Who may assume the roles gcnet-plan, gcnet-apply and gcnet-destroy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operators {
    /// Users, roles or accounts that may assume all three.
    #[serde(default)]
    pub principals: Vec<At<Arn>>,
    /// Those of gcnet-plan, which only reads; `principals` when absent.
    pub plan: Option<Vec<At<Arn>>>,
    /// Those of gcnet-apply; `principals` when absent.
    pub apply: Option<Vec<At<Arn>>>,
    /// Those of gcnet-destroy; `principals` when absent.
    pub destroy: Option<Vec<At<Arn>>>,
    /// Those of gcnet-ca-admin, which keeps the private CA and cannot issue from it; `principals` when absent.
    pub ca_admin: Option<Vec<At<Arn>>>,
    /// Those of gcnet-ca-issuer, which issues certificates of end entities and nothing else; `principals` when absent.
    pub ca_issuer: Option<Vec<At<Arn>>>,
    /// Whether the trust policies demand MFA (specification 4.2.1).
    #[serde(default)]
    pub mfa: At<Mfa>,
    /// Design reason.
    pub note: Option<Text>,
}

/// Who answers for multi-factor authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mfa {
    /// The trust policy demands `aws:MultiFactorAuthPresent`.
    #[default]
    Required,
    /// The identity provider does: federated sessions do not carry the key.
    Federated,
}

//! Accounts, credentials and sharing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{AccountId, Arn, ExternalId, Name, Text};

/// All accounts that the file speaks of.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// The municipality's network account, in which gcnet builds.
    pub network: NetworkAccount,
    /// Accounts of other companies, by a name that the rest of the file uses.
    #[serde(default)]
    pub others: BTreeMap<At<Name>, OtherAccount>,
}

/// The network account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkAccount {
    /// Account id. Credentials of any other account are refused before the first write.
    pub id: At<AccountId>,
    /// 単独利用 or 共同利用.
    #[serde(default)]
    pub model: Tenancy,
    /// How to get into the account; the environment's credentials when absent.
    pub access: Option<Access>,
    /// Who to ask.
    pub contact: Option<Text>,
    /// Design reason.
    pub note: Option<Text>,
}

/// Whether an account serves one municipality or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tenancy {
    /// 単独利用方式.
    #[default]
    SingleUse,
    /// 共同利用方式.
    SharedUse,
}

/// How to get into the network account. Never a long-lived key.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Profile in the AWS configuration, for example one of `aws sso login`.
    pub profile: Option<Text>,
    /// Role to assume from there.
    pub role: Option<At<Arn>>,
    /// External id for that role.
    pub external_id: Option<ExternalId>,
}

/// An account of another company.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherAccount {
    /// Account id.
    pub id: At<AccountId>,
    /// The company it belongs to.
    pub owner: At<Text>,
    /// 単独利用 or 共同利用; ASP accounts are shared.
    #[serde(default = "shared_use")]
    pub model: Tenancy,
    /// Who to ask.
    pub contact: Option<Text>,
    /// Whether gcnet may act in it. Without credentials, gcnet prints a request sheet and waits.
    #[serde(default)]
    pub credentials: Credentials,
    /// Remark.
    pub note: Option<Text>,
}

fn shared_use() -> Tenancy {
    Tenancy::SharedUse
}

/// Whether gcnet may act in another company's account.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    /// No: their moves are requested and waited for.
    #[default]
    None,
    /// Yes: by assuming a role that the company gave us.
    AssumeRole(AssumedRole),
}

/// A role that another company gave us.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssumedRole {
    /// The role.
    pub role: At<Arn>,
    /// External id, agreed with the company.
    pub external_id: Option<ExternalId>,
}

/// How resources are shared with other accounts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Whether sharing inside the AWS Organization is switched on: then invitations need no acceptance.
    #[serde(default)]
    pub within_organization: Membership,
    /// Whether accounts outside the Organization may receive shares. Always sent explicitly: a guardrail denies AWS's default.
    #[serde(default)]
    pub allow_external_principals: bool,
}

/// An answer of the hearing that may still be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Membership {
    /// Not asked yet: both ways are provided for.
    #[default]
    Unknown,
    /// Switched on.
    Yes,
    /// Switched off.
    No,
}

//! The root of the file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Accounts, Asp, CentralEndpoints, Contract, Dns, Line, Logs, Operators, PrivateCa, SharedVpc, Sharing, Site,
    TransitGateway,
};
use crate::config::at::At;
use crate::config::values::{Address, Cidr, Date, MunicipalCode, Name, TagKey, TagValue, Text};

/// The network operations area of one municipality on Government Cloud.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// Version of this format.
    #[serde(rename = "apiVersion")]
    pub api_version: At<ApiVersion>,
    /// Which municipality.
    pub municipality: Identity,
    /// What the area is for: production, staging, or a throwaway test stack.
    pub environment: At<Environment>,
    /// The day after which a test stack may be destroyed. Required for `environment: test`, meaningless otherwise.
    pub expires: Option<At<Date>>,
    /// Tokyo or Osaka: the only Regions that may hold local-government data.
    pub region: At<Region>,
    /// This municipality's row of the specification's table, transcribed.
    pub contract: Contract,
    /// Accounts: the network account, which is ours, and those of other companies.
    pub accounts: Accounts,
    /// How resources are shared with other accounts (RAM).
    #[serde(default)]
    pub sharing: Sharing,
    /// The municipality's own network (庁内ネットワーク).
    pub onprem: OnPremises,
    /// Lines between the municipality and AWS. A line that is not there yet is a normal state.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Systems outside AWS that must reach systems on AWS: the data centres of 戸籍 and 戸籍附票.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// The VPC of the network account.
    pub shared_vpc: SharedVpc,
    /// The Transit Gateway. May be left out: all of it can be derived.
    #[serde(default)]
    pub transit_gateway: TransitGateway,
    /// Application service providers whose systems the municipality uses.
    #[serde(default)]
    pub asps: Vec<Asp>,
    /// Route 53 Resolver endpoints, private hosted zones and forwarding rules (the specification's option Route53).
    pub dns: Option<Dns>,
    /// The private certificate authority (the specification's option PrivateCA).
    pub private_ca: Option<PrivateCa>,
    /// Interface endpoints for AWS services, shared by all from the network account.
    pub central_endpoints: Option<CentralEndpoints>,
    /// Flow logs, their keeping and encryption.
    #[serde(default)]
    pub logs: Logs,
    /// Who may assume the roles gcnet-plan, gcnet-apply and gcnet-destroy.
    pub operators: Option<Operators>,
    /// Tags of the municipality's own, put on everything that gcnet makes.
    #[serde(default)]
    pub tags: BTreeMap<At<TagKey>, At<TagValue>>,
    /// Lets public address ranges and default routes pass the checks. Government Cloud's guardrails refuse them anyway.
    #[serde(default)]
    pub allow_internet: bool,
    /// Design reason, for the remarks column of the parameter sheet.
    pub note: Option<Text>,
}

/// Versions of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The only one so far.
    #[serde(rename = "gcnet/v1")]
    V1,
}

/// Which municipality a file is for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The short name: the file's name without `.yaml`, the argument of every command, part of every AWS name.
    pub key: At<Name>,
    /// The name in Japanese.
    pub name: At<Text>,
    /// The name in English, for messages in English; the key when absent.
    pub name_en: Option<At<Text>>,
    /// 全国地方公共団体コード: six digits with the check digit. The Transit Gateway's ASN follows from it.
    pub code: At<MunicipalCode>,
    /// Prefecture.
    pub prefecture: At<Text>,
}

/// What an area is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Production: destructive plans ask for the municipality's name, sample values are refused.
    Prod,
    /// Verification (検証).
    Stg,
    /// Throwaway: short-lived CA, seven days of deletion window, an expiry date.
    Test,
}

impl Environment {
    /// As the file and the tags spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prod => "prod",
            Self::Stg => "stg",
            Self::Test => "test",
        }
    }
}

/// Regions allowed for local-government data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
pub enum Region {
    /// Tokyo.
    #[serde(rename = "ap-northeast-1")]
    Tokyo,
    /// Osaka.
    #[serde(rename = "ap-northeast-3")]
    Osaka,
}

impl Region {
    /// As AWS spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tokyo => "ap-northeast-1",
            Self::Osaka => "ap-northeast-3",
        }
    }
}

/// The municipality's own network.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnPremises {
    /// Address ranges in use there that AWS must reach.
    pub cidrs: Vec<At<Cidr>>,
    /// DNS servers there.
    #[serde(default)]
    pub dns_servers: Vec<At<Address>>,
    /// Design reason.
    pub note: Option<Text>,
}

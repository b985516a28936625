//! The VPC of the network account, and interface endpoints in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{AvailabilityZoneId, Cidr, Name, Text};

/// The VPC of the network account. Always built, even without DNS or endpoints: a Direct Connect association proposal
/// requires an attached VPC in the Transit Gateway's own account.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedVpc {
    /// Its range, at least a /25; usually a /24. Subnets are derived: tgw-a/-c (/28 at .0 and .16), dns-a/-c (/28 at .32 and
    /// .48, with `dns`), vpce-a/-c (/27 at .64 and .96, with PrivateLink or central endpoints), probe-a (/28 at .128).
    pub cidr: At<Cidr>,
    /// The two availability zones by id; `apne1-az4` and `apne1-az1` in Tokyo, `apne3-az3` and `apne3-az1` in Osaka when absent.
    pub zones: Option<Vec<At<AvailabilityZoneId>>>,
    /// Changes to derived subnets, by their name.
    #[serde(default)]
    pub subnets: BTreeMap<At<Name>, SubnetOverride>,
    /// Adds a subnet for a test host during 結合試験.
    #[serde(default)]
    pub probe: bool,
    /// Design reason.
    pub note: Option<Text>,
}

/// What differs from the derived subnet.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetOverride {
    /// Its range.
    pub cidr: Option<At<Cidr>>,
    /// Its availability zone.
    pub zone: Option<At<AvailabilityZoneId>>,
}

/// Interface endpoints for AWS services in the network account, used by all.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CentralEndpoints {
    /// Services by their short name: `logs`, `ssm`, `ecr.api`.
    pub services: Vec<At<Text>>,
    /// ASPs whose VPCs may use them.
    #[serde(default)]
    pub share_with: Vec<At<Name>>,
    /// Design reason.
    pub note: Option<Text>,
}

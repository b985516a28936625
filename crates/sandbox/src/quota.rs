//! Quotas with AWS's default values; tests set them lower.

use serde::{Deserialize, Serialize};

/// What one account and Region may hold. Source: "Amazon VPC quotas" in the VPC user guide, aws-facts section 1.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// `VpcLimitExceeded`.
    pub vpcs: usize,
    /// Per VPC: `SubnetLimitExceeded`.
    pub subnets: usize,
    /// Per VPC: `RouteTableLimitExceeded`.
    pub route_tables: usize,
    /// Per route table, the local route not counted: `RouteLimitExceeded`.
    pub routes: usize,
    /// `SecurityGroupLimitExceeded`.
    pub security_groups: usize,
    /// Per security group and direction: `RulesPerSecurityGroupLimitExceeded`.
    pub rules: usize,
    /// IAM roles of the account: `LimitExceeded`.
    pub roles: usize,
    /// Per resource: `TagLimitExceeded`.
    pub tags: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            vpcs: 5,
            subnets: 200,
            route_tables: 200,
            routes: 50,
            security_groups: 2500,
            rules: 60,
            roles: 1000,
            tags: 50,
        }
    }
}

//! Quotas with AWS's default values; tests set them lower.

use serde::{Deserialize, Serialize};

/// What one account and Region may hold. Source: "Amazon VPC quotas" in the VPC user guide, aws-facts section 1.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// `VpcLimitExceeded`.
    pub vpcs: usize,
    /// IPv4 blocks per VPC, the first one included: `VpcCidrBlockLimitExceeded`.
    pub blocks: usize,
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
    /// `TransitGatewayLimitExceeded`.
    pub transit_gateways: usize,
    /// Per transit gateway: `TransitGatewayRouteTableLimitExceeded`.
    pub transit_gateway_route_tables: usize,
    /// Static ones, per transit gateway: `TransitGatewayRouteLimitExceeded`.
    pub transit_gateway_routes: usize,
    /// Per transit gateway: `TransitGatewayAttachmentLimitExceeded`.
    pub transit_gateway_attachments: usize,
    /// Peerings of a transit gateway: `TransitGatewayAttachmentLimitExceeded` (unverified).
    pub transit_gateway_peerings: usize,
    /// Those of them that are not accepted yet.
    pub pending_transit_gateway_peerings: usize,
    /// Per VPC: `TransitGatewayAttachmentLimitExceeded`.
    pub transit_gateways_per_vpc: usize,
    /// Of the account: `DirectConnectClientException`, as the three that follow (Direct Connect quotas, aws-facts section
    /// 2.5).
    pub direct_connect_gateways: usize,
    /// Per Direct Connect gateway.
    pub transit_gateways_per_direct_connect_gateway: usize,
    /// Per transit gateway.
    pub direct_connect_gateways_per_transit_gateway: usize,
    /// Per association of a Direct Connect gateway with a transit gateway.
    pub allowed_prefixes: usize,
    /// Per VPC, subnet or transit gateway: `FlowLogsLimitExceeded`.
    pub flow_logs: usize,
    /// Of resource shares: `ResourceShareLimitExceededException`.
    pub resource_shares: usize,
    /// Interface endpoints of a VPC: `VpcEndpointLimitExceeded`.
    pub vpc_endpoints: usize,
    /// `TooManyHostedZones` (Route 53 quotas, aws-facts section 2.2, as the three that follow).
    pub hosted_zones: usize,
    /// `LimitsExceeded`. DOC has 300 by now; that of older accounts is the stricter.
    pub vpcs_per_hosted_zone: usize,
    /// Per hosted zone: `TooManyVPCAssociationAuthorizations`.
    pub vpc_association_authorizations: usize,
    /// Per hosted zone: `InvalidChangeBatch` (unverified).
    pub records_per_hosted_zone: usize,
    /// Resolver endpoints of the Region: `LimitExceededException`, as the six that follow (Route 53 developer guide,
    /// "Quotas on Route 53 VPC Resolver").
    pub resolver_endpoints: usize,
    /// Addresses of a Resolver endpoint.
    pub resolver_addresses: usize,
    /// Of the Region.
    pub resolver_rules: usize,
    /// Targets of a rule.
    pub resolver_targets: usize,
    /// Associations of rules with VPCs of the Region, shared rules included.
    pub resolver_rule_associations: usize,
    /// Query logging configurations of the Region.
    pub query_logs: usize,
    /// Their associations with VPCs of the Region, shared ones included.
    pub query_log_associations: usize,
    /// Private certificate authorities of the Region, those that can still be restored included: `LimitExceededException`, as
    /// the next (aws-facts section 2.3).
    pub certificate_authorities: usize,
    /// Certificates that an authority may issue.
    pub certificates_per_authority: usize,
    /// `TooManyBuckets` (S3 user guide, "Bucket quotas, limits, and restrictions").
    pub buckets: usize,
    /// Standard ones of the Region: `ParameterLimitExceeded` (Systems Manager API reference, PutParameter).
    pub parameters: usize,
    /// Per resource: `TagLimitExceeded`.
    pub tags: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            vpcs: 5,
            blocks: 5,
            subnets: 200,
            route_tables: 200,
            routes: 50,
            security_groups: 2500,
            rules: 60,
            roles: 1000,
            transit_gateways: 5,
            transit_gateway_route_tables: 20,
            transit_gateway_routes: 10_000,
            transit_gateway_attachments: 5000,
            transit_gateway_peerings: 50,
            pending_transit_gateway_peerings: 10,
            transit_gateways_per_vpc: 5,
            direct_connect_gateways: 200,
            transit_gateways_per_direct_connect_gateway: 6,
            direct_connect_gateways_per_transit_gateway: 20,
            allowed_prefixes: 200,
            flow_logs: 2,
            resource_shares: 5000,
            vpc_endpoints: 50,
            hosted_zones: 500,
            vpcs_per_hosted_zone: 100,
            vpc_association_authorizations: 100,
            records_per_hosted_zone: 10_000,
            resolver_endpoints: 4,
            resolver_addresses: 6,
            resolver_rules: 1000,
            resolver_targets: 6,
            resolver_rule_associations: 2000,
            query_logs: 20,
            query_log_associations: 100,
            certificate_authorities: 200,
            certificates_per_authority: 1_000_000,
            buckets: 10_000,
            parameters: 10_000,
            tags: 50,
        }
    }
}

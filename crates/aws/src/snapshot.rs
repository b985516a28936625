//! What has been read so far. Kinds that come out of one answer share it; whoever asks first makes the call.
//!
//! Filters: by tag where AWS documents a tag filter; else by state, and tags are matched on our side.

pub(crate) mod authorities;
pub(crate) mod buckets;
mod direct_connect;
mod others;
mod private_link;
mod resolver;
pub(crate) mod zones;

use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::LogGroup;
use aws_sdk_directconnect::types::{
    DirectConnectGateway, DirectConnectGatewayAssociation, DirectConnectGatewayAssociationProposal, VirtualInterface,
};
use aws_sdk_ec2::types::{
    AllowedPrincipal, Filter, FlowLog, RouteTable, SecurityGroup, ServiceConfiguration, ServiceDetail, Subnet,
    TransitGateway, TransitGatewayAttachment, TransitGatewayPeeringAttachment, TransitGatewayRouteTable,
    TransitGatewayVpcAttachment, Vpc, VpcEndpoint, VpcEndpointConnection,
};
use aws_sdk_iam::types::{EntityType, RoleDetail};
use aws_sdk_ram::types::{AssociatedPermission, ResourceShare, ResourceShareAssociation};
use aws_sdk_route53resolver::types::{
    ResolverQueryLogConfig, ResolverQueryLogConfigAssociation, ResolverRule, ResolverRuleAssociation,
};
use gcnet_core::Failure;
use tokio::sync::OnceCell;

use crate::{aws::Aws, tags};

pub(crate) use others::TableRoute;
pub(crate) use resolver::PlacedEndpoint;

type Shared<T> = OnceCell<Arc<Vec<T>>>;

#[derive(Default)]
pub(crate) struct Snapshot {
    vpcs: Shared<Vpc>,
    subnets: Shared<Subnet>,
    route_tables: Shared<RouteTable>,
    security_groups: Shared<SecurityGroup>,
    flow_logs: Shared<FlowLog>,
    transit_gateways: Shared<TransitGateway>,
    tgw_attachments: Shared<TransitGatewayAttachment>,
    tgw_vpc_attachments: Shared<TransitGatewayVpcAttachment>,
    tgw_route_tables: Shared<TransitGatewayRouteTable>,
    log_groups: Shared<LogGroup>,
    roles: Shared<RoleDetail>,
    tgw_routes: Shared<TableRoute>,
    foreign_tables: Shared<(String, RouteTable)>,
    tgw_peerings: Shared<TransitGatewayPeeringAttachment>,
    shares: Shared<ResourceShare>,
    share_resources: Shared<ResourceShareAssociation>,
    share_principals: Shared<ResourceShareAssociation>,
    offered_services: Shared<ServiceDetail>,
    vpc_endpoints: Shared<VpcEndpoint>,
    service_configurations: Shared<ServiceConfiguration>,
    endpoint_permissions: Shared<(String, AllowedPrincipal)>,
    vpc_endpoint_connections: Shared<VpcEndpointConnection>,
    dx_gateways: Shared<DirectConnectGateway>,
    dx_associations: Shared<DirectConnectGatewayAssociation>,
    dx_proposals: Shared<DirectConnectGatewayAssociationProposal>,
    virtual_interfaces: Shared<VirtualInterface>,
    resolver_endpoints: Shared<PlacedEndpoint>,
    resolver_rules: Shared<ResolverRule>,
    resolver_rule_associations: Shared<ResolverRuleAssociation>,
    foreign_rule_associations: Shared<(String, ResolverRuleAssociation)>,
    resolver_query_log_configs: Shared<ResolverQueryLogConfig>,
    resolver_query_log_config_associations: Shared<ResolverQueryLogConfigAssociation>,
    hosted_zones: Shared<zones::Zone>,
    zones_of_vpcs: Shared<zones::Seen>,
    listed_authorities: Shared<authorities::Authority>,
    authorities: Shared<authorities::Authority>,
    ca_permissions: Shared<aws_sdk_acmpca::types::Permission>,
    share_permissions: Shared<AssociatedPermission>,
    s3_buckets: Shared<buckets::Seen>,
}

/// All states but `deleted` and `rejected`: those tombstones stay listed for about an hour.
const LIVE: [&str; 9] = [
    "initiatingRequest",
    "pendingAcceptance",
    "pending",
    "available",
    "modifying",
    "rollingBack",
    "failing",
    "rejecting",
    "deleting",
];

fn live(name: &str, more: &[&str]) -> Filter {
    let values = LIVE.iter().chain(more).map(|state| state.to_string()).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// A paginated read of EC2, kept in its cell.
macro_rules! ec2 {
    ($(#[$doc:meta])* $cell:ident: $item:ty = $operation:literal, $call:ident, $pages:expr, [$($filter:expr),*]) => {
        $(#[$doc])*
        pub(crate) async fn $cell(&self) -> Result<Arc<Vec<$item>>, Failure> {
            let read = async || {
                let call = self.read().ec2.$call().max_results($pages)$(.filters($filter))*;
                let pages = self.pages($operation, call.into_paginator().send()).await?;
                Ok(Arc::new(pages.into_iter().flat_map(|page| page.$cell.unwrap_or_default()).collect()))
            };
            self.snapshot.$cell.get_or_try_init(read).await.cloned()
        }
    };
}

impl Aws {
    ec2! { vpcs: Vpc = "ec2:DescribeVpcs", describe_vpcs, 1000, [tags::ours()] }
    ec2! { subnets: Subnet = "ec2:DescribeSubnets", describe_subnets, 1000, [tags::ours()] }
    ec2! { route_tables: RouteTable = "ec2:DescribeRouteTables", describe_route_tables, 100, [tags::ours()] }
    ec2! {
        /// Unfiltered: the default groups of our VPCs carry no tags.
        security_groups: SecurityGroup = "ec2:DescribeSecurityGroups", describe_security_groups, 1000, []
    }
    ec2! { transit_gateways: TransitGateway = "ec2:DescribeTransitGateways", describe_transit_gateways, 1000, [tags::ours()] }
    ec2! { vpc_endpoints: VpcEndpoint = "ec2:DescribeVpcEndpoints", describe_vpc_endpoints, 1000, [tags::ours()] }
    ec2! {
        service_configurations: ServiceConfiguration = "ec2:DescribeVpcEndpointServiceConfigurations",
        describe_vpc_endpoint_service_configurations, 1000, [tags::ours()]
    }
    ec2! {
        /// To all services of the account: there is no tag on a connection.
        vpc_endpoint_connections: VpcEndpointConnection = "ec2:DescribeVpcEndpointConnections",
        describe_vpc_endpoint_connections, 1000, []
    }

    /// Of every type, with the association of each.
    pub(crate) async fn tgw_attachments(&self) -> Result<Arc<Vec<TransitGatewayAttachment>>, Failure> {
        let read = async || {
            let call = self.read().ec2.describe_transit_gateway_attachments().max_results(1000);
            let call = call.filters(live("state", &["failed"]));
            let pages = self.pages("ec2:DescribeTransitGatewayAttachments", call.into_paginator().send()).await?;
            let items = pages.into_iter().flat_map(|page| page.transit_gateway_attachments.unwrap_or_default());
            Ok(Arc::new(items.collect()))
        };
        self.snapshot.tgw_attachments.get_or_try_init(read).await.cloned()
    }

    /// Ours and, where other accounts share their gateways, theirs.
    pub(crate) async fn tgw_vpc_attachments(&self) -> Result<Arc<Vec<TransitGatewayVpcAttachment>>, Failure> {
        let read = async || {
            let call = self.read().ec2.describe_transit_gateway_vpc_attachments().max_results(1000);
            let call = call.filters(live("state", &["failed"]));
            let pages = self.pages("ec2:DescribeTransitGatewayVpcAttachments", call.into_paginator().send()).await?;
            let items = pages.into_iter().flat_map(|page| page.transit_gateway_vpc_attachments.unwrap_or_default());
            Ok(Arc::new(items.collect()))
        };
        self.snapshot.tgw_vpc_attachments.get_or_try_init(read).await.cloned()
    }

    /// Only those that carry our tag: every table costs two more calls.
    pub(crate) async fn tgw_route_tables(&self) -> Result<Arc<Vec<TransitGatewayRouteTable>>, Failure> {
        let read = async || {
            let states = ["pending", "available", "deleting"].map(String::from).to_vec();
            let states = Filter::builder().name("state").set_values(Some(states)).build();
            let call = self.read().ec2.describe_transit_gateway_route_tables().max_results(1000).filters(states);
            let pages = self.pages("ec2:DescribeTransitGatewayRouteTables", call.into_paginator().send()).await?;
            let items = pages.into_iter().flat_map(|page| page.transit_gateway_route_tables.unwrap_or_default());
            Ok(Arc::new(items.filter(|table| tags::are_ours(table.tags())).collect()))
        };
        self.snapshot.tgw_route_tables.get_or_try_init(read).await.cloned()
    }

    pub(crate) async fn flow_logs(&self) -> Result<Arc<Vec<FlowLog>>, Failure> {
        let read = async || {
            // The member is called Filter here, not Filters.
            let call = self.read().ec2.describe_flow_logs().max_results(1000).filter(tags::ours());
            let pages = self.pages("ec2:DescribeFlowLogs", call.into_paginator().send()).await?;
            Ok(Arc::new(pages.into_iter().flat_map(|page| page.flow_logs.unwrap_or_default()).collect()))
        };
        self.snapshot.flow_logs.get_or_try_init(read).await.cloned()
    }

    /// By the prefix that only gcnet uses: this read shows no tags.
    pub(crate) async fn log_groups(&self) -> Result<Arc<Vec<LogGroup>>, Failure> {
        let read = async || {
            let call = self.read().logs.describe_log_groups().limit(50).log_group_name_prefix("/gcnet/");
            let pages = self.pages("logs:DescribeLogGroups", call.into_paginator().send()).await?;
            Ok(Arc::new(pages.into_iter().flat_map(|page| page.log_groups.unwrap_or_default()).collect()))
        };
        self.snapshot.log_groups.get_or_try_init(read).await.cloned()
    }

    /// Roles with their policies and tags, in one paginated call.
    pub(crate) async fn roles(&self) -> Result<Arc<Vec<RoleDetail>>, Failure> {
        let read = async || {
            let call = self.read().iam.get_account_authorization_details().filter(EntityType::Role).max_items(1000);
            let pages = self.pages("iam:GetAccountAuthorizationDetails", call.into_paginator().send()).await?;
            let roles = pages.into_iter().flat_map(|page| page.role_detail_list.unwrap_or_default());
            Ok(Arc::new(roles.filter(|role| role.path().is_some_and(|path| path.starts_with("/gcnet/"))).collect()))
        };
        self.snapshot.roles.get_or_try_init(read).await.cloned()
    }
}

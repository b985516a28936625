//! The kinds of resources, one file each. Adding one: a file beside these, a line here (docs/add-a-kind.md).

mod alias_record;
mod bucket;
mod ca_permission;
mod certificate_authority;
mod dx_association;
mod dx_attachment;
mod dx_gateway;
mod endpoint_connection;
mod endpoint_offer;
mod endpoint_permission;
mod endpoint_service;
mod flow_log;
mod foreign_attachment;
mod foreign_ranges;
mod foreign_route;
mod foreign_rule_association;
mod foreign_zone;
mod hosted_zone;
mod learned;
mod log_group;
mod query_log;
mod query_log_association;
mod resolver_endpoint;
mod resolver_rule;
mod resolver_rule_association;
mod role;
mod route;
mod route_table;
mod route_table_association;
mod security_group;
mod share;
mod share_principal;
mod share_resource;
mod shareable;
mod subnet;
mod tgw;
mod tgw_association;
mod tgw_attachment;
mod tgw_peering;
mod tgw_peering_there;
mod tgw_propagation;
mod tgw_route;
mod tgw_route_table;
mod tgw_vpc_attachment;
mod there;
mod transit_vif;
mod vpc;
mod vpc_endpoint;
mod zone_association;
mod zone_records;

use gcnet_core::{AnyKind, Kinds, Resource, kind};

pub use alias_record::AliasRecord;
pub use bucket::Bucket;
pub use ca_permission::CaPermission;
pub use certificate_authority::{CertificateAuthority, Crl, Ocsp, Revocation, Subject};
pub use dx_association::{DxAssociation, Standing};
pub use dx_attachment::DxAttachment;
pub use dx_gateway::DxGateway;
pub use endpoint_connection::EndpointConnection;
pub use endpoint_offer::EndpointOffer;
pub use endpoint_permission::EndpointPermission;
pub use endpoint_service::EndpointService;
pub use flow_log::{FlowLog, Logged};
pub use foreign_attachment::{ForeignAttachment, MadeByUs};
pub use foreign_ranges::foreign_ranges;
pub use foreign_route::ForeignRoute;
pub use foreign_rule_association::ForeignRuleAssociation;
pub use foreign_zone::ForeignZone;
pub use hosted_zone::HostedZone;
pub use log_group::LogGroup;
pub use query_log::QueryLog;
pub use query_log_association::QueryLogAssociation;
pub use resolver_endpoint::{Direction, ResolverEndpoint};
pub use resolver_rule::{NameServer, ResolverRule};
pub use resolver_rule_association::ResolverRuleAssociation;
pub use role::Role;
pub use route::Route;
pub use route_table::RouteTable;
pub use route_table_association::RouteTableAssociation;
pub use security_group::{Ports, Protocol, Rule, SecurityGroup};
pub use share::Share;
pub use share_principal::SharePrincipal;
pub use share_resource::ShareResource;
pub use shareable::Shareable;
pub use subnet::Subnet;
pub use tgw::Tgw;
pub use tgw_association::TgwAssociation;
pub use tgw_attachment::TgwAttachment;
pub use tgw_peering::{Initiator, TgwPeering};
pub use tgw_propagation::{Checked, TgwPropagation};
pub use tgw_route::{Hop, TgwRoute};
pub use tgw_route_table::TgwRouteTable;
pub use tgw_vpc_attachment::TgwVpcAttachment;
pub use there::THERE;
pub use transit_vif::TransitVif;
pub use vpc::Vpc;
pub use vpc_endpoint::VpcEndpoint;
pub use zone_association::ZoneAssociation;
pub use zone_records::{Values, ZoneRecords};

use crate::Aws;

static ALL: &[&dyn AnyKind<Aws>] = &[
    &kind::<Role>(),
    &kind::<LogGroup>(),
    &kind::<Vpc>(),
    &kind::<Subnet>(),
    &kind::<SecurityGroup>(),
    &kind::<RouteTable>(),
    &kind::<RouteTableAssociation>(),
    &kind::<Tgw>(),
    &kind::<Bucket>(),
    &kind::<CertificateAuthority>(),
    &kind::<CaPermission>(),
    &kind::<Share>(),
    &kind::<ShareResource>(),
    &kind::<SharePrincipal>(),
    &kind::<TgwVpcAttachment>(),
    &kind::<ForeignAttachment>(),
    &kind::<TgwPeering>(),
    &kind::<DxGateway>(),
    &kind::<TransitVif>(),
    &kind::<DxAssociation>(),
    &kind::<DxAttachment>(),
    &kind::<TgwRouteTable>(),
    &kind::<TgwAssociation>(),
    &kind::<TgwPropagation>(),
    &kind::<TgwRoute>(),
    &kind::<Route>(),
    &kind::<ForeignRoute>(),
    &kind::<EndpointOffer>(),
    &kind::<VpcEndpoint>(),
    &kind::<EndpointService>(),
    &kind::<EndpointPermission>(),
    &kind::<EndpointConnection>(),
    &kind::<FlowLog>(),
    &kind::<ResolverEndpoint>(),
    &kind::<ResolverRule>(),
    &kind::<ResolverRuleAssociation>(),
    &kind::<ForeignRuleAssociation>(),
    &kind::<QueryLog>(),
    &kind::<QueryLogAssociation>(),
    &kind::<HostedZone>(),
    &kind::<ZoneRecords>(),
    &kind::<AliasRecord>(),
    &kind::<ZoneAssociation>(),
    &kind::<ForeignZone>(),
];

/// Every kind, in the order in which a person would build them.
pub const KINDS: Kinds<Aws> = Kinds(ALL);

/// Of the whole account, and seen from every Region. What carries no tags goes with what it hangs on, and does not count.
pub fn is_global(kind: &str) -> bool {
    [Role::NAME, HostedZone::NAME, DxGateway::NAME].contains(&kind)
}

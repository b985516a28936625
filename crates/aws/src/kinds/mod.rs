//! The kinds of resources, one file each. Adding one: a file beside these, a line here (docs/add-a-kind.md).

mod flow_log;
mod log_group;
mod role;
mod route;
mod route_table;
mod route_table_association;
mod security_group;
mod subnet;
mod tgw;
mod tgw_association;
mod tgw_attachment;
mod tgw_propagation;
mod tgw_route;
mod tgw_route_table;
mod tgw_vpc_attachment;
mod vpc;

use gcnet_core::{AnyKind, Kinds, kind};

pub use flow_log::{FlowLog, Logged};
pub use log_group::LogGroup;
pub use role::Role;
pub use route::Route;
pub use route_table::RouteTable;
pub use route_table_association::RouteTableAssociation;
pub use security_group::{Ports, Protocol, Rule, SecurityGroup};
pub use subnet::Subnet;
pub use tgw::Tgw;
pub use tgw_association::TgwAssociation;
pub use tgw_attachment::TgwAttachment;
pub use tgw_propagation::TgwPropagation;
pub use tgw_route::{Hop, TgwRoute};
pub use tgw_route_table::TgwRouteTable;
pub use tgw_vpc_attachment::TgwVpcAttachment;
pub use vpc::Vpc;

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
    &kind::<TgwVpcAttachment>(),
    &kind::<TgwRouteTable>(),
    &kind::<TgwAssociation>(),
    &kind::<TgwPropagation>(),
    &kind::<TgwRoute>(),
    &kind::<Route>(),
    &kind::<FlowLog>(),
];

/// Every kind, in the order in which a person would build them.
pub const KINDS: Kinds<Aws> = Kinds(ALL);

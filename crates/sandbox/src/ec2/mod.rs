//! EC2's networking: the store of one account and Region, and the tables that every kind is listed in.

mod describe;
mod errors;
mod filters;
mod flow_log;
mod kind;
mod network_acl;
mod network_interface;
mod params;
mod permission;
mod private_link;
mod route;
mod route_table;
mod route_table_association;
mod security_group;
mod security_group_access;
mod security_group_rule;
mod subnet;
mod tags;
mod tombstone;
mod transit_gateway;
mod vpc;
mod vpc_cidr;
mod zones;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Scope, Service};
use crate::store::{State, Table};

pub(crate) use flow_log::deliver as deliver_flow_logs;
pub(crate) use kind::Kind;
pub(crate) use network_interface::{Placement, free_address, is_assignable, is_taken, place, place_at, withdraw};
pub(crate) use private_link::{is_name_of_endpoint, uses as serves_endpoints};
pub(crate) use security_group::is_of as is_group_of;
pub(crate) use tags::Tags;
pub(crate) use tombstone::{Mortal, Mortals};
pub(crate) use transit_gateway::direct_connect_attachment;
pub(crate) use transit_gateway::gateway::TransitGateway;

/// The operations, one table per file.
pub(crate) static SERVICE: Service = Service {
    name: "ec2",
    protocol: Protocol::Ec2 { version: "2016-11-15", namespace: "http://ec2.amazonaws.com/doc/2016-11-15/" },
    scope: Scope::Regional,
    operations: &[
        vpc::OPERATIONS,
        vpc_cidr::OPERATIONS,
        subnet::OPERATIONS,
        route_table::OPERATIONS,
        route_table_association::OPERATIONS,
        route::OPERATIONS,
        security_group::OPERATIONS,
        security_group_rule::OPERATIONS,
        security_group_access::OPERATIONS,
        network_acl::OPERATIONS,
        network_interface::OPERATIONS,
        zones::OPERATIONS,
        tags::OPERATIONS,
        transit_gateway::gateway::OPERATIONS,
        transit_gateway::vpc_attachment::OPERATIONS,
        transit_gateway::vpc_attachment_change::OPERATIONS,
        transit_gateway::peering_attachment::OPERATIONS,
        transit_gateway::peering_attachment_change::OPERATIONS,
        transit_gateway::attachment::OPERATIONS,
        transit_gateway::route_table::OPERATIONS,
        transit_gateway::association::OPERATIONS,
        transit_gateway::propagation::OPERATIONS,
        transit_gateway::route::OPERATIONS,
        transit_gateway::search::OPERATIONS,
        flow_log::OPERATIONS,
        private_link::endpoint::OPERATIONS,
        private_link::endpoint_create::OPERATIONS,
        private_link::endpoint_change::OPERATIONS,
        private_link::offer::OPERATIONS,
        private_link::service::OPERATIONS,
        private_link::permission::OPERATIONS,
        private_link::connection::OPERATIONS,
    ],
};

/// Every kind that has an id and may carry tags: CreateTags, DescribeTags and the inventory follow from it.
pub(crate) static KINDS: &[&Kind] = &[
    &vpc::KIND,
    &subnet::KIND,
    &route_table::KIND,
    &security_group::KIND,
    &security_group_rule::KIND,
    &network_acl::KIND,
    &network_interface::KIND,
    &transit_gateway::gateway::KIND,
    &transit_gateway::attachment::KIND,
    &transit_gateway::route_table::KIND,
    &flow_log::KIND,
    &private_link::endpoint::KIND,
    &private_link::service::KIND,
];

/// What EC2 remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ec2 {
    pub vpcs: Table<vpc::Vpc>,
    pub subnets: Table<subnet::Subnet>,
    pub route_tables: Table<route_table::RouteTable>,
    /// Client tokens of CreateRouteTable.
    pub tokens: Table<route_table::TokenUse>,
    pub security_groups: Table<security_group::SecurityGroup>,
    pub security_group_rules: Table<security_group_rule::Rule>,
    pub network_acls: Table<network_acl::NetworkAcl>,
    pub network_interfaces: Table<network_interface::NetworkInterface>,
    pub transit_gateways: Mortals<transit_gateway::gateway::TransitGateway>,
    pub transit_gateway_attachments: transit_gateway::attachment::Attachments,
    pub transit_gateway_route_tables: Mortals<transit_gateway::route_table::TransitGatewayRouteTable>,
    /// By attachment.
    pub transit_gateway_associations: Table<transit_gateway::association::Association>,
    pub flow_logs: Table<flow_log::FlowLog>,
    /// Client tokens of CreateFlowLogs.
    pub flow_log_tokens: Table<flow_log::TokenUse>,
    pub vpc_endpoints: Mortals<private_link::endpoint::VpcEndpoint>,
    /// Client tokens of CreateVpcEndpoint.
    pub vpc_endpoint_tokens: Table<private_link::token::TokenUse<private_link::endpoint_create::Wanted>>,
    pub endpoint_services: Mortals<private_link::service::EndpointService>,
    /// Client tokens of CreateVpcEndpointServiceConfiguration.
    pub endpoint_service_tokens: Table<private_link::token::TokenUse<private_link::service::Wanted>>,
    /// The default DHCP options, made with the first VPC.
    pub dhcp_options: Option<String>,
    /// The tags of every kind, by id; nothing is kept for what has none.
    pub tags: Table<Tags>,
}

impl Ec2 {
    /// Removes what time has ended. One line per kind that is deleted with a delay.
    pub fn settle(&mut self, now: Moment) {
        network_interface::settle(self, now);
        vpc_cidr::settle(self, now);
        transit_gateway::settle(self, now);
        private_link::settle(self, now);
    }

    /// The tags of something; none if it has none.
    pub fn tags_of(&self, id: &str) -> &Tags {
        static NONE: Tags = Tags::new();
        self.tags.get(id).unwrap_or(&NONE)
    }

    /// Gives something new its tags.
    pub fn tag(&mut self, id: &str, tags: Tags) {
        if !tags.is_empty() {
            self.tags.insert(id.to_owned(), tags);
        }
    }

    /// Forgets the tags of something that is gone.
    pub fn untag(&mut self, id: &str) {
        if self.tags.contains_key(id) {
            self.tags.remove(id);
        }
    }
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let mut all = Vec::new();
    for (region, regional) in &state.account(account).regions {
        let ec2 = &regional.ec2;
        for kind in KINDS {
            all.extend((kind.rows)(ec2).ids().into_iter().map(|id| Resource {
                region: region.clone(),
                kind: kind.resource_type.to_owned(),
                id: id.to_owned(),
                tags: ec2.tags_of(id).clone(),
            }));
        }
    }
    all
}

//! Direct Connect: gateways, their associations with transit gateways, and the lines of providers. JSON 1.1. Rules:
//! aws-facts section 2.5.
//!
//! A gateway is global, and most of what hangs on it is seen by two accounts; so all accounts' objects are in one place
//! and name the accounts they belong to. Transit gateways only: no virtual private gateways, no core networks.

mod association;
mod attachment;
mod connection;
mod gateway;
mod page;
mod pair;
mod prefixes;
mod proposal;
mod tags;
mod timing;
mod virtual_interface;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::Mortals;
use crate::error::{AnnounceError, AwsError};
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};
use prefixes::Prefixes;

pub(crate) use pair::TransitGatewayRef;

pub(crate) static SERVICE: Service = Service {
    name: "directconnect",
    protocol: Protocol::Json { target: "OvertureService" },
    scope: Scope::Regional,
    operations: &[
        gateway::OPERATIONS,
        association::OPERATIONS,
        proposal::OPERATIONS,
        attachment::OPERATIONS,
        connection::OPERATIONS,
        virtual_interface::OPERATIONS,
        tags::OPERATIONS,
    ],
};

/// What Direct Connect remembers of all accounts. Everything is kept by its id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DirectConnect {
    pub gateways: Table<gateway::Gateway>,
    pub associations: Mortals<association::Association>,
    pub proposals: Table<proposal::Proposal>,
    pub connections: Table<connection::Connection>,
    pub virtual_interfaces: Table<virtual_interface::VirtualInterface>,
    /// What the routers at the other end of a gateway's lines announce, by gateway.
    pub announcements: Table<Prefixes>,
}

impl DirectConnect {
    /// Removes what time has ended.
    pub fn settle(&mut self, now: Moment) {
        self.associations.settle(now);
        let gone = self.gateways.prune(|gateway| gateway.ends_at.is_some_and(|at| at <= now));
        for id in gone {
            if self.announcements.contains_key(&id) {
                self.announcements.remove(&id);
            }
        }
        self.proposals.prune(|proposal| proposal.forgotten_at().is_some_and(|at| at <= now));
        self.connections.prune(|connection| connection.ends_at.is_some_and(|at| at <= now));
        self.virtual_interfaces.prune(|interface| interface.forgotten_at().is_some_and(|at| at <= now));
    }

    /// What a transit gateway learns from a gateway. A point-to-point /30 does not get that far (DOC: Direct Connect user
    /// guide, "Transit gateway associations").
    pub fn learned(&self, gateway: &str) -> Vec<Ipv4Net> {
        let announced = self.announcements.get(gateway).into_iter().flatten();
        announced.copied().filter(|block| block.prefix_len() != 30).collect()
    }
}

/// Sets what the routers beyond a gateway's lines announce over BGP; nothing is announced by default. No API of AWS does
/// this, as routers are none of AWS's business.
///
/// # Errors
///
/// [`AnnounceError`], but never that it is not saved.
pub(crate) fn announce(state: &mut State, gateway: &str, blocks: &[Ipv4Net]) -> Result<(), AnnounceError> {
    /// DOC (Direct Connect quotas): routes from on-premises per BGP session of a transit virtual interface. AWS takes the
    /// session down above that.
    const MOST: usize = 100;
    if !state.direct_connect.gateways.contains_key(gateway) {
        return Err(AnnounceError::NoGateway(gateway.to_owned()));
    }
    if blocks.len() > MOST {
        return Err(AnnounceError::TooMany { given: blocks.len(), most: MOST });
    }
    if let Some(block) = blocks.iter().find(|block| block.trunc() != **block) {
        return Err(AnnounceError::HostBits(*block));
    }
    state.direct_connect.announcements.insert(gateway.to_owned(), blocks.iter().copied().collect());
    Ok(())
}

/// What is alive of an account's, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let all = &state.direct_connect;
    let resource = |region: &str, kind: &str, id: &String, tags: &tags::Tags| Resource {
        region: region.to_owned(),
        kind: kind.to_owned(),
        id: id.clone(),
        tags: tags.clone(),
    };
    let none = tags::Tags::new();
    let gateways = all.gateways.iter().filter(|(_, it)| it.owner == account);
    let associations = all.associations.living.iter().filter(|(_, it)| it.gateway_owner == account);
    let proposals = all.proposals.iter().filter(|(_, it)| it.is_open() && it.from.owner == account);
    let connections = all.connections.iter().filter(|(_, it)| it.owner == account);
    let interfaces = all.virtual_interfaces.iter().filter(|(_, it)| it.owner == account && it.ends_at.is_none());
    gateways
        .map(|(id, it)| resource("", "dx-gateway", id, &it.tags))
        .chain(associations.map(|(id, _)| resource("", "dx-gateway-association", id, &none)))
        .chain(proposals.map(|(id, _)| resource("", "dx-gateway-association-proposal", id, &none)))
        .chain(connections.map(|(id, it)| resource(&it.region, "dxcon", id, &it.tags)))
        .chain(interfaces.map(|(id, it)| resource(&it.region, "dxvif", id, &it.tags)))
        .collect()
}

/// The one error for whatever a caller does wrong (aws-facts section 2.5). AWS does not document the messages.
fn refused(message: impl Into<String>) -> AwsError {
    AwsError::new("DirectConnectClientException", message)
}

/// Clients recognise what is not there by these words (aws-facts section 2.5).
fn missing(what: &str, id: &str) -> AwsError {
    refused(format!("{what} {id} does not exist."))
}

/// A new id with eight digits, `dxvif-0a1b2c3d`, or the one that the request wishes.
fn short_id(ctx: &mut Ctx<'_>, prefix: &str) -> String {
    let wished = ctx.wish.with_prefix(prefix);
    wished.unwrap_or_else(|| format!("{prefix}-{}", ctx.state.mint_hex(prefix, 8)))
}

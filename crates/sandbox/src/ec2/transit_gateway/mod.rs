//! Transit gateways, what is attached to them, and how they route. Rules: aws-facts section 1.2.
//!
//! Which account keeps an attachment, depends on its type: see [`attachment`]. Associations, propagations and routes are
//! kept by the account of the gateway.

pub(crate) mod association;
pub(crate) mod attachment;
pub(crate) mod direct_connect_attachment;
pub(crate) mod gateway;
mod gateway_options;
mod guest;
mod members;
pub(crate) mod peering_attachment;
pub(crate) mod peering_attachment_change;
pub(crate) mod propagation;
mod resource;
pub(crate) mod route;
pub(crate) mod route_table;
pub(crate) mod search;
mod shared;
#[cfg(test)]
mod tests;
mod timing;
pub(crate) mod vpc_attachment;
pub(crate) mod vpc_attachment_change;

use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::error::{AwsError, Result};
use crate::protocol::Params;
use crate::service::Ctx;
use crate::store::State;

/// Whether a VPC has an attachment to a transit gateway that carries traffic: only then a route may point at it, and
/// only then the route is active (aws-facts section 1.2, "TGW route timing").
pub(crate) fn reaches(state: &State, transit_gateway: &str, vpc: &str, now: Moment) -> bool {
    let regions = state.accounts.values().flat_map(|account| account.regions.values());
    regions
        .flat_map(|regional| regional.ec2.transit_gateway_attachments.own.living.values())
        .any(|other| other.transit_gateway == transit_gateway && other.vpc == vpc && other.carries_traffic(now))
}

/// Whether anything attaches a VPC, so that it cannot be deleted.
pub(crate) fn attaches(ec2: &Ec2, vpc: &str) -> bool {
    ec2.transit_gateway_attachments.own.living.values().any(|attachment| attachment.vpc == vpc)
}

/// Buries and removes what time has ended.
pub(crate) fn settle(ec2: &mut Ec2, now: Moment) {
    let mut forgotten = ec2.transit_gateways.settle(now);
    forgotten.extend(ec2.transit_gateway_attachments.settle(now));
    forgotten.extend(ec2.transit_gateway_route_tables.settle(now));
    for id in forgotten {
        ec2.untag(&id);
    }
    ec2.transit_gateway_associations.prune(|association| association.ends_at.is_some_and(|at| at <= now));
    route_table::settle(ec2, now);
}

/// `enable` or `disable`.
fn switch(p: &Params, name: &str) -> Result<Option<bool>> {
    let word = p.one_of(name, &["enable", "disable"])?;
    Ok(word.map(|word| word == "enable"))
}

fn switched(on: bool) -> &'static str {
    if on { "enable" } else { "disable" }
}

/// What is asked for is not possible in the state that something is in.
fn incorrect_state(id: &str, state: &str) -> AwsError {
    AwsError::new("IncorrectState", format!("{id} is in invalid state: {state}"))
}

/// The table that a request names, which must be the caller's and available.
fn usable_table<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a route_table::TransitGatewayRouteTable> {
    let table = route_table::KIND.get(&ctx.ec2().transit_gateway_route_tables.living, id)?;
    match table.state(ctx.now) {
        "available" => Ok(table),
        state => Err(incorrect_state(id, state)),
    }
}

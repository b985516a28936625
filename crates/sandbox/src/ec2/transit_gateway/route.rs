//! Routes: static ones, and what a table's routes come to with those that are propagated.

use std::collections::BTreeMap;
use std::time::Duration;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::resource::{Resource, ResourceType};
use super::route_table::{self, TransitGatewayRouteTable};
use super::{attachment, incorrect_state, timing, usable_table};
use crate::clock::Moment;
use crate::ec2::errors;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTransitGatewayRoute", create),
    Operation::write("ReplaceTransitGatewayRoute", replace),
    Operation::write("DeleteTransitGatewayRoute", delete),
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaticRoute {
    /// None drops packets.
    pub to: Option<Hop>,
    pub set_at: Moment,
    pub ends_at: Option<Moment>,
}

/// An attachment at the end of a route. It is remembered when the attachment is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hop {
    pub attachment: String,
    pub resource: Resource,
}

/// A route as it is read.
pub(super) struct Route {
    pub destination: Ipv4Net,
    pub to: Option<Hop>,
    /// `static` or `propagated`.
    pub origin: &'static str,
    pub state: &'static str,
}

impl Route {
    pub fn xml(&self) -> Xml {
        let to = self.to.iter().map(|hop| hop.resource.xml().text("transitGatewayAttachmentId", &hop.attachment));
        Xml::new()
            .value("destinationCidrBlock", self.destination)
            .list("transitGatewayAttachments", to)
            .text("type", self.origin)
            .text("state", self.state)
    }
}

/// All routes of a table of the caller's by destination. To one destination a static route wins, then one to a VPC, then
/// one to a Direct Connect gateway (DOC: transit gateway user guide, "Route evaluation order"). Of VPCs that overlap, the
/// first one stays (DOC: CreateTransitGatewayVpcAttachment, "a CIDR range that overlaps … is not propagated").
pub(super) fn all(ctx: &Ctx<'_>, table: &TransitGatewayRouteTable) -> BTreeMap<Ipv4Net, Route> {
    let mut routes: BTreeMap<Ipv4Net, Route> = BTreeMap::new();
    let enabled = table.propagations.iter().filter(|(_, it)| it.state(ctx.now) == Some("enabled"));
    let mut propagations: Vec<_> = enabled.collect();
    propagations.sort_by_key(|(id, it)| (it.resource.resource_type, it.from, id.as_str()));
    for (id, propagation) in propagations {
        let resource = &propagation.resource;
        for block in attachment::blocks(ctx, resource) {
            let overlaps = |other: &Ipv4Net| other.contains(&block) || block.contains(other);
            let is_vpc = resource.resource_type == ResourceType::Vpc;
            if routes.contains_key(&block) || (is_vpc && routes.keys().any(overlaps)) {
                continue;
            }
            let to = Some(Hop { attachment: id.clone(), resource: resource.clone() });
            routes.insert(block, Route { destination: block, to, origin: "propagated", state: "active" });
        }
    }
    for (to, route) in &table.routes {
        routes.insert(*to, read_static(ctx, *to, route));
    }
    routes
}

fn read_static(ctx: &Ctx<'_>, destination: Ipv4Net, route: &StaticRoute) -> Route {
    let reaches = |hop: &Hop| attachment::find(ctx, &hop.attachment).is_ok_and(|it| it.carries_traffic());
    let state = match (&route.to, route.ends_at) {
        (_, Some(_)) => "deleting",
        _ if ctx.now < route.set_at.plus(Duration::from_secs(timing::ROUTE_PENDING)) => "pending",
        (Some(hop), None) if reaches(hop) => "active",
        _ => "blackhole",
    };
    Route { destination, to: route.to.clone(), origin: "static", state }
}

/// The table, the destination and the route that a request asks for.
fn read(ctx: &Ctx<'_>, p: &Params) -> Result<(String, Ipv4Net, StaticRoute)> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let destination = destination(p)?;
    let (hop, blackhole) = (p.optional("TransitGatewayAttachmentId"), p.boolean("Blackhole")?.unwrap_or(false));
    let table = usable_table(ctx, &table_id)?;
    let to = match (hop, blackhole) {
        (Some(_), true) => {
            return Err(errors::combination("A route is either a blackhole or to a transit gateway attachment"));
        }
        (None, true) => None,
        (hop, false) => {
            let id = hop.map_or_else(|| p.required("TransitGatewayAttachmentId"), Ok)?;
            let attachment = attachment::for_table(ctx, &id, &table.transit_gateway)?;
            Some(Hop { resource: attachment.resource, attachment: id })
        }
    };
    Ok((table_id, destination, StaticRoute { to, set_at: ctx.now, ends_at: None }))
}

/// Host bits are refused: that AWS would clear them here is not documented.
fn destination(p: &Params) -> Result<Ipv4Net> {
    let name = "DestinationCidrBlock";
    let text = p.required(name)?;
    let block = text.parse::<Ipv4Net>().ok().filter(|block| block.trunc() == *block);
    block.ok_or_else(|| p.invalid(name, &text, "This is not a valid CIDR block."))
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (table_id, to, route) = read(ctx, p)?;
    let tables = &ctx.ec2().transit_gateway_route_tables.living;
    let table = route_table::KIND.get(tables, &table_id)?;
    if table.routes.contains_key(&to) {
        return Err(AwsError::new(
            "RouteAlreadyExists",
            format!("Route {to} already exists in Transit Gateway Route Table {table_id}"),
        ));
    }
    let siblings = tables.values().filter(|other| other.transit_gateway == table.transit_gateway);
    if siblings.map(|sibling| sibling.routes.len()).sum::<usize>() >= ctx.quotas.transit_gateway_routes {
        return Err(errors::quota("TransitGatewayRouteLimitExceeded", "routes of this transit gateway"));
    }
    set(ctx, &table_id, to, route)
}

fn replace(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (table_id, to, route) = read(ctx, p)?;
    existing(ctx, &table_id, to)?;
    set(ctx, &table_id, to, route)
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let to = destination(p)?;
    usable_table(ctx, &table_id)?;
    let route = existing(ctx, &table_id, to)?;
    let ends_at = Some(ctx.in_seconds(timing::ROUTE_DELETING));
    set(ctx, &table_id, to, StaticRoute { ends_at, ..route })
}

/// A static route that is not being deleted: propagated ones cannot be changed.
fn existing(ctx: &Ctx<'_>, table_id: &str, to: Ipv4Net) -> Result<StaticRoute> {
    let table = route_table::KIND.get(&ctx.ec2().transit_gateway_route_tables.living, table_id)?;
    match table.routes.get(&to) {
        Some(route) if route.ends_at.is_none() => Ok(route.clone()),
        Some(_) => Err(incorrect_state(&format!("The route {to} in {table_id}"), "deleting")),
        None => Err(AwsError::new(
            "InvalidRoute.NotFound",
            format!("no static route with destination-cidr-block {to} in route table {table_id}"),
        )),
    }
}

fn set(ctx: &mut Ctx<'_>, table_id: &str, to: Ipv4Net, route: StaticRoute) -> Result<Xml> {
    let xml = read_static(ctx, to, &route).xml();
    let table = route_table::KIND.get_mut(&mut ctx.ec2_mut().transit_gateway_route_tables.living, table_id)?;
    table.routes.insert(to, route);
    Ok(Xml::new().nest("route", xml))
}

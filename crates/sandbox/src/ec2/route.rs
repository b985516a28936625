//! Routes of VPC route tables. Rules: aws-facts section 1.2 "Route table, association, routes".
//!
//! Only transit gateways are simulated as targets; other targets are refused as unknown parameters.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::ec2::route_table::{self, RouteTable};
use crate::ec2::{errors, params, transit_gateway};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateRoute", create),
    Operation::write("ReplaceRoute", replace),
    Operation::write("DeleteRoute", delete),
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    pub transit_gateway: String,
}

impl Route {
    /// A route whose target is gone is a blackhole until it is replaced.
    pub fn state(&self, ctx: &Ctx<'_>, vpc: &str) -> &'static str {
        if reaches(ctx, &self.transit_gateway, vpc) { "active" } else { "blackhole" }
    }
}

/// An answer's routes: the local one first, as AWS lists them.
pub(super) fn rows<'a>(ctx: &'a Ctx<'_>, table: &'a RouteTable) -> impl Iterator<Item = Xml> {
    let row = |to: &Ipv4Net| Xml::new().value("destinationCidrBlock", to);
    let vpc = ctx.ec2().vpcs.get(&table.vpc);
    let blocks = vpc.into_iter().flat_map(|vpc| vpc.routed_blocks(ctx.now));
    let local = blocks.map(move |block| {
        row(&block).text("gatewayId", "local").text("state", "active").text("origin", "CreateRouteTable")
    });
    let routes = table.routes.iter().map(move |(to, route)| {
        row(to)
            .text("transitGatewayId", &route.transit_gateway)
            .text("state", route.state(ctx, &table.vpc))
            .text("origin", "CreateRoute")
    });
    local.chain(routes)
}

fn reaches(ctx: &Ctx<'_>, transit_gateway: &str, vpc: &str) -> bool {
    transit_gateway::reaches(ctx.state, transit_gateway, vpc, ctx.now)
}

/// The route that a request asks for, with a target that exists.
fn read(ctx: &Ctx<'_>, p: &Params, operation: &str) -> Result<(String, Ipv4Net, Route)> {
    let table_id = p.required("RouteTableId")?;
    let to = params::ipv4_block(p, "DestinationCidrBlock")?;
    let Some(target) = p.optional("TransitGatewayId") else {
        // Another target is named as what is not simulated, rather than this one as missing.
        p.refuse_leftovers(operation)?;
        return Err(AwsError::new("MissingParameter", "The request must contain the parameter TransitGatewayId"));
    };
    let ec2 = ctx.ec2();
    let table = route_table::KIND.get(&ec2.route_tables, &table_id)?;
    let vpc = ec2.vpcs.get(&table.vpc);
    if vpc.is_some_and(|vpc| vpc.blocks().any(|block| block.contains(&to))) {
        // Targets inside the VPC's block may only be interfaces in it (VPC user guide, "Route tables").
        return Err(errors::invalid_value(format!(
            "The destination CIDR block {to} is equal to or more specific than one of this VPC's CIDR blocks."
        )));
    }
    if !reaches(ctx, &target, &table.vpc) {
        return Err(AwsError::new(
            "InvalidTransitGatewayID.NotFound",
            format!("The transitGateway ID '{target}' does not exist."),
        ));
    }
    let route = Route { transit_gateway: target };
    Ok((table_id, to, route))
}

fn missing(table: &str, to: Ipv4Net) -> AwsError {
    AwsError::new("InvalidRoute.NotFound", format!("no route with destination-cidr-block {to} in route table {table}"))
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (table_id, to, route) = read(ctx, p, "CreateRoute")?;
    let most = ctx.quotas.routes;
    let table = route_table::KIND.get_mut(&mut ctx.ec2_mut().route_tables, &table_id)?;
    if table.routes.contains_key(&to) {
        return Err(AwsError::new("RouteAlreadyExists", format!("The route identified by {to} already exists.")));
    }
    if table.routes.len() >= most {
        return Err(errors::quota("RouteLimitExceeded", "routes in this table"));
    }
    table.routes.insert(to, route);
    Ok(Xml::done())
}

fn replace(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (table_id, to, route) = read(ctx, p, "ReplaceRoute")?;
    let table = route_table::KIND.get_mut(&mut ctx.ec2_mut().route_tables, &table_id)?;
    let current = table.routes.get_mut(&to);
    *current.ok_or_else(|| missing(&table_id, to))? = route;
    Ok(Xml::done())
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("RouteTableId")?;
    let to = params::ipv4_block(p, "DestinationCidrBlock")?;
    let ec2 = ctx.ec2_mut();
    let vpc = &route_table::KIND.get(&ec2.route_tables, &table_id)?.vpc;
    if ec2.vpcs.get(vpc).is_some_and(|vpc| vpc.blocks().any(|block| block == to)) {
        return Err(errors::invalid_value(format!("cannot remove local route {to} in route table {table_id}")));
    }
    let table = route_table::KIND.get_mut(&mut ec2.route_tables, &table_id)?;
    let removed = table.routes.remove(&to);
    removed.ok_or_else(|| missing(&table_id, to))?;
    Ok(Xml::done())
}

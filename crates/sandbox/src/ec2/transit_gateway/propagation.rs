//! Propagations: whose blocks a route table learns.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::members::{self, Member};
use super::resource::{Resource, ResourceType};
use super::{attachment, incorrect_state, route_table, timing, usable_table};
use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("EnableTransitGatewayRouteTablePropagation", enable),
    Operation::write("DisableTransitGatewayRouteTablePropagation", disable),
    Operation::read("GetTransitGatewayRouteTablePropagations", list),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Propagation {
    pub resource: Resource,
    /// It begins when its attachment becomes available.
    pub from: Moment,
    pub ends_at: Option<Moment>,
}

impl Propagation {
    /// None before it has begun.
    pub fn state(&self, now: Moment) -> Option<&'static str> {
        match self.ends_at {
            _ if now < self.from => None,
            Some(_) => Some("disabling"),
            None if now < self.from.plus(Duration::from_secs(timing::PROPAGATION_ENABLING)) => Some("enabling"),
            None => Some("enabled"),
        }
    }
}

/// Starts a propagation.
pub(super) fn begin(ec2: &mut Ec2, table: &str, id: &str, resource: Resource, from: Moment) {
    if let Some(table) = ec2.transit_gateway_route_tables.living.get_mut(table) {
        table.propagations.insert(id.to_owned(), Propagation { resource, from, ends_at: None });
    }
}

/// Ends all propagations of an attachment, with it at the latest.
pub(super) fn end_all(ec2: &mut Ec2, attachment: &str, at: Moment) {
    let tables = ec2.transit_gateway_route_tables.living.iter();
    let with = tables.filter(|(_, table)| table.propagations.contains_key(attachment));
    let with: Vec<String> = with.map(|(id, _)| id.clone()).collect();
    for table in with {
        end(ec2, &table, attachment, at);
    }
}

fn end(ec2: &mut Ec2, table: &str, attachment: &str, at: Moment) {
    let table = ec2.transit_gateway_route_tables.living.get_mut(table);
    if let Some(propagation) = table.and_then(|table| table.propagations.get_mut(attachment)) {
        propagation.ends_at = Some(propagation.ends_at.map_or(at, |earlier| earlier.min(at)));
    }
}

fn enable(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let id = p.required("TransitGatewayAttachmentId")?;
    let table = usable_table(ctx, &table_id)?;
    let attachment = attachment::for_table(ctx, &id, &table.transit_gateway)?;
    if attachment.resource.resource_type == ResourceType::Peering {
        // DOC (transit gateway user guide, "Transit gateway peering attachments"): routes over a peering are static.
        // The code is unverified.
        return Err(AwsError::new(
            "InvalidParameterValue",
            format!("{id} is a peering attachment: it cannot propagate to a route table."),
        ));
    }
    if table.propagations.contains_key(&id) {
        return Err(AwsError::new(
            "TransitGatewayRouteTablePropagation.Duplicate",
            format!("Propagation from {id} to {table_id} exists already."),
        ));
    }
    let from = ctx.now;
    begin(ctx.ec2_mut(), &table_id, &id, attachment.resource, from);
    answer(ctx, &table_id, &id)
}

fn disable(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let id = p.required("TransitGatewayAttachmentId")?;
    let table = usable_table(ctx, &table_id)?;
    attachment::find(ctx, &id)?;
    match table.propagations.get(&id).and_then(|propagation| propagation.state(ctx.now)) {
        Some("enabled") => {
            let at = ctx.in_seconds(timing::PROPAGATION_DISABLING);
            end(ctx.ec2_mut(), &table_id, &id, at);
            answer(ctx, &table_id, &id)
        }
        Some(state) => Err(incorrect_state(&id, state)),
        None => Err(AwsError::new(
            "TransitGatewayRouteTablePropagation.NotFound",
            format!("There is no propagation from {id} to {table_id}."),
        )),
    }
}

fn answer(ctx: &Ctx<'_>, table_id: &str, id: &str) -> Result<Xml> {
    let table = route_table::KIND.get(&ctx.ec2().transit_gateway_route_tables.living, table_id)?;
    let propagation = table.propagations.get(id).and_then(|propagation| member(ctx, id, propagation));
    let content = propagation.map_or_else(Xml::new, |member| member.xml());
    Ok(Xml::new().nest("propagation", content.text("transitGatewayRouteTableId", table_id)))
}

fn member<'a>(ctx: &Ctx<'_>, id: &'a str, propagation: &'a Propagation) -> Option<Member<'a>> {
    let state = propagation.state(ctx.now)?;
    Some(Member { attachment: id, resource: &propagation.resource, state })
}

fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table = p.required("TransitGatewayRouteTableId")?;
    let ctx = &*ctx;
    let table = route_table::KIND.get(&ctx.ec2().transit_gateway_route_tables.living, &table)?;
    let propagations = table.propagations.iter();
    let members = propagations.filter_map(|(id, propagation)| member(ctx, id, propagation));
    members::list(p, "transitGatewayRouteTablePropagations", members)
}

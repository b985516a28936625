//! Associations: the one route table in which an attachment looks up its way.

use serde::{Deserialize, Serialize};

use super::members::{self, Member};
use super::resource::Resource;
use super::{attachment, incorrect_state, route_table, timing, usable_table};
use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AssociateTransitGatewayRouteTable", associate),
    Operation::write("DisassociateTransitGatewayRouteTable", disassociate),
    Operation::read("GetTransitGatewayRouteTableAssociations", list),
];

/// Kept by attachment, as there is at most one for each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Association {
    pub table: String,
    pub resource: Resource,
    /// It begins when its attachment becomes available.
    pub from: Moment,
    pub ends_at: Option<Moment>,
}

impl Association {
    /// None before it has begun.
    pub fn state(&self, now: Moment) -> Option<&'static str> {
        match self.ends_at {
            _ if now < self.from => None,
            Some(_) => Some("disassociating"),
            None if now < self.from.plus(std::time::Duration::from_secs(timing::ASSOCIATING)) => Some("associating"),
            None => Some("associated"),
        }
    }
}

/// Makes the association with a default table.
pub(super) fn begin(ec2: &mut Ec2, table: &str, id: &str, resource: Resource, from: Moment) {
    let association = Association { table: table.to_owned(), resource, from, ends_at: None };
    ec2.transit_gateway_associations.insert(id.to_owned(), association);
}

/// Ends it with its attachment at the latest.
pub(super) fn end(ec2: &mut Ec2, attachment: &str, at: Moment) {
    if ec2.transit_gateway_associations.contains_key(attachment)
        && let Some(association) = ec2.transit_gateway_associations.get_mut(attachment)
    {
        association.ends_at = Some(association.ends_at.map_or(at, |earlier| earlier.min(at)));
    }
}

fn associate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let id = p.required("TransitGatewayAttachmentId")?;
    let table = usable_table(ctx, &table_id)?;
    let attachment = attachment::for_table(ctx, &id, &table.transit_gateway)?;
    if ctx.ec2().transit_gateway_associations.contains_key(&id) {
        return Err(AwsError::new(
            "Resource.AlreadyAssociated",
            format!("Transit Gateway Attachment {id} is already associated to a route table."),
        ));
    }
    let from = ctx.now;
    begin(ctx.ec2_mut(), &table_id, &id, attachment.resource, from);
    answer(ctx, &id)
}

fn disassociate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table_id = p.required("TransitGatewayRouteTableId")?;
    let id = p.required("TransitGatewayAttachmentId")?;
    let ec2 = ctx.ec2();
    route_table::KIND.get(&ec2.transit_gateway_route_tables.living, &table_id)?;
    attachment::find(ctx, &id)?;
    let association = ec2.transit_gateway_associations.get(&id).filter(|association| association.table == table_id);
    match association.and_then(|association| association.state(ctx.now)) {
        Some("associated") => {
            let at = ctx.in_seconds(timing::DISASSOCIATING);
            end(ctx.ec2_mut(), &id, at);
            answer(ctx, &id)
        }
        Some(state) => Err(incorrect_state(&id, state)),
        None => Err(AwsError::new(
            "InvalidAssociationID.NotFound",
            format!("There is no association of {id} with {table_id}."),
        )),
    }
}

fn answer(ctx: &Ctx<'_>, id: &str) -> Result<Xml> {
    let association = ctx.ec2().transit_gateway_associations.get(id);
    let content = association.map_or_else(Xml::new, |association| {
        member(ctx, id, association)
            .map_or_else(Xml::new, |member| member.xml())
            .text("transitGatewayRouteTableId", &association.table)
    });
    Ok(Xml::new().nest("association", content))
}

fn member<'a>(ctx: &Ctx<'_>, id: &'a str, association: &'a Association) -> Option<Member<'a>> {
    let state = association.state(ctx.now)?;
    Some(Member { attachment: id, resource: &association.resource, state })
}

fn list(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table = p.required("TransitGatewayRouteTableId")?;
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    route_table::KIND.get(&ec2.transit_gateway_route_tables.living, &table)?;
    let associations = ec2.transit_gateway_associations.iter().filter(|(_, association)| association.table == table);
    members::list(p, "associations", associations.filter_map(|(id, association)| member(ctx, id, association)))
}

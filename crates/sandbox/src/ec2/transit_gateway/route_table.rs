//! Route tables of transit gateways, with what is learnt and what is set in them.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::propagation::Propagation;
use super::route::StaticRoute;
use super::{incorrect_state, timing};
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortal;
use crate::ec2::{Ec2, Kind, errors, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTransitGatewayRouteTable", create),
    Operation::read("DescribeTransitGatewayRouteTables", describe),
    Operation::write("DeleteTransitGatewayRouteTable", delete),
];

/// The code for a table that is not there is that of VPC route tables (aws-facts section 1.2).
pub(crate) static KIND: Kind = Kind {
    resource_type: "transit-gateway-route-table",
    prefix: "tgw-rtb",
    not_found: "InvalidRouteTableID.NotFound",
    rows: |ec2| &ec2.transit_gateway_route_tables,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransitGatewayRouteTable {
    pub transit_gateway: String,
    pub created: Moment,
    pub available_at: Moment,
    pub deleted_at: Option<Moment>,
    /// By attachment.
    pub propagations: BTreeMap<String, Propagation>,
    /// By destination.
    pub routes: BTreeMap<Ipv4Net, StaticRoute>,
}

impl Mortal for TransitGatewayRouteTable {
    fn ends_at(&self) -> Option<Moment> {
        self.deleted_at
    }
}

impl TransitGatewayRouteTable {
    pub fn new(transit_gateway: &str, created: Moment, available_at: Moment) -> Self {
        Self {
            transit_gateway: transit_gateway.to_owned(),
            created,
            available_at,
            deleted_at: None,
            propagations: BTreeMap::new(),
            routes: BTreeMap::new(),
        }
    }

    pub fn state(&self, now: Moment) -> &'static str {
        match self.deleted_at {
            Some(at) if now < at => "deleting",
            Some(_) => "deleted",
            None if now < self.available_at => "pending",
            None => "available",
        }
    }
}

/// Deletes all tables of a gateway with it.
pub(super) fn delete_all(ec2: &mut Ec2, gateway: &str, at: Moment) {
    let tables = ec2.transit_gateway_route_tables.living.iter();
    let doomed = tables.filter(|(_, table)| table.transit_gateway == gateway && table.deleted_at.is_none());
    let doomed: Vec<String> = doomed.map(|(id, _)| id.clone()).collect();
    for id in doomed {
        if let Some(table) = ec2.transit_gateway_route_tables.living.get_mut(&id) {
            table.deleted_at = Some(at);
        }
    }
}

/// Removes propagations and routes whose time has come.
pub(super) fn settle(ec2: &mut Ec2, now: Moment) {
    let over = |at: Option<Moment>| at.is_some_and(|at| at <= now);
    let due = |table: &TransitGatewayRouteTable| {
        let mut routes = table.routes.values();
        table.propagations.values().any(|it| over(it.ends_at)) || routes.any(|route| over(route.ends_at))
    };
    let tables = ec2.transit_gateway_route_tables.living.iter().filter(|(_, table)| due(table));
    let tables: Vec<String> = tables.map(|(id, _)| id.clone()).collect();
    for id in tables {
        if let Some(table) = ec2.transit_gateway_route_tables.living.get_mut(&id) {
            table.propagations.retain(|_, propagation| !over(propagation.ends_at));
            table.routes.retain(|_, route| !over(route.ends_at));
        }
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let gateway = p.required("TransitGatewayId")?;
    let tags = tags::in_specifications(ctx, &p.items("TagSpecifications"), KIND.resource_type)?;
    super::gateway::usable(ctx, &gateway)?;
    let siblings = ctx.ec2().transit_gateway_route_tables.living.values();
    let siblings = siblings.filter(|table| table.transit_gateway == gateway);
    if siblings.count() >= ctx.quotas.transit_gateway_route_tables {
        return Err(errors::quota("TransitGatewayRouteTableLimitExceeded", "route tables of this transit gateway"));
    }
    let id = ctx.new_id(KIND.prefix);
    let table = TransitGatewayRouteTable::new(&gateway, ctx.now, ctx.in_seconds(timing::ROUTE_TABLE_PENDING));
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, tags);
    ec2.transit_gateway_route_tables.living.insert(id.clone(), table.clone());
    Ok(Xml::new().nest("transitGatewayRouteTable", xml(ctx, &id, &table)))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let listed = ec2.transit_gateway_route_tables.listed();
    // No tag filters: none are documented (aws-facts section 1.1).
    let found = Describe {
        kind: &KIND,
        ids: "TransitGatewayRouteTableIds",
        filters: "Filter",
        known: &[
            "default-association-route-table",
            "default-propagation-route-table",
            "state",
            "transit-gateway-id",
            "transit-gateway-route-table-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &listed, |id, table, name| {
        let (association, propagation) = defaults(ec2, id, table);
        let one = match name {
            "default-association-route-table" => return vec![association.to_string()],
            "default-propagation-route-table" => return vec![propagation.to_string()],
            "state" => table.state(ctx.now),
            "transit-gateway-id" => &table.transit_gateway,
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("transitGatewayRouteTables", |id, table| xml(ctx, id, table)))
}

/// Whether it is its gateway's default for associations, and for propagations.
fn defaults(ec2: &Ec2, id: &str, table: &TransitGatewayRouteTable) -> (bool, bool) {
    let Some(gateway) = ec2.transit_gateways.living.get(&table.transit_gateway) else {
        return (false, false);
    };
    let is = |default: &Option<String>| default.as_deref() == Some(id);
    (is(&gateway.options.association_table), is(&gateway.options.propagation_table))
}

fn xml(ctx: &Ctx<'_>, id: &str, table: &TransitGatewayRouteTable) -> Xml {
    let (association, propagation) = defaults(ctx.ec2(), id, table);
    Xml::new()
        .text("transitGatewayRouteTableId", id)
        .text("transitGatewayId", &table.transit_gateway)
        .text("state", table.state(ctx.now))
        .value("defaultAssociationRouteTable", association)
        .value("defaultPropagationRouteTable", propagation)
        .value("creationTime", table.created)
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

/// Associations must be gone, also those that are on their way; propagations and routes go with it.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayRouteTableId")?;
    let table = super::usable_table(ctx, &id)?;
    if let (true, _) | (_, true) = defaults(ctx.ec2(), &id, table) {
        return Err(AwsError::new(
            "IncorrectState",
            format!("{id} is a default route table of {} and cannot be deleted.", table.transit_gateway),
        ));
    }
    if ctx.ec2().transit_gateway_associations.values().any(|association| association.table == id) {
        return Err(incorrect_state(&id, "it has associations"));
    }
    let gone_at = ctx.in_seconds(timing::ROUTE_TABLE_DELETING);
    let table = KIND.get_mut(&mut ctx.ec2_mut().transit_gateway_route_tables.living, &id)?;
    table.deleted_at = Some(gone_at);
    let table = table.clone();
    Ok(Xml::new().nest("transitGatewayRouteTable", xml(ctx, &id, &table)))
}

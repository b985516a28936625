//! Route tables and which subnets use them. Rules: aws-facts section 1.2 "Route table, association, routes".

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::ec2::describe::Describe;
use crate::ec2::route::{self, Route};
use crate::ec2::{Ec2, Kind, Tags, errors, params, subnet, tags, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateRouteTable", create),
    Operation::read("DescribeRouteTables", describe),
    Operation::write("DeleteRouteTable", delete),
];

pub(crate) static KIND: Kind = Kind {
    resource_type: "route-table",
    prefix: "rtb",
    not_found: "InvalidRouteTableID.NotFound",
    rows: |ec2| &ec2.route_tables,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteTable {
    pub vpc: String,
    /// The VPC's own table has an association without a subnet.
    pub main: Option<String>,
    /// Association id by subnet.
    pub associations: BTreeMap<String, String>,
    /// By destination; the local route is not among them.
    pub routes: BTreeMap<Ipv4Net, Route>,
}

/// A create call that was made with a token, so that a repeat answers with the same table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenUse {
    pub route_table: String,
    pub vpc: String,
    pub tags: Tags,
}

/// Makes a new VPC's main table.
pub(crate) fn create_main(ctx: &mut Ctx<'_>, vpc: &str) {
    let id = ctx.new_id(KIND.prefix);
    let association = ctx.new_id("rtbassoc");
    let table = RouteTable {
        vpc: vpc.to_owned(),
        main: Some(association),
        associations: BTreeMap::new(),
        routes: BTreeMap::new(),
    };
    ctx.ec2_mut().route_tables.insert(id, table);
}

/// Ends a deleted subnet's association.
pub(crate) fn forget_subnet(ec2: &mut Ec2, subnet: &str) {
    let mut tables = ec2.route_tables.iter();
    let used = tables.find(|(_, table)| table.associations.contains_key(subnet));
    if let Some(id) = used.map(|(id, _)| id.clone())
        && let Some(table) = ec2.route_tables.get_mut(&id)
    {
        table.associations.remove(subnet);
    }
}

/// Removes the main table of a deleted VPC.
pub(crate) fn forget_vpc(ec2: &mut Ec2, vpc: &str) {
    for id in ec2.route_tables.prune(|table| table.vpc == vpc) {
        ec2.untag(&id);
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let vpc = p.required("VpcId")?;
    let token = params::client_token(p)?;
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    if let Some(used) = token.as_ref().and_then(|token| ctx.ec2().tokens.get(token)) {
        // DOC ("Ensuring idempotency"): the same token with other parameters is refused.
        if (&used.vpc, &used.tags) != (&vpc, &tags) {
            return Err(AwsError::new(
                "IdempotentParameterMismatch",
                "The client token was used before with other parameters.",
            ));
        }
        let table = KIND.get(&ctx.ec2().route_tables, &used.route_table)?;
        return Ok(Xml::new().nest("routeTable", xml(ctx, &used.route_table, table)));
    }
    vpc::KIND.get(&ctx.ec2().vpcs, &vpc)?;
    let siblings = ctx.ec2().route_tables.values();
    if siblings.filter(|table| table.vpc == vpc).count() >= ctx.quotas.route_tables {
        return Err(errors::quota("RouteTableLimitExceeded", "route tables in this VPC"));
    }
    let id = ctx.new_id(KIND.prefix);
    let table = RouteTable { vpc: vpc.clone(), main: None, associations: BTreeMap::new(), routes: BTreeMap::new() };
    let ec2 = ctx.ec2_mut();
    if let Some(token) = token {
        let used = TokenUse { route_table: id.clone(), vpc, tags: tags.clone() };
        ec2.tokens.insert(token, used);
    }
    ec2.tag(&id, tags);
    ec2.route_tables.insert(id.clone(), table.clone());
    Ok(Xml::new().nest("routeTable", xml(ctx, &id, &table)))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let found = Describe {
        kind: &KIND,
        ids: "RouteTableId",
        filters: "Filter",
        known: &[
            "association.main",
            "association.route-table-association-id",
            "association.route-table-id",
            "association.subnet-id",
            "owner-id",
            "route-table-id",
            "route.destination-cidr-block",
            "route.origin",
            "route.state",
            "route.transit-gateway-id",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=100,
    }
    .select(p, ec2, &ec2.route_tables, |id, table, name| {
        let routes = || table.routes.iter();
        let vpc = ec2.vpcs.get(&table.vpc).into_iter();
        let local = vpc.flat_map(|vpc| vpc.routed_blocks(ctx.now)).map(|block| block.to_string());
        match name {
            "association.main" => {
                let subnets = table.associations.values().map(|_| "false".to_owned());
                subnets.chain(table.main.iter().map(|_| "true".to_owned())).collect()
            }
            "association.route-table-association-id" => {
                table.main.iter().chain(table.associations.values()).cloned().collect()
            }
            "association.route-table-id" if table.main.is_none() && table.associations.is_empty() => Vec::new(),
            "association.subnet-id" => table.associations.keys().cloned().collect(),
            "owner-id" => vec![ctx.caller.account.clone()],
            "route.destination-cidr-block" => routes().map(|(to, _)| to.to_string()).chain(local).collect(),
            "route.origin" => {
                let made = routes().map(|_| "CreateRoute".to_owned());
                made.chain(["CreateRouteTable".to_owned()]).collect()
            }
            "route.state" => {
                let states = routes().map(|(_, route)| route.state(ctx, &table.vpc).to_owned());
                states.chain(["active".to_owned()]).collect()
            }
            "route.transit-gateway-id" => routes().map(|(_, route)| route.transit_gateway.clone()).collect(),
            "vpc-id" => vec![table.vpc.clone()],
            _ => vec![id.to_owned()],
        }
    })?;
    Ok(found.render("routeTableSet", |id, table| xml(ctx, id, table)))
}

fn xml(ctx: &Ctx<'_>, id: &str, table: &RouteTable) -> Xml {
    let row = |association: &str, main: bool| {
        Xml::new().text("routeTableAssociationId", association).text("routeTableId", id).value("main", main)
    };
    let associated = || Xml::new().text("state", "associated");
    let main = table.main.iter().map(|association| row(association, true).nest("associationState", associated()));
    let subnets = table.associations.iter().map(|(subnet, association)| {
        row(association, false).text("subnetId", subnet).nest("associationState", associated())
    });
    Xml::new()
        .text("routeTableId", id)
        .text("vpcId", &table.vpc)
        .text("ownerId", &ctx.caller.account)
        .list("routeSet", route::rows(ctx, table))
        .list("associationSet", main.chain(subnets))
        .list("propagatingVgwSet", [])
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("RouteTableId")?;
    let ec2 = ctx.ec2_mut();
    let table = KIND.get(&ec2.route_tables, &id)?;
    if table.main.is_some() || !table.associations.is_empty() {
        return Err(errors::in_use("routeTable", &id));
    }
    ec2.route_tables.remove(&id);
    ec2.untag(&id);
    Ok(Xml::done())
}

/// The table and the subnet of an association; no subnet for the main one.
pub(super) fn find_association(ec2: &Ec2, association: &str) -> Option<(String, Option<String>)> {
    ec2.route_tables.iter().find_map(|(id, table)| {
        if table.main.as_deref() == Some(association) {
            return Some((id.clone(), None));
        }
        let mut pairs = table.associations.iter();
        let (subnet, _) = pairs.find(|(_, candidate)| *candidate == association)?;
        Some((id.clone(), Some(subnet.clone())))
    })
}

/// The table and the association of a subnet.
pub(super) fn of_subnet<'a>(ec2: &'a Ec2, subnet: &str) -> Option<(&'a str, &'a str)> {
    ec2.route_tables.iter().find_map(|(id, table)| {
        let association = table.associations.get(subnet)?;
        Some((id.as_str(), association.as_str()))
    })
}

/// A subnet and a table that may be associated: they are in one VPC.
pub(super) fn check_same_vpc(ec2: &Ec2, table: &str, subnet: &str) -> Result<()> {
    let table_vpc = &KIND.get(&ec2.route_tables, table)?.vpc;
    let subnet_vpc = &subnet::KIND.get(&ec2.subnets, subnet)?.vpc;
    if table_vpc == subnet_vpc {
        return Ok(());
    }
    Err(errors::invalid_value(format!("Route table {table} and subnet {subnet} belong to different networks")))
}

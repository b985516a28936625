//! VPCs, their subnets and tables.

use super::{Known, Subnet, Target, Vpc, VpcRoute, VpcTable, names::Names};
use crate::{
    error::{ModelError, Part},
    network::{self, Routing, VpcTarget},
};

pub(super) fn vpc<'a>(vpc: &'a network::Vpc, gateways: &Names) -> Result<Vpc<'a>, ModelError> {
    let known = match &vpc.routing {
        Routing::Assumed => None,
        Routing::Known { subnets, tables } => Some(known(vpc, subnets, tables, gateways)?),
    };
    Ok(Vpc { cidrs: &vpc.cidrs, known, attachments: vec![] })
}

/// Names of the subnets of a VPC; none when its tables are assumed.
pub(super) fn names(vpc: &network::Vpc) -> Result<Names<'_>, ModelError> {
    let subnets = match &vpc.routing {
        Routing::Assumed => &[][..],
        Routing::Known { subnets, .. } => subnets,
    };
    Names::new(Part::Subnet, subnets.iter().map(|subnet| &subnet.name))
}

fn known<'a>(
    vpc: &network::Vpc,
    subnets: &'a [network::Subnet],
    tables: &'a [network::VpcTable],
    gateways: &Names,
) -> Result<Known<'a>, ModelError> {
    let names = Names::new(Part::VpcTable, tables.iter().map(|table| &table.name))?;
    let mut placed: Vec<Subnet> = vec![];
    for subnet in subnets {
        let inside = vpc.cidrs.iter().any(|cidr| cidr.contains(&subnet.cidr));
        let over = |other: &Subnet| other.cidr.contains(&subnet.cidr) || subnet.cidr.contains(&other.cidr);
        if !inside || placed.iter().any(over) {
            return Err(ModelError::Misplaced { vpc: vpc.name.clone(), subnet: subnet.name.clone() });
        }
        let table = names.find(&subnet.table, &subnet.name)?;
        let zone = subnet.zone.as_deref();
        let like = placed.iter().position(|other| other.table == table && other.zone == zone).unwrap_or(placed.len());
        placed.push(Subnet { cidr: subnet.cidr, zone, table, like });
    }
    let tables = tables.iter().map(|table| self::table(table, gateways)).collect::<Result<_, _>>()?;
    Ok(Known { subnets: placed, tables })
}

fn table<'a>(table: &'a network::VpcTable, gateways: &Names) -> Result<VpcTable<'a>, ModelError> {
    let route = |route: &'a network::VpcRoute| {
        let target = match &route.target {
            VpcTarget::Gateway(gateway) => Target::Gateway(gateways.find(gateway, &table.name)?),
            VpcTarget::Blackhole => Target::Blackhole,
            VpcTarget::Other(target) => Target::Other(target),
        };
        Ok(VpcRoute { destination: route.destination, target })
    };
    let mut routes = table.routes.iter().map(route).collect::<Result<Vec<_>, _>>()?;
    routes.sort_by_key(|route| std::cmp::Reverse(route.destination.prefix_len()));
    Ok(VpcTable { name: &table.name, routes })
}

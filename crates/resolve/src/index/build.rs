//! From the description to the index.

use std::{collections::HashMap, net::IpAddr};

use super::{ByName, Holder, Index, ServerView, Table, ZoneView, amazon, names::Names};
use crate::{
    error::{ModelError, Part},
    model::{Action, Resolution},
    name::Name,
};

impl<'a> Index<'a> {
    pub(crate) fn new(model: &'a Resolution) -> Result<Index<'a>, ModelError> {
        let vpcs = Names::new(Part::Vpc, model.vpcs.iter().map(|vpc| &vpc.name))?;
        let inbound = Names::new(Part::Inbound, model.inbound.iter().map(|endpoint| &endpoint.id))?;
        let outbound = Names::new(Part::Outbound, model.outbound.iter().map(|endpoint| &endpoint.id))?;
        let servers = Names::new(Part::Server, model.servers.iter().map(|server| &server.name))?;
        Names::new(Part::Zone, model.zones.iter().map(|zone| &zone.id))?;
        Names::new(Part::Rule, model.rules.iter().map(|rule| &rule.id))?;
        let zone_vpcs = model.zones.iter().map(|zone| {
            no_wildcard(&zone.id, &zone.apex)?;
            vpcs.all(&zone.vpcs, &zone.id)
        });
        let rule_vpcs = model.rules.iter().map(|rule| {
            no_wildcard(&rule.id, &rule.domain)?;
            if let Action::Forward { endpoint: Some(endpoint), .. } = &rule.action {
                outbound.find(endpoint, &rule.id)?;
            }
            vpcs.all(&rule.vpcs, &rule.id)
        });
        for server in &model.servers {
            let domains = server.answers.iter().chain(server.forwards.iter().map(|conditional| &conditional.domain));
            domains.into_iter().try_for_each(|domain| no_wildcard(&server.name, domain))?;
        }
        let inbound_vpcs = model.inbound.iter().map(|endpoint| vpcs.find(&endpoint.vpc, &endpoint.id));
        model.outbound.iter().try_for_each(|endpoint| vpcs.find(&endpoint.vpc, &endpoint.id).map(drop))?;
        let (zone_vpcs, rule_vpcs) =
            (zone_vpcs.collect::<Result<Vec<_>, _>>()?, rule_vpcs.collect::<Result<Vec<_>, _>>()?);
        Ok(Index {
            model,
            tables: tables(model, &zone_vpcs, &rule_vpcs),
            zones: model.zones.iter().map(ZoneView::new).collect::<Result<_, _>>()?,
            zone_vpcs,
            rule_vpcs,
            inbound_vpcs: inbound_vpcs.collect::<Result<_, _>>()?,
            servers: model.servers.iter().map(ServerView::new).collect(),
            addresses: addresses(model)?,
            names: ByName { vpcs, inbound, servers },
        })
    }
}

fn no_wildcard(by: &str, domain: &Name) -> Result<(), ModelError> {
    if domain.is_wildcard() {
        return Err(ModelError::Wildcard { by: by.into(), domain: domain.clone() });
    }
    Ok(())
}

fn tables<'a>(model: &'a Resolution, zone_vpcs: &[Vec<usize>], rule_vpcs: &[Vec<usize>]) -> Vec<Table<'a>> {
    let mut tables: Vec<Table<'_>> = model.vpcs.iter().map(|_| Table::default()).collect();
    for (vpc, table) in model.vpcs.iter().zip(&mut tables) {
        amazon::autodefined(vpc, &model.region).into_iter().for_each(|domain| table.entry(domain).autodefined = true);
    }
    for (number, zone) in model.zones.iter().enumerate() {
        for vpc in zone_vpcs[number].iter().filter(|vpc| model.vpcs[**vpc].sees_zones()) {
            tables[*vpc].entry(zone.apex.key()).zones.push(number);
        }
    }
    for (number, rule) in model.rules.iter().enumerate() {
        for vpc in &rule_vpcs[number] {
            tables[*vpc].entry(rule.domain.key()).rules.push(number);
        }
    }
    tables
}

fn addresses(model: &Resolution) -> Result<HashMap<IpAddr, Holder>, ModelError> {
    let inbound = model
        .inbound
        .iter()
        .enumerate()
        .map(|(number, endpoint)| (Holder::Inbound(number), &endpoint.id, &endpoint.addresses));
    let outbound = model
        .outbound
        .iter()
        .enumerate()
        .map(|(number, endpoint)| (Holder::Outbound(number), &endpoint.id, &endpoint.addresses));
    let servers = model
        .servers
        .iter()
        .enumerate()
        .map(|(number, server)| (Holder::Server(number), &server.name, &server.addresses));
    let (mut holders, mut names): (HashMap<IpAddr, Holder>, HashMap<IpAddr, &str>) = Default::default();
    for (holder, name, addresses) in inbound.chain(outbound).chain(servers) {
        for address in addresses {
            match names.insert(*address, name) {
                Some(first) if holders.get(address) != Some(&holder) => {
                    let (first, second) = (first.into(), name.clone());
                    return Err(ModelError::AddressTwice { address: *address, first, second });
                }
                _ => drop(holders.insert(*address, holder)),
            }
        }
    }
    // Not what somebody claims: a description may put a server where AWS has the VPC's resolver.
    for (number, vpc) in model.vpcs.iter().enumerate() {
        if let Some(base) = vpc.cidrs.first().and_then(|cidr| cidr.network().to_bits().checked_add(2)) {
            holders.entry(IpAddr::V4(base.into())).or_insert(Holder::Resolver(Some(number)));
        }
    }
    Ok(holders)
}

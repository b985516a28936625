//! From names to numbers.

use std::{cmp::Reverse, net::Ipv4Addr};

use ipnet::Ipv4Net;

use super::{
    Attachment, AttachmentId, End, Guard, Index, Line, LineId, Place, Realm, Route, Table, Vpc, names::Names, subnets,
};
use crate::{
    error::{ModelError, Part},
    network::{self, At, Attached, Network, Origin, Peer, Rule, State, TransitTarget},
};

impl<'a> Index<'a> {
    pub(crate) fn new(network: &'a Network) -> Result<Index<'a>, ModelError> {
        let gateways = Names::new(Part::Gateway, network.gateways.iter().map(|gateway| &gateway.name))?;
        let vpcs = network.vpcs.iter().map(|vpc| subnets::vpc(vpc, &gateways)).collect::<Result<_, _>>()?;
        let mut index = Index { network, vpcs, attachments: vec![], tables: vec![], lines: vec![], places: vec![] };
        index.add_gateways()?;
        index.add_places()?;
        Ok(index)
    }

    fn add_gateways(&mut self) -> Result<(), ModelError> {
        let network = self.network;
        let all = || network.gateways.iter().flat_map(|gateway| &gateway.attachments);
        let attachments = Names::new(Part::Attachment, all().map(|attachment| &attachment.name))?;
        let vpcs = Names::new(Part::Vpc, network.vpcs.iter().map(|vpc| &vpc.name))?;
        for (number, gateway) in network.gateways.iter().enumerate() {
            let tables = Names::new(Part::TransitTable, gateway.tables.iter().map(|table| &table.name))?;
            let (own, first) = (self.attachments.len(), self.tables.len());
            for attachment in &gateway.attachments {
                let id = self.attachments.len();
                let table = attachment.table.as_ref().map(|table| tables.find(table, &attachment.name)).transpose()?;
                let to = self.end(id, number, attachment, &vpcs)?;
                let waits = match &attachment.state {
                    State::Open => None,
                    State::Waiting { reason } => Some(reason.as_str()),
                };
                let table = table.map(|table| first + table);
                self.attachments.push(Attachment { name: &attachment.name, gateway: number, to, waits, table });
            }
            for table in &gateway.tables {
                let own = own..self.attachments.len();
                let table = self.table(table, |name| {
                    let unknown =
                        || ModelError::Unknown { part: Part::Attachment, name: name.into(), by: table.name.clone() };
                    let id = attachments.find(name, &table.name)?;
                    if own.contains(&id) { Ok(id) } else { Err(unknown()) }
                })?;
                self.tables.push(table);
            }
        }
        Ok(())
    }

    fn end(
        &mut self,
        id: AttachmentId,
        gateway: usize,
        attachment: &'a network::Attachment,
        vpcs: &Names,
    ) -> Result<End<'a>, ModelError> {
        Ok(match &attachment.to {
            Attached::Vpc { vpc: name, subnets } => {
                let vpc = vpcs.find(name, &attachment.name)?;
                if self.attachment(vpc, gateway).is_some() {
                    let gateway = self.network.gateways[gateway].name.clone();
                    return Err(ModelError::AttachedTwice { vpc: name.clone(), gateway });
                }
                self.vpcs[vpc].attachments.push(id);
                let subnets = subnets::names(&self.network.vpcs[vpc])?.all(subnets, &attachment.name)?;
                End::Vpc { vpc, subnets }
            }
            Attached::Line { line, advertised, learned } => {
                let line = self.line(line);
                self.lines[line].attachments.push(id);
                End::Line { line, advertised, learned }
            }
            Attached::Peering => End::Peering,
        })
    }

    fn line(&mut self, name: &'a str) -> LineId {
        let known = self.lines.iter().position(|line| line.name == name);
        known.unwrap_or_else(|| {
            self.lines.push(Line { name, attachments: vec![] });
            self.lines.len() - 1
        })
    }

    fn table(
        &self,
        table: &'a network::TransitTable,
        find: impl Fn(&str) -> Result<AttachmentId, ModelError>,
    ) -> Result<Table<'a>, ModelError> {
        let mut routes = vec![];
        let mut add = |destination, origin, to: Option<AttachmentId>| {
            routes.push(Route { destination, origin, rank: self.rank(origin, to), to });
        };
        for route in &table.routes {
            let to = match &route.target {
                TransitTarget::Attachment(name) => Some(find(name)?),
                TransitTarget::Blackhole => None,
            };
            add(route.destination, route.origin, to);
        }
        for name in &table.propagations {
            let id = find(name)?;
            let learned = match &self.attachments[id].to {
                End::Vpc { vpc, .. } => self.vpcs[*vpc].cidrs,
                End::Line { learned, .. } => learned,
                End::Peering => {
                    let (attachment, table) = (name.clone(), table.name.clone());
                    return Err(ModelError::PeeringPropagates { attachment, table });
                }
            };
            learned.iter().for_each(|destination| add(*destination, Origin::Propagated, Some(id)));
        }
        routes.sort_by_key(|route| (Reverse(route.destination.prefix_len()), route.rank, route.to));
        Ok(Table { name: &table.name, routes })
    }

    /// The order of AWS, see [`network::TransitRoute`].
    fn rank(&self, origin: Origin, to: Option<AttachmentId>) -> u8 {
        match (origin, to.map(|to| &self.attachments[to].to)) {
            (Origin::Static, _) => 0,
            (Origin::PrefixList, _) => 1,
            (Origin::Propagated, Some(End::Vpc { .. }) | None) => 2,
            (Origin::Propagated, Some(End::Line { .. })) => 3,
            (Origin::Propagated, Some(End::Peering)) => 4,
        }
    }

    fn add_places(&mut self) -> Result<(), ModelError> {
        let network = self.network;
        Names::new(Part::Place, network.places.iter().map(|place| &place.name))?;
        let vpcs = Names::new(Part::Vpc, network.vpcs.iter().map(|vpc| &vpc.name))?;
        let groups = Names::new(Part::Group, network.groups.iter().map(|group| &group.name))?;
        for rule in network.groups.iter().flat_map(|group| group.ingress.iter().chain(&group.egress)) {
            if let Peer::Group(peer) = &rule.peer {
                groups.find(peer, "a security group rule")?;
            }
        }
        for place in &network.places {
            let (realm, ranges) = self.locate(place, &vpcs)?;
            if ranges.is_empty() {
                return Err(ModelError::Empty { place: place.name.clone() });
            }
            let guards = groups.all(&place.groups, &place.name)?;
            let guards = |rules: fn(&network::SecurityGroup) -> &[Rule]| {
                let groups = guards.iter().map(|group| &network.groups[*group]);
                groups.flat_map(|group| rules(group).iter().map(|rule| Guard { group: &group.name, rule })).collect()
            };
            let (ingress, egress) = (guards(|group| &group.ingress), guards(|group| &group.egress));
            self.places.push(Place { realm, ranges, ingress, egress, groups: &place.groups });
        }
        Ok(())
    }

    fn locate(&mut self, place: &'a network::Place, vpcs: &Names) -> Result<(Realm, Vec<Ipv4Net>), ModelError> {
        match &place.at {
            At::Outside { lines, ranges } => {
                let lines = lines.iter().map(|line| self.line(line)).collect();
                Ok((Realm::Outside(lines), ranges.clone()))
            }
            At::Peer { attachment: name, ranges } => {
                let found = self.attachments.iter().position(|attachment| attachment.name == name);
                let (part, by) = (Part::Attachment, place.name.clone());
                let id = found.ok_or_else(|| ModelError::Unknown { part, name: name.clone(), by })?;
                match self.attachments[id].to {
                    End::Peering => Ok((Realm::Peer(id), ranges.clone())),
                    End::Vpc { .. } | End::Line { .. } => {
                        Err(ModelError::NotPeering { place: place.name.clone(), attachment: name.clone() })
                    }
                }
            }
            At::Vpc { vpc, subnets, addresses } => {
                let id = vpcs.find(vpc, &place.name)?;
                let within = self.within(id, subnets, &place.name)?;
                let astray = addresses.iter().find(|address| !within.iter().any(|range| range.contains(*address)));
                if let Some(address) = astray {
                    return Err(ModelError::Astray { place: place.name.clone(), address: *address });
                }
                let exact: Vec<Ipv4Net> = addresses.iter().map(|address: &Ipv4Addr| Ipv4Net::from(*address)).collect();
                Ok((Realm::Vpc(id), if exact.is_empty() { within } else { exact }))
            }
        }
    }

    /// The ranges of the subnets that a place names.
    fn within(&self, id: usize, subnets: &[String], by: &str) -> Result<Vec<Ipv4Net>, ModelError> {
        let numbers = subnets::names(&self.network.vpcs[id])?.all(subnets, by)?;
        let Vpc { cidrs, known, .. } = &self.vpcs[id];
        Ok(match known {
            None => cidrs.to_vec(),
            Some(known) if numbers.is_empty() => known.subnets.iter().map(|subnet| subnet.cidr).collect(),
            Some(known) => numbers.iter().map(|number| known.subnets[*number].cidr).collect(),
        })
    }
}

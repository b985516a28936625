//! The same question answered the dull way: one packet, forwarded hop by hop over the description as it is written. It
//! shares nothing with the computation but the description.

use std::net::Ipv4Addr;

use crate::network::*;

/// Far more than any way that does not go in circles: three gateways' worth of attachments.
const TTL: usize = 12;

/// What becomes of one packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) arrives: bool,
    pub(super) answered: bool,
}

pub(super) fn fate(
    network: &Network,
    (from, source): (&Place, Ipv4Addr),
    (to, destination): (&Place, Ipv4Addr),
    service: Option<Service>,
) -> Fate {
    let outside = |place: &Place| matches!(place.at, At::Outside { .. });
    let speaks = from.talk != Talk::Answers
        && to.talk != Talk::Asks
        && from.state == State::Open
        && to.state == State::Open
        && !(outside(from) && outside(to));
    let arrives = speaks
        && filters_let_through(network, (from, source), (to, destination), service)
        && Packet { network, to, destination }.leaves(from, source);
    let answered = arrives && Packet { network, to: from, destination: source }.leaves(to, destination);
    Fate { arrives, answered }
}

fn filters_let_through(
    network: &Network,
    (from, source): (&Place, Ipv4Addr),
    (to, destination): (&Place, Ipv4Addr),
    service: Option<Service>,
) -> bool {
    let matching = |me: &Place, other: &Place, address: Ipv4Addr, ingress: bool| {
        let mut rules = vec![];
        for name in &me.groups {
            let group = network.groups.iter().find(|group| group.name == *name).unwrap();
            for rule in if ingress { &group.ingress } else { &group.egress } {
                let matches = match &rule.peer {
                    Peer::Cidr(cidr) => cidr.contains(&address),
                    Peer::Group(name) => match (&me.at, &other.at) {
                        (At::Vpc { vpc: a, .. }, At::Vpc { vpc: b, .. }) => a == b && other.groups.contains(name),
                        _ => false,
                    },
                    Peer::Assumed { outside, .. } => *outside || !matches!(other.at, At::Outside { .. }),
                };
                if matches {
                    rules.push(rule.clone());
                }
            }
        }
        rules
    };
    let anything = vec![Rule { protocol: Protocol::All, ports: None, peer: Peer::Group(String::new()) }];
    let out = if from.groups.is_empty() { anything.clone() } else { matching(from, to, destination, false) };
    let into = if to.groups.is_empty() { anything } else { matching(to, from, source, true) };
    // Every kind of packet there is: a few protocols, and ports at both sides of each rule's edges.
    let protocols = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp, Protocol::Number(50)];
    let lets = |rules: &[Rule], protocol: Protocol, port: u16| {
        rules.iter().any(|rule| {
            let ports = rule.ports.is_none_or(|(first, last)| first <= port && port <= last);
            (rule.protocol == Protocol::All || rule.protocol == protocol) && ports
        })
    };
    match service {
        Some(Service { protocol, port }) => {
            let port = port.unwrap();
            lets(&out, protocol, port) && lets(&into, protocol, port)
        }
        None => protocols
            .into_iter()
            .any(|protocol| (0..64).any(|port| lets(&out, protocol, port) && lets(&into, protocol, port))),
    }
}

struct Packet<'a> {
    network: &'a Network,
    to: &'a Place,
    destination: Ipv4Addr,
}

impl Packet<'_> {
    fn attachments(&self) -> impl Iterator<Item = (&Gateway, &Attachment)> {
        self.network.gateways.iter().flat_map(|gateway| gateway.attachments.iter().map(move |a| (gateway, a)))
    }

    fn vpc(&self, name: &str) -> &Vpc {
        self.network.vpcs.iter().find(|vpc| vpc.name == name).unwrap()
    }

    fn leaves(&self, from: &Place, source: Ipv4Addr) -> bool {
        match &from.at {
            At::Outside { lines, .. } => self.leaves_outside(lines),
            At::Peer { attachment, .. } => {
                let (gateway, attachment) = self.attachments().find(|(_, a)| a.name == *attachment).unwrap();
                self.enters(gateway, attachment, TTL)
            }
            At::Vpc { vpc: name, .. } => {
                let vpc = self.vpc(name);
                match &vpc.routing {
                    Routing::Known { subnets, .. } => {
                        let subnet = subnets.iter().find(|subnet| subnet.cidr.contains(&source)).unwrap();
                        self.in_subnet(vpc, subnet, TTL)
                    }
                    Routing::Assumed if vpc.cidrs.iter().any(|cidr| cidr.contains(&self.destination)) => {
                        self.lands_in(name)
                    }
                    Routing::Assumed => self.attachments().any(|(gateway, attachment)| {
                        matches!(&attachment.to, Attached::Vpc { vpc, .. } if vpc == name)
                            && self.enters(gateway, attachment, TTL)
                    }),
                }
            }
        }
    }

    fn leaves_outside(&self, lines: &[String]) -> bool {
        let mut offers: Vec<(u8, Option<(&Gateway, &Attachment)>)> = vec![];
        for place in &self.network.places {
            if let At::Outside { ranges, .. } = &place.at {
                let mine = ranges.iter().filter(|range| range.contains(&self.destination));
                offers.extend(mine.map(|range| (range.prefix_len(), None)));
            }
        }
        for (gateway, attachment) in self.attachments() {
            let Attached::Line { line, advertised, .. } = &attachment.to else { continue };
            if lines.contains(line) && attachment.state == State::Open {
                let theirs = advertised.iter().filter(|prefix| prefix.contains(&self.destination));
                offers.extend(theirs.map(|prefix| (prefix.prefix_len(), Some((gateway, attachment)))));
            }
        }
        let Some(best) = offers.iter().map(|(length, _)| *length).max() else { return false };
        offers.iter().filter(|(length, _)| *length == best).all(|(_, offer)| match offer {
            Some((gateway, attachment)) => self.enters(gateway, attachment, TTL),
            None => false,
        })
    }

    fn in_subnet(&self, vpc: &Vpc, subnet: &Subnet, ttl: usize) -> bool {
        if vpc.cidrs.iter().any(|cidr| cidr.contains(&self.destination)) {
            return self.lands_in(&vpc.name);
        }
        let Routing::Known { subnets, tables } = &vpc.routing else { unreachable!() };
        let table = tables.iter().find(|table| table.name == subnet.table).unwrap();
        let matching: Vec<_> = table.routes.iter().filter(|r| r.destination.contains(&self.destination)).collect();
        let Some(best) = matching.iter().map(|route| route.destination.prefix_len()).max() else { return false };
        matching.iter().filter(|route| route.destination.prefix_len() == best).all(|route| {
            let VpcTarget::Gateway(name) = &route.target else { return false };
            let mine = |a: &Attachment| matches!(&a.to, Attached::Vpc { vpc: attached, .. } if *attached == vpc.name);
            let Some((gateway, attachment)) = self.attachments().find(|(g, a)| g.name == *name && mine(a)) else {
                return false;
            };
            let Attached::Vpc { subnets: within, .. } = &attachment.to else { unreachable!() };
            let zone_of = |name: &String| &subnets.iter().find(|subnet| subnet.name == *name).unwrap().zone;
            let served = within.is_empty()
                || subnet.zone.is_none()
                || within.iter().any(|name| zone_of(name).is_none() || *zone_of(name) == subnet.zone);
            served && self.enters(gateway, attachment, ttl)
        })
    }

    fn enters(&self, gateway: &Gateway, from: &Attachment, ttl: usize) -> bool {
        if ttl == 0 || from.state != State::Open {
            return false;
        }
        let Some(table) = gateway.tables.iter().find(|table| Some(&table.name) == from.table.as_ref()) else {
            return false;
        };
        let find = |name: &str| gateway.attachments.iter().find(|attachment| attachment.name == name).unwrap();
        // (length, preference, where): the longest first, then the most preferred.
        let mut routes: Vec<(u8, i32, Option<&Attachment>)> = vec![];
        for route in &table.routes {
            let to = match &route.target {
                TransitTarget::Attachment(name) => Some(find(name)),
                TransitTarget::Blackhole => None,
            };
            let preference = match (route.origin, to.map(|to| &to.to)) {
                (Origin::Static, _) => 9,
                (Origin::PrefixList, _) => 8,
                (Origin::Propagated, None | Some(Attached::Vpc { .. })) => 7,
                (Origin::Propagated, Some(Attached::Line { .. })) => 6,
                (Origin::Propagated, Some(Attached::Peering)) => 5,
            };
            if route.destination.contains(&self.destination) {
                routes.push((route.destination.prefix_len(), preference, to));
            }
        }
        for name in &table.propagations {
            let to = find(name);
            let (learned, preference) = match &to.to {
                Attached::Vpc { vpc, .. } => (&self.vpc(vpc).cidrs, 7),
                Attached::Line { learned, .. } => (learned, 6),
                Attached::Peering => unreachable!(),
            };
            for cidr in learned.iter().filter(|cidr| cidr.contains(&self.destination)) {
                routes.push((cidr.prefix_len(), preference, Some(to)));
            }
        }
        routes.retain(|(_, _, to)| to.is_none_or(|to| to.state == State::Open));
        let Some(best) = routes.iter().map(|(length, preference, _)| (*length, *preference)).max() else {
            return false;
        };
        routes.iter().filter(|(length, preference, _)| (*length, *preference) == best).all(|(_, _, to)| match to {
            None => false,
            Some(to) => self.comes_out(to, ttl - 1),
        })
    }

    fn comes_out(&self, attachment: &Attachment, ttl: usize) -> bool {
        match &attachment.to {
            Attached::Line { line, .. } => matches!(&self.to.at, At::Outside { lines, .. } if lines.contains(line)),
            Attached::Peering => matches!(&self.to.at, At::Peer { attachment: at, .. } if *at == attachment.name),
            Attached::Vpc { vpc: name, subnets: within } => {
                let vpc = self.vpc(name);
                if vpc.cidrs.iter().any(|cidr| cidr.contains(&self.destination)) {
                    return self.lands_in(name);
                }
                let Routing::Known { subnets, .. } = &vpc.routing else { return false };
                let through = |name: &String| {
                    let subnet = subnets.iter().find(|subnet| subnet.name == *name).unwrap();
                    self.in_subnet(vpc, subnet, ttl)
                };
                !within.is_empty() && within.iter().all(through)
            }
        }
    }

    fn lands_in(&self, name: &str) -> bool {
        matches!(&self.to.at, At::Vpc { vpc, .. } if vpc == name)
    }
}

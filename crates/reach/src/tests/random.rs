//! Random networks over 10.0.0.0/26, out of a string of bytes: shorter strings and smaller bytes make simpler networks, so
//! that a failure shrinks.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::network::*;

struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn below(&mut self, sides: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % sides)
    }

    /// True once in so many throws.
    fn once_in(&mut self, throws: usize) -> bool {
        self.below(throws) == throws - 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn some<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        from.iter().filter(|_| self.below(2) == 0).cloned().collect()
    }

    fn many<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn prefix(&mut self, shortest: u8, longest: u8) -> Ipv4Net {
        let length = shortest + self.below(usize::from(longest - shortest) + 1) as u8;
        let address = Ipv4Addr::new(10, 0, 0, self.below(64) as u8);
        Ipv4Net::new(address, length).unwrap().trunc()
    }

    /// Mostly one that matters.
    fn destination(&mut self, known: &[Ipv4Net]) -> Ipv4Net {
        if !known.is_empty() && self.below(3) < 2 { self.pick(known) } else { self.prefix(25, 32) }
    }

    fn state(&mut self, throws: usize) -> State {
        if self.once_in(throws) { State::Waiting { reason: "theirs to do".into() } } else { State::Open }
    }
}

fn name(letter: &str, number: usize) -> String {
    format!("{letter}{number}")
}

pub(super) fn network(bytes: &[u8]) -> Network {
    // Half for the ways, half for the ends: else a short string would leave nothing for groups.
    let (ways, ends) = bytes.split_at(bytes.len() / 2);
    let (mut dice, mut end_dice) = (Dice(ways.iter()), Dice(ends.iter()));
    let gateways = 1 + usize::from(dice.once_in(3));
    let ranges: Vec<Vec<Ipv4Net>> =
        (0..4).map(|_| (0..=dice.below(2)).map(|_| dice.prefix(27, 30)).collect()).collect();
    let known: Vec<Ipv4Net> = ranges.concat();
    let mut vpcs: Vec<Vpc> = (0..=dice.below(3)).map(|number| vpc(&mut dice, number, gateways, &known)).collect();
    let known: Vec<Ipv4Net> = known.into_iter().chain(vpcs.iter().flat_map(|vpc| vpc.cidrs.clone())).collect();
    let mut gateways: Vec<Gateway> = (0..gateways).map(|number| gateway(&mut dice, number, &vpcs, &known)).collect();
    let dice = &mut end_dice;
    if dice.once_in(2) {
        detour(dice, &mut vpcs, &mut gateways[0], &known);
    }
    let groups: Vec<String> = (0..dice.below(3)).map(|number| name("group", number)).collect();
    let places = places(dice, &ranges, &vpcs, &gateways, &groups);
    let group = |group: &String| SecurityGroup {
        name: group.clone(),
        ingress: dice.many(5, |dice| rule(dice, &known, &groups)),
        egress: dice.many(5, |dice| rule(dice, &known, &groups)),
    };
    let groups = groups.iter().map(group).collect();
    Network { vpcs, gateways, groups, places }
}

fn vpc(dice: &mut Dice, number: usize, gateways: usize, known: &[Ipv4Net]) -> Vpc {
    let cidrs: Vec<Ipv4Net> = (0..=dice.below(2)).map(|_| dice.prefix(27, 30)).collect();
    if dice.once_in(3) {
        return Vpc { name: name("vpc", number), cidrs, routing: Routing::Assumed };
    }
    let tables: Vec<VpcTable> = (0..=dice.below(2))
        .map(|number| VpcTable {
            name: name("rtb", number),
            routes: dice.many(4, |dice| vpc_route(dice, gateways, known)),
        })
        .collect();
    let mut subnets: Vec<Subnet> = vec![];
    for cidr in cidrs.iter().flat_map(|cidr| cidr.subnets(cidr.prefix_len() + 1).unwrap()) {
        let over = |subnet: &Subnet| subnet.cidr.contains(&cidr) || cidr.contains(&subnet.cidr);
        if subnets.iter().any(over) || (!subnets.is_empty() && dice.once_in(4)) {
            continue;
        }
        let zone = [Some("a".to_string()), Some("c".to_string()), None];
        let (zone, table) = (dice.pick(&zone), dice.pick(&tables).name);
        subnets.push(Subnet { name: name("subnet", subnets.len()), cidr, zone, table });
    }
    Vpc { name: name("vpc", number), cidrs, routing: Routing::Known { subnets, tables } }
}

fn vpc_route(dice: &mut Dice, gateways: usize, known: &[Ipv4Net]) -> VpcRoute {
    let target = match dice.below(8) {
        6 => VpcTarget::Blackhole,
        7 => VpcTarget::Other("nat".into()),
        _ => VpcTarget::Gateway(name("tgw", dice.below(gateways))),
    };
    let destination = if dice.below(2) == 0 { dice.prefix(25, 27) } else { dice.destination(known) };
    VpcRoute { destination, target }
}

fn gateway(dice: &mut Dice, number: usize, vpcs: &[Vpc], known: &[Ipv4Net]) -> Gateway {
    let tables: Vec<String> = (0..=dice.below(3)).map(|number| name("rt", number)).collect();
    let mut attachments = vec![];
    let mut attach = |dice: &mut Dice, to: Attached| {
        let table = (!dice.once_in(10)).then(|| dice.pick(&tables));
        let name = format!("{number}-{}", attachments.len());
        attachments.push(Attachment { name, to, state: dice.state(10), table });
    };
    for vpc in vpcs {
        if dice.once_in(5) {
            continue;
        }
        let subnets = match &vpc.routing {
            Routing::Known { subnets, .. } => {
                let names: Vec<String> = subnets.iter().map(|subnet| subnet.name.clone()).collect();
                dice.some(&names)
            }
            Routing::Assumed => vec![],
        };
        attach(dice, Attached::Vpc { vpc: vpc.name.clone(), subnets });
    }
    for _ in 0..dice.below(3) {
        let line = name("line", dice.below(2));
        let advertised = dice.many(4, |dice| dice.destination(known));
        let learned = dice.many(3, |dice| dice.destination(known));
        attach(dice, Attached::Line { line, advertised, learned });
    }
    if dice.once_in(2) {
        attach(dice, Attached::Peering);
    }
    let table = |name: &String| {
        let learns = |a: &&Attachment| !matches!(a.to, Attached::Peering);
        let able: Vec<String> = attachments.iter().filter(learns).map(|a| a.name.clone()).collect();
        let propagations = dice.some(&able);
        TransitTable { name: name.clone(), propagations, routes: dice.many(4, |dice| route(dice, &attachments, known)) }
    };
    let tables = tables.iter().map(table).collect();
    Gateway { name: name("tgw", number), attachments, tables }
}

/// Sends a range into a VPC that sends it on: by chance alone, hardly any such packet arrives.
fn detour(dice: &mut Dice, vpcs: &mut [Vpc], gateway: &mut Gateway, known: &[Ipv4Net]) {
    if gateway.attachments.is_empty() {
        return;
    }
    let destination = dice.pick(known);
    let (to, last) = (dice.pick(&gateway.attachments), dice.pick(&gateway.attachments));
    let Attached::Vpc { vpc, .. } = &to.to else { return };
    let through = vpcs.iter_mut().find(|known| known.name == *vpc);
    let Some(Vpc { routing: Routing::Known { tables, .. }, .. }) = through else { return };
    for table in tables {
        table.routes.push(VpcRoute { destination, target: VpcTarget::Gateway(gateway.name.clone()) });
    }
    for table in &mut gateway.tables {
        let next = if to.table.as_ref() == Some(&table.name) { &last } else { &to };
        let target = TransitTarget::Attachment(next.name.clone());
        table.routes.insert(0, TransitRoute { destination, target, origin: Origin::Static });
    }
}

fn route(dice: &mut Dice, attachments: &[Attachment], known: &[Ipv4Net]) -> TransitRoute {
    let target = match attachments.get(dice.below(attachments.len() + 1)) {
        Some(attachment) => TransitTarget::Attachment(attachment.name.clone()),
        None => TransitTarget::Blackhole,
    };
    let origin = dice.pick(&[Origin::Static, Origin::Propagated, Origin::PrefixList]);
    TransitRoute { destination: dice.destination(known), target, origin }
}

fn rule(dice: &mut Dice, known: &[Ipv4Net], groups: &[String]) -> Rule {
    let protocol = dice.pick(&[Protocol::Tcp, Protocol::All, Protocol::Udp, Protocol::Icmp, Protocol::Number(50)]);
    let ports = [None, Some((10, 10)), Some((10, 20)), Some((15, 30))];
    let peer = match dice.below(8) {
        7 | 6 => Peer::Group(dice.pick(groups)),
        5 => Peer::Assumed { name: "pl".into(), outside: dice.once_in(2) },
        _ => Peer::Cidr(dice.destination(known)),
    };
    Rule { protocol, ports: dice.pick(&ports), peer }
}

fn places(
    dice: &mut Dice,
    ranges: &[Vec<Ipv4Net>],
    vpcs: &[Vpc],
    gateways: &[Gateway],
    groups: &[String],
) -> Vec<Place> {
    let lines = [name("line", 0), name("line", 1)];
    let mut ats = vec![];
    for ranges in &ranges[..1 + dice.below(2)] {
        ats.push(At::Outside { lines: dice.some(&lines), ranges: ranges.clone() });
    }
    for vpc in vpcs {
        let Routing::Known { subnets, .. } = &vpc.routing else {
            ats.push(At::Vpc { vpc: vpc.name.clone(), subnets: vec![], addresses: vec![] });
            continue;
        };
        for _ in 0..=dice.below(2) {
            let chosen = dice.some(subnets);
            let within = if chosen.is_empty() { subnets } else { &chosen };
            let addresses = dice.many(3, |dice| {
                let cidr = dice.pick(within).cidr;
                Ipv4Addr::from_bits(cidr.network().to_bits() + dice.below(1 << (32 - cidr.prefix_len())) as u32)
            });
            let subnets = chosen.iter().map(|subnet| subnet.name.clone()).collect();
            ats.push(At::Vpc { vpc: vpc.name.clone(), subnets, addresses });
        }
    }
    for attachment in gateways.iter().flat_map(|gateway| &gateway.attachments) {
        if attachment.to == Attached::Peering {
            ats.push(At::Peer { attachment: attachment.name.clone(), ranges: ranges[2].clone() });
        }
    }
    let services = [Service::tcp(10), Service::udp(17), Service { protocol: Protocol::Icmp, port: Some(0) }];
    let place = |(number, at)| Place {
        state: dice.state(16),
        talk: if dice.once_in(4) { dice.pick(&[Talk::Answers, Talk::Asks]) } else { Talk::Both },
        groups: dice.some(groups),
        services: if dice.once_in(3) { dice.some(&services) } else { vec![] },
        ..Place::new(name("place", number), at)
    };
    ats.into_iter().enumerate().map(place).collect()
}

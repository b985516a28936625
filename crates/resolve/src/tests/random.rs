//! Random descriptions over a handful of names, out of a string of bytes: shorter strings and smaller bytes make simpler
//! ones, so that a failure shrinks.

use std::net::IpAddr;

use super::name;
use crate::*;

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

    fn domain(&mut self) -> Name {
        name(self.pick(&DOMAINS))
    }

    /// Mostly somebody who is there: an endpoint, a server; else an address that answers nobody, or that nobody has.
    fn targets(&mut self, known: &[IpAddr]) -> Vec<IpAddr> {
        if self.once_in(12) {
            return vec![];
        }
        (0..=self.below(2))
            .map(|_| if self.below(8) < 7 { self.pick(known) } else { address(LOST[self.below(4)]) })
            .collect()
    }
}

/// What rules, zones and servers are about. The first ones come often: everything in one another's way.
pub(super) const DOMAINS: [&str; 16] = [
    "a",
    "a.a",
    "b.a",
    "a",
    "a.a",
    ".",
    "a.a.a",
    "b",
    "b.a.a",
    "localhost",
    "in-addr.arpa",
    "10.in-addr.arpa",
    "0.10.in-addr.arpa",
    "0.0.10.in-addr.arpa",
    "1.0.0.10.in-addr.arpa",
    "4.0.10.in-addr.arpa",
];

/// What is asked for, besides what has records.
pub(super) const ASKED: [&str; 15] = [
    ".",
    "c",
    "a",
    "c.a",
    "a.a",
    "c.a.a",
    "a.a.a",
    "c.b.a.a",
    "b.a",
    "x.localhost",
    "1.0.0.10.in-addr.arpa",
    "9.0.0.10.in-addr.arpa",
    "3.4.0.10.in-addr.arpa",
    "9.9.9.10.in-addr.arpa",
    "1.0.0.127.in-addr.arpa",
];

/// An outbound endpoint's, a VPC's resolver's, every VPC's resolver's, nobody's.
const LOST: [&str; 4] = ["10.0.0.20", "10.0.0.2", "169.254.169.253", "192.0.2.1"];

pub(super) const TYPES: [RecordType; 5] =
    [RecordType::A, RecordType::Txt, RecordType::Cname, RecordType::Ns, RecordType::Soa];

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn named(letter: &str, number: usize) -> String {
    format!("{letter}{number}")
}

pub(super) fn model(bytes: &[u8]) -> Resolution {
    // Half for who forwards, half for what is in zones: else a short string would leave nothing for the records.
    let (ways, contents) = bytes.split_at(bytes.len() / 2);
    let (dice, zone_dice) = (&mut Dice(ways.iter()), &mut Dice(contents.iter()));
    let vpcs: Vec<Vpc> = (0..=dice.below(3)).map(|number| vpc(dice, number)).collect();
    let names: Vec<String> = vpcs.iter().map(|vpc| vpc.name.clone()).collect();
    let (inbound, servers) = (dice.below(4), dice.below(3));
    let endpoint = |dice: &mut Dice<'_>, number| Inbound {
        id: named("in", number),
        vpc: dice.pick(&names),
        addresses: vec![address(&format!("10.9.{number}.10")), address(&format!("10.9.{number}.11"))],
    };
    let inbound: Vec<Inbound> = (0..inbound).map(|number| endpoint(dice, number)).collect();
    let outbound = Outbound { id: "out".into(), vpc: names[0].clone(), addresses: vec![address(LOST[0])] };
    let mut known: Vec<IpAddr> = inbound.iter().flat_map(|endpoint| endpoint.addresses.clone()).collect();
    known.extend((0..servers).map(|number| address(&format!("172.16.0.{number}"))));
    known.push(address(LOST[3]));
    let servers = (0..servers).map(|number| server(dice, number, &known)).collect();
    let rules = (0..dice.below(6)).map(|number| rule(dice, number, &names, &known)).collect();
    let zones = (0..zone_dice.below(5)).map(|number| zone(zone_dice, number, &names)).collect();
    Resolution { region: "r".into(), vpcs, zones, rules, inbound, outbound: vec![outbound], servers }
}

fn vpc(dice: &mut Dice<'_>, number: usize) -> Vpc {
    let cidrs = ["10.0.0.0/24", "10.0.4.0/23", "10.0.0.0/26", "192.0.2.0/28"];
    let cidr = |dice: &mut Dice<'_>| dice.pick(&cidrs).parse().unwrap();
    Vpc {
        name: named("v", number),
        cidrs: vec![cidr(dice)],
        connected: if dice.once_in(3) { vec![cidr(dice)] } else { vec![] },
        dns_support: !dice.once_in(12),
        dns_hostnames: !dice.once_in(6),
        autodefined_reverse: !dice.once_in(4),
        seen: !dice.once_in(2),
    }
}

fn rule(dice: &mut Dice<'_>, number: usize, vpcs: &[String], known: &[IpAddr]) -> Rule {
    let action = if dice.once_in(5) {
        Action::System
    } else {
        Action::Forward { targets: dice.targets(known), endpoint: Some("out".into()) }
    };
    Rule { id: named("r", number), domain: dice.domain(), action, vpcs: dice.some(vpcs) }
}

fn server(dice: &mut Dice<'_>, number: usize, known: &[IpAddr]) -> Server {
    let forwards = (0..dice.below(4)).map(|_| Conditional { domain: dice.domain(), to: dice.targets(known) }).collect();
    Server {
        name: named("s", number),
        addresses: vec![address(&format!("172.16.0.{number}"))],
        answers: (0..dice.below(2)).map(|_| dice.domain()).collect(),
        forwards,
        otherwise: if dice.once_in(2) { Otherwise::Unstated } else { Otherwise::Internet },
    }
}

fn zone(dice: &mut Dice<'_>, number: usize, vpcs: &[String]) -> Zone {
    let apex = dice.domain();
    let contents = if dice.once_in(4) {
        Contents::Unseen
    } else {
        let names = (0..dice.below(7)).map(|_| record_name(dice, &apex));
        let names: std::collections::BTreeSet<Name> = names.collect();
        Contents::Known(names.iter().flat_map(|name| at_name(dice, name, &apex)).collect())
    };
    Zone { id: named("z", number), apex, owner: named("o", dice.below(2)), vpcs: dice.some(vpcs), contents }
}

fn below(label: &str, domain: &Name) -> Name {
    if domain.is_root() { name(label) } else { name(&format!("{label}.{domain}")) }
}

fn record_name(dice: &mut Dice<'_>, apex: &Name) -> Name {
    match dice.below(8) {
        0 => apex.clone(),
        1 | 2 => below("*", apex),
        3 => below("a", apex),
        4 => below("c", apex),
        5 => below("c", &below("b", apex)),
        6 => below("*", &below("a", apex)),
        _ => below("1", &below("0", apex)),
    }
}

/// One or two sets, never a CNAME beside others.
fn at_name(dice: &mut Dice<'_>, record: &Name, apex: &Name) -> Vec<RecordSet> {
    let set = |data| RecordSet { name: record.clone(), ttl: Some(60), data };
    if record != apex && dice.below(5) < 2 {
        let cname = |dice: &mut Dice<'_>| set(Data::Cname { target: target(dice, apex) });
        return (0..=usize::from(dice.once_in(6))).map(|_| cname(dice)).collect();
    }
    let other = |dice: &mut Dice<'_>, value: usize| {
        let values = |record_type| Data::Values { record_type, values: vec![named("value", value)] };
        set(match dice.below(8) {
            0..=2 => values(RecordType::A),
            3 => values(RecordType::Txt),
            4 => values(if record.is_wildcard() { RecordType::A } else { RecordType::Ns }),
            5 => Data::Alias { record_type: RecordType::A, to: Alias::Resource(name("vpce.example")) },
            _ => Data::Alias { record_type: RecordType::A, to: Alias::Record(record_name(dice, apex)) },
        })
    };
    (0..=dice.below(2)).map(|value| other(dice, value)).collect()
}

/// Where a CNAME leads: in the zone or anywhere.
fn target(dice: &mut Dice<'_>, apex: &Name) -> Name {
    if dice.once_in(2) {
        return name(dice.pick(&ASKED));
    }
    let inside = record_name(dice, apex);
    if inside.is_wildcard() { below("b", apex) } else { inside }
}

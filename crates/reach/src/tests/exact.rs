//! Every address pair of random networks, computed and walked.

use std::{collections::BTreeSet, net::Ipv4Addr};

use ipnet::Ipv4Net;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{brute, random};
use crate::{network::*, *};

fn addresses(nets: &[Ipv4Net]) -> BTreeSet<Ipv4Addr> {
    // hosts() leaves out the ends of a range; routers do not.
    nets.iter().flat_map(|net| net.network().to_bits()..=net.broadcast().to_bits()).map(Ipv4Addr::from_bits).collect()
}

/// The addresses of a place, read off the description.
fn ranges(network: &Network, place: &Place) -> Vec<Ipv4Net> {
    match &place.at {
        At::Outside { ranges, .. } | At::Peer { ranges, .. } => ranges.clone(),
        At::Vpc { addresses, .. } if !addresses.is_empty() => addresses.iter().map(|a| Ipv4Net::from(*a)).collect(),
        At::Vpc { vpc, subnets: chosen, .. } => {
            let vpc = network.vpcs.iter().find(|known| known.name == *vpc).unwrap();
            match &vpc.routing {
                Routing::Assumed => vpc.cidrs.clone(),
                Routing::Known { subnets, .. } => {
                    let all = subnets.iter().filter(|s| chosen.is_empty() || chosen.contains(&s.name));
                    all.map(|subnet| subnet.cidr).collect()
                }
            }
        }
    }
}

/// Whether what nobody can see takes part in a pair that works.
fn rests_on_assumptions(network: &Network, from: &Place, to: &Place) -> bool {
    let foreign = |place: &Place| match &place.at {
        At::Outside { .. } => false,
        At::Peer { .. } => true,
        At::Vpc { vpc, .. } => network.vpcs.iter().any(|known| known.name == *vpc && known.routing == Routing::Assumed),
    };
    let together = matches!((&from.at, &to.at), (At::Vpc { vpc: a, .. }, At::Vpc { vpc: b, .. }) if a == b);
    (foreign(from) || foreign(to)) && !together
}

/// The same network without the rules of which nobody can tell whom they mean.
fn strict(network: &Network) -> Network {
    let mut strict = network.clone();
    for group in &mut strict.groups {
        for rules in [&mut group.ingress, &mut group.egress] {
            rules.retain(|rule| !matches!(rule.peer, Peer::Assumed { .. }));
        }
    }
    strict
}

const MUSTS: [Must; 4] = [Must::Reach, Must::ReachWhenOpen, Must::NotReach, Must::NotArrive];

/// Of all that could be required of a pair, what does not hold.
fn broken(network: &Network, from: &Place, to: &Place) -> Vec<Must> {
    let demand = |must| Requirement { from: from.name.clone(), to: to.name.clone(), must, why: String::new() };
    let violations = check(network, &MUSTS.map(demand)).unwrap();
    violations.into_iter().map(|violation| violation.requirement.must).collect()
}

/// One pair: the flows are all of its packets, each once, and each is what the walk says.
fn compare(network: &Network, from: &Place, to: &Place) -> Result<(), TestCaseError> {
    let paths = path(network, &from.name, &to.name).unwrap();
    let services: BTreeSet<Option<Service>> = paths.flows.iter().map(|flow| flow.service).collect();
    let offered = [&to.services, &from.services].into_iter().find(|services| !services.is_empty());
    let expected = offered.map_or_else(|| [None].into(), |all| all.iter().copied().map(Some).collect());
    prop_assert_eq!(&services, &expected);
    let strict = strict(network);
    let (mut arrives, mut answered, mut packets) = (false, 0, 0);
    let mut seen = BTreeSet::new();
    for flow in &paths.flows {
        for source in addresses(&flow.sources) {
            for destination in addresses(&flow.destinations) {
                prop_assert!(seen.insert((source, destination, flow.service)), "twice: {source} {destination}");
                let fate = brute::fate(network, (from, source), (to, destination), flow.service);
                let computed = brute::Fate { arrives: flow.arrives(), answered: flow.passes() };
                prop_assert_eq!(&fate, &computed, "{} to {}: {:#?}", source, destination, flow);
                if flow.passes() {
                    let sure = brute::fate(&strict, (from, source), (to, destination), flow.service).answered;
                    let assumes = !sure || rests_on_assumptions(network, from, to);
                    prop_assert_eq!(!flow.assumes().is_empty(), assumes, "{:#?}", flow);
                }
                arrives |= fate.arrives;
                answered += usize::from(fate.answered);
                packets += 1;
            }
        }
    }
    let pairs = addresses(&ranges(network, from)).len() * addresses(&ranges(network, to)).len();
    prop_assert_eq!(packets, pairs * services.len());
    match &paths.verdict {
        Verdict::Reaches { .. } => prop_assert_eq!(answered, packets),
        Verdict::Partly { .. } => prop_assert!(answered > 0 && answered < packets),
        Verdict::Blocked { .. } | Verdict::Outside => prop_assert_eq!(answered, 0),
    }
    if !network.waits() && paths.verdict != Verdict::Outside {
        let broken = broken(network, from, to);
        prop_assert_eq!(broken.contains(&Must::Reach), answered < packets);
        prop_assert_eq!(broken.contains(&Must::NotReach), answered > 0);
        prop_assert_eq!(broken.contains(&Must::NotArrive), arrives);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_packet_of_every_pair_meets_its_computed_fate(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let network = random::network(&bytes);
        let matrix = matrix(&network).unwrap();
        for from in &network.places {
            for to in network.places.iter().filter(|to| to.name != from.name) {
                compare(&network, from, to)?;
                let paths = path(&network, &from.name, &to.name).unwrap();
                prop_assert_eq!(matrix.verdict(&from.name, &to.name), Some(&paths.verdict));
            }
        }
    }

    #[test]
    fn what_waits_is_decided_as_if_it_were_open(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let network = random::network(&bytes);
        let open = network.when_open();
        prop_assert!(!open.waits());
        for from in &network.places {
            for to in &network.places {
                let (now, later) = (path(&network, &from.name, &to.name).unwrap(), path(&open, &from.name, &to.name).unwrap());
                let both = || now.flows.iter().chain(&later.flows);
                let expected = MUSTS.into_iter().filter(|must| now.verdict == Verdict::Outside || match must {
                    Must::Reach => !now.verdict.reaches(),
                    Must::ReachWhenOpen => !later.verdict.reaches(),
                    Must::NotReach => both().any(Flow::passes),
                    Must::NotArrive => both().any(Flow::arrives),
                });
                prop_assert_eq!(broken(&network, from, to), expected.collect::<Vec<_>>());
            }
        }
    }
}

/// A generator that met no loop would prove nothing about loops.
#[test]
fn the_random_networks_meet_every_verdict_and_every_reason() {
    let mut runner = TestRunner::deterministic();
    let bytes = prop::collection::vec(any::<u8>(), 300..600);
    let mut met = BTreeSet::new();
    for _ in 0..400 {
        let network = random::network(&bytes.new_tree(&mut runner).unwrap().current());
        for cell in matrix(&network).unwrap().cells {
            let paths = path(&network, &cell.from, &cell.to).unwrap();
            let json = serde_json::to_value(&cell).unwrap();
            met.insert(json["verdict"].as_str().unwrap().to_string());
            for stop in json["stops"].as_array().into_iter().flatten() {
                let (leg, why) = (&stop["stop"]["leg"], &stop["stop"]["why"]["kind"]);
                met.insert(format!("{} {}", leg.as_str().unwrap(), why.as_str().unwrap()));
            }
            met.extend(paths.flows.iter().filter(|flow| flow.arrives()).flat_map(marks).map(str::to_string));
        }
    }
    insta::assert_snapshot!(met.into_iter().collect::<Vec<_>>().join("\n"));
}

/// What is worth meeting on a way that arrives.
fn marks(flow: &Flow) -> Vec<&'static str> {
    let guards = flow.there.hops.iter().filter(|hop| matches!(hop, Hop::Group { .. })).count();
    let balanced =
        |hop: &Hop| matches!(hop, Hop::TransitTable { equal, .. } | Hop::Line { equal, .. } if !equal.is_empty());
    let hops = flow.there.hops.iter().filter(|hop| matches!(hop, Hop::TransitTable { .. })).count();
    let marks = [
        (flow.there.hops.iter().any(balanced), "arrives balanced"),
        (hops > 1, "arrives through a VPC"),
        (guards == 1, "arrives past one guard"),
        (flow.assumes().iter().any(|by| matches!(by, Assumption::Rule { .. })), "arrives past a rule that is assumed"),
        (guards == 2 && flow.service.is_some(), "arrives past two guards with a service"),
        (guards == 2 && flow.service.is_none(), "arrives past two guards with any packet"),
    ];
    marks.into_iter().filter_map(|(met, mark)| met.then_some(mark)).collect()
}

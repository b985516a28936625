//! Every name from everywhere in random descriptions, computed and walked.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    brute::{Brute, Decider, Onward, Place},
    name, random,
};
use crate::*;

fn word(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Records { zone, record, ttl, data } => {
            let set = RecordSet { name: record.clone(), ttl: *ttl, data: data.clone() };
            format!("records {zone} {set:?}")
        }
        Outcome::Apex { zone } => format!("apex {zone}"),
        Outcome::NoData { zone } => format!("nodata {zone}"),
        Outcome::NxDomain { zone } => format!("nxdomain {zone}"),
        Outcome::Delegated { zone, record } => format!("delegated {zone} {record}"),
        Outcome::Unseen { zone, .. } => format!("unseen {zone}"),
        Outcome::Amazon { domain } => format!("amazon {domain}"),
        Outcome::Internet => "internet".into(),
        Outcome::Answered { server, domain } => format!("answered {server} {domain}"),
        Outcome::Unstated { server } => format!("unstated {server}"),
        Outcome::Stranger { address } => format!("stranger {address}"),
        Outcome::Silence { why: Silence::DnsOff { vpc } } => format!("off {vpc}"),
        Outcome::Silence { why: Silence::OutboundAsked { address, .. } } => format!("outbound {address}"),
        Outcome::Silence { why: Silence::ResolverAsked { address, .. } } => format!("resolver {address}"),
        Outcome::Silence { why: Silence::NoTarget } => "no target".into(),
        Outcome::Silence { why: Silence::NoInbound } => "no inbound".into(),
        Outcome::Loop { .. } | Outcome::CnameLoop { .. } => return None,
    })
}

/// Everything that is asked for: some names that are nowhere, and all that have records.
pub(super) fn asked(model: &Resolution) -> BTreeSet<Name> {
    let mut all: BTreeSet<Name> = random::ASKED.into_iter().chain(random::DOMAINS).map(name).collect();
    for zone in &model.zones {
        if let Contents::Known(sets) = &zone.contents {
            all.extend(sets.iter().map(|set| set.name.clone()));
        }
    }
    all
}

pub(super) fn places(model: &Resolution) -> Vec<(Asker, Place<'_>)> {
    let vpcs = model.vpcs.iter().map(|vpc| (Asker::Vpc(vpc.name.clone()), Place::Vpc(vpc)));
    let servers = model.servers.iter().map(|server| (Asker::Server(server.name.clone()), Place::Server(server)));
    vpcs.chain(servers).collect()
}

fn forwards(hops: &[Hop]) -> bool {
    hops.iter().any(|hop| matches!(hop, Hop::Forward { .. } | Hop::Passed { .. }))
}

/// The answer has every end of every way and no other, and says rightly whether some way or every way goes round.
fn compare(model: &Resolution, answer: &Answer, place: Place<'_>) -> Result<(), TestCaseError> {
    let brute = Brute { model, record_type: Some(answer.record_type) };
    let fate = brute.fate(place, &answer.name);
    let ends: Vec<String> = answer.ways.iter().filter_map(|way| word(&way.outcome)).collect();
    prop_assert_eq!(ends.iter().cloned().collect::<BTreeSet<_>>(), fate.ends.clone(), "{:#?}", answer);
    prop_assert_eq!(ends.len(), fate.ends.len(), "an end is told twice: {:#?}", answer);
    let circles = match (fate.by_names || fate.by_forwarding, fate.ends.is_empty()) {
        (false, _) => Circles::Never,
        (true, false) => Circles::Sometimes,
        (true, true) => Circles::Always,
    };
    prop_assert_eq!(answer.circles, circles, "{:#?}", answer);
    for way in &answer.ways {
        let deciding =
            |vpc: &&Vpc| way.hops.iter().any(|hop| matches!(hop, Hop::Vpc { vpc: at, .. } if *at == vpc.name));
        let unseen = model.vpcs.iter().filter(|vpc| !vpc.seen).filter(deciding);
        prop_assert_eq!(&way.assumes, &unseen.map(|vpc| vpc.name.clone()).collect::<Vec<_>>());
        match way.outcome {
            Outcome::Loop { start } => {
                prop_assert!(fate.by_forwarding && start < way.hops.len() && forwards(&way.hops[start..]));
            }
            Outcome::CnameLoop { start } => {
                prop_assert!(fate.by_names && start < way.hops.len() && !forwards(&way.hops[start..]));
            }
            _ => {}
        }
        retrace(&brute, way, place, &answer.name)?;
    }
    Ok(())
}

/// Every hop of a way is one that can be taken from where the hops before it lead to.
pub(super) fn retrace(brute: &Brute<'_>, way: &Way, start: Place<'_>, asked: &Name) -> Result<(), TestCaseError> {
    let model = brute.model;
    let (mut place, mut current) = (Some(start), asked.clone());
    for hop in &way.hops {
        match (hop, place) {
            (Hop::Vpc { vpc, name, decides, rivals, beaten }, Some(Place::Vpc(at))) => {
                prop_assert_eq!((vpc, name), (&at.name, &current));
                let first = brute.first(at, name);
                let told: Vec<&Candidate> = [decides].into_iter().chain(rivals).collect();
                prop_assert_eq!(told.len(), first.len(), "{:?}", first);
                prop_assert!(told.iter().all(|candidate| first.iter().any(|decider| is(candidate, decider))));
                if !matches!(decides, Candidate::System { .. }) {
                    let others =
                        beaten.iter().filter(|beaten| !matches!(beaten.candidate, Candidate::Autodefined { .. }));
                    let others = told.iter().copied().chain(others.map(|beaten| &beaten.candidate));
                    let matching = brute.matching(at, name);
                    let made: Vec<&Candidate> =
                        others.filter(|told| matching.iter().any(|other| is(told, other))).collect();
                    prop_assert_eq!(made.len(), matching.len(), "{:?}", hop);
                }
            }
            (Hop::Locally { vpc, name, decides, .. }, Some(Place::Vpc(at))) => {
                prop_assert_eq!((vpc, name), (&at.name, &current));
                prop_assert!(brute.last(at, name).iter().any(|decider| is(decides, decider)));
            }
            (Hop::Server { server, name, .. }, Some(Place::Server(at))) => {
                prop_assert_eq!((server, name), (&at.name, &current));
            }
            (Hop::Forward { target, .. } | Hop::Passed { target, .. }, Some(at)) => {
                let mut onward = brute.onward(at, &current).into_iter();
                place = onward
                    .find_map(|onward| match onward {
                        Onward::Sent { target: other, to, .. } if other == *target => Some(Some(to)),
                        Onward::Lost { target: other, .. } if other == *target => Some(None),
                        _ => None,
                    })
                    .ok_or_else(|| TestCaseError::fail(format!("no such target: {way:#?}")))?;
            }
            (Hop::Inbound { endpoint, vpc }, Some(Place::Vpc(at))) => {
                prop_assert_eq!(vpc, &at.name);
                prop_assert!(model.inbound.iter().any(|known| known.id == *endpoint && known.vpc == *vpc));
            }
            (Hop::Cname { target, .. }, Some(at)) => {
                let onward = brute.onward(at, &current);
                prop_assert!(onward.iter().any(|onward| matches!(onward, Onward::Named(name) if name == target)));
                current = target.clone();
            }
            (Hop::Alias { .. }, Some(Place::Vpc(_))) => {}
            _ => prop_assert!(false, "out of place: {:#?} in {:#?}", hop, way),
        }
    }
    Ok(())
}

fn is(candidate: &Candidate, decider: &Decider<'_>) -> bool {
    match (candidate, decider) {
        (Candidate::Forward { rule: id, domain }, Decider::Rule(rule)) => {
            rule.action != Action::System && rule.id == *id && rule.domain == *domain
        }
        (Candidate::System { rule: id, domain }, Decider::Rule(rule)) => {
            rule.action == Action::System && rule.id == *id && rule.domain == *domain
        }
        (Candidate::Zone { zone: id, .. }, Decider::Zone(zone)) => zone.id == *id,
        (Candidate::Autodefined { domain }, Decider::Amazon(other)) => domain == other,
        (Candidate::Recursive, Decider::Internet) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_query_has_every_fate_that_it_can_meet(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let model = random::model(&bytes);
        let resolver = Resolver::new(&model).unwrap();
        for (from, place) in places(&model) {
            for (number, asked) in asked(&model).iter().enumerate() {
                for record_type in [RecordType::A, random::TYPES[number % random::TYPES.len()]] {
                    compare(&model, &resolver.query(&from, asked, record_type).unwrap(), place)?;
                }
            }
        }
    }
}

/// A generator that met no circle would prove nothing about circles.
#[test]
fn the_random_descriptions_meet_every_outcome_and_every_finding() {
    let mut runner = TestRunner::deterministic();
    let bytes = prop::collection::vec(any::<u8>(), 150..300);
    let mut met = BTreeSet::new();
    for _ in 0..300 {
        let model = random::model(&bytes.new_tree(&mut runner).unwrap().current());
        let resolver = Resolver::new(&model).unwrap();
        for (from, _) in places(&model) {
            for asked in asked(&model) {
                for record_type in random::TYPES {
                    let answer = resolver.query(&from, &asked, record_type).unwrap();
                    met.insert(format!("circles {:?}", answer.circles));
                    for way in answer.ways {
                        met.extend(way.hops.iter().map(|hop| tag(hop, "hop")));
                        met.insert(tag(&way.outcome, "outcome"));
                    }
                }
            }
        }
        for finding in resolver.check() {
            let extra = match &finding {
                Finding::Loop { always, refused, spared, .. } => {
                    format!(" always {always} refused {refused} spared {}", !spared.is_empty())
                }
                Finding::Shadow { winner, loser, .. } => {
                    format!(" {} over {}", tag(winner, "kind"), tag(loser, "kind"))
                }
                _ => String::new(),
            };
            met.insert(tag(&finding, "finding") + &extra);
        }
    }
    insta::assert_snapshot!(met.into_iter().collect::<Vec<_>>().join("\n"));
}

fn tag(value: &impl serde::Serialize, field: &str) -> String {
    let json = serde_json::to_value(value).unwrap();
    let why = json.get("why").map(|why| format!(" {}", why["why"].as_str().or(why.as_str()).unwrap_or("there")));
    format!("{field} {}{}", json[field].as_str().unwrap(), why.unwrap_or_default())
}

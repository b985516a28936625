//! Every name from everywhere in random descriptions, computed and walked.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    brute::{Brute, Decider, Onward, Place, inside},
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
fn asked(model: &Resolution) -> BTreeSet<Name> {
    let mut all: BTreeSet<Name> = random::ASKED.into_iter().chain(random::DOMAINS).map(name).collect();
    for zone in &model.zones {
        if let Contents::Known(sets) = &zone.contents {
            all.extend(sets.iter().map(|set| set.name.clone()));
        }
    }
    all
}

fn places(model: &Resolution) -> Vec<(Asker, Place<'_>)> {
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
fn retrace(brute: &Brute<'_>, way: &Way, start: Place<'_>, asked: &Name) -> Result<(), TestCaseError> {
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

/// Who forwards a name in a circle: the place, by what, the targets that lead back and those that do not, and whether
/// nothing ends.
type Round = (String, Vec<std::net::IpAddr>, Vec<std::net::IpAddr>, bool);

fn rounds(brute: &Brute<'_>, place: Place<'_>, asked: &Name) -> BTreeSet<Round> {
    let mut sent: std::collections::BTreeMap<String, (BTreeSet<_>, BTreeSet<_>)> = Default::default();
    for onward in brute.onward(place, asked) {
        match onward {
            Onward::Sent { by, target, to } => {
                let (back, away) = sent.entry(by).or_default();
                let returns = brute.leads(to, place, asked, &mut vec![]);
                if returns {
                    back.insert(target)
                } else {
                    away.insert(target)
                };
            }
            Onward::Lost { by, target, .. } => drop(sent.entry(by).or_default().1.insert(target)),
            Onward::End(_) | Onward::Named(_) => {}
        }
    }
    let always = brute.fate(place, asked).ends.is_empty();
    let rounds = sent.into_iter().filter(|(_, (back, _))| !back.is_empty()).map(|(by, (back, away))| {
        let at = if let Place::Vpc(vpc) = place { format!("{} {by}", vpc.name) } else { by };
        (at, back.into_iter().collect(), away.into_iter().collect(), always)
    });
    rounds.collect()
}

/// A finding is what the dull walk finds for each of its domains; and what that finds for any name, a finding covers.
fn compare_loops(model: &Resolution, findings: &[Finding]) -> Result<(), TestCaseError> {
    let brute = Brute { model, record_type: None };
    let mut found: Vec<(Round, &[Name])> = vec![];
    for finding in findings {
        let Finding::Loop { at, domains, targets, spared, always, circle, .. } = finding else { continue };
        let (at, place) = match at {
            Forwarder::Vpc { vpc, rule } => {
                (format!("{vpc} {rule}"), Place::Vpc(model.vpcs.iter().find(|known| known.name == *vpc).unwrap()))
            }
            Forwarder::Server { server, domain } => {
                let known = model.servers.iter().find(|known| known.name == *server).unwrap();
                (format!("{server} {domain}"), Place::Server(known))
            }
            Forwarder::Rule { .. } => unreachable!(),
        };
        let round = (at, targets.clone(), spared.clone(), *always);
        for domain in domains {
            prop_assert!(rounds(&brute, place, domain).contains(&round), "{} {:#?}", domain, finding);
        }
        let way = Way { hops: circle.clone(), assumes: vec![], outcome: Outcome::Internet };
        retrace(&brute, &way, place, &domains[0])?;
        found.push((round, domains));
    }
    for (_, place) in places(model) {
        for asked in asked(model) {
            for round in rounds(&brute, place, &asked) {
                let covers = |(known, domains): &(Round, &[Name])| {
                    *known == round && domains.iter().any(|domain| inside(&asked, domain))
                };
                prop_assert!(found.iter().any(covers), "{} {:?} {:#?}", asked, round, findings);
            }
        }
    }
    Ok(())
}

/// Names in a circle are found exactly where asking for them finds one.
fn compare_names(model: &Resolution, findings: &[Finding]) -> Result<(), TestCaseError> {
    let brute = Brute { model, record_type: Some(RecordType::A) };
    let mut any = false;
    for zone in &model.zones {
        let Contents::Known(sets) = &zone.contents else { continue };
        for set in sets.iter().filter(|set| set.record_type() == RecordType::Cname) {
            for vpc in model.vpcs.iter().filter(|vpc| zone.vpcs.contains(&vpc.name)) {
                any |= brute.fate(Place::Vpc(vpc), &set.name).by_names;
            }
        }
    }
    let mut told = false;
    for finding in findings {
        let Finding::CnameLoop { vpc, name, .. } = finding else { continue };
        let vpc = model.vpcs.iter().find(|known| known.name == *vpc).unwrap();
        let fate = brute.fate(Place::Vpc(vpc), name);
        prop_assert!(fate.by_names || fate.by_forwarding, "{:?}", finding);
        told = true;
    }
    prop_assert!(told || !any, "{:#?}", findings);
    Ok(())
}

/// Every record that somebody else decides about is told, with who it is, and no other.
fn compare_shadows(model: &Resolution, findings: &[Finding]) -> Result<(), TestCaseError> {
    let brute = Brute { model, record_type: Some(RecordType::A) };
    let mut told = BTreeSet::new();
    for finding in findings {
        let Finding::Shadow { vpc, winner, loser: Candidate::Zone { zone, .. }, records: Hidden::Names(names), .. } =
            finding
        else {
            continue;
        };
        let kind = |winner: &Candidate| match winner {
            Candidate::Forward { rule, .. } | Candidate::System { rule, .. } => rule.clone(),
            Candidate::Zone { zone, .. } => zone.clone(),
            Candidate::Autodefined { .. } | Candidate::Recursive => "amazon".into(),
        };
        told.extend(names.iter().map(|name| (vpc.clone(), zone.clone(), name.clone(), kind(winner))));
    }
    let mut hidden = BTreeSet::new();
    for zone in &model.zones {
        let Contents::Known(sets) = &zone.contents else { continue };
        for vpc in model.vpcs.iter().filter(|vpc| zone.vpcs.contains(&vpc.name) && vpc.sees_zones()) {
            for set in sets {
                let last = brute.last(vpc, &set.name);
                if last.iter().any(|decider| matches!(decider, Decider::Zone(known) if known.id == zone.id)) {
                    continue;
                }
                for decider in last {
                    let winner = match decider {
                        Decider::Rule(rule) => rule.id.clone(),
                        Decider::Zone(zone) => zone.id.clone(),
                        Decider::Amazon(_) | Decider::Internet => "amazon".into(),
                    };
                    hidden.insert((vpc.name.clone(), zone.id.clone(), set.name.clone(), winner));
                }
            }
        }
    }
    prop_assert_eq!(told, hidden);
    Ok(())
}

/// What AWS would refuse, what cannot answer and what is forwarded to us in vain: found where a look at every pair finds it.
fn compare_rest(model: &Resolution, findings: &[Finding]) -> Result<(), TestCaseError> {
    let brute = Brute { model, record_type: None };
    let (mut told, mut expected) = (BTreeSet::new(), BTreeSet::new());
    for finding in findings {
        match finding {
            Finding::SameDomain { vpc, domain, claims } => {
                prop_assert!(claims.len() > 1);
                let zones = matches!(claims[0], Candidate::Zone { .. });
                told.insert(format!("same {vpc} {domain} {zones}"));
            }
            Finding::DeadTarget { at, silence } => drop(told.insert(format!("dead {at:?} {silence:?}"))),
            Finding::Unserved { server, domain, endpoint, .. } => {
                told.insert(format!("unserved {server} {domain} {endpoint}"));
            }
            _ => {}
        }
    }
    for vpc in &model.vpcs {
        let domains = |of: Vec<(&Vec<String>, &Name)>| -> Vec<Name> {
            of.into_iter().filter(|(vpcs, _)| vpcs.contains(&vpc.name)).map(|(_, domain)| domain.clone()).collect()
        };
        let rules = domains(model.rules.iter().map(|rule| (&rule.vpcs, &rule.domain)).collect());
        let zones = domains(model.zones.iter().map(|zone| (&zone.vpcs, &zone.apex)).collect());
        for (zones, all) in [(false, rules), (true, zones)] {
            let twice = all.iter().filter(|domain| all.iter().filter(|other| other == domain).count() > 1);
            expected.extend(twice.map(|domain| format!("same {} {domain} {zones}", vpc.name)));
        }
    }
    let silent = |target: std::net::IpAddr| -> Option<Silence> {
        let endpoint = model.outbound.iter().find(|endpoint| endpoint.addresses.contains(&target));
        let base = |vpc: &&Vpc| vpc.cidrs[0].hosts().nth(1).map(std::net::IpAddr::from) == Some(target);
        let last = model.vpcs.iter().rev().find(base);
        match (endpoint, last) {
            (Some(endpoint), _) => Some(Silence::OutboundAsked { endpoint: endpoint.id.clone(), address: target }),
            // Which of several VPCs with one range is told does not matter.
            (None, Some(_)) => {
                let first = model.vpcs.iter().find(base).map(|vpc| vpc.name.clone());
                Some(Silence::ResolverAsked { vpc: first, address: target })
            }
            (None, None) if target.to_string() == "169.254.169.253" => {
                Some(Silence::ResolverAsked { vpc: None, address: target })
            }
            (None, None) => None,
        }
    };
    for rule in &model.rules {
        for silence in rule.action.targets().iter().filter_map(|target| silent(*target)) {
            expected.insert(format!("dead {:?} {silence:?}", Forwarder::Rule { rule: rule.id.clone() }));
        }
    }
    let stands = |vpc: &Vpc, name: &Name| brute.last(vpc, name).iter().any(|decider| *decider != Decider::Internet);
    for server in &model.servers {
        for Conditional { domain, to } in &server.forwards {
            let at = Forwarder::Server { server: server.name.clone(), domain: domain.clone() };
            for silence in to.iter().filter_map(|target| silent(*target)) {
                expected.insert(format!("dead {at:?} {silence:?}"));
            }
            for endpoint in model.inbound.iter().filter(|endpoint| to.iter().any(|to| endpoint.addresses.contains(to)))
            {
                let vpc = model.vpcs.iter().find(|vpc| vpc.name == endpoint.vpc).unwrap();
                let made = |vpcs: &[String], other: &Name| vpcs.contains(&vpc.name) && inside(other, domain);
                let known = model.rules.iter().any(|rule| made(&rule.vpcs, &rule.domain))
                    || model.zones.iter().any(|zone| vpc.sees_zones() && made(&zone.vpcs, &zone.apex))
                    || asked(model).iter().filter(|name| inside(name, domain)).any(|name| stands(vpc, name));
                if vpc.dns_support && !known {
                    expected.insert(format!("unserved {} {domain} {}", server.name, endpoint.id));
                }
            }
        }
    }
    prop_assert_eq!(told, expected);
    Ok(())
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

    #[test]
    fn what_is_found_is_what_queries_meet(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let model = random::model(&bytes);
        let findings = Resolver::new(&model).unwrap().check();
        compare_loops(&model, &findings)?;
        compare_names(&model, &findings)?;
        compare_shadows(&model, &findings)?;
        compare_rest(&model, &findings)?;
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

//! What is found in random descriptions, against a look at every name, place and pair.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use proptest::prelude::*;

use super::{
    brute::{Brute, Decider, Onward, Place, inside},
    exact::{asked, places, retrace},
    random,
};
use crate::*;

/// Who forwards a name in a circle: the place, by what, the targets that lead back and those that do not, and whether
/// nothing ends.
type Round = (String, Vec<IpAddr>, Vec<IpAddr>, bool);

fn rounds(brute: &Brute<'_>, place: Place<'_>, asked: &Name) -> BTreeSet<Round> {
    let mut sent: BTreeMap<String, (BTreeSet<_>, BTreeSet<_>)> = Default::default();
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
    let silent = |target: IpAddr| -> Option<Silence> {
        let endpoint = model.outbound.iter().find(|endpoint| endpoint.addresses.contains(&target));
        let base = |vpc: &&Vpc| vpc.cidrs[0].hosts().nth(1).map(IpAddr::from) == Some(target);
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
    fn what_is_found_is_what_queries_meet(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let model = random::model(&bytes);
        let findings = Resolver::new(&model).unwrap().check();
        compare_loops(&model, &findings)?;
        compare_names(&model, &findings)?;
        compare_shadows(&model, &findings)?;
        compare_rest(&model, &findings)?;
    }
}

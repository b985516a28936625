//! Who decides about names that somebody else stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Extent, Finding, Hidden};
use crate::{
    index::{Choice, VpcId},
    name::{Name, within},
    query::Resolver,
};

/// In one VPC, for each winner and loser: the winner's domains that are hidden from the loser, and the loser's records.
type Shadows<'n> = BTreeMap<(Winner, Choice<'n>), (BTreeSet<&'n str>, BTreeSet<&'n str>)>;

/// A choice; Amazon is one winner, whatever its domains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Winner {
    Rule(usize),
    Zone(usize),
    Amazon,
}

impl Resolver<'_> {
    pub(super) fn shadows(&self) -> Vec<Finding> {
        let mut in_vpc = vec![InVpc::default(); self.index.tables.len()];
        for (zone, vpcs) in self.index.zone_vpcs.iter().enumerate() {
            vpcs.iter().filter(|vpc| self.index.vpc(**vpc).sees_zones()).for_each(|vpc| in_vpc[*vpc].zones.push(zone));
        }
        for (rule, vpcs) in self.index.rule_vpcs.iter().enumerate() {
            let answers = vpcs.iter().filter(|vpc| self.index.vpc(**vpc).dns_support);
            answers.for_each(|vpc| in_vpc[*vpc].rules.push(rule));
        }
        let vpcs = in_vpc.iter().enumerate();
        vpcs.flat_map(|(vpc, there)| {
            let mut shadows = Shadows::new();
            self.by_domains(vpc, there, &mut shadows);
            self.by_records(vpc, there, &mut shadows);
            let told = shadows.into_iter().filter_map(|(pair, hidden)| self.shadow(vpc, pair, hidden));
            told.collect::<Vec<_>>()
        })
        .collect()
    }

    /// What each would take from whom by its domain alone.
    fn by_domains<'n>(&'n self, vpc: VpcId, there: &InVpc, shadows: &mut Shadows<'n>) {
        let rules = there.rules.iter().map(|rule| Choice::Rule(*rule)).filter(|rule| !self.index.is_system(*rule));
        let rules = rules.map(|rule| (rule, self.key(rule)));
        let zones = there.zones.iter().map(|zone| (Choice::Zone(*zone), self.key(Choice::Zone(*zone))));
        let amazon =
            self.index.tables[vpc].autodefined().into_iter().map(|domain| (Choice::Autodefined(domain), domain));
        for (winner, domain) in rules.chain(zones).chain(amazon) {
            if self.index.decide(vpc, domain) != [winner] {
                continue;
            }
            for without in self.index.decide_without(vpc, domain, Some(winner)) {
                // What a SYSTEM rule would let decide.
                let losers =
                    if self.index.is_system(without) { self.index.decide_locally(vpc, domain) } else { vec![without] };
                for loser in losers.into_iter().filter(|loser| *loser != winner) {
                    shadows.entry((Winner::of(winner), loser)).or_default().0.insert(domain);
                }
            }
        }
    }

    /// Who decides about the records of zones.
    fn by_records<'n>(&'n self, vpc: VpcId, there: &InVpc, shadows: &mut Shadows<'n>) {
        for zone in &there.zones {
            for name in self.index.zones[*zone].names() {
                let deciding = self.index.decide_finally(vpc, name);
                if !deciding.contains(&Choice::Zone(*zone)) {
                    for winner in deciding {
                        let hidden = shadows.entry((Winner::of(winner), Choice::Zone(*zone))).or_default();
                        hidden.0.insert(self.key(winner));
                        hidden.1.insert(name);
                    }
                }
            }
        }
    }

    fn key<'n>(&'n self, choice: Choice<'n>) -> &'n str {
        match choice {
            Choice::Rule(rule) => self.index.rule(rule).domain.key(),
            Choice::Zone(zone) => self.index.zones[zone].zone.apex.key(),
            Choice::Autodefined(domain) => domain,
            Choice::Recursive => "",
        }
    }

    /// The finding, unless it is what anybody would expect.
    fn shadow<'n>(
        &'n self,
        vpc: VpcId,
        (winner, loser): (Winner, Choice<'n>),
        (domains, names): (BTreeSet<&'n str>, BTreeSet<&'n str>),
    ) -> Option<Finding> {
        let whole = within(self.key(loser), domains.first()?);
        let records = match loser {
            Choice::Zone(zone) if !self.index.zones[zone].is_seen() => Hidden::Unseen,
            Choice::Zone(_) => Hidden::Names(names.iter().map(|name| Name::of(name)).collect()),
            Choice::Rule(_) | Choice::Autodefined(_) | Choice::Recursive => Hidden::None,
        };
        let told = match (winner, loser) {
            (Winner::Rule(_), Choice::Zone(_)) if whole => true,
            (Winner::Rule(_) | Winner::Amazon, Choice::Zone(_)) => records != Hidden::Names(vec![]),
            // A part of a zone is often a zone of its own; another owner's is worth a word where nobody sees in.
            (Winner::Zone(child), Choice::Zone(zone)) => match &records {
                Hidden::Names(names) => !names.is_empty(),
                _ => self.index.zones[child].zone.owner != self.index.zones[zone].zone.owner,
            },
            // A rule for the root is meant for what nobody else stands for.
            (Winner::Zone(_) | Winner::Amazon, Choice::Rule(_)) => !self.key(loser).is_empty(),
            (_, Choice::Rule(_) | Choice::Autodefined(_) | Choice::Recursive) => false,
        };
        let extent = if whole {
            Extent::Whole
        } else {
            Extent::Part { domains: domains.iter().map(|domain| Name::of(domain)).collect() }
        };
        let winner = match winner {
            Winner::Rule(rule) => self.rule_candidate(rule),
            Winner::Zone(zone) => self.zone_candidate(zone),
            Winner::Amazon => self.index.candidate(Choice::Autodefined(domains.first()?)),
        };
        let (vpc, loser) = (self.vpc_name(vpc), self.index.candidate(loser));
        told.then_some(Finding::Shadow { vpc, winner, loser, extent, records })
    }
}

/// What is associated with a VPC and has an effect.
#[derive(Clone, Default)]
struct InVpc {
    rules: Vec<usize>,
    zones: Vec<usize>,
}

impl Winner {
    fn of(choice: Choice<'_>) -> Winner {
        match choice {
            Choice::Rule(rule) => Winner::Rule(rule),
            Choice::Zone(zone) => Winner::Zone(zone),
            Choice::Autodefined(_) | Choice::Recursive => Winner::Amazon,
        }
    }
}

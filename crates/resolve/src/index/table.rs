//! What a VPC's resolver goes by: domains, and who stands for them.

use std::{borrow::Cow, collections::HashMap};

use super::{Index, RuleId, VpcId, ZoneId};
use crate::{
    model::Action,
    name::{Name, upwards},
};

/// Domains that a VPC's resolver knows something about.
#[derive(Default)]
pub(crate) struct Table<'a>(HashMap<Cow<'a, str>, Entry>);

/// Who stands for one domain. More than one rule, or more than one zone, AWS refuses.
#[derive(Default)]
pub(crate) struct Entry {
    pub(crate) rules: Vec<RuleId>,
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) autodefined: bool,
}

/// Who decides about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Choice<'n> {
    Rule(RuleId),
    Zone(ZoneId),
    /// Amazon, by an autodefined rule for this domain.
    Autodefined(&'n str),
    /// Amazon's autodefined rule for `.`: public name servers.
    Recursive,
}

impl<'a> Table<'a> {
    pub(super) fn entry(&mut self, domain: impl Into<Cow<'a, str>>) -> &mut Entry {
        self.0.entry(domain.into()).or_default()
    }

    /// Entries that match a name, the most specific first.
    pub(crate) fn matches<'n>(&self, name: &'n str) -> impl Iterator<Item = (&'n str, &Entry)> {
        upwards(name).filter_map(|domain| Some((domain, self.0.get(domain)?)))
    }

    /// All domains, in no order.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(AsRef::as_ref)
    }

    /// Domains that Amazon answers for, in order.
    pub(crate) fn autodefined(&self) -> Vec<&str> {
        let mut domains: Vec<&str> =
            self.0.iter().filter(|(_, entry)| entry.autodefined).map(|(domain, _)| domain.as_ref()).collect();
        domains.sort_unstable();
        domains
    }
}

impl Index<'_> {
    /// Who decides about a name in a VPC: one, or several that AWS would not have let be.
    ///
    /// The most specific domain wins; of one domain a rule wins over a zone
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>) and both win over
    /// Amazon (<https://repost.aws/knowledge-center/route-53-override-reverse-dns-rules>).
    pub(crate) fn decide<'n>(&self, vpc: VpcId, name: &'n str) -> Vec<Choice<'n>> {
        self.decide_without(vpc, name, None)
    }

    /// The same as if one of them were not there.
    pub(crate) fn decide_without<'n>(&self, vpc: VpcId, name: &'n str, absent: Option<Choice<'_>>) -> Vec<Choice<'n>> {
        let there = |choice: &Choice<'_>| Some(*choice) != absent;
        for (domain, entry) in self.tables[vpc].matches(name) {
            let rules: Vec<Choice<'_>> = entry.rules.iter().map(|rule| Choice::Rule(*rule)).filter(there).collect();
            let zones: Vec<Choice<'_>> = entry.zones.iter().map(|zone| Choice::Zone(*zone)).filter(there).collect();
            let autodefined = Choice::Autodefined(domain);
            match (rules.is_empty(), zones.is_empty()) {
                (false, _) => return rules,
                (true, false) => return zones,
                (true, true) if entry.autodefined && there(&autodefined) => return vec![autodefined],
                (true, true) => {}
            }
        }
        vec![Choice::Recursive]
    }

    /// Who decides about a name in a VPC where no rule forwards it: what a `SYSTEM` rule brings about.
    pub(crate) fn decide_locally<'n>(&self, vpc: VpcId, name: &'n str) -> Vec<Choice<'n>> {
        for (domain, entry) in self.tables[vpc].matches(name) {
            if !entry.zones.is_empty() {
                return entry.zones.iter().map(|zone| Choice::Zone(*zone)).collect();
            }
            if entry.autodefined {
                return vec![Choice::Autodefined(domain)];
            }
        }
        vec![Choice::Recursive]
    }

    /// Who answers or forwards in the end: for a `SYSTEM` rule, who decides locally.
    pub(crate) fn decide_finally<'n>(&self, vpc: VpcId, name: &'n str) -> Vec<Choice<'n>> {
        let choices = self.decide(vpc, name).into_iter();
        let mut last: Vec<Choice<'_>> = choices
            .flat_map(|choice| if self.is_system(choice) { self.decide_locally(vpc, name) } else { vec![choice] })
            .collect();
        last.sort_unstable();
        last.dedup();
        last
    }

    pub(crate) fn is_system(&self, choice: Choice<'_>) -> bool {
        matches!(choice, Choice::Rule(rule) if self.rule(rule).action == Action::System)
    }

    /// The domain that a choice stands for.
    pub(crate) fn domain(&self, choice: Choice<'_>) -> Name {
        match choice {
            Choice::Rule(rule) => self.rule(rule).domain.clone(),
            Choice::Zone(zone) => self.zones[zone].zone.apex.clone(),
            Choice::Autodefined(domain) => Name::of(domain),
            Choice::Recursive => Name::root(),
        }
    }
}

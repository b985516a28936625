//! What has no effect.

use super::{Finding, Idleness};
use crate::{index::Choice, model::Action, query::Resolver};

impl Resolver<'_> {
    pub(super) fn idle(&self) -> Vec<Finding> {
        let rules = (0..self.index.rule_vpcs.len()).flat_map(|rule| {
            let idle = self.idle_rule(rule).into_iter();
            idle.map(move |why| Finding::Idle { what: self.rule_candidate(rule), why })
        });
        let zones = (0..self.index.zone_vpcs.len()).flat_map(|zone| {
            let idle = self.idle_zone(zone).into_iter();
            idle.map(move |why| Finding::Idle { what: self.zone_candidate(zone), why })
        });
        rules.chain(zones).collect()
    }

    fn idle_rule(&self, number: usize) -> Vec<Idleness> {
        let (rule, vpcs) = (self.index.rule(number), &self.index.rule_vpcs[number]);
        if vpcs.is_empty() {
            return vec![Idleness::NoVpc];
        }
        let targetless = matches!(&rule.action, Action::Forward { targets, .. } if targets.is_empty());
        let off = vpcs.iter().filter(|vpc| !self.index.vpc(**vpc).dns_support);
        let off = off.map(|vpc| Idleness::DnsOff { vpc: self.vpc_name(*vpc) });
        let needless =
            vpcs.iter().filter(|vpc| self.index.vpc(**vpc).dns_support && self.excepts_nothing(number, **vpc));
        let needless = needless.map(|vpc| Idleness::NothingToExcept { vpc: self.vpc_name(*vpc) });
        targetless.then_some(Idleness::NoTarget).into_iter().chain(off).chain(needless).collect()
    }

    fn excepts_nothing(&self, rule: usize, vpc: usize) -> bool {
        let except = Choice::Rule(rule);
        let forwards = |choice| matches!(choice, Choice::Rule(_)) && !self.index.is_system(choice);
        let name = self.index.rule(rule).domain.key();
        self.index.is_system(except) && !self.index.decide_without(vpc, name, Some(except)).into_iter().any(forwards)
    }

    fn idle_zone(&self, zone: usize) -> Vec<Idleness> {
        let vpcs = &self.index.zone_vpcs[zone];
        if vpcs.is_empty() {
            return vec![Idleness::NoVpc];
        }
        let blind = vpcs.iter().filter(|vpc| !self.index.vpc(**vpc).sees_zones());
        blind.map(|vpc| Idleness::DnsOff { vpc: self.vpc_name(*vpc) }).collect()
    }
}

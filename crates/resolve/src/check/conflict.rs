//! What AWS would refuse, or what cannot answer.

use std::collections::BTreeMap;

use super::{Finding, Forwarder};
use crate::{hop::Candidate, model::Action, name::Name, query::Resolver};

impl Resolver<'_> {
    /// Two rules, or two zones, of one domain in one VPC. That its settings let no zone have an effect does not matter.
    pub(super) fn same_domains(&self) -> Vec<Finding> {
        let model = self.index.model;
        let rules =
            self.claims(&self.index.rule_vpcs, |rule| &model.rules[rule].domain, |rule| self.rule_candidate(rule));
        let zones =
            self.claims(&self.index.zone_vpcs, |zone| &model.zones[zone].apex, |zone| self.zone_candidate(zone));
        zones.into_iter().chain(rules).collect()
    }

    fn claims<'n>(
        &self,
        vpcs: &[Vec<usize>],
        domain: impl Fn(usize) -> &'n Name,
        candidate: impl Fn(usize) -> Candidate,
    ) -> Vec<Finding> {
        let mut claims: BTreeMap<(usize, &Name), Vec<usize>> = BTreeMap::new();
        for (number, vpcs) in vpcs.iter().enumerate() {
            vpcs.iter().for_each(|vpc| claims.entry((*vpc, domain(number))).or_default().push(number));
        }
        let several = claims.into_iter().filter(|(_, claims)| claims.len() > 1);
        let finding = |((vpc, domain), claims): ((usize, &Name), Vec<usize>)| Finding::SameDomain {
            vpc: self.vpc_name(vpc),
            domain: domain.clone(),
            claims: claims.into_iter().map(&candidate).collect(),
        };
        several.map(finding).collect()
    }

    /// Targets at which nobody can be asked.
    pub(super) fn dead_targets(&self) -> Vec<Finding> {
        let model = self.index.model;
        let rules = model.rules.iter().flat_map(|rule| {
            let at = Forwarder::Rule { rule: rule.id.clone() };
            let targets = match &rule.action {
                Action::Forward { targets, .. } => &targets[..],
                Action::System => &[],
            };
            targets.iter().map(move |target| (at.clone(), *target))
        });
        let servers = model.servers.iter().flat_map(|server| {
            server.forwards.iter().flat_map(|conditional| {
                let at = Forwarder::Server { server: server.name.clone(), domain: conditional.domain.clone() };
                conditional.to.iter().map(move |target| (at.clone(), *target))
            })
        });
        let dead = rules.chain(servers).filter_map(|(at, target)| Some((at, self.index.silent(target)?)));
        dead.map(|(at, silence)| Finding::DeadTarget { at, silence }).collect()
    }
}

//! Rules, and in which VPCs they hold.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{ForeignRuleAssociation, ResolverRule, ResolverRuleAssociation, SharePrincipal, ShareResource};
use gcnet_core::{Address, Target};
use gcnet_resolve::{Action, Outbound, Rule};

use super::{facts::Facts, names::Names, places};
use crate::config::schema::{Asp, Municipality};

pub(super) fn translate(
    municipality: &Municipality,
    facts: &Facts,
    names: &Names,
    outbound: &[Outbound],
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<Rule> {
    let rule = |(address, rule): (&Address, ResolverRule)| {
        let action = match &rule.endpoint {
            None => Action::System,
            Some(endpoint) => {
                let is_there = outbound.iter().any(|known| known.id == endpoint.label());
                let targets = rule.targets.iter().map(|target| target.address.into()).collect();
                Action::Forward { targets, endpoint: is_there.then(|| endpoint.label().to_string()) }
            }
        };
        let own = facts.all::<ResolverRuleAssociation>().map(|(_, association)| association);
        let own = own.filter(|known| known.rule.target() == &Target::Address(address.clone()));
        let own = own.map(|known| known.vpc.label().to_string());
        let seen = facts.all::<ForeignRuleAssociation>().map(|(_, association)| association);
        let seen = seen.filter(|known| known.rule.target() == &Target::Address(address.clone()));
        let seen = seen.filter_map(|known| names.vpc(&known.vpc).map(String::from));
        let unseen = receivers(municipality, facts, address).into_iter().filter(|asp| !is_seen(municipality, asp));
        let given = unseen.flat_map(|asp| names.of(asp));
        let vpcs: BTreeSet<String> = own.chain(seen).chain(given).filter(|vpc| is_known(vpc)).collect();
        Some(Rule {
            id: address.name().into(),
            domain: rule.domain.parse().ok()?,
            action,
            vpcs: vpcs.into_iter().collect(),
        })
    };
    facts.all::<ResolverRule>().filter_map(rule).collect()
}

/// A role of theirs shows what their VPCs use.
fn is_seen(municipality: &Municipality, asp: &Asp) -> bool {
    !asp.vpcs.is_empty() && municipality.account_of(asp).is_some_and(|party| party.role.is_some())
}

/// ASPs whose account has the rule, and for whom the file means it. No read of ours shows what they associate it with.
fn receivers<'a>(municipality: &'a Municipality, facts: &Facts, rule: &Address) -> Vec<&'a Asp> {
    let shared = facts.all::<ShareResource>().map(|(_, shared)| shared);
    let shares: BTreeSet<Target> = shared
        .filter(|shared| shared.resource.target() == &Target::Address(rule.clone()))
        .map(|shared| shared.share.target().clone())
        .collect();
    let accounts: BTreeSet<String> = facts
        .all::<SharePrincipal>()
        .map(|(_, principal)| principal)
        .filter(|principal| shares.contains(principal.share.target()) && principal.accepted != Some(false))
        .map(|principal| principal.account)
        .collect();
    let stated = places::rule(municipality, rule.name());
    let is_meant = |asp: &&Asp| stated.as_ref().is_none_or(|stated| stated.rule.share_with.contains(&asp.name));
    let has_it = |asp: &&Asp| municipality.account_of(asp).is_some_and(|party| accounts.contains(party.id.as_str()));
    municipality.asps.iter().filter(has_it).filter(is_meant).collect()
}

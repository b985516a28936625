//! Forwarding rules and query logs that others use in VPCs of their own: shared by us, associated by them.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{
    ForeignRuleAssociation, QueryLog, ResolverRule, Share, SharePrincipal, ShareResource, Shareable,
};
use gcnet_core::{Address, Ref, Resource};

use super::{Build, Purpose};
use crate::config::{
    derive::Party,
    schema::{Asp, Municipality},
    values::Name,
};

/// What one party associates. Nothing in our account shows whether it has (domain.md 3.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Borrowed {
    /// Whose VPCs: 12 digits.
    pub account: String,
    /// What for.
    pub purpose: Purpose,
    /// Those that the file names; none for an ASP of which it names none.
    pub vpcs: Vec<String>,
    /// Our rules, in the order of the file.
    pub rules: Vec<Address>,
    /// Our query log.
    pub log: Option<Address>,
    /// Ids of those that it says it has associated.
    pub confirmed: BTreeSet<String>,
}

impl Borrowed {
    /// What it has yet to associate, as far as it has told: of what is there, by these ids.
    pub fn open(&self, ids: &BTreeMap<Address, String>) -> Option<Self> {
        let is_open = |address: &&Address| ids.get(*address).is_some_and(|id| !self.confirmed.contains(id));
        let rules: Vec<Address> = self.rules.iter().filter(is_open).cloned().collect();
        let log = self.log.as_ref().filter(is_open).cloned();
        (!rules.is_empty() || log.is_some()).then(|| Borrowed { rules, log, ..self.clone() })
    }
}

/// What is shared, by the ASP that is to use it.
pub(super) type Shared<'a> = BTreeMap<&'a str, Lent>;

/// What one ASP is to use.
#[derive(Default)]
pub(super) struct Lent {
    pub(super) rules: Vec<Ref<ResolverRule>>,
    pub(super) log: Option<Ref<QueryLog>>,
}

/// Whether rules or query logs of ours are for an ASP's VPCs.
pub(super) fn borrows(municipality: &Municipality, asp: &Asp) -> bool {
    let Some(dns) = &municipality.dns else { return false };
    let rules = dns.forward_rules.iter().flat_map(|rule| &rule.share_with);
    rules.chain(&dns.query_log_share_with).any(|name| name.value == asp.name.value)
}

/// What a share of ours consists of.
struct Shares {
    members: BTreeMap<Ref<Shareable>, Ref<ShareResource>>,
    received: Ref<SharePrincipal>,
}

/// One share an account, so that it has one invitation to accept.
pub(super) fn lend(build: &mut Build<'_>, shared: &Shared<'_>) {
    let asps = build.municipality.asps.iter();
    let lent: Vec<(&Asp, &Lent)> = asps.filter_map(|asp| Some((asp, shared.get(asp.name.as_str())?))).collect();
    let mut accounts: BTreeMap<&Name, BTreeSet<Ref<Shareable>>> = BTreeMap::new();
    for (asp, lent) in &lent {
        let rules = lent.rules.iter().map(|rule| rule.clone().widen());
        let logs = lent.log.iter().map(|log| log.clone().widen());
        accounts.entry(&asp.account.value).or_default().extend(rules.chain(logs));
    }
    for (name, resources) in accounts {
        let Some(party) = build.municipality.party(name) else { continue };
        let shares = share(build, &party, resources);
        for (asp, lent) in lent.iter().filter(|(asp, _)| asp.account.value == *name) {
            associate(build, &party, asp, lent, &shares);
        }
    }
}

fn share(build: &mut Build<'_>, party: &Party<'_>, resources: BTreeSet<Ref<Shareable>>) -> Shares {
    let external = build.municipality.sharing.allow_external_principals;
    let share = build.desired.add(&format!("dns-{}", party.name), Share { external });
    let mut add = |resource: Ref<Shareable>| {
        let member = build.desired.add("", ShareResource::of(share.clone(), resource.clone()));
        (resource, member)
    };
    let members = resources.into_iter().map(&mut add).collect();
    let accepted = build.acts_for(party).then_some(true);
    let principal = SharePrincipal { share, account: party.id.to_string(), accepted };
    Shares { members, received: build.shake("", principal, Purpose::Account(party.name.to_string())) }
}

/// With a role, rules are associated with the VPCs that the file names. All the rest is on the request sheet.
fn associate(build: &mut Build<'_>, party: &Party<'_>, asp: &Asp, lent: &Lent, shares: &Shares) {
    let account = party.id.to_string();
    let purpose = Purpose::Asp(asp.name.to_string());
    let vpcs: Vec<String> = asp.vpcs.iter().map(|vpc| vpc.id.to_string()).collect();
    let by_role = build.acts_for(party) && !vpcs.is_empty();
    for rule in lent.rules.iter().filter(|_| by_role) {
        for vpc in &vpcs {
            let association = ForeignRuleAssociation {
                rule: rule.clone(),
                account: account.clone(),
                vpc: vpc.clone(),
                made_by_us: None,
                shared: shares.members.get(&rule.clone().widen()).cloned(),
                received: Some(shares.received.clone()),
            };
            build.shake("", association, purpose.clone());
        }
    }
    let address = |rule: &Ref<ResolverRule>| Address::new(ResolverRule::NAME, rule.label());
    let rules: Vec<Address> = lent.rules.iter().filter(|_| !by_role).map(address).collect();
    let log = lent.log.as_ref().map(|log| Address::new(QueryLog::NAME, log.label()));
    if !rules.is_empty() || log.is_some() {
        let confirmed = asp.associated.iter().map(|id| id.to_string()).collect();
        build.borrowed.push(Borrowed { account, purpose, vpcs, rules, log, confirmed });
    }
}

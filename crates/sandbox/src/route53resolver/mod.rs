//! Route 53 Resolver: endpoints, rules and query logging. JSON 1.1. Rules: aws-facts section 2.1, the API reference
//! (version 2018-04-01) and the Route 53 developer guide, both cited as DOC.
//!
//! IPv4 only; no delegation, no DNS firewall, no Outposts. The account of an endpoint, a rule or a configuration keeps
//! it, and the account of a VPC keeps what is associated with that: rules and configurations are shared through RAM.

mod address;
mod association;
mod autodefined;
mod domain;
mod endpoint;
mod endpoint_address;
mod endpoint_change;
mod endpoint_create;
mod errors;
mod filter;
mod page;
mod params;
mod protocols;
mod query_log;
mod query_log_association;
mod rule;
mod rule_association;
mod rule_change;
mod rule_create;
mod shared;
mod tags;
mod target;
mod timing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};

pub(crate) static SERVICE: Service = Service {
    name: "route53resolver",
    protocol: Protocol::Json { target: "Route53Resolver" },
    scope: Scope::Regional,
    operations: &[
        endpoint::OPERATIONS,
        endpoint_create::OPERATIONS,
        endpoint_change::OPERATIONS,
        endpoint_address::OPERATIONS,
        rule::OPERATIONS,
        rule_create::OPERATIONS,
        rule_change::OPERATIONS,
        rule_association::OPERATIONS,
        query_log::OPERATIONS,
        query_log_association::OPERATIONS,
        tags::OPERATIONS,
    ],
};

/// What Resolver remembers of one account in one Region. Everything is kept by its id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Resolver {
    pub endpoints: Table<endpoint::Endpoint>,
    pub rules: Table<rule::Rule>,
    /// Of the account's VPCs with its own rules and with those that are shared with it.
    pub rule_associations: Table<association::Association>,
    pub query_logs: Table<query_log::QueryLog>,
    /// Of the account's VPCs, as above.
    pub query_log_associations: Table<association::Association>,
    /// Since when a CreatorRequestId is used up, by kind and id: see [`params::request_id`].
    pub request_ids: Table<Moment>,
}

impl Resolver {
    /// Removes what time has ended.
    pub fn settle(&mut self, now: Moment) {
        let over = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        self.endpoints.prune(|it| over(it.ends_at));
        endpoint::forget_addresses(&mut self.endpoints, now);
        self.rules.prune(|it| over(it.ends_at));
        self.rule_associations.prune(|it| over(it.ends_at));
        self.query_logs.prune(|it| over(it.ends_at));
        self.query_log_associations.prune(|it| over(it.ends_at));
    }
}

fn resolver<'a>(ctx: &'a Ctx<'_>) -> &'a Resolver {
    &ctx.state.regional(&ctx.caller.account, ctx.region).resolver
}

fn resolver_mut<'a>(ctx: &'a mut Ctx<'_>) -> &'a mut Resolver {
    &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).resolver
}

/// Ends the associations with what is not shared with their account any more. DOC (developer guide, "Sharing forwarding
/// rules", DeleteResolverQueryLogConfig): the VPCs are then disassociated; nobody is told.
pub(crate) fn drop_unshared(state: &mut State, now: Moment) {
    let mut lost = Vec::new();
    for (account, known) in &state.accounts {
        for (region, regional) in &known.regions {
            let resolver = &regional.resolver;
            let rules = shared::RULES.lost(state, account, region, &resolver.rule_associations, now);
            let logs = shared::QUERY_LOGS.lost(state, account, region, &resolver.query_log_associations, now);
            if !rules.is_empty() || !logs.is_empty() {
                lost.push((account.clone(), region.clone(), rules, logs));
            }
        }
    }
    for (account, region, rules, logs) in lost {
        let resolver = &mut state.regional_mut(&account, &region).resolver;
        for id in rules {
            resolver.rule_associations.remove(&id);
        }
        for id in logs {
            resolver.query_log_associations.remove(&id);
        }
    }
}

/// Whether a VPC of the caller's has a rule or a configuration. Unverified: that DeleteVpc is refused then (aws-facts
/// section 4.2 takes the associations away first). The autodefined ones go with the VPC.
pub(crate) fn is_associated(ctx: &Ctx<'_>, vpc: &str) -> bool {
    let resolver = resolver(ctx);
    let mut all = resolver.rule_associations.values().chain(resolver.query_log_associations.values());
    all.any(|it| it.vpc == vpc)
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let none = tags::Tags::new();
    let mut all = Vec::new();
    for (region, regional) in &state.account(account).regions {
        let Resolver { endpoints, rules, rule_associations, query_logs, query_log_associations, request_ids: _ } =
            &regional.resolver;
        let mut add = |kind: &str, rows: BTreeMap<&String, &tags::Tags>| {
            all.extend(rows.into_iter().map(|(id, tags)| Resource {
                region: region.clone(),
                kind: kind.to_owned(),
                id: id.clone(),
                tags: tags.clone(),
            }));
        };
        add("resolver-endpoint", endpoints.iter().map(|(id, it)| (id, &it.tags)).collect());
        add("resolver-rule", rules.iter().map(|(id, it)| (id, &it.tags)).collect());
        add("resolver-rule-association", rule_associations.keys().map(|id| (id, &none)).collect());
        add("resolver-query-log-config", query_logs.iter().map(|(id, it)| (id, &it.tags)).collect());
        let logged = query_log_associations.keys().map(|id| (id, &none)).collect();
        add("resolver-query-log-config-association", logged);
    }
    all
}

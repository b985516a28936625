//! Which rules and configurations an account sees: its own, and those that other accounts share with it through Resource
//! Access Manager.

use std::collections::BTreeMap;

use super::association::Association;
use super::query_log::QueryLog;
use super::rule::Rule;
use super::{Resolver, resolver};
use crate::clock::Moment;
use crate::ram;
use crate::service::Ctx;
use crate::store::{State, Table};

/// A kind that can be shared.
pub(super) struct Sharable<T: 'static> {
    /// As RAM calls it.
    ram: &'static str,
    /// As ARNs have it.
    arn: &'static str,
    rows: fn(&Resolver) -> &Table<T>,
    associations: fn(&Resolver) -> &Table<Association>,
}

pub(super) static RULES: Sharable<Rule> = Sharable {
    ram: "route53resolver:ResolverRule",
    arn: "resolver-rule",
    rows: |resolver| &resolver.rules,
    associations: |resolver| &resolver.rule_associations,
};

pub(super) static QUERY_LOGS: Sharable<QueryLog> = Sharable {
    ram: "route53resolver:ResolverQueryLogConfig",
    arn: "resolver-query-log-config",
    rows: |resolver| &resolver.query_logs,
    associations: |resolver| &resolver.query_log_associations,
};

/// Something as an account sees it.
pub(super) struct Seen<'a, T> {
    pub owner: String,
    pub it: &'a T,
}

impl<T> Sharable<T> {
    pub fn find<'a>(&self, ctx: &'a Ctx<'_>, id: &str) -> Option<Seen<'a, T>> {
        let own = (self.rows)(resolver(ctx)).get(id).map(|it| Seen { owner: ctx.caller.account.clone(), it });
        own.or_else(|| self.of_others(ctx).find(|(known, _)| known == id).map(|(_, seen)| seen))
    }

    /// All that the caller sees.
    pub fn listed<'a>(&self, ctx: &'a Ctx<'_>) -> BTreeMap<String, Seen<'a, T>> {
        let own = (self.rows)(resolver(ctx)).iter();
        let own = own.map(|(id, it)| (id.clone(), Seen { owner: ctx.caller.account.clone(), it }));
        own.chain(self.of_others(ctx)).collect()
    }

    fn of_others<'a>(&self, ctx: &'a Ctx<'_>) -> impl Iterator<Item = (String, Seen<'a, T>)> {
        let shared = ram::shared_with(ctx.state, &ctx.caller.account, ctx.region, self.ram, ctx.now);
        let rows = self.rows;
        shared.into_iter().filter_map(move |(owner, arn)| {
            let id = arn.rsplit('/').next()?;
            let it = rows(&ctx.state.regional(&owner, ctx.region).resolver).get(id)?;
            Some((id.to_owned(), Seen { owner, it }))
        })
    }

    pub fn arn(&self, ctx: &Ctx<'_>, owner: &str, id: &str) -> String {
        format!("arn:aws:route53resolver:{}:{owner}:{}/{id}", ctx.region, self.arn)
    }

    /// Whether the caller shares this one of its own.
    pub fn is_shared(&self, ctx: &Ctx<'_>, id: &str) -> bool {
        let owner = &ctx.caller.account;
        ram::shares(ctx.state, owner, ctx.region, &self.arn(ctx, owner, id), ctx.now)
    }

    /// DOC (ShareStatus).
    pub fn share_status(&self, ctx: &Ctx<'_>, owner: &str, id: &str) -> &'static str {
        if owner != ctx.caller.account {
            "SHARED_WITH_ME"
        } else if self.is_shared(ctx, id) {
            "SHARED_BY_ME"
        } else {
            "NOT_SHARED"
        }
    }

    /// How many VPCs of whatever account have it.
    pub fn associated(&self, ctx: &Ctx<'_>, id: &str) -> usize {
        let regionals = ctx.state.accounts.values().filter_map(|account| account.regions.get(ctx.region));
        regionals.map(|it| (self.associations)(&it.resolver).values().filter(|one| one.of == id).count()).sum()
    }

    /// The ids of an account's associations with what others do not share with it any more.
    pub fn lost(
        &self,
        state: &State,
        account: &str,
        region: &str,
        associations: &Table<Association>,
        now: Moment,
    ) -> Vec<String> {
        let foreign: Vec<_> = associations.iter().filter(|(_, it)| it.owner != account).collect();
        if foreign.is_empty() {
            return Vec::new();
        }
        let shared = ram::shared_with(state, account, region, self.ram, now);
        let is_shared = |one: &Association| {
            let mut arns = shared.iter().filter(|(owner, _)| *owner == one.owner).map(|(_, arn)| arn);
            arns.any(|arn| arn.rsplit('/').next() == Some(&one.of))
        };
        foreign.into_iter().filter(|(_, it)| !is_shared(it)).map(|(id, _)| id.clone()).collect()
    }
}

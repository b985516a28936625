//! Resource Access Manager. REST-JSON. Rules: aws-facts section 2.4.
//!
//! A share is kept by the account that owns it, with its resources, its principals and the invitations to them; the
//! accounts that it is shared with see it from there.

mod association;
mod association_list;
mod errors;
mod invitation;
mod page;
mod permission;
mod permission_change;
mod permission_list;
mod resource_list;
mod share;
mod share_list;
mod shareable;
mod tags;
mod timing;
mod token_use;

use serde::{Deserialize, Serialize};

pub(crate) use permission::Permission;

use crate::clock::Moment;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};

pub(crate) static SERVICE: Service = Service {
    name: "ram",
    protocol: Protocol::RestJson,
    scope: Scope::Regional,
    operations: &[
        share::OPERATIONS,
        share_list::OPERATIONS,
        association::OPERATIONS,
        association_list::OPERATIONS,
        invitation::OPERATIONS,
        resource_list::OPERATIONS,
        permission_change::OPERATIONS,
        permission_list::OPERATIONS,
        tags::OPERATIONS,
    ],
};

/// What RAM remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ram {
    /// Those that the account owns, by ARN.
    pub shares: Table<share::Share>,
    /// Those that the account sent, by ARN.
    pub invitations: Table<invitation::Invitation>,
    /// By client token.
    pub tokens: Table<token_use::TokenUse>,
}

impl Ram {
    /// Forgets what is no longer listed.
    pub fn settle(&mut self, now: Moment) {
        share::settle(self, now);
        let shares = &self.shares;
        self.invitations.prune(|invitation| !shares.contains_key(&invitation.share));
        self.tokens.prune(|used| used.is_forgotten(now));
    }
}

/// The ARNs of resources of one type, `ec2:TransitGateway`, that other accounts share with this one and that it sees by
/// now, each with its owner.
pub(crate) fn shared_with(
    state: &State,
    account: &str,
    region: &str,
    kind: &str,
    now: Moment,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (owner, other) in state.accounts.iter().filter(|(owner, _)| *owner != account) {
        let Some(regional) = other.regions.get(region) else {
            continue;
        };
        for share in regional.ram.shares.values() {
            let Some(since) = share.principals.get(account).and_then(|principal| principal.since(now)) else {
                continue;
            };
            for (arn, resource) in &share.resources {
                let seen_at = resource.since(now).map(|also| since.max(also).plus(timing::seen_after()));
                if seen_at.is_some_and(|at| at <= now) && shareable::kind_of(arn) == Some(kind) {
                    found.push((owner.clone(), arn.clone()));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The permissions on a resource of somebody's that an account has by shares and that are in effect by now.
pub(crate) fn permissions_on(
    state: &State,
    owner: &str,
    region: &str,
    account: &str,
    arn: &str,
    now: Moment,
) -> Vec<&'static Permission> {
    let Some(kind) = shareable::kind_of(arn) else {
        return Vec::new();
    };
    let shares = state.regional(owner, region).ram.shares.values();
    let given = shares.filter_map(|share| {
        let principal = share.principals.get(account)?.since(now)?;
        let resource = share.resources.get(arn)?.since(now)?;
        let in_effect = principal.max(resource).plus(timing::seen_after()) <= now;
        share.permissions.get(kind).filter(|_| in_effect)
    });
    given.filter_map(|given| permission::by_name(&given.name)).collect()
}

/// Whether a resource is in a share of its owner's.
pub(crate) fn shares(state: &State, owner: &str, region: &str, arn: &str, now: Moment) -> bool {
    let shares = state.regional(owner, region).ram.shares.values();
    shares.filter_map(|share| share.resources.get(arn)).any(|resource| resource.is_active(now))
}

fn ram<'a>(ctx: &'a Ctx<'_>) -> &'a Ram {
    &ctx.state.regional(&ctx.caller.account, ctx.region).ram
}

fn ram_mut<'a>(ctx: &'a mut Ctx<'_>) -> &'a mut Ram {
    &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).ram
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let mut all = Vec::new();
    for (region, regional) in &state.account(account).regions {
        let living = regional.ram.shares.iter().filter(|(_, share)| !share.is_dead);
        all.extend(living.map(|(arn, share)| Resource {
            region: region.clone(),
            kind: "resource-share".to_owned(),
            id: arn.clone(),
            tags: share.tags.clone(),
        }));
    }
    all
}

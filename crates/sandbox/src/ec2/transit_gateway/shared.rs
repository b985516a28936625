//! Which gateways an account sees: its own, and those that other accounts share with it through Resource Access Manager.

use std::collections::BTreeMap;

use super::gateway::{KIND, TransitGateway};
use crate::error::Result;
use crate::ram;
use crate::service::Ctx;

/// A gateway as somebody sees it.
#[derive(Clone)]
pub(super) struct Seen<'a> {
    pub owner: String,
    pub gateway: &'a TransitGateway,
}

/// The gateway that a caller may attach to. One that is shared with it counts as soon as it is seen.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<Seen<'a>> {
    let own = ctx.ec2().transit_gateways.living.get(id);
    let own = own.map(|gateway| Seen { owner: ctx.caller.account.clone(), gateway });
    own.or_else(|| of_others(ctx).find(|(known, _)| known == id).map(|(_, seen)| seen)).ok_or_else(|| KIND.missing(id))
}

/// All that the caller sees, its own tombstones included.
pub(super) fn listed<'a>(ctx: &'a Ctx<'_>) -> BTreeMap<String, Seen<'a>> {
    let own = ctx.ec2().transit_gateways.listed().into_iter();
    own.map(|(id, gateway)| (id, Seen { owner: ctx.caller.account.clone(), gateway })).chain(of_others(ctx)).collect()
}

fn of_others<'a>(ctx: &'a Ctx<'_>) -> impl Iterator<Item = (String, Seen<'a>)> {
    let shared = ram::shared_with(ctx.state, &ctx.caller.account, ctx.region, "ec2:TransitGateway", ctx.now);
    shared.into_iter().filter_map(|(owner, arn)| {
        let id = arn.rsplit('/').next()?;
        let gateway = ctx.state.regional(&owner, ctx.region).ec2.transit_gateways.living.get(id)?;
        Some((id.to_owned(), Seen { owner, gateway }))
    })
}

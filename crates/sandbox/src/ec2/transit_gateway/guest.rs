//! Which VPC attachments an account sees: its own VPCs', and other accounts' to its gateways.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attachment::KIND;
use super::vpc_attachment::VpcAttachment;
use crate::clock::Moment;
use crate::ec2::tombstone::Mortal;
use crate::error::Result;
use crate::service::Ctx;
use crate::store::State;

/// An attachment of another account's VPC to a gateway of this account's.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guest {
    /// The account that keeps it.
    pub home: String,
    pub transit_gateway: String,
    pub ends_at: Option<Moment>,
}

impl Mortal for Guest {
    fn ends_at(&self) -> Option<Moment> {
        self.ends_at
    }
}

/// The living VPC attachment that a caller names.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a VpcAttachment> {
    seen(ctx.state, &ctx.caller.account, ctx.region, id).ok_or_else(|| KIND.missing(id))
}

/// A living VPC attachment as an account sees it.
pub(super) fn seen<'a>(state: &'a State, account: &str, region: &str, id: &str) -> Option<&'a VpcAttachment> {
    let attachments = &state.regional(account, region).ec2.transit_gateway_attachments;
    attachments.own.living.get(id).or_else(|| {
        let home = &attachments.guests.living.get(id)?.home;
        state.regional(home, region).ec2.transit_gateway_attachments.own.living.get(id)
    })
}

/// All VPC attachments that the caller sees, tombstones included.
pub(super) fn listed<'a>(ctx: &'a Ctx<'_>) -> BTreeMap<String, &'a VpcAttachment> {
    let attachments = &ctx.ec2().transit_gateway_attachments;
    let mut all = attachments.own.listed();
    for (id, guest) in attachments.guests.listed() {
        let home = &ctx.state.regional(&guest.home, ctx.region).ec2.transit_gateway_attachments.own;
        if let Some(attachment) = home.living.get(&id).or_else(|| home.dead.get(&id)) {
            all.insert(id, attachment);
        }
    }
    all
}

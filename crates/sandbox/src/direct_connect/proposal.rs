//! Association proposals: how the owner of a transit gateway asks the owner of another account's gateway.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::association;
use super::pair::{Between, Pair, TransitGatewayRef, Wanted};
use super::prefixes::{self, Prefix, Prefixes};
use super::{missing, refused, timing};
use crate::clock::Moment;
use crate::ec2::direct_connect_attachment as tgw_side;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateDirectConnectGatewayAssociationProposal", create),
    Operation::json_read("DescribeDirectConnectGatewayAssociationProposals", describe),
    Operation::json_write("AcceptDirectConnectGatewayAssociationProposal", accept),
    Operation::json_write("DeleteDirectConnectGatewayAssociationProposal", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proposal {
    pub gateway: String,
    pub gateway_owner: String,
    pub from: TransitGatewayRef,
    /// What the association allowed when the proposal was made.
    pub existing: Prefixes,
    pub requested: Prefixes,
    pub end: Option<End>,
}

/// How and when a proposal was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub at: Moment,
    /// Else deleted, by either side.
    pub accepted: bool,
}

impl Between for Proposal {
    fn ends(&self) -> Pair<'_> {
        Pair { gateway: &self.gateway, gateway_owner: &self.gateway_owner, transit_gateway: &self.from }
    }

    fn json(&self, id: &str, _: Moment) -> Value {
        let mut answer = json!({
            "proposalId": id,
            "proposalState": self.state(),
            "existingAllowedPrefixesToDirectConnectGateway": prefixes::json(&self.existing),
            "requestedAllowedPrefixesToDirectConnectGateway": prefixes::json(&self.requested),
        });
        self.ends().write(&mut answer);
        answer
    }
}

impl Proposal {
    /// Whether nobody has answered it yet.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// When it is no longer listed.
    pub fn forgotten_at(&self) -> Option<Moment> {
        self.end.map(|end| end.at.plus(timing::PROPOSAL_LISTED))
    }

    fn state(&self) -> &'static str {
        match self.end {
            None => "requested",
            Some(End { accepted: true, .. }) => "accepted",
            Some(_) => "deleted",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    direct_connect_gateway_id: String,
    direct_connect_gateway_owner_account: String,
    gateway_id: String,
    add_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
    remove_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
}

/// The ASNs are compared when it is accepted: the owner of the transit gateway does not know the other one's.
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create {
        direct_connect_gateway_id: gateway,
        direct_connect_gateway_owner_account: gateway_owner,
        gateway_id,
        add_allowed_prefixes_to_direct_connect_gateway: add,
        remove_allowed_prefixes_to_direct_connect_gateway: remove,
    } = json_input(input)?;
    let (add, remove) = (prefixes::read(add)?, prefixes::read(remove)?);
    let owner = &ctx.caller.account;
    if gateway_owner == *owner {
        // Unverified: DOC speaks of proposals across accounts only.
        return Err(refused("A proposal is for the Direct Connect gateway of another account."));
    }
    let from = TransitGatewayRef::here(ctx, owner, gateway_id);
    from.usable(ctx)?;
    let id = &from.id;
    if !tgw_side::attaches_own_vpc(ctx.state, owner, ctx.region, id, ctx.now) {
        // DOC (user guide, "Creating a transit gateway association proposal"): "must be attached to a VPC or VPN in your
        // AWS account".
        return Err(refused(format!("Transit Gateway {id} must be attached to a VPC or VPN in your AWS account.")));
    }
    let all = &ctx.state.direct_connect;
    if all.gateways.get(&gateway).is_none_or(|it| it.owner != gateway_owner || it.ends_at.is_some()) {
        return Err(missing("Direct Connect Gateway", &gateway));
    }
    if all.proposals.values().any(|it| it.is_open() && it.gateway == gateway && it.from == from) {
        // Unverified.
        return Err(refused(format!("There is already a proposal for {id} and Direct Connect Gateway {gateway}.")));
    }
    let existing = association::between(ctx, &gateway, id).map(|(_, it)| it.prefixes).unwrap_or_default();
    let mut requested: Prefixes = existing.difference(&remove).copied().collect();
    requested.extend(add);
    prefixes::check_count(ctx, &requested)?;

    let id = ctx.new_uuid("dx-proposal");
    let proposal = Proposal { gateway, gateway_owner, from, existing, requested, end: None };
    ctx.state.direct_connect.proposals.insert(id.clone(), proposal.clone());
    Ok(answer(ctx, &id, &proposal))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    direct_connect_gateway_id: Option<String>,
    proposal_id: Option<String>,
    associated_gateway_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe {
        direct_connect_gateway_id: gateway,
        proposal_id: id,
        associated_gateway_id: transit_gateway,
        max_results,
        next_token,
    } = json_input(input)?;
    let ctx = &*ctx;
    let wanted = Wanted { id, gateway, transit_gateway, max_results, next_token };
    wanted.of(ctx, "directConnectGatewayAssociationProposals", ctx.state.direct_connect.proposals.iter())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Accept {
    direct_connect_gateway_id: String,
    proposal_id: String,
    associated_gateway_owner_account: String,
    override_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
}

/// Makes the association, or changes its prefixes where there is one. Prefixes are optional here (DOC: user guide): with
/// none, nothing is advertised to on-premises, and nobody is told.
fn accept(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Accept {
        direct_connect_gateway_id: gateway,
        proposal_id,
        associated_gateway_owner_account: owner,
        override_allowed_prefixes_to_direct_connect_gateway: others,
    } = json_input(input)?;
    let proposal = open(ctx, &proposal_id)?.clone();
    if proposal.gateway_owner != ctx.caller.account || proposal.gateway != gateway || proposal.from.owner != owner {
        return Err(missing("Direct Connect Gateway Association Proposal", &proposal_id));
    }
    let prefixes = if others.is_some() { prefixes::read(others)? } else { proposal.requested.clone() };
    let (id, association) = match association::between(ctx, &gateway, &proposal.from.id) {
        Some((id, existing)) => association::change(ctx, id, existing, prefixes)?,
        None => association::begin(ctx, gateway, proposal.from.clone(), prefixes)?,
    };
    close(ctx, proposal_id, proposal, true);
    Ok(association::answer(ctx, &id, &association))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    proposal_id: String,
}

/// The one who asked takes it back, or the one who was asked rejects it (DOC: user guide, "Accept or reject"). What was
/// accepted cannot be deleted.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { proposal_id: id } = json_input(input)?;
    let proposal = open(ctx, &id)?.clone();
    let proposal = close(ctx, id.clone(), proposal, false);
    Ok(answer(ctx, &id, &proposal))
}

fn close(ctx: &mut Ctx<'_>, id: String, proposal: Proposal, accepted: bool) -> Proposal {
    let proposal = Proposal { end: Some(End { at: ctx.now, accepted }), ..proposal };
    ctx.state.direct_connect.proposals.insert(id, proposal.clone());
    proposal
}

/// A proposal that the caller sees and nobody has answered.
fn open<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Proposal> {
    let found = ctx.state.direct_connect.proposals.get(id).filter(|it| it.ends().is_seen_by(ctx));
    let proposal = found.ok_or_else(|| missing("Direct Connect Gateway Association Proposal", id))?;
    if !proposal.is_open() {
        let state = proposal.state();
        return Err(refused(format!("Direct Connect Gateway Association Proposal {id} is in the state {state}.")));
    }
    Ok(proposal)
}

fn answer(ctx: &Ctx<'_>, id: &str, proposal: &Proposal) -> Value {
    json!({ "directConnectGatewayAssociationProposal": proposal.json(id, ctx.now) })
}

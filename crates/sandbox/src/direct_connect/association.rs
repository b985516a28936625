//! Associations of gateways with transit gateways. While one exists, the transit gateway has an attachment.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::pair::{Between, Pair, TransitGatewayRef, Wanted};
use super::prefixes::{self, Prefix, Prefixes};
use super::{gateway, missing, refused, timing};
use crate::clock::Moment;
use crate::ec2::{Mortal, direct_connect_attachment as tgw_side};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateDirectConnectGatewayAssociation", create),
    Operation::json_read("DescribeDirectConnectGatewayAssociations", describe),
    Operation::json_write("UpdateDirectConnectGatewayAssociation", update),
    Operation::json_write("DeleteDirectConnectGatewayAssociation", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Association {
    pub gateway: String,
    pub gateway_owner: String,
    pub to: TransitGatewayRef,
    /// Of the transit gateway.
    pub attachment: String,
    pub prefixes: Prefixes,
    pub associated_at: Moment,
    pub updated_at: Option<Moment>,
    pub ends_at: Option<Moment>,
}

impl Mortal for Association {
    fn ends_at(&self) -> Option<Moment> {
        self.ends_at
    }
}

impl Between for Association {
    fn ends(&self) -> Pair<'_> {
        Pair { gateway: &self.gateway, gateway_owner: &self.gateway_owner, transit_gateway: &self.to }
    }

    fn json(&self, id: &str, now: Moment) -> Value {
        let mut answer = json!({
            "associationId": id,
            "associationState": self.state(now),
            "allowedPrefixesToDirectConnectGateway": prefixes::json(&self.prefixes),
        });
        self.ends().write(&mut answer);
        answer
    }
}

impl Association {
    fn state(&self, now: Moment) -> &'static str {
        match self.ends_at {
            Some(at) if now < at => "disassociating",
            Some(_) => "disassociated",
            None if now < self.associated_at => "associating",
            None if self.updated_at.is_some_and(|at| now < at) => "updating",
            None => "associated",
        }
    }

    /// What is in the middle of something does not begin another thing. Unverified, but clients wait (aws-facts
    /// section 2.5).
    fn must_be_associated(&self, id: &str, now: Moment) -> Result<()> {
        match self.state(now) {
            "associated" => Ok(()),
            state => Err(refused(format!("Direct Connect Gateway Association {id} is in the state {state}."))),
        }
    }
}

/// The living association of a gateway and a transit gateway, of which there is at most one.
pub(super) fn between(ctx: &Ctx<'_>, gateway: &str, transit_gateway: &str) -> Option<(String, Association)> {
    let living = ctx.state.direct_connect.associations.living.iter();
    let mut found = living.filter(|(_, it)| it.gateway == gateway && it.to.id == transit_gateway);
    found.next().map(|(id, association)| (id.clone(), association.clone()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    direct_connect_gateway_id: String,
    gateway_id: String,
    add_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
}

/// Between two of the caller's own. For another account's transit gateway there are proposals.
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create {
        direct_connect_gateway_id: gateway,
        gateway_id,
        add_allowed_prefixes_to_direct_connect_gateway: given,
    } = json_input(input)?;
    let prefixes = prefixes::read(given)?;
    if prefixes.is_empty() {
        // DOC (addAllowedPrefixesToDirectConnectGateway): "required when you create an association to a transit gateway".
        return Err(refused("Allowed prefixes are required for an association with a transit gateway."));
    }
    if between(ctx, &gateway, &gateway_id).is_some() {
        return Err(refused(format!(
            "Gateway {gateway_id} is already associated with Direct Connect Gateway {gateway}."
        )));
    }
    let to = TransitGatewayRef::here(ctx, &ctx.caller.account, gateway_id);
    let (id, association) = begin(ctx, gateway, to, prefixes)?;
    Ok(answer(ctx, &id, &association))
}

/// Associates a gateway of the caller's with a transit gateway that is in the Region of the request.
pub(super) fn begin(
    ctx: &mut Ctx<'_>,
    gateway: String,
    to: TransitGatewayRef,
    prefixes: Prefixes,
) -> Result<(String, Association)> {
    prefixes::check_count(ctx, &prefixes)?;
    let asn = gateway::usable(ctx, &gateway)?.asn;
    let TransitGatewayRef { id: transit_gateway, region, .. } = &to;
    let found = to.usable(ctx)?;
    // Domain.md section 2.3: "TGW ASN ≠ DXGW ASN, or the association fails"; that it fails at once is unverified.
    if found.options.asn == asn {
        return Err(refused(format!(
            "The ASN {asn} of Direct Connect Gateway {gateway} is the same as that of Transit Gateway {transit_gateway}."
        )));
    }
    let living = || ctx.state.direct_connect.associations.living.values();
    if living().filter(|it| it.gateway == gateway).count() >= ctx.quotas.transit_gateways_per_direct_connect_gateway {
        return Err(refused("The limit of transit gateways for this Direct Connect gateway has been reached."));
    }
    if living().filter(|it| it.to.id == *transit_gateway).count()
        >= ctx.quotas.direct_connect_gateways_per_transit_gateway
    {
        return Err(refused("The limit of Direct Connect gateways for this transit gateway has been reached."));
    }
    check_overlap(ctx, &gateway, transit_gateway, &prefixes)?;
    // DOC (user guide, "Transit gateway associations"): "use unique ASNs for each transit gateway" in different Regions.
    // That AWS refuses others is unverified.
    let same_asn = |it: &&Association| {
        let other = tgw_side::transit_gateway(ctx.state, &it.to.owner, &it.to.region, &it.to.id);
        it.gateway == gateway && it.to.region != *region && other.is_some_and(|it| it.options.asn == found.options.asn)
    };
    if let Some(other) = living().find(same_asn) {
        return Err(refused(format!("Transit Gateway {} in {} has the same ASN.", other.to.id, other.to.region)));
    }

    let id = ctx.new_uuid("dx-association");
    let associated_at = ctx.in_seconds(timing::ASSOCIATING);
    let gateway_owner = ctx.caller.account.clone();
    let attachment = tgw_side::attach(ctx, &to, (&gateway, &gateway_owner), associated_at);
    let association = Association {
        gateway,
        gateway_owner,
        to,
        attachment,
        prefixes,
        associated_at,
        updated_at: None,
        ends_at: None,
    };
    ctx.state.direct_connect.associations.living.insert(id.clone(), association.clone());
    Ok((id, association))
}

/// Two transit gateways cannot both be the way to one address. Unverified for transit gateways; documented for the VPCs of
/// virtual private gateways (DOC: user guide, "Virtual private gateway associations").
fn check_overlap(ctx: &Ctx<'_>, gateway: &str, transit_gateway: &str, prefixes: &Prefixes) -> Result<()> {
    let living = ctx.state.direct_connect.associations.living.values();
    let others = living.filter(|it| it.gateway == gateway && it.to.id != transit_gateway);
    match others.filter_map(|other| prefixes::overlap(prefixes, &other.prefixes)).next() {
        Some(block) => Err(refused(format!(
            "The allowed prefix {block} overlaps with one of another gateway that is associated with Direct Connect \
             Gateway {gateway}."
        ))),
        None => Ok(()),
    }
}

/// Replaces the prefixes of an association of the caller's gateway.
pub(super) fn change(
    ctx: &mut Ctx<'_>,
    id: String,
    association: Association,
    prefixes: Prefixes,
) -> Result<(String, Association)> {
    association.must_be_associated(&id, ctx.now)?;
    prefixes::check_count(ctx, &prefixes)?;
    check_overlap(ctx, &association.gateway, &association.to.id, &prefixes)?;
    let updated_at = Some(ctx.in_seconds(timing::UPDATING));
    let association = Association { prefixes, updated_at, ..association };
    ctx.state.direct_connect.associations.living.insert(id.clone(), association.clone());
    Ok((id, association))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    association_id: Option<String>,
    associated_gateway_id: Option<String>,
    direct_connect_gateway_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe {
        association_id: id,
        associated_gateway_id: transit_gateway,
        direct_connect_gateway_id: gateway,
        max_results,
        next_token,
    } = json_input(input)?;
    if id.is_none() && transit_gateway.is_none() && gateway.is_none() {
        // DOC: "You must specify one of the following".
        return Err(refused("A Direct Connect gateway, an associated gateway or an association must be specified."));
    }
    let ctx = &*ctx;
    let wanted = Wanted { id, gateway, transit_gateway, max_results, next_token };
    let listed = ctx.state.direct_connect.associations.listed();
    wanted.of(ctx, "directConnectGatewayAssociations", listed.iter().map(|(id, it)| (id, *it)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Update {
    association_id: String,
    add_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
    remove_allowed_prefixes_to_direct_connect_gateway: Option<Vec<Prefix>>,
}

/// DOC (user guide, "Update the allowed prefixes"): the gateway's owner does this; the transit gateway's makes a new
/// proposal.
fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Update {
        association_id: id,
        add_allowed_prefixes_to_direct_connect_gateway: add,
        remove_allowed_prefixes_to_direct_connect_gateway: remove,
    } = json_input(input)?;
    let (add, remove) = (prefixes::read(add)?, prefixes::read(remove)?);
    if add.is_empty() && remove.is_empty() {
        return Err(refused("Allowed prefixes to add or to remove must be specified."));
    }
    let association = visible(ctx, &id)?.clone();
    if association.gateway_owner != ctx.caller.account {
        return Err(refused(format!("Direct Connect Gateway {} belongs to another account.", association.gateway)));
    }
    if let Some(unknown) = remove.difference(&association.prefixes).next() {
        return Err(refused(format!("{unknown} is none of the allowed prefixes.")));
    }
    let mut prefixes: Prefixes = association.prefixes.difference(&remove).copied().collect();
    prefixes.extend(add);
    if prefixes.is_empty() {
        return Err(refused("Allowed prefixes are required for an association with a transit gateway."));
    }
    let (id, association) = change(ctx, id, association, prefixes)?;
    Ok(answer(ctx, &id, &association))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    association_id: String,
}

/// By either owner (DOC: user guide, "Delete a transit gateway and Direct Connect association proposal": the transit
/// gateway's owner "can disassociate" what was accepted).
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { association_id: id } = json_input(input)?;
    let mut association = visible(ctx, &id)?.clone();
    association.must_be_associated(&id, ctx.now)?;
    let ends_at = ctx.in_seconds(timing::DISASSOCIATING);
    tgw_side::detach(ctx.state, &association.to, &association.attachment, ends_at);
    association.ends_at = Some(ends_at);
    ctx.state.direct_connect.associations.living.insert(id.clone(), association.clone());
    Ok(answer(ctx, &id, &association))
}

/// A living association that the caller sees.
fn visible<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Association> {
    let found = ctx.state.direct_connect.associations.living.get(id).filter(|it| it.ends().is_seen_by(ctx));
    found.ok_or_else(|| missing("Direct Connect Gateway Association", id))
}

/// The answer to a write.
pub(super) fn answer(ctx: &Ctx<'_>, id: &str, association: &Association) -> Value {
    json!({ "directConnectGatewayAssociation": association.json(id, ctx.now) })
}

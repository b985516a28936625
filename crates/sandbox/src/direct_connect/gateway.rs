//! Direct Connect gateways. They are seen from every Region and listed by their owner only.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::{self, Tag, Tags};
use super::{missing, page, refused, timing};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateDirectConnectGateway", create),
    Operation::json_read("DescribeDirectConnectGateways", describe),
    Operation::json_write("UpdateDirectConnectGateway", update),
    Operation::json_write("DeleteDirectConnectGateway", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gateway {
    pub owner: String,
    pub name: String,
    pub asn: i64,
    pub tags: Tags,
    pub available_at: Moment,
    pub ends_at: Option<Moment>,
}

impl Gateway {
    /// A gateway that is deleted is not listed any more, so it never says so.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.ends_at {
            Some(_) => "deleting",
            None if now < self.available_at => "pending",
            None => "available",
        }
    }
}

/// The caller's gateway. Another account's is as unknown to it as one that does not exist.
pub(super) fn own<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Gateway> {
    let found = ctx.state.direct_connect.gateways.get(id).filter(|gateway| gateway.owner == ctx.caller.account);
    found.ok_or_else(|| missing("Direct Connect Gateway", id))
}

/// The caller's gateway, which must be available.
pub(super) fn usable<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Gateway> {
    let gateway = own(ctx, id)?;
    match gateway.state(ctx.now) {
        "available" => Ok(gateway),
        state => Err(refused(format!("Direct Connect Gateway {id} is in the state {state}."))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    direct_connect_gateway_name: String,
    amazon_side_asn: Option<i64>,
    tags: Option<Vec<Tag>>,
}

/// Names are not unique, and there is no token: the same request makes a second gateway (aws-facts section 2.5).
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    /// DOC (CreateDirectConnectGateway): 64,512-65,534 or 4,200,000,000-4,294,967,294; the default.
    const DEFAULT_ASN: i64 = 64_512;
    let Create { direct_connect_gateway_name: name, amazon_side_asn, tags: given } = json_input(input)?;
    check_name(&name)?;
    let asn = amazon_side_asn.unwrap_or(DEFAULT_ASN);
    if !(64_512..=65_534).contains(&asn) && !(4_200_000_000..=4_294_967_294).contains(&asn) {
        return Err(refused(format!("The ASN {asn} is not a private ASN.")));
    }
    let tags = tags::read(given).map_err(|error| refused(error.message))?;
    let own = ctx.state.direct_connect.gateways.values().filter(|gateway| gateway.owner == ctx.caller.account);
    if own.count() >= ctx.quotas.direct_connect_gateways {
        return Err(refused("The limit of Direct Connect gateways for this account has been reached."));
    }
    let id = ctx.new_uuid("dx-gateway");
    let gateway = Gateway {
        owner: ctx.caller.account.clone(),
        name,
        asn,
        tags,
        available_at: ctx.in_seconds(timing::GATEWAY_PENDING),
        ends_at: None,
    };
    ctx.state.direct_connect.gateways.insert(id.clone(), gateway.clone());
    Ok(answer(ctx, &id, &gateway))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    direct_connect_gateway_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { direct_connect_gateway_id: id, max_results, next_token } = json_input(input)?;
    let ctx = &*ctx;
    let rows = ctx.state.direct_connect.gateways.iter();
    let rows = rows
        .filter(|(_, gateway)| gateway.owner == ctx.caller.account)
        .filter(|(one, _)| id.as_ref().is_none_or(|id| id == *one))
        .map(|(id, gateway)| (id.clone(), json(ctx, id, gateway)));
    page::answer("directConnectGateways", rows, max_results, next_token.as_deref())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Update {
    direct_connect_gateway_id: String,
    new_direct_connect_gateway_name: String,
}

fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Update { direct_connect_gateway_id: id, new_direct_connect_gateway_name: name } = json_input(input)?;
    check_name(&name)?;
    let gateway = Gateway { name, ..usable(ctx, &id)?.clone() };
    ctx.state.direct_connect.gateways.insert(id.clone(), gateway.clone());
    Ok(answer(ctx, &id, &gateway))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    direct_connect_gateway_id: String,
}

/// DOC (DeleteDirectConnectGateway): virtual interfaces and associations must be gone first.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { direct_connect_gateway_id: id } = json_input(input)?;
    let gateway = Gateway { ends_at: Some(ctx.in_seconds(timing::GATEWAY_DELETING)), ..usable(ctx, &id)?.clone() };
    let all = &ctx.state.direct_connect;
    if all.associations.living.values().any(|association| association.gateway == id) {
        return Err(refused(format!("Direct Connect Gateway {id} has associations: disassociate its gateways first.")));
    }
    let attached = |gateway: &Option<String>| gateway.as_ref() == Some(&id);
    let interfaces = all.virtual_interfaces.values();
    if interfaces.into_iter().any(|one| attached(&one.gateway) && !one.is_over(ctx.now)) {
        return Err(refused(format!("Direct Connect Gateway {id} has virtual interfaces attached.")));
    }
    ctx.state.direct_connect.gateways.insert(id.clone(), gateway.clone());
    Ok(answer(ctx, &id, &gateway))
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(refused("The name of a Direct Connect gateway must not be empty."));
    }
    Ok(())
}

fn answer(ctx: &Ctx<'_>, id: &str, gateway: &Gateway) -> Value {
    json!({ "directConnectGateway": json(ctx, id, gateway) })
}

fn json(ctx: &Ctx<'_>, id: &str, gateway: &Gateway) -> Value {
    json!({
        "directConnectGatewayId": id,
        "directConnectGatewayName": gateway.name,
        "amazonSideAsn": gateway.asn,
        "ownerAccount": gateway.owner,
        "directConnectGatewayState": gateway.state(ctx.now),
        "tags": tags::json(&gateway.tags),
    })
}

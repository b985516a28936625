//! Transit gateways themselves.

use serde::{Deserialize, Serialize};

use super::gateway_options::GatewayOptions;
use super::route_table::{self, TransitGatewayRouteTable};
use super::{incorrect_state, shared, switch, switched, timing};
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortal;
use crate::ec2::{Kind, errors, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::ram;
use crate::service::{Ctx, Operation};
use crate::store::Keys;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateTransitGateway", create),
    Operation::read("DescribeTransitGateways", describe),
    Operation::write("ModifyTransitGateway", modify),
    Operation::write("DeleteTransitGateway", delete),
];

pub(crate) static KIND: Kind = Kind {
    resource_type: "transit-gateway",
    prefix: "tgw",
    not_found: "InvalidTransitGatewayID.NotFound",
    rows: |ec2| &ec2.transit_gateways,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransitGateway {
    pub description: String,
    pub options: GatewayOptions,
    pub created: Moment,
    pub available_at: Moment,
    pub modified_at: Option<Moment>,
    pub deleted_at: Option<Moment>,
}

impl Mortal for TransitGateway {
    fn ends_at(&self) -> Option<Moment> {
        self.deleted_at
    }
}

impl TransitGateway {
    pub fn state(&self, now: Moment) -> &'static str {
        match self.deleted_at {
            Some(at) if now < at => "deleting",
            Some(_) => "deleted",
            None if now < self.available_at => "pending",
            None if self.modified_at.is_some_and(|at| now < at) => "modifying",
            None => "available",
        }
    }
}

/// The caller's gateway, which must be available.
pub(super) fn usable<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a TransitGateway> {
    let gateway = KIND.get(&ctx.ec2().transit_gateways.living, id)?;
    match gateway.state(ctx.now) {
        "available" => Ok(gateway),
        state => Err(incorrect_state(id, state)),
    }
}

fn arn(region: &str, owner: &str, id: &str) -> String {
    format!("arn:aws:ec2:{region}:{owner}:transit-gateway/{id}")
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let description = p.optional("Description").unwrap_or_default();
    let mut options = GatewayOptions::default();
    let (mut associates, mut propagates) = (true, true);
    if let Some(given) = p.structure("Options") {
        options.read(&given)?;
        options.multicast = switch(&given, "MulticastSupport")?.unwrap_or(false);
        options.add_blocks(&given, "TransitGatewayCidrBlocks")?;
        associates = switch(&given, "DefaultRouteTableAssociation")?.unwrap_or(true);
        propagates = switch(&given, "DefaultRouteTablePropagation")?.unwrap_or(true);
    }
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    if ctx.ec2().transit_gateways.living.len() >= ctx.quotas.transit_gateways {
        return Err(errors::quota("TransitGatewayLimitExceeded", "transit gateways"));
    }
    let id = ctx.new_id(KIND.prefix);
    let available_at = ctx.in_seconds(timing::GATEWAY_PENDING);
    if associates || propagates {
        let table = ctx.new_id(route_table::KIND.prefix);
        let made = TransitGatewayRouteTable::new(&id, ctx.now, available_at);
        ctx.ec2_mut().transit_gateway_route_tables.living.insert(table.clone(), made);
        options.association_table = associates.then(|| table.clone());
        options.propagation_table = propagates.then_some(table);
    }
    let created = ctx.now;
    let gateway = TransitGateway { description, options, created, available_at, modified_at: None, deleted_at: None };
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, tags);
    ec2.transit_gateways.living.insert(id.clone(), gateway.clone());
    Ok(Xml::new().nest("transitGateway", xml(ctx, &id, &ctx.caller.account, &gateway)))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let listed = shared::listed(ctx);
    let found = Describe {
        kind: &KIND,
        ids: "TransitGatewayIds",
        filters: "Filter",
        known: &[
            "options.amazon-side-asn",
            "options.association-default-route-table-id",
            "options.auto-accept-shared-attachments",
            "options.default-route-table-association",
            "options.default-route-table-propagation",
            "options.dns-support",
            "options.propagation-default-route-table-id",
            "options.vpn-ecmp-support",
            "owner-id",
            "state",
            "tag-key",
            "transit-gateway-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &listed, |id, seen, name| {
        let (gateway, options) = (seen.gateway, &seen.gateway.options);
        let one = match name {
            "options.association-default-route-table-id" => {
                return options.association_table.clone().into_iter().collect();
            }
            "options.propagation-default-route-table-id" => {
                return options.propagation_table.clone().into_iter().collect();
            }
            "options.amazon-side-asn" => return vec![options.asn.to_string()],
            "options.auto-accept-shared-attachments" => switched(options.auto_accept),
            "options.default-route-table-association" => switched(options.association_table.is_some()),
            "options.default-route-table-propagation" => switched(options.propagation_table.is_some()),
            "options.dns-support" => switched(options.dns_support),
            "options.vpn-ecmp-support" => switched(options.vpn_ecmp),
            "owner-id" => &seen.owner,
            "state" => gateway.state(ctx.now),
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("transitGatewaySet", |id, seen| xml(ctx, id, &seen.owner, seen.gateway)))
}

/// With the caller's tags: the owner's are the owner's alone.
fn xml(ctx: &Ctx<'_>, id: &str, owner: &str, gateway: &TransitGateway) -> Xml {
    Xml::new()
        .text("transitGatewayId", id)
        .text("transitGatewayArn", arn(ctx.region, owner, id))
        .text("state", gateway.state(ctx.now))
        .text("ownerId", owner)
        .text("description", &gateway.description)
        .value("creationTime", gateway.created)
        .nest("options", gateway.options.xml())
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

/// DOC (ModifyTransitGateway): applies to new attachments only.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayId")?;
    let mut gateway = usable(ctx, &id)?.clone();
    let (description, given) = (p.optional("Description"), p.structure("Options"));
    if description.is_none() && given.is_none() {
        return Err(AwsError::new("MissingParameter", "No option is given."));
    }
    gateway.description = description.unwrap_or(gateway.description);
    if let Some(given) = given {
        let options = &mut gateway.options;
        options.read(&given)?;
        options.remove_blocks(&given, "RemoveTransitGatewayCidrBlocks")?;
        options.add_blocks(&given, "AddTransitGatewayCidrBlocks")?;
        let names = ["DefaultRouteTableAssociation", "AssociationDefaultRouteTableId"];
        options.association_table = default_table(ctx, &given, names, &id, options.association_table.take())?;
        let names = ["DefaultRouteTablePropagation", "PropagationDefaultRouteTableId"];
        options.propagation_table = default_table(ctx, &given, names, &id, options.propagation_table.take())?;
    }
    gateway.modified_at = Some(ctx.in_seconds(timing::GATEWAY_MODIFYING));
    ctx.ec2_mut().transit_gateways.living.insert(id.clone(), gateway.clone());
    Ok(Xml::new().nest("transitGateway", xml(ctx, &id, &ctx.caller.account, &gateway)))
}

/// The default table after a modification. Switching on needs a table, one of the same gateway.
fn default_table(
    ctx: &Ctx<'_>,
    p: &Params,
    [switch_name, id_name]: [&str; 2],
    gateway: &str,
    current: Option<String>,
) -> Result<Option<String>> {
    let on = switch(p, switch_name)?.unwrap_or(current.is_some());
    match (on, p.optional(id_name)) {
        (false, None) => Ok(None),
        (false, Some(_)) => Err(errors::combination(format!("{id_name} needs {switch_name} to be enabled"))),
        (true, None) => match current {
            Some(table) => Ok(Some(table)),
            None => p.required(id_name).map(Some),
        },
        (true, Some(table)) => {
            if super::usable_table(ctx, &table)?.transit_gateway != gateway {
                return Err(p.invalid(id_name, &table, "It is a route table of another transit gateway."));
            }
            Ok(Some(table))
        }
    }
}

/// Its route tables go with it; attachments must be gone.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayId")?;
    usable(ctx, &id)?;
    let attached = ctx.ec2().transit_gateway_attachments.to_gateway(&id);
    if let [first, ..] = attached[..] {
        // AWS names the type (rebuy-de/aws-nuke #961).
        let line = ctx.ec2().transit_gateway_attachments.direct_connect.has(first);
        let kind = if line { "DirectConnect Gateway" } else { "Transit Gateway" };
        let attached = attached.join(", ");
        return Err(AwsError::new("IncorrectState", format!("{id} has non-deleted {kind} Attachments: {attached}.")));
    }
    // Unverified: that AWS refuses it. Aws-facts section 1.2: "remove the RAM share first".
    if ram::shares(ctx.state, &ctx.caller.account, ctx.region, &arn(ctx.region, &ctx.caller.account, &id), ctx.now) {
        return Err(AwsError::new("IncorrectState", format!("{id} is in a resource share.")));
    }
    let gone_at = ctx.in_seconds(timing::GATEWAY_DELETING);
    let ec2 = ctx.ec2_mut();
    route_table::delete_all(ec2, &id, gone_at);
    let gateway = KIND.get_mut(&mut ec2.transit_gateways.living, &id)?;
    gateway.deleted_at = Some(gone_at);
    let gateway = gateway.clone();
    Ok(Xml::new().nest("transitGateway", xml(ctx, &id, &ctx.caller.account, &gateway)))
}

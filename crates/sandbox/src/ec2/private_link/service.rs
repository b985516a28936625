//! Endpoint services: their configurations.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::connection;
use super::token::{self, TokenUse};
use super::{invalid, timing};
use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortal;
use crate::ec2::{Kind, Tags, errors, params, tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateVpcEndpointServiceConfiguration", create),
    Operation::read("DescribeVpcEndpointServiceConfigurations", describe),
    Operation::write("ModifyVpcEndpointServiceConfiguration", modify),
    Operation::write("DeleteVpcEndpointServiceConfigurations", delete),
];

pub(crate) static KIND: Kind = Kind {
    resource_type: "vpc-endpoint-service",
    prefix: "vpce-svc",
    not_found: "InvalidVpcEndpointServiceId.NotFound",
    rows: |ec2| &ec2.endpoint_services,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointService {
    /// ARNs of Network Load Balancers.
    pub load_balancers: BTreeSet<String>,
    pub acceptance_required: bool,
    /// The id of the permission of each allowed principal.
    pub permissions: BTreeMap<String, String>,
    pub available_at: Moment,
    pub deleted_at: Option<Moment>,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    load_balancers: BTreeSet<String>,
    acceptance_required: bool,
    tags: Tags,
}

impl Mortal for EndpointService {
    fn ends_at(&self) -> Option<Moment> {
        self.deleted_at
    }
}

impl EndpointService {
    /// As AWS's model writes it, unlike the states of endpoints.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.deleted_at {
            Some(at) if now < at => "Deleting",
            Some(_) => "Deleted",
            None if now < self.available_at => "Pending",
            None => "Available",
        }
    }

    /// The ids of the zones of its load balancers.
    pub fn zones(&self, ctx: &Ctx<'_>, owner: &str) -> BTreeSet<String> {
        let balancers = &ctx.state.regional(owner, ctx.region).elb.load_balancers;
        let ours = self.load_balancers.iter().filter_map(|arn| balancers.get(arn));
        ours.flat_map(|balancer| balancer.zones().map(str::to_owned)).collect()
    }
}

/// The name by which consumers know it.
pub(super) fn name(region: &str, id: &str) -> String {
    format!("com.amazonaws.vpce.{region}.{id}")
}

/// The caller's service, which must be available.
pub(super) fn usable<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a EndpointService> {
    let service = KIND.get(&ctx.ec2().endpoint_services.living, id)?;
    match service.state(ctx.now) {
        "Available" => Ok(service),
        // The code is unverified.
        state => Err(AwsError::new("IncorrectState", format!("The endpoint service {id} is in the state {state}."))),
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let token = params::client_token(p)?;
    let wanted = Wanted {
        load_balancers: p.list("NetworkLoadBalancerArn").into_iter().collect(),
        // The model states no default (aws-facts section 1.2).
        acceptance_required: p.required("AcceptanceRequired").and(p.boolean("AcceptanceRequired"))?.unwrap_or(true),
        tags: tags::at_creation(ctx, p, KIND.resource_type)?,
    };
    for address_type in p.list("SupportedIpAddressType") {
        if address_type != "ipv4" {
            return Err(p.invalid("SupportedIpAddressType", &address_type, "Only ipv4 is simulated."));
        }
    }
    if let Some(id) = token::made(&ctx.ec2().endpoint_service_tokens, token.as_ref(), &wanted, ctx.now)? {
        let listed = ctx.ec2().endpoint_services.listed();
        let service = listed.get(&id).ok_or_else(|| KIND.missing(&id))?;
        return Ok(answer(ctx, &id, service, token.as_ref()));
    }
    check_balancers(ctx, &wanted.load_balancers)?;
    let id = ctx.new_id(KIND.prefix);
    let service = EndpointService {
        load_balancers: wanted.load_balancers.clone(),
        acceptance_required: wanted.acceptance_required,
        permissions: BTreeMap::new(),
        available_at: ctx.in_seconds(timing::SERVICE_PENDING),
        deleted_at: None,
    };
    let now = ctx.now;
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, wanted.tags.clone());
    ec2.endpoint_services.living.insert(id.clone(), service.clone());
    if let Some(token) = token.clone() {
        ec2.endpoint_service_tokens.insert(token, TokenUse { wanted, made: id.clone(), at: now });
    }
    Ok(answer(ctx, &id, &service, token.as_ref()))
}

fn answer(ctx: &Ctx<'_>, id: &str, service: &EndpointService, token: Option<&String>) -> Xml {
    Xml::new().nest("serviceConfiguration", xml(ctx, id, service)).maybe("clientToken", token)
}

/// Load balancers of the caller's that are active and serve nobody else: DOC (PrivateLink guide, "Create a service",
/// considerations: "A Network Load Balancer can be associated with one endpoint service"). The codes but the first are
/// unverified.
fn check_balancers(ctx: &Ctx<'_>, arns: &BTreeSet<String>) -> Result<()> {
    if arns.is_empty() {
        return Err(invalid(
            "exactly one of network_load_balancer_arn or gateway_load_balancer_arn is a required member",
        ));
    }
    let known = &ctx.state.regional(&ctx.caller.account, ctx.region).elb.load_balancers;
    for arn in arns {
        let Some(balancer) = known.get(arn) else {
            return Err(invalid(format!("The load balancer {arn} does not exist.")));
        };
        if !balancer.is_active(ctx.now) {
            return Err(invalid(format!("The load balancer {arn} is not active.")));
        }
        if super::uses(ctx.ec2(), arn) {
            return Err(invalid(format!("The load balancer {arn} is associated with another endpoint service.")));
        }
    }
    Ok(())
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let listed = ctx.ec2().endpoint_services.listed();
    let found = Describe {
        kind: &KIND,
        ids: "ServiceId",
        filters: "Filter",
        known: &["service-id", "service-name", "service-state", "supported-ip-address-types", "tag", "tag-key"],
        page: 5..=1000,
    }
    .select(p, ctx.ec2(), &listed, |id, service, filter| {
        let one = match filter {
            "service-name" => return vec![name(ctx.region, id)],
            "service-state" => service.state(ctx.now),
            "supported-ip-address-types" => "ipv4",
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("serviceConfigurationSet", |id, service| xml(ctx, id, service)))
}

fn xml(ctx: &Ctx<'_>, id: &str, service: &EndpointService) -> Xml {
    let own = service.zones(ctx, &ctx.caller.account);
    let zones = region::zones(ctx.region, &ctx.caller.account);
    let zones = || zones.iter().filter(|zone| own.contains(zone.id));
    Xml::new()
        .list("serviceType", [Xml::new().text("serviceType", "Interface")])
        .text("serviceId", id)
        .text("serviceName", name(ctx.region, id))
        .text("serviceState", service.state(ctx.now))
        .list("availabilityZoneIdSet", zones().map(|zone| Xml::plain(zone.id)))
        .list("availabilityZoneSet", zones().map(|zone| Xml::plain(&zone.name)))
        .value("acceptanceRequired", service.acceptance_required)
        .value("managesVpcEndpoints", false)
        .list("networkLoadBalancerArnSet", service.load_balancers.iter().map(Xml::plain))
        .list("supportedIpAddressTypeSet", [Xml::plain("ipv4")])
        .list("baseEndpointDnsNameSet", [Xml::plain(format!("{id}.{}.vpce.amazonaws.com", ctx.region))])
        .list("tagSet", tags::rows(ctx.ec2(), id))
}

/// Endpoints that wait when acceptance is no longer required keep waiting (unverified).
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("ServiceId")?;
    let acceptance = p.boolean("AcceptanceRequired")?;
    let add: BTreeSet<String> = p.list("AddNetworkLoadBalancerArn").into_iter().collect();
    let remove = p.list("RemoveNetworkLoadBalancerArn");
    if acceptance.is_none() && add.is_empty() && remove.is_empty() {
        return Err(AwsError::new("MissingParameter", "No change is given."));
    }
    let mut service = usable(ctx, &id)?.clone();
    for arn in remove {
        if !service.load_balancers.remove(&arn) {
            return Err(invalid(format!("The load balancer {arn} is not one of the endpoint service {id}.")));
        }
    }
    if !add.is_empty() {
        check_balancers(ctx, &add)?;
        service.load_balancers.extend(add);
    }
    if service.load_balancers.is_empty() {
        return Err(invalid(format!("The endpoint service {id} must keep a load balancer.")));
    }
    service.acceptance_required = acceptance.unwrap_or(service.acceptance_required);
    ctx.ec2_mut().endpoint_services.living.insert(id, service);
    Ok(Xml::done())
}

/// Answers 200 even if none could be deleted. DOC: connections that are available or pending acceptance must be rejected
/// before.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ids = p.list("ServiceId");
    if ids.is_empty() {
        p.required("ServiceId.1")?;
    }
    let gone_at = ctx.in_seconds(timing::SERVICE_DELETING);
    let mut failures = Vec::new();
    for id in ids {
        match deletable(ctx, &id) {
            Ok(mut service) => {
                service.deleted_at = Some(gone_at);
                ctx.ec2_mut().endpoint_services.living.insert(id, service);
            }
            Err(error) => failures.push(errors::unsuccessful(&id, &error)),
        }
    }
    Ok(Xml::new().list("unsuccessful", failures))
}

fn deletable(ctx: &Ctx<'_>, id: &str) -> Result<EndpointService> {
    let service = usable(ctx, id)?;
    let mut connections = connection::all(ctx, id);
    if connections.any(|it| matches!(it.endpoint.state(ctx.now), "available" | "pending" | "pendingAcceptance")) {
        return Err(AwsError::new(
            "ExistingVpcEndpointConnections",
            format!("Service {id} has existing active VPC Endpoint connections!"),
        ));
    }
    Ok(service.clone())
}

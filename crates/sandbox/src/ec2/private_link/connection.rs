//! Connections: others' endpoints as the provider of their service sees them, and decides about them.

use super::endpoint::VpcEndpoint;
use super::endpoint_change::missing;
use super::{service, timing};
use crate::ec2::Tags;
use crate::ec2::describe::Page;
use crate::ec2::errors;
use crate::ec2::filters::Filters;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::read("DescribeVpcEndpointConnections", describe),
    Operation::write("AcceptVpcEndpointConnections", accept),
    Operation::write("RejectVpcEndpointConnections", reject),
];

/// An endpoint and the account that owns it.
pub(super) struct Connection<'a> {
    pub owner: &'a str,
    pub id: &'a str,
    pub endpoint: &'a VpcEndpoint,
}

/// The endpoints to a service of the caller's, tombstones left out.
pub(super) fn all<'a>(ctx: &'a Ctx<'_>, service: &str) -> impl Iterator<Item = Connection<'a>> {
    let provider = &ctx.caller.account;
    let accounts = ctx.state.accounts.keys();
    accounts.flat_map(move |owner| {
        let endpoints = ctx.state.regional(owner, ctx.region).ec2.vpc_endpoints.living.iter();
        let ours = endpoints.filter(move |(_, endpoint)| {
            let to = endpoint.provider.as_ref();
            to.is_some_and(|to| to.account == *provider && to.service == service)
        });
        ours.map(move |(id, endpoint)| Connection { owner, id, endpoint })
    })
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let known = [
        "ip-address-type",
        "service-id",
        "vpc-endpoint-id",
        "vpc-endpoint-owner",
        "vpc-endpoint-region",
        "vpc-endpoint-state",
    ];
    let filters = Filters::read(p, "Filter", &known)?;
    let page = Page::read(p, &(5..=1000))?;
    let services = ctx.ec2().endpoint_services.living.iter();
    let connections = services.flat_map(|(id, service)| all(ctx, id).map(move |connection| (id, service, connection)));
    let passes = |service: &str, connection: &Connection<'_>| {
        filters.accept(&Tags::new(), |name| {
            let one = match name {
                "ip-address-type" => "ipv4",
                "service-id" => service,
                "vpc-endpoint-owner" => connection.owner,
                "vpc-endpoint-region" => ctx.region,
                "vpc-endpoint-state" => connection.endpoint.state(ctx.now),
                _ => connection.id,
            };
            vec![one.to_owned()]
        })
    };
    let mut rows: Vec<_> = connections.filter(|(service, _, connection)| passes(service, connection)).collect();
    rows.sort_by_key(|(.., connection)| connection.id);
    let (rows, next) = page.cut(rows, |(.., connection)| connection.id);
    let rows = rows.into_iter().map(|(id, service, Connection { owner, id: endpoint_id, endpoint })| {
        Xml::new()
            .text("serviceId", id)
            .text("vpcEndpointId", endpoint_id)
            .text("vpcEndpointOwner", owner)
            .text("vpcEndpointState", endpoint.state(ctx.now))
            .value("creationTimestamp", endpoint.created)
            .list("dnsEntrySet", endpoint.dns_entries(ctx.region))
            .list("networkLoadBalancerArnSet", service.load_balancers.iter().map(Xml::plain))
            .text("ipAddressType", "ipv4")
            .text("vpcEndpointRegion", ctx.region)
    });
    Ok(Xml::new().list("vpcEndpointConnectionSet", rows).maybe("nextToken", next))
}

fn accept(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let available_at = ctx.in_seconds(timing::ENDPOINT_PENDING);
    // That one which was rejected cannot be accepted any more, is unverified.
    decide(ctx, p, &["pendingAcceptance"], |endpoint| endpoint.available_at = Some(available_at))
}

/// DOC (PrivateLink guide, "Accept or reject connection requests"): also after it was accepted. The consumer's interfaces
/// stay until it deletes the endpoint (unverified).
fn reject(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    decide(ctx, p, &["pendingAcceptance", "available"], |endpoint| endpoint.rejected = true)
}

/// Changes endpoints that are in one of these states. Answers 200 even if none is; the codes are unverified.
fn decide(ctx: &mut Ctx<'_>, p: &Params, states: &[&str], change: impl Fn(&mut VpcEndpoint)) -> Result<Xml> {
    let service = p.required("ServiceId")?;
    let ids = p.list("VpcEndpointId");
    if ids.is_empty() {
        p.required("VpcEndpointId.1")?;
    }
    service::usable(ctx, &service)?;
    let mut failures = Vec::new();
    for id in ids {
        let found = all(ctx, &service).find(|connection| connection.id == id);
        let Some((owner, mut endpoint)) = found.map(|it| (it.owner.to_owned(), it.endpoint.clone())) else {
            failures.push(errors::unsuccessful(&id, &missing(&id)));
            continue;
        };
        let state = endpoint.state(ctx.now);
        if states.contains(&state) {
            change(&mut endpoint);
            ctx.state.regional_mut(&owner, ctx.region).ec2.vpc_endpoints.living.insert(id, endpoint);
        } else {
            let error = AwsError::new("InvalidState", format!("{id} is in invalid state: {state}"));
            failures.push(errors::unsuccessful(&id, &error));
        }
    }
    Ok(Xml::new().list("unsuccessful", failures))
}

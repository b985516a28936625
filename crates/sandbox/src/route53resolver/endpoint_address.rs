//! Addresses of an endpoint that exists: AssociateResolverEndpointIpAddress, DisassociateResolverEndpointIpAddress,
//! ListResolverEndpointIpAddresses.

use serde::Deserialize;
use serde_json::{Value, json};

use super::address::Wanted;
use super::endpoint::{self, Endpoint};
use super::errors::{invalid_parameter, invalid_request, limit, missing};
use super::page::Page;
use super::timing;
use crate::ec2;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("AssociateResolverEndpointIpAddress", associate),
    Operation::json_write("DisassociateResolverEndpointIpAddress", disassociate),
    Operation::json_read("ListResolverEndpointIpAddresses", list),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Change {
    resolver_endpoint_id: String,
    ip_address: IpAddress,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct IpAddress {
    ip_id: Option<String>,
    subnet_id: Option<String>,
    ip: Option<String>,
}

/// In a subnet, at an address that is given or not.
fn associate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Change { resolver_endpoint_id: endpoint_id, ip_address } = json_input(input)?;
    if ip_address.ip_id.is_some() {
        // DOC (IpAddressUpdate, IpId): "Only when removing an IP address".
        return Err(invalid_parameter("An IP ID can be specified only to remove an IP address."));
    }
    let subnet = ip_address.subnet_id.ok_or_else(|| invalid_parameter("A subnet ID must be specified."))?;
    let wanted = Wanted::read(subnet, ip_address.ip)?;
    let mut endpoint = endpoint::own(ctx, &endpoint_id)?.clone();
    endpoint.must_be_operational(&endpoint_id, ctx.now)?;
    if endpoint.addresses.len() >= ctx.quotas.resolver_addresses {
        return Err(limit(ctx, "max-ip-addresses-per-endpoint"));
    }
    let attached_at = ctx.in_seconds(timing::ADDRESS_ATTACHING);
    let within = (endpoint_id.as_str(), endpoint.vpc.as_str());
    let (id, address) = wanted.place(ctx, within, &endpoint.security_groups, attached_at)?;
    endpoint.addresses.insert(id, address);
    endpoint.modified = ctx.now;
    Ok(endpoint::keep(ctx, &endpoint_id, endpoint))
}

/// By id, or by subnet and address. At least two stay (aws-facts section 2.1: "add first").
fn disassociate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const FEWEST: usize = 2;
    let Change { resolver_endpoint_id: endpoint_id, ip_address } = json_input(input)?;
    let mut endpoint = endpoint::own(ctx, &endpoint_id)?.clone();
    let id = find(&endpoint, &ip_address)?;
    endpoint.must_be_operational(&endpoint_id, ctx.now)?;
    let left = endpoint.addresses.iter().filter(|(known, it)| **known != id && it.is_attached(ctx.now)).count();
    if left < FEWEST {
        // The message is of RSLVR-00506, for the last one that is attached: aws-controllers-k8s/community issue 3028.
        // DOC (ResolverEndpoint, Status): "An endpoint must always include at least two IP addresses."
        return Err(invalid_request(format!(
            "[RSLVR-00506] Can't remove the IP address from resolver endpoint: {left} attached would be left."
        )));
    }
    let gone_at = ctx.in_seconds(timing::ADDRESS_DETACHING);
    endpoint.modified = ctx.now;
    if let Some(address) = endpoint.addresses.get_mut(&id) {
        address.gone_at = Some(gone_at);
        address.modified = ctx.now;
        ec2::withdraw(ctx.ec2_mut(), &address.interface, gone_at);
    }
    Ok(endpoint::keep(ctx, &endpoint_id, endpoint))
}

/// The id of what is to be removed. Whatever is given must be its own.
fn find(endpoint: &Endpoint, wanted: &IpAddress) -> Result<String> {
    let IpAddress { ip_id, subnet_id, ip } = wanted;
    if ip_id.is_none() && (subnet_id.is_none() || ip.is_none()) {
        // The message: getmoto/moto, route53resolver.
        return Err(invalid_request(
            "[RSLVR-00503] Need to specify either the IP ID or both subnet and IP address in order to remove IP address.",
        ));
    }
    let is = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
    let found = endpoint.addresses.iter().find(|(id, it)| {
        is(ip_id, id) && is(subnet_id, &it.subnet) && is(ip, &it.ip.to_string()) && it.gone_at.is_none()
    });
    let named = || ip_id.as_ref().or(ip.as_ref()).cloned().unwrap_or_default();
    found.map(|(id, _)| id.clone()).ok_or_else(|| missing("IP address", &named()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    resolver_endpoint_id: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { resolver_endpoint_id: id, max_results, next_token } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref())?;
    let endpoint = endpoint::own(ctx, &id)?;
    let rows = endpoint.addresses.iter().map(|(id, address)| (id.clone(), address.json(id, ctx.now)));
    let mut answer = page.answer("IpAddresses", rows.collect());
    answer["MaxResults"] = json!(page.size);
    Ok(answer)
}

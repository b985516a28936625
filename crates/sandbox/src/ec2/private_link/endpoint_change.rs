//! Interface endpoints: how they are modified and deleted.

use super::endpoint::{FULL_ACCESS, KIND, VpcEndpoint};
use super::endpoint_create::{check_groups, check_policy, check_private_dns, check_zones, place_interfaces};
use super::{invalid, offer, timing};
use crate::ec2::{errors, network_interface};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::write("ModifyVpcEndpoint", modify), Operation::write("DeleteVpcEndpoints", delete)];

/// The codes are unverified.
fn incorrect_state(id: &str, state: &str) -> AwsError {
    AwsError::new("IncorrectState", format!("The VPC endpoint {id} is in the state {state}."))
}

/// Subnets are removed before others are added, so one can be exchanged for another of its zone.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("VpcEndpointId")?;
    let (add_subnets, remove_subnets) = (p.list("AddSubnetId"), p.list("RemoveSubnetId"));
    let (add_groups, remove_groups) = (p.list("AddSecurityGroupId"), p.list("RemoveSecurityGroupId"));
    let (private_dns, reset) = (p.boolean("PrivateDnsEnabled")?, p.boolean("ResetPolicy")?.unwrap_or(false));
    let policy = p.optional("PolicyDocument");
    p.one_of("IpAddressType", &["ipv4"])?;
    let lists = [&add_subnets, &remove_subnets, &add_groups, &remove_groups];
    if lists.iter().all(|list| list.is_empty()) && private_dns.is_none() && policy.is_none() && !reset {
        return Err(AwsError::new("MissingParameter", "No change is given."));
    }
    let mut endpoint = KIND.get(&ctx.ec2().vpc_endpoints.living, &id)?.clone();
    match endpoint.state(ctx.now) {
        "available" | "pendingAcceptance" => {}
        state => return Err(incorrect_state(&id, state)),
    }
    change_groups(ctx, &mut endpoint, add_groups, &remove_groups)?;
    change_subnets(ctx, &id, &mut endpoint, add_subnets, &remove_subnets)?;
    let of_provider = endpoint.provider.is_some();
    if let Some(policy) = policy {
        check_policy(&policy, of_provider)?;
        endpoint.policy = policy;
    } else if reset {
        FULL_ACCESS.clone_into(&mut endpoint.policy);
    }
    if private_dns == Some(true) && !endpoint.private_dns {
        check_private_dns(ctx, &endpoint.vpc, &endpoint.service_name, of_provider)?;
    }
    endpoint.private_dns = private_dns.unwrap_or(endpoint.private_dns);
    // That it is pending meanwhile is unverified.
    endpoint.modified_at = Some(ctx.in_seconds(timing::ENDPOINT_MODIFYING));
    ctx.ec2_mut().vpc_endpoints.living.insert(id, endpoint);
    Ok(Xml::done())
}

fn change_groups(ctx: &mut Ctx<'_>, endpoint: &mut VpcEndpoint, add: Vec<String>, remove: &[String]) -> Result<()> {
    if add.is_empty() && remove.is_empty() {
        return Ok(());
    }
    if let Some(stray) = remove.iter().find(|group| !endpoint.security_groups.contains(group)) {
        return Err(invalid(format!("The security group {stray} is not one of the endpoint.")));
    }
    endpoint.security_groups.retain(|group| !remove.contains(group));
    // One that is there already stays as it is.
    let new = add.into_iter().filter(|group| !endpoint.security_groups.contains(group)).collect::<Vec<_>>();
    endpoint.security_groups.extend(new);
    if endpoint.security_groups.is_empty() {
        return Err(invalid("An interface endpoint must keep a security group."));
    }
    check_groups(ctx, &endpoint.vpc, &endpoint.security_groups)?;
    let ec2 = ctx.ec2_mut();
    for interface in endpoint.subnets.values() {
        if let Some(interface) = ec2.network_interfaces.get_mut(interface) {
            interface.security_groups.clone_from(&endpoint.security_groups);
        }
    }
    Ok(())
}

fn change_subnets(
    ctx: &mut Ctx<'_>,
    id: &str,
    endpoint: &mut VpcEndpoint,
    add: Vec<String>,
    remove: &[String],
) -> Result<()> {
    let gone_at = ctx.in_seconds(timing::ENDPOINT_MODIFYING);
    for subnet in remove {
        let interface = endpoint.subnets.remove(subnet);
        let interface =
            interface.ok_or_else(|| invalid(format!("The subnet {subnet} is not one of the endpoint {id}.")))?;
        network_interface::withdraw(ctx.ec2_mut(), &interface, gone_at);
    }
    let new: Vec<String> = add.into_iter().filter(|subnet| !endpoint.subnets.contains_key(subnet)).collect();
    if !new.is_empty() {
        // That a consumer who is no longer listed gets no more subnets, is unverified.
        let offer = offer::find(ctx, &endpoint.service_name)?;
        let all: Vec<String> = endpoint.subnets.keys().chain(&new).cloned().collect();
        check_zones(ctx, &endpoint.vpc, &all, &offer)?;
        endpoint.subnets.extend(place_interfaces(ctx, id, &new, &endpoint.security_groups)?);
    }
    if endpoint.subnets.is_empty() {
        return Err(invalid(format!("The endpoint {id} must keep a subnet.")));
    }
    Ok(())
}

/// Answers 200 even if none could be deleted. The code for one that is not there is not that of DescribeVpcEndpoints
/// (aws-facts section 1.2).
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ids = p.list("VpcEndpointId");
    if ids.is_empty() {
        p.required("VpcEndpointId.1")?;
    }
    let gone_at = ctx.in_seconds(timing::ENDPOINT_DELETING);
    let mut failures = Vec::new();
    for id in ids {
        let Some(endpoint) = ctx.ec2().vpc_endpoints.living.get(&id) else {
            failures.push(errors::unsuccessful(&id, &missing(&id)));
            continue;
        };
        if endpoint.deleted_at.is_some() {
            failures.push(errors::unsuccessful(&id, &incorrect_state(&id, "deleting")));
            continue;
        }
        let mut endpoint = endpoint.clone();
        endpoint.deleted_at = Some(gone_at);
        let ec2 = ctx.ec2_mut();
        for interface in endpoint.subnets.values() {
            network_interface::withdraw(ec2, interface, gone_at);
        }
        ec2.vpc_endpoints.living.insert(id, endpoint);
    }
    Ok(Xml::new().list("unsuccessful", failures))
}

pub(super) fn missing(id: &str) -> AwsError {
    AwsError::new("InvalidVpcEndpoint.NotFound", format!("The Vpc Endpoint Id '{id}' does not exist"))
}

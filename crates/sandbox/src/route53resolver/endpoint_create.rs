//! CreateResolverEndpoint.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::address::{Wanted, vpc_of};
use super::endpoint::{self, Direction, Endpoint};
use super::errors::{invalid_parameter, invalid_request, limit, missing, validation};
use super::protocols::{self, Protocol};
use super::tags::{self, Tag};
use super::{params, resolver, timing};
use crate::ec2;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::json_write("CreateResolverEndpoint", create)];

/// VPC user guide, "Amazon VPC quotas": security groups of a network interface.
const MOST_GROUPS: usize = 5;

/// Only IPv4 is simulated.
#[derive(Deserialize)]
pub(super) enum AddressType {
    #[serde(rename = "IPV4")]
    Ipv4,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct IpAddress {
    subnet_id: String,
    ip: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    creator_request_id: String,
    name: Option<String>,
    security_group_ids: Vec<String>,
    direction: Direction,
    ip_addresses: Vec<IpAddress>,
    tags: Option<Vec<Tag>>,
    #[serde(rename = "ResolverEndpointType")]
    _resolver_endpoint_type: Option<AddressType>,
    protocols: Option<Vec<Protocol>>,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Create = json_input(input)?;
    params::check_optional_name(wish.name.as_ref())?;
    let protocols = protocols::read(wish.protocols, wish.direction)?;
    let tags = tags::read(wish.tags)?;
    params::request_id(ctx, "Resolver Endpoint", &wish.creator_request_id)?;
    let wanted = wish.ip_addresses.into_iter().map(|IpAddress { subnet_id, ip }| Wanted::read(subnet_id, ip));
    let mut wanted = wanted.collect::<Result<Vec<Wanted>>>()?;
    let vpc = check_place(ctx, &wanted)?;
    check_groups(ctx, &wish.security_group_ids, &vpc)?;
    if resolver(ctx).endpoints.len() >= ctx.quotas.resolver_endpoints {
        return Err(limit(ctx, "max-endpoints"));
    }

    let id = ctx.new_id(wish.direction.prefix());
    let operational_at = ctx.in_seconds(timing::ENDPOINT_CREATING);
    // What is asked for by name comes first, so that no choice is in its way.
    wanted.sort_by_key(|wanted| wanted.ip.is_none());
    let mut addresses = BTreeMap::new();
    for wanted in wanted {
        let (id, address) = wanted.place(ctx, (&id, &vpc), &wish.security_group_ids, operational_at)?;
        addresses.insert(id, address);
    }
    let endpoint = Endpoint {
        request_id: wish.creator_request_id,
        name: wish.name,
        direction: wish.direction,
        vpc,
        security_groups: wish.security_group_ids,
        protocols,
        addresses,
        created: ctx.now,
        modified: ctx.now,
        operational_at,
        updated_at: None,
        ends_at: None,
        tags,
    };
    Ok(endpoint::keep(ctx, &id, endpoint))
}

/// Looks at how many addresses there are and where; the VPC that they are in.
fn check_place(ctx: &Ctx<'_>, wanted: &[Wanted]) -> Result<String> {
    /// DOC (CreateResolverEndpoint, IpAddresses): items of the list, whatever the quota says.
    const MOST: usize = 20;
    let [first, _, ..] = wanted else {
        // The message: hashicorp/terraform-provider-aws issue 6563.
        return Err(invalid_request("[RSLVR-00400] Resolver endpoint need to have at least 2 IP addresses."));
    };
    if wanted.len() > MOST {
        return Err(validation("ipAddresses", wanted.len(), "have length less than or equal to 20"));
    }
    if wanted.len() > ctx.quotas.resolver_addresses {
        return Err(limit(ctx, "max-ip-addresses-per-endpoint"));
    }
    let vpc = vpc_of(ctx, &first.subnet)?;
    // DOC (developer guide, "Considerations when creating inbound and outbound endpoints"): no VPC whose instance tenancy
    // is dedicated.
    if ctx.ec2().vpcs.get(vpc).is_none_or(|vpc| vpc.tenancy == "dedicated") {
        return Err(invalid_request(format!("The VPC '{vpc}' has the instance tenancy dedicated.")));
    }
    // The same page: "you specify two or more IP addresses in different Availability Zones". Unverified: that AWS
    // refuses others, which other pages only advise against.
    let subnets = &ctx.ec2().subnets;
    let zones: BTreeSet<_> = wanted.iter().map(|it| subnets.get(&it.subnet).map(|subnet| &subnet.zone_id)).collect();
    if zones.len() < 2 {
        return Err(invalid_request("The IP addresses must be in at least two Availability Zones."));
    }
    Ok(vpc.clone())
}

/// Groups of the endpoint's VPC.
fn check_groups(ctx: &Ctx<'_>, groups: &[String], vpc: &str) -> Result<()> {
    if groups.is_empty() {
        return Err(invalid_parameter("At least one security group must be specified."));
    }
    if groups.len() > MOST_GROUPS {
        return Err(invalid_parameter(format!("Maximum of {MOST_GROUPS} security groups are allowed")));
    }
    let distinct: BTreeSet<&String> = groups.iter().collect();
    if distinct.len() < groups.len() {
        return Err(invalid_parameter("A security group is given twice."));
    }
    for group in groups {
        if !group.starts_with("sg-") {
            // The message: localstack, route53resolver.
            return Err(invalid_parameter(format!(
                "[RSLVR-00408] Malformed security group ID: \"Invalid id: \"{group}\" (expecting \"sg-...\")\"."
            )));
        }
        if !ctx.ec2().security_groups.contains_key(group) {
            return Err(missing("Security group", group));
        }
        if !ec2::is_group_of(ctx.ec2(), group, vpc) {
            return Err(invalid_request(format!("The security group '{group}' is not in the VPC '{vpc}'.")));
        }
    }
    Ok(())
}

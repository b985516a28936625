//! CreateVpcEndpoint, for interface endpoints.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::endpoint::{self, FULL_ACCESS, KIND, VpcEndpoint};
use super::offer::{self, Offer};
use super::token::{self, TokenUse};
use super::{invalid, timing};
use crate::ec2::network_interface::{self, Placement};
use crate::ec2::{Tags, errors, params, security_group, subnet, tags, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::write("CreateVpcEndpoint", create)];

/// DOC (PrivateLink guide, "Quotas"): 20,480 characters, white space included.
const LONGEST_POLICY: usize = 20_480;
/// VPC user guide, "Amazon VPC quotas": security groups of a network interface.
const MOST_GROUPS: usize = 5;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    vpc: String,
    service_name: String,
    subnets: Vec<String>,
    security_groups: Vec<String>,
    policy: Option<String>,
    private_dns: bool,
    tags: Tags,
}

fn read(ctx: &Ctx<'_>, p: &Params) -> Result<Wanted> {
    // DOC: the default is Gateway. Only interface endpoints are simulated.
    p.required("VpcEndpointType")?;
    p.one_of("VpcEndpointType", &["Interface"])?;
    p.one_of("IpAddressType", &["ipv4"])?;
    if let Some(options) = p.structure("DnsOptions") {
        options.one_of("DnsRecordIpType", &["ipv4"])?;
    }
    let subnets = p.list("SubnetId");
    if subnets.is_empty() {
        // AWS makes an endpoint without interfaces, which nothing can reach.
        p.required("SubnetId.1")?;
    }
    Ok(Wanted {
        vpc: p.required("VpcId")?,
        service_name: p.required("ServiceName")?,
        subnets,
        security_groups: p.list("SecurityGroupId"),
        policy: p.optional("PolicyDocument"),
        // The model states no default (aws-facts section 1.2).
        private_dns: p.boolean("PrivateDnsEnabled")?.unwrap_or(false),
        tags: tags::at_creation(ctx, p, KIND.resource_type)?,
    })
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let token = params::client_token(p)?;
    let wanted = read(ctx, p)?;
    if let Some(id) = token::made(&ctx.ec2().vpc_endpoint_tokens, token.as_ref(), &wanted, ctx.now)? {
        let listed = ctx.ec2().vpc_endpoints.listed();
        let endpoint = listed.get(&id).ok_or_else(|| KIND.missing(&id))?;
        return Ok(answer(ctx, &id, endpoint, token.as_ref()));
    }
    let offer = offer::find(ctx, &wanted.service_name)?;
    let security_groups = check(ctx, &wanted, &offer)?;
    let id = ctx.new_id(KIND.prefix);
    let suffix = ctx.state.mint_base32("vpce", 8).to_ascii_lowercase();
    let endpoint = VpcEndpoint {
        vpc: wanted.vpc.clone(),
        service_name: wanted.service_name.clone(),
        dns_names: dns_names(ctx, &format!("{id}-{suffix}"), &wanted, &offer),
        subnets: place_interfaces(ctx, &id, &wanted.subnets, &security_groups)?,
        security_groups,
        policy: wanted.policy.clone().unwrap_or_else(|| FULL_ACCESS.to_owned()),
        private_dns: wanted.private_dns,
        created: ctx.now,
        available_at: (!offer.acceptance_required).then(|| ctx.in_seconds(timing::ENDPOINT_PENDING)),
        modified_at: None,
        rejected: false,
        deleted_at: None,
        provider: offer.provider,
    };
    let now = ctx.now;
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, wanted.tags.clone());
    ec2.vpc_endpoints.living.insert(id.clone(), endpoint.clone());
    if let Some(token) = token.clone() {
        ec2.vpc_endpoint_tokens.insert(token, TokenUse { wanted, made: id.clone(), at: now });
    }
    Ok(answer(ctx, &id, &endpoint, token.as_ref()))
}

fn answer(ctx: &Ctx<'_>, id: &str, endpoint: &VpcEndpoint, token: Option<&String>) -> Xml {
    Xml::new().nest("vpcEndpoint", endpoint::xml(ctx, id, endpoint)).maybe("clientToken", token)
}

/// The security groups, if all is as it must be.
fn check(ctx: &Ctx<'_>, wanted: &Wanted, offer: &Offer) -> Result<Vec<String>> {
    let ec2 = ctx.ec2();
    vpc::KIND.get(&ec2.vpcs, &wanted.vpc)?;
    if offer.service_type != "Interface" {
        return Err(invalid(format!(
            "Endpoint type (Interface) does not match available service types ([{}]).",
            offer.service_type
        )));
    }
    check_zones(ctx, &wanted.vpc, &wanted.subnets, offer)?;
    let mut groups = wanted.security_groups.clone();
    if groups.is_empty() {
        groups.extend(security_group::default_of(ec2, &wanted.vpc));
    }
    check_groups(ctx, &wanted.vpc, &groups)?;
    if let Some(policy) = &wanted.policy {
        check_policy(policy, offer.provider.is_some())?;
    }
    if wanted.private_dns {
        check_private_dns(ctx, &wanted.vpc, &wanted.service_name, offer.provider.is_some())?;
    }
    let siblings = ec2.vpc_endpoints.living.values().filter(|endpoint| endpoint.vpc == wanted.vpc);
    if siblings.count() >= ctx.quotas.vpc_endpoints {
        return Err(errors::quota("VpcEndpointLimitExceeded", "interface endpoints of this VPC"));
    }
    Ok(groups)
}

/// Subnets of the VPC, one in each zone, and only in zones that the service has.
pub(super) fn check_zones(ctx: &Ctx<'_>, vpc: &str, subnets: &[String], offer: &Offer) -> Result<()> {
    subnet::one_per_zone(ctx, vpc, subnets)?;
    let missing = subnets.iter().find(|id| {
        let zone = ctx.ec2().subnets.get(*id).map(|subnet| &subnet.zone_id);
        zone.is_none_or(|zone| !offer.zones.contains(zone))
    });
    match missing {
        Some(id) => Err(invalid(format!(
            "The VPC endpoint service {} does not support the availability zone of the subnet: {id}.",
            offer.name
        ))),
        None => Ok(()),
    }
}

/// Groups of the VPC. The code for one that is not there is unverified.
pub(super) fn check_groups(ctx: &Ctx<'_>, vpc: &str, groups: &[String]) -> Result<()> {
    if let Some(stray) = groups.iter().find(|group| !security_group::is_of(ctx.ec2(), group, vpc)) {
        return Err(AwsError::new(
            "InvalidSecurityGroupID.NotFound",
            format!("The security group '{stray}' does not exist in the VPC {vpc}"),
        ));
    }
    let distinct: BTreeSet<&String> = groups.iter().collect();
    if distinct.len() != groups.len() {
        return Err(invalid("A security group is given twice."));
    }
    if groups.len() > MOST_GROUPS {
        return Err(errors::quota("SecurityGroupsPerInterfaceLimitExceeded", "security groups of an interface"));
    }
    Ok(())
}

/// That endpoints to other accounts' services take no policy is unverified (`vpcEndpointPolicySupported` is false there).
pub(super) fn check_policy(policy: &str, of_provider: bool) -> Result<()> {
    let is_document = serde_json::from_str::<Value>(policy).is_ok_and(|value| value.is_object());
    if !is_document || policy.chars().count() > LONGEST_POLICY {
        return Err(AwsError::new("InvalidPolicyDocument", "The policy document is not valid JSON, or is too long."));
    }
    if of_provider {
        return Err(invalid("The service does not support endpoint policies."));
    }
    Ok(())
}

/// DOC (CreateVpcEndpoint, PrivateDnsEnabled): both DNS attributes of the VPC must be on. Another account's service has a
/// private name only after its domain was verified, which is not simulated.
pub(super) fn check_private_dns(ctx: &Ctx<'_>, vpc_id: &str, service: &str, of_provider: bool) -> Result<()> {
    if of_provider {
        return Err(invalid(format!(
            "Private DNS can't be enabled because the service {service} does not provide a private DNS name."
        )));
    }
    if service.ends_with(".s3") {
        // DOC (S3 user guide, "AWS PrivateLink for Amazon S3"): it needs a gateway endpoint, which is not simulated.
        return Err(invalid("Private DNS for Amazon S3 needs a gateway endpoint in the VPC."));
    }
    let vpc = vpc::KIND.get(&ctx.ec2().vpcs, vpc_id)?;
    if !vpc.dns_support || !vpc.dns_hostnames {
        return Err(invalid(format!(
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true \
             for {vpc_id}"
        )));
    }
    let mut others = ctx.ec2().vpc_endpoints.living.values();
    if others.any(|other| other.vpc == vpc_id && other.service_name == service && other.private_dns) {
        return Err(invalid(format!(
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {service} in the \
             VPC {vpc_id}"
        )));
    }
    Ok(())
}

/// The regional name, then one for each zone (PrivateLink guide, "DNS hostnames").
fn dns_names(ctx: &Ctx<'_>, label: &str, wanted: &Wanted, offer: &Offer) -> Vec<String> {
    let host = &offer.host;
    let zones = wanted.subnets.iter().filter_map(|id| ctx.ec2().subnets.get(id)).map(|subnet| subnet.zone_name(ctx));
    let zonal = zones.map(|zone| format!("{label}-{zone}.{host}"));
    [format!("{label}.{host}")].into_iter().chain(zonal).collect()
}

pub(super) fn place_interfaces(
    ctx: &mut Ctx<'_>,
    endpoint: &str,
    subnets: &[String],
    groups: &[String],
) -> Result<BTreeMap<String, String>> {
    let description = format!("VPC Endpoint Interface {endpoint}");
    let mut placed = BTreeMap::new();
    for subnet in subnets {
        let placement = Placement {
            subnet,
            interface_type: "vpc_endpoint",
            description: &description,
            requester: "amazon-vpce",
            security_groups: groups.to_vec(),
        };
        placed.insert(subnet.clone(), network_interface::place(ctx, placement)?);
    }
    Ok(placed)
}

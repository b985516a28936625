//! The services that a caller may connect to: AWS's own, and those whose owners list the caller.

use std::collections::BTreeSet;

use super::endpoint::Provider;
use super::service::EndpointService;
use crate::ec2::Tags;
use crate::ec2::describe::Page;
use crate::ec2::filters::Filters;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeVpcEndpointServices", describe)];

/// Some of AWS's interface services (PrivateLink guide, "AWS services that integrate with AWS PrivateLink").
const INTERFACE: &[&str] = &[
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "kms",
    "logs",
    "monitoring",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
];
/// Both of AWS's gateway services. They can be seen, but not connected to.
const GATEWAY: &[&str] = &["dynamodb", "s3"];

/// A service as a consumer sees it.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub name: String,
    pub service_type: &'static str,
    /// `amazon` for AWS's own.
    pub owner: String,
    pub provider: Option<Provider>,
    /// The ids of its zones.
    pub zones: BTreeSet<String>,
    pub acceptance_required: bool,
    /// What the DNS names of its endpoints end with: `logs.ap-northeast-1.vpce.amazonaws.com`.
    pub host: String,
}

/// The service that an endpoint can be made to.
///
/// # Errors
///
/// `InvalidServiceName`, also for a service that exists but does not list the caller.
pub(super) fn find(ctx: &Ctx<'_>, name: &str) -> Result<Offer> {
    let mut named: Vec<Offer> = all(ctx).into_iter().filter(|offer| offer.name == name).collect();
    // Where AWS offers both types, the one that is simulated.
    named.sort_by_key(|offer| offer.service_type != "Interface");
    named.into_iter().next().ok_or_else(|| missing(name))
}

fn missing(name: &str) -> AwsError {
    AwsError::new("InvalidServiceName", format!("The Vpc Endpoint Service '{name}' does not exist"))
}

/// The name by which clients know one of AWS's services: `logs.ap-northeast-1.amazonaws.com`.
pub(super) fn private_name(service: &str, region: &str) -> Option<String> {
    let short = service.strip_prefix(&format!("com.amazonaws.{region}."))?;
    INTERFACE.contains(&short).then(|| format!("{}.{region}.amazonaws.com", reversed(short)))
}

/// `dkr.ecr` of `ecr.dkr`.
fn reversed(short: &str) -> String {
    let parts: Vec<&str> = short.rsplit('.').collect();
    parts.join(".")
}

fn all(ctx: &Ctx<'_>) -> Vec<Offer> {
    let region = ctx.region;
    let zones: BTreeSet<String> =
        region::zones(region, &ctx.caller.account).into_iter().map(|zone| zone.id.to_owned()).collect();
    let types = [("Interface", INTERFACE), ("Gateway", GATEWAY)];
    let of_aws =
        types.into_iter().flat_map(|(service_type, names)| names.iter().map(move |name| (service_type, *name)));
    let of_aws = of_aws.map(|(service_type, name)| Offer {
        name: format!("com.amazonaws.{region}.{name}"),
        service_type,
        owner: "amazon".to_owned(),
        provider: None,
        zones: zones.clone(),
        acceptance_required: false,
        host: format!("{}.{region}.vpce.amazonaws.com", reversed(name)),
    });
    let of_others = ctx.state.accounts.keys().flat_map(|account| {
        let services = ctx.state.regional(account, region).ec2.endpoint_services.living.iter();
        let visible = services.filter(|(_, service)| is_visible(ctx, account, service));
        visible.map(|(id, service)| Offer {
            name: super::service::name(region, id),
            service_type: "Interface",
            owner: account.clone(),
            provider: Some(Provider { account: account.clone(), service: id.clone() }),
            zones: service.zones(ctx, account),
            acceptance_required: service.acceptance_required,
            host: format!("{id}.{region}.vpce.amazonaws.com"),
        })
    });
    of_aws.chain(of_others).collect()
}

/// DOC (PrivateLink guide, "Manage permissions"): to its owner, and to the principals that it lists.
fn is_visible(ctx: &Ctx<'_>, owner: &str, service: &EndpointService) -> bool {
    let caller = ctx.caller;
    let listed = |principal: &String| {
        principal == "*"
            || *principal == format!("arn:aws:iam::{}:root", caller.account)
            || *principal == caller.arn
            || caller.role_arn.as_ref() == Some(principal)
    };
    service.state(ctx.now) == "Available" && (*owner == caller.account || service.permissions.keys().any(listed))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let names = p.list("ServiceName");
    // No tag filters: a consumer sees none of the provider's tags.
    let known = ["owner", "service-name", "service-region", "service-type", "supported-ip-address-types"];
    let filters = Filters::read(p, "Filter", &known)?;
    let page = Page::read(p, &(5..=1000))?;
    let offers = all(ctx);
    if let Some(stray) = names.iter().find(|name| !offers.iter().any(|offer| offer.name == **name)) {
        return Err(missing(stray));
    }
    let passes = |offer: &Offer| {
        let accepted = filters.accept(&Tags::new(), |name| {
            let one = match name {
                "owner" => &offer.owner,
                "service-region" => ctx.region,
                "service-type" => offer.service_type,
                "supported-ip-address-types" => "ipv4",
                _ => &offer.name,
            };
            vec![one.to_owned()]
        });
        accepted && (names.is_empty() || names.contains(&offer.name))
    };
    // S3 is there twice, once of each type.
    let keyed =
        offers.into_iter().filter(passes).map(|offer| (format!("{} {}", offer.name, offer.service_type), offer));
    let mut rows: Vec<(String, Offer)> = keyed.collect();
    rows.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (rows, next) = page.cut(rows, |(key, _)| key);
    Ok(Xml::new()
        .list("serviceNameSet", rows.iter().map(|(_, offer)| Xml::plain(&offer.name)))
        .list("serviceDetailSet", rows.iter().map(|(_, offer)| xml(ctx, offer)))
        .maybe("nextToken", next))
}

/// Zones under the caller's names for them (DOC: "only includes the common Availability Zones").
fn xml(ctx: &Ctx<'_>, offer: &Offer) -> Xml {
    let zones = region::zones(ctx.region, &ctx.caller.account);
    let common = || zones.iter().filter(|zone| offer.zones.contains(zone.id));
    let private = private_name(&offer.name, ctx.region).filter(|_| offer.service_type == "Interface");
    let private_set = private.iter().map(|name| Xml::new().text("privateDnsName", name));
    Xml::new()
        .text("serviceName", &offer.name)
        .maybe("serviceId", offer.provider.as_ref().map(|provider| &provider.service))
        .list("serviceType", [Xml::new().text("serviceType", offer.service_type)])
        .text("serviceRegion", ctx.region)
        .list("availabilityZoneIdSet", common().map(|zone| Xml::plain(zone.id)))
        .list("availabilityZoneSet", common().map(|zone| Xml::plain(&zone.name)))
        .text("owner", &offer.owner)
        .list("baseEndpointDnsNameSet", [Xml::plain(&offer.host)])
        .maybe("privateDnsName", private.as_ref())
        .list("privateDnsNameSet", private_set)
        .value("vpcEndpointPolicySupported", offer.provider.is_none())
        .value("acceptanceRequired", offer.acceptance_required)
        .value("managesVpcEndpoints", false)
        .list("tagSet", [])
        .list("supportedIpAddressTypeSet", [Xml::plain("ipv4")])
}

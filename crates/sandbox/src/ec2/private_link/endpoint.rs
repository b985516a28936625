//! Interface endpoints: what they are and how they are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::tombstone::Mortal;
use crate::ec2::{Kind, tags};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeVpcEndpoints", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "vpc-endpoint",
    prefix: "vpce",
    not_found: "InvalidVpcEndpointId.NotFound",
    rows: |ec2| &ec2.vpc_endpoints,
};

/// What reads back where no policy was given (aws-facts section 1.2: "default full access reads back").
pub(super) const FULL_ACCESS: &str =
    r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}"#;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VpcEndpoint {
    pub vpc: String,
    pub service_name: String,
    /// None for AWS's own services.
    pub provider: Option<Provider>,
    /// The network interface in each subnet.
    pub subnets: BTreeMap<String, String>,
    pub security_groups: Vec<String>,
    pub policy: String,
    pub private_dns: bool,
    /// Names to reach it by, the regional one first. Those that private DNS adds are not among them.
    pub dns_names: Vec<String>,
    pub created: Moment,
    /// None until the provider accepts it.
    pub available_at: Option<Moment>,
    pub modified_at: Option<Moment>,
    pub rejected: bool,
    pub deleted_at: Option<Moment>,
}

/// Whose endpoint service it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    pub account: String,
    pub service: String,
}

impl Mortal for VpcEndpoint {
    fn ends_at(&self) -> Option<Moment> {
        self.deleted_at
    }
}

impl VpcEndpoint {
    /// In lower camel case, unlike the enumeration in AWS's model (aws-facts section 1.2, "State casing").
    pub fn state(&self, now: Moment) -> &'static str {
        match (self.deleted_at, self.available_at) {
            (Some(at), _) if now < at => "deleting",
            (Some(_), _) => "deleted",
            _ if self.rejected => "rejected",
            (None, None) => "pendingAcceptance",
            (None, Some(at)) if now < at || self.modified_at.is_some_and(|at| now < at) => "pending",
            (None, Some(_)) => "available",
        }
    }

    /// The rows of `dnsEntrySet`. That they are there before the endpoint is available is unverified.
    pub fn dns_entries<'a>(&'a self, region: &'a str) -> impl Iterator<Item = Xml> + 'a {
        self.dns_names.iter().map(move |name| dns_entry(name, vpce_zone(region)))
    }
}

fn dns_entry(name: &str, zone: &str) -> Xml {
    Xml::new().text("dnsName", name).text("hostedZoneId", zone)
}

/// The hosted zone of `REGION.vpce.amazonaws.com` (unverified for Osaka).
pub(super) fn vpce_zone(region: &str) -> &'static str {
    match region {
        "ap-northeast-1" => "Z2E726K9Y6RL4W",
        _ => "Z376B5OMM2JZL2",
    }
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let listed = ctx.ec2().vpc_endpoints.listed();
    let found = Describe {
        kind: &KIND,
        ids: "VpcEndpointId",
        filters: "Filter",
        known: &[
            "ip-address-type",
            "service-name",
            "service-region",
            "tag",
            "tag-key",
            "vpc-endpoint-id",
            "vpc-endpoint-state",
            "vpc-endpoint-type",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ctx.ec2(), &listed, |id, endpoint, name| {
        let one = match name {
            "ip-address-type" => "ipv4",
            "service-name" => &endpoint.service_name,
            "service-region" => ctx.region,
            "vpc-endpoint-state" => endpoint.state(ctx.now),
            "vpc-endpoint-type" => "Interface",
            "vpc-id" => &endpoint.vpc,
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("vpcEndpointSet", |id, endpoint| xml(ctx, id, endpoint)))
}

pub(super) fn xml(ctx: &Ctx<'_>, id: &str, endpoint: &VpcEndpoint) -> Xml {
    let ec2 = ctx.ec2();
    let groups = endpoint.security_groups.iter().map(|group| {
        let name = ec2.security_groups.get(group).map(|found| &found.name);
        Xml::new().text("groupId", group).maybe("groupName", name)
    });
    let own_name = super::offer::private_name(&endpoint.service_name, ctx.region).filter(|_| endpoint.private_dns);
    // A zone of its own for each endpoint, which nobody else sees.
    let private = own_name.map(|name| dns_entry(&name, "Z00000000000000000000"));
    Xml::new()
        .text("vpcEndpointId", id)
        .text("vpcEndpointType", "Interface")
        .text("vpcId", &endpoint.vpc)
        .text("serviceName", &endpoint.service_name)
        .text("state", endpoint.state(ctx.now))
        .text("policyDocument", &endpoint.policy)
        .list("routeTableIdSet", [])
        .list("subnetIdSet", endpoint.subnets.keys().map(Xml::plain))
        .list("groupSet", groups)
        .text("ipAddressType", "ipv4")
        .nest("dnsOptions", Xml::new().text("dnsRecordIpType", "ipv4"))
        .value("privateDnsEnabled", endpoint.private_dns)
        .value("requesterManaged", false)
        .list("networkInterfaceIdSet", endpoint.subnets.values().map(Xml::plain))
        .list("dnsEntrySet", endpoint.dns_entries(ctx.region).chain(private))
        .value("creationTimestamp", endpoint.created)
        .list("tagSet", tags::rows(ec2, id))
        .text("ownerId", &ctx.caller.account)
        .text("serviceRegion", ctx.region)
}

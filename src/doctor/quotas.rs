//! Quotas against what there is and what the plan would make.
//!
//! Codes and defaults: aws-facts section 7 "Quota" and the sections of each service; VPC user guide, "Amazon VPC quotas";
//! transit gateway guide, "Quotas for your transit gateways".

use std::collections::BTreeMap;

use gcnet_aws::{
    doctor::{Counted, Limits},
    kinds::{
        Bucket, CertificateAuthority, DxGateway, ForeignAttachment, HostedZone, ResolverEndpoint, ResolverRule, Role,
        RouteTable, SecurityGroup, Subnet, Tgw, TgwPeering, TgwVpcAttachment, Vpc, VpcEndpoint,
    },
};
use gcnet_core::{Action, Desired, Failure, Plan, Resource};

use super::{Check, Finding, Level};

/// A quota that gcnet's resources count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// For machines: `vpcs`.
    pub id: &'static str,
    /// Service and code in Service Quotas, where a source names them.
    pub code: Option<(&'static str, &'static str)>,
    /// AWS's default.
    pub default: u64,
    /// What fills it besides the plan; `None` where each of ours has a quota of its own, as the subnets of a VPC.
    pub counted: Option<Counted>,
    /// The kinds that count in it.
    kinds: &'static [&'static str],
}

/// What a quota allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As Service Quotas says for this account.
    Applied(u64),
    /// AWS's default: it may have been raised.
    Default(u64),
}

const fn quota(
    id: &'static str,
    code: Option<(&'static str, &'static str)>,
    default: u64,
    counted: Option<Counted>,
    kinds: &'static [&'static str],
) -> Quota {
    Quota { id, code, default, counted, kinds }
}

/// Those that a municipality comes near to.
pub const QUOTAS: &[Quota] = &[
    quota("vpcs", Some(("vpc", "L-F678F1CE")), 5, Some(Counted::Vpcs), &[Vpc::NAME]),
    quota("subnets_per_vpc", Some(("vpc", "L-407747CB")), 200, None, &[Subnet::NAME]),
    quota("route_tables_per_vpc", Some(("vpc", "L-589F43AA")), 200, None, &[RouteTable::NAME]),
    quota("security_groups", Some(("vpc", "L-E79EC296")), 2500, Some(Counted::SecurityGroups), &[SecurityGroup::NAME]),
    quota("interface_endpoints_per_vpc", Some(("vpc", "L-29B6F2EB")), 50, None, &[VpcEndpoint::NAME]),
    quota("transit_gateways", Some(("ec2", "L-A2478D36")), 5, Some(Counted::TransitGateways), &[Tgw::NAME]),
    quota(
        "attachments_per_transit_gateway",
        Some(("ec2", "L-E0233F82")),
        5000,
        None,
        &[TgwVpcAttachment::NAME, ForeignAttachment::NAME, TgwPeering::NAME],
    ),
    quota("peerings_per_transit_gateway", Some(("ec2", "L-A1B5A36F")), 50, None, &[TgwPeering::NAME]),
    quota("direct_connect_gateways", None, 200, Some(Counted::DirectConnectGateways), &[DxGateway::NAME]),
    quota(
        "resolver_endpoints",
        Some(("route53resolver", "L-4A669CC0")),
        4,
        Some(Counted::ResolverEndpoints),
        &[ResolverEndpoint::NAME],
    ),
    quota(
        "resolver_rules",
        Some(("route53resolver", "L-51D8A1FB")),
        1000,
        Some(Counted::ResolverRules),
        &[ResolverRule::NAME],
    ),
    quota("hosted_zones", Some(("route53", "L-4EA4796A")), 500, Some(Counted::HostedZones), &[HostedZone::NAME]),
    quota(
        "certificate_authorities",
        Some(("acm-pca", "L-799883CD")),
        200,
        Some(Counted::CertificateAuthorities),
        &[CertificateAuthority::NAME],
    ),
    quota("roles", Some(("iam", "L-FE177D64")), 1000, Some(Counted::Roles), &[Role::NAME]),
    quota("buckets", None, 10_000, Some(Counted::Buckets), &[Bucket::NAME]),
];

impl Quota {
    /// Those that a wish comes into.
    pub fn of(desired: &Desired) -> impl Iterator<Item = Quota> {
        QUOTAS.iter().copied().filter(|quota| quota.wished(desired) > 0)
    }

    fn has(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }

    fn wished(&self, desired: &Desired) -> usize {
        desired.wants().keys().filter(|address| self.has(address.kind())).count()
    }
}

/// Judges one quota. `limits` are those of its service. What is replaced counts twice while both are there; what each of ours
/// has a quota of its own for counts as the file wishes it.
pub fn judge(
    quota: Quota,
    desired: &Desired,
    plan: &Plan,
    limits: &Result<Limits, Failure>,
    used: Option<Result<u64, Failure>>,
) -> Check {
    let applied = || Some(*limits.as_ref().ok()?.get(quota.code?.1)?);
    let limit = applied().map_or(Limit::Default(quota.default), Limit::Applied);
    let made = plan.steps.iter().filter(|step| step.action == Action::Create && quota.has(step.address.kind())).count();
    let more = if quota.counted.is_some() { made } else { quota.wished(desired) };
    let more = u64::try_from(more).unwrap_or(u64::MAX);
    let (used, is_unread) = match used {
        Some(Ok(used)) => (Some(used), false),
        Some(Err(_)) => (None, true),
        None => (None, false),
    };
    let needed = used.unwrap_or_default().saturating_add(more);
    let level = match limit {
        // Nothing is to be made: a full quota is nobody's trouble.
        _ if more == 0 => Level::Green,
        Limit::Applied(most) if needed > most => Level::Red,
        Limit::Default(most) if needed > most => Level::Yellow,
        _ if is_unread => Level::Yellow,
        _ => Level::Green,
    };
    Check::new(level, Finding::Quota { quota, used, more, limit: Some(limit) })
}

/// The services that have to be asked for their quotas.
pub fn services(quotas: &[Quota]) -> Vec<&'static str> {
    let by_service: BTreeMap<&'static str, ()> = quotas.iter().filter_map(|quota| Some((quota.code?.0, ()))).collect();
    by_service.into_keys().collect()
}

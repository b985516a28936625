//! How much there is of what quotas count, whoever made it: other tools and other stacks fill the same quota.

use aws_sdk_ec2::types::TransitGatewayState;
use aws_sdk_route53resolver::types::ShareStatus;
use gcnet_core::Failure;

use crate::aws::Aws;

/// What is counted in a whole account, or in one Region of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Of the Region, the default one included.
    Vpcs,
    /// Of the Region.
    SecurityGroups,
    /// Of the account in the Region; those that others share with it do not count.
    TransitGateways,
    /// Of the account.
    DirectConnectGateways,
    /// Of the Region.
    ResolverEndpoints,
    /// Of the Region; those that others share and the one of AWS's own do not count.
    ResolverRules,
    /// Of the account, public ones included.
    HostedZones,
    /// Of the Region, deleted ones included while they can be restored.
    CertificateAuthorities,
    /// Of the account.
    Roles,
    /// Of the account, in every Region.
    Buckets,
}

impl Aws {
    /// How many there are.
    ///
    /// # Errors
    /// The read failed or is not allowed.
    pub async fn count(&self, what: Counted) -> Result<u64, Failure> {
        let clients = self.read();
        macro_rules! count {
            ($operation:literal, $call:expr, $items:ident, $counts:expr) => {{
                let pages = self.pages($operation, $call.into_paginator().send()).await?;
                pages.iter().flat_map(|page| page.$items()).filter($counts).count()
            }};
        }
        let count = match what {
            Counted::Vpcs => count!("ec2:DescribeVpcs", clients.ec2.describe_vpcs().max_results(1000), vpcs, |_| true),
            Counted::SecurityGroups => {
                let call = clients.ec2.describe_security_groups().max_results(1000);
                count!("ec2:DescribeSecurityGroups", call, security_groups, |_| true)
            }
            Counted::TransitGateways => {
                let call = clients.ec2.describe_transit_gateways().max_results(1000);
                count!("ec2:DescribeTransitGateways", call, transit_gateways, |gateway| {
                    let gone = [TransitGatewayState::Deleted, TransitGatewayState::Deleting];
                    gateway.owner_id() == Some(self.account())
                        && !gateway.state().is_some_and(|state| gone.contains(state))
                })
            }
            Counted::DirectConnectGateways => {
                let gateways = self.dx_gateways().await?;
                gateways.iter().filter(|gateway| gateway.owner_account() == Some(self.account())).count()
            }
            Counted::ResolverEndpoints => {
                let call = clients.resolver.list_resolver_endpoints().max_results(100);
                count!("route53resolver:ListResolverEndpoints", call, resolver_endpoints, |_| true)
            }
            Counted::ResolverRules => {
                let rules = self.resolver_rules().await?;
                let ours = |rule: &&aws_sdk_route53resolver::types::ResolverRule| {
                    rule.owner_id() == Some(self.account()) && rule.share_status() != Some(&ShareStatus::SharedWithMe)
                };
                rules.iter().filter(ours).count()
            }
            Counted::HostedZones => {
                count!("route53:ListHostedZones", clients.route53.list_hosted_zones(), hosted_zones, |_| true)
            }
            Counted::CertificateAuthorities => {
                let call = clients.acmpca.list_certificate_authorities().max_results(100);
                count!("acm-pca:ListCertificateAuthorities", call, certificate_authorities, |_| true)
            }
            Counted::Roles => count!("iam:ListRoles", clients.iam.list_roles().max_items(1000), roles, |_| true),
            Counted::Buckets => {
                count!("s3:ListAllMyBuckets", clients.s3.list_buckets().max_buckets(1000), buckets, |_| true)
            }
        };
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

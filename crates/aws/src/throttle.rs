//! Token buckets on our side, one for each API as AWS has them, so that a run does not use up what other tools of the
//! same account need. Sizes are AWS's own (Request throttling for the Amazon EC2 API; CloudWatch Logs quotas) or below.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::connect::Pace;

pub(crate) struct Buckets {
    pace: Pace,
    held: Mutex<BTreeMap<&'static str, Arc<DefaultDirectRateLimiter>>>,
}

impl Buckets {
    pub(crate) fn new(pace: Pace) -> Self {
        Buckets { pace, held: Mutex::default() }
    }

    /// Returns when the call may be sent.
    pub(crate) async fn wait(&self, operation: &'static str) {
        if self.pace == Pace::Unlimited {
            return;
        }
        let bucket = {
            let operation = shared(operation);
            let mut buckets = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.entry(operation).or_insert_with(|| Arc::new(RateLimiter::direct(quota(operation)))).clone()
        };
        bucket.until_ready().await;
    }
}

/// Route 53 and its Resolver have one bucket for all operations together (aws-facts 2.1, 2.2).
fn shared(operation: &'static str) -> &'static str {
    match operation.split_once(':') {
        Some((service @ ("route53" | "route53resolver"), _)) => service,
        _ => operation,
    }
}

/// Capacity and refill of the bucket of an operation.
fn quota(operation: &str) -> Quota {
    let whole = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    let (service, name) = operation.split_once(':').unwrap_or(("", operation));
    // The one refill of AWS's that is slower than one a second: 0.3/s.
    if operation.starts_with("ec2:") && matches!(name, "CreateVpcEndpoint" | "ModifyVpcEndpoint" | "DeleteVpcEndpoints")
    {
        let refill = Quota::with_period(Duration::from_millis(3334)).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        return refill.allow_burst(whole(4));
    }
    let (burst, per_second) = match service {
        // 5/s, of which one is left to others.
        _ if matches!(operation, "route53" | "route53resolver") => (4, 4),
        "ec2" => match name {
            "CreateTags" | "DeleteTags" => (100, 10),
            "CreateVpcEndpointServiceConfiguration"
            | "ModifyVpcEndpointServiceConfiguration"
            | "DeleteVpcEndpointServiceConfigurations"
            | "AcceptVpcEndpointConnections"
            | "RejectVpcEndpointConnections" => (10, 1),
            _ if ["Describe", "Get", "Search"].iter().any(|read| name.starts_with(read)) => (100, 20),
            _ => (50, 5),
        },
        // Retention and tags 5/s, the others 10/s.
        "logs" => match name {
            "PutRetentionPolicy" | "TagResource" => (5, 5),
            _ => (10, 10),
        },
        // The lowest limits of all (aws-facts 2.3), of which a fifth is left to others.
        "acm-pca" => match name {
            "CreateCertificateAuthority"
            | "CreateCertificateAuthorityAuditReport"
            | "CreatePermission"
            | "DeletePermission" => (1, 1),
            "ListPermissions" | "PutPolicy" | "GetPolicy" | "DeletePolicy" => (4, 4),
            "IssueCertificate" => (20, 20),
            "GetCertificate" => (60, 60),
            "GetCertificateAuthorityCsr" => (8, 8),
            _ if ["Describe", "Get", "List"].iter().any(|read| name.starts_with(read)) => (16, 16),
            _ => (8, 8),
        },
        // IAM, STS, S3 and Direct Connect publish no figures for such calls; these are far below what was seen to be refused.
        _ => (20, 10),
    };
    Quota::per_second(whole(per_second)).allow_burst(whole(burst))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_has_the_bucket_of_its_class() {
        let size = |operation| (quota(operation).burst_size().get(), quota(operation).replenish_interval().as_millis());
        assert_eq!(size("ec2:DescribeVpcs"), (100, 50));
        assert_eq!(size("ec2:SearchTransitGatewayRoutes"), (100, 50));
        assert_eq!(size("ec2:CreateVpc"), (50, 200));
        assert_eq!(size("ec2:CreateTags"), (100, 100));
        assert_eq!(size("ec2:CreateVpcEndpoint"), (4, 3334));
        assert_eq!(size("ec2:AcceptVpcEndpointConnections"), (10, 1000));
        assert_eq!(size("logs:PutRetentionPolicy"), (5, 200));
        assert_eq!(size("acm-pca:CreateCertificateAuthority"), (1, 1000));
        assert_eq!(size("acm-pca:ListPermissions"), (4, 250));
        assert_eq!(size("acm-pca:ListTags").0, 16);
        assert_eq!(size("acm-pca:DeleteCertificateAuthority"), (8, 125));
    }

    #[tokio::test]
    async fn a_bucket_is_shared_by_all_calls_of_one_api_and_by_no_other() {
        let buckets = Buckets::new(Pace::Aws);
        for _ in 0..5 {
            buckets.wait("logs:PutRetentionPolicy").await;
        }
        let held = buckets.held.lock().unwrap();
        assert!(held["logs:PutRetentionPolicy"].check().is_err(), "the sixth would have to wait");
        assert_eq!(held.len(), 1);
    }

    #[tokio::test]
    async fn route_53_has_one_bucket_and_its_resolver_another() {
        let buckets = Buckets::new(Pace::Aws);
        for operation in ["ListHostedZones", "GetHostedZone", "ListResourceRecordSets", "ChangeResourceRecordSets"] {
            buckets.wait(format!("route53:{operation}").leak()).await;
        }
        buckets.wait("route53resolver:ListResolverRules").await;
        let held = buckets.held.lock().unwrap();
        assert_eq!(held.keys().copied().collect::<Vec<_>>(), ["route53", "route53resolver"]);
        assert!(held["route53"].check().is_err(), "the fifth, whichever it is, would have to wait");
        assert!(held["route53resolver"].check().is_ok(), "its Resolver is another API");
    }

    #[tokio::test]
    async fn whoever_is_alone_with_the_sandbox_waits_for_nothing() {
        let buckets = Buckets::new(Pace::Unlimited);
        for _ in 0..100 {
            buckets.wait("route53:ListHostedZones").await;
        }
        assert!(buckets.held.lock().unwrap().is_empty());
    }
}

//! Whether the endpoint of a service answers: the cheapest read that it has, sent once.

use std::time::Duration;

use gcnet_core::{Class, Failure};

use crate::aws::Aws;

/// A read that takes longer is no use to a run either.
const PATIENCE: Duration = Duration::from_secs(10);

impl Aws {
    /// Services that [`knock`](Self::knock) knows, as in an IAM policy.
    pub const SERVICES: [&'static str; 11] =
        ["acm-pca", "directconnect", "ec2", "iam", "logs", "ram", "route53", "route53resolver", "s3", "ssm", "sts"];

    /// Makes the service answer something.
    ///
    /// # Errors
    /// Whatever came of the call: also a refusal, which is an answer.
    pub async fn knock(&self, service: &str) -> Result<(), Failure> {
        // Not the clients that read: they would try three times.
        let clients = self.write();
        macro_rules! knock {
            ($operation:literal, $call:expr) => {{
                let call = async { self.call($operation, $call.send()).await.map(drop) };
                tokio::time::timeout(PATIENCE, call).await.unwrap_or_else(|_| Err(too_late($operation, self.account())))
            }};
        }
        match service {
            "acm-pca" => {
                knock!(
                    "acm-pca:ListCertificateAuthorities",
                    clients.acmpca.list_certificate_authorities().max_results(1)
                )
            }
            "directconnect" => knock!(
                "directconnect:DescribeDirectConnectGateways",
                clients.directconnect.describe_direct_connect_gateways().max_results(1)
            ),
            "ec2" => knock!("ec2:DescribeVpcs", clients.ec2.describe_vpcs().max_results(5)),
            "iam" => knock!("iam:ListRoles", clients.iam.list_roles().path_prefix("/gcnet/").max_items(1)),
            "logs" => knock!("logs:DescribeLogGroups", clients.logs.describe_log_groups().limit(1)),
            "ram" => knock!(
                "ram:GetResourceShares",
                clients
                    .ram
                    .get_resource_shares()
                    .resource_owner(aws_sdk_ram::types::ResourceOwner::SelfValue)
                    .max_results(1)
            ),
            "route53" => knock!("route53:ListHostedZones", clients.route53.list_hosted_zones().max_items(1)),
            "route53resolver" => {
                knock!(
                    "route53resolver:ListResolverEndpoints",
                    clients.resolver.list_resolver_endpoints().max_results(1)
                )
            }
            "s3" => knock!("s3:ListAllMyBuckets", clients.s3.list_buckets().max_buckets(1)),
            "ssm" => knock!("ssm:GetParameter", clients.ssm.get_parameter().name("/gcnet/doctor")),
            "sts" => knock!("sts:GetCallerIdentity", clients.sts.get_caller_identity()),
            other => Err(Failure::internal("gcnet:knock", other)),
        }
    }
}

fn too_late(operation: &str, account: &str) -> Failure {
    Failure {
        class: Class::Unknown,
        code: "timeout".into(),
        account: Some(account.into()),
        ..Failure::internal(operation, format!("{} s", PATIENCE.as_secs()))
    }
}

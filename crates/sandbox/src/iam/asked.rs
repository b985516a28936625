//! Which permissions a call needs: the one that is called as the operation is, or otherwise, and what goes with it.
//!
//! DOC (service authorization reference, the "Actions" tables of each service, with "Dependent actions"): tags at creation need
//! the permission to tag, a role that is handed to a service needs iam:PassRole, and everybody may ask who they are. Permissions
//! of S3 have names of their own: see [`s3::actions`].

use serde_json::Value;

use crate::iam::{Request, private_ca, resource};
use crate::protocol::Body;
use crate::s3;
use crate::store::State;

/// One thing that policies have to allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `ec2:CreateVpc`.
    pub action: String,
    /// The ARN of what it is done to, where the sandbox knows it.
    pub resource: Option<String>,
}

/// What an operation does in the caller's name besides. DOC (Route 53 developer guide, "Required permissions for actions on
/// private hosted zones" and "Required permissions for Route 53 Resolver actions"); of query logging configurations: the
/// handlers of CloudFormation's AWS::Route53Resolver::ResolverQueryLoggingConfig.
static ON_BEHALF: &[(&str, &str, &[&str])] = &[
    // DOC (transit gateway guide, "Use service-linked roles"): the role is made when a VPC of the account is attached, and whoever
    // attaches it must be allowed to make it. Stricter: also where it is there already.
    ("ec2", "CreateTransitGatewayVpcAttachment", &["iam:CreateServiceLinkedRole"]),
    ("route53", "AssociateVPCWithHostedZone", &["ec2:DescribeVpcs"]),
    ("route53", "CreateHostedZone", &["ec2:DescribeVpcs"]),
    ("route53", "DisassociateVPCFromHostedZone", &["ec2:DescribeVpcs"]),
    ("route53", "ListHostedZonesByVPC", &["ec2:DescribeVpcs"]),
    (
        "route53resolver",
        "CreateResolverEndpoint",
        &[
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
        ],
    ),
    (
        "route53resolver",
        "AssociateResolverEndpointIpAddress",
        // The guide leaves out the first, which makes the interface.
        &[
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
        ],
    ),
    ("route53resolver", "DisassociateResolverEndpointIpAddress", &["ec2:DeleteNetworkInterface"]),
    ("route53resolver", "DeleteResolverEndpoint", &["ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"]),
    ("route53resolver", "AssociateResolverRule", &["ec2:DescribeVpcs"]),
    ("route53resolver", "GetResolverRuleAssociation", &["ec2:DescribeVpcs"]),
    ("route53resolver", "ListResolverRuleAssociations", &["ec2:DescribeVpcs"]),
    ("route53resolver", "AssociateResolverQueryLogConfig", &["ec2:DescribeVpcs"]),
    (
        "route53resolver",
        "CreateResolverQueryLogConfig",
        &[
            "iam:CreateServiceLinkedRole",
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ],
    ),
    ("route53resolver", "DeleteResolverQueryLogConfig", &["logs:DeleteLogDelivery", "logs:ListLogDeliveries"]),
];

/// What sharing needs besides, by a part of the resource's ARN. DOC (Route 53 developer guide, "Sharing forwarding rules",
/// PutResolverQueryLogConfigPolicy; Private CA user guide, "Attach a policy for cross-account access").
static SHARING: &[(&str, &str)] = &[
    (":resolver-rule/", "route53resolver:PutResolverRulePolicy"),
    (":resolver-query-log-config/", "route53resolver:PutResolverQueryLogConfigPolicy"),
    (":certificate-authority/", "acm-pca:PutPolicy"),
];

/// The same when the sharing ends (Private CA user guide, the same page).
static UNSHARING: &[(&str, &str)] = &[(":certificate-authority/", "acm-pca:DeletePolicy")];

impl Request<'_> {
    /// All that policies are asked, in the order in which it is asked.
    pub fn asks(&self, state: &State) -> Vec<Asked> {
        let asked = self.actions().into_iter().map(|action| {
            let resource = resource::of(self, &action, state);
            Asked { action, resource }
        });
        let written = private_ca::writes(self, state).into_iter();
        asked.chain(written.map(|(action, object)| Asked { action, resource: Some(object) })).collect()
    }

    fn actions(&self) -> Vec<String> {
        let Self { service, operation, .. } = *self;
        if (service, operation) == ("sts", "GetCallerIdentity") {
            return Vec::new();
        }
        if let ("s3", Body::Rest(request)) = (service, self.input) {
            return s3::actions(operation, request);
        }
        let mut actions = vec![format!("{service}:{operation}")];
        let mut also = |parameter: &str, action: &str| {
            if self.has(parameter) {
                actions.push(action.to_owned());
            }
        };
        match (service, operation) {
            ("ec2", "CreateTags" | "DeleteTags") => {}
            ("ec2", _) => {
                also("TagSpecification", "ec2:CreateTags");
                also("DeliverLogsPermissionArn", "iam:PassRole");
            }
            ("iam", "CreateRole") => also("Tags", "iam:TagRole"),
            ("iam", "CreatePolicy") => also("Tags", "iam:TagPolicy"),
            ("ram", "CreateResourceShare") => also("tags", "ram:TagResource"),
            ("logs", "CreateLogGroup") => also("tags", "logs:TagResource"),
            ("route53resolver", _) => also("Tags", "route53resolver:TagResource"),
            ("directconnect", "TagResource") => {}
            ("directconnect", _) => also("tags", "directconnect:TagResource"),
            ("ssm", "PutParameter") => also("Tags", "ssm:AddTagsToResource"),
            ("acm-pca", "CreateCertificateAuthority") => also("Tags", "acm-pca:TagCertificateAuthority"),
            _ => {}
        }
        let besides = ON_BEHALF.iter().filter(|(by, of, _)| (*by, *of) == (service, operation));
        actions.extend(besides.flat_map(|(.., besides)| besides.iter().map(|&action| action.to_owned())));
        let sharing = match (service, operation) {
            ("ram", "CreateResourceShare" | "AssociateResourceShare") => SHARING,
            ("ram", "DisassociateResourceShare") => UNSHARING,
            _ => &[],
        };
        let shared = sharing.iter().filter(|(part, _)| self.names_resource(part));
        actions.extend(shared.map(|&(_, action)| action.to_owned()));
        actions
    }

    /// Whether a parameter, or a member of one, is given.
    fn has(&self, parameter: &str) -> bool {
        match self.input {
            Body::Form(form) => form.keys().any(|key| key.split('.').next() == Some(parameter)),
            Body::Json(input) => input.get(parameter).is_some(),
            // Nothing in a document asks for a permission of its own.
            Body::Rest(_) => false,
        }
    }

    /// Whether one of the ARNs that are to be shared has this part.
    fn names_resource(&self, part: &str) -> bool {
        let Body::Json(input) = self.input else {
            return false;
        };
        let arns = input.get("resourceArns").and_then(Value::as_array);
        arns.into_iter().flatten().filter_map(Value::as_str).any(|arn| arn.contains(part))
    }
}

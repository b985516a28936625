//! Whether the policies of an assumed role allow a call: `Options::enforce_policies`.
//!
//! Actions are checked, resources only where they are known (see [`Role::may`]). Long-term credentials may do everything. DOC (service
//! authorization reference): tags at creation need the permission to tag, a role that is handed to a service needs
//! iam:PassRole, and everybody may ask who they are.

use serde_json::Value;

use crate::account::Caller;
use crate::fault::Denial;
use crate::iam::{Context, Decision, private_ca};
use crate::protocol::Body;
use crate::region;
use crate::s3;
use crate::ssm;
use crate::store::State;

/// What an operation does in the caller's name besides. DOC (Route 53 developer guide, "Required permissions for actions on
/// private hosted zones" and "Required permissions for Route 53 Resolver actions"); of query logging configurations: the
/// handlers of CloudFormation's AWS::Route53Resolver::ResolverQueryLoggingConfig.
static ON_BEHALF: &[(&str, &str, &[&str])] = &[
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
];

/// What sharing needs besides, by a part of the resource's ARN. DOC (Route 53 developer guide, "Sharing forwarding rules",
/// PutResolverQueryLogConfigPolicy; Private CA user guide, "Attach a policy for cross-account access").
static SHARING: &[(&str, &str)] = &[
    (":resolver-rule/", "route53resolver:PutResolverRulePolicy"),
    (":resolver-query-log-config/", "route53resolver:PutResolverQueryLogConfigPolicy"),
    (":certificate-authority/", "acm-pca:PutPolicy"),
];

/// A call as policies see it.
pub(crate) struct Request<'a> {
    pub caller: &'a Caller,
    pub region: &'a str,
    pub service: &'a str,
    pub operation: &'a str,
    pub input: &'a Body,
}

/// Why a call is not allowed.
pub(crate) struct Refused {
    /// `ec2:CreateVpc`.
    pub action: String,
    pub why: String,
    /// The condition keys of the statements that deny it.
    pub keys: Vec<String>,
}

impl Request<'_> {
    /// None if the caller may make the call.
    pub fn refused(&self, state: &State) -> Option<Refused> {
        let role_name = self.caller.role_arn.as_deref()?.rsplit('/').next()?;
        let iam = &state.account(&self.caller.account).iam;
        let context = self.context();
        let mut own = context.clone();
        own.extend(private_ca::context(self, state));
        let known = self.resource();
        let actions = self.actions().into_iter().map(|action| (action, known.clone()));
        let writes = private_ca::writes(self, state).into_iter().map(|(action, object)| (action, Some(object)));
        actions.chain(writes).find_map(|(action, resource)| {
            // What is known of a service's own thing says nothing of what another service does for it.
            let is_own = action.split_once(':').is_some_and(|(service, _)| service == self.service);
            let context = if is_own { &own } else { &context };
            // A role that was deleted allows nothing to those who still hold its credentials.
            let decision = iam
                .roles
                .get(role_name)
                .map_or(Decision::NotAllowed, |role| role.may(iam, &action, resource.as_deref(), context));
            let why = match decision {
                Decision::Allowed => return None,
                Decision::NotAllowed => Denial::Missing.reason(&action),
                Decision::Denied => "with an explicit deny in an identity-based policy".to_owned(),
            };
            let role = iam.roles.get(role_name).filter(|_| decision == Decision::Denied);
            let keys = role.map(|role| role.denying_keys(iam, &action, context)).unwrap_or_default();
            Some(Refused { action, why, keys })
        })
    }

    /// The ARN of what the call is about, where it can be told from the request.
    fn resource(&self) -> Option<String> {
        match (self.service, self.input) {
            ("ssm", Body::Json(input)) => ssm::arn(input, self.region, &self.caller.account),
            _ => None,
        }
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
            ("ssm", "PutParameter") => also("Tags", "ssm:AddTagsToResource"),
            ("acm-pca", "CreateCertificateAuthority") => also("Tags", "acm-pca:TagCertificateAuthority"),
            _ => {}
        }
        let besides = ON_BEHALF.iter().filter(|(by, of, _)| (*by, *of) == (service, operation));
        actions.extend(besides.flat_map(|(.., besides)| besides.iter().map(|&action| action.to_owned())));
        if matches!((service, operation), ("ram", "CreateResourceShare" | "AssociateResourceShare")) {
            let shared = SHARING.iter().filter(|(part, _)| self.names_resource(part));
            actions.extend(shared.map(|&(_, action)| action.to_owned()));
        }
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

    /// DOC (IAM user guide, "aws:RequestedRegion"): that of global services is us-east-1, whatever Region a client that was
    /// given an endpoint has signed for.
    fn requested_region(&self) -> &str {
        if matches!(self.service, "iam" | "route53") { region::GLOBAL } else { self.region }
    }

    /// What conditions may ask about. A session of an assumed role does not tell of MFA.
    fn context(&self) -> Context {
        let mut context = Context::from(
            [
                ("aws:principalaccount", self.caller.account.as_str()),
                ("aws:principalarn", self.caller.role_arn.as_deref().unwrap_or_default()),
                ("aws:userid", &self.caller.user_id),
                ("aws:requestedregion", self.requested_region()),
                ("aws:multifactorauthpresent", "false"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        if self.service == "ec2" && self.operation != "CreateTags" {
            context.insert("ec2:createaction".to_owned(), self.operation.to_owned());
        }
        if let Body::Json(input) = self.input
            && let Some(tags) = input.get("tags").or_else(|| input.get("Tags"))
        {
            let tag = |key: &str, value: &Value| {
                Some((format!("aws:requesttag/{}", key.to_ascii_lowercase()), value.as_str()?.to_owned()))
            };
            // RAM and Resolver have a list, each in its own case; CloudWatch Logs has a map.
            let listed = tags.as_array().into_iter().flatten();
            let member = |one: &'_ Value, small: &str, large: &str| one.get(small).or_else(|| one.get(large)).cloned();
            context.extend(listed.filter_map(|one| {
                let (key, value) = (member(one, "key", "Key")?, member(one, "value", "Value")?);
                tag(key.as_str()?, &value)
            }));
            let mapped = tags.as_object().into_iter().flatten();
            context.extend(mapped.filter_map(|(key, value)| tag(key, value)));
        }
        if let Body::Form(form) = self.input {
            // TagSpecification.1.Tag.1.Key, Tag.1.Key, Tags.member.1.Key; the value has the same name but for its end.
            for (name, key) in form.iter().filter(|(name, _)| name.contains("Tag")) {
                let value = name.strip_suffix(".Key").and_then(|tag| form.get(&format!("{tag}.Value")));
                context
                    .extend(value.map(|value| (format!("aws:requesttag/{}", key.to_ascii_lowercase()), value.clone())));
            }
        }
        context
    }
}

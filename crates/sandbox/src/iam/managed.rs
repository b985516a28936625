//! Managed policies: those that AWS keeps, by ARN only, and an account's own with their one version.
//!
//! CreatePolicyVersion is not simulated: gcnet writes inline policies.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::iam::document::{Document, Use};
use crate::iam::{Iam, Tags, already_exists, conflict, limit, no_such_entity, params, role, tags};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreatePolicy", create),
    Operation::read("GetPolicy", get),
    Operation::read("GetPolicyVersion", get_version),
    Operation::write("DeletePolicy", delete),
];

/// DOC (IAM user guide, "IAM and AWS STS quotas"): managed policy length, whitespace not counted.
const LARGEST: usize = 6144;
const ONLY_VERSION: &str = "v1";

/// A policy that AWS keeps, and the actions it allows, roughly: enough to tell a reader from an administrator.
struct AwsManaged {
    /// After `arn:aws:iam::aws:policy/`.
    name: &'static str,
    allows: &'static [&'static str],
}

/// DOC (AWS managed policy reference). Others do not exist in the sandbox.
static AWS_MANAGED: &[AwsManaged] = &[
    AwsManaged { name: "AdministratorAccess", allows: &["*"] },
    AwsManaged {
        name: "AmazonRoute53ResolverFullAccess",
        allows: &[
            "route53resolver:*",
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2:ModifyNetworkInterfaceAttribute",
        ],
    },
    AwsManaged {
        name: "AmazonRoute53ResolverReadOnlyAccess",
        allows: &[
            "route53resolver:Get*",
            "route53resolver:List*",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
    },
    AwsManaged { name: "AWSPrivateCAFullAccess", allows: &["acm-pca:*"] },
    AwsManaged { name: "AWSPrivateCAReadOnly", allows: READ_PRIVATE_CA },
    AwsManaged { name: "AmazonVPCFullAccess", allows: &["ec2:*"] },
    AwsManaged { name: "AmazonVPCReadOnlyAccess", allows: READ_EC2 },
    AwsManaged { name: "CloudWatchLogsFullAccess", allows: &["logs:*"] },
    AwsManaged { name: "CloudWatchLogsReadOnlyAccess", allows: &["logs:Describe*", "logs:Get*", "logs:List*"] },
    AwsManaged { name: "IAMFullAccess", allows: &["iam:*"] },
    AwsManaged { name: "IAMReadOnlyAccess", allows: &["iam:Get*", "iam:List*"] },
    AwsManaged { name: "ReadOnlyAccess", allows: READ_ALL },
    AwsManaged { name: "SecurityAudit", allows: READ_ALL },
    AwsManaged {
        name: "job-function/NetworkAdministrator",
        allows: &["ec2:*", "logs:CreateLogGroup", "logs:Describe*"],
    },
    AwsManaged { name: "job-function/ViewOnlyAccess", allows: READ_ALL },
];
const READ_PRIVATE_CA: &[&str] = &["acm-pca:Describe*", "acm-pca:Get*", "acm-pca:List*"];
const READ_EC2: &[&str] = &["ec2:Describe*", "ec2:Get*", "ec2:Search*"];
const READ_ALL: &[&str] = &[
    "acm-pca:Describe*",
    "acm-pca:Get*",
    "acm-pca:List*",
    "ec2:Describe*",
    "ec2:Get*",
    "ec2:Search*",
    "iam:Get*",
    "iam:List*",
    "logs:Describe*",
    "logs:Get*",
    "logs:List*",
    "route53resolver:Get*",
    "route53resolver:List*",
    "sts:Get*",
];

/// A policy of an account's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManagedPolicy {
    pub name: String,
    pub path: String,
    /// `ANPA…`.
    pub id: String,
    pub created: Moment,
    pub description: Option<String>,
    /// As it was given.
    pub document: String,
    pub tags: Tags,
}

/// Whether a role of the account may have this policy attached.
pub(super) fn check_attachable(iam: &Iam, arn: &str) -> Result<()> {
    if aws_managed(arn).is_some() || iam.policies.contains_key(arn) {
        return Ok(());
    }
    Err(no_policy(arn))
}

/// The statements of a managed policy, wherever it is kept.
pub(super) fn document(iam: &Iam, arn: &str) -> Option<Document> {
    match aws_managed(arn) {
        Some(known) => Some(Document::allowing(known.allows)),
        None => Document::parse(&iam.policies.get(arn)?.document, Use::Identity).ok(),
    }
}

fn aws_managed(arn: &str) -> Option<&'static AwsManaged> {
    let name = arn.strip_prefix("arn:aws:iam::aws:policy/")?;
    AWS_MANAGED.iter().find(|known| known.name == name)
}

/// The path in a policy's ARN: `/` or `/…/`.
pub(super) fn path(arn: &str) -> &str {
    let resource = arn.split_once(":policy").map_or("/", |(_, rest)| rest);
    resource.rfind('/').map_or("/", |end| &resource[..=end])
}

fn no_policy(arn: &str) -> AwsError {
    no_such_entity(format!("Policy {arn} does not exist or is not attachable."))
}

fn find<'a>(ctx: &'a Ctx<'_>, p: &Params) -> Result<(String, &'a ManagedPolicy)> {
    let arn = params::text(p, "PolicyArn", 20..=2048)?;
    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let policy = iam.policies.get(&arn).ok_or_else(|| no_policy(&arn))?;
    Ok((arn, policy))
}

fn attachments(iam: &Iam, arn: &str) -> usize {
    iam.roles.values().filter(|role| role.attached.contains(arn)).count()
}

impl ManagedPolicy {
    /// What every shape of a policy shows.
    pub(super) fn summary(&self, iam: &Iam, arn: &str) -> Xml {
        Xml::new()
            .text("PolicyName", &self.name)
            .text("PolicyId", &self.id)
            .text("Arn", arn)
            .text("Path", &self.path)
            .text("DefaultVersionId", ONLY_VERSION)
            .value("AttachmentCount", attachments(iam, arn))
            .value("PermissionsBoundaryUsageCount", 0)
            .value("IsAttachable", true)
            .text("CreateDate", self.created.to_seconds_string())
            .text("UpdateDate", self.created.to_seconds_string())
    }

    /// The version there is.
    pub(super) fn version(&self) -> Xml {
        Xml::new()
            .text("Document", role::encode(&self.document))
            .text("VersionId", ONLY_VERSION)
            .value("IsDefaultVersion", true)
            .text("CreateDate", self.created.to_seconds_string())
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = params::name(p, "PolicyName", 128)?;
    let path = params::path(p)?;
    let document = params::text(p, "PolicyDocument", 1..=131_072)?;
    Document::parse(&document, Use::Identity)?;
    if Document::size(&document) > LARGEST {
        return Err(limit(format!("Cannot exceed quota for PolicySize: {LARGEST}")));
    }
    let description = params::description(p)?;
    let tags = tags::read(p)?;
    tags::check_count(&tags)?;
    let account = ctx.caller.account.clone();
    let iam = &ctx.state.account(&account).iam;
    if iam.policies.values().any(|other| other.name.eq_ignore_ascii_case(&name)) {
        return Err(already_exists(format!("A policy called {name} already exists. Duplicate names are not allowed.")));
    }
    let id = format!("ANPA{}", ctx.state.mint_base32("policy", 17));
    let arn = format!("arn:aws:iam::{account}:policy{path}{name}");
    let policy = ManagedPolicy { name, path, id, created: ctx.now, description, document, tags };
    let iam = &mut ctx.state.account_mut(&account).iam;
    let xml = policy.summary(iam, &arn).merge(tags::unless_empty(&policy.tags));
    iam.policies.insert(arn, policy);
    Ok(Xml::new().nest("Policy", xml))
}

fn get(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (arn, policy) = find(ctx, p)?;
    let iam = &ctx.state.account(&ctx.caller.account).iam;
    let xml = policy.summary(iam, &arn).maybe("Description", policy.description.as_ref());
    Ok(Xml::new().nest("Policy", xml.merge(tags::unless_empty(&policy.tags))))
}

fn get_version(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (arn, policy) = find(ctx, p)?;
    let version = params::text(p, "VersionId", 1..=32)?;
    if version != ONLY_VERSION {
        return Err(no_such_entity(format!("Policy {arn} version {version} does not exist or is not attachable.")));
    }
    Ok(Xml::new().nest("PolicyVersion", policy.version()))
}

fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (arn, _) = find(ctx, p)?;
    let iam = &mut ctx.state.account_mut(&ctx.caller.account).iam;
    if attachments(iam, &arn) > 0 {
        return Err(conflict("Cannot delete a policy attached to entities."));
    }
    iam.policies.remove(&arn);
    Ok(Xml::new())
}

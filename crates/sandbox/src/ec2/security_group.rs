//! Security groups. Rules: aws-facts section 1.2 "Security group and rules".

use serde::{Deserialize, Serialize};

use crate::ec2::describe::Describe;
use crate::ec2::permission::{self, Permission, Source};
use crate::ec2::security_group_rule::{self, Rule};
use crate::ec2::{Ec2, Kind, Tags, errors, tags, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateSecurityGroup", create),
    Operation::read("DescribeSecurityGroups", describe),
    Operation::write("DeleteSecurityGroup", delete),
];

pub(crate) static KIND: Kind = Kind {
    resource_type: "security-group",
    prefix: "sg",
    not_found: "InvalidGroup.NotFound",
    rows: |ec2| &ec2.security_groups,
};

/// The name of the group that every VPC has.
const DEFAULT: &str = "default";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityGroup {
    pub name: String,
    pub description: String,
    pub vpc: String,
}

/// Makes a new VPC's default group: everything in from itself, everything out.
pub(crate) fn create_default(ctx: &mut Ctx<'_>, vpc: &str) {
    let group = SecurityGroup {
        name: DEFAULT.to_owned(),
        description: "default VPC security group".to_owned(),
        vpc: vpc.to_owned(),
    };
    let id = insert(ctx, group);
    let itself = Permission::everything(Source::Group(id.clone()));
    security_group_rule::insert(ctx, Rule::new(&id, false, itself));
}

/// Removes the default group of a deleted VPC.
pub(crate) fn forget_vpc(ec2: &mut Ec2, vpc: &str) {
    for id in ec2.security_groups.prune(|group| group.vpc == vpc) {
        forget(ec2, &id);
    }
}

/// The default group of a VPC.
pub(crate) fn default_of(ec2: &Ec2, vpc: &str) -> Option<String> {
    let mut groups = ec2.security_groups.iter();
    groups.find(|(_, group)| group.vpc == vpc && group.name == DEFAULT).map(|(id, _)| id.clone())
}

/// Whether there is such a group in a VPC.
pub(crate) fn is_of(ec2: &Ec2, id: &str, vpc: &str) -> bool {
    ec2.security_groups.get(id).is_some_and(|group| group.vpc == vpc)
}

/// What a VPC with only its default group does not have.
pub(crate) fn any_in_vpc(ec2: &Ec2, vpc: &str) -> bool {
    let mut groups = ec2.security_groups.values();
    groups.any(|group| group.vpc == vpc && group.name != DEFAULT)
}

/// A new group lets everything out.
fn insert(ctx: &mut Ctx<'_>, group: SecurityGroup) -> String {
    let id = ctx.new_id(KIND.prefix);
    ctx.ec2_mut().security_groups.insert(id.clone(), group);
    let anywhere = Permission::everything(Source::anywhere());
    security_group_rule::insert(ctx, Rule::new(&id, true, anywhere));
    id
}

fn forget(ec2: &mut Ec2, id: &str) {
    ec2.untag(id);
    for rule in ec2.security_group_rules.prune(|rule| rule.group == id) {
        ec2.untag(&rule);
    }
}

fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = p.required("GroupName")?;
    let description = p.required("GroupDescription")?;
    permission::check_text(p, "GroupName", &name)?;
    permission::check_text(p, "GroupDescription", &description)?;
    let vpc = p.optional("VpcId").ok_or_else(|| AwsError::new("VPCIdNotSpecified", "No default VPC for this user."))?;
    let tags = tags::at_creation(ctx, p, KIND.resource_type)?;
    if name.to_ascii_lowercase().starts_with("sg-") {
        return Err(p.invalid("GroupName", &name, "Group names may not be in the format sg-*."));
    }
    if name.eq_ignore_ascii_case(DEFAULT) {
        return Err(AwsError::new("InvalidGroup.Reserved", format!("Cannot use reserved security group name: {name}")));
    }
    vpc::KIND.get(&ctx.ec2().vpcs, &vpc)?;
    let mut groups = ctx.ec2().security_groups.values();
    if groups.any(|other| other.vpc == vpc && other.name.eq_ignore_ascii_case(&name)) {
        return Err(AwsError::new(
            "InvalidGroup.Duplicate",
            format!("The security group '{name}' already exists for VPC '{vpc}'"),
        ));
    }
    if ctx.ec2().security_groups.len() >= ctx.quotas.security_groups {
        return Err(errors::quota("SecurityGroupLimitExceeded", "security groups"));
    }
    let group = SecurityGroup { name, description, vpc };
    let id = insert(ctx, group);
    ctx.ec2_mut().tag(&id, tags);
    Ok(Xml::done()
        .text("groupId", &id)
        .text("securityGroupArn", arn(ctx, &id))
        .list("tagSet", tags::rows(ctx.ec2(), &id)))
}

fn arn(ctx: &Ctx<'_>, id: &str) -> String {
    ctx.arn("ec2", &format!("security-group/{id}"))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let rules_of = |id: &str, egress: bool| -> Vec<&Rule> {
        let rules = ec2.security_group_rules.values();
        let ours = rules.filter(|rule| rule.group == id && rule.egress == egress);
        ours.collect()
    };
    let found = Describe {
        kind: &KIND,
        ids: "GroupId",
        filters: "Filter",
        known: &[
            "description",
            "egress.ip-permission.cidr",
            "egress.ip-permission.from-port",
            "egress.ip-permission.group-id",
            "egress.ip-permission.ipv6-cidr",
            "egress.ip-permission.protocol",
            "egress.ip-permission.to-port",
            "group-id",
            "group-name",
            "ip-permission.cidr",
            "ip-permission.from-port",
            "ip-permission.group-id",
            "ip-permission.ipv6-cidr",
            "ip-permission.protocol",
            "ip-permission.to-port",
            "owner-id",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.security_groups, |id, group, name| {
        let (egress, field) = match name.strip_prefix("egress.") {
            Some(rest) => (true, rest),
            None => (false, name),
        };
        if let Some(field) = field.strip_prefix("ip-permission.") {
            let rules = rules_of(id, egress).into_iter();
            return rules.filter_map(|rule| rule.permission.filter_value(field)).collect();
        }
        vec![match name {
            "description" => group.description.clone(),
            "group-name" => group.name.clone(),
            "owner-id" => ctx.caller.account.clone(),
            "vpc-id" => group.vpc.clone(),
            _ => id.to_owned(),
        }]
    })?;
    Ok(found.render("securityGroupInfo", |id, group| {
        let permissions = |egress| permission::rows(&ctx.caller.account, &rules_of(id, egress));
        Xml::new()
            .text("groupId", id)
            .text("groupName", &group.name)
            .text("groupDescription", &group.description)
            .text("vpcId", &group.vpc)
            .text("ownerId", &ctx.caller.account)
            .text("securityGroupArn", arn(ctx, id))
            .list("ipPermissions", permissions(false))
            .list("ipPermissionsEgress", permissions(true))
            .list("tagSet", tags::rows(ec2, id))
    }))
}

/// Interfaces and the rules of other groups hold a group; its own rules do not.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("GroupId")?;
    let ec2 = ctx.ec2_mut();
    let group = KIND.get(&ec2.security_groups, &id)?;
    if group.name == DEFAULT {
        return Err(AwsError::new(
            "CannotDelete",
            format!("the specified group: \"{id}\" name: \"{DEFAULT}\" cannot be deleted by a user"),
        ));
    }
    let in_interface = ec2.network_interfaces.values().any(|interface| interface.security_groups.contains(&id));
    let in_rule = ec2
        .security_group_rules
        .values()
        .any(|rule| rule.group != id && rule.permission.source == Source::Group(id.clone()));
    if in_interface || in_rule {
        return Err(AwsError::new("DependencyViolation", format!("resource {id} has a dependent object")));
    }
    ec2.security_groups.remove(&id);
    forget(ec2, &id);
    Ok(Xml::done().text("groupId", id))
}

/// Tags for rules that are made in one call.
pub(super) fn rule_tags(ctx: &Ctx<'_>, p: &Params) -> Result<Tags> {
    tags::at_creation(ctx, p, security_group_rule::KIND.resource_type)
}

//! Security-group rules as objects with ids and tags.

use serde::{Deserialize, Serialize};

use crate::ec2::describe::Describe;
use crate::ec2::permission::{Permission, Source};
use crate::ec2::{Kind, tags};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeSecurityGroupRules", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "security-group-rule",
    prefix: "sgr",
    not_found: "InvalidSecurityGroupRuleId.NotFound",
    rows: |ec2| &ec2.security_group_rules,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub group: String,
    pub egress: bool,
    pub permission: Permission,
    pub description: Option<String>,
}

impl Rule {
    pub fn new(group: &str, egress: bool, permission: Permission) -> Self {
        Self { group: group.to_owned(), egress, permission, description: None }
    }
}

/// Adds a rule and returns its id.
pub(super) fn insert(ctx: &mut Ctx<'_>, rule: Rule) -> String {
    let id = ctx.new_id(KIND.prefix);
    ctx.ec2_mut().security_group_rules.insert(id.clone(), rule);
    id
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let found = Describe {
        kind: &KIND,
        ids: "SecurityGroupRuleId",
        filters: "Filter",
        known: &["group-id", "security-group-rule-id", "tag"],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.security_group_rules, |id, rule, name| {
        vec![match name {
            "group-id" => rule.group.clone(),
            _ => id.to_owned(),
        }]
    })?;
    Ok(found.render("securityGroupRuleSet", |id, rule| xml(ctx, id, rule)))
}

pub(super) fn xml(ctx: &Ctx<'_>, id: &str, rule: &Rule) -> Xml {
    let Permission { protocol, from, to, source } = &rule.permission;
    let head = Xml::new()
        .text("securityGroupRuleId", id)
        .text("securityGroupRuleArn", ctx.arn("ec2", &format!("security-group-rule/{id}")))
        .text("groupId", &rule.group)
        .text("groupOwnerId", &ctx.caller.account)
        .value("isEgress", rule.egress)
        .text("ipProtocol", protocol)
        .value("fromPort", from)
        .value("toPort", to);
    let with_source = match source {
        Source::Ipv4(net) => head.value("cidrIpv4", net),
        Source::Ipv6(net) => head.value("cidrIpv6", net),
        Source::Group(group) => {
            let vpc = ctx.ec2().security_groups.get(group).map(|found| &found.vpc);
            let referenced = Xml::new().text("groupId", group).text("userId", &ctx.caller.account).maybe("vpcId", vpc);
            head.nest("referencedGroupInfo", referenced)
        }
    };
    with_source.maybe("description", rule.description.as_ref()).list("tagSet", tags::rows(ctx.ec2(), id))
}

//! Adding, removing and editing the rules of a group. Rules: aws-facts section 1.2 "Security group and rules".

use crate::ec2::permission::{self, Asked, Permission, Source};
use crate::ec2::security_group_rule::{self as rule, Rule};
use crate::ec2::{Ec2, errors, security_group};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AuthorizeSecurityGroupIngress", |ctx, p| authorize(ctx, p, false)),
    Operation::write("AuthorizeSecurityGroupEgress", |ctx, p| authorize(ctx, p, true)),
    Operation::write("RevokeSecurityGroupIngress", |ctx, p| revoke(ctx, p, false)),
    Operation::write("RevokeSecurityGroupEgress", |ctx, p| revoke(ctx, p, true)),
    Operation::write("ModifySecurityGroupRules", modify),
    Operation::write("UpdateSecurityGroupRuleDescriptionsIngress", |ctx, p| describe_anew(ctx, p, false)),
    Operation::write("UpdateSecurityGroupRuleDescriptionsEgress", |ctx, p| describe_anew(ctx, p, true)),
];

/// The group of a request, which must exist.
fn group(ctx: &Ctx<'_>, p: &Params) -> Result<String> {
    let id = p.required("GroupId")?;
    security_group::KIND.get(&ctx.ec2().security_groups, &id)?;
    Ok(id)
}

/// The rules that a request spells out. The form without IpPermissions is for ingress only (DOC:
/// AuthorizeSecurityGroupEgress, "Not supported. Use IP permissions instead.").
fn asked(p: &Params, account: &str, egress: bool) -> Result<Vec<Asked>> {
    let mut asked = permission::read(p, account)?;
    if !egress && let Some(single) = permission::read_single(p)? {
        if !asked.is_empty() {
            return Err(errors::combination("IpPermissions and CidrIp cannot be given together"));
        }
        asked.push(single);
    }
    Ok(asked)
}

fn nothing_asked() -> AwsError {
    AwsError::new("MissingParameter", "The request must contain at least one rule with a source")
}

/// The id of the rule with this key.
fn find(ec2: &Ec2, group: &str, egress: bool, permission: &Permission) -> Option<String> {
    let mut rules = ec2.security_group_rules.iter();
    rules
        .find(|(_, rule)| rule.group == group && rule.egress == egress && rule.permission == *permission)
        .map(|(id, _)| id.clone())
}

fn duplicate(permission: &Permission) -> AwsError {
    let Permission { protocol, from, to, source } = permission;
    let peer = match source {
        Source::Ipv4(net) => net.to_string(),
        Source::Ipv6(net) => net.to_string(),
        Source::Group(id) => id.clone(),
    };
    AwsError::new(
        "InvalidPermission.Duplicate",
        format!(
            "the specified rule \"peer: {peer}, {protocol}, from port: {from}, to port: {to}, ALLOW\" already exists"
        ),
    )
}

/// A referenced group is in the VPC of the group that refers to it: peering is not simulated.
fn check_source(ec2: &Ec2, group: &str, source: &Source) -> Result<()> {
    let Source::Group(referenced) = source else {
        return Ok(());
    };
    let vpc = &security_group::KIND.get(&ec2.security_groups, group)?.vpc;
    let other = &security_group::KIND.get(&ec2.security_groups, referenced)?.vpc;
    if vpc == other {
        return Ok(());
    }
    Err(AwsError::new("InvalidGroup.NotFound", "You have specified two resources that belong to different networks."))
}

/// All or nothing: one rule that is there already refuses the whole batch.
fn authorize(ctx: &mut Ctx<'_>, p: &Params, egress: bool) -> Result<Xml> {
    let group = group(ctx, p)?;
    let asked = asked(p, &ctx.caller.account, egress)?;
    let tags = security_group::rule_tags(ctx, p)?;
    if asked.is_empty() {
        return Err(nothing_asked());
    }
    let ec2 = ctx.ec2();
    for Asked { permission, .. } in &asked {
        check_source(ec2, &group, &permission.source)?;
        if find(ec2, &group, egress, permission).is_some() {
            return Err(duplicate(permission));
        }
    }
    let rules = ec2.security_group_rules.values();
    let there = rules.filter(|rule| rule.group == group && rule.egress == egress);
    if there.count() + asked.len() > ctx.quotas.rules {
        return Err(errors::quota("RulesPerSecurityGroupLimitExceeded", "rules per security group"));
    }
    let mut made = Vec::new();
    for Asked { permission, description } in asked {
        let new = Rule { description, ..Rule::new(&group, egress, permission) };
        let id = rule::insert(ctx, new.clone());
        ctx.ec2_mut().tag(&id, tags.clone());
        made.push(rule::xml(ctx, &id, &new));
    }
    Ok(Xml::done().list("securityGroupRuleSet", made))
}

/// A rule of this group and direction by id.
fn check_rule(ec2: &Ec2, group: &str, egress: Option<bool>, id: &str) -> Result<()> {
    let found = rule::KIND.get(&ec2.security_group_rules, id)?;
    if found.group != group || egress.is_some_and(|egress| egress != found.egress) {
        return Err(rule::KIND.missing(id));
    }
    Ok(())
}

/// DOC (RevokeSecurityGroupIngress): in a VPC that is not the default one, a rule that is not there is an error.
fn revoke(ctx: &mut Ctx<'_>, p: &Params, egress: bool) -> Result<Xml> {
    let group = group(ctx, p)?;
    let mut ids = p.list("SecurityGroupRuleId");
    let asked = asked(p, &ctx.caller.account, egress)?;
    let ec2 = ctx.ec2();
    match (ids.is_empty(), asked.is_empty()) {
        (true, true) => return Err(nothing_asked()),
        (false, false) => {
            return Err(errors::combination("SecurityGroupRuleIds and IpPermissions cannot be given together"));
        }
        _ => {}
    }
    for id in &ids {
        check_rule(ec2, &group, Some(egress), id)?;
    }
    for Asked { permission, .. } in &asked {
        let id = find(ec2, &group, egress, permission).ok_or_else(unknown_permission)?;
        ids.push(id);
    }
    let mut revoked = Vec::new();
    for id in ids {
        let ec2 = ctx.ec2_mut();
        if let Some(gone) = ec2.security_group_rules.remove(&id) {
            ec2.untag(&id);
            revoked.push(revoked_xml(&id, &gone));
        }
    }
    Ok(Xml::done().list("revokedSecurityGroupRuleSet", revoked))
}

fn unknown_permission() -> AwsError {
    AwsError::new("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
}

fn revoked_xml(id: &str, rule: &Rule) -> Xml {
    let Permission { protocol, from, to, source } = &rule.permission;
    let head = Xml::new()
        .text("securityGroupRuleId", id)
        .text("groupId", &rule.group)
        .value("isEgress", rule.egress)
        .text("ipProtocol", protocol)
        .value("fromPort", from)
        .value("toPort", to);
    match source {
        Source::Ipv4(net) => head.value("cidrIpv4", net),
        Source::Ipv6(net) => head.value("cidrIpv6", net),
        Source::Group(group) => head.text("referencedGroupId", group),
    }
    .maybe("description", rule.description.as_ref())
}

/// A rule is replaced as a whole; the type of its source cannot change (DOC: ModifySecurityGroupRules).
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let group = group(ctx, p)?;
    let updates = p.items("SecurityGroupRule");
    if updates.is_empty() {
        return Err(AwsError::new("MissingParameter", "The request must contain the parameter SecurityGroupRule"));
    }
    for update in updates {
        let id = update.required("SecurityGroupRuleId")?;
        check_rule(ctx.ec2(), &group, None, &id)?;
        let body = update.structure("SecurityGroupRule").ok_or_else(nothing_asked)?;
        let Asked { permission, description } = permission::read_flat(&body)?;
        check_source(ctx.ec2(), &group, &permission.source)?;
        let current = rule::KIND.get(&ctx.ec2().security_group_rules, &id)?;
        if !current.permission.source.same_type(&permission.source) {
            return Err(errors::invalid_value("The type of a rule's source cannot be changed."));
        }
        let twin = find(ctx.ec2(), &group, current.egress, &permission);
        if twin.is_some_and(|twin| twin != id) {
            return Err(duplicate(&permission));
        }
        let rules = &mut ctx.ec2_mut().security_group_rules;
        let current = rule::KIND.get_mut(rules, &id)?;
        current.permission = permission;
        current.description = description;
    }
    Ok(Xml::done())
}

/// A description that is left out is removed (DOC: UpdateSecurityGroupRuleDescriptionsIngress).
fn describe_anew(ctx: &mut Ctx<'_>, p: &Params, egress: bool) -> Result<Xml> {
    let group = group(ctx, p)?;
    let mut changes: Vec<(String, Option<String>)> = Vec::new();
    for item in p.items("SecurityGroupRuleDescription") {
        let id = item.required("SecurityGroupRuleId")?;
        check_rule(ctx.ec2(), &group, Some(egress), &id)?;
        let text = item.optional("Description").filter(|text| !text.is_empty());
        if let Some(text) = &text {
            permission::check_text(&item, "Description", text)?;
        }
        changes.push((id, text));
    }
    for Asked { permission, description } in permission::read(p, &ctx.caller.account)? {
        let id = find(ctx.ec2(), &group, egress, &permission).ok_or_else(unknown_permission)?;
        changes.push((id, description));
    }
    if changes.is_empty() {
        return Err(nothing_asked());
    }
    for (id, description) in changes {
        let rules = &mut ctx.ec2_mut().security_group_rules;
        rule::KIND.get_mut(rules, &id)?.description = description;
    }
    Ok(Xml::done())
}

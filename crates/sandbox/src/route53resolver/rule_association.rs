//! Rules of VPCs: AssociateResolverRule, DisassociateResolverRule, GetResolverRuleAssociation,
//! ListResolverRuleAssociations. Each account sees those of its own VPCs (domain.md section 3, row 3.5).

use serde::Deserialize;
use serde_json::{Value, json};

use super::association::{Association, Stage, check_vpc};
use super::endpoint::Direction;
use super::errors::{exists, invalid_request, limit, missing};
use super::filter;
use super::rule::{self, Rule};
use super::shared::{RULES, Seen};
use super::{autodefined, params, resolver, resolver_mut, timing};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("AssociateResolverRule", associate),
    Operation::json_write("DisassociateResolverRule", disassociate),
    Operation::json_read("GetResolverRuleAssociation", get),
    Operation::json_read("ListResolverRuleAssociations", list),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Associate {
    resolver_rule_id: String,
    name: Option<String>,
    #[serde(rename = "VPCId")]
    vpc: String,
}

/// A rule of the caller's or one that is shared with it, and a VPC of the caller's.
fn associate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Associate { resolver_rule_id: id, name, vpc } = json_input(input)?;
    params::check_optional_name(name.as_ref())?;
    if id == autodefined::RULE {
        return Err(invalid_request("The autodefined rule is associated with every VPC."));
    }
    let Seen { owner, it: rule } = rule::find(ctx, &id)?;
    rule.must_be_complete(&id, ctx.now)?;
    check_vpc(ctx, &vpc)?;
    check_siblings(ctx, &id, rule, &vpc)?;
    check_loop(ctx, &id, rule, &vpc)?;
    // DOC (developer guide, "Sharing forwarding rules"): the quota is that of the account that associates.
    if resolver(ctx).rule_associations.len() >= ctx.quotas.resolver_rule_associations {
        return Err(limit(ctx, "max-rule-association"));
    }
    let association = Association {
        of: id,
        owner,
        vpc,
        name,
        created: ctx.now,
        complete_at: ctx.in_seconds(timing::ASSOCIATING),
        ends_at: None,
    };
    let id = ctx.new_id("rslvr-rrassoc");
    Ok(keep(ctx, id, association))
}

/// A VPC has a rule once, and one rule for a domain.
fn check_siblings(ctx: &Ctx<'_>, id: &str, rule: &Rule, vpc: &str) -> Result<()> {
    let siblings = || resolver(ctx).rule_associations.values().filter(|it| it.vpc == vpc);
    if siblings().any(|it| it.of == id) {
        // The number: what CloudFormation says of it; the code: aws-facts section 2.1.
        return Err(exists(format!("[RSLVR-00704] Resolver rule \"{id}\" is already associated with VPC \"{vpc}\".")));
    }
    let mut others = siblings().filter_map(|it| Some((&it.of, RULES.find(ctx, &it.of)?)));
    match others.find(|(_, other)| other.it.domain == rule.domain) {
        // The message: crossplane-contrib/provider-upjet-aws issue 1010.
        Some((other, _)) => Err(invalid_request(format!(
            "[RSLVR-00802] Cannot associate rules with same domain name with same VPC. Conflict with resolver rule \
             \"{other}\""
        ))),
        None => Ok(()),
    }
}

/// A VPC does not forward to its own inbound endpoint (aws-facts section 2.1).
pub(super) fn check_loop(ctx: &Ctx<'_>, id: &str, rule: &Rule, vpc: &str) -> Result<()> {
    let inbound = resolver(ctx).endpoints.values().filter(|it| it.vpc == vpc && it.direction == Direction::Inbound);
    let mut addresses = inbound.flat_map(|endpoint| endpoint.addresses.values());
    if addresses.any(|address| rule.targets.iter().any(|target| target.ip == address.ip)) {
        // The message: aws-samples/aws-network-hub-for-terraform pull request 26.
        return Err(invalid_request(format!(
            "[RSLVR-00804] Cannot associate rule {id} to VPC {vpc} because the VPC include an INBOUND resolver endpoints \
             with rule's target IP. Please try a different rule or update rule's target IP."
        )));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Disassociate {
    resolver_rule_id: String,
    #[serde(rename = "VPCId")]
    vpc: String,
}

fn disassociate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Disassociate { resolver_rule_id: id, vpc } = json_input(input)?;
    if id == autodefined::RULE {
        // The number: what others found out about it; the words are unverified.
        return Err(invalid_request("[RSLVR-00713] Cannot disassociate an autodefined rule."));
    }
    let found = resolver(ctx).rule_associations.iter().find(|(_, it)| it.of == id && it.vpc == vpc);
    let (id, association) = found.ok_or_else(|| {
        AwsError::new(
            "ResourceNotFoundException",
            format!("Resolver Rule Association between Resolver Rule '{id}' and VPC '{vpc}' does not exist"),
        )
    })?;
    association.must_be_complete(ctx.now)?;
    let ends_at = Some(ctx.in_seconds(timing::DISASSOCIATING));
    let (id, association) = (id.clone(), Association { ends_at, ..association.clone() });
    Ok(keep(ctx, id, association))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resolver_rule_association_id: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_rule_association_id: id } = json_input(input)?;
    let ctx = &*ctx;
    let own = resolver(ctx).rule_associations.get(&id).map(|it| json(&id, it, ctx.now));
    let autodefined = || autodefined::associations(ctx).into_iter().find(|row| row.id == id).map(|row| row.json);
    let found = own.or_else(autodefined).ok_or_else(|| missing("Resolver rule association", &id))?;
    Ok(json!({ "ResolverRuleAssociation": found }))
}

/// The autodefined ones too.
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let (filters, page) = filter::read_list(input, &["Name", "ResolverRuleId", "Status", "VPCId"])?;
    let ctx = &*ctx;
    let autodefined = autodefined::associations(ctx).into_iter().filter(|row| filters.pass(|name| row.values(name)));
    let mut rows: Vec<(String, Value)> = autodefined.map(|row| (row.id, row.json)).collect();
    let own = resolver(ctx).rule_associations.iter();
    let own = own.filter(|(_, it)| filters.pass(|name| values(it, name, ctx.now)));
    rows.extend(own.map(|(id, it)| (id.clone(), json(id, it, ctx.now))));
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut answer = page.answer("ResolverRuleAssociations", rows);
    answer["MaxResults"] = json!(page.size);
    Ok(answer)
}

fn values(association: &Association, filter: &str, now: Moment) -> Vec<String> {
    match filter {
        "Name" => association.name.iter().cloned().collect(),
        "ResolverRuleId" => vec![association.of.clone()],
        "Status" => vec![status(association, now).to_owned()],
        _ => vec![association.vpc.clone()],
    }
}

fn status(association: &Association, now: Moment) -> &'static str {
    match association.stage(now) {
        Stage::Creating => "CREATING",
        Stage::Complete => "COMPLETE",
        Stage::Deleting => "DELETING",
    }
}

fn keep(ctx: &mut Ctx<'_>, id: String, association: Association) -> Value {
    let answer = json!({ "ResolverRuleAssociation": json(&id, &association, ctx.now) });
    resolver_mut(ctx).rule_associations.insert(id, association);
    answer
}

fn json(id: &str, association: &Association, now: Moment) -> Value {
    let mut json = json!({
        "Id": id,
        "ResolverRuleId": association.of,
        "VPCId": association.vpc,
        "Status": status(association, now),
        "StatusMessage": "",
    });
    if let Some(name) = &association.name {
        json["Name"] = json!(name);
    }
    json
}

//! Resolver rules: GetResolverRule, ListResolverRules, DeleteResolverRule.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{in_use, invalid_request, missing, not_owner, unavailable};
use super::filter;
use super::shared::{RULES, Seen};
use super::tags::Tags;
use super::target::Target;
use super::{autodefined, resolver_mut, timing};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_read("GetResolverRule", get),
    Operation::json_read("ListResolverRules", list),
    Operation::json_write("DeleteResolverRule", delete),
];

/// What a rule does with the queries for its domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RuleType {
    /// They go through the endpoint to the targets.
    Forward,
    /// Resolver answers them itself, as an exception from a rule that forwards.
    System,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub request_id: String,
    pub name: Option<String>,
    pub rule_type: RuleType,
    pub domain: String,
    /// None, and no targets, where the type is SYSTEM.
    pub endpoint: Option<String>,
    pub targets: Vec<Target>,
    pub created: Moment,
    pub modified: Moment,
    pub updated_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub tags: Tags,
}

impl Rule {
    /// DOC (CreateResolverRule, example): a new one is complete at once.
    pub fn status(&self, now: Moment) -> &'static str {
        match self.ends_at {
            Some(_) => "DELETING",
            None if self.updated_at.is_some_and(|at| now < at) => "UPDATING",
            None => "COMPLETE",
        }
    }

    pub fn must_be_complete(&self, id: &str, now: Moment) -> Result<()> {
        match self.status(now) {
            "COMPLETE" => Ok(()),
            status => Err(unavailable(format!("Resolver rule \"{id}\" is in the status {status}."))),
        }
    }

    fn values(&self, filter: &str, now: Moment) -> Vec<String> {
        match filter {
            "CreatorRequestId" => vec![self.request_id.clone()],
            "DomainName" => vec![self.domain.clone()],
            "Name" => self.name.iter().cloned().collect(),
            // DOC (Filter): "only for rules that have a value of FORWARD".
            "ResolverEndpointId" => self.endpoint.iter().cloned().collect(),
            "Type" if self.rule_type == RuleType::Forward => vec!["FORWARD".to_owned()],
            "Type" => vec!["SYSTEM".to_owned()],
            _ => vec![self.status(now).to_owned()],
        }
    }
}

/// A rule that the caller sees and Resolver has not made itself.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<Seen<'a, Rule>> {
    RULES.find(ctx, id).ok_or_else(|| missing("Resolver rule", id))
}

/// A rule that the caller has made. DOC (developer guide, "Sharing forwarding rules", "Deleting forwarding rules"): others'
/// and the default rule cannot be changed or deleted.
pub(super) fn own<'a>(ctx: &'a Ctx<'_>, operation: &str, id: &str) -> Result<&'a Rule> {
    if id == autodefined::RULE {
        return Err(invalid_request("The autodefined rule can't be changed or deleted."));
    }
    let Seen { owner, it } = find(ctx, id)?;
    if owner != ctx.caller.account {
        return Err(not_owner(ctx, operation, &RULES.arn(ctx, &owner, id)));
    }
    Ok(it)
}

/// Keeps a rule of the caller's and answers with it.
pub(super) fn keep(ctx: &mut Ctx<'_>, id: &str, rule: Rule) -> Value {
    let answer = json!({ "ResolverRule": json(ctx, &ctx.caller.account, id, &rule) });
    resolver_mut(ctx).rules.insert(id.to_owned(), rule);
    answer
}

fn json(ctx: &Ctx<'_>, owner: &str, id: &str, rule: &Rule) -> Value {
    let status = rule.status(ctx.now);
    let mut json = json!({
        "Id": id,
        "CreatorRequestId": rule.request_id,
        "Arn": RULES.arn(ctx, owner, id),
        "DomainName": rule.domain,
        "Status": status,
        "StatusMessage": format!("The Resolver Rule is {status}."),
        "RuleType": rule.rule_type,
        "OwnerId": owner,
        "ShareStatus": RULES.share_status(ctx, owner, id),
        "CreationTime": rule.created.to_string(),
        "ModificationTime": rule.modified.to_string(),
    });
    if let Some(name) = &rule.name {
        json["Name"] = json!(name);
    }
    if let Some(endpoint) = &rule.endpoint {
        json["ResolverEndpointId"] = json!(endpoint);
        json["TargetIps"] = rule.targets.iter().map(Target::json).collect();
    }
    json
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resolver_rule_id: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_rule_id: id } = json_input(input)?;
    if id == autodefined::RULE {
        return Ok(json!({ "ResolverRule": autodefined::rule(ctx) }));
    }
    let Seen { owner, it } = find(ctx, &id)?;
    Ok(json!({ "ResolverRule": json(ctx, &owner, &id, it) }))
}

/// Own ones, shared ones and the autodefined one.
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let known = ["CreatorRequestId", "DomainName", "Name", "ResolverEndpointId", "Status", "Type"];
    let (filters, page) = filter::read_list(input, &known)?;
    let ctx = &*ctx;
    let autodefined = (autodefined::RULE.to_owned(), autodefined::rule(ctx));
    let mut rows: Vec<_> = std::iter::once(autodefined).filter(|_| filters.pass(autodefined::rule_values)).collect();
    let seen = RULES.listed(ctx).into_iter().filter(|(_, seen)| filters.pass(|name| seen.it.values(name, ctx.now)));
    rows.extend(seen.map(|(id, Seen { owner, it })| {
        let row = json(ctx, &owner, &id, it);
        (id, row)
    }));
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut answer = page.answer("ResolverRules", rows);
    answer["MaxResults"] = json!(page.size);
    Ok(answer)
}

/// Not while a VPC of any account has it, nor while it is shared: associations first, then shares, then the rule
/// (aws-facts sections 2.1 and 4.2). Unverified: that AWS waits for the share; DOC (developer guide, "Sharing forwarding
/// rules") only says what happens to the others' VPCs.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_rule_id: id } = json_input(input)?;
    let rule = own(ctx, "DeleteResolverRule", &id)?.clone();
    rule.must_be_complete(&id, ctx.now).map_err(|error| invalid_request(error.message))?;
    if RULES.associated(ctx, &id) > 0 {
        // The message: getmoto/moto, route53resolver.
        return Err(in_use("Please disassociate this resolver rule from VPC first before deleting"));
    }
    if RULES.is_shared(ctx, &id) {
        return Err(in_use("Please stop sharing this resolver rule before deleting"));
    }
    let rule = Rule { ends_at: Some(ctx.in_seconds(timing::RULE_DELETING)), modified: ctx.now, ..rule };
    Ok(keep(ctx, &id, rule))
}

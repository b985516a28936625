//! CreateResolverRule.

use serde::Deserialize;
use serde_json::Value;

use super::endpoint::{self, Direction, Endpoint};
use super::errors::{invalid_parameter, invalid_request, limit, unavailable};
use super::rule::{self, Rule, RuleType};
use super::tags::{self, Tag};
use super::target::{self, Given};
use super::{domain, params, resolver};
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::json_write("CreateResolverRule", create)];

/// What a caller may ask for.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Asked {
    Forward,
    System,
    Recursive,
    Delegate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    creator_request_id: String,
    name: Option<String>,
    rule_type: Asked,
    domain_name: Option<String>,
    target_ips: Option<Vec<Given>>,
    resolver_endpoint_id: Option<String>,
    tags: Option<Vec<Tag>>,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Create = json_input(input)?;
    params::check_optional_name(wish.name.as_ref())?;
    let tags = tags::read(wish.tags)?;
    params::request_id(ctx, "Resolver Rule", &wish.creator_request_id)?;
    let domain = wish.domain_name.ok_or_else(|| invalid_parameter("A domain name must be specified."))?;
    let domain = domain::normalize(&domain)?;
    let (rule_type, endpoint, targets) = match wish.rule_type {
        Asked::Forward => {
            // The model requires neither, but nothing can be forwarded without them.
            let id = wish.resolver_endpoint_id.ok_or_else(|| invalid_parameter("An endpoint must be specified."))?;
            let given = wish.target_ips.ok_or_else(|| invalid_parameter("Target IPs must be specified."))?;
            let targets = target::read(ctx, given, usable(ctx, &id)?)?;
            (RuleType::Forward, Some(id), targets)
        }
        Asked::System if wish.resolver_endpoint_id.is_some() || wish.target_ips.is_some() => {
            return Err(not_for_system());
        }
        Asked::System => (RuleType::System, None, Vec::new()),
        // DOC (RuleType): "only Resolver can create rules that have a value of RECURSIVE".
        Asked::Recursive => return Err(invalid_request("Only Resolver can create rules of the type RECURSIVE.")),
        Asked::Delegate => return Err(invalid_request("The sandbox does not simulate rules of the type DELEGATE.")),
    };
    if resolver(ctx).rules.len() >= ctx.quotas.resolver_rules {
        return Err(limit(ctx, "max-rules"));
    }
    let id = ctx.new_id("rslvr-rr");
    let rule = Rule {
        request_id: wish.creator_request_id,
        name: wish.name,
        rule_type,
        domain,
        endpoint,
        targets,
        created: ctx.now,
        modified: ctx.now,
        updated_at: None,
        ends_at: None,
        tags,
    };
    Ok(rule::keep(ctx, &id, rule))
}

/// The message: getmoto/moto, route53resolver.
pub(super) fn not_for_system() -> AwsError {
    invalid_request("Cannot specify resolver endpoint ID and target IP for SYSTEM type resolver rule")
}

/// An outbound endpoint of the caller's that rules can use. Unverified: that it must not be on its way in or out.
pub(super) fn usable<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Endpoint> {
    let endpoint = endpoint::own(ctx, id)?;
    if endpoint.direction != Direction::Outbound {
        return Err(invalid_request(format!("Resolver endpoint \"{id}\" is not an outbound endpoint.")));
    }
    match endpoint.status(ctx.now) {
        status @ ("CREATING" | "DELETING") => {
            Err(unavailable(format!("Resolver endpoint \"{id}\" is in the status {status}.")))
        }
        _ => Ok(endpoint),
    }
}

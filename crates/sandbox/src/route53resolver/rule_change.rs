//! UpdateResolverRule: the name, the targets and the endpoint. Another domain needs another rule (aws-facts section 2.1).

use serde::Deserialize;
use serde_json::Value;

use super::errors::invalid_request;
use super::rule::{self, Rule, RuleType};
use super::rule_association::check_loop;
use super::rule_create::{not_for_system, usable};
use super::target::{self, Given};
use super::{params, resolver, timing};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::json_write("UpdateResolverRule", update)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Update {
    resolver_rule_id: String,
    config: Config,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Config {
    name: Option<String>,
    target_ips: Option<Vec<Given>>,
    resolver_endpoint_id: Option<String>,
}

fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Update { resolver_rule_id: id, config } = json_input(input)?;
    let Config { name, target_ips, resolver_endpoint_id: endpoint } = config;
    params::check_optional_name(name.as_ref())?;
    if name.is_none() && target_ips.is_none() && endpoint.is_none() {
        return Err(invalid_request("No change is given."));
    }
    let mut rule = rule::own(ctx, "UpdateResolverRule", &id)?.clone();
    if rule.status(ctx.now) != "COMPLETE" {
        // The message: go-to-k/cdk-real-drift issue 467; the code is unverified.
        return Err(invalid_request("[RSLVR-00705] Cannot update Resolver Rule because it's currently updating."));
    }
    if rule.rule_type == RuleType::System && (target_ips.is_some() || endpoint.is_some()) {
        return Err(not_for_system());
    }
    if let Some(endpoint) = endpoint.or_else(|| rule.endpoint.clone()) {
        let usable = usable(ctx, &endpoint)?;
        match target_ips {
            Some(given) => rule.targets = target::read(ctx, given, usable)?,
            None if rule.targets.iter().all(|target| usable.protocols.contains(&target.protocol)) => {}
            None => return Err(invalid_request("The endpoint does not support the protocol of a target.")),
        }
        rule.endpoint = Some(endpoint);
    }
    let mut vpcs = resolver(ctx).rule_associations.values().filter(|it| it.of == id).map(|it| it.vpc.as_str());
    // Unverified: that AWS looks for loops here as well.
    vpcs.try_for_each(|vpc| check_loop(ctx, &id, &rule, vpc))?;
    let updated_at = Some(ctx.in_seconds(timing::RULE_UPDATING));
    let rule = Rule { name: name.or(rule.name), updated_at, modified: ctx.now, ..rule };
    Ok(rule::keep(ctx, &id, rule))
}

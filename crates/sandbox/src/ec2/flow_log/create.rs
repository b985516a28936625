//! CreateFlowLogs: one flow log for each resource, and an answer that may fail in part.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{FlowLog, KIND};
use crate::clock::Moment;
use crate::ec2::{Kind, Tags, errors, params, subnet, tags, transit_gateway, vpc};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::Ctx;

/// DOC (CreateFlowLogs): "Maximum of 25 for transit gateway resource types. Maximum of 300 for the other".
const MOST_GATEWAYS: usize = 25;
const MOST_RESOURCES: usize = 300;
/// EC2 user guide, "Ensuring idempotency": a token is good for at least a day.
const TOKEN_MEMORY: Duration = Duration::from_secs(24 * 3600);
/// VPC user guide, "Flow log records", default format.
const FORMAT: &str = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} \
                      ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";
/// Transit gateway user guide, "Transit Gateway Flow Log records", default format.
const GATEWAY_FORMAT: &str = "${version} ${resource-type} ${account-id} ${tgw-id} ${tgw-attachment-id} \
                              ${tgw-src-vpc-account-id} ${tgw-dst-vpc-account-id} ${tgw-src-vpc-id} ${tgw-dst-vpc-id} \
                              ${tgw-src-subnet-id} ${tgw-dst-subnet-id} ${tgw-src-eni} ${tgw-dst-eni} ${tgw-src-az-id} \
                              ${tgw-dst-az-id} ${tgw-pair-attachment-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} \
                              ${protocol} ${packets} ${bytes} ${start} ${end} ${log-status} ${type} \
                              ${packets-lost-no-route} ${packets-lost-blackhole} ${packets-lost-mtu-exceeded} \
                              ${packets-lost-ttl-expired} ${tcp-flags} ${region} ${flow-direction} \
                              ${pkt-src-aws-service} ${pkt-dst-aws-service}";

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    resource_type: String,
    resources: Vec<String>,
    traffic: Option<String>,
    log_group: String,
    role: String,
    interval: u64,
    format: String,
    tags: Tags,
}

/// A request that was made with a token, and what it made: a repeat answers the same, even if that is deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenUse {
    wanted: Wanted,
    made: Vec<String>,
    at: Moment,
}

pub(super) fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let token = params::client_token(p)?;
    let wanted = read(ctx, p)?;
    let known = token.as_ref().and_then(|token| ctx.ec2().flow_log_tokens.get(token));
    if let Some(known) = known.filter(|known| ctx.now < known.at.plus(TOKEN_MEMORY)) {
        // DOC ("Ensuring idempotency"): the same token with other parameters is refused.
        if known.wanted != wanted {
            return Err(AwsError::new(
                "IdempotentParameterMismatch",
                "The client token was used before with other parameters.",
            ));
        }
        return Ok(answer(&known.made, Vec::new(), token.as_ref()));
    }
    // No flow log has its id yet; a trust policy that asks for one can only have a wildcard there.
    if super::delivery(ctx).role(&wanted.role, "fl-0").is_none() {
        // Also for a role that has just been made (aws-facts section 1.2, "Role race").
        return Err(invalid(format!("Unable to assume given IAM role: {}", wanted.role)));
    }
    let (mut made, mut failures) = (Vec::new(), Vec::new());
    for resource in &wanted.resources {
        match create_one(ctx, &wanted, resource) {
            Ok(id) => made.push(id),
            Err(error) => failures.push(errors::unsuccessful(resource, &error)),
        }
    }
    if let Some(token) = token.clone().filter(|_| !made.is_empty()) {
        let used = TokenUse { wanted, made: made.clone(), at: ctx.now };
        ctx.ec2_mut().flow_log_tokens.insert(token, used);
    }
    Ok(answer(&made, failures, token.as_ref()))
}

fn answer(made: &[String], failures: Vec<Xml>, token: Option<&String>) -> Xml {
    Xml::new()
        .list("flowLogIdSet", made.iter().map(Xml::plain))
        .list("unsuccessful", failures)
        .maybe("clientToken", token)
}

fn create_one(ctx: &mut Ctx<'_>, wanted: &Wanted, resource: &str) -> Result<String> {
    let kind: &Kind = match wanted.resource_type.as_str() {
        "VPC" => &vpc::KIND,
        "Subnet" => &subnet::KIND,
        _ => &transit_gateway::gateway::KIND,
    };
    let ec2 = ctx.ec2();
    if !(kind.rows)(ec2).has(resource) {
        return Err(kind.missing(resource));
    }
    let same = |log: &&FlowLog| log.resource == resource;
    if ec2
        .flow_logs
        .values()
        .filter(same)
        .any(|log| (&log.traffic, &log.log_group) == (&wanted.traffic, &wanted.log_group))
    {
        return Err(AwsError::new(
            "FlowLogAlreadyExists",
            "There is an existing Flow Log with the same configuration and log destination.",
        ));
    }
    if ec2.flow_logs.values().filter(same).count() >= ctx.quotas.flow_logs {
        return Err(errors::quota("FlowLogsLimitExceeded", "flow logs of this resource"));
    }
    let id = ctx.new_id(KIND.prefix);
    let log = FlowLog {
        resource: resource.to_owned(),
        traffic: wanted.traffic.clone(),
        log_group: wanted.log_group.clone(),
        role: wanted.role.clone(),
        interval: wanted.interval,
        format: wanted.format.clone(),
        created: ctx.now,
        delivered_at: ctx.now,
    };
    let ec2 = ctx.ec2_mut();
    ec2.tag(&id, wanted.tags.clone());
    ec2.flow_logs.insert(id.clone(), log);
    Ok(id)
}

/// Other resources and destinations than these are refused as values that the sandbox does not simulate.
fn read(ctx: &Ctx<'_>, p: &Params) -> Result<Wanted> {
    p.required("ResourceType")?;
    let resource_type = p.one_of("ResourceType", &["VPC", "Subnet", "TransitGateway"])?.unwrap_or_default();
    let is_gateway = resource_type == "TransitGateway";
    let resources = resources(p, if is_gateway { MOST_GATEWAYS } else { MOST_RESOURCES })?;
    let traffic = p.one_of("TrafficType", &["ACCEPT", "REJECT", "ALL"])?;
    match (is_gateway, traffic) {
        (true, Some(_)) => return Err(invalid("TrafficType is not supported for transit gateways.")),
        (false, None) => p.required("TrafficType").map(drop)?,
        _ => {}
    }
    let interval = p.integer("MaxAggregationInterval")?.unwrap_or(600);
    let interval = match (is_gateway, interval) {
        (_, 60) => 60,
        (false, 600) => 600,
        (true, _) => return Err(invalid("MaxAggregationInterval must be 60 for transit gateways.")),
        (false, other) => {
            return Err(p.invalid("MaxAggregationInterval", &other.to_string(), "It must be 60 or 600."));
        }
    };
    p.one_of("LogDestinationType", &["cloud-watch-logs"])?;
    Ok(Wanted {
        resource_type: resource_type.to_owned(),
        resources,
        traffic: traffic.map(str::to_owned),
        log_group: log_group(ctx, p)?,
        role: role(ctx, p)?,
        interval,
        format: format(p, is_gateway)?,
        tags: tags::at_creation(ctx, p, KIND.resource_type)?,
    })
}

fn resources(p: &Params, most: usize) -> Result<Vec<String>> {
    let ids = p.list("ResourceId");
    if ids.is_empty() {
        p.required("ResourceId.1")?;
    }
    if ids.len() > most {
        return Err(invalid(format!("No more than {most} resources can be given.")));
    }
    if let Some(twice) = ids.iter().enumerate().find_map(|(n, id)| ids.get(..n)?.contains(id).then_some(id)) {
        return Err(invalid(format!("The resource {twice} is given twice.")));
    }
    Ok(ids)
}

/// By name, or by an ARN without `:*`. It need not exist: delivery makes it.
fn log_group(ctx: &Ctx<'_>, p: &Params) -> Result<String> {
    let name = match (p.optional("LogDestination"), p.optional("LogGroupName")) {
        (Some(_), Some(_)) => return Err(invalid("Only one of LogDestination and LogGroupName can be given.")),
        (None, None) => return Err(invalid("LogDestination or LogGroupName must be given.")),
        (None, Some(name)) => name,
        (Some(arn), None) => {
            let name = arn.strip_prefix(&ctx.arn("logs", "log-group:"));
            name.ok_or_else(|| invalid(format!("LogDestination {arn} is no log group of this account and Region.")))?
                .to_owned()
        }
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
    if name.is_empty() || name.len() > 512 || !name.chars().all(allowed) {
        return Err(invalid(format!("The log group name {name} is not valid.")));
    }
    Ok(name)
}

/// DOC (CreateFlowLogs): required for CloudWatch Logs.
fn role(ctx: &Ctx<'_>, p: &Params) -> Result<String> {
    let arn = p.required("DeliverLogsPermissionArn")?;
    let own = format!("arn:aws:iam::{}:role/", ctx.caller.account);
    if !arn.starts_with(&own) {
        return Err(invalid(format!("DeliverLogsPermissionArn {arn} is no role of this account.")));
    }
    Ok(arn)
}

fn format(p: &Params, is_gateway: bool) -> Result<String> {
    let Some(format) = p.optional("LogFormat") else {
        return Ok(if is_gateway { GATEWAY_FORMAT } else { FORMAT }.to_owned());
    };
    let is_field = |word: &str| {
        let name = word.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    };
    if format.is_empty() || !format.split(' ').all(is_field) {
        return Err(invalid("LogFormat must have fields of the form ${field-id}, separated by spaces."));
    }
    Ok(format)
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameter", message)
}

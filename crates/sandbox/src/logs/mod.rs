//! CloudWatch Logs: log groups. JSON 1.1. Rules: aws-facts section 1.2 "Flow log + CloudWatch log group".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::inspect::Resource;
use crate::protocol::{Protocol, json_input};
use crate::service::{Ctx, Operation, Scope, Service};
use crate::store::{State, Table};

pub(crate) static SERVICE: Service = Service {
    name: "logs",
    protocol: Protocol::Json { target: "Logs_20140328" },
    scope: Scope::Regional,
    operations: &[OPERATIONS],
};

static OPERATIONS: &[Operation] =
    &[Operation::json_write("CreateLogGroup", create), Operation::json_read("DescribeLogGroups", describe)];

/// What CloudWatch Logs remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Logs {
    /// By name.
    pub groups: Table<LogGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogGroup {
    pub created: Moment,
    pub tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    log_group_name: String,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { log_group_name: name, tags } = json_input(input)?;
    let named = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
    if name.is_empty() || name.len() > 512 || !name.chars().all(named) {
        return Err(AwsError::new("InvalidParameterException", format!("The log group name {name:?} is not valid.")));
    }
    let created = ctx.now;
    let logs = &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).logs;
    if logs.groups.contains_key(&name) {
        return Err(AwsError::new("ResourceAlreadyExistsException", "The specified log group already exists"));
    }
    logs.groups.insert(name, LogGroup { created, tags });
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    log_group_name_prefix: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { log_group_name_prefix } = json_input(input)?;
    let prefix = log_group_name_prefix.unwrap_or_default();
    let logs = &ctx.state.regional(&ctx.caller.account, ctx.region).logs;
    let groups = logs.groups.iter().filter(|(name, _)| name.starts_with(&prefix));
    let rows: Vec<Value> = groups
        .map(|(name, group)| {
            let arn = ctx.arn("logs", &format!("log-group:{name}"));
            json!({
                "logGroupName": name,
                "creationTime": group.created.as_millis(),
                "arn": format!("{arn}:*"),
                "logGroupArn": arn,
            })
        })
        .collect();
    Ok(json!({ "logGroups": rows }))
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let regions = state.account(account).regions.iter();
    regions
        .flat_map(|(region, regional)| {
            regional.logs.groups.iter().map(|(name, group)| Resource {
                region: region.clone(),
                kind: "log-group".to_owned(),
                id: name.clone(),
                tags: group.tags.clone(),
            })
        })
        .collect()
}

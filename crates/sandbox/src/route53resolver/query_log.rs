//! Query logging configurations: CreateResolverQueryLogConfig, GetResolverQueryLogConfig, ListResolverQueryLogConfigs,
//! DeleteResolverQueryLogConfig. To CloudWatch Logs only.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{invalid_parameter, invalid_request, limit, not_owner};
use super::filter;
use super::shared::{QUERY_LOGS, Seen};
use super::tags::{self, Tag, Tags};
use super::{params, resolver, resolver_mut, timing};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};
use crate::store::State;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateResolverQueryLogConfig", create),
    Operation::json_read("GetResolverQueryLogConfig", get),
    Operation::json_read("ListResolverQueryLogConfigs", list),
    Operation::json_write("DeleteResolverQueryLogConfig", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueryLog {
    pub request_id: String,
    pub name: String,
    /// As the caller wrote it.
    pub destination: String,
    /// What that names, of the same account and Region.
    pub log_group: String,
    pub created: Moment,
    pub complete_at: Moment,
    pub ends_at: Option<Moment>,
    pub tags: Tags,
}

impl QueryLog {
    /// Whether the log group of `owner` is there still.
    pub fn arrives(&self, state: &State, owner: &str, region: &str) -> bool {
        state.regional(owner, region).logs.groups.contains_key(&self.log_group)
    }

    /// DOC (Status): FAILED when the "specified destination … was deleted".
    pub fn status(&self, ctx: &Ctx<'_>, owner: &str) -> &'static str {
        match self.ends_at {
            Some(_) => "DELETING",
            None if !self.arrives(ctx.state, owner, ctx.region) => "FAILED",
            None if ctx.now < self.complete_at => "CREATING",
            None => "CREATED",
        }
    }
}

/// A configuration that the caller sees. The message: localstack, route53resolver.
pub(super) fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<Seen<'a, QueryLog>> {
    QUERY_LOGS.find(ctx, id).ok_or_else(|| {
        let message = "[RSLVR-01601] The specified query logging configuration doesn't exist.";
        AwsError::new("ResourceNotFoundException", message)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    name: String,
    destination_arn: String,
    creator_request_id: String,
    tags: Option<Vec<Tag>>,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { name, destination_arn: destination, creator_request_id: request_id, tags } = json_input(input)?;
    params::check_name(&name)?;
    let tags = tags::read(tags)?;
    params::request_id(ctx, "Resolver Query Log Config", &request_id)?;
    let log_group = log_group(ctx, &destination)?;
    if resolver(ctx).query_logs.len() >= ctx.quotas.query_logs {
        return Err(limit(ctx, "max-query-log-configs"));
    }
    let id = ctx.new_id("rqlc");
    let complete_at = ctx.in_seconds(timing::QUERY_LOG_CREATING);
    let query_log =
        QueryLog { request_id, name, destination, log_group, created: ctx.now, complete_at, ends_at: None, tags };
    Ok(keep(ctx, &id, query_log))
}

/// The caller's log group that an ARN names, with or without `:*` at its end (DOC: DestinationArn). It must be there; the
/// code is unverified.
fn log_group(ctx: &Ctx<'_>, destination: &str) -> Result<String> {
    let name = destination.strip_prefix(&ctx.arn("logs", "log-group:"));
    let name = name.map(|name| name.strip_suffix(":*").unwrap_or(name));
    let name = name.ok_or_else(|| {
        invalid_parameter(format!(
            "The destination {destination} is no log group of this account and Region: the sandbox simulates no other."
        ))
    })?;
    if !ctx.state.regional(&ctx.caller.account, ctx.region).logs.groups.contains_key(name) {
        let message = format!("The specified destination {destination} doesn't exist.");
        return Err(AwsError::new("ResourceNotFoundException", message));
    }
    Ok(name.to_owned())
}

fn keep(ctx: &mut Ctx<'_>, id: &str, query_log: QueryLog) -> Value {
    let answer = json!({ "ResolverQueryLogConfig": json(ctx, &ctx.caller.account, id, &query_log) });
    resolver_mut(ctx).query_logs.insert(id.to_owned(), query_log);
    answer
}

fn json(ctx: &Ctx<'_>, owner: &str, id: &str, query_log: &QueryLog) -> Value {
    json!({
        "Id": id,
        "OwnerId": owner,
        "Status": query_log.status(ctx, owner),
        "ShareStatus": QUERY_LOGS.share_status(ctx, owner, id),
        "AssociationCount": QUERY_LOGS.associated(ctx, id),
        "Arn": QUERY_LOGS.arn(ctx, owner, id),
        "Name": query_log.name,
        "DestinationArn": query_log.destination,
        "CreatorRequestId": query_log.request_id,
        "CreationTime": query_log.created.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resolver_query_log_config_id: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_query_log_config_id: id } = json_input(input)?;
    let Seen { owner, it } = find(ctx, &id)?;
    Ok(json!({ "ResolverQueryLogConfig": json(ctx, &owner, &id, it) }))
}

/// Sorted by id: SortBy is not simulated.
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let known = [
        "Arn",
        "AssociationCount",
        "CreationTime",
        "CreatorRequestId",
        "Destination",
        "DestinationArn",
        "Id",
        "Name",
        "OwnerId",
        "ShareStatus",
        "Status",
    ];
    let (filters, page) = filter::read_list(input, &known)?;
    let ctx = &*ctx;
    let all = QUERY_LOGS.listed(ctx).into_iter().map(|(id, Seen { owner, it })| {
        let row = json(ctx, &owner, &id, it);
        (id, row)
    });
    let all: Vec<(String, Value)> = all.collect();
    let total = all.len();
    // The filters have the names of the members, but for one.
    let values = |row: &Value, name: &str| match (name, &row[name]) {
        ("Destination", _) => vec!["CloudWatchLogs".to_owned()],
        (_, Value::String(text)) => vec![text.clone()],
        (_, other) => vec![other.to_string()],
    };
    let rows: Vec<_> = all.into_iter().filter(|(_, row)| filters.pass(|name| values(row, name))).collect();
    let filtered = rows.len();
    let mut answer = page.answer("ResolverQueryLogConfigs", rows);
    answer["TotalCount"] = json!(total);
    answer["TotalFilteredCount"] = json!(filtered);
    Ok(answer)
}

/// DOC (DeleteResolverQueryLogConfig): "you must first disassociate all VPCs" and "stop sharing the configuration". The
/// code is unverified; the operation has no ResourceInUseException.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_query_log_config_id: id } = json_input(input)?;
    let Seen { owner, it } = find(ctx, &id)?;
    if owner != ctx.caller.account {
        return Err(not_owner(ctx, "DeleteResolverQueryLogConfig", &QUERY_LOGS.arn(ctx, &owner, &id)));
    }
    let query_log = it.clone();
    if let status @ ("CREATING" | "DELETING") = query_log.status(ctx, &owner) {
        return Err(invalid_request(format!("The query logging configuration is in the status {status}.")));
    }
    if QUERY_LOGS.associated(ctx, &id) > 0 {
        return Err(invalid_request(
            "The query logging configuration is associated with VPCs: disassociate them first.",
        ));
    }
    if QUERY_LOGS.is_shared(ctx, &id) {
        return Err(invalid_request("The query logging configuration is shared: stop sharing it first."));
    }
    let ends_at = Some(ctx.in_seconds(timing::QUERY_LOG_DELETING));
    Ok(keep(ctx, &id, QueryLog { ends_at, ..query_log }))
}

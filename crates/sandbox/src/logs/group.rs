//! CreateLogGroup, DescribeLogGroups, ListLogGroups, DeleteLogGroup.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::stream::LogStream;
use super::tags::{self, Tags};
use super::{invalid, logs, logs_mut, not_found, settings};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};
use crate::store::Table;
use crate::token;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateLogGroup", create),
    Operation::json_read("DescribeLogGroups", describe),
    Operation::json_read("ListLogGroups", list),
    Operation::json_write("DeleteLogGroup", delete),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogGroup {
    pub created: Moment,
    pub class: Class,
    /// None keeps logs for ever.
    pub retention_days: Option<i64>,
    /// The ARN of a key.
    pub kms_key: Option<String>,
    pub tags: Tags,
    /// By name.
    #[serde(default)]
    pub streams: Table<LogStream>,
}

impl LogGroup {
    /// A group as a service makes it that delivers logs to it.
    pub fn new(created: Moment) -> Self {
        let (class, tags, streams) = (Class::default(), Tags::new(), Table::default());
        Self { created, class, retention_days: None, kms_key: None, tags, streams }
    }
}

/// Cannot be changed later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Class {
    #[default]
    Standard,
    InfrequentAccess,
}

/// 1 to 512 characters of `[\.\-_/#A-Za-z0-9]`; DOC (CreateLogGroup): "can't start with the string aws/".
pub(super) fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
    if name.is_empty() || name.len() > 512 || !name.chars().all(allowed) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
        )));
    }
    if name.starts_with("aws/") {
        return Err(invalid("Log groups starting with aws/ are reserved for AWS."));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    log_group_name: String,
    kms_key_id: Option<String>,
    tags: Option<Tags>,
    #[serde(default)]
    log_group_class: Class,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { log_group_name: name, kms_key_id: kms_key, tags, log_group_class: class } = json_input(input)?;
    check_name(&name)?;
    if let Some(key) = &kms_key {
        settings::check_key(ctx, key)?;
    }
    if let Some(tags) = &tags {
        tags::check_new(tags)?;
    }
    let created = ctx.now;
    if logs(ctx).groups.contains_key(&name) {
        return Err(AwsError::new("ResourceAlreadyExistsException", "The specified log group already exists"));
    }
    let group = LogGroup { class, kms_key, tags: tags.unwrap_or_default(), ..LogGroup::new(created) };
    logs_mut(ctx).groups.insert(name, group);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// By prefix, or by a part of the name whose case does not matter; sorted by name. DOC: DescribeLogGroups.
fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { log_group_name_prefix: prefix, log_group_name_pattern: pattern, limit, next_token } =
        json_input(input)?;
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
    }
    let prefix = prefix.unwrap_or_default();
    let pattern = pattern.unwrap_or_default().to_lowercase();
    let names = |name: &str| name.starts_with(&prefix) && name.to_lowercase().contains(&pattern);
    let (rows, next) = page(ctx, limit, 50, next_token, names)?;
    let rows = rows.into_iter().map(|(name, group)| row(ctx, name, group));
    Ok(answer(rows.collect(), next))
}

fn row(ctx: &Ctx<'_>, name: &str, group: &LogGroup) -> Value {
    let arn = ctx.arn("logs", &format!("log-group:{name}"));
    let mut row = Map::from_iter([
        ("logGroupName".to_owned(), json!(name)),
        ("creationTime".to_owned(), json!(group.created.as_millis())),
        ("metricFilterCount".to_owned(), json!(0)),
        ("arn".to_owned(), json!(format!("{arn}:*"))),
        ("storedBytes".to_owned(), json!(0)),
        ("logGroupClass".to_owned(), json!(group.class)),
        ("logGroupArn".to_owned(), json!(arn)),
    ]);
    row.extend(group.retention_days.map(|days| ("retentionInDays".to_owned(), json!(days))));
    row.extend(group.kms_key.as_ref().map(|key| ("kmsKeyId".to_owned(), json!(key))));
    Value::Object(row)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    log_group_name_pattern: Option<String>,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// Only plain text in the pattern: AWS's regular expressions (DOC: ListLogGroups) are not simulated.
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { log_group_name_pattern: pattern, limit, next_token } = json_input(input)?;
    let pattern = pattern.unwrap_or_default();
    if pattern.chars().any(|c| "^$|".contains(c)) {
        return Err(invalid("The sandbox does not simulate regular expressions in logGroupNamePattern."));
    }
    let (rows, next) = page(ctx, limit, 1000, next_token, |name| name.contains(&pattern))?;
    let rows = rows.into_iter().map(|(name, group)| {
        let arn = ctx.arn("logs", &format!("log-group:{name}"));
        json!({ "logGroupName": name, "logGroupArn": arn, "logGroupClass": group.class })
    });
    Ok(answer(rows.collect(), next))
}

/// A group and its name.
type Row<'a> = (&'a str, &'a LogGroup);

/// One page of groups, sorted by name, and the next token. DOC: 50 when no limit is given.
fn page<'a>(
    ctx: &'a Ctx<'_>,
    limit: Option<i64>,
    most: i64,
    next_token: Option<String>,
    names: impl Fn(&str) -> bool,
) -> Result<(Vec<Row<'a>>, Option<String>)> {
    let limit = limit.unwrap_or(50);
    if !(1..=most).contains(&limit) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have a \
             value between 1 and {most}"
        )));
    }
    let bad_token = || invalid("The specified nextToken is invalid.");
    let after = next_token.map(|token| token::decode(&token).ok_or_else(bad_token)).transpose()?;
    let rows = logs(ctx).groups.iter().map(|(name, group)| (name.as_str(), group)).filter(|(name, _)| names(name));
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(token::cut(rows.collect(), after.as_deref(), size, |(name, _)| name))
}

fn answer(rows: Vec<Value>, next: Option<String>) -> Value {
    match next {
        Some(next) => json!({ "logGroups": rows, "nextToken": next }),
        None => json!({ "logGroups": rows }),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    log_group_name: String,
}

fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { log_group_name: name } = json_input(input)?;
    check_name(&name)?;
    if !logs(ctx).groups.contains_key(&name) {
        return Err(not_found());
    }
    logs_mut(ctx).groups.remove(&name);
    Ok(json!({}))
}

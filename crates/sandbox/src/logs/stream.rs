//! Log streams: CreateLogStream, DescribeLogStreams.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::event::Event;
use super::group::check_name as check_group;
use super::{LogGroup, invalid, logs, logs_mut};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};
use crate::token;

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::json_write("CreateLogStream", create), Operation::json_read("DescribeLogStreams", describe)];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogStream {
    pub created: Moment,
    /// By their timestamps; those of one moment as they came.
    pub events: Vec<Event>,
    /// When the last events came.
    pub ingested: Option<Moment>,
}

/// DOC (CreateLogStream): 1 to 512 characters without `:` and `*`.
pub(super) fn check_name(name: &str) -> Result<()> {
    if (1..=512).contains(&name.chars().count()) && !name.contains([':', '*']) {
        return Ok(());
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [^:*]*"
    )))
}

impl LogGroup {
    pub(super) fn stream(&self, name: &str) -> Result<&LogStream> {
        self.streams.get(name).ok_or_else(not_found)
    }

    pub(super) fn stream_mut(&mut self, name: &str) -> Result<&mut LogStream> {
        self.streams.get_mut(name).ok_or_else(not_found)
    }
}

fn not_found() -> AwsError {
    AwsError::new("ResourceNotFoundException", "The specified log stream does not exist.")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    log_group_name: String,
    log_stream_name: String,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { log_group_name: group, log_stream_name: name } = json_input(input)?;
    check_group(&group)?;
    check_name(&name)?;
    let created = ctx.now;
    let group = logs_mut(ctx).group_mut(&group)?;
    if group.streams.contains_key(&name) {
        return Err(AwsError::new("ResourceAlreadyExistsException", "The specified log stream already exists"));
    }
    group.streams.insert(name, LogStream { created, events: Vec::new(), ingested: None });
    Ok(json!({}))
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
enum OrderBy {
    #[default]
    LogStreamName,
    LastEventTime,
}

/// `logGroupIdentifier` is for other accounts' groups, and is not simulated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    log_group_name: String,
    log_stream_name_prefix: Option<String>,
    #[serde(default)]
    order_by: OrderBy,
    #[serde(default)]
    descending: bool,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// DOC (DescribeLogStreams): by name, or by the time of the last event, which goes with no prefix. The sandbox pages by name only.
fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { log_group_name: name, log_stream_name_prefix: prefix, order_by, descending, limit, next_token } =
        json_input(input)?;
    check_group(&name)?;
    if order_by == OrderBy::LastEventTime && prefix.is_some() {
        return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let limit = limit.unwrap_or(50);
    if !(1..=50).contains(&limit) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have a value \
             between 1 and 50"
        )));
    }
    let bad_token = || invalid("The specified nextToken is invalid.");
    let after = next_token.map(|token| token::decode(&token).ok_or_else(bad_token)).transpose()?;
    let group = logs(ctx).group(&name)?;
    let prefix = prefix.unwrap_or_default();
    let mut rows: Vec<(&str, &LogStream)> = group
        .streams
        .iter()
        .map(|(name, stream)| (name.as_str(), stream))
        .filter(|(name, _)| name.starts_with(&prefix))
        .collect();
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let paged = order_by == OrderBy::LogStreamName && !descending;
    let next = if paged {
        let (page, next) = token::cut(rows, after.as_deref(), size, |(name, _)| name);
        rows = page;
        next
    } else if rows.len() > size || after.is_some() {
        return Err(invalid("The sandbox pages log streams in the order of their names only."));
    } else {
        None
    };
    if order_by == OrderBy::LastEventTime {
        rows.sort_by_key(|(_, stream)| stream.events.last().map(|event| event.timestamp));
    }
    if descending && order_by == OrderBy::LastEventTime {
        rows.sort_by_key(|(_, stream)| Reverse(stream.events.last().map(|event| event.timestamp)));
    } else if descending {
        rows.reverse();
    }
    let rows: Vec<Value> = rows.into_iter().map(|(stream, it)| row(ctx, &name, stream, it)).collect();
    Ok(match next {
        Some(next) => json!({ "logStreams": rows, "nextToken": next }),
        None => json!({ "logStreams": rows }),
    })
}

fn row(ctx: &Ctx<'_>, group: &str, name: &str, stream: &LogStream) -> Value {
    let mut row = Map::from_iter([
        ("logStreamName".to_owned(), json!(name)),
        ("creationTime".to_owned(), json!(stream.created.as_millis())),
        ("arn".to_owned(), json!(ctx.arn("logs", &format!("log-group:{group}:log-stream:{name}")))),
        ("storedBytes".to_owned(), json!(0)),
    ]);
    let ends = [("firstEventTimestamp", stream.events.first()), ("lastEventTimestamp", stream.events.last())];
    row.extend(ends.into_iter().filter_map(|(key, event)| Some((key.to_owned(), json!(event?.timestamp)))));
    row.extend(stream.ingested.map(|at| ("lastIngestionTime".to_owned(), json!(at.as_millis()))));
    Value::Object(row)
}

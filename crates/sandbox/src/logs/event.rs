//! Log events: PutLogEvents, GetLogEvents.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::group::check_name as check_group;
use super::stream::check_name;
use super::{invalid, logs, logs_mut};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::json_write("PutLogEvents", put), Operation::json_read("GetLogEvents", get)];

/// DOC (PutLogEvents): bytes of a batch, of which each event takes some more than its message; and of one event.
const LARGEST_BATCH: usize = 1_048_576;
const LARGEST_EVENT: usize = 1_048_576;
const OVERHEAD: usize = 26;
/// DOC (PutLogEvents): events of a batch.
const MOST: usize = 10_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub message: String,
    /// The same, of when it came.
    pub ingested: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputEvent {
    timestamp: i64,
    message: String,
}

/// DOC: the sequence token is ignored. Entities are not simulated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Put {
    log_group_name: String,
    log_stream_name: String,
    log_events: Vec<InputEvent>,
    #[serde(rename = "sequenceToken")]
    _sequence_token: Option<String>,
}

/// What is too old or too new is left out and told; everything else of the batch is taken.
fn put(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Put { log_group_name: group, log_stream_name: stream, log_events: events, _sequence_token } =
        json_input(input)?;
    check_group(&group)?;
    check_name(&stream)?;
    let now = ctx.now;
    let group = logs_mut(ctx).group_mut(&group)?;
    let retention = group.retention_days.map(|days| now.as_millis() - days * DAY);
    let stream = group.stream_mut(&stream)?;
    check(&events)?;
    let (oldest, newest) = (now.as_millis() - 14 * DAY, now.as_millis() + 2 * HOUR);
    let expired = events.iter().take_while(|event| retention.is_some_and(|since| event.timestamp < since)).count();
    let old = events.iter().take_while(|event| event.timestamp < oldest).count();
    let new = events.iter().position(|event| event.timestamp > newest).unwrap_or(events.len());
    let mut rejected = Map::new();
    if new < events.len() {
        rejected.insert("tooNewLogEventStartIndex".to_owned(), json!(new));
    }
    // DOC (RejectedLogEventsInfo): the index after the last one that is too old, or expired.
    if old > 0 {
        rejected.insert("tooOldLogEventEndIndex".to_owned(), json!(old));
    }
    if expired > 0 {
        rejected.insert("expiredLogEventEndIndex".to_owned(), json!(expired));
    }
    let valid = events.into_iter().take(new).skip(old.max(expired)).map(|event| {
        let InputEvent { timestamp, message } = event;
        Event { timestamp, message, ingested: now.as_millis() }
    });
    let valid: Vec<Event> = valid.collect();
    if let (Some(first), Some(last)) = (valid.first(), valid.last()) {
        if last.timestamp - first.timestamp > DAY {
            return Err(invalid(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
            ));
        }
        stream.ingested = Some(now);
    }
    stream.events.extend(valid);
    // Stable: what came first of one moment stays first.
    stream.events.sort_by_key(|event| event.timestamp);
    let mut answer = json!({ "nextSequenceToken": format!("{:056}", stream.events.len()) });
    if !rejected.is_empty() {
        answer["rejectedLogEventsInfo"] = Value::Object(rejected);
    }
    Ok(answer)
}

fn check(events: &[InputEvent]) -> Result<()> {
    if events.is_empty() || events.len() > MOST {
        return Err(invalid(format!(
            "1 validation error detected: 'logEvents' must have between 1 and {MOST} entries"
        )));
    }
    if let Some(event) = events.iter().find(|event| event.message.is_empty() || event.timestamp < 0) {
        let InputEvent { timestamp, message } = event;
        return Err(invalid(format!(
            "1 validation error detected: the event '{message}' of {timestamp} failed to satisfy constraint"
        )));
    }
    if let Some(large) = events.iter().map(|event| event.message.len()).find(|bytes| *bytes > LARGEST_EVENT) {
        return Err(invalid(format!("Log event too large: {large} bytes exceeds limit of {LARGEST_EVENT}")));
    }
    let bytes: usize = events.iter().map(|event| event.message.len() + OVERHEAD).sum();
    if bytes > LARGEST_BATCH {
        return Err(invalid(format!("Upload too large: {bytes} bytes exceeds limit of {LARGEST_BATCH}")));
    }
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return Err(invalid("Log events in a single PutLogEvents request must be in chronological order."));
    }
    Ok(())
}

/// `logGroupIdentifier` is for other accounts' groups, and `unmask` for data protection: neither is simulated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Get {
    log_group_name: String,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<i64>,
    #[serde(default)]
    start_from_head: bool,
}

/// DOC (GetLogEvents): from the end unless asked otherwise; the start is included, the end is not; tokens are never null, and the
/// one that was passed in comes back where there is no more.
fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Get {
        log_group_name: group,
        log_stream_name: stream,
        start_time,
        end_time,
        next_token,
        limit,
        start_from_head,
    } = json_input(input)?;
    check_group(&group)?;
    check_name(&stream)?;
    let limit = limit.unwrap_or(10_000);
    if !(1..=10_000).contains(&limit) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have a value \
             between 1 and 10000"
        )));
    }
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let asked = |event: &&Event| {
        start_time.is_none_or(|start| event.timestamp >= start) && end_time.is_none_or(|end| event.timestamp < end)
    };
    let events: Vec<&Event> = logs(ctx).group(&group)?.stream(&stream)?.events.iter().filter(asked).collect();
    let all = events.len();
    let place = |text: &str| text.parse::<usize>().ok().filter(|place| *place <= all);
    let bad_token = || invalid("The specified nextToken is invalid.");
    let (from, to) =
        match next_token.as_deref().map(|token| token.split_at_checked(2).ok_or_else(bad_token)).transpose()? {
            None if start_from_head => (0, all.min(size)),
            None => (all.saturating_sub(size), all),
            Some(("f/", place_)) => {
                let from = place(place_).ok_or_else(bad_token)?;
                (from, all.min(from + size))
            }
            Some(("b/", place_)) => {
                let to = place(place_).ok_or_else(bad_token)?;
                (to.saturating_sub(size), to)
            }
            Some(_) => return Err(bad_token()),
        };
    let rows = events[from..to].iter().map(
        |event| json!({ "timestamp": event.timestamp, "message": event.message, "ingestionTime": event.ingested }),
    );
    let rows: Vec<Value> = rows.collect();
    Ok(
        json!({ "events": rows, "nextForwardToken": format!("f/{to:056}"), "nextBackwardToken": format!("b/{from:056}") }),
    )
}

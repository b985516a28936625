//! A copy of what a run did, in a stream of a CloudWatch log group: whoever may write there can take nothing back.

use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use gcnet_core::{Class, Failure};

use crate::aws::Aws;

/// What keeping such a copy takes, in the words of an IAM policy.
pub const CALLS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// PutLogEvents: at most so many events in a request,
const EVENTS: usize = 10_000;
/// from no more than a day, in milliseconds,
const HOURS: i64 = 23 * 3_600_000;
/// and so many bytes, of which each event takes some more than it has.
const BYTES: usize = 1_048_576;
const MORE: usize = 26;

impl Aws {
    /// Keeps lines in a new stream of a log group, in order; each with its moment by this machine's clock, in milliseconds since
    /// 1970. What is too long for an event is left out, which the hashes of the lines around it tell.
    ///
    /// # Errors
    /// The refusal; some lines may be kept by then.
    pub async fn keep_lines(&self, group: &str, stream: &str, lines: &[(i64, String)]) -> Result<(), Failure> {
        let logs = &self.write().logs;
        let call = logs.create_log_stream().log_group_name(group).log_stream_name(stream);
        self.call("logs:CreateLogStream", call.send()).await?;
        // AWS takes what is two weeks old at most by its own clock.
        let last = lines.iter().map(|(at, _)| *at).max().unwrap_or_default();
        let skew = self.now().saturating_mul(1000) - last;
        let mut batch = vec![];
        let (mut bytes, mut at) = (0, i64::MIN);
        for (moment, line) in lines.iter().filter(|(_, line)| line.len() + MORE <= BYTES) {
            // In order, whatever this machine's clock did.
            at = at.max(moment + skew);
            let span = batch.first().map_or(0, |first: &InputLogEvent| at - first.timestamp());
            if batch.len() == EVENTS || bytes + line.len() + MORE > BYTES || span > HOURS {
                self.put_events(group, stream, std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
            bytes += line.len() + MORE;
            let event = InputLogEvent::builder().timestamp(at).message(line).build();
            batch.push(event.map_err(|error| Failure::internal("logs:PutLogEvents", error.to_string()))?);
        }
        if batch.is_empty() { Ok(()) } else { self.put_events(group, stream, batch).await }
    }

    async fn put_events(&self, group: &str, stream: &str, events: Vec<InputLogEvent>) -> Result<(), Failure> {
        const OPERATION: &str = "logs:PutLogEvents";
        let call = self.write().logs.put_log_events().log_group_name(group).log_stream_name(stream);
        let answer = self.call(OPERATION, call.set_log_events(Some(events)).send()).await?;
        match answer.rejected_log_events_info {
            None => Ok(()),
            Some(_) => Err(Failure {
                class: Class::Invalid,
                code: "rejected".into(),
                ..Failure::internal(OPERATION, "some events are too old or too new")
            }),
        }
    }
}

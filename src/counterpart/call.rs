//! Calls of another party, with its account's credentials.

use std::time::Duration;

use gcnet_sandbox::{ApiCall, ApiError, Sandbox};
use serde_json::Value;

/// A call of another party that AWS refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{account} {service}:{operation}: {error}")]
pub struct Failed {
    /// Whose credentials.
    pub account: String,
    /// `ec2`
    pub service: String,
    /// `CreateVpc`
    pub operation: String,
    /// The refusal.
    pub error: ApiError,
}

/// One account in one Region.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
}

/// How often a call is tried whose object may not be visible yet, and for how long the simulated clock moves in between.
const TRIES: u32 = 20;
const WAIT: Duration = Duration::from_secs(15);

impl Caller<'_> {
    pub(super) fn call(&self, service: &str, operation: &str, input: Value) -> Result<Value, Failed> {
        self.call_for(service, operation, input, None)
    }

    /// A call whose object gets this id: it stands in the file, so it existed before us.
    pub(super) fn call_for(
        &self,
        service: &str,
        operation: &str,
        input: Value,
        id: Option<&str>,
    ) -> Result<Value, Failed> {
        let call = ApiCall {
            account: self.account.into(),
            region: self.region.into(),
            service: service.into(),
            operation: operation.into(),
            input,
            id: id.map(str::to_string),
        };
        let mut tries = 1;
        loop {
            match self.sandbox.call(&call) {
                // A person would wait and try again.
                Err(error) if tries < TRIES && may_pass(&error) => {
                    tries += 1;
                    self.sandbox.advance(WAIT);
                }
                answer => {
                    return answer.map_err(|error| Failed {
                        account: self.account.into(),
                        service: service.into(),
                        operation: operation.into(),
                        error,
                    });
                }
            }
        }
    }
}

/// Not visible yet, or still on its way.
fn may_pass(error: &ApiError) -> bool {
    let code = error.code.to_ascii_lowercase();
    let busy = ["incorrectstate", "unknownresourceexception", "priorrequestnotcomplete", "concurrentmodification"];
    code.ends_with(".notfound") || busy.contains(&code.as_str())
}

/// The elements of a list in an answer; one element of XML may come without its list.
pub(super) fn list<'v>(answer: &'v Value, path: &str) -> Vec<&'v Value> {
    match answer.pointer(path) {
        Some(Value::Array(items)) => items.iter().collect(),
        _ => vec![],
    }
}

/// A text in an answer.
pub(super) fn text<'v>(answer: &'v Value, path: &str) -> Option<&'v str> {
    answer.pointer(path).and_then(Value::as_str)
}

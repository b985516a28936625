//! The log of every call, so that tests count what a run cost.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock::Moment;
use crate::service::Access;

/// Old calls are forgotten beyond this many, so that a sandbox that serves for days does not grow.
const KEPT: usize = 100_000;

/// One request as the sandbox saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Counts from 1 over the sandbox's life.
    pub n: u64,
    /// When it arrived, in simulated time.
    pub at: Moment,
    /// The caller's account; empty when the caller is unknown.
    pub account: String,
    /// The Region in the credential scope.
    pub region: String,
    /// The service in the credential scope: `ec2`, `sts`, ...
    pub service: String,
    /// `CreateVpc`; empty when the request does not say.
    pub operation: String,
    /// None when the operation is not known.
    pub access: Option<Access>,
    /// What the caller was told.
    pub outcome: Outcome,
    /// Whether the store was changed, whatever the caller was told.
    pub committed: bool,
    /// As in the answer.
    pub request_id: String,
    /// What policies had to allow, whether they are enforced or not: `ec2:CreateVpc`, `ec2:CreateTags`. Empty where the call got
    /// no further than to be read.
    pub permissions: Vec<String>,
}

/// What the caller was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "code")]
pub enum Outcome {
    /// Success.
    Ok,
    /// This error code.
    Error(String),
    /// Nothing: the connection was dropped or hung.
    Silence,
}

#[derive(Debug, Default)]
pub(crate) struct CallLog {
    calls: VecDeque<Call>,
}

impl CallLog {
    pub fn push(&mut self, call: Call) {
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub fn all(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }

    pub fn clear(&mut self) {
        self.calls.clear();
    }
}

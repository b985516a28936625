//! What can go wrong with one call and with one step, as data. The sentences are the report's.

use std::time::Duration;

use serde::Serialize;

use crate::{Address, Denial};

/// What a failed call means for the engine: it reacts to the class, never to a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Refused for now: something is still on its way (a dependency, a state, a fresh role). Nothing was changed.
    NotYet,
    /// What should be made is there already, under its natural key.
    Already,
    /// What was named does not exist, or cannot be seen yet.
    NotFound,
    /// Nobody knows whether it was carried out: a time-out, a lost connection, a server error after sending.
    Unknown,
    /// Not carried out, too many calls.
    Throttled,
    /// Not carried out: this identity may not.
    Denied,
    /// Not carried out: a guardrail (service control policy, permissions boundary) denies it explicitly.
    Guardrail,
    /// Not carried out: a quota is full.
    Quota,
    /// Not carried out: another party has to allow it first, or whoever keeps the file to decide.
    Theirs,
    /// Missing, expired or malformed credentials: every further call would fail too.
    Credentials,
    /// Nothing was sent: no such host, connection refused.
    Unreachable,
    /// Refused for good.
    Invalid,
}

impl Class {
    /// Refused without a trace and may pass by itself: asking again is safe.
    pub fn may_pass(self) -> bool {
        matches!(self, Class::NotYet | Class::NotFound | Class::Throttled | Class::Unreachable)
    }
}

/// One call that failed.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error("{operation} failed: {code}: {message}")]
pub struct Failure {
    /// What it means.
    pub class: Class,
    /// `service:Operation`, as in an IAM policy where the two agree: `ec2:CreateVpc`.
    pub operation: String,
    /// The service's error code, or our word for what has none (`timeout`).
    pub code: String,
    /// The service's own message.
    pub message: String,
    /// Account whose credentials were used, where known.
    pub account: Option<String>,
    /// For the provider's support desk.
    pub request_id: Option<String>,
    /// The permission that is missing, where the class is `Denied` or `Guardrail`.
    pub permission: Option<String>,
    /// More about that.
    pub denial: Option<Box<Denial>>,
}

impl Failure {
    /// A fault of gcnet or of the answer itself: never expected, never retried.
    pub fn internal(operation: impl Into<String>, message: impl Into<String>) -> Self {
        Failure {
            class: Class::Invalid,
            operation: operation.into(),
            code: "internal".into(),
            message: message.into(),
            account: None,
            request_id: None,
            permission: None,
            denial: None,
        }
    }
}

/// Why a step did not come to its end.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum StepError {
    /// A call was refused for good.
    #[error(transparent)]
    Call(Failure),
    /// A call went on being refused although it should have passed.
    #[error("still refused after {waited:?}: {failure}")]
    StillRefused {
        /// The last refusal.
        failure: Failure,
        /// For how long it was tried.
        waited: Duration,
    },
    /// It should be there, but no read shows it.
    #[error("no read shows {id} after {waited:?}")]
    Invisible {
        /// The object.
        id: String,
        /// For how long it was looked for.
        waited: Duration,
    },
    /// It exists but does not become ready.
    #[error("{id} is not ready after {waited:?}")]
    NotReady {
        /// The object.
        id: String,
        /// For how long it was watched.
        waited: Duration,
    },
    /// It exists and is ready, but goes on differing from what was asked.
    #[error("{id} does not take on what was asked: {fields:?}")]
    NotSettling {
        /// The object.
        id: String,
        /// The fields that differ.
        fields: Vec<String>,
    },
    /// Delete was accepted, but it is still there.
    #[error("{id} is still there after {waited:?}")]
    StillThere {
        /// The object.
        id: String,
        /// For how long it was watched.
        waited: Duration,
    },
    /// The provider says that it failed.
    #[error("{id} failed: {reason}")]
    Broken {
        /// The object.
        id: String,
        /// The provider's reason or state.
        reason: String,
    },
    /// Several live objects claim this address.
    #[error("{address} exists {} times", ids.len())]
    Twins {
        /// The address.
        address: Address,
        /// All that claim it.
        ids: Vec<String>,
    },
    /// Another run made the same thing at the same time, and what this run made gave way to it.
    #[error("{} gave way to {rival}, which another run made at the same time", id.as_deref().unwrap_or("this run"))]
    Rival {
        /// What this run made; `None` when the other run was there first.
        id: Option<String>,
        /// What stays.
        rival: String,
        /// Why what this run made is still there; `None` when it is gone.
        left: Option<Failure>,
    },
}

impl StepError {
    /// The call behind it, where there is one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            StepError::Call(failure) | StepError::StillRefused { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// The same, to add what was learned about it later.
    pub fn failure_mut(&mut self) -> Option<&mut Failure> {
        match self {
            StepError::Call(failure) | StepError::StillRefused { failure, .. } => Some(failure),
            _ => None,
        }
    }
}

//! What happens while a plan is carried out, as data. The wording is the report's.

use std::time::Duration;

use serde::Serialize;

use crate::{Action, Address, Failure, StepError};

/// One thing that happened to one step, or to the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// All that it waited for is done: the first call goes out.
    Started {
        /// Which.
        address: Address,
        /// What is done to it.
        action: Action,
    },
    /// The provider is at work on it.
    Waiting {
        /// Which.
        address: Address,
        /// What is done to it.
        action: Action,
        /// The provider's word for its state, or ours: `invisible`, `differs`, `present`.
        state: String,
    },
    /// A call was refused for now or its outcome is unknown; the engine goes on with it.
    Retrying {
        /// Which.
        address: Address,
        /// What is done to it.
        action: Action,
        /// The refusal.
        failure: Failure,
    },
    /// It is as wished, or gone.
    Done {
        /// Which.
        address: Address,
        /// What was done to it.
        action: Action,
        /// Its live id.
        id: String,
        /// Since it started.
        took: Duration,
    },
    /// All that is ours is done; now another party has to move.
    Theirs {
        /// Which.
        address: Address,
        /// What was done to it.
        action: Action,
        /// Its live id; `None` when they have to allow that it is made.
        id: Option<String>,
        /// Since it started.
        took: Duration,
    },
    /// It is not as wished; what depends on it is skipped.
    Failed {
        /// Which.
        address: Address,
        /// What was to be done to it.
        action: Action,
        /// Why.
        error: StepError,
        /// Since it started.
        took: Duration,
    },
    /// Not started, because something that it waits for failed.
    Skipped {
        /// Which.
        address: Address,
        /// What was to be done to it.
        action: Action,
        /// The step that failed.
        because_of: Address,
    },
    /// Not started, because something that it waits for waits for another party.
    Held {
        /// Which.
        address: Address,
        /// What was to be done to it.
        action: Action,
        /// The step that waits for another party.
        because_of: Address,
    },
    /// No further steps are started; those in flight are finished.
    Stopping,
}

//! Reasons, as an enum: the sentences live in the report.

use serde::Serialize;

use crate::Address;

/// Why a step is in the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Why {
    /// Wished and not there.
    Missing,
    /// Wished and not there: another party was asked to allow it, and only trying tells whether it has.
    Attempt,
    /// There, and some fields differ.
    Differs {
        /// Who changed what.
        cause: Cause,
    },
    /// There, and some fields differ that cannot be changed: the old one goes, a new one comes.
    Replaced {
        /// Who changed what.
        cause: Cause,
        /// The fields that force it; empty when it only follows others.
        fields: Vec<String>,
        /// Others that are replaced and that it hangs on.
        follows: Vec<Address>,
    },
    /// There, the provider says that it failed or is going away: a new one must come.
    Broken {
        /// The provider's reason.
        state: String,
    },
    /// There, but an earlier run did not come to its end with it.
    Unfinished,
    /// There twice, and this is the one that gives way.
    Withdrawn,
    /// Wished and deleted, and the provider still can bring it back: it is restored rather than made again.
    Restored {
        /// Until when it can be, as RFC 3339, where the provider tells.
        until: Option<String>,
    },
    /// There and ours, and the file does not want it.
    NotDesired,
    /// Another party asked for it, nobody has accepted, and what it would hang on goes: it is refused.
    Unanswered {
        /// What goes.
        on: Address,
    },
}

/// Who made the wish and the live object differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The file changed since the last apply.
    File,
    /// Somebody changed AWS since the last apply.
    Drift,
    /// Both.
    Both,
    /// An earlier run stopped half-way.
    Interrupted,
    /// It carries no fingerprint, so nobody can tell.
    Unknown,
    /// Nobody: it only follows another resource that is replaced.
    Follows,
}

//! The ways in which a call goes wrong.

use std::time::Duration;

use gcnet_aws::Timing;
use gcnet_core::Options;
use gcnet_sandbox::{Call, ClockMode, Denial, Effect, Fault, Matcher, ReadLag, When};

use crate::support;

/// What goes wrong, at one call of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The process dies before the call is carried out.
    KilledBefore,
    /// It dies after.
    KilledAfter,
    /// It dies after, reads are up to 60 s late, and the second run begins at once.
    KilledLagging,
    /// The call is carried out and its answer lost.
    Lost,
    /// The same, while reads are up to 60 s late.
    LostLagging,
    /// The port is closed for a while.
    Refused,
    /// The call and those after it are refused for their rate: 1, 4 or 16 of them.
    Throttled,
    /// HTTP 500, and nothing was done.
    ErrorBefore,
    /// HTTP 500, and it was done.
    ErrorAfter,
    /// No answer until the client gives up; nothing was done.
    HungBefore,
    /// The same, and it was done.
    HungAfter,
    /// All reads are up to 60 s late.
    Lagging,
    /// Every call of the operation lacks permission.
    Denied,
    /// Every call of the operation is denied by a service control policy.
    Guardrail,
}

/// More than a connection that is refused is tried again for by the SDK, and less than the engine's patience.
const AWAY: Duration = Duration::from_millis(30);

impl Class {
    pub const ALL: [Class; 14] = [
        Class::KilledBefore,
        Class::KilledAfter,
        Class::KilledLagging,
        Class::Lost,
        Class::LostLagging,
        Class::Refused,
        Class::Throttled,
        Class::ErrorBefore,
        Class::ErrorAfter,
        Class::HungBefore,
        Class::HungAfter,
        Class::Lagging,
        Class::Denied,
        Class::Guardrail,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Class::KilledBefore => "killed-before",
            Class::KilledAfter => "killed-after",
            Class::KilledLagging => "killed-lagging",
            Class::Lost => "lost",
            Class::LostLagging => "lost-lagging",
            Class::Refused => "refused",
            Class::Throttled => "throttled",
            Class::ErrorBefore => "error-before",
            Class::ErrorAfter => "error-after",
            Class::HungBefore => "hung-before",
            Class::HungAfter => "hung-after",
            Class::Lagging => "lagging",
            Class::Denied => "denied",
            Class::Guardrail => "guardrail",
        }
    }

    /// The process does not live to see the end.
    pub fn kills(self) -> bool {
        matches!(self, Class::KilledBefore | Class::KilledAfter | Class::KilledLagging)
    }

    /// It is there to make calls fail for good.
    pub fn denies(self) -> bool {
        matches!(self, Class::Denied | Class::Guardrail)
    }

    /// The places, in the calls of a calm run, at which it can happen: all of them, or the first of each operation.
    pub fn places(self, calls: &[Call]) -> Vec<usize> {
        let is_first = |at: &usize| {
            let call = &calls[*at];
            !calls[..*at].iter().any(|c| (&c.service, &c.operation) == (&call.service, &call.operation))
        };
        match self {
            _ if self.denies() => (0..calls.len()).filter(is_first).collect(),
            _ => (0..calls.len()).collect(),
        }
    }

    /// What to inject for the call at `at`.
    pub fn fault(self, at: usize, calls: &[Call]) -> Option<Fault> {
        let skip = at as u64;
        let once = |effect| Some(Fault { on: Matcher::any(), skip, times: Some(1), effect });
        let operation = || {
            let call = &calls[at];
            let (service, operation) = (Some(call.service.clone()), Some(call.operation.clone()));
            Matcher { service, operation, ..Matcher::any() }
        };
        match self {
            Class::KilledBefore => once(Effect::Cut(When::BeforeExecution)),
            Class::KilledAfter | Class::KilledLagging => once(Effect::Cut(When::AfterExecution)),
            Class::Lost | Class::LostLagging => once(Effect::Drop(When::AfterExecution)),
            // What follows the call finds nobody.
            Class::Refused => once(Effect::Away(AWAY)),
            Class::Throttled => {
                let times = [1, 4, 16][at % 3];
                Some(Fault { on: Matcher::any(), skip, times: Some(times), effect: Effect::Throttle })
            }
            Class::ErrorBefore => once(Effect::ServerError(When::BeforeExecution)),
            Class::ErrorAfter => once(Effect::ServerError(When::AfterExecution)),
            Class::HungBefore => once(Effect::Hang(When::BeforeExecution)),
            Class::HungAfter => once(Effect::Hang(When::AfterExecution)),
            Class::Lagging => None,
            Class::Denied => Some(Fault::always(operation(), Effect::Deny(Denial::Missing))),
            Class::Guardrail => Some(Fault::always(operation(), Effect::Deny(Denial::ServiceControlPolicy))),
        }
    }

    /// How late reads are while it happens.
    pub fn lag(self) -> ReadLag {
        match self {
            Class::Lagging | Class::LostLagging | Class::KilledLagging => ReadLag::UpTo(Duration::from_secs(60)),
            _ => ReadLag::None,
        }
    }

    /// Where the engine's patience with late reads matters, time passes by itself, two hundred times as fast. Otherwise the calls alone move it on.
    pub fn clock(self) -> ClockMode {
        match self {
            Class::Lagging | Class::LostLagging => ClockMode::Scaled(200.0),
            Class::KilledLagging => ClockMode::Stepped(Duration::from_secs(2)),
            _ => ClockMode::Stepped(Duration::from_secs(10)),
        }
    }

    /// How the engine waits: at the pace of the clock, for 100 s where reads are up to 60 s late.
    pub fn options(self) -> Options {
        match self {
            Class::Lagging | Class::LostLagging => Options { lag: Duration::from_millis(500), ..support::options() },
            _ => support::options(),
        }
    }

    /// Nobody waits half a minute for a call that hangs in a test.
    pub fn timing(self, usual: Timing) -> Timing {
        let millis = Duration::from_millis;
        match self {
            Class::HungBefore | Class::HungAfter => Timing { read: millis(600), attempt: millis(700), ..usual },
            _ => usual,
        }
    }
}

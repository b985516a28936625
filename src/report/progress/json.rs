//! Events for machines: one JSON object a line, English, in types of their own.

use std::{io, time::Duration};

use gcnet_core::{
    self as core, Address, Class, Event, Failure, Outcome, Plan, Report, Stack, StepError,
    lease::{Holder, Lost},
};
use serde::Serialize;

use crate::report::{
    ca::trouble::Deleted,
    document::{FORMAT_VERSION, Subject, Waiting},
    plan::Goal,
    screen::Screen,
};

pub(super) struct Json {
    screen: Screen,
    /// The first write that failed; later ones are not tried.
    failed: Option<io::Error>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    /// The first line.
    Begin {
        format_version: u32,
        command: &'static str,
        municipality: &'a str,
        environment: &'a str,
        account: &'a str,
        region: &'a str,
        /// Halves of replacements count each.
        steps: usize,
    },
    /// This run alone works on the stack; where there is a lease, the second line.
    LeaseTaken {
        stack: String,
        parameter: &'a str,
        #[serde(flatten)]
        holder: &'a Holder,
        /// The run that died holding it.
        #[serde(skip_serializing_if = "Option::is_none")]
        over: Option<&'a Holder>,
    },
    /// No longer: the run is stopped.
    LeaseLost {
        stack: String,
        why: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        holder: Option<&'a Holder>,
        #[serde(skip_serializing_if = "Option::is_none")]
        call: Option<Call<'a>>,
    },
    /// Others may follow; the last line.
    LeaseReleased {
        stack: String,
    },
    Started {
        #[serde(flatten)]
        step: Step<'a>,
    },
    Waiting {
        #[serde(flatten)]
        step: Step<'a>,
        state: &'a str,
    },
    Retrying {
        #[serde(flatten)]
        step: Step<'a>,
        call: Call<'a>,
    },
    Done {
        #[serde(flatten)]
        step: Step<'a>,
        id: &'a str,
        seconds: f64,
    },
    Failed {
        #[serde(flatten)]
        step: Step<'a>,
        error: &'static str,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        call: Option<Call<'a>>,
        seconds: f64,
    },
    Skipped {
        #[serde(flatten)]
        step: Step<'a>,
        because_of: &'a Address,
    },
    /// Another party has to move.
    Theirs {
        #[serde(flatten)]
        step: Step<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        seconds: f64,
    },
    /// Behind a step that waits for another party.
    Held {
        #[serde(flatten)]
        step: Step<'a>,
        because_of: &'a Address,
    },
    Stopping,
    /// Authorities that the run has deleted and that can be restored; after the summary, and only where there are any.
    Restorable {
        authorities: &'a [Deleted],
    },
    /// Who owes what now; the last line but for the lease's of a run that did all that was ours.
    Owed {
        waiting: &'a [Waiting],
    },
    /// The last line of the run itself.
    Summary {
        ok: bool,
        steps: usize,
        done: usize,
        failed: usize,
        skipped: usize,
        waiting: usize,
        not_started: usize,
        stopped: bool,
    },
}

#[derive(Serialize)]
struct Step<'a> {
    address: &'a Address,
    action: &'static str,
}

#[derive(Serialize)]
struct Call<'a> {
    class: &'static str,
    operation: &'a str,
    code: &'a str,
    message: &'a str,
    account: Option<&'a str>,
    permission: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denial: Option<Denied<'a>>,
    request_id: Option<&'a str>,
}

/// Why a permission did not suffice, as far as it is known.
#[derive(Serialize)]
struct Denied<'a> {
    resource: Option<&'a str>,
    /// AWS's words: `service control policy`.
    policy: Option<&'a str>,
    /// A statement denies it, instead of none allowing it.
    explicit: bool,
}

/// The line that tells who owes what.
pub fn owed(waiting: &[Waiting]) -> impl Serialize {
    Line::Owed { waiting }
}

/// The line that tells what can be restored.
pub fn restorable(authorities: &[Deleted]) -> impl Serialize {
    Line::Restorable { authorities }
}

/// The line that tells of a lease that this run holds.
pub fn lease_taken<'a>(
    stack: &Stack,
    parameter: &'a str,
    holder: &'a Holder,
    over: Option<&'a Holder>,
) -> impl Serialize + use<'a> {
    let stack = stack.to_string();
    Line::LeaseTaken { stack, parameter, holder, over }
}

/// The line that tells of a lease that was lost.
pub fn lease_lost(stack: &Stack, lost: &Lost) -> impl Serialize {
    let stack = stack.to_string();
    let (why, holder, call) = match lost {
        Lost::Late(failure) => ("late", None, failure.as_ref().map(Call::from)),
        Lost::Taken(holder) => ("taken", Some(holder), None),
        Lost::Ended => ("ended", None, None),
    };
    Line::LeaseLost { stack, why, holder, call }
}

/// The line that tells of a lease that was given back.
pub fn lease_released(stack: &Stack) -> impl Serialize {
    Line::LeaseReleased { stack: stack.to_string() }
}

impl Json {
    pub(super) fn begin(screen: &Screen, subject: &Subject, goal: Goal, plan: &Plan) -> Self {
        let mut json = Json { screen: screen.clone(), failed: None };
        let Subject { municipality, environment, account, region, .. } = subject;
        let command = match goal {
            Goal::Apply => "apply",
            Goal::Destroy => "destroy",
        };
        let (format_version, steps) = (FORMAT_VERSION, plan.steps.len());
        json.write(&Line::Begin { format_version, command, municipality, environment, account, region, steps });
        json
    }

    pub(super) fn tell(&mut self, event: &Event) {
        self.write(&line(event));
    }

    pub(super) fn finish(&mut self, report: &Report) -> io::Result<()> {
        let count = |is: fn(&Outcome) -> bool| report.outcomes.iter().filter(|outcome| is(outcome)).count();
        self.write(&Line::Summary {
            ok: report.is_success(),
            steps: report.outcomes.len(),
            done: report.done(),
            failed: count(|outcome| matches!(outcome, Outcome::Failed { .. })),
            skipped: count(|outcome| matches!(outcome, Outcome::Skipped { .. })),
            waiting: count(|outcome| matches!(outcome, Outcome::Theirs { .. } | Outcome::Held { .. })),
            not_started: count(|outcome| matches!(outcome, Outcome::NotStarted)),
            stopped: report.stopped,
        });
        self.failed.take().map_or(Ok(()), Err)
    }

    fn write(&mut self, line: &Line<'_>) {
        if self.failed.is_some() {
            return;
        }
        self.failed = self.screen.event(line).err();
    }
}

fn line(event: &Event) -> Line<'_> {
    let step = |address, action: &core::Action| Step { address, action: action_word(*action) };
    match event {
        Event::Started { address, action } => Line::Started { step: step(address, action) },
        Event::Waiting { address, action, state } => Line::Waiting { step: step(address, action), state },
        Event::Retrying { address, action, failure } => {
            Line::Retrying { step: step(address, action), call: Call::from(failure) }
        }
        Event::Done { address, action, id, took } => {
            Line::Done { step: step(address, action), id, seconds: seconds(*took) }
        }
        Event::Failed { address, action, error, took } => Line::Failed {
            step: step(address, action),
            error: error_word(error),
            message: error.to_string(),
            call: error.failure().map(Call::from),
            seconds: seconds(*took),
        },
        Event::Skipped { address, action, because_of } => Line::Skipped { step: step(address, action), because_of },
        Event::Theirs { address, action, id, took } => {
            Line::Theirs { step: step(address, action), id: id.as_deref(), seconds: seconds(*took) }
        }
        Event::Held { address, action, because_of } => Line::Held { step: step(address, action), because_of },
        Event::Stopping => Line::Stopping,
    }
}

fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

impl<'a> From<&'a Failure> for Call<'a> {
    fn from(failure: &'a Failure) -> Self {
        let Failure { class, operation, code, message, account, request_id, permission, denial } = failure;
        let denial = denial.as_deref().map(|denial| Denied {
            resource: denial.resource.as_deref(),
            policy: denial.policy.as_deref(),
            explicit: denial.explicit,
        });
        Call {
            class: class_word(*class),
            operation,
            code,
            message,
            account: account.as_deref(),
            permission: permission.as_deref(),
            denial,
            request_id: request_id.as_deref(),
        }
    }
}

fn action_word(action: core::Action) -> &'static str {
    match action {
        core::Action::Create => "create",
        core::Action::Update => "update",
        core::Action::Delete => "delete",
    }
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::NotYet => "not_yet",
        Class::Already => "already",
        Class::NotFound => "not_found",
        Class::Unknown => "unknown",
        Class::Throttled => "throttled",
        Class::Denied => "denied",
        Class::Guardrail => "guardrail",
        Class::Quota => "quota",
        Class::Theirs => "theirs",
        Class::Credentials => "credentials",
        Class::Unreachable => "unreachable",
        Class::Invalid => "invalid",
    }
}

fn error_word(error: &StepError) -> &'static str {
    match error {
        StepError::Call(_) => "call",
        StepError::StillRefused { .. } => "still_refused",
        StepError::Invisible { .. } => "invisible",
        StepError::NotReady { .. } => "not_ready",
        StepError::NotSettling { .. } => "not_settling",
        StepError::StillThere { .. } => "still_there",
        StepError::Broken { .. } => "broken",
        StepError::Twins { .. } => "twins",
        StepError::Rival { .. } => "rival",
    }
}

//! What happens while a plan is carried out: a live view on a terminal, plain lines elsewhere, or JSONL for machines.

mod json;
mod lines;
mod live;
mod terminal;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use gcnet_core::{Action, Address, Event, Plan, Report};

use super::{Style, document::Subject, plan::Goal, screen::Screen};
use json::Json;
use live::Live;

pub use json::{lease_lost, lease_released, lease_taken, owed, restorable};

/// How progress is shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Drawn upon the terminal.
    Live,
    /// A line an event.
    Plain,
    /// Not at all.
    Silent,
}

impl Mode {
    /// Live on a terminal, unless a CI system runs it; silent when quiet.
    pub fn detect(screen: &Screen) -> Self {
        let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
        match () {
            () if screen.is_quiet() => Mode::Silent,
            () if screen.is_drawable() && !ci => Mode::Live,
            () => Mode::Plain,
        }
    }
}

/// The progress of one run. Events may come from any thread.
pub struct Progress {
    screen: Screen,
    style: Style,
    total: usize,
    state: Mutex<State>,
}

struct State {
    /// Steps that came to an end, one way or the other.
    ended: usize,
    /// What was told last of each step in flight: repetitions are not.
    told: BTreeMap<(Address, Action), String>,
    view: View,
}

enum View {
    Silent,
    Plain,
    Live(Live),
    Json(Json),
}

impl Progress {
    /// For people.
    pub fn start(screen: &Screen, plan: &Plan, mode: Mode) -> Self {
        let view = match mode {
            Mode::Silent => View::Silent,
            Mode::Plain => View::Plain,
            Mode::Live => View::Live(Live::start(screen, plan.steps.len())),
        };
        Progress::new(screen, plan, view)
    }

    /// For machines: JSON lines on stdout. The first has the format's version.
    pub fn json(screen: &Screen, subject: &Subject, goal: Goal, plan: &Plan) -> Self {
        Progress::new(screen, plan, View::Json(Json::begin(screen, subject, goal, plan)))
    }

    fn new(screen: &Screen, plan: &Plan, view: View) -> Self {
        let state = State { ended: 0, told: BTreeMap::new(), view };
        Progress {
            screen: screen.clone(),
            style: screen.err_style(),
            total: plan.steps.len(),
            state: Mutex::new(state),
        }
    }

    /// Shows one event. Never fails: a terminal that went away must not stop a run.
    pub fn tell(&self, event: Event) {
        let mut state = self.lock();
        let State { ended, told, view } = &mut *state;
        match event {
            Event::Done { .. }
            | Event::Theirs { .. }
            | Event::Failed { .. }
            | Event::Skipped { .. }
            | Event::Held { .. } => *ended += 1,
            Event::Started { .. } | Event::Waiting { .. } | Event::Retrying { .. } | Event::Stopping => {}
        }
        match view {
            View::Silent => {}
            View::Json(json) => json.tell(&event),
            View::Live(live) => live.tell(&event, *ended, self.style),
            View::Plain => {
                let Some(line) = lines::plain(&event, self.style) else { return };
                if lines::is_news(&event, &line, told) {
                    let width = self.total.to_string().len();
                    let done = format!("[{:>width$}/{}]", *ended, self.total);
                    self.screen.note(&format!("{done} {line}\n"));
                }
            }
        }
    }

    /// Leaves the terminal clean; for machines, writes the summary.
    ///
    /// # Errors
    /// The events could not be written to stdout.
    pub fn finish(self, report: &Report) -> io::Result<()> {
        match &mut self.lock().view {
            View::Json(json) => json.finish(report),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

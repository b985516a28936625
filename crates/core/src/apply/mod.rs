//! Carries a plan out. A step starts when the last step that it waits for is done; a failed one takes along only what
//! depends on it.

mod create;
mod delete;
mod poll;
mod rival;
mod scope;
mod settle;
mod step;
mod withdraw;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::stream::{FuturesUnordered, StreamExt};
use serde::Serialize;
use tokio::{
    sync::{Semaphore, watch},
    time::Instant,
};

use crate::{Class, Event, Kinds, Plan, StepError, World};
pub use poll::Poll;
use poll::Waits;
pub use scope::current_step;
use step::{Ended, Runner};
pub use withdraw::withdraw;

/// How to carry a plan out.
#[derive(Clone, Debug)]
pub struct Options {
    /// Calls that change the world, in flight at once. Steps that only wait are not counted. At least 1.
    pub parallelism: usize,
    /// How often to look while waiting.
    pub poll: Poll,
    /// For how long a read may lag behind a write: an object counts as absent only when it stayed absent this long.
    pub lag: Duration,
    /// How long after the run began what an earlier, dead run made is looked for once more, before a thing is made that AWS
    /// would make twice. A plan made right after a crash may not have seen it. Zero where reads do not lag.
    pub recheck: Duration,
    /// How long after a creation another look comes, for what another run may have made at the same time. Zero where no other
    /// run is at work; the first look, which costs nothing, is held to it all the same.
    pub rivals: Duration,
    /// Goes into [`identity::RUN`](crate::identity::RUN); empty for none.
    pub run: String,
    /// For how long something that exists may be answered with "not found". AWS gives no figure; 5 minutes are usual.
    pub visibility: Duration,
}

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// As wished, or gone.
    Done {
        /// Its live id.
        id: String,
    },
    /// Not as wished.
    Failed {
        /// Why.
        error: StepError,
    },
    /// Not started: something that it waits for failed.
    Skipped {
        /// Place of the step that failed.
        because_of: usize,
    },
    /// Somebody else has to move or to decide before it is as wished.
    Theirs {
        /// Its live id; `None` when they have to allow that it is made.
        id: Option<String>,
    },
    /// Not started: something that it waits for waits for another party.
    Held {
        /// Place of the step that does.
        because_of: usize,
    },
    /// Not started: the run was stopped.
    NotStarted,
}

/// What became of a plan: an outcome for each step, in the plan's order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// By step.
    pub outcomes: Vec<Outcome>,
    /// Somebody asked to stop, the credentials gave out, or another run turned out to do the same.
    pub stopped: bool,
}

impl Report {
    /// Every step is done, as far as it is ours to do.
    pub fn is_success(&self) -> bool {
        let ours = |outcome: &Outcome| match outcome {
            Outcome::Done { .. } | Outcome::Theirs { .. } | Outcome::Held { .. } => true,
            Outcome::Failed { .. } | Outcome::Skipped { .. } | Outcome::NotStarted => false,
        };
        self.outcomes.iter().all(ours)
    }

    /// Some step waits for another party.
    pub fn is_waiting(&self) -> bool {
        self.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Theirs { .. } | Outcome::Held { .. }))
    }

    /// Steps that are done.
    pub fn done(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done { .. })).count()
    }
}

/// Asks a run to start no further steps; what is in flight is finished. Clones ask the same run.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Stop(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Asks. Asking again changes nothing.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Somebody asked.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when somebody has asked.
    pub async fn requested(&self) {
        // The sender lives in self, so the only way out is that the value is true.
        let _ = self.0.subscribe().wait_for(|stop| *stop).await;
    }
}

/// Carries `plan` out and tells `sink` what happens. Fails never as a whole: each step has its own outcome.
pub async fn apply<W: World>(
    world: &W,
    kinds: Kinds<W>,
    plan: &Plan,
    options: &Options,
    stop: &Stop,
    sink: &(dyn Fn(Event) + Send + Sync),
) -> Report {
    let runner = Runner {
        began: Instant::now(),
        world,
        kinds,
        plan,
        options,
        stop,
        sink,
        waits: Waits::new(world, kinds, options.poll),
        calls: Semaphore::new(options.parallelism.max(1)),
        ids: Mutex::new(plan.ids.clone()),
        made: Mutex::default(),
    };
    let poller = runner.waits.run();
    tokio::pin!(poller);
    let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
    let mut started = vec![false; plan.steps.len()];
    // Not JoinSet: steps borrow the plan.
    let mut running = FuturesUnordered::new();
    let mut announced = false;
    loop {
        if stop.is_requested() && !announced {
            announced = true;
            sink(Event::Stopping);
        }
        // Steps are in order, so one pass sees every consequence of what ended last.
        for (i, step) in plan.steps.iter().enumerate() {
            if started[i] || !step.after.iter().all(|j| outcomes.contains_key(j)) {
                continue;
            }
            started[i] = true;
            let Some(end) = ended_by(step.after.iter().map(|j| (*j, &outcomes[j]))) else {
                let runner = &runner;
                running.push(async move { (i, scope::of(&step.address, runner.run(step)).await) });
                continue;
            };
            let (address, action) = (step.address.clone(), step.action);
            match end {
                Outcome::Skipped { because_of } => {
                    let because_of = plan.steps[because_of].address.clone();
                    sink(Event::Skipped { address, action, because_of });
                }
                Outcome::Held { because_of } => {
                    let because_of = plan.steps[because_of].address.clone();
                    sink(Event::Held { address, action, because_of });
                }
                _ => {}
            }
            outcomes.insert(i, end);
        }
        let next = tokio::select! {
            biased;
            next = running.next() => next,
            () = &mut poller => None,
            () = stop.requested(), if !announced => continue,
        };
        match next {
            Some((i, Ok(Ended::Done(id)))) => drop(outcomes.insert(i, Outcome::Done { id })),
            Some((i, Ok(Ended::Theirs(id)))) => drop(outcomes.insert(i, Outcome::Theirs { id })),
            Some((i, Ok(Ended::NotStarted))) => drop(outcomes.insert(i, Outcome::NotStarted)),
            Some((i, Err(error))) => {
                let is_hopeless = error.failure().is_some_and(|failure| failure.class == Class::Credentials);
                // Whatever else this run would make, the other one is making.
                if is_hopeless || matches!(error, StepError::Rival { .. }) {
                    stop.request();
                }
                outcomes.insert(i, Outcome::Failed { error });
            }
            None => break,
        }
    }
    Report { outcomes: outcomes.into_values().collect(), stopped: stop.is_requested() }
}

/// What becomes of a step because of those that it waits for; `None` when all are done. A failure outweighs a stop, and
/// both outweigh what others have to do.
pub(crate) fn ended_by<'a>(earlier: impl Iterator<Item = (usize, &'a Outcome)>) -> Option<Outcome> {
    let end = |(j, outcome): (usize, &Outcome)| match outcome {
        Outcome::Done { .. } => None,
        Outcome::Theirs { .. } => Some((0, Outcome::Held { because_of: j })),
        Outcome::Held { because_of } => Some((0, Outcome::Held { because_of: *because_of })),
        Outcome::NotStarted => Some((1, Outcome::NotStarted)),
        Outcome::Failed { .. } => Some((2, Outcome::Skipped { because_of: j })),
        Outcome::Skipped { because_of } => Some((2, Outcome::Skipped { because_of: *because_of })),
    };
    // The first of the heaviest: max_by_key would take the last.
    let ends: Vec<(u8, Outcome)> = earlier.filter_map(end).collect();
    let heaviest = ends.iter().map(|(weight, _)| *weight).max()?;
    ends.into_iter().find(|(weight, _)| *weight == heaviest).map(|(_, outcome)| outcome)
}

//! One step from its first call to its end, and what all steps share: calls, looks and patience.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::{
    Options, Stop,
    poll::{Seen, Waits},
};
use crate::{Action, Address, AnyKind, Class, Event, Failure, Kinds, Plan, Step, StepError, World, kind::lock};

/// How a step ended that did not fail.
pub(super) enum Ended {
    Done(String),
    /// With another party, under this id if it is there.
    Theirs(Option<String>),
    NotStarted,
}

/// Why a step goes no further.
pub(super) enum Halt {
    Failed(StepError),
    Theirs(Option<String>),
}

impl From<StepError> for Halt {
    fn from(error: StepError) -> Self {
        Halt::Failed(error)
    }
}

pub(super) struct Runner<'a, W: 'static> {
    pub(super) began: Instant,
    pub(super) world: &'a W,
    pub(super) kinds: Kinds<W>,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a Options,
    pub(super) stop: &'a Stop,
    pub(super) sink: &'a (dyn Fn(Event) + Send + Sync),
    pub(super) waits: Waits<'a, W>,
    pub(super) calls: Semaphore,
    pub(super) ids: Mutex<BTreeMap<Address, String>>,
    /// What this run has made itself, as the answers told: nobody can have made anything under it before.
    pub(super) made: Mutex<BTreeSet<Address>>,
}

impl<W: World> Runner<'_, W> {
    pub(super) async fn run(&self, step: &Step) -> Result<Ended, StepError> {
        // A step starts when its first call may go out; so a stop finds no step that has started and done nothing.
        let permit = self.calls.acquire().await.ok();
        if self.stop.is_requested() {
            return Ok(Ended::NotStarted);
        }
        let (address, action) = (step.address.clone(), step.action);
        (self.sink)(Event::Started { address: address.clone(), action });
        let since = Instant::now();
        let ended = match self.kinds.get(step.address.kind()) {
            Some(kind) => {
                let (refused, attempt, shown, contended) = (None, 0, String::new(), None);
                OneStep { runner: self, kind, step, since, permit, refused, attempt, shown, contended }.run().await
            }
            None => Err(StepError::Call(Failure::internal("gcnet:apply", "no such kind")).into()),
        };
        let took = since.elapsed();
        match ended {
            Ok(id) => {
                (self.sink)(Event::Done { address, action, id: id.clone(), took });
                Ok(Ended::Done(id))
            }
            Err(Halt::Theirs(id)) => {
                (self.sink)(Event::Theirs { address, action, id: id.clone(), took });
                Ok(Ended::Theirs(id))
            }
            Err(Halt::Failed(error)) => {
                (self.sink)(Event::Failed { address, action, error: error.clone(), took });
                Err(error)
            }
        }
    }
}

pub(super) struct OneStep<'a, W: 'static> {
    pub(super) runner: &'a Runner<'a, W>,
    pub(super) kind: &'static dyn AnyKind<W>,
    pub(super) step: &'a Step,
    pub(super) since: Instant,
    /// For the first call; every later one takes its own.
    pub(super) permit: Option<SemaphorePermit<'a>>,
    /// Since when calls have been refused; `None` after one that was not.
    pub(super) refused: Option<Instant>,
    /// Waits so far: each is longer than the one before.
    pub(super) attempt: u32,
    /// The state shown last: only changes are told.
    shown: String,
    /// When another run's was first seen at our address.
    pub(super) contended: Option<Instant>,
}

impl<'a, W: World> OneStep<'a, W> {
    async fn run(&mut self) -> Result<String, Halt> {
        let step = self.step;
        match (step.action, &step.want, &step.have) {
            (Action::Create, Some(goal), _) => self.make(goal).await,
            (Action::Update, Some(goal), Some(have)) => {
                match self.settle(goal, &have.id, Some(have.clone())).await {
                    // They took it back.
                    Err(Halt::Failed(StepError::Invisible { .. })) if self.kind.is_theirs(&have.raw) => {
                        Err(Halt::Theirs(None))
                    }
                    ended => ended.map(|()| have.id.clone()),
                }
            }
            (Action::Delete, _, Some(have)) => {
                self.delete(have).await?;
                Ok(have.id.clone())
            }
            _ => Err(StepError::Call(Failure::internal("gcnet:apply", "a step without its goal or its object")).into()),
        }
    }

    pub(super) fn address_of(&self) -> impl Fn(&str) -> Option<Address> + use<W> {
        let by_id: BTreeMap<String, Address> =
            lock(&self.runner.ids).iter().map(|(address, id)| (id.clone(), address.clone())).collect();
        move |id| by_id.get(id).cloned()
    }

    /// One call, counted against the run's parallelism.
    pub(super) async fn call<T>(&mut self, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let _permit = match self.permit.take() {
            Some(permit) => Some(permit),
            None => self.runner.calls.acquire().await.ok(),
        };
        let answer = call.await;
        self.refused = match answer {
            Ok(_) => None,
            Err(_) => self.refused.or_else(|| Some(Instant::now())),
        };
        answer
    }

    /// What the next read sees; `None` when it failed in a way that may pass.
    pub(super) async fn look(&mut self) -> Result<Option<Seen>, StepError> {
        // Steps that only wait are not counted.
        self.permit = None;
        let seen = self.runner.waits.next(self.kind.name(), self.attempt).await;
        self.attempt += 1;
        match &seen.objects {
            Ok(_) => Ok(Some(seen)),
            Err(failure) if failure.class.may_pass() || failure.class == Class::Unknown => {
                self.tell_retrying(failure);
                let failure = failure.clone();
                self.check_patience(|waited| StepError::StillRefused { failure, waited })?;
                Ok(None)
            }
            Err(failure) => Err(StepError::Call(failure.clone())),
        }
    }

    /// Waits before the call is made again.
    pub(super) async fn again(&mut self, failure: Failure) -> Result<(), StepError> {
        let attempt = self.attempt;
        self.attempt += 1;
        self.pause(failure, attempt).await
    }

    pub(super) async fn pause(&self, failure: Failure, attempt: u32) -> Result<(), StepError> {
        self.tell_retrying(&failure);
        self.check_refused(failure)?;
        self.runner.waits.pause(attempt).await;
        Ok(())
    }

    pub(super) fn check_refused(&self, failure: Failure) -> Result<(), StepError> {
        let waited = self.refused.map(|since| since.elapsed()).unwrap_or_default();
        let patience = match failure.class {
            Class::NotFound | Class::Unreachable => self.runner.options.visibility,
            _ => self.kind.patience(),
        };
        if waited > patience {
            return Err(StepError::StillRefused { failure, waited });
        }
        Ok(())
    }

    pub(super) fn check_patience(&self, error: impl FnOnce(Duration) -> StepError) -> Result<(), StepError> {
        let waited = self.since.elapsed();
        if waited > self.kind.patience() { Err(error(waited)) } else { Ok(()) }
    }

    pub(super) fn tell(&mut self, state: &str) {
        if self.shown != state {
            self.shown = state.into();
            let (address, action) = (self.step.address.clone(), self.step.action);
            (self.runner.sink)(Event::Waiting { address, action, state: state.into() });
        }
    }

    pub(super) fn tell_retrying(&self, failure: &Failure) {
        let (address, action) = (self.step.address.clone(), self.step.action);
        (self.runner.sink)(Event::Retrying { address, action, failure: failure.clone() });
    }
}

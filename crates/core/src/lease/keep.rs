//! A lease while its run lives: heartbeats, its loss, its end.

use std::time::{Duration, SystemTime};

use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout_at},
};

use super::{Entry, Holder, Lease, Register, TRIES, later, look, passes};
use crate::{Class, Failure};

/// Why a lease is no longer ours.
#[derive(Clone, Debug, PartialEq)]
pub enum Lost {
    /// No heartbeat could be written in time; the last reason, where a call failed.
    Late(Option<Failure>),
    /// Somebody else has it.
    Taken(Holder),
    /// Somebody ended it.
    Ended,
}

/// What becomes of a lease that is no longer needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Others may have it.
    Free,
    /// Nothing is left that anybody could work on: not even the register stays.
    Remove,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// Nobody has it any more.
    GivenBack,
    /// It was no longer ours, or so late that others may be about to take it: nothing was said.
    LeftAlone,
}

/// What one heartbeat came to.
#[derive(Debug, PartialEq)]
enum Beat {
    Counts,
    /// Not this time.
    Failed(Option<Failure>),
    Lost(Lost),
}

/// A lease that is kept in the background.
#[derive(Debug)]
pub struct Kept {
    end: oneshot::Sender<End>,
    task: JoinHandle<Result<Released, Failure>>,
}

impl Kept {
    /// Stops keeping the lease and gives it back, but for one that is no longer ours to give.
    ///
    /// # Errors
    /// A call failed: others see it as held until it expires.
    pub async fn release(self, end: End) -> Result<Released, Failure> {
        // The task waits for this and for nothing else, so it is there to hear it.
        let _ = self.end.send(end);
        self.task.await.unwrap_or_else(|error| Err(Failure::internal("gcnet:lease", error.to_string())))
    }
}

impl<R: Register> Lease<R> {
    /// Keeps it from now on. `on_lost` is called at most once, when it is lost.
    pub fn keep(mut self, on_lost: impl FnOnce(Lost) + Send + 'static) -> Kept {
        let (end, mut ended) = oneshot::channel();
        let task = tokio::spawn(async move {
            let end = tokio::select! {
                lost = self.beat_on() => {
                    on_lost(lost);
                    // Whoever dropped it wants no more than the end.
                    drop(ended.await);
                    return Ok(Released::LeftAlone);
                }
                end = &mut ended => end.unwrap_or(End::Free),
            };
            self.give_back(end).await
        });
        Kept { end, task }
    }

    /// Returns when it is lost.
    async fn beat_on(&mut self) -> Lost {
        let mut last = None;
        let mut tick = interval((self.terms.every / 6).max(Duration::from_millis(1)));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if self.is_over() {
                return Lost::Late(last);
            }
            let slept = self.has_slept();
            if self.beat.elapsed() < self.terms.every && !slept {
                continue;
            }
            // A call that hangs must not hide that time is up.
            let deadline = self.beat + self.terms.gives_up;
            match timeout_at(deadline, self.renew()).await {
                Ok(Beat::Counts) => last = None,
                // Who knows for how long it has been somebody else's.
                Ok(Beat::Failed(failure)) if slept => return Lost::Late(failure),
                Ok(Beat::Failed(failure)) => last = failure,
                Ok(Beat::Lost(lost)) => return lost,
                Err(_) => return Lost::Late(last),
            }
        }
    }

    /// One heartbeat.
    async fn renew(&mut self) -> Beat {
        for _ in 0..TRIES {
            let beat = Instant::now();
            let seen = match look(&self.register).await {
                Ok(Some(seen)) => seen,
                Ok(None) => continue,
                Err(error) => return Beat::Failed(call(error)),
            };
            // A read that does not even show our own last entry says nothing.
            if seen.top >= self.version {
                match seen.holder {
                    Some(holder) if holder.run == self.me.run => {}
                    Some(holder) => return Beat::Lost(Lost::Taken(holder)),
                    None => return Beat::Lost(Lost::Ended),
                }
            }
            if self.is_over() {
                return Beat::Lost(Lost::Late(None));
            }
            let now = self.register.now();
            let me = Holder { heartbeat: now, expires: later(now, self.terms.lasts), ..self.me.clone() };
            let follows = seen.top.max(self.version);
            match self.register.write(&Entry { holder: Some(me.clone()), follows }).await {
                Ok(version) if version == follows + 1 => {
                    (self.me, self.version, self.beat, self.wall) = (me, version, beat, SystemTime::now());
                    return Beat::Counts;
                }
                // Versions began anew: it was removed, and others may have begun.
                Ok(version) if version <= self.version => return Beat::Lost(Lost::Ended),
                Ok(_) => {}
                Err(failure) => return Beat::Failed(Some(failure)),
            }
        }
        Beat::Failed(None)
    }

    async fn give_back(&mut self, end: End) -> Result<Released, Failure> {
        let mut last: Result<Released, Failure> = Ok(Released::LeftAlone);
        for attempt in 0..TRIES {
            // Removing asks nobody: never when others may be about to take it. It ends by itself.
            if self.is_over() {
                return Ok(Released::LeftAlone);
            }
            let is_unanswered = matches!(&last, Err(failure) if failure.class == Class::Unknown);
            match self.try_give_back(end).await {
                // An earlier try, whose answer was lost, was carried out.
                Ok(Some(Released::LeftAlone)) if is_unanswered => return Ok(Released::GivenBack),
                Ok(Some(released)) => return Ok(released),
                Ok(None) => {}
                Err(failure) if passes(failure.class) => last = Err(failure),
                Err(failure) => return Err(failure),
            }
            self.terms.poll.pause(attempt).await;
        }
        last
    }

    /// Once. `None` when somebody else wrote in between.
    async fn try_give_back(&mut self, end: End) -> Result<Option<Released>, Failure> {
        let seen = match look(&self.register).await {
            Ok(Some(seen)) => seen,
            Ok(None) => return Ok(None),
            Err(error) => return call(error).map_or(Ok(Some(Released::LeftAlone)), Err),
        };
        let is_ours = seen.holder.is_some_and(|holder| holder.run == self.me.run);
        if seen.top >= self.version && !is_ours {
            return Ok(Some(Released::LeftAlone));
        }
        let follows = seen.top.max(self.version);
        let is_given_back = match end {
            End::Free => self.register.write(&Entry { holder: None, follows }).await? == follows + 1,
            End::Remove => match self.register.remove().await {
                Err(failure) if failure.class != Class::NotFound => return Err(failure),
                _ => true,
            },
        };
        Ok(is_given_back.then_some(Released::GivenBack))
    }
}

/// What is not a lease any more is not ours to say anything about.
fn call(error: super::LeaseError) -> Option<Failure> {
    match error {
        super::LeaseError::Call(failure) => Some(failure),
        _ => None,
    }
}

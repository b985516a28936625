//! Who may work on a stack now: one run at a time, for as long as it says that it lives.
//!
//! It keeps two operators out of each other's way and no more. Correctness does not hang on it: a run whose lease is lost
//! is told so and starts nothing else, but what it has in flight goes on.
//!
//! Every entry names the version that it was written over, and counts only if no other was written in between (see
//! [`Entry`]). So of two who write at once one is overtaken, and both can see which; that is all that mutual exclusion needs,
//! whatever reads show and however late.

mod keep;
mod register;

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::{Class, Failure, Poll};
pub use keep::{End, Kept, Lost, Released};
pub use register::Register;
use register::{Entry, look};

/// A run that works on a stack. Moments are seconds since 1970, by the register's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Of this run and no other.
    pub run: String,
    /// What it does: `apply`.
    pub command: String,
    /// Whose credentials it uses, for example an ARN.
    pub owner: String,
    /// The machine that it runs on.
    pub host: String,
    /// Its process there.
    pub process: u32,
    /// When it took the lease.
    pub since: i64,
    /// When it last said that it lives.
    pub heartbeat: i64,
    /// When others may take its place unless it says so again.
    pub expires: i64,
}

/// How long a lease is.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// From one heartbeat until others may take over, by the register's clock. It is given up when a third of that is left: a
    /// margin for what is on its way.
    pub lasts: Duration,
    /// Between two heartbeats, by this machine's clock.
    pub every: Duration,
    /// After so long without one that counts it is given up in any case, by this machine's clock: two thirds of `lasts`.
    pub gives_up: Duration,
    /// How often to look again while others write too, or calls are refused for now.
    pub poll: Poll,
    /// For how long.
    pub patience: Duration,
    /// Nobody else can be at work, so whoever still holds it is dead.
    pub alone: bool,
}

/// Why a lease was not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LeaseError {
    /// Somebody else has it.
    #[error("held by {} until {}", .0.run, .0.expires)]
    Held(Holder),
    /// Others go on writing, or reads go on lagging.
    #[error("others write to it too")]
    Contended,
    /// What is written there is no lease, or one of another format.
    #[error("no lease: {0}")]
    Unreadable(String),
    /// A call failed.
    #[error(transparent)]
    Call(Failure),
}

impl From<Failure> for LeaseError {
    fn from(failure: Failure) -> Self {
        LeaseError::Call(failure)
    }
}

/// A lease that this run holds.
#[derive(Debug)]
pub struct Lease<R> {
    register: R,
    terms: Terms,
    me: Holder,
    /// The newest version that is known: what is written next follows it.
    version: u64,
    /// When the last heartbeat that counts was sent.
    beat: Instant,
    /// The same by the wall's clock, which goes on while the machine sleeps.
    wall: SystemTime,
    /// Whose place was taken.
    over: Option<Holder>,
}

impl<R: Register> Lease<R> {
    /// Takes the lease, or says who has it. The moments in `me` are set here.
    ///
    /// # Errors
    /// [`LeaseError`]. Nothing is held then; only where a call failed of which nobody knows whether it was carried out, others
    /// may see a lease of this run until it expires.
    pub async fn take(register: R, terms: Terms, me: Holder) -> Result<Self, LeaseError> {
        let began = Instant::now();
        let mut over = None;
        for attempt in 0.. {
            let error = match Self::try_take(&register, terms, &me, &mut over).await {
                Ok(Some((me, version, beat))) => {
                    let wall = SystemTime::now();
                    return Ok(Lease { register, terms, me, version, beat, wall, over });
                }
                Ok(None) => LeaseError::Contended,
                Err(LeaseError::Call(failure)) if passes(failure.class) => LeaseError::Call(failure),
                Err(error) => return Err(error),
            };
            if began.elapsed() >= terms.patience {
                return Err(error);
            }
            terms.poll.pause(attempt).await;
        }
        Err(LeaseError::Contended)
    }

    /// Once. `None` when somebody else wrote in between.
    async fn try_take(
        register: &R,
        terms: Terms,
        me: &Holder,
        over: &mut Option<Holder>,
    ) -> Result<Option<(Holder, u64, Instant)>, LeaseError> {
        let beat = Instant::now();
        let Some(seen) = look(register).await? else { return Ok(None) };
        let now = register.now();
        if let Some(holder) = seen.holder {
            if holder.run == me.run {
                // An earlier try that was not answered.
                return Ok((now < holder.expires).then_some((holder, seen.top, beat)));
            }
            if now < holder.expires && !terms.alone {
                return Err(LeaseError::Held(holder));
            }
            *over = Some(holder);
        }
        let me = Holder { since: now, heartbeat: now, expires: later(now, terms.lasts), ..me.clone() };
        let version = register.write(&Entry { holder: Some(me.clone()), follows: seen.top }).await?;
        Ok((version == seen.top + 1).then_some((me, version, beat)))
    }

    /// Who it is held as.
    pub fn holder(&self) -> &Holder {
        &self.me
    }

    /// Whose lease had expired, or was ended because nobody else can be at work.
    pub fn over(&self) -> Option<&Holder> {
        self.over.as_ref()
    }

    /// The machine has slept since the last heartbeat that counts, or its clock was set: by more than a heartbeat in any case.
    fn has_slept(&self) -> bool {
        let passed = SystemTime::now().duration_since(self.wall).unwrap_or_default();
        passed > self.beat.elapsed() + self.terms.every
    }

    /// As if the machine had slept.
    #[cfg(test)]
    pub(crate) fn sleep(&mut self, time: Duration) {
        self.wall -= time;
    }

    /// Too late to say anything more: others may be about to take it.
    fn is_over(&self) -> bool {
        let margin = self.terms.lasts / 3;
        self.beat.elapsed() >= self.terms.gives_up || later(self.register.now(), margin) >= self.me.expires
    }
}

/// Who holds it now; `None` when nobody does.
///
/// # Errors
/// A call failed, or what is written there is no lease.
pub async fn holder<R: Register>(register: &R) -> Result<Option<Holder>, LeaseError> {
    let seen = look(register).await?.ok_or(LeaseError::Contended)?;
    Ok(seen.holder.filter(|holder| register.now() < holder.expires))
}

/// Ends the lease of a run, whether it lives or not. `false` when it is no longer that run's.
///
/// # Errors
/// A call failed, or others go on writing.
pub async fn end<R: Register>(register: &R, run: &str, poll: Poll) -> Result<bool, LeaseError> {
    let mut last = LeaseError::Contended;
    // Whether a write went out of which nobody knows whether it was carried out.
    let mut is_unanswered = false;
    for attempt in 0..TRIES {
        match try_end(register, run).await {
            // It was.
            Ok(Some(false)) if is_unanswered => return Ok(true),
            Ok(Some(is_ended)) => return Ok(is_ended),
            Ok(None) => last = LeaseError::Contended,
            Err(LeaseError::Call(failure)) if passes(failure.class) => {
                is_unanswered |= failure.class == Class::Unknown;
                last = failure.into();
            }
            Err(error) => return Err(error),
        }
        poll.pause(attempt).await;
    }
    Err(last)
}

/// Once. `None` when somebody else wrote in between.
async fn try_end<R: Register>(register: &R, run: &str) -> Result<Option<bool>, LeaseError> {
    let Some(seen) = look(register).await? else { return Ok(None) };
    if seen.holder.is_none_or(|holder| holder.run != run) {
        return Ok(Some(false));
    }
    let version = register.write(&Entry { holder: None, follows: seen.top }).await?;
    Ok((version == seen.top + 1).then_some(true))
}

/// How often something is tried again at once because somebody else wrote in between.
const TRIES: u32 = 4;

fn passes(class: Class) -> bool {
    matches!(class, Class::NotYet | Class::Already | Class::NotFound | Class::Throttled | Class::Unknown)
}

fn later(moment: i64, by: Duration) -> i64 {
    moment.saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX))
}

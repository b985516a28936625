//! Eventual consistency: reads answer as of a moment ago, writes always see the present.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Moment;
use crate::store::{State, digest};

/// How far behind reads (Describe, List, Get, Search) are, in simulated time.
///
/// Creations, changes and deletions all lag, because a read sees the whole store as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadLag {
    /// Reads see the present.
    #[default]
    None,
    /// Every read is this late.
    Fixed(Duration),
    /// Every read is late by a delay of its own, from nothing to this; drawn from the seed.
    UpTo(Duration),
}

impl ReadLag {
    pub(crate) fn longest(self) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(lag) | Self::UpTo(lag) => lag,
        }
    }

    /// The delay of the `n`-th request.
    pub(crate) fn draw(self, seed: u64, n: u64) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(lag) => lag,
            Self::UpTo(most) => {
                let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX - 1);
                let drawn = u64::from_be_bytes(digest(seed, "lag", n)) % millis.saturating_add(1);
                Duration::from_millis(drawn)
            }
        }
    }
}

/// The stores that reads may still see, oldest first. A [`State`] shares what did not change, so keeping them is cheap.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// Each was current until its moment.
    past: VecDeque<(Moment, State)>,
}

impl History {
    /// `replaced` was current until `now`. What no read can see any more is forgotten.
    pub fn push(&mut self, now: Moment, replaced: State, longest: Duration) {
        if longest.is_zero() {
            return;
        }
        self.past.push_back((now, replaced));
        let horizon = now.minus(longest);
        while self.past.front().is_some_and(|(until, _)| *until < horizon) {
            self.past.pop_front();
        }
    }

    /// The store as it was at `at`, if it has changed since.
    pub fn at(&self, at: Moment) -> Option<&State> {
        self.past.iter().find(|(until, _)| at < *until).map(|(_, state)| state)
    }
}

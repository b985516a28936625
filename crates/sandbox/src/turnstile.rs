//! Requests that are in flight at once, let in one by one in an order that a seed settles: for what two clients do to each
//! other. Some connections are passed over for a while, so that what a client was about to do may come long after what
//! others do.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::store::digest;

/// Real time in which whoever is about to ask, asks.
const GATHERING: Duration = Duration::from_millis(1);
/// Requests let in before others are passed over.
const LONGEST_EPOCH: u64 = 30;

/// Lets in one request at a time.
#[derive(Debug)]
pub(crate) struct Turnstile(Mutex<Turns>);

#[derive(Debug)]
struct Turns {
    seed: u64,
    thrown: u64,
    parked: Vec<Parked>,
    /// Who is passed over follows from it.
    epoch: u64,
    /// Requests until the next epoch.
    left: u64,
    is_turning: bool,
}

#[derive(Debug)]
struct Parked {
    connection: u64,
    open: oneshot::Sender<()>,
}

impl Turnstile {
    pub fn new(seed: u64) -> Arc<Self> {
        let turns = Turns { seed, thrown: 0, parked: vec![], epoch: 0, left: 0, is_turning: false };
        Arc::new(Self(Mutex::new(turns)))
    }

    /// Returns when it is this request's turn.
    pub async fn enter(self: Arc<Self>, connection: u64) {
        let (open, turn) = oneshot::channel();
        let starts = {
            let mut turns = self.turns();
            turns.parked.push(Parked { connection, open });
            !std::mem::replace(&mut turns.is_turning, true)
        };
        if starts {
            tokio::spawn(Self::turn(self));
        }
        // Whoever turns never forgets a request.
        let _ = turn.await;
    }

    #[expect(clippy::disallowed_methods, reason = "requests that come at the same time are what is being simulated")]
    async fn turn(self: Arc<Self>) {
        loop {
            tokio::time::sleep(GATHERING).await;
            let mut turns = self.turns();
            let Some(next) = turns.next() else {
                turns.is_turning = false;
                return;
            };
            // Its client may have gone.
            let _ = next.open.send(());
        }
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn throw(&mut self, what: &str, sides: u64) -> u64 {
        self.thrown += 1;
        u64::from_be_bytes(digest(self.seed, what, self.thrown)) % sides.max(1)
    }

    fn is_passed_over(&self, connection: u64) -> bool {
        digest(self.seed ^ self.epoch, "passed over", connection)[0].is_multiple_of(2)
    }

    fn next(&mut self) -> Option<Parked> {
        if self.parked.is_empty() {
            return None;
        }
        if self.left == 0 {
            self.epoch += 1;
            self.left = 1 + self.throw("epoch", LONGEST_EPOCH);
        }
        let open: Vec<usize> =
            (0..self.parked.len()).filter(|i| !self.is_passed_over(self.parked[*i].connection)).collect();
        // When all are passed over, somebody has to go.
        self.left = if open.is_empty() { 0 } else { self.left - 1 };
        let among = if open.is_empty() { (0..self.parked.len()).collect() } else { open };
        let place = self.throw("turn", among.len() as u64);
        let place = usize::try_from(place).ok().and_then(|place| among.get(place).copied())?;
        Some(self.parked.swap_remove(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(seed: u64) -> Vec<u64> {
        let turnstile = Turnstile::new(seed);
        let mut turns = turnstile.turns();
        for connection in 0..20 {
            turns.parked.push(Parked { connection, open: oneshot::channel().0 });
        }
        std::iter::from_fn(|| turns.next()).map(|parked| parked.connection).collect()
    }

    #[test]
    fn everybody_gets_in_and_the_order_follows_from_the_seed() {
        let mut all = order(1);
        assert_eq!(all, order(1));
        assert_ne!(all, order(2));
        all.sort_unstable();
        assert_eq!(all, (0..20).collect::<Vec<u64>>());
    }
}

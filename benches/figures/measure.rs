//! How long something takes.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Several runs of one thing.
pub struct Times(Vec<Duration>);

impl Times {
    /// Of runs that somebody else timed; at least one.
    pub fn new(mut runs: Vec<Duration>) -> Self {
        runs.sort();
        Times(runs)
    }

    /// What a machine with nothing else to do would need.
    pub fn best(&self) -> Duration {
        self.0.first().copied().unwrap_or_default()
    }

    /// What was usual while this ran.
    pub fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }
}

/// Runs `work` so many times; the first error ends it.
pub fn repeat(runs: usize, mut work: impl FnMut() -> Result<()>) -> Result<Times> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let since = Instant::now();
        work()?;
        times.push(since.elapsed());
    }
    Ok(Times::new(times))
}

/// `0.132`
pub fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

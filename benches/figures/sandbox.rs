//! An AWS in this process, and what was asked of it.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use gcnet::config::{City, Fleet};
use gcnet_sandbox::{ClockMode, Options, Sandbox};
use tokio::runtime::Runtime;

/// Injected latencies.
pub const LATENCIES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(50)];

/// Simulated seconds in a real one, as in `gcnet --sandbox`.
const SCALE: f64 = 1000.0;

/// The project's folder, with municipalities/.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Naruto, as its file is.
pub fn naruto() -> Result<City> {
    let fleet = Fleet::load(&project().join("municipalities"))?;
    Ok(fleet.city("naruto")?.clone())
}

/// As many threads as gcnet itself takes.
pub fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().context("no runtime")
}

/// An empty AWS in which every request takes so long.
pub async fn start(latency: Duration) -> Result<Sandbox> {
    let options = Options { latency, clock: ClockMode::Scaled(SCALE), ..Options::default() };
    Ok(Sandbox::start(options).await?)
}

/// What a run asked, from the sandbox's own log.
pub struct Cost {
    /// Requests.
    pub calls: usize,
    /// The longest chain of requests of which each arrived after the one before had been answered: what the run could not,
    /// or did not, do at the same time. Looks while waiting are among them. Without latency nothing can be said about it.
    pub rounds: Option<usize>,
}

impl Cost {
    /// Of all calls since the log was cleared.
    pub fn of(sandbox: &Sandbox, latency: Duration) -> Self {
        let calls = sandbox.calls();
        // The log has the moment, in simulated milliseconds, in which a request was carried out: after its latency.
        let took = (latency.as_secs_f64() * 1000.0 * SCALE) as i64;
        let mut ends: Vec<i64> = calls.iter().map(|call| call.at.as_millis()).collect();
        ends.sort_unstable();
        // All take equally long, so taking whatever ends first gives the longest chain.
        let (mut rounds, mut free) = (0, i64::MIN);
        for end in ends {
            if end - took >= free {
                (rounds, free) = (rounds + 1, end);
            }
        }
        Cost { calls: calls.len(), rounds: (!latency.is_zero()).then_some(rounds) }
    }

    /// For a table.
    pub fn rounds(&self) -> String {
        self.rounds.map_or_else(|| "-".into(), |rounds| rounds.to_string())
    }
}

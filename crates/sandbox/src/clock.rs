//! Simulated time. States that take time are computed from moments, so no task ever waits for them.

use std::fmt;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A point in simulated time: milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// The moment `millis` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Now by the system's clock.
    #[must_use]
    pub fn wall() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// This moment and `by` later; the end of time is not passed.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(millis(by)))
    }

    /// This moment less `by`.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }

    fn rfc3339(self, fraction: usize) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        format!("{at:.fraction$}")
    }

    /// `Wed, 01 Apr 2026 00:00:00 GMT`, as HTTP writes time; `None` outside the years that it can write.
    #[must_use]
    pub fn to_http_date(self) -> Option<String> {
        let at = jiff::Timestamp::from_millisecond(self.0).ok()?;
        jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()
    }

    /// `2026-04-01T00:00:00Z`, as the query protocols of STS and IAM write time.
    #[must_use]
    pub fn to_seconds_string(self) -> String {
        self.rfc3339(0)
    }
}

/// `2026-04-01T00:00:00.000Z`, as EC2 writes time.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339(3))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How simulated time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClockMode {
    /// So many simulated seconds per real second; 1.0 is real time. Starts at the system's time.
    Scaled(f64),
    /// Every request advances time by this much and nothing else does: the same calls see the same states. Zero is a
    /// paused clock. Starts at 2026-04-01T00:00:00Z.
    Stepped(Duration),
}

impl Default for ClockMode {
    /// A thousand times faster than reality: a transit gateway takes a tenth of a second.
    fn default() -> Self {
        Self::Scaled(1000.0)
    }
}

#[derive(Debug)]
pub(crate) struct Clock {
    mode: ClockMode,
    base: Moment,
    since: Instant,
}

impl Clock {
    /// A clock that goes on from `at`, or starts afresh. Time stands still while no sandbox runs.
    pub fn starting(mode: ClockMode, at: Option<Moment>) -> Self {
        let base = at.unwrap_or_else(|| match mode {
            ClockMode::Scaled(_) => Moment::wall(),
            ClockMode::Stepped(_) => Moment::from_millis(1_775_001_600_000),
        });
        Self { mode, base, since: Instant::now() }
    }

    pub fn now(&self) -> Moment {
        match self.mode {
            ClockMode::Scaled(rate) => {
                let passed = self.since.elapsed().as_secs_f64() * rate;
                self.base.plus(Duration::try_from_secs_f64(passed).unwrap_or(Duration::ZERO))
            }
            ClockMode::Stepped(_) => self.base,
        }
    }

    /// One request arrives.
    pub fn tick(&mut self) -> Moment {
        if let ClockMode::Stepped(step) = self.mode {
            self.base = self.base.plus(step);
        }
        self.now()
    }

    pub fn advance(&mut self, by: Duration) {
        self.base = self.base.plus(by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stepped_time_moves_with_requests_only() {
        let mut clock = Clock::starting(ClockMode::Stepped(Duration::from_secs(2)), None);
        assert_eq!(clock.now().to_string(), "2026-04-01T00:00:00.000Z");
        assert_eq!(clock.now().to_http_date().unwrap(), "Wed, 01 Apr 2026 00:00:00 GMT");
        assert_eq!(clock.tick().to_string(), "2026-04-01T00:00:02.000Z");
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now().to_seconds_string(), "2026-04-01T00:01:02Z");
    }

    #[test]
    fn time_does_not_overflow() {
        assert_eq!(Moment(i64::MAX).plus(Duration::MAX), Moment(i64::MAX));
        assert!(!Moment(i64::MAX).to_string().is_empty());
    }
}

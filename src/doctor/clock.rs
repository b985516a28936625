//! This machine's clock against AWS's, by the dates of its answers.

use super::{Check, Finding, Level};

/// AWS refuses signatures that are five minutes off (IAM user guide, "Signature Version 4"). The SDK corrects what it notices.
const REFUSED: u64 = 300;
const NOTICEABLE: u64 = 60;

/// `skew`: by how many seconds AWS's clock is ahead.
pub fn judge(skew: Option<i64>, simulated: bool) -> Check {
    let skew = skew.filter(|_| !simulated);
    let level = match skew.map(i64::unsigned_abs) {
        Some(off) if off > REFUSED => Level::Red,
        Some(off) if off > NOTICEABLE => Level::Yellow,
        None if !simulated => Level::Yellow,
        _ => Level::Green,
    };
    Check::new(level, Finding::Clock { skew, simulated })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_the_limit() {
        for (skew, simulated, level) in [
            (Some(0), false, Level::Green),
            (Some(-60), false, Level::Green),
            (Some(61), false, Level::Yellow),
            (Some(-300), false, Level::Yellow),
            (Some(301), false, Level::Red),
            (Some(-86_400), false, Level::Red),
            (Some(86_400), true, Level::Green),
            (None, false, Level::Yellow),
        ] {
            assert_eq!(judge(skew, simulated).level, level, "{skew:?}");
        }
    }
}

//! Waiting for a single thing outside any plan, so that commands sleep by the engine's rules and nobody else does.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Failure, Poll};

/// Looks until a look succeeds, as often as `poll` says and for `patience` at most. `passes` says of a failure whether it
/// may pass by itself.
///
/// # Errors
/// A failure that does not pass, or the last one when patience is at its end.
pub async fn until<T>(
    poll: Poll,
    patience: Duration,
    passes: impl Fn(&Failure) -> bool,
    mut look: impl AsyncFnMut() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let end = Instant::now() + patience;
    for attempt in 0.. {
        match look().await {
            Err(failure) if passes(&failure) && Instant::now() < end => poll.pause(attempt).await,
            seen => return seen,
        }
    }
    Err(Failure::internal("gcnet:wait", "it never ends"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Class;

    const POLL: Poll = Poll { first: Duration::from_secs(1), max: Duration::from_secs(8) };

    fn failure(class: Class) -> Failure {
        Failure { class, ..Failure::internal("x:Look", "") }
    }

    #[tokio::test(start_paused = true)]
    async fn it_looks_until_something_is_there() {
        let (began, mut looks) = (Instant::now(), 0);
        let seen = until(
            POLL,
            Duration::from_secs(60),
            |f| f.class.may_pass(),
            async || {
                looks += 1;
                if looks < 4 { Err(failure(Class::NotYet)) } else { Ok(looks) }
            },
        );
        assert_eq!(seen.await.unwrap(), 4);
        assert_eq!(began.elapsed(), Duration::from_millis(1000 + 1500 + 2250));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_and_what_does_not_pass_is_told_at_once() {
        let began = Instant::now();
        let never =
            until(POLL, Duration::from_secs(60), |f| f.class.may_pass(), async || Err::<(), _>(failure(Class::NotYet)));
        assert_eq!(never.await.unwrap_err().class, Class::NotYet);
        assert!(began.elapsed() >= Duration::from_secs(60) && began.elapsed() < Duration::from_secs(70));

        let mut looks = 0;
        let refused = until(
            POLL,
            Duration::from_secs(60),
            |f| f.class.may_pass(),
            async || {
                looks += 1;
                Err::<(), _>(failure(Class::Denied))
            },
        );
        assert_eq!(refused.await.unwrap_err().class, Class::Denied);
        assert_eq!(looks, 1);
    }
}

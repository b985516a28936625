//! What ends a command before its end: Ctrl-C, SIGTERM, a terminal that goes away, and readers that are gone. The first ends
//! it in an orderly way, a second Ctrl-C or SIGTERM at once.

use gcnet_core::Stop;

use super::Result;
use crate::report::{message::Message, screen::Screen};

/// Listens from now on, for as long as the process lives. There is one for a whole command: what was stopped for one
/// municipality is not begun for the next. A command that `has_lease` keeps it when it is ended at once, and says so.
pub(super) fn listen(screen: Screen, has_lease: bool) -> Stop {
    let stop = Stop::default();
    let (asked, unheard) = (stop.clone(), stop.clone());
    let reader = screen.clone();
    tokio::spawn(async move {
        reader.gone().await;
        // Of stdout and stderr, one may still have a reader.
        reader.tell(&Message::NobodyReads);
        unheard.request();
    });
    tokio::spawn(async move {
        interrupted().await;
        screen.tell(&Message::Interrupted { has_lease });
        asked.request();
        insisted().await;
        screen.clear();
        // What a shell reports for a process that Ctrl-C ended.
        std::process::exit(130);
    });
    stop
}

/// Work that leaves nothing half done when it is dropped, such as reading.
pub(super) async fn unless_stopped<T>(stop: &Stop, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        () = stop.requested() => Err(Box::new(Message::Aborted)),
    }
}

/// Returns at the first.
pub(super) async fn interrupted() {
    #[cfg(unix)]
    unix::first(unix::hangs_up()).await;
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
}

/// Returns at the first that somebody sent who means it. A terminal that goes away sends its signal more than once.
async fn insisted() {
    #[cfg(unix)]
    unix::first(false).await;
    #[cfg(not(unix))]
    drop(tokio::signal::ctrl_c().await);
}

#[cfg(unix)]
mod unix {
    use std::task::Poll;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) async fn first(with_hangup: bool) {
        let hangup = with_hangup.then(SignalKind::hangup);
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()].into_iter().chain(hangup);
        // Without a handler the default one ends the process, as it would have done anyway.
        let mut signals: Vec<Signal> = kinds.filter_map(|kind| signal(kind).ok()).collect();
        let came = |cx: &mut std::task::Context<'_>| {
            if signals.iter_mut().any(|signal| signal.poll_recv(cx).is_ready()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        };
        std::future::poll_fn(came).await;
    }

    /// `nohup` has a process ignore it, and to listen would undo that. Only Linux tells.
    pub(super) fn hangs_up() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        // Bit 0 is signal 1.
        ignored & 1 == 0
    }
}

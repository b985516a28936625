//! Ctrl-C and SIGTERM: the first ends the command in an orderly way, the second at once.

use gcnet_core::Stop;

use crate::report::{message::Message, screen::Screen};

/// Listens from now on, for as long as the process lives. There is one for a whole command: what was stopped for one
/// municipality is not begun for the next.
pub(super) fn listen(screen: Screen) -> Stop {
    let stop = Stop::default();
    let asked = stop.clone();
    tokio::spawn(async move {
        interrupted().await;
        screen.tell(&Message::Interrupted);
        asked.request();
        interrupted().await;
        screen.clear();
        // What a shell reports for a process that Ctrl-C ended.
        std::process::exit(130);
    });
    stop
}

/// Returns at the first.
pub(super) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Without a handler for SIGTERM, the default one ends the process, as it would have done anyway.
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

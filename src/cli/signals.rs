//! Ctrl-C and SIGTERM: the first ends the run in an orderly way, the second at once.

use gcnet_core::Stop;

use crate::report::{message::Message, screen::Screen};

/// Ends only by being aborted, or with the process.
pub(super) async fn watch(stop: Stop, screen: Screen) {
    interrupted().await;
    screen.tell(&Message::Interrupted);
    stop.request();
    interrupted().await;
    screen.clear();
    // What a shell reports for a process that Ctrl-C ended.
    std::process::exit(130);
}

/// Returns at the first.
pub(super) async fn first() {
    interrupted().await;
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    // Without a handler for SIGTERM, the default one ends the process, as it would have done anyway.
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    drop(tokio::signal::ctrl_c().await);
}

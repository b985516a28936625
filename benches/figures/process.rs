//! The gcnet binary as a process of its own: how long it runs and how much memory it takes at most.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// The binary that this benchmark was built with. Nothing of the caller's environment reaches it: profiles, proxies and
/// languages would be measured too.
pub fn gcnet(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gcnet"));
    command.env_clear().env("LANG", "en_US.UTF-8").env("AWS_EC2_METADATA_DISABLED", "true");
    command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs a command that must succeed, and answers its wall time.
pub fn time(command: &mut Command) -> Result<Duration> {
    let since = Instant::now();
    let status = command.status().context("cannot start gcnet")?;
    let elapsed = since.elapsed();
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(elapsed)
}

/// Runs a command that must succeed, and answers its peak resident memory in bytes; `None` where /proc does not tell.
///
/// Looks a thousand times a second, so what is timed is never what is looked at. The kernel's own high-water mark is read:
/// only what is allocated within the last millisecond could be missed.
pub fn peak(command: &mut Command) -> Result<Option<u64>> {
    let mut child: Child = command.spawn().context("cannot start gcnet")?;
    let status_file = format!("/proc/{}/status", child.id());
    let (tell, ended) = mpsc::channel();
    let waiter = thread::spawn(move || {
        let status = child.wait();
        // The looker may have given up.
        let _ = tell.send(());
        status
    });
    let mut peak = None;
    while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(Duration::from_millis(1)) {
        peak = peak.max(std::fs::read_to_string(&status_file).ok().as_deref().and_then(high_water_mark));
    }
    let status = match waiter.join() {
        Ok(status) => status?,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(peak)
}

/// `VmHWM:     12345 kB`, in bytes.
fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// In MB, for a table.
pub fn megabytes(peak: Option<u64>) -> String {
    peak.map_or_else(|| "-".into(), |bytes| format!("{:.1}", bytes as f64 / 1e6))
}

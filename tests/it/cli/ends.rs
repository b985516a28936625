//! Runs that do not get to their end: Ctrl-C once, twice, a terminal that goes away, readers that are gone, a full disk, and a
//! process that is killed. The next run always continues.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::fs::FileTypeExt,
    process::{Child, ChildStderr, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    Folder,
    server::{ACCOUNT, Server, credentials},
};

/// A run that is under way.
pub(super) struct Running {
    pub(super) child: Child,
    err: BufReader<ChildStderr>,
    told: String,
}

impl Running {
    pub(super) fn start(folder: &Folder, line: &str) -> Self {
        Running::of(folder.command(line).stdout(Stdio::null()))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.envs(credentials(ACCOUNT)).stderr(Stdio::piped()).spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        Running { child, err, told: String::new() }
    }

    /// Waits until a line says so.
    pub(super) fn until(&mut self, word: &str) {
        let already = self.told.len();
        while !self.told[already..].contains(word) {
            let read = self.err.read_line(&mut self.told).unwrap();
            assert_ne!(read, 0, "it ended without {word}:\n{}", self.told);
        }
    }

    pub(super) fn interrupt(&self) {
        self.signal("-INT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// As the power fails.
    pub(super) fn end_at_once(mut self) {
        self.child.kill().unwrap();
        self.end();
    }

    /// Its exit code and all that it said.
    pub(super) fn end(mut self) -> (Option<i32>, String) {
        self.err.read_to_string(&mut self.told).unwrap();
        (self.child.wait().unwrap().code(), self.told)
    }
}

fn converges(server: &Server, folder: &Folder) {
    server.run(folder, "-q apply naruto --yes").succeeds();
    server.run(folder, "-q plan naruto --detailed-exitcode").ends_with(3);
    let listing: Value = serde_json::from_str(&server.run(folder, "show naruto --json").succeeds().out).unwrap();
    assert_eq!(listing["resources"].as_array().unwrap().len(), 100);
}

#[test]
fn the_first_interruption_finishes_what_is_in_flight() {
    let folder = Folder::new();
    let server = Server::start(&folder, "--latency 60");
    let mut run = Running::start(&folder, &server.line("--parallelism 2 apply naruto --yes"));
    run.until("[  5/110]");
    run.interrupt();
    let (code, told) = run.end();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("warning: stopping: no further steps are started"), "{told}");
    let end = &told[told.find("warning: the run was stopped").unwrap()..];
    assert!(end.contains("of 110 steps; run `gcnet"), "{told}");
    converges(&server, &folder);
}

#[test]
fn the_second_interruption_ends_at_once() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    server.fault(json!({ "on": { "operation": "CreateVpc" }, "effect": { "hang": "after_execution" } }));
    let mut run = Running::start(&folder, &server.line("apply naruto --yes"));
    run.until("[  3/110]");
    run.interrupt();
    run.until("stopping");
    let since = Instant::now();
    run.interrupt();
    let (code, told) = run.end();
    assert_eq!(code, Some(130), "{told}");
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    server.heal();
    let refused = server.run(&folder, "apply naruto --yes").ends_with(1);
    assert!(refused.err.contains("another run works on naruto/prod"), "its lease is left: {}", refused.err);
    server.run(&folder, "unlock naruto --yes").succeeds();
    converges(&server, &folder);
    assert_eq!(server.resources().iter().filter(|(kind, _)| kind == "vpc").count(), 1, "it was not made twice");
}

#[test]
fn a_killed_run_is_continued() {
    let folder = Folder::new();
    let mut run = Running::start(&folder, "--sandbox --parallelism 1 apply naruto --yes");
    run.until("[ 20/110]");
    run.child.kill().unwrap();
    assert_eq!(run.end().0, None);
    let plan: Value = serde_json::from_str(&folder.run("--sandbox plan naruto --json").succeeds().out).unwrap();
    let left = plan["summary"]["create"].as_u64().unwrap();
    assert!((1..=90).contains(&left), "{left} are left to make");
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(3);
    let listing: Value = serde_json::from_str(&folder.run("--sandbox show naruto --json").succeeds().out).unwrap();
    assert_eq!(listing["resources"].as_array().unwrap().len(), 100);
    folder.run("--sandbox -q destroy naruto --include-protected --confirm naruto --yes").succeeds();
    // What can be restored is shown until it is gone for good.
    let listing: Value = serde_json::from_str(&folder.run("--sandbox show naruto --json").succeeds().out).unwrap();
    let left = listing["resources"].as_array().unwrap().iter();
    let left: Vec<(&str, &str)> =
        left.map(|row| (row["address"].as_str().unwrap(), row["state"].as_str().unwrap())).collect();
    assert_eq!(left, [("certificate-authority/root", "deleted")]);
}

/// gcnet with a line of arguments, in a shell that has done something before.
fn after(folder: &Folder, before: &str, line: &str) -> Command {
    let gcnet = env!("CARGO_BIN_EXE_gcnet");
    let like = folder.command("");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{before}; exec {gcnet} {line}")]).current_dir(folder.path("")).env_clear();
    shell.envs(like.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
    shell
}

const BUILD: &str = "--sandbox --parallelism 1 apply naruto --yes";

/// Nobody holds the lease, and something is left to do, and not all.
fn stopped_well(folder: &Folder, left: &mut u64) {
    let lease = folder.run("--sandbox unlock naruto").succeeds();
    assert!(lease.err.contains("nobody holds the lease"), "it was given back: {}", lease.err);
    let plan: Value = serde_json::from_str(&folder.run("--sandbox plan naruto --json").succeeds().out).unwrap();
    let now = plan["summary"]["create"].as_u64().unwrap();
    assert!(0 < now && now < *left, "the next plan finds what was done: {now} of {left}");
    *left = now;
}

#[test]
fn sigterm_and_a_terminal_that_goes_away_stop_a_run_as_ctrl_c_does() {
    let folder = Folder::new();
    let mut left = 107;
    for signals in [vec!["-TERM"], vec!["-HUP", "-HUP"]] {
        let mut run = Running::start(&folder, BUILD);
        run.until(": created");
        signals.iter().for_each(|signal| run.signal(signal));
        let (code, told) = run.end();
        assert_eq!(code, Some(1), "{signals:?}: {told}");
        assert!(told.contains("the run was stopped") && told.contains("steps; run `gcnet"), "{told}");
        stopped_well(&folder, &mut left);
    }
    // It goes away with all that it shows, and the signal does not come.
    let mut run = Running::start(&folder, BUILD);
    run.until(": created");
    let Running { mut child, err, .. } = run;
    drop(err);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    stopped_well(&folder, &mut left);
    // What `nohup` keeps from a run, it does not hear.
    let mut run = Running::of(after(&folder, "trap '' HUP", BUILD).stdout(Stdio::null()));
    run.until(": created");
    run.signal("-HUP");
    assert_eq!(run.end().0, Some(0));
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(3);
}

#[test]
fn a_run_whose_events_nobody_reads_any_more_stops() {
    let folder = Folder::new();
    let mut run = Running::of(folder.command(&format!("{BUILD} --json")).stdout(Stdio::piped()));
    let mut out = BufReader::new(run.child.stdout.take().unwrap());
    let mut read = String::new();
    while !read.contains("\"event\":\"done\"") {
        assert_ne!(out.read_line(&mut read).unwrap(), 0, "{read}");
    }
    drop(out);
    let (code, told) = run.end();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("nobody reads the output any more"), "{told}");
    assert!(told.contains("of 110 steps; run `gcnet"), "what was done is told where somebody reads: {told}");
    stopped_well(&folder, &mut 107);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_trouble() {
    let folder = Folder::new();
    for line in [
        "validate",
        "--sandbox plan naruto",
        "--sandbox plan naruto --json",
        "--sandbox show naruto",
        "reach naruto",
        "schema",
        "man",
        "completions bash",
        "plan --help",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = folder.command(line);
        let ended = command.stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
        assert_eq!(ended.code(), Some(0), "{line}: a panic ends with 101");
    }
}

#[test]
fn a_full_disk_leaves_the_old_plan_and_no_half_of_a_new_one() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let full = server.run(&folder, "-q plan naruto --out /dev/full").ends_with(1);
    assert!(full.err.contains("cannot save the plan /dev/full : No space left"), "{}", full.err);
    assert!(full.err.contains("hint: check that the folder is there"), "{}", full.err);
    assert!(std::fs::metadata("/dev/full").unwrap().file_type().is_char_device(), "it is still what it was");
    assert!(
        server.run(&folder, "-q plan naruto --out /dev/stdout").succeeds().out.starts_with("{\n  \"format_version\"")
    );

    server.run(&folder, "-q plan naruto --out plan.json").succeeds();
    let old = folder.read("plan.json");
    folder.edit("  retention_days: 365", "  retention_days: 400");
    let mut small = after(&folder, "trap '' XFSZ; ulimit -f 8", &server.line("-q plan naruto --out plan.json"));
    let ended = small.envs(credentials(ACCOUNT)).output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot save the plan plan.json"), "{told}");
    assert_eq!(folder.read("plan.json"), old);
    let drafts = std::fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let drafts: Vec<_> = drafts.filter(|name| name.to_string_lossy().starts_with(".plan.json")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

#[test]
fn a_full_disk_under_the_sandbox_undoes_what_it_cannot_keep() {
    let folder = Folder::new();
    // Half of what Naruto's network takes, whether a block is 512 or 1024 bytes.
    let mut small = after(&folder, "trap '' XFSZ; ulimit -f 120", "--sandbox -q apply naruto --yes");
    let ended = small.output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("SandboxCannotSave"), "{told}");
    assert!(told.contains("the sandbox could not write its file"), "{told}");
    assert!(!folder.path(".gcnet/sandbox.json.new").exists());
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(3);
}

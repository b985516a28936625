//! Runs that do not get to their end: Ctrl-C once, twice, and a process that is killed.
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    Folder,
    server::{ACCOUNT, Server, credentials},
};

/// A run that is under way.
struct Running {
    child: Child,
    err: BufReader<ChildStderr>,
    told: String,
}

impl Running {
    fn start(folder: &Folder, line: &str) -> Self {
        let mut command = folder.command(line);
        command.envs(credentials(ACCOUNT)).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        Running { child, err, told: String::new() }
    }

    /// Waits until a line says so.
    fn until(&mut self, word: &str) {
        let already = self.told.len();
        while !self.told[already..].contains(word) {
            let read = self.err.read_line(&mut self.told).unwrap();
            assert_ne!(read, 0, "it ended without {word}:\n{}", self.told);
        }
    }

    fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// Its exit code and all that it said.
    fn end(mut self) -> (Option<i32>, String) {
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

//! Every target on its seeds, on what once broke it, and on a few changes of its seeds. The fuzzer goes further; this runs
//! wherever tests run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests are tests, and what broke a target is named before it breaks it again"
)]

use std::sync::mpsc;
use std::time::Duration;

use gcnet_fuzz::{TARGETS, Target};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

/// No input may take longer, on the slowest machine. It is the fuzzer's bound too.
const LONGEST: Duration = Duration::from_secs(10);
/// Changed inputs for each target.
const CHANGED: u32 = 64;

/// What readers stumble over: ends of things, beginnings without an end, numbers at their limits.
const ODD: &[&str] = &[
    "\0",
    "\u{feff}",
    "\u{1b}[2J",
    "\u{202e}",
    "%00",
    "%ff",
    "&",
    "=",
    "\"",
    "{",
    "[",
    "<",
    ">",
    "]]>",
    "<!--",
    "&#x1b;",
    "*",
    "&a ",
    "*a",
    "!",
    "- ",
    ": ",
    "\t",
    "\r\n",
    "---\n",
    "-1",
    "18446744073709551616",
    "1e999",
    "0x7fffffff",
    ".1.1.1.1.1",
    "NaN",
    "999999999999-99-99",
    "0.0.0.0/0",
    "255.255.255.255/33",
    "::/0",
    "arn:aws:::::",
    "葛\u{e0100}城",
];

/// One change of an input.
#[derive(Clone, Debug)]
enum Change {
    Cut(Index, Index),
    Repeat(Index, Index, usize),
    Put(Index, &'static str),
    Flip(Index, u8),
    Copy(Index, Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), at()).prop_map(|(a, b)| Change::Cut(a, b)),
        (at(), at(), 2..400_usize).prop_map(|(a, b, times)| Change::Repeat(a, b, times)),
        (at(), proptest::sample::select(ODD)).prop_map(|(a, odd)| Change::Put(a, odd)),
        (at(), any::<u8>()).prop_map(|(a, byte)| Change::Flip(a, byte)),
        (at(), at(), at()).prop_map(|(a, b, to)| Change::Copy(a, b, to)),
    ]
}

/// A part of an input that is not so long that repeating it is all that happens.
fn part(bytes: &[u8], a: &Index, b: &Index) -> std::ops::Range<usize> {
    let start = a.index(bytes.len() + 1);
    start..start + b.index((bytes.len() - start).min(200) + 1)
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        match change {
            Change::Cut(a, b) => drop(bytes.drain(part(&bytes, a, b))),
            Change::Repeat(a, b, times) => {
                let part = part(&bytes, a, b);
                let again = bytes[part.clone()].repeat(*times);
                bytes.splice(part, again);
            }
            Change::Put(a, odd) => {
                let at = a.index(bytes.len() + 1);
                bytes.splice(at..at, odd.bytes());
            }
            Change::Flip(a, byte) if !bytes.is_empty() => {
                let at = a.index(bytes.len());
                bytes[at] ^= byte;
            }
            Change::Flip(..) => {}
            Change::Copy(a, b, to) => {
                let part = bytes[part(&bytes, a, b)].to_vec();
                let at = to.index(bytes.len() + 1);
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// Runs it on a thread of its own, so that one that never ends is a failure and no silence.
fn feed(target: &Target, bytes: &[u8]) -> bool {
    let (tell, told) = mpsc::channel();
    let (target, bytes) = (*target, bytes.to_vec());
    let name = target.name;
    let fed = std::thread::spawn(move || {
        // Nobody listens any more where it took too long.
        let _ = tell.send(target.feed(&bytes));
    });
    match told.recv_timeout(LONGEST) {
        Ok(is_understood) => is_understood,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name} takes longer than {LONGEST:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => std::panic::resume_unwind(fed.join().unwrap_err()),
    }
}

/// Of seeds that are no longer understood a fuzzer, and the changes below, would only ever see refusals. Some are there to be
/// refused: most of what lies beside certificates is keys and broken requests.
#[test]
fn every_target_understands_its_seeds() {
    for target in TARGETS {
        let seeds = target.seeds();
        let understood = seeds.iter().filter(|bytes| feed(target, bytes)).count();
        assert!(understood * 4 > seeds.len(), "{}: {understood} of {}", target.name, seeds.len());
    }
}

/// Nothing that the fuzzer found is kept yet: it is from the first file on under `regressions`, which must be called after a target.
#[test]
fn what_broke_a_target_breaks_it_no_more() {
    let kept = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/regressions")).into_iter().flatten().flatten();
    for folder in kept.map(|entry| entry.file_name()) {
        assert!(TARGETS.iter().any(|target| folder == *target.name), "{} is no target", folder.display());
    }
    for target in TARGETS {
        for (path, bytes) in target.regressions() {
            println!("{}", path.display());
            feed(target, &bytes);
        }
    }
}

#[test]
fn no_change_of_a_seed_breaks_a_target() {
    for target in TARGETS {
        let seeds = target.seeds();
        let case = (proptest::sample::select(seeds), proptest::collection::vec(change(), 1..6));
        let config = Config { cases: CHANGED, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        let fed = TestRunner::new(config).run(&case, |(seed, changes)| {
            feed(target, &changed(seed, &changes));
            Ok(())
        });
        assert!(fed.is_ok(), "{}: {fed:?}", target.name);
    }
}

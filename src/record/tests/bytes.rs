//! One record, byte by byte and line by line: what a reader is told of each change.

use std::{fs, sync::LazyLock};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    super::{Broken, Entry, Fault, Line, Planned, Wrong, chain, read::one, sha256},
    name, whole,
};

/// A record of a run, as bytes, and its name.
static SAMPLE: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
    let dir = TempDir::new().unwrap();
    let writer = whole(dir.path());
    (name(&writer), fs::read(writer.path()).unwrap())
});

fn sample() -> (String, Vec<u8>) {
    SAMPLE.clone()
}

/// What somebody is told who reads it.
#[derive(Debug, PartialEq)]
enum Told {
    /// It is as it was written, from beginning to end.
    Whole,
    /// It did not end, with or without a warning, as of a run that was killed. It fails nothing.
    NotEnded,
    /// It is not as it was written.
    Fault,
}

fn told(file: &str, bytes: &[u8]) -> Told {
    let (run, faults) = one(file, bytes);
    match run {
        _ if faults.iter().any(|fault| !fault.is_warning()) => Told::Fault,
        Some(run) if run.ended.is_some() && faults.is_empty() => Told::Whole,
        _ => Told::NotEnded,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_changed_byte_is_noticed(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let (file, mut bytes) = sample();
        prop_assert_eq!(told(&file, &bytes), Told::Whole);
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != with);
        bytes[at] = with;
        // The last byte ends the last line.
        prop_assert_eq!(told(&file, &bytes), if at + 1 == bytes.len() { Told::NotEnded } else { Told::Fault });
    }

    #[test]
    fn any_byte_too_few_or_too_many_is_noticed(at in any::<prop::sample::Index>(), more in any::<u8>()) {
        let (file, bytes) = sample();
        let mut fewer = bytes.clone();
        let gone = at.index(bytes.len());
        fewer.remove(gone);
        prop_assert_eq!(told(&file, &fewer), if gone + 1 == bytes.len() { Told::NotEnded } else { Told::Fault });
        let mut longer = bytes.clone();
        longer.insert(at.index(bytes.len() + 1), more);
        prop_assert_eq!(told(&file, &longer), Told::Fault);
    }

    /// Only a later run, or the copy in CloudWatch, tells it from one that was killed.
    #[test]
    fn an_end_that_is_cut_off_is_one_that_did_not_end(at in any::<prop::sample::Index>()) {
        let (file, bytes) = sample();
        prop_assert_eq!(told(&file, &bytes[..at.index(bytes.len())]), Told::NotEnded);
    }

    #[test]
    fn any_line_that_goes_comes_twice_or_moves_is_noticed(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (file, bytes) = sample();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        let joined = |lines: &[&str]| (lines.join("\n") + "\n").into_bytes();
        let mut fewer = lines.clone();
        fewer.remove(a);
        prop_assert_eq!(told(&file, &joined(&fewer)), if a + 1 == lines.len() { Told::NotEnded } else { Told::Fault });
        let mut twice = lines.clone();
        twice.insert(b, lines[a]);
        prop_assert_eq!(told(&file, &joined(&twice)), Told::Fault);
        let mut moved = lines.clone();
        moved.swap(a, b);
        prop_assert_eq!(told(&file, &joined(&moved)), if a == b { Told::Whole } else { Told::Fault });
    }
}

/// Of a later gcnet. What a plan's steps say is no part of the form.
#[test]
fn another_form_is_told_apart_from_a_changed_line() {
    let (file, bytes) = sample();
    let text = String::from_utf8(bytes).unwrap();
    let first = text.lines().next().unwrap();
    let of = |changed: &str| {
        let open = changed.rsplit_once(",\"hash\":").unwrap().0;
        format!("{open},\"hash\":\"{}\"}}\n", sha256(format!("{open}}}")))
    };
    let judged = |changed: String| one(&file, of(&changed).as_bytes()).1;
    let fault = |wrong| vec![Fault { file: file.clone(), line: Some(1), wrong }];
    let more = first.replacen("\"run\":", "\"more\":1,\"run\":", 1);
    assert_eq!(judged(more.clone()), fault(Wrong::Line(Broken::Form)));
    let later = more.replacen("\"format_version\":1", "\"format_version\":2", 1);
    assert_eq!(judged(later), fault(Wrong::Version { found: 2 }));
    let steps = vec![serde_json::json!({ "address": "vpc/shared", "action": "adopt", "new": [1] })];
    let planned = Planned { digest: String::new(), plan_version: 2, steps };
    let line = Line { seq: 1, at: jiff::Timestamp::UNIX_EPOCH, prev: String::new(), entry: Entry::Planned(planned) };
    let (sealed, _) = chain::seal(&line).unwrap();
    assert_eq!(chain::open(&sealed).unwrap().0, line);
}

#[test]
fn the_line_that_is_broken_is_named() {
    let (file, bytes) = sample();
    let text = String::from_utf8(bytes).unwrap();
    let changed = text.replacen("\"request_id\":\"5c0b\"", "\"request_id\":\"5c0c\"", 1);
    let (run, faults) = one(&file, changed.as_bytes());
    assert_eq!(faults, [Fault { file, line: Some(3), wrong: Wrong::Line(Broken::Hash) }]);
    assert_eq!(run.unwrap().calls.len(), 1, "what stands before it is believed");
}

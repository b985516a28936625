//! Reads a folder of records and holds every line to its hash, its place and what later runs say of it.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    path::Path,
};

use super::{Broken, Call, Entry, FORMAT_VERSION, Fault, History, MAX_BYTES, Run, Wrong, chain, tips};

/// Reads them all; a folder that is not there has none.
///
/// # Errors
/// The system refuses to list the folder. A file that cannot be read is a fault of the history.
pub fn read(folder: &Path) -> io::Result<History> {
    let mut history = History::default();
    for path in tips::files(folder)? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match bytes(&path) {
            Ok(bytes) => {
                let (run, faults) = one(&file, &bytes);
                history.runs.extend(run);
                history.faults.extend(faults);
            }
            Err(error) => {
                let wrong = Wrong::Unreadable { detail: error.to_string() };
                history.faults.push(Fault { file, line: None, wrong });
            }
        }
    }
    let named = between(&history);
    history.faults.extend(named);
    Ok(history)
}

/// Never more than a record has, also where it grows while it is read.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    tips::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// One file. What comes after the first line that is not as it was written is not believed.
pub(super) fn one(file: &str, bytes: &[u8]) -> (Option<Run>, Vec<Fault>) {
    let fault = |line: Option<usize>, wrong| vec![Fault { file: file.to_string(), line, wrong }];
    let mut run: Option<Run> = None;
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    // After the last end there is nothing.
    let rest = lines.pop().unwrap_or_default();
    if lines.is_empty() && rest.is_empty() {
        return (None, fault(None, Wrong::Empty));
    }
    let mut prev = String::new();
    for (place, bytes) in lines.iter().enumerate() {
        let at = Some(place + 1);
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let (line, hash) = match chain::open(text) {
            Ok(opened) => opened,
            Err(Broken::Form) if place == 0 => {
                let version = chain::version_of(text).filter(|found| *found != FORMAT_VERSION);
                let wrong = version.map_or(Wrong::Line(Broken::Form), |found| Wrong::Version { found });
                return (None, fault(at, wrong));
            }
            Err(broken) => return (run, fault(at, Wrong::Line(broken))),
        };
        if line.prev != prev || line.seq != place as u64 + 1 {
            return (run, fault(at, Wrong::Order));
        }
        match (line.entry, &mut run) {
            (Entry::Began(began), None) => {
                if began.format_version != FORMAT_VERSION {
                    return (None, fault(at, Wrong::Version { found: began.format_version }));
                }
                if format!("{}{}", began.run, super::ENDING) != file {
                    return (None, fault(at, Wrong::Name { run: began.run }));
                }
                let (file, at, began) = (file.to_string(), line.at, *began);
                run = Some(Run { file, at, began, planned: None, calls: vec![], ended: None, hashes: vec![] });
            }
            (Entry::Began(_), Some(_)) | (_, None) => return (run, fault(at, Wrong::Beginning)),
            (_, Some(Run { ended: Some(_), .. })) => return (run, fault(at, Wrong::Order)),
            (Entry::Planned(planned), Some(run)) => run.planned = Some(planned),
            (Entry::Sent(sent), Some(run)) => run.calls.push(Call { at: line.at, sent, answered: None }),
            (Entry::Answered(answered), Some(run)) => {
                let mut calls = run.calls.iter_mut();
                if let Some(call) = calls.find(|call| call.sent.call == answered.call) {
                    call.answered = Some((line.at, answered));
                }
            }
            (Entry::Ended(ended), Some(run)) => run.ended = Some((line.at, ended)),
        }
        if let Some(run) = &mut run {
            run.hashes.push(hash.clone());
        }
        prev = hash;
    }
    let at = Some(lines.len() + 1);
    let faults = match &run {
        _ if rest.is_empty() => vec![],
        // After its end a run writes nothing.
        Some(Run { ended: Some(_), .. }) => fault(at, Wrong::Order),
        _ => fault(at, Wrong::Cut),
    };
    (run, faults)
}

/// What later runs say of the ends of earlier ones.
fn between(history: &History) -> Vec<Fault> {
    let runs: BTreeMap<&str, &Run> = history.runs.iter().map(|run| (run.began.run.as_str(), run)).collect();
    let mut faults: Vec<Fault> = vec![];
    for later in &history.runs {
        for tip in &later.began.after {
            let file = format!("{}{}", tip.run, super::ENDING);
            let mut of_file = history.faults.iter().filter(|fault| fault.file == file).peekable();
            let is_there = of_file.peek().is_some();
            // Of what is broken itself, no more can be said.
            if of_file.any(|fault| !fault.is_warning()) {
                continue;
            }
            let named_by = later.began.run.clone();
            let place = usize::try_from(tip.seq).unwrap_or(usize::MAX);
            let (line, wrong) = match runs.get(tip.run.as_str()) {
                None if is_there => (Some(1), Wrong::Shorter { named_by }),
                None => (None, Wrong::Missing { named_by }),
                Some(run) => match place.checked_sub(1).and_then(|place| run.hashes.get(place)) {
                    None => (Some(run.hashes.len() + 1), Wrong::Shorter { named_by }),
                    Some(hash) if *hash != tip.hash => (Some(place), Wrong::Other { named_by }),
                    Some(_) => continue,
                },
            };
            // One later run that says so is enough.
            if !faults.iter().any(|fault| fault.file == file && fault.line == line) {
                faults.push(Fault { file, line, wrong });
            }
        }
    }
    faults
}

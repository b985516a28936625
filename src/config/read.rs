//! Reading one file: bytes to text to tree to the typed schema, with everything that is wrong on the way.

use std::path::Path;
use std::sync::Arc;

use super::decode::{Mistake, Reason, decode};
use super::fleet::City;
use super::node::{Complaint, Kind, Node};
use super::problem::{Code, Finding, Problem, Related, Role, Severity, nearest};
use super::schema::Municipality;
use super::source::{Place, Source, Span};
use crate::files::{self, Unread};

/// Largest file that is read, in bytes. Itano's, with everything, has some 15 kB.
pub const MAX_BYTES: u64 = 1 << 18;

/// Mistakes after which a file is put down. It is read once more after each, and nobody mends more at a time.
pub const MAX_MISTAKES: usize = 100;

/// A file that has no text, and why.
#[derive(Debug)]
pub(super) struct Refused {
    pub source: Arc<Source>,
    pub finding: Finding,
}

/// Reads a file's text. The error still carries a source, so that the finding has a place to point at.
pub(super) fn file(path: &Path) -> Result<Arc<Source>, Box<Refused>> {
    let name = path.to_string_lossy().into_owned();
    let refuse = |problem: Problem| refuse(&name, "", 0, problem);
    let unreadable = |error: std::io::Error| refuse(Problem::Unreadable { error: error.to_string() });
    let is = std::fs::metadata(path).map_err(unreadable)?;
    // Opening a pipe waits for somebody who writes to it, and a device has no end.
    if !is.is_file() && !is.is_dir() {
        return Err(refuse(Problem::NotAFile));
    }
    let bytes = files::read(path, MAX_BYTES).map_err(|unread| match unread {
        Unread::System(error) => unreadable(error),
        Unread::TooLarge { limit } => refuse(Problem::TooLarge { bytes: is.len().max(limit + 1), limit }),
    })?;
    text(&name, bytes)
}

/// The text of a file's bytes.
pub(super) fn text(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Box<Refused>> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(broken) => {
            let valid = broken.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(broken.as_bytes().get(..valid).unwrap_or_default()).into_owned();
            let line = text.matches('\n').count() + 1;
            Err(refuse(name, &text, valid, Problem::NotUtf8 { line }))
        }
    }
}

fn refuse(name: &str, text: &str, offset: usize, problem: Problem) -> Box<Refused> {
    let source = Source::new(name, text);
    let span = Span::new(offset as u32, offset as u32);
    let finding = error(Code::V00, problem, Place::new(&source, span));
    Box::new(Refused { source, finding })
}

/// Reads a text as a municipality. A city may come out although there are findings: what is wrong was then left out.
pub(super) fn city(source: &Arc<Source>) -> (Option<City>, Vec<Finding>) {
    if source.text.len() as u64 > MAX_BYTES {
        let problem = Problem::TooLarge { bytes: source.text.len() as u64, limit: MAX_BYTES };
        return (None, vec![error(Code::V00, problem, Place::new(source, Span::default()))]);
    }
    let mut complaints = Vec::new();
    let tree = Node::read(source, &mut complaints);
    let mut findings: Vec<Finding> = complaints.into_iter().map(|complaint| said(source, complaint)).collect();
    let too_many =
        || error(Code::V00, Problem::TooManyMistakes { limit: MAX_MISTAKES }, Place::new(source, Span::default()));
    if findings.len() >= MAX_MISTAKES {
        findings.push(too_many());
        return (None, findings);
    }
    let Some(mut tree) = tree else { return (None, findings) };

    let mut samples = Vec::new();
    collect_samples(&tree, &mut samples);
    let (config, mistakes) = decode::<Municipality>(&mut tree, MAX_MISTAKES);
    let is_all = mistakes.len() < MAX_MISTAKES;
    findings.extend(mistakes.into_iter().map(|mistake| explain(source, mistake)));
    if !is_all {
        findings.push(too_many());
    }

    let city = config.map(|config| City { source: Arc::clone(source), config, samples });
    if let Some(City { config, .. }) = &city
        && config.municipality.key.as_str() != source.stem
    {
        let key = &config.municipality.key;
        let problem = Problem::StemMismatch { stem: source.stem.clone(), key: key.to_string() };
        findings.push(error(Code::V01, problem, Place::new(source, key.span)));
    }
    (city, findings)
}

fn error(code: Code, problem: Problem, place: Place) -> Finding {
    Finding { code, severity: Severity::Error, problem, place, related: Vec::new() }
}

fn said(source: &Arc<Source>, complaint: Complaint) -> Finding {
    match complaint {
        Complaint::Syntax { message, span } => error(Code::V00, Problem::Syntax { message }, Place::new(source, span)),
        Complaint::UnknownTag { tag, span } => error(Code::V00, Problem::UnknownTag { tag }, Place::new(source, span)),
        Complaint::DuplicateKey { key, span, first } => Finding {
            related: vec![Related { place: Place::new(source, first), role: Role::First }],
            ..error(Code::V01, Problem::DuplicateKey { key }, Place::new(source, span))
        },
    }
}

fn explain(source: &Arc<Source>, Mistake { span, reason }: Mistake) -> Finding {
    let place = Place::new(source, span);
    let text = || {
        let text = source.slice(span).lines().next().unwrap_or_default();
        text.trim_matches(['"', '\'']).to_owned()
    };
    match reason {
        Reason::Fault(fault) => error(Code::V00, Problem::Value { text: text(), fault }, place),
        Reason::MissingKey { key } => error(Code::V00, Problem::MissingKey { key: key.to_owned() }, place),
        Reason::Empty => error(Code::V00, Problem::EmptyValue { key: text() }, place),
        Reason::UnknownKey { key, known } => {
            let suggestion = nearest(&key, known.iter().copied()).map(str::to_owned);
            let known = known.iter().map(|&key| key.to_owned()).collect();
            error(Code::V01, Problem::UnknownKey { key, suggestion, known }, place)
        }
        Reason::Other(message) => error(Code::V00, Problem::Syntax { message }, place),
    }
}

fn collect_samples(node: &Node, samples: &mut Vec<Span>) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar { .. } if node.sample => samples.push(node.span),
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter().for_each(|item| collect_samples(item, samples)),
        Kind::Mapping { entries, .. } => entries.iter().for_each(|entry| collect_samples(&entry.value, samples)),
    }
}

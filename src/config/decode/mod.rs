//! From the tree to the typed schema: an ordinary serde deserializer that reports every mistake, not only the first.
//!
//! serde stops at an error. So the node that is wrong is noted, taken out of the tree, and the rest is read again; a block
//! that is incomplete only because one of its keys was taken out goes without a word. A file of n mistakes is read n + 1
//! times, a healthy file once.

mod access;
mod reader;

use std::fmt;

use serde::de::{self, DeserializeOwned};

use super::fault::Fault;
use super::node::{Kind, Node};
use super::problem::nearest;
use super::source::Span;
use reader::Reader;

/// A mistake that keeps a part of the file from being read as the schema wants it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mistake {
    pub span: Span,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reason {
    /// A scalar that is not what its key asks for.
    Fault(Fault),
    /// A key that the block must have.
    MissingKey { key: &'static str },
    /// A key that the block does not know.
    UnknownKey { key: String, known: &'static [&'static str] },
    /// A key without a value.
    Empty,
    /// Anything else that serde may say; no schema type of ours says it.
    Other(String),
}

/// Reads the tree as `T`. The tree loses what is wrong. `None` when what is left is not a whole `T`, or after `most` mistakes.
pub(super) fn decode<T: DeserializeOwned>(root: &mut Node, most: usize) -> (Option<T>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    loop {
        let error = match T::deserialize(Reader { node: root }) {
            Ok(value) => return (Some(value), mistakes),
            Err(error) => error,
        };
        let mut path: Vec<usize> = error.path.into_iter().rev().collect();
        let follows = match (&error.reason, root.descend(&path)) {
            (Reason::MissingKey { key }, Some(Node { kind: Kind::Mapping { removed, .. }, .. })) => {
                removed.iter().any(|gone| gone == key)
            }
            _ => false,
        };
        if !follows {
            mistakes.push(Mistake { span: error.span.unwrap_or(root.span), reason: error.reason });
        }
        if mistakes.len() >= most {
            return (None, mistakes);
        }
        let Some(last) = path.pop() else {
            return (None, mistakes);
        };
        // A misspelt key explains the missing one.
        let meant = match mistakes.last() {
            Some(Mistake { reason: Reason::UnknownKey { key, known }, .. }) if !follows => {
                nearest(key, known.iter().copied())
            }
            _ => None,
        };
        match root.descend(&path) {
            Some(parent) => parent.remove(last, meant),
            None => return (None, mistakes),
        }
    }
}

/// Carries a [`Fault`] through `serde::de::Error::custom`, which takes nothing but text.
pub(super) fn wire(fault: &Fault) -> String {
    // A fault is plain data, so that serialising cannot fail; the text of last resort is still true.
    serde_json::to_string(fault).map_or_else(|_| "wrong value".to_owned(), |json| format!("{WIRE}{json}"))
}

/// No message of serde starts with this.
const WIRE: &str = "\u{1}fault:";

#[derive(Debug)]
struct Error {
    reason: Reason,
    span: Option<Span>,
    /// Child indices, innermost first.
    path: Vec<usize>,
}

impl Error {
    fn new(reason: Reason) -> Self {
        Self { reason, span: None, path: Vec::new() }
    }
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
    fn under(mut self, index: usize) -> Self {
        self.path.push(index);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let fault = message.strip_prefix(WIRE).and_then(|json| serde_json::from_str(json).ok());
        Error::new(fault.map_or(Reason::Other(message), Reason::Fault))
    }
    fn missing_field(field: &'static str) -> Self {
        Error::new(Reason::MissingKey { key: field })
    }
    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Error::new(Reason::UnknownKey { key: key.to_owned(), known })
    }
    fn unknown_variant(variant: &str, allowed: &'static [&'static str]) -> Self {
        Error::new(Reason::Fault(choice(variant, allowed)))
    }
}

fn choice(text: &str, allowed: &[&str]) -> Fault {
    Fault::Choice {
        allowed: allowed.iter().map(|&name| name.to_owned()).collect(),
        suggestion: nearest(text, allowed.iter().copied()).map(str::to_owned),
    }
}

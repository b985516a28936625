//! The same for machines.

use serde::Serialize;

use crate::{
    record::{Answered, Began, Broken, Ended, Fault, Planned, Run as Recorded, Sent, Wrong},
    report::document::FORMAT_VERSION,
};

/// All that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listing {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Key of the municipality.
    pub municipality: String,
    /// Oldest first.
    pub runs: Vec<Run>,
    /// What is not as it was written, in the whole folder.
    pub faults: Vec<Broke>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// RFC 3339.
    pub began_at: String,
    /// Who did what, where.
    #[serde(flatten)]
    pub began: Began,
    /// What was to be done; absent in a list of runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    /// Every call that changes something; absent in a list of runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<Call>>,
    /// RFC 3339; absent of a run that did not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// RFC 3339.
    pub sent_at: String,
    /// What was sent.
    #[serde(flatten)]
    pub sent: Sent,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Broke {
    /// Which file.
    pub file: String,
    /// Which line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong: `changed`, `order`, `cut`, `empty`, `beginning`, `name`, `version`, `unreadable`, `missing`, `shorter`, `other`,
    /// `not_a_line`, `form`.
    pub wrong: &'static str,
    /// A loss of power leaves as much: it is told, and fails nothing.
    pub is_warning: bool,
    /// The run that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_by: Option<String>,
}

impl Listing {
    /// Of these runs, in detail or not.
    pub fn new(municipality: &str, runs: &[&Recorded], faults: &[Fault], in_detail: bool) -> Self {
        Listing {
            format_version: FORMAT_VERSION,
            municipality: municipality.into(),
            runs: runs.iter().map(|run| Run::of(run, in_detail)).collect(),
            faults: faults.iter().map(Broke::of).collect(),
        }
    }
}

impl Run {
    fn of(run: &Recorded, in_detail: bool) -> Self {
        let call = |call: &crate::record::Call| Call {
            sent_at: call.at.to_string(),
            sent: call.sent.clone(),
            answered_at: call.answered.as_ref().map(|(at, _)| at.to_string()),
            answered: call.answered.as_ref().map(|(_, answered)| answered.clone()),
        };
        Run {
            began_at: run.at.to_string(),
            began: run.began.clone(),
            planned: run.planned.clone().filter(|_| in_detail),
            calls: in_detail.then(|| run.calls.iter().map(call).collect()),
            ended_at: run.ended.as_ref().map(|(at, _)| at.to_string()),
            ended: run.ended.as_ref().map(|(_, ended)| ended.clone()),
        }
    }
}

impl Broke {
    fn of(fault: &Fault) -> Self {
        let (wrong, named_by) = match &fault.wrong {
            Wrong::Line(Broken::NotALine) => ("not_a_line", None),
            Wrong::Line(Broken::Form) => ("form", None),
            Wrong::Line(Broken::Hash) => ("changed", None),
            Wrong::Order => ("order", None),
            Wrong::Cut => ("cut", None),
            Wrong::Empty => ("empty", None),
            Wrong::Beginning => ("beginning", None),
            Wrong::Name { .. } => ("name", None),
            Wrong::Version { .. } => ("version", None),
            Wrong::Unreadable { .. } => ("unreadable", None),
            Wrong::Missing { named_by } => ("missing", Some(named_by)),
            Wrong::Shorter { named_by } => ("shorter", Some(named_by)),
            Wrong::Other { named_by } => ("other", Some(named_by)),
        };
        Broke {
            file: fault.file.clone(),
            line: fault.line,
            wrong,
            is_warning: fault.is_warning(),
            named_by: named_by.cloned(),
        }
    }
}

//! What a folder of records tells, and what is wrong with it.

use jiff::Timestamp;

use super::{Answered, Began, Broken, Ended, Planned, Sent};

/// All runs of a folder, oldest first, and all that does not fit together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Those whose beginning can be read.
    pub runs: Vec<Run>,
    /// None: nothing was changed or taken away, but perhaps the ends of runs that no later run has named.
    pub faults: Vec<Fault>,
}

/// One run, as far as its record is as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The name of its file.
    pub file: String,
    /// When it began.
    pub at: Timestamp,
    /// Who did what, where.
    pub began: Began,
    /// What was to be done.
    pub planned: Option<Planned>,
    /// What was called, in the order in which it was sent.
    pub calls: Vec<Call>,
    /// How it ended, and when. `None`: it is under way, or was killed, or its end was cut off.
    pub ended: Option<(Timestamp, Ended)>,
    /// Of every line.
    pub(super) hashes: Vec<String>,
}

/// One call that changes something.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// When it was sent.
    pub at: Timestamp,
    /// What was sent.
    pub sent: Sent,
    /// What came of it, and when. `None`: nobody knows.
    pub answered: Option<(Timestamp, Answered)>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the file.
    pub file: String,
    /// Which line, from 1; `None` for the whole file.
    pub line: Option<usize>,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Fault {
    /// A machine that loses its power leaves as much, and nobody need have had a hand in it. What a later run has seen is a fault
    /// all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self.wrong, Wrong::Cut | Wrong::Empty)
    }
}

/// What is wrong with a line or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The line is not as it was written.
    Line(Broken),
    /// It does not follow the line before it: one was taken away, added or moved.
    Order,
    /// The last line has no end, of a run that has none either: the machine lost its power, or it is being written just now.
    Cut,
    /// There is no line in it, for the same reasons.
    Empty,
    /// It does not begin as a record does, or begins twice.
    Beginning,
    /// The file is called otherwise than the run in it.
    Name {
        /// The run in it.
        run: String,
    },
    /// Another version of the form.
    Version {
        /// Its version.
        found: u32,
    },
    /// The system refuses to read it.
    Unreadable {
        /// Its reason.
        detail: String,
    },
    /// A later run names it, and it is not there.
    Missing {
        /// The later run.
        named_by: String,
    },
    /// A later run names a line of it that is not there any more.
    Shorter {
        /// The later run.
        named_by: String,
    },
    /// A later run names a line of it that was another then.
    Other {
        /// The later run.
        named_by: String,
    },
}

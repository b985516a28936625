//! What a line can say. These types are the form; they change only with [`FORMAT_VERSION`].

use gcnet_core::{Address, Outcome, Report};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::report::document::Document;

/// Of records: readers refuse what they do not know.
pub const FORMAT_VERSION: u32 = 1;

/// One line, but for its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Counts from 1.
    pub seq: u64,
    /// By this machine's clock.
    pub at: Timestamp,
    /// The hash of the line before; empty of the first.
    pub prev: String,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Entry {
    /// Always the first line, and no other.
    Began(Box<Began>),
    /// What is about to be carried out.
    Planned(Planned),
    /// A call that changes something goes out. Written before it does.
    Sent(Sent),
    /// What came of one.
    Answered(Answered),
    /// Always the last line; missing where the run was killed.
    Ended(Ended),
}

/// Who does what, where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Began {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The name of this run, and of its file.
    pub run: String,
    /// Which command.
    pub command: Command,
    /// Key of the municipality.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// Not AWS, but a simulation on this machine.
    pub simulated: bool,
    /// Whose credentials, as STS tells.
    pub arn: String,
    /// The machine.
    pub host: String,
    /// Who was logged in there.
    pub user: String,
    /// Version of gcnet, with its commit where its build was told one: `0.1.0+3bf59d9`.
    pub gcnet: String,
    /// What it was compiled for: `x86_64-linux`.
    #[serde(default)]
    pub platform: String,
    /// The municipality's file.
    pub file: SourceFile,
    /// The ends, so far, of the runs in the same folder that no other run has named so far.
    pub after: Vec<Tip>,
}

/// Commands that leave a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Command {
    Apply,
    Destroy,
    Repair,
    CaIssue,
    CaList,
    CaRevoke,
    CaRestore,
}

/// A municipality's file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// As the operator would write it.
    pub path: String,
    /// In hexadecimal digits.
    pub sha256: String,
}

/// A line of another run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// Which run.
    pub run: String,
    /// Which line.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// A plan that is about to be carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// SHA-256 of the plan in the form of `plan --json`, without what it cost and without spaces.
    pub digest: String,
    /// The version of that form.
    #[serde(default)]
    pub plan_version: u32,
    /// Its steps, in that form. Not read as steps: what a step can say changes with the form of plans and not with that of records.
    pub steps: Vec<Value>,
}

impl Planned {
    /// Of a plan.
    ///
    /// # Errors
    /// None: its form can always be written.
    pub fn of(document: &Document) -> serde_json::Result<Self> {
        let whole = serde_json::to_vec(&Document { api: None, ..document.clone() })?;
        let steps = document.steps.iter().map(serde_json::to_value).collect::<serde_json::Result<_>>()?;
        Ok(Planned { digest: super::sha256(whole), plan_version: document.format_version, steps })
    }
}

/// A call goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Counts from 1.
    pub call: u64,
    /// `ec2:CreateVpc`
    pub operation: String,
    /// In whose account, 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// For which resource of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Address>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// [`Sent::call`]
    pub call: u64,
    /// How it ended.
    pub end: CallEnd,
    /// AWS's code, or gcnet's own where AWS said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// AWS's name for the call, which CloudTrail has as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// It was carried out.
    Ok,
    /// It was refused and changed nothing.
    Refused,
    /// Nobody knows whether it was carried out.
    Unknown,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// In a word.
    pub result: Result,
    /// What became of the steps of the plan, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Steps>,
    /// How many calls that change something ended how.
    pub calls: Calls,
}

/// How a run ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Result {
    /// All that was to be done is done.
    Done,
    /// All that is ours is; others owe a move.
    Waiting,
    /// Something failed.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

/// Counts of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Steps {
    pub done: usize,
    pub failed: usize,
    /// Something that they wait for failed.
    pub skipped: usize,
    /// They end with another party, or wait for one.
    pub theirs: usize,
    pub not_started: usize,
}

/// Counts of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Calls {
    pub ok: usize,
    pub refused: usize,
    pub unknown: usize,
}

impl Result {
    /// Of a plan that was carried out.
    pub fn of(report: &Report) -> Self {
        match report {
            report if report.is_success() && report.is_waiting() => Result::Waiting,
            report if report.is_success() => Result::Done,
            report if report.stopped => Result::Stopped,
            _ => Result::Failed,
        }
    }
}

impl Steps {
    /// Of a plan that was carried out.
    pub fn of(report: &Report) -> Self {
        let mut steps = Steps::default();
        for outcome in &report.outcomes {
            *match outcome {
                Outcome::Done { .. } => &mut steps.done,
                Outcome::Failed { .. } => &mut steps.failed,
                Outcome::Skipped { .. } => &mut steps.skipped,
                Outcome::Theirs { .. } | Outcome::Held { .. } => &mut steps.theirs,
                Outcome::NotStarted => &mut steps.not_started,
            } += 1;
        }
        steps
    }
}

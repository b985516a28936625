//! Answers for machines. English.

use gcnet_resolve::Answer;
use serde::Serialize;

use super::{View, notes};
use crate::report::{Lang, document::Subject};

/// Version of the form here.
const FORMAT_VERSION: u32 = 1;

/// What becomes of a name, for everybody who was asked about.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    format_version: u32,
    municipality: &'a str,
    environment: &'a str,
    account: &'a str,
    region: &'a str,
    view: View,
    /// What the answers rest on.
    assumptions: Vec<String>,
    answers: &'a [Answer],
}

impl<'a> Report<'a> {
    /// Of these answers.
    pub fn new(subject: &'a Subject, view: View, answers: &'a [Answer]) -> Self {
        Report {
            format_version: FORMAT_VERSION,
            municipality: &subject.municipality,
            environment: &subject.environment,
            account: &subject.account,
            region: &subject.region,
            view,
            assumptions: notes(view, answers, Lang::En),
            answers,
        }
    }
}

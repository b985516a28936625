//! The check for machines. English.

use ipnet::Ipv4Net;
use serde::Serialize;

use super::{Checked, Report, State};
use crate::digcheck::{Because, Expected, Found, Reply, Response, Verdict, Via};

/// Version of the form here.
const FORMAT_VERSION: u32 = 1;

/// Every question with its answer.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    format_version: u32,
    municipality: &'a str,
    environment: &'a str,
    servers: Vec<String>,
    summary: Summary,
    answers: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Summary {
    ok: usize,
    nothing_there: usize,
    differs: usize,
    no_answer: usize,
    refused: usize,
    timed_out: usize,
    failed: usize,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    server: String,
    transport: &'static str,
    state: State,
    because: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    asp: Option<&'a str>,
    expected: Wanted<'a>,
    #[serde(flatten)]
    got: Option<Got<'a>>,
    /// Why there is no answer, when the query failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    file: &'a str,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Wanted<'a> {
    Records { values: Vec<&'a str>, ttl_at_most: u32 },
    AddressesWithin(&'a [Ipv4Net]),
    Soa { or_of_zone_around: bool },
    AnyNs,
}

#[derive(Debug, Serialize)]
struct Got<'a> {
    code: &'a str,
    got: Vec<Answer<'a>>,
    /// Zones whose SOA came in the authority section.
    authority: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Answer<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    value: &'a str,
    ttl: u32,
}

impl Serialize for State {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            State::Ok => "ok",
            State::NothingThere => "nothing_there",
            State::Differs => "differs",
            State::NoAnswer => "no_answer",
            State::Refused => "refused",
            State::TimedOut => "timed_out",
            State::Failed => "failed",
        })
    }
}

impl<'a> Document<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        let row = |checked: &'a Checked<'a>| row(report, checked);
        Document {
            format_version: FORMAT_VERSION,
            municipality: &report.subject.municipality,
            environment: &report.subject.environment,
            servers: report.servers.iter().map(ToString::to_string).collect(),
            summary: Summary {
                ok: report.count(State::Ok),
                nothing_there: report.count(State::NothingThere),
                differs: report.count(State::Differs),
                no_answer: report.count(State::NoAnswer),
                refused: report.count(State::Refused),
                timed_out: report.count(State::TimedOut),
                failed: report.count(State::Failed),
            },
            answers: report.checked.iter().map(row).collect(),
        }
    }
}

fn row<'a>(report: &Report<'a>, checked: &'a Checked<'a>) -> Row<'a> {
    let question = checked.question;
    let (line, column) = report.city.at(question.span).line_column();
    let (because, asp) = because(&question.because);
    Row {
        name: &question.name,
        kind: question.kind.as_str(),
        server: checked.server.to_string(),
        transport: match checked.via {
            Via::Udp => "udp",
            Via::Tcp => "tcp",
        },
        state: State::of(&checked.verdict),
        because,
        asp,
        expected: match &question.expected {
            Expected::Records { values, at_most } => {
                Wanted::Records { values: values.iter().map(String::as_str).collect(), ttl_at_most: *at_most }
            }
            Expected::Addresses { within } => Wanted::AddressesWithin(within),
            Expected::Zone { or_around } => Wanted::Soa { or_of_zone_around: *or_around },
            Expected::Servers => Wanted::AnyNs,
        },
        got: match checked.reply {
            Reply::Response(response) => Some(got(response)),
            Reply::TimedOut | Reply::Failed { .. } => None,
        },
        detail: match &checked.verdict {
            Verdict::Failed { detail } => Some(detail),
            _ => None,
        },
        file: &report.city.source.name,
        line,
        column,
    }
}

fn got(response: &Response) -> Got<'_> {
    Got {
        code: &response.code,
        got: response.answers.iter().map(Answer::from).collect(),
        authority: response.authorities.iter().map(|soa| soa.owner.as_str()).collect(),
    }
}

impl<'a> From<&'a Found> for Answer<'a> {
    fn from(found: &'a Found) -> Self {
        Answer { name: &found.owner, kind: &found.kind, value: &found.value, ttl: found.ttl }
    }
}

fn because(because: &Because) -> (&'static str, Option<&str>) {
    match because {
        Because::Zone => ("zone", None),
        Because::Record => ("record", None),
        Because::Endpoint { asp } => ("private_link_endpoint", Some(asp)),
        Because::AspZone { asp } => ("asp_zone", Some(asp)),
        Because::Forwarded => ("forwarded", None),
        Because::ForwardedReverse => ("forwarded_reverse", None),
    }
}

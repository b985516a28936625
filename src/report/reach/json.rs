//! Reachability for machines. English.

use std::collections::BTreeMap;

use gcnet_reach::{Moment, Paths, Verdict};
use ipnet::Ipv4Net;
use serde::Serialize;

use super::{Overview, View, rules, trail, words::Waits};
use crate::{config::derive::Must, reach::Outcome, report::document::Subject};

/// Version of the forms here.
const FORMAT_VERSION: u32 = 1;

/// Every pair of places, and every rule.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    format_version: u32,
    #[serde(flatten)]
    head: Head<'a>,
    /// What the verdicts rest on besides what each names.
    assumptions: [&'static str; 3],
    places: Vec<PlaceRow<'a>>,
    pairs: Vec<Pair<'a>>,
    rules: Vec<RuleRow<'a>>,
    /// What the reasons of waits stand for.
    waits: &'a BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Head<'a> {
    municipality: &'a str,
    environment: &'a str,
    account: &'a str,
    region: &'a str,
    view: View,
}

impl<'a> Head<'a> {
    fn new(subject: &'a Subject, view: View) -> Self {
        Head {
            municipality: &subject.municipality,
            environment: &subject.environment,
            account: &subject.account,
            region: &subject.region,
            view,
        }
    }
}

#[derive(Debug, Serialize)]
struct PlaceRow<'a> {
    name: &'a str,
    ranges: Vec<Ipv4Net>,
}

#[derive(Debug, Serialize)]
struct Pair<'a> {
    from: &'a str,
    to: &'a str,
    now: &'a Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    when_open: Option<&'a Verdict>,
}

#[derive(Debug, Serialize)]
struct RuleRow<'a> {
    from: String,
    to: String,
    must: &'static str,
    why: &'static str,
    state: &'static str,
    /// The pair that breaks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_by: Option<&'a (String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moment: Option<Moment>,
    file: &'a str,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
}

impl<'a> Report<'a> {
    /// Of a survey.
    pub fn new(overview: &Overview<'a>) -> Self {
        let (survey, network) = (overview.survey, overview.network);
        let pair = |cell: &'a gcnet_reach::Cell| Pair {
            from: &cell.from,
            to: &cell.to,
            now: &cell.verdict,
            when_open: survey.later.verdict(&cell.from, &cell.to),
        };
        let rule = |(rule, outcome): &'a (crate::reach::Rule, Outcome)| {
            let (line, column) = overview.city.at(rule.wish.span).line_column();
            let (broken_by, moment) = match outcome {
                Outcome::Broken { pair, moment } => (Some(pair), Some(*moment)),
                Outcome::Holds | Outcome::Opens | Outcome::NoPlace => (None, None),
            };
            RuleRow {
                from: rules::place(&rule.wish.from),
                to: rules::place(&rule.wish.to),
                must: match rule.wish.must {
                    Must::Reach => "reach",
                    Must::NotReach => "not_reach",
                },
                why: rule.wish.why.as_str(),
                state: match outcome {
                    Outcome::Holds => "holds",
                    Outcome::Opens => "will_hold",
                    Outcome::Broken { .. } => "broken",
                    Outcome::NoPlace => "nothing_to_judge",
                },
                broken_by,
                moment,
                file: &overview.city.source.name,
                line,
                column,
            }
        };
        Report {
            format_version: FORMAT_VERSION,
            head: Head::new(overview.subject, overview.view),
            assumptions: [
                "route tables of other companies, and rules of security groups that name a prefix list or a group, are as \
                 helpful as they could be: nobody here sees into them",
                match overview.view {
                    View::Planned => "lines announce what the file expects of them",
                    View::Live => {
                        "lines announce what our route tables have learned now; later, and where they are not open, what \
                         the file expects of them"
                    }
                },
                "network ACLs and hosts let everything through",
            ],
            places: network
                .places
                .iter()
                .map(|place| PlaceRow { name: &place.name, ranges: trail::ranges(network, place) })
                .collect(),
            pairs: survey.now.cells.iter().map(pair).collect(),
            rules: survey.rules.iter().map(rule).collect(),
            waits: overview.waits,
        }
    }
}

/// One pair, hop by hop.
#[derive(Debug, Serialize)]
pub struct PathReport<'a> {
    format_version: u32,
    #[serde(flatten)]
    head: Head<'a>,
    moment: Moment,
    #[serde(flatten)]
    paths: &'a Paths,
    waits: &'a Waits,
}

impl<'a> PathReport<'a> {
    /// Of one moment.
    pub fn new(subject: &'a Subject, view: View, moment: Moment, paths: &'a Paths, waits: &'a Waits) -> Self {
        PathReport { format_version: FORMAT_VERSION, head: Head::new(subject, view), moment, paths, waits }
    }
}

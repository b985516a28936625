//! What an answer is worth.

use std::collections::BTreeSet;

use super::{
    ask::{Reply, Response},
    question::{Expected, Kind, Question},
    value::Found,
};

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As the file has it.
    Ok,
    /// Something else came.
    Differs {
        /// In no order; with the type where that is another one.
        got: BTreeSet<String>,
    },
    /// The values are right, but last longer than the file says: somebody changed the record, or the server is another.
    LastsLonger {
        /// Seconds.
        ttl: u32,
    },
    /// The server has no such record.
    NoAnswer {
        /// `NOERROR` when it knows the name, but not with this type.
        code: String,
    },
    /// The server does not answer us.
    Refused,
    /// Nothing came in time.
    TimedOut,
    /// The query could not be sent, or its answer not be read.
    Failed {
        /// Why, in English.
        detail: String,
    },
}

/// Holds a reply against what the file expects.
pub fn judge(question: &Question, reply: &Reply) -> Verdict {
    let response = match reply {
        Reply::Response(response) => response,
        Reply::TimedOut => return Verdict::TimedOut,
        Reply::Failed { detail } => return Verdict::Failed { detail: detail.clone() },
    };
    match response.code.as_str() {
        "NOERROR" => {}
        "REFUSED" => return Verdict::Refused,
        code => return Verdict::NoAnswer { code: code.into() },
    }
    let own: Vec<&Found> = response.answers.iter().filter(|found| found.owner == question.name).collect();
    match &question.expected {
        Expected::Records { values, at_most } => records(question.kind, &own, values, *at_most),
        Expected::Addresses { within } => {
            // Of the endpoint itself, or through an alias to its own name.
            let addresses: Vec<&Found> = response.answers.iter().filter(|found| found.kind == "A").collect();
            let is_inside = |found: &&Found| {
                found
                    .value
                    .parse()
                    .is_ok_and(|address| within.iter().any(|range| range.contains::<&std::net::Ipv4Addr>(&address)))
            };
            match addresses.is_empty() {
                true => nothing_of(question.kind, &own),
                false if addresses.iter().all(is_inside) => Verdict::Ok,
                false => Verdict::Differs { got: texts(question.kind, &addresses) },
            }
        }
        Expected::Zone { or_around } => zone(question, response, &own, *or_around),
        Expected::Servers => match own.iter().any(|found| found.kind == "NS") {
            true => Verdict::Ok,
            false => nothing_of(question.kind, &own),
        },
    }
}

fn records(kind: Kind, own: &[&Found], values: &BTreeSet<String>, at_most: u32) -> Verdict {
    if own.is_empty() {
        return nothing_of(kind, own);
    }
    let got = texts(kind, own);
    if got != *values {
        return Verdict::Differs { got };
    }
    match own.iter().map(|found| found.ttl).max() {
        Some(ttl) if ttl > at_most => Verdict::LastsLonger { ttl },
        _ => Verdict::Ok,
    }
}

/// A zone says its SOA when it is asked at its top, and in the authority section for what it does not have.
fn zone(question: &Question, response: &Response, own: &[&Found], or_around: bool) -> Verdict {
    let named = response.authorities.iter();
    let is_there = own.iter().any(|found| found.kind == "SOA") || named.clone().any(|zone| *zone == question.name);
    let encloses = |zone: &&String| {
        // All of in-addr.arpa is nobody's zone in a private network.
        let is_private = zone.as_str() != "in-addr.arpa" && zone.ends_with(".in-addr.arpa");
        is_private && question.name.ends_with(&format!(".{zone}"))
    };
    if is_there || (or_around && named.clone().any(|zone| encloses(&zone))) {
        return Verdict::Ok;
    }
    let others: BTreeSet<String> = named.map(|zone| format!("SOA {zone}")).collect();
    match (own.is_empty(), others.is_empty()) {
        (true, false) => Verdict::Differs { got: others },
        _ => nothing_of(question.kind, own),
    }
}

/// Nothing of the type that was asked for; perhaps something else.
fn nothing_of(kind: Kind, own: &[&Found]) -> Verdict {
    match own.is_empty() {
        true => Verdict::NoAnswer { code: "NOERROR".into() },
        false => Verdict::Differs { got: texts(kind, own) },
    }
}

fn texts(kind: Kind, found: &[&Found]) -> BTreeSet<String> {
    let text = |found: &&Found| match found.kind == kind.as_str() {
        true => found.value.clone(),
        false => format!("{} {}", found.kind, found.value),
    };
    found.iter().map(text).collect()
}

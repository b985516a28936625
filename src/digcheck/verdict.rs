//! What an answer is worth.

use std::collections::BTreeSet;

use super::{
    ask::{Reply, Response},
    question::{Expected, Kind, Question},
    value::Found,
};

/// No name, and none below it.
const NO_SUCH_NAME: &str = "NXDOMAIN";
/// Zones of two labels that are nobody's in a private network.
const PUBLIC: [&str; 3] = ["in-addr.arpa", "ip6.arpa", "lg.jp"];
/// Primary server in the SOAs of those who take the reverse zones of private ranges off the root (RFC 7534): the query left for
/// the internet.
const AS112: &str = "prisoner.iana.org";

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
    /// The right side answers, but has nothing at the name: a reverse zone without a host in it, say.
    NothingThere {
        /// The zone that has nothing there.
        zone: String,
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

impl Verdict {
    /// Names come and go on-premises: who answers for a forwarded name without having it has been reached all the same.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Verdict::Ok | Verdict::NothingThere { .. })
    }
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
        // Who does not have a name says for which zone.
        NO_SUCH_NAME if matches!(question.expected, Expected::Zone { or_around: true }) => {}
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
    let (of_zones, others): (Vec<&Found>, Vec<&Found>) = own.iter().partition(|found| found.kind == "SOA");
    let zones: Vec<&Found> = of_zones.into_iter().chain(&response.authorities).collect();
    let mut believed = zones.iter().filter(|soa| soa.value != AS112);
    if believed.clone().any(|soa| soa.owner == question.name) {
        return Verdict::Ok;
    }
    let encloses = |soa: &&&Found| question.name.ends_with(&format!(".{}", soa.owner)) && !is_public(&soa.owner);
    if let Some(zone) = believed.find(encloses).filter(|_| or_around) {
        return match response.code.as_str() {
            NO_SUCH_NAME => Verdict::NothingThere { zone: zone.owner.clone() },
            _ => Verdict::Ok,
        };
    }
    let mut got = texts(question.kind, &others);
    got.extend(zones.iter().map(|soa| format!("SOA {}", if soa.owner.is_empty() { "." } else { &soa.owner })));
    match got.is_empty() {
        true => Verdict::NoAnswer { code: response.code.clone() },
        false => Verdict::Differs { got },
    }
}

/// Whether servers of the internet answer for this zone to everybody who was not told to ask elsewhere: the root, a top-level
/// domain, or one of a few below.
fn is_public(zone: &str) -> bool {
    !zone.contains('.') || PUBLIC.contains(&zone)
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

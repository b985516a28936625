//! What to ask for a file, and what has to come back.

use std::collections::BTreeSet;

use ipnet::Ipv4Net;

use super::value;
use crate::config::{
    derive::{SubnetRole, reverse_zones},
    schema::{Dns, Municipality, RecordType},
    source::Span,
};

/// One name, asked for one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// In lower case, without a trailing dot.
    pub name: String,
    /// The type that is asked for.
    pub kind: Kind,
    /// What has to come back.
    pub expected: Expected,
    /// What of the file the question stands for.
    pub because: Because,
    /// Where that is written.
    pub span: Span,
}

/// A type of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One that the file has records of.
    Record(RecordType),
    /// Start of a zone.
    Soa,
    /// Name servers of a zone.
    Ns,
}

impl Kind {
    /// As zone files spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Record(kind) => kind.as_str(),
            Kind::Soa => "SOA",
            Kind::Ns => "NS",
        }
    }
}

/// What has to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Exactly these values, in the canonical form of `value`.
    Records {
        /// In no order: servers turn it.
        values: BTreeSet<String>,
        /// Seconds; a cache on the way may have counted them down.
        at_most: u32,
    },
    /// At least one address, and none outside these ranges.
    Addresses {
        /// The ranges.
        within: Vec<Ipv4Net>,
    },
    /// That there is a zone of this name.
    Zone {
        /// A zone around it does as well, and need not have anything at the name: what is forwarded is often a part of one
        /// zone, and servers keep the reverse zones of many ranges in one.
        or_around: bool,
    },
    /// That the zone has name servers.
    Servers,
}

/// What of the file a question stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// A zone of ours is there.
    Zone,
    /// A record of ours is there.
    Record,
    /// The name of a PrivateLink endpoint leads to it.
    Endpoint {
        /// Whose service it is.
        asp: String,
    },
    /// A zone of an ASP is associated with the shared VPC.
    AspZone {
        /// Whose.
        asp: String,
    },
    /// A domain is forwarded to on-premises, and somebody answers there.
    Forwarded,
    /// So is a reverse zone.
    ForwardedReverse,
}

/// All questions of a file, in the order of the file.
pub fn questions(municipality: &Municipality) -> Vec<Question> {
    let mut questions = vec![];
    if let Some(dns) = &municipality.dns {
        own_zones(dns, &mut questions);
    }
    endpoints(municipality, &mut questions);
    for asp in &municipality.asps {
        for zone in &asp.zones {
            let because = || Because::AspZone { asp: asp.name.to_string() };
            let ask = |kind, expected| Question {
                name: zone.name.to_string(),
                kind,
                expected,
                because: because(),
                span: zone.name.span,
            };
            questions.extend([ask(Kind::Soa, Expected::Zone { or_around: false }), ask(Kind::Ns, Expected::Servers)]);
        }
    }
    if let Some(dns) = &municipality.dns {
        forwarded(dns, &mut questions);
    }
    questions
}

fn own_zones(dns: &Dns, questions: &mut Vec<Question>) {
    for zone in &dns.zones {
        questions.push(Question {
            name: zone.name.to_string(),
            kind: Kind::Soa,
            expected: Expected::Zone { or_around: false },
            because: Because::Zone,
            span: zone.name.span,
        });
        questions.extend(zone.records.iter().map(|record| {
            let kind = record.kind.value;
            let values = record.values.iter().map(|text| value::of_file(kind, &text.value)).collect();
            Question {
                name: value::asked(&record.name.within(&zone.name)),
                kind: Kind::Record(kind),
                expected: Expected::Records { values, at_most: record.ttl.get() },
                because: Because::Record,
                span: record.name.span,
            }
        }));
    }
}

/// Which addresses an endpoint gets in its subnets is AWS's choice.
fn endpoints(municipality: &Municipality, questions: &mut Vec<Question>) {
    let subnets = municipality.subnets_of(SubnetRole::Endpoint);
    let within: Vec<Ipv4Net> = subnets.iter().filter_map(|subnet| subnet.cidr).map(|cidr| *cidr).collect();
    for asp in municipality.asps.iter().filter(|asp| asp.is_consumed()) {
        let Some(name) = asp.service.as_ref().and_then(|service| service.dns.as_ref()) else { continue };
        questions.push(Question {
            name: name.to_string(),
            kind: Kind::Record(RecordType::A),
            expected: Expected::Addresses { within: within.clone() },
            because: Because::Endpoint { asp: asp.name.to_string() },
            span: name.span,
        });
    }
}

/// Rules that the shared VPC does not use say nothing about what its inbound endpoint answers.
fn forwarded(dns: &Dns, questions: &mut Vec<Question>) {
    for rule in dns.forward_rules.iter().filter(|rule| rule.use_in_shared_vpc) {
        let ask = |name: String, because, span| Question {
            name,
            kind: Kind::Soa,
            expected: Expected::Zone { or_around: true },
            because,
            span,
        };
        questions.push(ask(rule.domain.to_string(), Because::Forwarded, rule.domain.span));
        for cidr in &rule.reverse {
            let zones = reverse_zones(cidr.value).into_iter();
            questions.extend(zones.map(|zone| ask(zone.to_string(), Because::ForwardedReverse, cidr.span)));
        }
    }
}

//! A query's way, step by step, with what decided at each.

use std::net::IpAddr;

use serde::Serialize;

use crate::name::Name;

/// One step of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "hop", rename_all = "snake_case")]
pub enum Hop {
    /// It comes in through an inbound endpoint and counts as asked inside its VPC.
    Inbound {
        /// The endpoint.
        endpoint: String,
        /// Its VPC.
        vpc: String,
    },
    /// A VPC's resolver decides who stands for the name.
    Vpc {
        /// The VPC.
        vpc: String,
        /// The name.
        name: Name,
        /// Who.
        decides: Candidate,
        /// Others of equal standing, which could as well: AWS would not have let them be.
        rivals: Vec<Candidate>,
        /// Who else matches the name, the most specific first, and why that does not count.
        beaten: Vec<Beaten>,
    },
    /// A `SYSTEM` rule decided that the VPC's resolver answers: this is from what.
    Locally {
        /// The VPC.
        vpc: String,
        /// The name.
        name: Name,
        /// Who stands for the name.
        decides: Candidate,
        /// Others of equal standing.
        rivals: Vec<Candidate>,
    },
    /// A rule sends the query out of AWS, or to another VPC.
    Forward {
        /// The rule.
        rule: String,
        /// The outbound endpoint that it leaves from; `None` where only the rule's owner knows.
        endpoint: Option<String>,
        /// To this address.
        target: IpAddr,
        /// Or to one of these: AWS chooses at random.
        others: Vec<IpAddr>,
    },
    /// A name server outside decides what to do with the name.
    Server {
        /// The server.
        server: String,
        /// The name.
        name: Name,
        /// What.
        decides: ServerDecision,
    },
    /// A name server outside sends the query on.
    Passed {
        /// The server.
        server: String,
        /// To this address.
        target: IpAddr,
        /// Or to one of these.
        others: Vec<IpAddr>,
    },
    /// A zone has another name for the name: that is asked for next, in the same place.
    Cname {
        /// The zone.
        zone: String,
        /// The record; a wildcard where it stands for the name.
        record: Name,
        /// The other name.
        target: Name,
    },
    /// A zone answers with another record of the same zone, because an alias says so.
    Alias {
        /// The zone.
        zone: String,
        /// The alias; a wildcard where it stands for the name.
        record: Name,
        /// The other record, where its own aliases lead to in the end.
        target: Name,
    },
}

/// Who can stand for a name in a VPC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Candidate {
    /// A rule that forwards.
    Forward {
        /// The rule.
        rule: String,
        /// Its domain.
        domain: Name,
    },
    /// A rule that lets the VPC answer.
    System {
        /// The rule.
        rule: String,
        /// Its domain.
        domain: Name,
    },
    /// A private hosted zone.
    Zone {
        /// The zone.
        zone: String,
        /// Its apex.
        apex: Name,
        /// Whose it is.
        owner: String,
    },
    /// Amazon itself, which has a rule of its own for this domain.
    Autodefined {
        /// The domain.
        domain: Name,
    },
    /// Nobody else: Amazon asks public name servers.
    Recursive,
}

/// Somebody who matches a name and does not decide about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beaten {
    /// Who.
    pub candidate: Candidate,
    /// Why not.
    pub why: Why,
}

/// Why somebody does not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Another domain is more specific.
    LessSpecific,
    /// A rule of the same domain goes before a zone.
    RuleBeatsZone,
    /// What somebody made for the same domain goes before Amazon's own rule.
    MadeBeatsAutodefined,
}

/// What a name server outside does with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerDecision {
    /// It answers for this domain.
    Answers {
        /// The domain.
        domain: Name,
    },
    /// It forwards this domain.
    Forwards {
        /// The domain.
        domain: Name,
    },
    /// Nothing is stated about the name: it asks the internet.
    Internet,
    /// Nothing is stated about the name, nor what it does then.
    Unstated,
}

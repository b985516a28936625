//! What is found.

use std::net::IpAddr;

use serde::Serialize;

use crate::{
    answer::Silence,
    hop::{Candidate, Hop},
    name::Name,
};

/// Something about the whole description that somebody should know before it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// Queries come back to where they were forwarded.
    Loop {
        /// The place that forwards, and by what.
        at: Forwarder,
        /// For these domains and what lies below them, unless something more specific is decided otherwise: the widest ones.
        domains: Vec<Name>,
        /// Targets that lead back.
        targets: Vec<IpAddr>,
        /// Targets of the same rule that do not.
        spared: Vec<IpAddr>,
        /// Whether every way of such a query is caught: `false` where some target on the way leads to an end.
        always: bool,
        /// Whether a target is an inbound endpoint of the same VPC: AWS refuses to associate such a rule
        /// (`InvalidRequestException`, `RSLVR-00804`).
        refused: bool,
        /// Once around, for the first of the domains.
        circle: Vec<Hop>,
    },
    /// Names of a zone stand for each other in a circle, perhaps with forwarding in between.
    CnameLoop {
        /// Where it is asked.
        vpc: String,
        /// A name that is in the circle.
        name: Name,
        /// Once around.
        circle: Vec<Hop>,
    },
    /// In a VPC somebody decides about names that somebody else stands for.
    Shadow {
        /// The VPC.
        vpc: String,
        /// Who decides.
        winner: Candidate,
        /// Who stands for them too, and does not decide.
        loser: Candidate,
        /// How much of the loser's domain.
        extent: Extent,
        /// Which of its records.
        records: Hidden,
    },
    /// Rules, or zones, of one domain are associated with one VPC: AWS refuses the second one
    /// (zones: `ConflictingDomainExists`).
    SameDomain {
        /// The VPC.
        vpc: String,
        /// The domain.
        domain: Name,
        /// All of them.
        claims: Vec<Candidate>,
    },
    /// A target can never answer.
    DeadTarget {
        /// Who forwards to it.
        at: Forwarder,
        /// Why it cannot.
        silence: Silence,
    },
    /// A server outside forwards to an inbound endpoint what nobody in its VPC stands for, neither the domain nor anything
    /// below it: the query goes to public name servers. A zone is perhaps not associated with the VPC.
    Unserved {
        /// The server.
        server: String,
        /// What it forwards.
        domain: Name,
        /// The endpoint.
        endpoint: String,
        /// Its VPC.
        vpc: String,
    },
    /// Something has no effect.
    Idle {
        /// What.
        what: Candidate,
        /// Why.
        why: Idleness,
    },
}

/// Who forwards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Forwarder {
    /// A rule in a VPC.
    Vpc {
        /// The VPC.
        vpc: String,
        /// The rule.
        rule: String,
    },
    /// A rule, in whatever VPC.
    Rule {
        /// The rule.
        rule: String,
    },
    /// A name server outside, for one of its domains.
    Server {
        /// The server.
        server: String,
        /// The domain.
        domain: Name,
    },
}

/// How much of a domain is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// All of it, except what is more specific.
    Whole,
    /// This part of it and all below.
    Part {
        /// Domains of the winner: one, but for Amazon's own.
        domains: Vec<Name>,
    },
}

/// Records that are hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hidden {
    /// These names have records that nobody gets in the VPC.
    Names(Vec<Name>),
    /// Nobody here sees what is in the zone.
    Unseen,
    /// The loser is a rule: it has no records.
    None,
}

/// Why something has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Idleness {
    /// It is associated with no VPC.
    NoVpc,
    /// It is a `SYSTEM` rule, and in this VPC no rule forwards what it excepts.
    NothingToExcept {
        /// The VPC.
        vpc: String,
    },
    /// It forwards to nobody.
    NoTarget,
    /// The VPC's DNS settings do not let it.
    DnsOff {
        /// The VPC.
        vpc: String,
    },
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Perhaps meant so.
    Note,
    /// Hardly meant so.
    Warning,
    /// It cannot work, or AWS refuses it.
    Error,
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Finding::Loop { .. }
            | Finding::CnameLoop { .. }
            | Finding::SameDomain { .. }
            | Finding::DeadTarget { .. } => Severity::Error,
            Finding::Shadow { records: Hidden::Names(_), .. } | Finding::Shadow { extent: Extent::Whole, .. } => {
                Severity::Warning
            }
            Finding::Unserved { .. } => Severity::Warning,
            Finding::Shadow { .. } => Severity::Note,
            Finding::Idle { why: Idleness::NoTarget | Idleness::DnsOff { .. }, .. } => Severity::Warning,
            Finding::Idle { .. } => Severity::Note,
        }
    }
}

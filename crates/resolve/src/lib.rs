//! Which rule or zone decides about a name, and who answers: Route 53 Resolver over private hosted zones, rules, endpoints and
//! the name servers outside that they talk to, computed from a description of them and from nothing else.
//!
//! ```text
//! Resolution ─> Index (names to numbers, or ModelError)
//!            ─> Graph (every place and name that a query can come to, each once)
//!            ─> Answer: a way to each outcome, hop by hop          Resolver::query
//!            ─> Findings: circles, shadows, refusals, idle things  Resolver::check
//! ```
//!
//! In a VPC the most specific domain decides; of one domain a rule goes before a zone, and both before what Amazon defines of
//! itself. A rule picks its target at random, so that a query can have several ends: an [`Answer`] has all of them.
//!
//! ```
//! use gcnet_resolve::*;
//!
//! let on_premises = "10.1.0.10".parse()?;
//! let model = Resolution {
//!     region: "ap-northeast-1".into(),
//!     vpcs: vec![Vpc::new("shared", vec!["10.210.21.0/24".parse()?])],
//!     zones: vec![Zone {
//!         id: "gc".into(),
//!         apex: "gc.town.example".parse()?,
//!         owner: "the town".into(),
//!         vpcs: vec!["shared".into()],
//!         contents: Contents::Known(vec![RecordSet {
//!             name: "www.gc.town.example".parse()?,
//!             ttl: Some(300),
//!             data: Data::Cname { target: "web.town.example".parse()? },
//!         }]),
//!     }],
//!     rules: vec![Rule {
//!         id: "town".into(),
//!         domain: "town.example".parse()?,
//!         action: Action::Forward { targets: vec![on_premises], endpoint: None },
//!         vpcs: vec!["shared".into()],
//!     }],
//!     servers: vec![Server {
//!         name: "on-premises".into(),
//!         addresses: vec![on_premises],
//!         answers: vec!["town.example".parse()?],
//!         forwards: vec![],
//!         otherwise: Otherwise::Internet,
//!     }],
//!     ..Resolution::default()
//! };
//! let resolver = Resolver::new(&model)?;
//!
//! // The zone is more specific than the rule; what it says leads to the rule, and that to the server.
//! let answer = resolver.query(&Asker::Vpc("shared".into()), &"www.gc.town.example".parse()?, RecordType::A)?;
//! let domain = "town.example".parse()?;
//! assert_eq!(answer.certain(), Some(&Outcome::Answered { server: "on-premises".into(), domain }));
//! assert!(matches!(&answer.ways[0].hops[..], [Hop::Vpc { .. }, Hop::Cname { .. }, Hop::Vpc { .. }, Hop::Forward { .. }, Hop::Server { .. }]));
//!
//! // That the zone hides a part of what the rule forwards is worth a note, and nothing is worse.
//! let [finding] = &resolver.check()[..] else { panic!() };
//! assert!(matches!(finding, Finding::Shadow { .. }));
//! assert_eq!(finding.severity(), Severity::Note);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In another company's VPC there may be rules and zones that nobody here sees ([`Vpc::seen`]): what an answer or a finding says
//! of such a VPC rests on there being none that matters, and an answer names it ([`Way::assumes`]).
//!
//! What is not looked at: whether packets get from one place to the other (`gcnet-reach` does that), ports of targets,
//! delegation rules and endpoints, DNS Firewall, Route 53 Profiles (describe what a profile brings as associations), custom
//! DHCP options, and whether a server outside asks again for the target of a CNAME that it was given.
//!
//! This crate reads no clock, does no I/O, knows no SDK and no file format, and puts nothing into words: a reason is an enum.

mod answer;
mod check;
mod error;
mod graph;
mod hop;
mod index;
pub mod model;
mod name;
mod query;
mod render;

pub use answer::{Answer, Asker, Circles, Outcome, Silence, Way};
pub use check::{Extent, Finding, Forwarder, Hidden, Idleness, Severity};
pub use error::{ModelError, Part};
pub use hop::{Beaten, Candidate, Hop, ServerDecision, Why};
pub use model::{
    Action, Alias, Conditional, Contents, Data, Inbound, Otherwise, Outbound, RecordSet, RecordType, Resolution, Rule,
    Server, UnknownType, Vpc, Zone,
};
pub use name::{Name, NameError};
pub use query::Resolver;

#[cfg(test)]
mod tests;

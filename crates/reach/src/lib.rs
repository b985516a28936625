//! Who reaches whom: exact packet reachability over VPC route tables, transit gateway route tables, lines to
//! on-premises and security groups, computed from a description of them and from nothing else.
//!
//! ```text
//! Network ─> Index (names to numbers, or ModelError)
//!         ─> Atoms (ranges of addresses that no prefix in play tells apart)
//!         ─> walks: one for each sender and atom ─> legs there and back ─> Flows ─> Verdict, Matrix, Violations
//! ```
//!
//! For every pair of [`Place`]s the whole of both ranges is decided, never a sample: all addresses of an atom take the same
//! routes, and the atoms cover both ranges. A pair reaches when a packet gets there *and* its answer gets back.
//!
//! Where several routes are equally good ([`TransitRoute`], two lines), a packet may take any of them and must get through
//! on each. Where another company's tables are unknown, or whom a security group's rule means ([`Peer::Assumed`]), they are
//! assumed to be as helpful as they could be ([`Assumption`]): so a block never rests on an assumption, and a verdict that
//! does says so.
//!
//! What is not looked at: network ACLs (assumed open), addresses beyond IPv4, and what a host itself accepts.
//!
//! This crate reads no clock, does no I/O, knows no SDK and no file format, and puts nothing into words: a reason is an
//! enum ([`Why`]).

mod admission;
mod atoms;
mod check;
mod error;
mod flow;
mod index;
mod matrix;
pub mod network;
mod pair;
mod path;
mod publish;
mod stop;
mod verdict;
mod walk;

pub use check::{Moment, Must, Requirement, Violation, check};
pub use error::{ModelError, Part};
pub use flow::{Arrival, Assumption, Direction, Flow, Hop, Trail, Via};
pub use matrix::{Cell, Matrix, matrix};
pub use network::{
    At, Attached, Attachment, Gateway, Network, Origin, Peer, Place, Protocol, Routing, Rule, SecurityGroup, Service,
    State, Subnet, Talk, TransitRoute, TransitTable, TransitTarget, Vpc, VpcRoute, VpcTable, VpcTarget,
};
pub use path::{Paths, path};
pub use stop::{Leg, Point, Stop, Why};
pub use verdict::{Passage, Stopped, Verdict};

#[cfg(test)]
mod tests;

//! The only crate that names an SDK type: clients, rate limits, errors, batched reads and the kinds of resources.
//!
//! A kind is one file in [`kinds`] and one line in [`KINDS`]; see docs/add-a-kind.md.

pub mod audit;
mod aws;
pub mod ca;
mod call;
mod cleartext;
mod clock;
mod connect;
mod counter;
mod created;
mod credentials;
mod denial;
pub mod doctor;
mod error;
pub mod kinds;
pub mod lease;
mod mark;
pub mod policy;
mod read;
mod snapshot;
mod tags;
mod throttle;
mod writes;

pub use aws::{Aws, Identity};
pub use cleartext::{is_cleartext, is_loopback};
pub use connect::{Access, Connection, OtherAccount, Pace, Role, StaticCredentials, Timing};
pub use counter::Counts;
pub use credentials::{Held, Mfa};
pub use kinds::KINDS;
pub use policy::Policy;
pub use writes::{Answered, End, Sent, Write};

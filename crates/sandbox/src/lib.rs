//! An AWS in memory that speaks the real wire protocols over loopback HTTP.
//!
//! It is the test bed of gcnet, so it is stricter than AWS and never kinder: an operation or a parameter it does not
//! know is an error that says so, every deletion that AWS refuses is refused, and states that take time take
//! (simulated) time. Many sandboxes may run in one process; nothing is shared between them.
//!
//! Requests must carry a well-formed Signature Version 4 header, because the account, the Region and the service are
//! read from it. **Signatures are not verified**: an access key id of twelve digits is that account.
//!
//! Layers, each in a module of its own: `server` (HTTP) -> `world` (one request: faults, identity, transaction, log) ->
//! `service` (the registry of operations) -> one module per service, which only reads parameters, changes the store
//! and returns an answer.

mod account;
mod acmpca;
mod client;
mod clock;
mod control;
mod direct_connect;
mod ec2;
mod elb;
mod error;
mod fault;
#[doc(hidden)]
pub mod fuzz;
mod iam;
mod inspect;
mod lag;
mod log;
mod logs;
mod organization;
mod organizations;
mod persist;
mod protocol;
mod quota;
mod ram;
mod rate;
mod refusal;
mod region;
mod route53;
mod route53resolver;
mod s3;
mod sandbox;
mod server;
mod service;
mod service_quotas;
mod snapshot;
mod ssm;
mod store;
mod sts;
mod token;
mod turnstile;
mod wildcard;
mod wish;
mod world;

pub use client::{ApiCall, ApiError};
pub use clock::{ClockMode, Moment};
pub use error::{AnnounceError, StartError};
pub use fault::{Denial, Effect, Fault, Matcher, When};
pub use inspect::Resource;
pub use lag::ReadLag;
pub use log::{Call, Outcome};
pub use organization::Organizations;
pub use persist::Notice;
pub use quota::Quotas;
pub use sandbox::{Options, Sandbox};
pub use service::Access;
pub use snapshot::Snapshot;

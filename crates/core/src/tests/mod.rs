//! The engine against a toy cloud that is stricter than a real one.

mod apply;
mod cause;
mod counterpart;
mod crash;
mod faults;
mod help;
mod holding;
mod house;
mod interleave;
mod kinds;
pub(crate) mod lease;
mod parties;
mod plan;
mod random;
mod restoring;
mod rivals;
mod twins;
mod waiting;
mod world;

//! The file of a municipality: read with every mistake at its line, checked alone and with all others, and completed by
//! what follows from its choices.
//!
//! ```text
//! text -> node (YAML with places) -> decode -> schema (typed) -> checks -> findings
//!                                                             -> derive (what follows)
//! ```
//!
//! Nothing here knows AWS, writes, or words a sentence: findings are data, and `report` speaks.

pub mod at;
pub mod checks;
mod decode;
pub mod derive;
pub mod fault;
pub mod fleet;
mod json_schema;
mod node;
pub mod problem;
mod read;
pub mod schema;
pub mod source;
pub mod synthetic;
#[cfg(test)]
mod tests;
pub mod values;

pub use checks::Purpose;
pub use fleet::{City, CityError, Fleet, FleetError};
pub use json_schema::json_schema;
pub use problem::{Code, Finding, Severity};
pub use read::{MAX_BYTES, MAX_MISTAKES};

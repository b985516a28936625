//! The file of a municipality.

pub mod at;
mod decode;
pub mod derive;
pub mod fault;
mod node;
pub mod problem;
pub mod schema;
pub mod source;
pub mod values;

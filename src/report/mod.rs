//! Words, colours and JSON. Decides nothing: every sentence follows from data that it is given.

mod codes;
pub mod diagnostics;
mod lang;
mod problems;

pub use codes::{summary, why};
pub use lang::Lang;

//! Words, colours and JSON. Decides nothing: every sentence follows from data that it is given.

pub mod ca;
mod codes;
pub mod counterpart;
mod deferred;
pub mod diagnostics;
pub mod difference;
pub mod digcheck;
pub mod doctor;
pub mod document;
pub mod end;
mod field;
#[cfg(test)]
pub(crate) mod fixtures;
mod group;
pub mod help;
pub mod history;
mod lang;
mod layout;
pub mod lease;
pub mod leftovers;
pub mod message;
pub mod plan;
mod price;
mod problems;
pub mod progress;
pub mod reach;
mod reason;
pub mod requests;
pub mod resolve;
pub mod screen;
pub mod show;
mod state;
mod style;
pub mod tame;
#[cfg(test)]
mod tests;
mod time;
pub mod twins;
mod value;

pub use codes::{summary, why};
pub use lang::Lang;
pub use price::monthly_price;
pub use style::Style;

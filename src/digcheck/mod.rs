//! What real DNS servers answer for the names of a file, against what the file leads to. For a host on the network: the
//! inbound endpoint has private addresses.
//!
//! The questions follow from the file alone, the verdict from a question and its reply; only `ask` touches the network.

mod ask;
mod question;
#[cfg(test)]
mod tests;
mod value;
mod verdict;

pub(crate) use ask::heard;
pub use ask::{Asked, Reply, Response, Via, ask_all};
pub use question::{Because, Expected, Kind, Question, questions};
pub use value::Found;
pub use verdict::{Verdict, judge};

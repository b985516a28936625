//! The record that every run leaves which changes AWS: one file of JSON lines a run, each line with the hash of the one before it,
//! and each run with the hashes of the runs before it, so that what is changed or taken away afterwards is noticed.
//!
//! It is for people. Nothing that gcnet does depends on it, and whoever can write the whole folder can write a whole chain:
//! docs/decisions/0029. What was asked of AWS has no place in it, so that no secret has; only what a call is called, and how it ended.

mod build;
mod chain;
mod entry;
mod history;
mod read;
#[cfg(test)]
mod tests;
mod tips;
mod write;

pub use chain::Broken;
pub use entry::{
    Answered, Began, CallEnd, Calls, Command, Ended, Entry, FORMAT_VERSION, Line, Planned, Result, Sent, SourceFile,
    Steps, Tip,
};
pub use history::{Call, Fault, History, Run, Wrong};
pub use read::read;
pub use write::{About, NotBegun, Writer, run_name};

/// What files of records end in; others in the folder are none.
const ENDING: &str = ".jsonl";

/// More than any run writes: a call takes less than 1 kB, and a plan is held to 16 MiB elsewhere.
const MAX_BYTES: u64 = 64 << 20;

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

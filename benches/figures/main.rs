//! The figures of docs/performance.md: `cargo bench`, or `cargo bench -- planner` for one part.
//!
//! Not a statistics harness: what is measured are whole commands and whole fleets, from tens of milliseconds to seconds,
//! and each comes with numbers that no harness knows (calls, rounds, memory). Best and median of several runs are told;
//! on a busy machine the best is the one to compare.

#![expect(clippy::disallowed_types, reason = "the binary as a process of its own is what is measured")]

mod commands;
mod engine;
mod measure;
mod planner;
mod process;
mod sandbox;
mod table;
mod validate;

use anyhow::{Result, bail};

/// A part of the figures.
type Part = fn() -> Result<()>;

const PARTS: [(&str, Part); 4] =
    [("planner", planner::run), ("validate", validate::run), ("commands", commands::run), ("engine", engine::run)];

fn main() -> Result<()> {
    // Cargo itself passes --bench.
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let Some(unknown) = asked.iter().find(|name| !PARTS.iter().any(|(part, _)| part == name)) {
        bail!("no part is called {unknown}: there are {}", PARTS.map(|(part, _)| part).join(", "));
    }
    for (part, run) in PARTS {
        if asked.is_empty() || asked.iter().any(|name| name == part) {
            run()?;
        }
    }
    Ok(())
}

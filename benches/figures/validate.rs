//! `gcnet validate` over a file for every municipality of Japan.

use anyhow::{Context, Result};
use gcnet::config::synthetic::{self, ALL_OF_JAPAN};

use crate::{
    measure::{Times, seconds},
    process,
    table::Table,
};

const RUNS: usize = 7;

pub fn run() -> Result<()> {
    let mut table = Table::new(
        format!("`gcnet validate`, best and median of {RUNS} runs"),
        ["files", "kB of YAML", "best s", "median s", "peak MB"],
    );
    for count in [9, ALL_OF_JAPAN] {
        let dir = tempfile::tempdir().context("cannot make a folder for the files")?;
        std::fs::create_dir(dir.path().join("municipalities"))?;
        let mut bytes = 0;
        for source in synthetic::municipalities(count) {
            bytes += source.text.len();
            std::fs::write(dir.path().join(&source.name), &source.text)?;
        }
        let validate = || {
            let mut command = process::gcnet(dir.path());
            command.arg("validate");
            command
        };
        let mut runs = vec![];
        for _ in 0..RUNS {
            runs.push(process::time(&mut validate())?);
        }
        let (times, peak) = (Times::new(runs), process::peak(&mut validate())?);
        table.row([
            count.to_string(),
            (bytes / 1000).to_string(),
            seconds(times.best()),
            seconds(times.median()),
            process::megabytes(peak),
        ]);
    }
    Ok(table.print()?)
}

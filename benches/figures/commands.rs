//! Whole commands: the binary as a process of its own, against a sandbox in this one. Peak memory is gcnet's alone.

use std::{process::Command, time::Duration};

use anyhow::{Result, ensure};
use gcnet::config::City;
use gcnet_sandbox::Sandbox;

use crate::{
    measure::{Times, seconds},
    process,
    sandbox::{self, Cost, LATENCIES},
    table::Table,
};

/// Plans are short, so they are measured often.
const PLANS: usize = 15;
/// Applying and destroying wait as they do for AWS: half a second and more from look to look.
const CHANGES: usize = 3;
/// For runs with all of AWS inside.
const EMBEDDED: usize = 7;

pub fn run() -> Result<()> {
    let headings = ["command", "latency ms", "calls", "rounds", "best s", "median s", "peak MB"];
    let title =
        "Naruto, `gcnet --endpoint-url` as against AWS: the whole process, looking again after 0.5-8 s while waiting";
    let mut table = Table::new(title, headings);
    for latency in LATENCIES {
        over_http(latency, &mut table)?;
    }
    table.print()?;

    let title = "Naruto, `gcnet --sandbox`: the whole process with the embedded AWS and its file";
    let mut table = Table::new(title, ["command", "best s", "median s", "peak MB"]);
    embedded(&mut table)?;
    Ok(table.print()?)
}

fn over_http(latency: Duration, table: &mut Table) -> Result<()> {
    let city = sandbox::naruto()?;
    let runtime = sandbox::runtime()?;
    let aws = runtime.block_on(sandbox::start(latency))?;
    let bench = Bench { city, aws, latency };

    table.row(bench.plan("plan, nothing live")?);
    let (mut applied, mut destroyed) = (Runs::default(), Runs::default());
    for run in 0..CHANGES {
        bench.change(&["apply", "naruto", "--yes"], &mut applied)?;
        if run + 1 == CHANGES {
            table.row(bench.plan("plan, converged")?);
        }
        bench.change(&["destroy", "naruto", "--yes"], &mut destroyed)?;
    }
    table.row(bench.row("apply", applied)?);
    table.row(bench.row("destroy", destroyed)?);
    runtime.block_on(bench.aws.stop());
    Ok(())
}

/// One sandbox and one municipality in it.
struct Bench {
    city: City,
    aws: Sandbox,
    latency: Duration,
}

/// What several runs of one command cost.
#[derive(Default)]
struct Runs {
    times: Vec<Duration>,
    peak: Option<u64>,
    /// Of the last run.
    cost: Option<Cost>,
}

impl Bench {
    fn gcnet(&self, arguments: &[&str]) -> Command {
        let mut command = process::gcnet(sandbox::project());
        command.env("AWS_ACCESS_KEY_ID", self.city.config.accounts.network.id.to_string());
        command.env("AWS_SECRET_ACCESS_KEY", "sandbox");
        command.args(["--endpoint-url", &self.aws.endpoint()]).args(arguments);
        command
    }

    fn plan(&self, name: &str) -> Result<[String; 7]> {
        let mut runs = Runs::default();
        for _ in 0..PLANS {
            self.aws.clear_calls();
            runs.times.push(process::time(&mut self.gcnet(&["plan", "naruto"]))?);
            runs.cost = Some(Cost::of(&self.aws, self.latency));
        }
        runs.peak = process::peak(&mut self.gcnet(&["plan", "naruto"]))?.max(runs.peak);
        self.row(name, runs)
    }

    /// What waits for seconds is timed and looked at in one run.
    fn change(&self, arguments: &[&str], runs: &mut Runs) -> Result<()> {
        self.aws.clear_calls();
        let since = std::time::Instant::now();
        runs.peak = process::peak(&mut self.gcnet(arguments))?.max(runs.peak);
        runs.times.push(since.elapsed());
        runs.cost = Some(Cost::of(&self.aws, self.latency));
        Ok(())
    }

    fn row(&self, name: &str, runs: Runs) -> Result<[String; 7]> {
        let cost = runs.cost.unwrap_or(Cost { calls: 0, rounds: None });
        ensure!(cost.calls > 0, "{name} asked AWS nothing");
        let times = Times::new(runs.times);
        Ok([
            name.into(),
            self.latency.as_millis().to_string(),
            cost.calls.to_string(),
            cost.rounds(),
            seconds(times.best()),
            seconds(times.median()),
            process::megabytes(runs.peak),
        ])
    }
}

/// A newcomer's commands, on a folder of their own.
fn embedded(table: &mut Table) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let files = dir.path().join("municipalities");
    std::fs::create_dir(&files)?;
    for entry in std::fs::read_dir(sandbox::project().join("municipalities"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), files.join(entry.file_name()))?;
        }
    }
    let gcnet = |arguments: &[&str]| {
        let mut command = process::gcnet(dir.path());
        command.arg("--sandbox").args(arguments);
        command
    };
    let all: [&[&str]; 3] = [&["apply", "naruto", "--yes"], &["plan", "naruto"], &["destroy", "naruto", "--yes"]];
    let (mut times, mut peaks) = (vec![vec![]; all.len()], vec![None; all.len()]);
    for run in 0..=EMBEDDED {
        for (i, arguments) in all.iter().enumerate() {
            // The first round is looked at, the others are timed.
            if run == 0 {
                peaks[i] = process::peak(&mut gcnet(arguments))?;
            } else {
                times[i].push(process::time(&mut gcnet(arguments))?);
            }
        }
    }
    for ((arguments, times), peak) in all.iter().zip(times).zip(peaks) {
        let times = Times::new(times);
        let name = arguments.first().copied().unwrap_or_default().to_string();
        table.row([name, seconds(times.best()), seconds(times.median()), process::megabytes(peak)]);
    }
    Ok(())
}

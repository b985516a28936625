//! Reading, planning and carrying out in one process with the sandbox, which can be told to be slow. Waiting is as short as
//! in `gcnet --sandbox`, so what is left is what the calls take.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use gcnet::{blueprint, config::schema::Municipality};
use gcnet_aws::{Access, Aws, Connection, KINDS, Pace, StaticCredentials, Timing};
use gcnet_core::{Desired, Options, Plan, Poll, Stop, apply, observe, plan};
use gcnet_sandbox::Sandbox;

use crate::{
    measure::{Times, seconds},
    sandbox::{self, Cost, LATENCIES},
    table::Table,
};

const RUNS: usize = 7;

/// What is done, one after the other, in each run.
const WORK: [&str; 4] = ["plan, nothing live", "apply", "plan, converged", "destroy"];

pub fn run() -> Result<()> {
    let title = format!("Naruto, the engine and the sandbox in one process, looking again after 2-20 ms ({RUNS} runs)");
    let mut table = Table::new(title, ["work", "latency ms", "calls", "rounds", "best s", "median s"]);
    let naruto = sandbox::naruto()?.config;
    let runtime = sandbox::runtime()?;
    for latency in LATENCIES {
        let mut runs: Vec<Vec<(Duration, Cost)>> = vec![];
        for _ in 0..RUNS {
            runs.push(runtime.block_on(life(&naruto, latency))?);
        }
        for (i, work) in WORK.into_iter().enumerate() {
            let of_work: Vec<&(Duration, Cost)> = runs.iter().filter_map(|run| run.get(i)).collect();
            let times = Times::new(of_work.iter().map(|(took, _)| *took).collect());
            // How many looks a wait takes differs from run to run: the run in the middle speaks.
            let middle = of_work.iter().find(|(took, _)| *took == times.median());
            let (calls, rounds) = middle.map_or_else(Default::default, |(_, cost)| (cost.calls, cost.rounds()));
            table.row([
                work.into(),
                latency.as_millis().to_string(),
                calls.to_string(),
                rounds,
                seconds(times.best()),
                seconds(times.median()),
            ]);
        }
    }
    Ok(table.print()?)
}

/// A municipality's network from nothing to nothing, in an AWS of its own: what each of [`WORK`] cost.
async fn life(municipality: &Municipality, latency: Duration) -> Result<Vec<(Duration, Cost)>> {
    let aws = sandbox::start(latency).await?;
    let (wish, nothing) = (blueprint::wish(municipality).desired, blueprint::nothing(municipality));
    let costs = vec![
        timed(&aws, latency, planned(&aws, municipality, &wish)).await?,
        timed(&aws, latency, carried_out(&aws, municipality, &wish)).await?,
        timed(&aws, latency, planned(&aws, municipality, &wish)).await?,
        timed(&aws, latency, carried_out(&aws, municipality, &nothing)).await?,
    ];
    let (_, left) = planned(&aws, municipality, &nothing).await?;
    ensure!(left.is_empty(), "a destruction leaves nothing of ours");
    aws.stop().await;
    Ok(costs)
}

async fn timed<T>(aws: &Sandbox, latency: Duration, work: impl Future<Output = Result<T>>) -> Result<(Duration, Cost)> {
    aws.clear_calls();
    let since = Instant::now();
    work.await?;
    let took = since.elapsed();
    Ok((took, Cost::of(aws, latency)))
}

/// New clients, as a new process would have, then what `gcnet plan` does.
async fn planned(sandbox: &Sandbox, municipality: &Municipality, desired: &Desired) -> Result<(Aws, Plan)> {
    let account = municipality.accounts.network.id.to_string();
    let access = Access { fixed: Some(StaticCredentials { key_id: account.clone() }), ..Access::default() };
    let region = municipality.region.value.as_str().into();
    // The figures are of real runs: within AWS's limits.
    let (endpoint, others, pace) = (Some(sandbox.endpoint()), vec![], Pace::Aws);
    let aws =
        Aws::connect(&Connection { region, account, endpoint, access, others, pace, timing: Timing::default() }).await;
    let (identity, observed) = futures::join!(aws.identity(), observe(&aws, KINDS));
    ensure!(identity?.account == aws.account(), "the sandbox takes the key for the account");
    let plan = plan(KINDS, desired, &observed?.for_wish(desired)?)?;
    Ok((aws, plan))
}

async fn carried_out(sandbox: &Sandbox, municipality: &Municipality, desired: &Desired) -> Result<()> {
    let (aws, plan) = planned(sandbox, municipality, desired).await?;
    ensure!(!plan.is_empty(), "there must be something to do");
    // As src/cli/session.rs has it for the sandbox.
    let options = Options {
        parallelism: 16,
        poll: Poll { first: Duration::from_millis(2), max: Duration::from_millis(20) },
        lag: Duration::from_millis(500),
        recheck: Duration::ZERO,
        rivals: Duration::ZERO,
        run: String::new(),
        visibility: Duration::from_secs(5),
    };
    let report = apply(&aws, KINDS, &plan, &options, &Stop::default(), &|_| {}).await;
    ensure!(report.is_success(), "{:?}", report.outcomes);
    Ok(())
}

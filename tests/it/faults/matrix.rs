//! Every call of every scenario of every city goes wrong in every way, in turn: a sample of it in each `cargo test`, all of it
//! by `just faults`.

use std::{
    io::Write,
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use super::{
    case::{self, Ended, FOLLOWED},
    class::Class,
    picked::{Slice, sample, scenarios_in_sample},
    stage::{Scenario, Stage, stages},
    table::Table,
    walk,
};
use crate::support::{dice::Dice, fleet};

/// Does all of the work in as many threads as there are processors, each with a runtime of its own: what happens to one case
/// does not depend on the others.
fn in_parallel<W: Sync, R: Send>(work: &[W], one: impl AsyncFn(&W) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(2, NonZero::get);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![]));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                while let Some(piece) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = runtime.block_on(one(piece));
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Says how far it is, past what captures a test's output.
fn say(line: &str) {
    // Without a terminal to write to, the run goes on.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs the cases and fails with all that do not hold, each with how to run it again.
fn check(cases: &[(&Stage, Class, usize)], progress: bool) -> Table {
    let (began, ended) = (Instant::now(), AtomicUsize::new(0));
    let results = in_parallel(cases, async |(stage, class, at)| {
        let result = case::check(stage, *class, *at).await;
        match &result {
            _ if !progress => {}
            Err(why) => say(&again(stage, *class, *at, why)),
            // What must fail tells nothing new.
            Ok((Ended::Failed | Ended::Unplanned, why)) if !class.denies() => {
                say(&again(stage, *class, *at, &format!("as it may be: {why}")));
            }
            Ok(_) => {}
        }
        let n = ended.fetch_add(1, Ordering::Relaxed) + 1;
        if progress && n.is_multiple_of(200) {
            say(&format!("{n} of {} cases after {} s", cases.len(), began.elapsed().as_secs()));
        }
        (*stage, *class, *at, result)
    });
    let (mut table, mut failures) = (Table::default(), vec![]);
    let (mut deaths, mut followed) = (0, 0);
    for (stage, class, at, result) in results {
        match result {
            Ok((ended, why)) => {
                table.count(class, stage.scenario, ended);
                deaths += usize::from(class == Class::KilledLagging);
                followed += usize::from(why == FOLLOWED);
            }
            Err(why) => failures.push(again(stage, class, at, &why)),
        }
    }
    say(&format!("{} cases in {} s\n{table}", cases.len(), began.elapsed().as_secs()));
    say(&format!("after {followed} of {deaths} deaths with late reads the next run had a plan at once"));
    assert!(deaths < 5 || followed > 0, "no run that began right after a death had a plan");
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
    table
}

fn again(stage: &Stage, class: Class, at: usize, why: &str) -> String {
    let (city, scenario, part, class) = (&stage.city, stage.scenario.name(), stage.part, class.name());
    let call = stage.calls.get(at).map_or("", |call| call.operation.as_str());
    format!("just faults city={city} scenario={scenario} part={part} class={class} at={at} # {call}\n{why}")
}

/// The seed of the sample; another one by `GCNET_SEED`.
fn seed() -> u64 {
    std::env::var("GCNET_SEED").map_or(20_261_130, |seed| seed.parse().unwrap())
}

/// Every class, every scenario and every city; not each in each.
#[test]
fn a_sample_of_the_fault_matrix() {
    let fleet = fleet();
    let cities: Vec<(usize, &str)> = fleet.names().enumerate().collect();
    let mut stages: Vec<Stage> =
        in_parallel(&cities, async |(place, city)| stages(city, &scenarios_in_sample(city, *place)).await)
            .into_iter()
            .flatten()
            .collect();
    // The order in which threads end is no part of the seed.
    stages.sort_by_key(Stage::name);
    let cases = sample(&stages, &mut Dice(seed()));
    let table = check(&cases, false);
    for class in Class::ALL {
        assert!(table.of(class) > 0, "{class:?}");
    }
    for scenario in Scenario::ALL {
        assert!(Class::ALL.into_iter().any(|class| table.at(class, scenario) > 0), "{scenario:?}");
    }
    for (_, city) in cities {
        assert!(cases.iter().any(|(stage, _, _)| stage.city == city), "{city}");
    }
}

/// Walks of so many moves. Fails with the shortest parts that still fail.
pub fn walks(seeds: &[(&str, u64)], length: usize) {
    let (began, meddled) = (Instant::now(), AtomicUsize::new(0));
    let failures: Vec<String> = in_parallel(seeds, async |(city, seed)| {
        let moves = walk::moves(*seed, length);
        let why = match walk::walk(city, &moves).await {
            Ok(taken) => {
                meddled.fetch_add(taken, Ordering::Relaxed);
                return None;
            }
            Err(why) => why,
        };
        say(&format!("{city} {seed}: {why}"));
        let (fewer, why) = walk::shrink(city, moves, why).await;
        let told = format!("city {city}, seed {seed}, {length} moves, of which these suffice:\n{fewer:#?}\n{why}");
        say(&told);
        Some(told)
    })
    .into_iter()
    .flatten()
    .collect();
    let (meddled, took) = (meddled.into_inner(), began.elapsed().as_secs());
    say(&format!(
        "{} walks of {length} moves, {meddled} of them others' changes that AWS took, in {took} s",
        seeds.len()
    ));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(meddled > 0, "nobody ever meddled");
}

/// `just faults walk [N [SEED]]` for N walks, and the matrix or a slice of it otherwise:
/// `just faults [city=…] [scenario=…] [part=…] [class=…] [at=…] [every=…]`.
#[test]
#[ignore = "hours: `just faults` runs it, or a part of it"]
fn on_demand() {
    let asked = std::env::var("GCNET_FAULTS").unwrap_or_default();
    if let Some(rest) = asked.strip_prefix("walk") {
        let mut numbers = rest.split_whitespace().map(|number| number.parse::<u64>().unwrap());
        let (count, first) = (numbers.next().unwrap_or(100), numbers.next().unwrap_or(1000));
        let fleet = fleet();
        let cities: Vec<&str> = fleet.names().collect();
        let seeds = (first..first + count).map(|seed| (cities[usize::try_from(seed).unwrap() % cities.len()], seed));
        return walks(&seeds.collect::<Vec<_>>(), 16);
    }
    let slice = Slice::read(&asked);
    let stages = in_parallel(&slice.cities(), async |city| stages(city, &slice.scenarios()).await);
    let mut stages: Vec<Stage> = stages.into_iter().flatten().collect();
    stages.sort_by_key(Stage::name);
    let mut cases: Vec<(&Stage, Class, usize)> = vec![];
    for stage in &stages {
        let of_stage = slice.cases(stage);
        say(&format!("{}: {} calls, {} cases", stage.name(), stage.calls.len(), of_stage.len()));
        cases.extend(of_stage.into_iter().map(|(class, at)| (stage, class, at)));
    }
    let table = check(&cases, true);
    assert!(table.cases() > 0, "no case is in {slice:?}");
}

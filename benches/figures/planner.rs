//! The planner alone: no I/O, one thread, from one municipality to all of Japan.

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use gcnet::{
    blueprint,
    config::{
        Fleet,
        synthetic::{self, ALL_OF_JAPAN},
    },
};
use gcnet_aws::KINDS;
use gcnet_core::{Address, Desired, Object, Observed, Owner, State, Want, plan};
use serde_json::Value;

use crate::{
    measure::{Times, repeat},
    table::Table,
};

/// How many municipalities, and how often it is measured: the few take so little that one run is noise.
const SIZES: [(usize, usize); 3] = [(1, 500), (100, 15), (ALL_OF_JAPAN, 5)];

/// From one size to the next, a municipality may cost so many times as much: more than one do not fit into the caches,
/// and the machine may be busy. What is not linear would cost tens of times as much.
const TOLERANCE: f64 = 3.5;

pub fn run() -> Result<()> {
    let mut table = Table::new(
        "The planner, best run (median)",
        [
            "municipalities",
            "resources",
            "first plan ms",
            "each µs",
            "ownership ms",
            "each µs",
            "converged plan ms",
            "each µs",
        ],
    );
    let mut each: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (count, runs) in SIZES {
        let fleet = Fleet::from_sources(synthetic::municipalities(count));
        let wishes: Vec<Desired> = fleet.cities().map(|city| blueprint::wish(&city.config).desired).collect();
        ensure!(wishes.len() == count, "{} of {count} synthetic files can be read", wishes.len());
        let resources: usize = wishes.iter().map(|desired| desired.wants().len()).sum();

        let first = repeat(runs, || {
            for desired in &wishes {
                let plan = plan(KINDS, desired, &[])?;
                ensure!(plan.steps.len() == desired.wants().len(), "a first plan creates everything");
                black_box(plan);
            }
            Ok(())
        })?;

        let live: Vec<Object> = wishes.iter().flat_map(built).collect();
        // What is sorted is used up; the copies are not part of the work.
        let (mut ownership, mut observed) = (vec![], Observed::default());
        for _ in 0..runs {
            let objects = live.clone();
            let since = Instant::now();
            let sorted = Observed::sort(KINDS, objects);
            ownership.push(since.elapsed());
            observed = sorted;
        }
        let ownership = Times::new(ownership);

        let converged = repeat(runs, || {
            for desired in &wishes {
                let plan = plan(KINDS, desired, observed.of(&desired.stack)?)?;
                let step = plan.steps.first();
                ensure!(step.is_none(), "what is as wished needs no step: {step:?}");
                black_box(plan);
            }
            Ok(())
        })?;

        let parts = [("first plan", &first), ("ownership", &ownership), ("converged plan", &converged)];
        for (name, times) in parts {
            each.entry(name).or_default().push(micros(times.best(), count));
        }
        let total = |times: &Times| format!("{:.2} ({:.2})", millis(times.best()), millis(times.median()));
        let one = |times: &Times| format!("{:.0}", micros(times.best(), count));
        table.row([
            count.to_string(),
            resources.to_string(),
            total(&first),
            one(&first),
            total(&ownership),
            one(&ownership),
            total(&converged),
            one(&converged),
        ]);
    }
    table.print()?;
    each.iter().try_for_each(|(part, each)| is_linear(part, each))
}

/// Fails where a municipality costs much more among many than among few.
fn is_linear(part: &str, each: &[f64]) -> Result<()> {
    for ((few, many), sizes) in each.iter().zip(each.iter().skip(1)).zip(SIZES.windows(2)) {
        let counts: Vec<usize> = sizes.iter().map(|(count, _)| *count).collect();
        ensure!(
            many <= &(few * TOLERANCE),
            "{part} is not linear: a municipality costs {few:.0} µs, then {many:.0} µs, among {counts:?}"
        );
    }
    Ok(())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn micros(duration: Duration, count: usize) -> f64 {
    duration.as_secs_f64() * 1e6 / count as f64
}

/// The world after the wishes came true: every address has an id, and every reference is one.
fn built(desired: &Desired) -> Vec<Object> {
    let id = |address: &Address| format!("{}-{}-{}", address.kind(), desired.stack.municipality, address.name());
    let object = |(address, want): (&Address, &Want)| {
        let kind = KINDS.get(address.kind())?;
        let mut raw = want.spec.clone();
        to_ids(&mut raw, &id);
        let owner = if kind.natural(&raw).is_some() {
            Owner::Parent
        } else if kind.name() == "log-group" {
            // The read of log groups shows no tags.
            Owner::Name { stack: desired.stack.clone(), name: address.name().into() }
        } else {
            Owner::Tags(desired.tags_of(address, want))
        };
        Some(Object { kind: kind.name(), id: id(address), owner, state: State::Ready, raw })
    };
    desired.wants().iter().filter_map(object).collect()
}

/// Rewrites references to addresses into references to ids: the inverse of what the planner does first.
fn to_ids(spec: &mut Value, id: &impl Fn(&Address) -> String) {
    match spec {
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str).and_then(|text| Address::parse(text).ok());
            match target {
                Some(address) => {
                    map.clear();
                    map.insert("$id".into(), id(&address).into());
                }
                None => map.values_mut().for_each(|value| to_ids(value, id)),
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| to_ids(value, id)),
        _ => {}
    }
}

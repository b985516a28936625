//! Two applies of one city at once, with no lease between them, in orders that seeds shuffle: nothing is there twice in the
//! end, and where they met, one says so. Who asks at the same time is a matter of a millisecond of real time, so that on a busy
//! machine a seed does not repeat its order.

use std::{collections::BTreeMap, time::Duration};

use gcnet::config::schema::Municipality;
use gcnet_core::{
    Desired, Options, Outcome, Plan, PlanError, Report, StepError, Stop, World as _, apply, identity, observe, plan,
};
use gcnet_sandbox::{ReadLag, Sandbox};

use crate::{
    parties::story::changed,
    support::{self, connect, converge, options, planned, sandbox_of, summary, wish},
};

/// What makes no difference to who is first, but takes long or waits for others.
fn small(name: &str) -> Municipality {
    let mut city = changed(name, &[]);
    (city.private_ca, city.dns) = (None, None);
    city
}

async fn one(
    sandbox: &Sandbox,
    city: &Municipality,
    run: &str,
    desired: &Desired,
    after: usize,
) -> Option<(Plan, Report)> {
    while sandbox.calls().len() < after {
        tokio::time::timeout(Duration::from_millis(2), std::future::pending::<()>()).await.unwrap_err();
    }
    let aws = connect(sandbox, city).await;
    let observed = observe(&aws.fresh(), gcnet_aws::KINDS).await.unwrap();
    let plan = match plan(gcnet_aws::KINDS, desired, &observed.for_wish(desired).unwrap()) {
        // Of the other run, which has yet to give way.
        Err(PlanError::Twins { .. }) => return None,
        plan => plan.unwrap(),
    };
    let options = Options { run: run.into(), rivals: options().lag, ..options() };
    let report = apply(&aws, gcnet_aws::KINDS, &plan, &options, &Stop::default(), &|_| {}).await;
    Some((plan, report))
}

/// Two runs meet; answers how many gave way.
async fn meet(city: &Municipality, before: Option<&Desired>, after: &Desired, seed: u64, lag: u64) -> usize {
    let sandbox = sandbox_of(city).await;
    if let Some(before) = before {
        converge(&connect(&sandbox, city).await, before).await;
    }
    sandbox.clear_calls();
    sandbox.interleave(seed);
    sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(lag)));
    // The second starts with the first, or while it is at work.
    let later = [0, 0, 30, 60, 100, 150][usize::try_from(seed % 6).unwrap()];
    let runs = tokio::join!(one(&sandbox, city, "one", after, 0), one(&sandbox, city, "two", after, later));
    let runs = [runs.0, runs.1];
    sandbox.set_read_lag(ReadLag::None);

    let account = city.accounts.network.id.to_string();
    let mut live: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for thing in sandbox.everything(&account) {
        if let Some(address) = thing.tags.get(identity::ADDRESS) {
            live.entry(address.clone()).or_default().push(thing.id);
        }
    }
    let told = |run: &Option<(Plan, Report)>| run.as_ref().map(|(plan, report)| support::failures(plan, report));
    let told = runs.each_ref().map(told);
    let aws = connect(&sandbox, city).await;
    converge(&aws, after).await;
    assert_eq!(summary(&planned(&aws, after).await), [""; 0], "seed {seed}, lag {lag}: {told:?}");
    let twice: Vec<_> = live.iter().filter(|(_, ids)| ids.len() > 1).collect();
    if before.is_none() {
        assert!(twice.is_empty(), "seed {seed}, lag {lag}: {twice:?}\n{told:?}");
    }
    let gave_way = |run: &&Option<(Plan, Report)>| {
        let is_rival = |outcome: &Outcome| matches!(outcome, Outcome::Failed { error: StepError::Rival { .. } });
        run.as_ref().is_some_and(|(_, report)| report.outcomes.iter().any(is_rival))
    };
    runs.iter().filter(gave_way).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_applies_at_once_leave_no_twin_in_any_order() {
    let city = small("kamiita");
    let mut met = 0;
    for seed in 0..12 {
        met += meet(&city, None, &wish(&city), seed, [0, 20][usize::try_from(seed / 6 % 2).unwrap()]).await;
    }
    assert!(met > 3, "they met {met} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_applies_that_replace_the_vpc_leave_no_twin_in_any_order() {
    let city = small("naruto");
    let mut moved = city.clone();
    moved.shared_vpc.cidr.value = gcnet::config::values::Cidr::parse("10.250.0.0/24").unwrap();
    let mut met = 0;
    for seed in 0..8 {
        met +=
            meet(&city, Some(&wish(&city)), &wish(&moved), seed, [0, 20][usize::try_from(seed / 4 % 2).unwrap()]).await;
    }
    assert!(met > 2, "they met {met} times");
}

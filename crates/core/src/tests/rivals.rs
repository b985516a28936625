//! Two runs at once, with no lease between them: however they interleave, nothing is there twice in the end.

use std::{collections::BTreeMap, time::Duration};

use super::{
    help::{Town, check_settled, converge, nothing, options, planned, run, undone},
    kinds::{KINDS, Net, Peer},
    world::{Toy, Trouble, pass},
};
use crate::{Action, Desired, Options, Outcome, Plan, PlanError, Report, StepError, Stop, Why, apply, identity};

/// How two runs meet.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    seed: u64,
    /// By how much reads lag, in seconds.
    lag: u64,
    /// The second run plans and starts so much later.
    later: Duration,
    /// The answer to the n-th write is lost.
    lost: Option<usize>,
    /// Whichever run makes the n-th write, dies of it.
    dies: Option<usize>,
    ids_fall: bool,
    /// What a dead run may have made is looked for before anything is made.
    rechecks: bool,
}

fn by(run: &str, rechecks: bool) -> Options {
    // A lagging read shows by then what was made before the creation.
    let rivals = options().lag + Duration::from_secs(1);
    let recheck = if rechecks { rivals } else { Duration::ZERO };
    Options { rivals, recheck, run: run.into(), ..options() }
}

async fn one(toy: &Toy, run: &str, wish: &Desired, rechecks: bool, later: Duration) -> Option<(Plan, Report)> {
    pass(later).await;
    // A plan that reads half of what the other has done so far, may find twins that are about to be settled.
    let plan = match planned(toy, wish).await {
        Err(PlanError::Twins { .. }) => return None,
        plan => plan.unwrap(),
    };
    let (options, stop, toy) = (by(run, rechecks), Stop::default(), toy.process());
    tokio::select! {
        biased;
        () = toy.died() => None,
        report = apply(&toy, KINDS, &plan, &options, &stop, &|_| {}) => Some((plan, report)),
    }
}

/// Both runs end; nothing that lives is there twice, and a third run alone comes to the wish.
async fn meet(from: Option<&Desired>, to: &Desired, meeting: Meeting) -> [Option<(Plan, Report)>; 2] {
    let toy = Toy::default();
    toy.cloud().ids_fall = meeting.ids_fall;
    if let Some(from) = from {
        assert!(converge(&toy, from).await.is_success());
    }
    toy.reset();
    {
        let mut cloud = toy.cloud();
        (cloud.jitter, cloud.lag) = (meeting.seed, Duration::from_secs(meeting.lag));
    }
    if let Some(write) = meeting.lost {
        toy.trouble_at(write, Trouble::Lose { executed: true });
    }
    if let Some(write) = meeting.dies {
        toy.trouble_at(write, Trouble::Die { executed: true });
    }
    let rechecks = meeting.rechecks;
    let first = one(&toy, "one", to, rechecks, Duration::ZERO);
    let runs = tokio::join!(first, one(&toy, "two", to, rechecks, meeting.later));
    let runs = [runs.0, runs.1];
    toy.calm();
    tokio::time::advance(options().lag).await;
    toy.cloud().lag = Duration::ZERO;
    if from.is_none() {
        check_truth(&toy, &runs, meeting);
    }

    let mut live: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for thing in toy.things() {
        if let Some(address) = thing.tags.get(identity::ADDRESS)
            && !thing.tags.contains_key(identity::WITHDRAWN)
        {
            live.entry(address.clone()).or_default().push(thing.id.clone());
        }
    }
    let things = toy.things();
    let replaced: Vec<&str> = things.iter().flat_map(|thing| identity::replaced(Some(&thing.tags))).collect();
    for (address, ids) in &live {
        let ids: Vec<&String> = ids.iter().filter(|id| !replaced.contains(&id.as_str())).collect();
        assert!(ids.len() < 2, "{meeting:?}: {address} is {ids:?}");
    }
    let report = converge(&toy, to).await;
    assert!(report.is_success(), "{meeting:?}: {report:#?}");
    check_settled(&toy, to).await;
    runs
}

/// What a run told as done is there, and a run that failed says that it met another one.
fn check_truth(toy: &Toy, runs: &[Option<(Plan, Report)>], meeting: Meeting) {
    let things = toy.things();
    for (plan, report) in runs.iter().flatten() {
        let created = plan.steps.iter().zip(&report.outcomes).filter(|(step, _)| step.action == Action::Create);
        for (step, outcome) in created {
            if let Outcome::Done { id } = outcome {
                let there =
                    things.iter().find(|thing| thing.id == *id && !thing.tags.contains_key(identity::WITHDRAWN));
                assert!(there.is_some(), "{meeting:?}: {} is done, and {id} is not there: {report:#?}", step.address);
            }
        }
        let failed = report.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed { .. }));
        let met = |outcome: &Outcome| {
            let error = if let Outcome::Failed { error } = outcome { error } else { return false };
            matches!(error, StepError::Rival { .. } | StepError::Twins { .. })
        };
        assert!(!failed || report.outcomes.iter().any(met), "{meeting:?}: {report:#?}");
    }
}

/// Whoever gave way says so, and what it says is true.
fn gave_way(run: &Option<(Plan, Report)>) -> bool {
    let Some((_, report)) = run else { return false };
    let is_rival = |outcome: &Outcome| matches!(outcome, Outcome::Failed { error: StepError::Rival { .. } });
    report.outcomes.iter().any(is_rival)
}

fn meetings(seeds: u64) -> impl Iterator<Item = Meeting> {
    (1..=seeds).flat_map(|seed| {
        [0, 10].into_iter().flat_map(move |lag| {
            [false, true].into_iter().map(move |ids_fall| {
                let later = Duration::from_millis([0, 0, 130, 700, 4_000, 16_000, 40_000][(seed % 7) as usize]);
                let nth = usize::try_from(1 + seed % 12).unwrap();
                let lost = (seed % 3 == 1).then_some(nth);
                let dies = (seed % 3 == 2).then_some(nth);
                let rechecks = seed % 2 == 0;
                Meeting { seed, lag, later, lost, dies, ids_fall, rechecks }
            })
        })
    })
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_build_the_same_leave_it_once() {
    let mut ways = 0;
    for meeting in meetings(60) {
        let runs = meet(None, &Town::default().wish(), meeting).await;
        ways += runs.iter().filter(|run| gave_way(run)).count();
    }
    assert!(ways > 20, "two runs met {ways} times");
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_replace_the_same_leave_it_once() {
    let moved = Town { cidr: "10.2", size: 2, flavour: "fancy", ..Town::default() };
    let mut ways = 0;
    for meeting in meetings(60) {
        let runs = meet(Some(&Town::default().wish()), &moved.wish(), meeting).await;
        ways += runs.iter().filter(|run| gave_way(run)).count();
    }
    assert!(ways > 20, "two runs met {ways} times");
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_tear_down_the_same_leave_nothing() {
    for meeting in meetings(30) {
        meet(Some(&Town::default().wish()), &nothing(), meeting).await;
    }
}

fn net() -> Desired {
    let mut wish = nothing();
    wish.add("main", Net { cidr: "10.1".into(), dns: true, note: None, log: None });
    wish
}

/// Of two that start together one goes on, and the other says what it met and starts nothing else.
#[tokio::test(start_paused = true)]
async fn one_of_two_gives_way_and_stops() {
    for ids_fall in [false, true] {
        let mut wish = net();
        wish.add("p", Peer { size: 1, via: None, others: [].into() });
        let later = Duration::from_millis(10);
        let meeting = Meeting { seed: 0, lag: 0, later, lost: None, dies: None, ids_fall, rechecks: false };
        let runs = meet(None, &wish, meeting).await;
        let ends: Vec<_> = runs.iter().flatten().map(|(plan, report)| (undone(plan, report), report.stopped)).collect();
        let (good, bad): (Vec<_>, Vec<_>) = ends.into_iter().partition(|(undone, _)| undone.is_empty());
        assert_eq!((good.len(), bad.len()), (1, 1), "{good:?} {bad:?}");
        assert!(bad[0].1 && bad[0].0.iter().any(|line| line.contains("gave way to")), "{bad:?}");
    }
}

/// The first run died right after it made the net. The second, whose plan did not see it, waits for it, gives way in the end
/// and leaves the dead run's to the next.
#[tokio::test(start_paused = true)]
async fn what_a_dead_run_made_stays() {
    for ids_fall in [false, true] {
        let meeting = Meeting {
            seed: 0,
            lag: 0,
            later: Duration::from_millis(10),
            lost: None,
            dies: Some(1),
            ids_fall,
            rechecks: false,
        };
        let [first, second] = meet(None, &net(), meeting).await;
        assert!(first.is_none() && gave_way(&second));
    }
}

/// A run that dies between giving way and deleting leaves something to delete, and no twin.
#[tokio::test(start_paused = true)]
async fn what_gave_way_goes_with_the_next_plan() {
    let toy = Toy::default();
    let wish = Town::default().wish();
    assert!(converge(&toy, &wish).await.is_success());
    let net = toy.id_of("net/main");
    toy.copy(&net, "net-twin");
    assert!(matches!(planned(&toy, &wish).await, Err(PlanError::Twins { .. })));
    toy.by_hand(|things| {
        things.get_mut("net-twin").unwrap().tags.insert(identity::WITHDRAWN.into(), net.clone());
    });
    let plan = planned(&toy, &wish).await.unwrap();
    let steps: Vec<_> =
        plan.steps.iter().map(|step| (step.action, &step.have.as_ref().unwrap().id, &step.why)).collect();
    assert_eq!(steps, [(Action::Delete, &"net-twin".to_string(), &Why::Withdrawn)]);
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(report.is_success());
    tokio::time::advance(options().lag).await;
    check_settled(&toy, &wish).await;
}

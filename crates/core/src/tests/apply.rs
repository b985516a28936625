//! A plan carried out: what is told, what waits for what, what it costs.

use std::time::Duration;

use insta::assert_snapshot;

use super::{
    help::{Town, built, check_apply, check_settled, converge, nothing, options, planned, run, undone},
    world::{Toy, Trouble},
};
use crate::{Class, Desired, Event, Options, Outcome, StepError, Stop};

/// One line an event, without ids and times.
fn told(events: &[Event]) -> String {
    let lines = events.iter().map(|event| match event {
        Event::Started { address, action } => format!("start {action:?} {address}"),
        Event::Waiting { address, action, state } => format!("wait {action:?} {address}: {state}"),
        Event::Retrying { address, action, failure } => format!("retry {action:?} {address}: {}", failure.code),
        Event::Done { address, action, .. } => format!("done {action:?} {address}"),
        Event::Failed { address, action, error, .. } => format!("fail {action:?} {address}: {error}"),
        Event::Skipped { address, action, because_of } => format!("skip {action:?} {address}: {because_of}"),
        Event::Theirs { address, action, .. } => format!("theirs {action:?} {address}"),
        Event::Held { address, action, because_of } => format!("hold {action:?} {address}: {because_of}"),
        Event::Stopping => "stopping".into(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn small() -> Town {
    Town { subnets: vec![("a", false)], routes: vec!["10.8"], ..Town::default() }
}

async fn tell(toy: &Toy, wish: &Desired, options: &Options) -> String {
    let plan = planned(toy, wish).await.unwrap();
    told(&run(toy, &plan, options, &Stop::default()).await.1)
}

#[tokio::test(start_paused = true)]
async fn tells_what_happens() {
    let toy = built(&small()).await;
    toy.slow("attachment", 60);
    toy.trouble("create:assoc", 1, Trouble::Refuse(Class::Throttled));
    let wish = Town { mode: "fancy", flavour: "fancy", days: 30, ..small() }.wish();
    assert_snapshot!(tell(&toy, &wish, &Options { parallelism: 1, ..options() }).await, @r"
    start Update log/flow
    start Create table/main
    start Delete peer/q
    done Update log/flow
    done Create table/main
    start Delete assoc/a
    start Delete route/main/10.8
    done Delete peer/q
    start Delete peer/p
    done Delete assoc/a
    start Create assoc/a
    retry Create assoc/a: trouble
    done Delete route/main/10.8
    start Delete table/main
    done Delete peer/p
    start Delete attachment/hub
    done Delete table/main
    wait Delete attachment/hub: deleting
    done Create assoc/a
    done Delete attachment/hub
    start Create attachment/hub
    wait Create attachment/hub: pending
    done Create attachment/hub
    start Create route/main/10.8
    start Create peer/p
    done Create route/main/10.8
    done Create peer/p
    start Create peer/q
    done Create peer/q
    ");
    check_settled(&toy, &wish).await;
}

#[tokio::test(start_paused = true)]
async fn a_creation_of_several_calls_says_unfinished_until_the_last() {
    let toy = Toy::default();
    let plan = planned(&toy, &small().wish()).await.unwrap();
    toy.trouble("update:net", 1, Trouble::Refuse(Class::Denied));
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(!report.is_success());
    let net = toy.things().into_iter().find(|t| t.kind == "net").unwrap();
    assert_eq!(net.tags["gcnet:spec"], "unfinished");
    check_apply(&toy, &small().wish()).await;
    let net = toy.things().into_iter().find(|t| t.kind == "net").unwrap();
    assert_eq!(net.tags["gcnet:spec"].len(), 16);
}

#[tokio::test(start_paused = true)]
async fn everything_under_a_root_carries_its_incarnation() {
    let toy = built(&small()).await;
    let net = toy.id_of("net/main");
    for thing in toy.things() {
        let expected = matches!(thing.kind, "subnet" | "attachment" | "table" | "peer").then_some(&net);
        assert_eq!(thing.tags.get("gcnet:incarnation"), expected, "{}", thing.id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_skips_only_what_depends_on_it() {
    let toy = Toy::default();
    toy.trouble("create:attachment", 1, Trouble::Refuse(Class::Guardrail));
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    let (report, events) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert_snapshot!(undone(&plan, &report).join("\n"), @r"
    Create attachment/hub failed: toy:create:attachment failed: trouble: trouble
    Create route/main/10.8 skipped: attachment/hub
    Create route/main/10.9 skipped: attachment/hub
    Create peer/p skipped: attachment/hub
    Create peer/q skipped: attachment/hub
    ");
    assert!(!report.stopped);
    assert_eq!(report.done(), plan.steps.len() - 5);
    assert_eq!(events.iter().filter(|e| matches!(e, Event::Skipped { .. })).count(), 4);
    check_apply(&toy, &Town::default().wish()).await;
}

/// The half that would destroy is not reached when the half that makes fails, and the other way round.
#[tokio::test(start_paused = true)]
async fn a_replacement_that_fails_half_way_keeps_the_other_half() {
    let toy = built(&Town::default()).await;
    let table = toy.id_of("table/main");
    toy.trouble("create:table", 1, Trouble::Refuse(Class::Quota));
    let wish = Town { flavour: "fancy", ..Town::default() }.wish();
    let plan = planned(&toy, &wish).await.unwrap();
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert_snapshot!(undone(&plan, &report).join("\n"), @r"
    Create table/main failed: toy:create:table failed: trouble: trouble
    Create route/main/10.8 skipped: table/main
    Create route/main/10.9 skipped: table/main
    Delete assoc/a skipped: table/main
    Create assoc/a skipped: table/main
    Delete assoc/b skipped: table/main
    Create assoc/b skipped: table/main
    Delete route/main/10.8 skipped: table/main
    Delete route/main/10.9 skipped: table/main
    Delete table/main skipped: table/main
    ");
    assert_eq!(toy.id_of("table/main"), table);

    toy.trouble("delete:route", 1, Trouble::Refuse(Class::Denied));
    let wish = Town { mode: "fancy", ..Town::default() }.wish();
    let plan = planned(&toy, &wish).await.unwrap();
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert_snapshot!(undone(&plan, &report).join("\n"), @r"
    Delete route/main/10.8 failed: toy:delete:route failed: trouble: trouble
    Delete attachment/hub skipped: route/main/10.8
    Create attachment/hub skipped: route/main/10.8
    Create route/main/10.8 skipped: route/main/10.8
    Create route/main/10.9 skipped: route/main/10.8
    Create peer/p skipped: route/main/10.8
    Create peer/q skipped: route/main/10.8
    ");
    check_apply(&toy, &wish).await;
}

#[tokio::test(start_paused = true)]
async fn what_breaks_while_it_is_made_is_made_anew_by_the_next_run() {
    let toy = Toy::default();
    toy.cloud().failing.insert("attachment", 1);
    toy.slow("attachment", 30);
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    let broken = report.outcomes.iter().find(|o| matches!(o, Outcome::Failed { .. })).unwrap();
    assert!(matches!(broken, Outcome::Failed { error: StepError::Broken { reason, .. } } if reason == "it broke"));
    check_apply(&toy, &Town::default().wish()).await;
}

#[tokio::test(start_paused = true)]
async fn what_never_becomes_ready_is_given_up() {
    let toy = Toy::default();
    toy.slow("attachment", 2000);
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    let errors: Vec<_> = report
        .outcomes
        .iter()
        .filter_map(|o| if let Outcome::Failed { error } = o { Some(error) } else { None })
        .collect();
    // The kind's own patience is 20 minutes.
    assert!(matches!(errors[..], [StepError::NotReady { waited, .. }] if waited.as_secs() / 60 == 20), "{errors:?}");
    // The next run waits for it, and makes no second one.
    check_apply(&toy, &Town::default().wish()).await;
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_bounded() {
    let names: Vec<String> = (0..40).map(|i| format!("s{i}")).collect();
    let subnets = names.iter().map(|name| (&*name.clone().leak(), false)).collect();
    let town = Town { subnets, routes: vec![], ..Town::default() };
    for parallelism in [0, 1, 3, 16] {
        let toy = Toy::default();
        let plan = planned(&toy, &town.wish()).await.unwrap();
        let options = Options { parallelism, ..options() };
        assert!(run(&toy, &plan, &options, &Stop::default()).await.0.is_success());
        assert_eq!(toy.cloud().most_in_flight, parallelism.max(1), "all of it is used, and no more");
    }
}

/// Those who only wait do not count: with room for one call, forty slow creations still go on side by side.
#[tokio::test(start_paused = true)]
async fn waiting_costs_one_read_a_tick_for_all_who_wait() {
    let mut reads = vec![];
    for n in [1, 40] {
        let toy = Toy::default();
        toy.slow("peer", 90);
        let plan = planned(&toy, &peers(n)).await.unwrap();
        toy.reset();
        let began = tokio::time::Instant::now();
        let (report, _) = run(&toy, &plan, &Options { parallelism: 1, ..options() }, &Stop::default()).await;
        assert!(report.is_success());
        assert!(began.elapsed() < Duration::from_secs(110), "{n}: {:?}", began.elapsed());
        assert_eq!(toy.cloud().reads.keys().collect::<Vec<_>>(), [&"peers"]);
        reads.push(toy.cloud().reads["peers"]);
    }
    assert!(reads[1] <= reads[0] + 2 && reads[0] <= 15, "{reads:?}");
}

/// Routes come with their tables, so whoever waits for both at once looks once.
#[tokio::test(start_paused = true)]
async fn kinds_that_are_looked_at_together_share_the_read() {
    let toy = built(&Town { routes: vec![], ..Town::default() }).await;
    let mut wish = Town::default().wish();
    let net = crate::Ref::to("main");
    wish.add("other", super::kinds::Table { net, flavour: "plain".into() });
    toy.slow("table", 20);
    toy.slow("route", 20);
    let plan = planned(&toy, &wish).await.unwrap();
    toy.reset();
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    // 1, 1.5, 2.25, 3.4, 5, 7.6 seconds: six looks for three things of two kinds.
    assert_eq!(toy.cloud().reads["tables"], 6);
}

#[tokio::test(start_paused = true)]
async fn a_stop_starts_nothing_and_finishes_what_is_in_flight() {
    let toy = Toy::default();
    toy.slow("attachment", 90);
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    let stop = Stop::default();
    let clone = stop.clone();
    let events = std::sync::Mutex::new(vec![]);
    let report = crate::apply(&toy, super::kinds::KINDS, &plan, &options(), &stop, &|event| {
        if matches!(&event, Event::Waiting { state, .. } if state == "pending") {
            clone.request();
        }
        events.lock().unwrap().push(event);
    })
    .await;
    assert!(report.stopped && !report.is_success());
    assert_snapshot!(undone(&plan, &report).join("\n"), @r"
    Create route/main/10.8 not started
    Create route/main/10.9 not started
    Create peer/p not started
    Create peer/q not started
    ");
    let events = told(&events.into_inner().unwrap());
    let after = events.split_once("stopping").unwrap().1;
    assert!(!after.contains("start ") && !after.contains("stopping"), "{after}");
    assert!(after.contains("done Create attachment/hub"), "{after}");
    check_apply(&toy, &Town::default().wish()).await;
}

fn peers(n: usize) -> Desired {
    let mut wish = nothing();
    for i in 0..n {
        wish.add(&format!("p{i:02}"), super::kinds::Peer { size: 1, via: None, others: [].into() });
    }
    wish
}

/// With room for one call, forty steps stand ready; those that have not called when the stop comes never do.
#[tokio::test(start_paused = true)]
async fn a_stop_finds_no_queue_of_calls() {
    let toy = Toy::default();
    toy.cloud().latency = Duration::from_millis(200);
    let plan = planned(&toy, &peers(40)).await.unwrap();
    let stop = Stop::default();
    let options = Options { parallelism: 1, ..options() };
    let sink = |event| {
        if matches!(event, Event::Done { .. }) {
            stop.request();
        }
    };
    let report = crate::apply(&toy, super::kinds::KINDS, &plan, &options, &stop, &sink).await;
    // The first is seen after some two seconds; until then there is a call every 0.2 seconds.
    assert!((2..15).contains(&report.done()), "{}", report.done());
    assert_eq!(report.done(), toy.cloud().writes.len());
    assert_eq!(report.outcomes.iter().filter(|o| **o == Outcome::NotStarted).count(), 40 - report.done());
}

/// A dead run left it pending: whoever only watches it leaves the one call to others.
#[tokio::test(start_paused = true)]
async fn a_step_that_begins_with_waiting_keeps_nobody_from_calling() {
    let toy = Toy::default();
    toy.slow("peer", 60);
    toy.trouble_at(1, Trouble::Die { executed: true });
    assert_eq!(super::help::run_or_die(&toy, &planned(&toy, &peers(1)).await.unwrap()).await, None);
    let mut wish = peers(1);
    wish.add("flow", super::kinds::Log { days: 7 });
    let plan = planned(&toy, &wish).await.unwrap();
    let (report, events) = run(&toy, &plan, &Options { parallelism: 1, ..options() }, &Stop::default()).await;
    assert!(report.is_success());
    let (told, done) = (told(&events), |what: &str| format!("done {what}"));
    let place = |what: &str| told.find(&done(what)).unwrap();
    assert!(place("Create log/flow") < place("Update peer/p00"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_before_the_start_changes_nothing_and_is_told() {
    let toy = Toy::default();
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    let stop = Stop::default();
    stop.request();
    stop.request();
    let (report, events) = run(&toy, &plan, &options(), &stop).await;
    assert_eq!((report.stopped, report.done(), toy.cloud().writes.len()), (true, 0, 0));
    assert_eq!(told(&events), "stopping");
}

#[tokio::test(start_paused = true)]
async fn an_empty_plan_is_a_success_without_a_call() {
    let toy = built(&Town::default()).await;
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    toy.reset();
    let (report, events) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(report.is_success() && !report.stopped && events.is_empty());
    assert!(toy.cloud().reads.is_empty() && toy.cloud().writes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn deleting_what_is_gone_is_a_success() {
    let toy = built(&Town::default()).await;
    let plan = planned(&toy, &nothing()).await.unwrap();
    toy.tear_down(&toy.id_of("net/main"));
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(report.is_success(), "{:#?}", undone(&plan, &report));
    assert_eq!(toy.things(), []);
}

#[tokio::test(start_paused = true)]
async fn what_vanishes_while_it_is_changed_is_an_error_and_is_made_anew() {
    let toy = built(&Town::default()).await;
    let wish = Town { subnets: vec![("a", true), ("b", true)], ..Town::default() }.wish();
    let plan = planned(&toy, &wish).await.unwrap();
    toy.tear_down(&toy.id_of("subnet/a"));
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert_snapshot!(undone(&plan, &report).join("\n"), @"Update subnet/a failed: no read shows subnet-003 after 302.482s");
    assert!(converge(&toy, &wish).await.is_success());
    check_settled(&toy, &wish).await;
}

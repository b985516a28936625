//! Calls that go wrong: which are made again, which are not, and that nothing is ever made twice.

use std::time::Duration;

use super::{
    help::{Town, built, check_apply, check_settled, converge, nothing, options, planned, run, undone},
    kinds::Peer,
    world::{Toy, Trouble},
};
use crate::{Class, Options, Outcome, Stack, StepError, Stop};

const LOST: [Trouble; 2] = [Trouble::Lose { executed: true }, Trouble::Lose { executed: false }];

fn creations(toy: &Toy, kind: &str) -> usize {
    toy.cloud().writes.iter().filter(|call| **call == format!("create:{kind}")).count()
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_creation_makes_no_twin() {
    for kind in ["net", "subnet", "attachment", "table", "route", "assoc", "log", "peer"] {
        for trouble in LOST {
            for lag in [0, 14] {
                let toy = Toy::default();
                toy.cloud().lag = Duration::from_secs(lag);
                toy.trouble(format!("create:{kind}").leak(), 1, trouble);
                let plan = planned(&toy, &Town::default().wish()).await.unwrap();
                let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
                assert!(report.is_success(), "{kind} {trouble:?}: {:?}", undone(&plan, &report));
                tokio::time::advance(options().lag).await;
                check_settled(&toy, &Town::default().wish()).await;
                let wished = plan.steps.iter().filter(|step| step.address.kind() == kind).count();
                let again = usize::from(trouble == Trouble::Lose { executed: false });
                // A new thing cannot be referred to while reads lag, so others are refused for a while and ask again.
                if lag == 0 || matches!(kind, "net" | "log") {
                    assert_eq!(creations(&toy, kind), wished + again, "{kind} {trouble:?}");
                }
            }
        }
    }
}

/// The call is made a second time only when a read that began a full lag after it shows nothing.
#[tokio::test(start_paused = true)]
async fn a_creation_is_repeated_only_after_the_lag() {
    let toy = Toy::default();
    toy.cloud().latency = Duration::from_secs(4);
    toy.cloud().lag = options().lag;
    for _ in 0..2 {
        toy.trouble("create:peer", 1, Trouble::Lose { executed: false });
    }
    let mut wish = nothing();
    wish.add("p", Peer { size: 1, via: None, others: [].into() });
    let plan = planned(&toy, &wish).await.unwrap();
    let began = tokio::time::Instant::now();
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    assert!(began.elapsed() > 3 * options().lag, "{:?}", began.elapsed());
    assert_eq!((creations(&toy, "peer"), toy.things().len()), (3, 1));
}

/// A slow read that began before the creation could show ends after it must have: it proves nothing.
#[tokio::test(start_paused = true)]
async fn a_read_that_began_too_early_proves_no_absence() {
    let toy = Toy::default();
    toy.cloud().lag = options().lag;
    toy.cloud().latency = Duration::from_secs(20);
    toy.trouble("create:peer", 1, Trouble::Lose { executed: true });
    let mut wish = nothing();
    wish.add("p", Peer { size: 1, via: None, others: [].into() });
    check_apply(&toy, &wish).await;
    assert_eq!(creations(&toy, "peer"), 1);
}

/// What carries our address in another stack, or is on its way out, is not what our lost creation made.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_takes_over_nothing_of_others_and_nothing_that_leaves() {
    let toy = Toy::default();
    let other = Town { stack: Stack::new("itano", "prod"), ..Town::default() };
    assert!(converge(&toy, &other.wish()).await.is_success());
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    for kind in ["create:net", "create:peer", "create:attachment"] {
        toy.trouble(kind, 1, Trouble::Lose { executed: false });
    }
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    check_settled(&toy, &Town::default().wish()).await;

    let toy = Toy::default();
    let mut wish = nothing();
    wish.add("p", Peer { size: 1, via: None, others: [].into() });
    let plan = planned(&toy, &wish).await.unwrap();
    check_apply(&toy, &wish).await;
    toy.slow("peer", 60);
    toy.remove("peer", "peer-001").await.unwrap();
    toy.trouble("create:peer", 1, Trouble::Lose { executed: false });
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert_eq!(report.outcomes, [Outcome::Done { id: "peer-002".into() }]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_any_write_is_settled_in_the_same_run() {
    let before = Town::default();
    // Everything is made anew, and then only what uses the attachment: a new route has the natural key of the old one.
    for (after, writes) in
        [(Town { cidr: "10.2", days: 30, ..Town::default() }, 24), (Town { mode: "x", ..Town::default() }, 9)]
    {
        for (trouble, n) in LOST.into_iter().flat_map(|trouble| (1..=writes).map(move |n| (trouble, n))) {
            let toy = built(&before).await;
            toy.trouble_at(n, trouble);
            let plan = planned(&toy, &after.wish()).await.unwrap();
            let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
            assert!(report.is_success(), "{trouble:?} {n}: {:?}", undone(&plan, &report));
            check_settled(&toy, &after.wish()).await;
            assert!(toy.cloud().writes.len() >= writes, "every write had its turn");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_that_pass_are_waited_out() {
    for class in [Class::NotYet, Class::NotFound, Class::Throttled, Class::Unreachable] {
        let toy = Toy::default();
        for call in ["create:net", "update:net", "retag:net", "create:route", "create:log", "update:log"] {
            toy.trouble(call, 3, Trouble::Refuse(class));
        }
        check_apply(&toy, &Town::default().wish()).await;
        // A deletion takes "not found" for done, and then sees that it is not.
        toy.trouble("delete:", 5, Trouble::Refuse(class));
        check_apply(&toy, &nothing()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn reads_that_fail_while_waiting_are_made_again() {
    let toy = Toy::default();
    toy.slow("attachment", 60);
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    toy.trouble("read:", 6, Trouble::Refuse(Class::Throttled));
    toy.trouble("read:", 6, Trouble::Refuse(Class::Unknown));
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    check_settled(&toy, &Town::default().wish()).await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_good_is_not_repeated() {
    for class in [Class::Denied, Class::Guardrail, Class::Quota, Class::Invalid, Class::Already] {
        let toy = Toy::default();
        toy.trouble("create:table", 9, Trouble::Refuse(class));
        let report = converge(&toy, &Town::default().wish()).await;
        let failure = report.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Failed { error } => error.failure(),
            _ => None,
        });
        assert_eq!(failure.map(|failure| failure.class), Some(class));
        // What made it with this token may be gone: once more, with another one.
        let tries = if class == Class::Already { 2 } else { 1 };
        assert_eq!(creations(&toy, "table"), tries, "{class:?}");
        toy.calm();
        check_apply(&toy, &Town::default().wish()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_should_pass_and_does_not_is_given_up() {
    for (class, patience) in
        [(Class::NotYet, 600), (Class::Throttled, 600), (Class::NotFound, 300), (Class::Unreachable, 300)]
    {
        let toy = Toy::default();
        toy.trouble("create:table", usize::MAX, Trouble::Refuse(class));
        let report = converge(&toy, &Town::default().wish()).await;
        let error =
            report.outcomes.iter().find_map(|o| if let Outcome::Failed { error } = o { Some(error) } else { None });
        let Some(StepError::StillRefused { failure, waited }) = error else { panic!("{error:?}") };
        assert_eq!((failure.class, waited.as_secs() / 60), (class, patience / 60));
    }
}

/// What exists already under its natural key is taken over and made right.
#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_adopted() {
    let toy = Toy::default();
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    check_apply(&toy, &Town { days: 30, ..Town::default() }.wish()).await;
    // A plan made before: it finds the log group, by name, and everything else twice as far as it has no natural key.
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    let log = plan.steps.iter().position(|step| step.address.as_str() == "log/flow").unwrap();
    assert_eq!(report.outcomes[log], Outcome::Done { id: "/toy/naruto/prod/flow".into() });
    assert_eq!(toy.things().iter().find(|t| t.kind == "log").unwrap().raw["days"], 7);
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_stop_the_run() {
    let toy = Toy::default();
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    toy.trouble("create:subnet", usize::MAX, Trouble::Refuse(Class::Credentials));
    let (report, events) = run(&toy, &plan, &Options { parallelism: 1, ..options() }, &Stop::default()).await;
    assert!(report.stopped);
    assert_eq!(events.iter().filter(|event| matches!(event, crate::Event::Stopping)).count(), 1);
    assert_eq!(creations(&toy, "subnet"), 1, "no further step is started");
    assert_eq!(creations(&toy, "table"), 0);
    toy.calm();
    check_apply(&toy, &Town::default().wish()).await;

    let toy = Toy::default();
    toy.trouble("read:", usize::MAX, Trouble::Refuse(Class::Credentials));
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(report.stopped && report.done() == 0);
}

#[tokio::test(start_paused = true)]
async fn reads_that_lag_cause_no_twin_and_no_second_update() {
    for lag in [1, 5, 15] {
        let toy = Toy::default();
        toy.cloud().lag = Duration::from_secs(lag);
        assert!(converge(&toy, &Town::default().wish()).await.is_success());
        check_settled(&toy, &Town::default().wish()).await;
        toy.reset();
        let town = Town { dns: false, days: 30, subnets: vec![("a", true), ("b", false)], ..Town::default() };
        assert!(converge(&toy, &town.wish()).await.is_success());
        check_settled(&toy, &town.wish()).await;
        let mut writes = toy.cloud().writes.clone();
        writes.sort();
        let once = ["net", "subnet", "subnet"];
        let expected = ["update:log".to_string()].into_iter();
        let mut expected: Vec<String> =
            expected.chain(once.iter().flat_map(|kind| [format!("update:{kind}"), format!("retag:{kind}")])).collect();
        expected.sort();
        assert_eq!(writes, expected, "lag {lag}");
        assert!(converge(&toy, &nothing()).await.is_success());
        check_settled(&toy, &nothing()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_no_read_shows_is_given_up_and_not_made_twice() {
    let toy = Toy::default();
    let mut wish = nothing();
    wish.add("p", Peer { size: 1, via: None, others: [].into() });
    toy.cloud().hidden.insert("peer-001".into());
    let report = converge(&toy, &wish).await;
    let [Outcome::Failed { error: StepError::Invisible { id, waited } }] = &report.outcomes[..] else {
        panic!("{report:?}")
    };
    assert_eq!((id.as_str(), waited.as_secs() / 60), ("peer-001", 5));
    assert_eq!(creations(&toy, "peer"), 1);
    toy.cloud().hidden.clear();
    check_apply(&toy, &wish).await;
}

/// An earlier run's object shows up only after the plan was made: the answer to our own creation was lost, and two
/// carry the address. Neither is taken.
#[tokio::test(start_paused = true)]
async fn twins_that_show_up_during_a_run_are_refused() {
    let toy = Toy::default();
    let mut wish = nothing();
    wish.add("p", Peer { size: 1, via: None, others: [].into() });
    check_apply(&toy, &wish).await;
    toy.cloud().hidden.insert("peer-001".into());
    let plan = planned(&toy, &wish).await.unwrap();
    toy.cloud().hidden.clear();
    toy.trouble("create:peer", 1, Trouble::Lose { executed: true });
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    let [Outcome::Failed { error: StepError::Twins { ids, .. } }] = &report.outcomes[..] else { panic!("{report:?}") };
    assert_eq!(ids[..], ["peer-001", "peer-002"]);
}

/// The old one still carries the address when the answer about the new one is lost; it is not taken for the new one.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_does_not_bring_back_what_is_replaced() {
    for trouble in LOST {
        let toy = built(&Town::default()).await;
        let old = toy.id_of("peer/p");
        // A dead run has left yet another one.
        toy.copy(&old, "peer-older");
        toy.by_hand(|things| {
            drop(things.get_mut(&old).unwrap().tags.insert("gcnet:replaces".into(), "peer-older".into()))
        });
        toy.trouble("create:peer", 1, trouble);
        let wish = Town { size: 2, ..Town::default() }.wish();
        check_apply(&toy, &wish).await;
        assert_ne!(toy.id_of("peer/p"), old);
    }
}

/// A token that the cloud remembers answers with what was made then; what replaces it needs another.
#[tokio::test(start_paused = true)]
async fn a_replacement_does_not_get_the_old_object_for_its_token() {
    let toy = built(&Town::default()).await;
    let old = toy.id_of("table/main");
    toy.set(&old, "flavour", "by hand");
    check_apply(&toy, &Town::default().wish()).await;
    assert_ne!(toy.id_of("table/main"), old);
}

/// A token that is used up for ever by what is gone: a look shows nothing, and another token makes it.
#[tokio::test(start_paused = true)]
async fn what_is_gone_does_not_keep_its_successor_from_being_made() {
    let toy = Toy::default();
    toy.trouble("create:table", 1, Trouble::Refuse(Class::Already));
    check_apply(&toy, &Town::default().wish()).await;

    // Without a token nothing else can be tried.
    let toy = Toy::default();
    toy.trouble("create:net", 1, Trouble::Refuse(Class::Already));
    let report = converge(&toy, &Town::default().wish()).await;
    let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Failed { error: StepError::Call(_) });
    assert!(report.outcomes.iter().any(is_refused), "{report:?}");
}

/// Three lost answers, a second field and the tags are five updates, but each of the last ones makes something right.
#[tokio::test(start_paused = true)]
async fn a_change_that_gets_on_is_not_given_up() {
    let toy = built(&Town::default()).await;
    toy.trouble("update:net", 3, Trouble::Lose { executed: false });
    toy.trouble_at(5, Trouble::Lose { executed: false });
    check_apply(&toy, &Town { dns: false, note: Some("new"), ..Town::default() }.wish()).await;
}

/// It was long on its way, and what its change names is not seen yet: patience begins with the first refusal.
#[tokio::test(start_paused = true)]
async fn patience_with_refusals_begins_with_the_first() {
    let toy = Toy::default();
    toy.slow("net", 590);
    toy.trouble("update:net", 8, Trouble::Refuse(Class::NotFound));
    check_apply(&toy, &Town::default().wish()).await;

    toy.trouble("update:net", usize::MAX, Trouble::Refuse(Class::NotFound));
    let report = converge(&toy, &Town { dns: false, ..Town::default() }.wish()).await;
    let [Outcome::Failed { error: StepError::StillRefused { waited, .. } }] = &report.outcomes[..] else {
        panic!("{report:?}")
    };
    assert_eq!(waited.as_secs() / 60, 5);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_does_not_take_is_given_up() {
    let toy = built(&Town::default()).await;
    let wish = Town { days: 30, ..Town::default() }.wish();
    // Every answer is lost and nothing is done.
    toy.trouble("update:log", usize::MAX, Trouble::Lose { executed: false });
    let report = converge(&toy, &wish).await;
    let [Outcome::Failed { error: StepError::NotSettling { fields, .. } }] = &report.outcomes[..] else {
        panic!("{report:?}")
    };
    assert_eq!(fields[..], ["days"]);
    assert_eq!(toy.cloud().writes.len(), 4);
}

//! The process dies at every single write, before it or after; the next run finds everything again.

use std::time::Duration;

use super::{
    help::{Town, built, check_apply, check_crash_everywhere, nothing, options, planned, run, run_or_die},
    world::{Toy, Trouble},
};
use crate::{Desired, Options, Outcome, StepError, Stop};

#[tokio::test(start_paused = true)]
async fn while_creating() {
    let writes = check_crash_everywhere(None, &Town::default().wish(), |_| {}).await;
    // 12 resources; the net and the log group take a second call, the net's fingerprint a third.
    assert_eq!(writes, 15);
}

#[tokio::test(start_paused = true)]
async fn while_changing_in_place() {
    let before = Town::default();
    let mut after = before.clone();
    (after.dns, after.note, after.days) = (false, Some("new"), 30);
    after.subnets = vec![("a", true), ("b", false)];
    assert!(check_crash_everywhere(Some(&before.wish()), &after.wish(), |_| {}).await >= 8);
}

#[tokio::test(start_paused = true)]
async fn while_replacing_the_root_and_so_everything() {
    let before = Town::default();
    let after = Town { cidr: "10.2", ..before.clone() };
    assert!(check_crash_everywhere(Some(&before.wish()), &after.wish(), |_| {}).await >= 24);
}

#[tokio::test(start_paused = true)]
async fn while_replacing_what_is_made_before_the_old_one_goes() {
    let before = Town::default();
    let after = Town { flavour: "fancy", size: 2, ..before.clone() };
    assert!(check_crash_everywhere(Some(&before.wish()), &after.wish(), |_| {}).await >= 10);
}

#[tokio::test(start_paused = true)]
async fn while_replacing_what_goes_before_the_new_one_comes() {
    let before = Town::default();
    let after = Town { mode: "fancy", ..before.clone() };
    let slow = |toy: &Toy| toy.slow("attachment", 90);
    assert!(check_crash_everywhere(Some(&before.wish()), &after.wish(), slow).await >= 8);
}

#[tokio::test(start_paused = true)]
async fn while_destroying() {
    let before = Town::default();
    let slow = |toy: &Toy| toy.slow("attachment", 90);
    assert_eq!(check_crash_everywhere(Some(&before.wish()), &nothing(), slow).await, 12);
}

#[tokio::test(start_paused = true)]
async fn while_destroying_what_a_dead_replacement_left() {
    let before = Town::default();
    let after = Town { cidr: "10.2", ..before.clone() };
    for n in 1..=12 {
        let toy = built(&before).await;
        toy.trouble_at(n, Trouble::Die { executed: true });
        let plan = planned(&toy, &after.wish()).await.unwrap();
        assert_eq!(run_or_die(&toy, &plan).await, None);
        check_apply(&toy, &nothing()).await;
    }
}

/// The next run comes at once, and its reads do not show yet what the dead one made: it looks once more before it makes
/// what nobody but the tags would know to be there already. A hasty one gives way to it once its own is made, and fails.
async fn check_haste(before: Option<&Town>, wish: &Desired) {
    let patient = Options { recheck: Duration::from_secs(10), ..options() };
    let mut gave_way = 0;
    for n in 1..=25 {
        for options in [patient.clone(), options()] {
            let toy = match before {
                Some(before) => built(before).await,
                None => Toy::default(),
            };
            toy.cloud().lag = Duration::from_secs(8);
            toy.trouble_at(n, Trouble::Die { executed: true });
            let plan = planned(&toy, wish).await.unwrap();
            run_or_die(&toy, &plan).await;
            toy.calm();
            let plan = planned(&toy, wish).await.unwrap();
            // What has a natural key may be refused; the run after it finds that too.
            let (report, _) = run(&toy, &plan, &options, &Stop::default()).await;
            tokio::time::advance(Duration::from_secs(60)).await;
            let rivals = report
                .outcomes
                .iter()
                .filter(|outcome| matches!(outcome, Outcome::Failed { error: StepError::Rival { .. } }));
            match rivals.count() {
                count if options.recheck.is_zero() => gave_way += count,
                count => assert_eq!(count, 0, "death at write {n}"),
            }
            check_apply(&toy, wish).await;
        }
    }
    assert!(gave_way > 0, "the world is too kind to show the danger");
}

#[tokio::test(start_paused = true)]
async fn while_creating_and_the_next_run_comes_before_reads_have_caught_up() {
    check_haste(None, &Town::default().wish()).await;
}

#[tokio::test(start_paused = true)]
async fn while_replacing_and_the_next_run_comes_before_reads_have_caught_up() {
    let before = Town::default();
    let after = Town { cidr: "10.2", ..before.clone() };
    check_haste(Some(&before), &after.wish()).await;
}

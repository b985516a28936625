//! Twins are never chosen between by a plan; whoever repairs them chooses for a whole set, and the next plan is like any.

use std::collections::BTreeSet;

use super::{
    help::{Town, built, check_settled, options, planned, run, run_or_die},
    kinds::KINDS,
    world::{Toy, Trouble},
};
use crate::{ChoiceError, Desired, PlanError, Stop, Twins, World as _, observe, twins, withdraw};

/// A town, and what a run made beside it that could not see it and died at its n-th write.
async fn twice(town: &Town, write: usize) -> Toy {
    let toy = built(town).await;
    let first: BTreeSet<String> = toy.things().into_iter().filter(|t| t.kind != "log").map(|thing| thing.id).collect();
    toy.cloud().hidden = first;
    toy.cloud().tokens.clear();
    toy.trouble_at(write, Trouble::Die { executed: true });
    let plan = planned(&toy, &town.wish()).await.unwrap();
    run_or_die(&toy, &plan).await;
    toy.calm();
    toy.cloud().hidden.clear();
    tokio::time::advance(options().lag).await;
    toy
}

async fn chosen(toy: &Toy, wish: &Desired, keep: &[&str]) -> Result<Vec<Twins>, ChoiceError> {
    let observed = observe(&toy.fresh(), KINDS).await.unwrap();
    let keep = keep.iter().map(ToString::to_string).collect();
    twins(KINDS, wish, &observed.for_wish(wish).unwrap(), &keep)
}

fn repairing(wish: &Desired, twins: &[Twins]) -> Desired {
    let goes = twins.iter().flat_map(|set| &set.each).filter(|twin| !twin.stays).map(|twin| twin.id.clone());
    let mut repair = wish.clone();
    repair.withdrawn = goes.collect();
    repair
}

fn ids(twins: &[Twins], stays: bool) -> BTreeSet<&str> {
    twins.iter().flat_map(|set| &set.each).filter(|twin| twin.stays == stays).map(|twin| twin.id.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_set_that_most_hangs_on_stays() {
    let town = Town::default();
    let mut sets = 0;
    for write in 1..=18 {
        let toy = twice(&town, write).await;
        let wish = town.wish();
        let Err(PlanError::Twins { .. }) = planned(&toy, &wish).await else { continue };
        let found = chosen(&toy, &wish, &[]).await.unwrap();
        let nets: Vec<&Twins> = found.iter().filter(|set| set.address.kind() == "net").collect();
        assert_eq!(nets[0].each.len(), 2);
        sets += found.len();
        let repair = repairing(&wish, &found);
        let plan = planned(&toy, &repair).await.unwrap();
        assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success(), "write {write}");
        tokio::time::advance(options().lag).await;
        check_settled(&toy, &wish).await;
        assert!(ids(&found, true).contains(toy.id_of("net/main").as_str()));
    }
    assert!(sets > 18, "{sets} sets of twins");
}

/// One thing of a set is enough to name all of it.
#[tokio::test(start_paused = true)]
async fn what_is_to_be_kept_keeps_all_that_it_hangs_on() {
    let (town, wish) = (Town::default(), Town::default().wish());
    let toy = twice(&town, 40).await;
    let found = chosen(&toy, &wish, &[]).await.unwrap();
    let young: Vec<String> = ids(&found, false).into_iter().map(String::from).collect();
    let hub = young.iter().find(|id| id.starts_with("attachment")).unwrap().clone();
    let turned = chosen(&toy, &wish, &[&hub]).await.unwrap();
    let of = |kind: &str| young.iter().filter(|id| id.starts_with(kind)).map(String::as_str).collect::<BTreeSet<_>>();
    for kind in ["net", "subnet", "attachment"] {
        assert!(of(kind).is_subset(&ids(&turned, true)), "{kind}: {turned:#?}");
    }
    let plan = planned(&toy, &repairing(&wish, &turned)).await.unwrap();
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    tokio::time::advance(options().lag).await;
    check_settled(&toy, &wish).await;
    assert_eq!(toy.id_of("attachment/hub"), hub);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_is_refused() {
    let (town, wish) = (Town::default(), Town::default().wish());
    let toy = twice(&town, 40).await;
    assert_eq!(chosen(&toy, &wish, &["net-x"]).await, Err(ChoiceError::NoTwin { id: "net-x".into() }));
    let found = chosen(&toy, &wish, &[]).await.unwrap();
    let set = |kind: &str, stays: bool| {
        let set = found.iter().find(|set| set.address.kind() == kind).unwrap();
        set.each.iter().find(|twin| twin.stays == stays).unwrap().id.clone()
    };
    // The subnet of one net and the other net.
    let (net, subnet) = (set("net", true), set("subnet", false));
    assert!(matches!(chosen(&toy, &wish, &[&net, &subnet]).await, Err(ChoiceError::Both { .. })));
}

/// What is left of a repair that died is repaired by the next one, and as the first chose: also where that was told what to
/// keep and the next is told nothing.
#[tokio::test(start_paused = true)]
async fn a_repair_survives_a_crash_after_every_write_and_is_not_turned_around() {
    let (town, wish) = (Town::default(), Town::default().wish());
    for turns in [false, true] {
        for write in 1.. {
            assert!(write <= 30, "a repair of more than 30 writes");
            let toy = twice(&town, if turns { 40 } else { 12 }).await;
            let found = chosen(&toy, &wish, &[]).await.unwrap();
            let other: Vec<&str> = ids(&found, false).into_iter().filter(|id| id.starts_with("attachment")).collect();
            let found = if turns { chosen(&toy, &wish, &other).await.unwrap() } else { found };
            let (stays, goes) = (ids(&found, true), ids(&found, false));
            toy.trouble_at(write, Trouble::Die { executed: true });
            let plan = planned(&toy, &repairing(&wish, &found)).await.unwrap();
            let (terms, stop) = (options(), Stop::default());
            let died = tokio::select! {
                biased;
                () = toy.died() => true,
                () = withdraw(&toy, KINDS, &plan, &terms, &stop) => {
                    run_or_die(&toy, &plan).await.is_none()
                }
            };
            toy.calm();
            tokio::time::advance(options().lag).await;
            let again = chosen(&toy, &wish, &[]).await.unwrap();
            assert!(ids(&again, true).is_disjoint(&goes) && ids(&again, false).is_disjoint(&stays), "write {write}");
            let plan = planned(&toy, &repairing(&wish, &again)).await.unwrap();
            assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success(), "write {write}");
            tokio::time::advance(options().lag).await;
            check_settled(&toy, &wish).await;
            let left: BTreeSet<String> = toy.things().into_iter().map(|thing| thing.id).collect();
            assert!(stays.iter().all(|id| left.contains(*id)), "write {write}: {left:?}");
            if !died {
                assert!(write > 5, "{write} writes");
                break;
            }
        }
    }
}

/// Once all of what goes is marked, any plan carries the choice out.
#[tokio::test(start_paused = true)]
async fn what_is_marked_is_no_twin_of_any_plan() {
    let (town, wish) = (Town::default(), Town::default().wish());
    let toy = twice(&town, 40).await;
    let found = chosen(&toy, &wish, &[]).await.unwrap();
    let plan = planned(&toy, &repairing(&wish, &found)).await.unwrap();
    withdraw(&toy, KINDS, &plan, &options(), &Stop::default()).await;
    tokio::time::advance(options().lag).await;
    assert_eq!(chosen(&toy, &wish, &[]).await, Ok(vec![]));
    let plan = planned(&toy, &wish).await.unwrap();
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    tokio::time::advance(options().lag).await;
    check_settled(&toy, &wish).await;
}

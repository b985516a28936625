//! Waiting for other parties: what is asked, and how it goes on once they have moved.

use insta::assert_snapshot;
use serde_json::json;

use super::{
    counterpart::{ids, judge, lapse, make_guest, obey, offer, the},
    help::{check_apply, check_settled, converge, nothing, planned, render, run_or_die, shown},
    house::{House, check_theirs_were_left, settle},
    kinds::{KINDS, Net, Table},
    parties::{Visit, Wire},
    world::{Toy, Trouble, Verdict},
};
use crate::{Desired, Observed, Owned, Ref, World, observe, plan};

#[tokio::test(start_paused = true)]
async fn what_is_for_others_to_make_is_no_step_and_holds_what_hangs_on_it() {
    assert_snapshot!(shown(&Toy::default(), &House::default().wish()).await, @r#"
     0 + log/flow (missing)
     1 + net/main (missing)
     2 + table/main (missing) <- 1
     3 + peer/p (missing)
    0 unchanged
    ? guest/main/222 -: 222 make-guest [] holds pass/main/222 stamp/main/222 wire/222
    ? offer/444/share -: 444 offer [MakeOffer{"account":"444","name":"share"}] holds door/front wire/222 wire/w
    "#);
}

/// From nothing to nothing left, move by move.
#[tokio::test(start_paused = true)]
async fn each_move_of_theirs_lets_us_go_on() {
    let (toy, wish) = (Toy::default(), House::default().wish());
    let mut rounds = vec![];
    loop {
        let report = converge(&toy, &wish).await;
        assert!(report.is_success(), "{report:#?}");
        let plan = planned(&toy, &wish).await.unwrap();
        rounds.push(render(&plan));
        if obey(&toy, &plan) == 0 {
            break;
        }
    }
    assert_snapshot!(rounds.join("--\n"), @r#"
    4 unchanged
    ? guest/main/222 -: 222 make-guest [MakeGuest{"account":"222","cidr":"10.9","colour":{"$theirs":{"colour-of":"222"}},"table":"table-004"}] holds pass/main/222 stamp/main/222 wire/222
    ? offer/444/share -: 444 offer [MakeOffer{"account":"444","name":"share"}] holds door/front wire/222 wire/w
    --
    8 unchanged
    ? door/front door-007: 333 accept-door since 2026-04-01T00:00:00Z [AcceptDoor{"door":"door-007"}] holds wire/222 wire/w
    --
    11 unchanged
    "#);
    check_settled(&toy, &wish).await;
    check_theirs_were_left(&toy);
}

/// What was found is accepted and labelled; both are ours to do, in place.
#[tokio::test(start_paused = true)]
async fn a_guest_is_accepted_and_labelled() {
    let (toy, wish) = (Toy::default(), House { offers: false, ..House::default() }.wish());
    converge(&toy, &wish).await;
    obey(&toy, &planned(&toy, &wish).await.unwrap());
    assert_snapshot!(shown(&toy, &wish).await, @r#"
     0 ~ guest/main/222 (unknown) accepted: false -> true label: null -> "asp"
     1 + pass/main/222 (missing) <- 0
     2 + stamp/main/222 (missing) <- 1
     3 + wire/222 (missing) <- 0
     4 + wire/w (missing)
    5 unchanged
    "#);
    settle(&toy, &wish).await;
    let guest = toy.things().into_iter().find(|thing| thing.kind == "guest").unwrap();
    assert_eq!((&guest.raw["accepted"], &guest.raw["label"]), (&json!(true), &json!("asp")));
}

/// A guest that is there already when the stack is planned for the first time hangs on nothing of ours.
#[tokio::test(start_paused = true)]
async fn a_guest_of_somebody_elses_table_is_not_seen() {
    let toy = Toy::default();
    toy.appear("table", json!({ "net": { "$id": "net-x" }, "flavour": "plain" }));
    make_guest(&toy, &the(&toy, "table"), "222", "10.9");
    assert_eq!(shown(&toy, &nothing()).await, "0 unchanged\n");
}

/// `asks` on what is ready and does not differ in anything that we could change.
#[tokio::test(start_paused = true)]
async fn what_only_they_can_change_is_asked_and_holds_nothing() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    let house = House { cidr: "10.7", ..House::default() };
    assert_snapshot!(shown(&toy, &house.wish()).await, @r#"
    10 unchanged
    ? guest/main/222 guest-005: 222 set-cidr [SetCidr{"cidr":"10.7","guest":"guest-005"}]
    "#);
    // Something new hangs on it all the same.
    let mut wish = house.wish();
    wish.add("second", Wire { door: None, guest: Some(Ref::to("main/222")) });
    let report = converge(&toy, &wish).await;
    assert!(report.is_success() && !report.is_waiting() && report.done() == 1, "{report:?}");
    settle(&toy, &wish).await;
}

/// With a role in their account nothing waits, and all that hangs on it is done in the same run, also after a death.
#[tokio::test(start_paused = true)]
async fn what_we_may_do_for_them_is_no_wait() {
    let wish = House { role: true, offers: false, guests: vec![], ..House::default() }.wish();
    for death in [None, Some(4), Some(5), Some(6)] {
        let toy = Toy::default();
        if let Some(write) = death {
            toy.trouble_at(write, Trouble::Die { executed: true });
            run_or_die(&toy, &planned(&toy, &wish).await.unwrap()).await;
            toy.calm();
        }
        assert!(planned(&toy, &wish).await.unwrap().waiting.is_empty());
        check_apply(&toy, &wish).await;
    }
}

/// Whoever has to move after others is told so, and comes later in the list.
#[tokio::test(start_paused = true)]
async fn what_they_can_only_make_later_is_asked_later() {
    let (toy, wish) = (Toy::default(), House { share: true, ..House::default() }.wish());
    converge(&toy, &wish).await;
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    4 unchanged
    ? offer/444/share -: 444 offer [MakeOffer{"account":"444","name":"share"}] holds door/front guest/main/222 wire/222 wire/w
    ? guest/main/222 -: 222 make-guest [MakeGuest{"account":"222","cidr":"10.9","colour":{"$theirs":{"colour-of":"222"}},"table":"table-004"}] holds pass/main/222 stamp/main/222 wire/222
    "#);
    offer(&toy, "444", "share");
    converge(&toy, &wish).await;
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    5 unchanged
    ? door/front door-006: 333 accept-door since 2026-04-01T00:00:00Z [AcceptDoor{"door":"door-006"}] holds guest/main/222 wire/222 wire/w
    ? guest/main/222 -: 222 make-guest [MakeGuest{"account":"222","cidr":"10.9","colour":{"$theirs":{"colour-of":"222"}},"table":"table-004"}] holds pass/main/222 stamp/main/222 wire/222
    "#);
    settle(&toy, &wish).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_door_waits_until_it_is_to_be_asked_again() {
    let toy = Toy::default();
    let house = House { offers: false, guests: vec![], ..House::default() };
    converge(&toy, &house.wish()).await;
    let door = the(&toy, "door");
    judge(&toy, &door, Verdict::Refused);
    assert_snapshot!(shown(&toy, &house.wish()).await, @r"
    4 unchanged
    ? door/front door-004: 333 accept-door (refused) since 2026-04-01T00:00:00Z [] holds wire/w
    ");
    assert_eq!(the(&toy, "door"), door);
    let house = House { ask_again: true, ..house };
    assert_snapshot!(shown(&toy, &house.wish()).await, @r"
     0 - door/front (broken: refused)
     1 + door/front (broken: refused) <- 0
     2 + wire/w (missing) <- 1
    4 unchanged
    ");
    settle(&toy, &house.wish()).await;
    assert_ne!(the(&toy, "door"), door);
}

#[tokio::test(start_paused = true)]
async fn a_lapsed_door_is_made_anew_by_itself() {
    let toy = Toy::default();
    let wish = House { offers: false, guests: vec![], ..House::default() }.wish();
    converge(&toy, &wish).await;
    let door = the(&toy, "door");
    lapse(&toy, &door);
    assert_snapshot!(shown(&toy, &wish).await, @r"
     0 - door/front (broken: it broke)
     1 + door/front (broken: it broke) <- 0
     2 + wire/w (missing) <- 1
    4 unchanged
    ");
    settle(&toy, &wish).await;
    assert_ne!(the(&toy, "door"), door);
}

#[tokio::test(start_paused = true)]
async fn a_lapsed_offer_is_asked_for_anew() {
    let toy = Toy::default();
    let wish = House { guests: vec![], ..House::default() }.wish();
    converge(&toy, &wish).await;
    obey(&toy, &planned(&toy, &wish).await.unwrap());
    lapse(&toy, &the(&toy, "offer"));
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    4 unchanged
    ? offer/444/share -: 444 offer [MakeOffer{"account":"444","name":"share"}] holds door/front wire/w
    "#);
    // What has lapsed stays listed beside the new one.
    settle_beside_lapsed(&toy, &wish).await;
}

async fn settle_beside_lapsed(toy: &Toy, wish: &Desired) {
    for _ in 0..4 {
        converge(toy, wish).await;
        obey(toy, &planned(toy, wish).await.unwrap());
    }
    let plan = planned(toy, wish).await.unwrap();
    assert!(plan.is_empty() && plan.waiting.is_empty(), "{}", render(&plan));
    assert_eq!(ids(toy, "offer").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn offers_belong_only_to_the_wish_that_names_them() {
    let toy = Toy::default();
    offer(&toy, "444", "share");
    offer(&toy, "444", "another");
    offer(&toy, "555", "share");
    let wish = House { guests: vec![], ..House::default() }.wish();
    settle(&toy, &wish).await;
    let accepted = |thing: &&super::world::Thing| thing.kind == "offer" && thing.raw["accepted"] == true;
    let things = toy.things();
    let taken: Vec<_> = things.iter().filter(accepted).map(|thing| &thing.raw).collect();
    assert_eq!(taken, [&json!({ "account": "444", "name": "share", "accepted": true })]);
    // Nobody's wish, nobody's object: neither shown nor touched.
    settle(&toy, &nothing()).await;
    assert_eq!(ids(&toy, "offer").len(), 3);
    assert_eq!(toy.things().len(), 3);
}

/// Nobody listed it: it is shown, not accepted, and in nobody's way.
#[tokio::test(start_paused = true)]
async fn an_unlisted_guest_is_unknown_and_left_alone() {
    let toy = Toy::default();
    let wish = House { guests: vec![], offers: false, ..House::default() }.wish();
    settle(&toy, &wish).await;
    make_guest(&toy, &toy.id_of("table/main"), "666", "10.66");
    let before = toy.things();
    assert_snapshot!(shown(&toy, &wish).await, @r"
    6 unchanged
    unknown guest/main/666 guest-007
    ");
    assert_eq!(settle(&toy, &wish).await, 0);
    assert_eq!(toy.things(), before);
    // One whose line is struck from the file becomes one: what is ours on it goes, it stays, accepted as it is.
    settle(&toy, &House { offers: false, ..House::default() }.wish()).await;
    settle(&toy, &wish).await;
    assert_eq!((ids(&toy, "guest").len(), ids(&toy, "pass").len(), ids(&toy, "stamp").len()), (2, 0, 0));
}

/// Names are made of names, however deep, whatever was read first.
#[tokio::test(start_paused = true)]
async fn natural_keys_over_natural_parents_are_named_right_in_any_order() {
    let toy = Toy::default();
    let wish = House { guests: vec!["222", "223"], ..House::default() }.wish();
    settle(&toy, &wish).await;
    let mut objects = vec![];
    for kind in KINDS.0 {
        objects.extend(kind.observe(&toy.fresh()).await.unwrap());
    }
    let named = |objects: &[crate::Object]| {
        let observed = Observed::sort(KINDS, objects.to_vec());
        let owned = observed.for_wish(&wish).unwrap().into_owned();
        assert_eq!(planned_of(&wish, &owned), 0);
        let mut names: Vec<String> = owned.iter().map(|owned| owned.address.to_string()).collect();
        names.sort();
        names
    };
    let first = named(&objects);
    assert!(first.contains(&"stamp/main/222".into()) && first.len() == wish.wants().len(), "{first:?}");
    for _ in 0..objects.len() {
        objects.rotate_left(1);
        assert_eq!(named(&objects), first);
    }
    objects.reverse();
    assert_eq!(named(&objects), first);
}

fn planned_of(wish: &Desired, owned: &[Owned]) -> usize {
    plan(KINDS, wish, owned).unwrap().steps.len()
}

/// What hangs on somebody else's, however far up, is not ours; and a ring, which no provider can have made, ends.
#[tokio::test(start_paused = true)]
async fn naturals_without_a_parent_of_ours_are_nobodys() {
    let toy = Toy::default();
    toy.appear("pass", json!({ "guest": { "$id": "guest-x" }, "mode": "plain" }));
    toy.appear("stamp", json!({ "pass": { "$id": the(&toy, "pass") } }));
    toy.appear("stamp", json!({ "pass": { "$id": "stamp-004" } }));
    toy.appear("stamp", json!({ "pass": { "$id": "stamp-003" } }));
    let observed = observe(&toy.fresh(), KINDS).await.unwrap();
    assert_eq!(observed.stacks().count(), 0);
}

/// What we have is told to who is asked: live ids of what stays, none of what is about to go.
#[tokio::test(start_paused = true)]
async fn plans_that_wait_do_not_depend_on_the_order_of_observation() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    let old = toy.id_of("table/main");
    toy.copy(&old, "table-new");
    toy.by_hand(|things| drop(things.get_mut("table-new").unwrap().tags.insert("gcnet:replaces".into(), old.clone())));
    make_guest(&toy, "table-new", "222", "10.9");
    make_guest(&toy, &old, "666", "10.9");
    for wish in [House::default().wish(), House { flavour: "fancy", ..House::default() }.wish(), nothing()] {
        let observed = observe(&toy.fresh(), KINDS).await.unwrap();
        let mut owned = observed.for_wish(&wish).unwrap().into_owned();
        let first = plan(KINDS, &wish, &owned).unwrap();
        for _ in 0..owned.len() {
            owned.rotate_left(1);
            assert_eq!(plan(KINDS, &wish, &owned).unwrap(), first);
        }
        owned.reverse();
        assert_eq!(plan(KINDS, &wish, &owned).unwrap(), first);
    }
}

/// What nobody can see is tried by every run, counts as waiting until it succeeds, and is no change that a plan speaks of.
#[tokio::test(start_paused = true)]
async fn what_only_trying_tells_is_tried_by_every_run() {
    let (toy, mut wish) = (Toy::default(), nothing());
    let net = wish.add("main", Net { cidr: "10.1".into(), dns: false, note: None, log: None });
    let table = wish.add("main", Table { net, flavour: "plain".into() });
    wish.add("v", Visit { table, account: "555".into() });
    toy.cloud().closed.insert("555".into());
    for _ in 0..2 {
        let report = converge(&toy, &wish).await;
        assert!(report.is_success() && report.is_waiting(), "{report:#?}");
        let plan = planned(&toy, &wish).await.unwrap();
        assert!(plan.is_empty() && plan.steps[0].is_attempt());
        assert_eq!((plan.summary().create, plan.summary().waiting), (0, 1));
        assert_eq!(plan.waiting[0].asks[0].action, "allow-visit");
    }
    toy.cloud().closed.clear();
    converge(&toy, &wish).await;
    let plan = planned(&toy, &wish).await.unwrap();
    assert!(plan.steps.is_empty() && plan.waiting.is_empty(), "{}", render(&plan));
    check_settled(&toy, &wish).await;
}

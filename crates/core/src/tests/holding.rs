//! What is held while other parties have not moved: by the plan, and in the middle of a run.

use insta::assert_snapshot;

use super::{
    counterpart::{alter, ids, judge, make_guest, obey, remove_guest, the},
    help::{check_apply, converge, nothing, options, planned, run, shown, undone},
    house::{House, settle},
    kinds::Log,
    parties::{Door, UNPLANNED, Wire},
    world::{Toy, Trouble, Verdict},
};
use crate::{Desired, Event, Outcome, Ref, Stop, identity};

/// A kind that asks for nothing although it is another party's move: nothing is built on it all the same.
#[tokio::test(start_paused = true)]
async fn what_is_not_usable_holds_even_when_nobody_is_asked() {
    let toy = Toy::default();
    let house = House { role: true, offers: false, guests: vec![], ..House::default() };
    check_apply(&toy, &house.wish()).await;
    let door = the(&toy, "door");
    toy.by_hand(|things| things.get_mut(&door).unwrap().verdict = Verdict::Asked);
    let mut wish = house.wish();
    wish.add("second", Wire { door: Some(Ref::to("front")), guest: None });
    assert_snapshot!(shown(&toy, &wish).await, @r"
    5 unchanged
    ? door/front door-004:  holds wire/second
    ");
}

/// Nothing more is built on what somebody has yet to decide about, what there is stays, and the decision lets it go on.
#[tokio::test(start_paused = true)]
async fn a_doubt_holds_what_is_new_and_takes_nothing_down() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    let guest = the(&toy, "guest");
    alter(&toy, &guest, "cidr", UNPLANNED.into());
    let mut more = House { label: Some("named"), ..House::default() };
    let wish = |house: &House| {
        let mut wish = house.wish();
        wish.add("second", Wire { door: None, guest: Some(Ref::to("main/222")) });
        wish
    };
    assert_snapshot!(shown(&toy, &wish(&more)).await, @r#"
     0 ~ guest/main/222 (unknown) label: "asp" -> "named"
    10 unchanged
    ? guest/main/222 guest-005: operator check-cidr "10.9" is "172.16" [] holds wire/second
    "#);
    assert!(converge(&toy, &wish(&more)).await.is_success());
    let plan = planned(&toy, &wish(&more)).await.unwrap();
    assert!(plan.is_empty() && !plan.waiting.is_empty());
    more.cidr = UNPLANNED;
    assert!(converge(&toy, &wish(&more)).await.is_success());
    assert_eq!(ids(&toy, "wire").len(), 3);
    settle(&toy, &wish(&more)).await;
}

/// What we ask for anew replaces what works: the one in use stays until its successor is accepted, whatever happens.
#[tokio::test(start_paused = true)]
async fn a_door_in_use_stays_until_its_successor_is_accepted() {
    for guests in [vec![], vec!["222"]] {
        let toy = Toy::default();
        let house = House { guests, ..House::default() };
        settle(&toy, &house.wish()).await;
        let old = the(&toy, "door");
        let mut bigger = House { size: 2, ..house };
        let plan = planned(&toy, &bigger.wish()).await.unwrap();
        let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
        assert!(report.is_success() && report.is_waiting());
        for again in [false, true, true] {
            bigger.ask_again = again;
            converge(&toy, &bigger.wish()).await;
            let doors = ids(&toy, "door");
            assert!(doors.len() == 2 && doors.contains(&old), "{doors:?}");
            doors.iter().for_each(|door| judge(&toy, door, Verdict::Refused));
            let plan = planned(&toy, &bigger.wish()).await.unwrap();
            assert!(plan.steps.iter().all(|step| step.have.as_ref().is_none_or(|have| have.id != old)) || again);
        }
        settle(&toy, &bigger.wish()).await;
        assert_ne!(the(&toy, "door"), old);
    }
}

/// The wire can be led from one door to the other in place, so nothing but the door's own successor holds the door.
#[tokio::test(start_paused = true)]
async fn a_door_that_nothing_uses_stays_all_the_same() {
    let toy = Toy::default();
    let wish = |size| {
        let mut d = nothing();
        d.add("front", Door { account: "333".into(), size, speed: 1, offer: None, accepted: None });
        d
    };
    settle(&toy, &wish(1)).await;
    let old = the(&toy, "door");
    converge(&toy, &wish(2)).await;
    assert_snapshot!(shown(&toy, &wish(2)).await, @r#"
    0 unchanged
    ? door/front door-002: 333 accept-door since 2026-04-01T00:00:00Z [AcceptDoor{"door":"door-002"}] holds door/front
    "#);
    assert!(ids(&toy, "door").contains(&old));
    settle(&toy, &wish(2)).await;
    assert_ne!(the(&toy, "door"), old);
}

#[tokio::test(start_paused = true)]
async fn destroy_holds_exactly_what_a_guest_hangs_on() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    make_guest(&toy, &toy.id_of("table/main"), "666", "10.66");
    assert_snapshot!(shown(&toy, &nothing()).await, @r#"
     0 - wire/222 (not desired)
     1 - wire/w (not desired)
     2 - door/front (not desired) <- 0 1
     3 - stamp/main/222 (not desired)
     4 - pass/main/222 (not desired) <- 3
     5 - peer/p (not desired)
    0 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds log/flow net/main table/main
    unknown guest/main/666 guest-012
    "#);
    assert!(converge(&toy, &nothing()).await.is_success());
    let left: Vec<_> = toy.things().into_iter().map(|thing| thing.kind).collect();
    // The log group is what the run itself lives by: it stays until the destroy is really over.
    assert_eq!(left, ["log", "guest", "guest", "net", "offer", "table"]);
    assert_snapshot!(shown(&toy, &nothing()).await, @r#"
    0 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds log/flow net/main table/main
    unknown guest/main/666 guest-012
    "#);
    // Who has only asked is refused, and not before it is in the way.
    remove_guest(&toy, &ids(&toy, "guest")[0]);
    assert_snapshot!(shown(&toy, &nothing()).await, @r"
     0 - guest/main/666 (unanswered, on table/main)
     1 - table/main (not desired) <- 0
     2 - net/main (not desired) <- 1
     3 - log/flow (not desired) <- 1 2
    0 unchanged
    ");
    settle(&toy, &nothing()).await;
    assert_eq!(toy.things().len(), 1, "the offer stays theirs");
}

/// One that nobody listed, and one that is wished and can ask again on the new table; while the table stays, neither is
/// refused.
#[tokio::test(start_paused = true)]
async fn who_has_only_asked_is_refused_when_the_table_is_replaced() {
    let toy = Toy::default();
    let house = House { offers: false, ..House::default() };
    converge(&toy, &house.wish()).await;
    let old = toy.id_of("table/main");
    for account in ["222", "666"] {
        make_guest(&toy, &old, account, "10.9");
    }
    assert_snapshot!(shown(&toy, &house.wish()).await, @r#"
     0 ~ guest/main/222 (unknown) accepted: false -> true label: null -> "asp"
     1 + pass/main/222 (missing) <- 0
     2 + stamp/main/222 (missing) <- 1
    4 unchanged
    ? door/front door-004: 333 accept-door since 2026-04-01T00:00:00Z [AcceptDoor{"door":"door-004"}] holds wire/222 wire/w
    unknown guest/main/666 guest-007
    "#);
    let fancy = House { flavour: "fancy", ..house };
    assert_snapshot!(shown(&toy, &fancy.wish()).await, @r#"
     0 + table/main (replaced, file: [flavour] []) flavour!: "plain" -> "fancy" tags.gcnet:spec
     1 - guest/main/222 (unanswered, on table/main) <- 0
     2 - guest/main/666 (unanswered, on table/main) <- 0
     3 - table/main (replaced, file: [flavour] []) <- 0 1 2
    3 unchanged
    ? door/front door-004: 333 accept-door since 2026-04-01T00:00:00Z [AcceptDoor{"door":"door-004"}] holds wire/222 wire/w
    ? guest/main/222 guest-006: 222 make-guest [] holds pass/main/222 stamp/main/222 wire/222
    "#);
    assert!(converge(&toy, &fancy.wish()).await.is_success());
    assert!(ids(&toy, "guest").is_empty());
    assert_ne!(toy.id_of("table/main"), old);
    settle(&toy, &fancy.wish()).await;
}

/// Roles stay until the destroy is really over; but for what may take months to be made, none waits.
#[tokio::test(start_paused = true)]
async fn what_goes_last_is_not_held_by_what_waits_to_be_made() {
    let toy = Toy::default();
    converge(&toy, &House::default().wish()).await;
    let house = House { log: false, ..House::default() };
    assert_snapshot!(shown(&toy, &house.wish()).await, @r#"
     0 - log/flow (not desired)
    3 unchanged
    ? guest/main/222 -: 222 make-guest [MakeGuest{"account":"222","cidr":"10.9","colour":{"$theirs":{"colour-of":"222"}},"table":"table-004"}] holds pass/main/222 stamp/main/222 wire/222
    ? offer/444/share -: 444 offer [MakeOffer{"account":"444","name":"share"}] holds door/front wire/222 wire/w
    "#);
    // Nor by a replacement that waits.
    settle(&toy, &House::default().wish()).await;
    let house = House { flavour: "fancy", ..house };
    let plan = planned(&toy, &house.wish()).await.unwrap();
    assert_eq!(plan.steps.iter().map(|step| step.address.as_str()).collect::<Vec<_>>(), ["log/flow"]);
    settle(&toy, &house.wish()).await;
}

/// Neither half comes before the guest has gone: nothing of ours leaves it behind.
#[tokio::test(start_paused = true)]
async fn a_replaced_parent_waits_for_its_guest_to_go() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    let (table, things) = (toy.id_of("table/main"), toy.things());
    let wish = House { flavour: "fancy", ..House::default() }.wish();
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    6 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}], then 222 make-guest [] holds pass/main/222 stamp/main/222 table/main wire/222
    "#);
    assert!(converge(&toy, &wish).await.is_success());
    assert_eq!(toy.things(), things);
    settle(&toy, &wish).await;
    assert_ne!(toy.id_of("table/main"), table);
}

/// A run died with the new table made, and a guest sits on the old one, with what hangs on it.
#[tokio::test(start_paused = true)]
async fn a_guest_on_what_a_dead_run_was_replacing_is_asked_to_move() {
    let toy = Toy::default();
    settle(&toy, &House::default().wish()).await;
    let old = toy.id_of("table/main");
    toy.copy(&old, "table-new");
    toy.by_hand(|things| drop(things.get_mut("table-new").unwrap().tags.insert("gcnet:replaces".into(), old.clone())));
    let wish = House::default().wish();
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    7 unchanged
    ? guest/main/222 guest-005: 222 make-guest [MakeGuest{"account":"222","cidr":"10.9","colour":{"$theirs":{"colour-of":"222"}},"table":"table-new"}], then 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds pass/main/222 stamp/main/222 table/main wire/222
    "#);
    // They are on both for a while.
    make_guest(&toy, "table-new", "222", "10.9");
    assert_snapshot!(shown(&toy, &wish).await, @r#"
     0 ~ guest/main/222 (unknown) accepted: false -> true label: null -> "asp"
     1 + pass/main/222 (missing) <- 0
     2 + stamp/main/222 (missing) <- 1
     3 ~ wire/222 (follows) guest: {"$id":"guest-005"} -> {"$ref":"guest/main/222"} <- 0
     4 - stamp/main/222 (unfinished) <- 2
     5 - pass/main/222 (unfinished) <- 1 4
    7 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds table/main
    "#);
    assert!(converge(&toy, &wish).await.is_success());
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    11 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds table/main
    "#);
    settle(&toy, &wish).await;
    assert_eq!(toy.id_of("table/main"), "table-new");
}

/// A run died with the new door made, the old one cannot go before a guest comes back, and the new one is replaced in its
/// turn: whoever made the last is known as the successor of both, although the one between is gone.
#[tokio::test(start_paused = true)]
async fn what_others_hold_may_outlive_its_successor() {
    for trouble in [None, Some(Trouble::Lose { executed: true }), Some(Trouble::Lose { executed: false })] {
        let toy = Toy::default();
        settle(&toy, &House::default().wish()).await;
        let old = the(&toy, "door");
        toy.copy(&old, "door-between");
        toy.by_hand(|things| {
            drop(things.get_mut("door-between").unwrap().tags.insert(identity::REPLACES.into(), old.clone()))
        });
        remove_guest(&toy, &the(&toy, "guest"));
        if let Some(trouble) = trouble {
            toy.trouble("create:door", 1, trouble);
        }
        let wish = House { size: 2, ..House::default() }.wish();
        assert!(converge(&toy, &wish).await.is_success());
        let last = ids(&toy, "door").into_iter().find(|id| ![&*old, "door-between"].contains(&&**id)).unwrap();
        judge(&toy, &last, Verdict::Accepted);
        assert!(converge(&toy, &wish).await.is_success());
        assert_eq!(ids(&toy, "door"), [old.clone(), last.clone()], "the old one is held by what waits for the guest");
        settle(&toy, &wish).await;
        assert_eq!(toy.id_of("door/front"), last);
    }
}

/// While the old guest is on its way out, the new one is there: what hangs on the old one is no twin of what hangs on the
/// new one.
#[tokio::test(start_paused = true)]
async fn what_hangs_on_a_leaving_guest_goes_with_it() {
    let toy = Toy::default();
    let wish = House::default().wish();
    settle(&toy, &wish).await;
    toy.slow("guest", 600);
    let old = the(&toy, "guest");
    toy.fade(&old);
    make_guest(&toy, &toy.id_of("table/main"), "222", "10.9");
    tokio::time::advance(std::time::Duration::from_secs(400)).await;
    toy.cloud().slow.clear();
    assert_snapshot!(shown(&toy, &wish).await, @r#"
     0 ~ guest/main/222 (unknown) accepted: false -> true label: null -> "asp"
     1 + pass/main/222 (missing) <- 0
     2 + stamp/main/222 (missing) <- 1
     3 ~ wire/222 (drift) guest: {"$id":"guest-005"} -> {"$ref":"guest/main/222"} <- 0
     4 - stamp/main/222 (broken: deleting)
     5 - pass/main/222 (broken: deleting) <- 4
    7 unchanged
    "#);
    converge(&toy, &wish).await;
    tokio::time::advance(std::time::Duration::from_secs(400)).await;
    settle(&toy, &wish).await;
}

async fn told(toy: &Toy, wish: &Desired) -> String {
    let plan = planned(toy, wish).await.unwrap();
    let (report, events) = run(toy, &plan, &options(), &Stop::default()).await;
    let told = events.iter().filter_map(|event| match event {
        Event::Theirs { address, action, id, .. } => Some(format!("theirs {action:?} {address} {id:?}")),
        Event::Held { address, action, because_of } => Some(format!("held {action:?} {address}: {because_of}")),
        Event::Skipped { address, action, because_of } => Some(format!("skipped {action:?} {address}: {because_of}")),
        _ => None,
    });
    let outcome = format!("success {} waiting {}", report.is_success(), report.is_waiting());
    told.chain(undone(&plan, &report)).chain([outcome]).collect::<Vec<_>>().join("\n")
}

/// A creation that ends with another party holds its dependents; that is a success.
#[tokio::test(start_paused = true)]
async fn a_creation_that_ends_as_theirs_holds_its_dependents() {
    let toy = Toy::default();
    let wish = House { offers: false, guests: vec![], ..House::default() }.wish();
    assert_snapshot!(told(&toy, &wish).await, @r#"
    theirs Create door/front Some("door-004")
    held Create wire/w: door/front
    Create door/front theirs
    Create wire/w held: door/front
    success true waiting true
    "#);
}

/// The cloud does not even make it before they have allowed it. Nor does it change or remove it against their will.
#[tokio::test(start_paused = true)]
async fn a_call_that_others_have_to_allow_ends_as_theirs() {
    let toy = Toy::default();
    let house = House { offers: false, guests: vec![], ..House::default() };
    toy.cloud().closed.insert("333".into());
    assert_snapshot!(told(&toy, &house.wish()).await, @r"
    theirs Create door/front None
    held Create wire/w: door/front
    Create door/front theirs
    Create wire/w held: door/front
    success true waiting true
    ");
    toy.cloud().closed.clear();
    settle(&toy, &house.wish()).await;

    let door = the(&toy, "door");
    toy.by_hand(|things| things.get_mut(&door).unwrap().verdict = Verdict::Refused);
    assert_snapshot!(told(&toy, &House { speed: 3, ..house.clone() }.wish()).await, @r#"
    theirs Update door/front Some("door-006")
    Update door/front theirs
    success true waiting true
    "#);

    toy.cloud().closed.insert("333".into());
    assert_snapshot!(told(&toy, &nothing()).await, @r#"
    theirs Delete door/front Some("door-006")
    held Delete log/flow: door/front
    Delete door/front theirs
    Delete log/flow held: door/front
    success true waiting true
    "#);
    toy.cloud().closed.clear();
    settle(&toy, &nothing()).await;
}

/// A failure outweighs a wait: whoever reads of both has to mend one first.
#[tokio::test(start_paused = true)]
async fn a_failure_outweighs_what_is_held() {
    let toy = Toy::default();
    let mut wish = House { offers: false, guests: vec![], ..House::default() }.wish();
    wish.add("last", Log { days: 1 });
    converge(&toy, &wish).await;
    let mut wish = nothing();
    let door = wish.add("front", Door { account: "333".into(), size: 2, speed: 1, offer: None, accepted: None });
    wish.add("w", Wire { door: Some(door), guest: None });
    toy.trouble("delete:peer", 1, Trouble::Refuse(crate::Class::Denied));
    assert_snapshot!(told(&toy, &wish).await, @r#"
    theirs Create door/front Some("door-007")
    held Create wire/w: door/front
    held Delete door/front: door/front
    skipped Delete log/flow: peer/p
    skipped Delete log/last: peer/p
    Create door/front theirs
    Create wire/w held: door/front
    Delete door/front held: door/front
    Delete peer/p failed: toy:delete:peer failed: trouble: trouble
    Delete log/flow skipped: peer/p
    Delete log/last skipped: peer/p
    success false waiting true
    "#);
}

#[test]
fn a_failure_outweighs_a_stop_and_a_stop_outweighs_a_wait() {
    let failed = Outcome::Skipped { because_of: 9 };
    let outcomes = [
        Outcome::Done { id: String::new() },
        Outcome::Held { because_of: 8 },
        Outcome::Theirs { id: None },
        Outcome::NotStarted,
        failed.clone(),
    ];
    let ends = (1..=outcomes.len()).map(|n| crate::apply::ended_by(outcomes[..n].iter().enumerate()));
    let held = Some(Outcome::Held { because_of: 8 });
    assert_eq!(ends.collect::<Vec<_>>(), [None, held.clone(), held, Some(Outcome::NotStarted), Some(failed)]);
}

/// They took it back between the plan and the run.
#[tokio::test(start_paused = true)]
async fn a_guest_that_goes_while_it_is_accepted_is_asked_for_again() {
    let toy = Toy::default();
    let wish = House { offers: false, ..House::default() }.wish();
    converge(&toy, &wish).await;
    obey(&toy, &planned(&toy, &wish).await.unwrap());
    let plan = planned(&toy, &wish).await.unwrap();
    remove_guest(&toy, &the(&toy, "guest"));
    let (report, _) = run(&toy, &plan, &options(), &Stop::default()).await;
    assert!(report.is_success() && report.is_waiting(), "{:#?}", undone(&plan, &report));
    settle(&toy, &wish).await;
}

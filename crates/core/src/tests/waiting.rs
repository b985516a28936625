//! Waiting for other parties: what is asked, what is held, and how it goes on once they have moved.

use insta::assert_snapshot;
use serde_json::json;

use super::{
    counterpart::{ids, judge, lapse, make_guest, obey, offer, remove_guest, the},
    help::{
        check_apply, check_settled, converge, nothing, options, planned, render, run, run_or_die, shown, stack, undone,
    },
    kinds::{KINDS, Log, Net, Peer, Table},
    parties::{Door, Guest, Offer, Pass, Stamp, Wire},
    world::{Toy, Trouble, Verdict},
};
use crate::{Desired, Event, Observed, Outcome, Owned, Ref, Stop, Tags, World, observe, plan};

/// A stack that three other parties have a hand in: 222 is a guest, 444 offers what the door to 333 needs.
#[derive(Clone, Debug)]
pub struct House {
    pub flavour: &'static str,
    pub guests: Vec<&'static str>,
    pub cidr: &'static str,
    pub label: Option<&'static str>,
    pub size: u32,
    pub speed: u32,
    pub offers: bool,
    pub log: bool,
    pub ask_again: bool,
    /// We hold a role in the account of the door.
    pub role: bool,
    /// The guests come in by the door.
    pub share: bool,
}

impl Default for House {
    fn default() -> Self {
        House {
            flavour: "plain",
            guests: vec!["222"],
            cidr: "10.9",
            label: Some("asp"),
            size: 1,
            speed: 2,
            offers: true,
            log: true,
            ask_again: false,
            role: false,
            share: false,
        }
    }
}

impl House {
    pub fn wish(&self) -> Desired {
        let mut d = Desired::new(stack(), Tags::new());
        d.ask_again = self.ask_again;
        let net = d.add("main", Net { cidr: "10.1".into(), dns: false, note: None, log: None });
        let table = d.add("main", Table { net, flavour: self.flavour.into() });
        let named = |name: &str| Offer { account: "444".into(), name: name.into(), accepted: true };
        let offer = self.offers.then(|| d.add("", named("share")));
        let accepted = self.role.then_some(true);
        let door = d.add("front", Door { account: "333".into(), size: self.size, speed: self.speed, offer, accepted });
        d.add("w", Wire { door: Some(door.clone()), guest: None });
        for account in &self.guests {
            let (account, cidr, label) = ((*account).to_string(), self.cidr.into(), self.label.map(Into::into));
            let guest = Guest {
                table: table.clone(),
                account: account.clone(),
                cidr,
                accepted: true,
                label,
                share: self.share.then(|| door.clone()),
            };
            let guest = d.add("", guest);
            let pass = d.add("", Pass { guest: guest.clone(), mode: "plain".into() });
            d.add("", Stamp { pass });
            d.add(&account, Wire { door: Some(door.clone()), guest: Some(guest) });
        }
        if self.log {
            d.add("flow", Log { days: 7 });
        }
        d.add("p", Peer { size: 1, via: None, others: [].into() });
        d
    }
}

/// Plans and applies, and the others do what they are asked, until nothing is left to do for anybody. Answers the rounds.
pub async fn settle(toy: &Toy, wish: &Desired) -> usize {
    for round in 0..12 {
        let next = planned(toy, wish).await.unwrap();
        if next.is_empty() && next.waiting.is_empty() {
            check_settled(toy, wish).await;
            check_theirs_were_left(toy);
            return round;
        }
        let report = converge(toy, wish).await;
        assert!(report.is_success(), "{report:#?}");
        obey(toy, &planned(toy, wish).await.unwrap());
    }
    panic!("goes on for ever:\n{}", shown(toy, wish).await);
}

pub fn check_theirs_were_left(toy: &Toy) {
    let tried: Vec<String> = toy.cloud().writes.iter().filter(|call| is_not_ours(call)).cloned().collect();
    assert_eq!(tried, [""; 0]);
}

fn is_not_ours(call: &str) -> bool {
    ["delete:guest", "delete:offer", "create:guest", "create:offer"].contains(&call)
}

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
    ? guest/main/666 guest-012: 666 remove-guest [RemoveGuest{"guest":"guest-012"}] holds log/flow net/main table/main
    "#);
    assert!(converge(&toy, &nothing()).await.is_success());
    let left: Vec<_> = toy.things().into_iter().map(|thing| thing.kind).collect();
    // The log group is what the run itself lives by: it stays until the destroy is really over.
    assert_eq!(left, ["log", "guest", "guest", "net", "offer", "table"]);
    assert_snapshot!(shown(&toy, &nothing()).await, @r#"
    0 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds log/flow net/main table/main
    ? guest/main/666 guest-012: 666 remove-guest [RemoveGuest{"guest":"guest-012"}] holds log/flow net/main table/main
    "#);
    // One of the two is not enough.
    remove_guest(&toy, &ids(&toy, "guest")[0]);
    assert!(planned(&toy, &nothing()).await.unwrap().is_empty());
    settle(&toy, &nothing()).await;
    assert_eq!(toy.things().len(), 1, "the offer stays theirs");
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
    assert!(converge(&toy, &wish).await.is_success());
    assert_snapshot!(shown(&toy, &wish).await, @r#"
    11 unchanged
    ? guest/main/222 guest-005: 222 remove-guest [RemoveGuest{"guest":"guest-005"}] holds table/main
    "#);
    settle(&toy, &wish).await;
    assert_eq!(toy.id_of("table/main"), "table-new");
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

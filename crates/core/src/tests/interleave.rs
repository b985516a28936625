//! The process dies at every single write, again and again, while other parties move as they please: between the runs and
//! in the middle of them, when asked and unasked. It always ends well, and nothing of theirs is ever touched.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;

use super::{
    counterpart::{asked, ids, judge, lapse, make_guest, offer, play, remove_guest},
    help::{nothing, options, planned, run_or_die},
    house::{House, settle},
    world::{Toy, Trouble, Verdict, pass},
};

use crate::Desired;

/// Decisions that a seed settles.
struct Dice(u64);

impl Dice {
    /// Less than `sides`.
    fn of(&mut self, sides: usize) -> usize {
        // Steele and Vigna's SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn chance(&mut self) -> bool {
        self.of(2) == 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.of(from.len())].clone())
    }
}

/// Some of what the plan asks is done, in any order.
async fn obey_some(toy: &Toy, wish: &Desired, dice: &mut Dice) {
    let plan = planned(toy, wish).await.unwrap();
    for call in asked(&plan) {
        if dice.chance() {
            play(toy, &call);
        }
    }
}

/// Something that nobody asked for.
fn stray(toy: &Toy, dice: &mut Dice) {
    let (doors, guests, tables) = (ids(toy, "door"), ids(toy, "guest"), ids(toy, "table"));
    match dice.of(9) {
        0 => dice.pick(&doors).iter().for_each(|door| judge(toy, door, Verdict::Refused)),
        1 => dice.pick(&doors).iter().for_each(|door| judge(toy, door, Verdict::Accepted)),
        2 => dice.pick(&doors).iter().for_each(|door| lapse(toy, door)),
        3 => dice.pick(&ids(toy, "offer")).iter().for_each(|offer| lapse(toy, offer)),
        4 => offer(toy, "444", ["share", "another"][dice.of(2)]),
        5 => dice.pick(&guests).iter().for_each(|guest| remove_guest(toy, guest)),
        6 | 7 => {
            let account = ["222", "222", "666"][dice.of(3)];
            dice.pick(&tables).iter().for_each(|table| make_guest(toy, table, account, "10.9"));
        }
        _ if dice.chance() => drop(toy.cloud().closed.insert("333".into())),
        _ => toy.cloud().closed.clear(),
    }
}

/// They move while we work.
async fn meanwhile(toy: &Toy, dice: &mut Dice) {
    loop {
        pass(Duration::from_millis(100 * dice.of(200) as u64)).await;
        stray(toy, dice);
    }
}

async fn interleave(from: Option<&Desired>, to: &Desired, write: usize, executed: bool, seed: u64) {
    let toy = Toy::default();
    if let Some(from) = from {
        settle(&toy, from).await;
    }
    let dice = &mut Dice(seed);
    for kind in ["guest", "door", "table", "pass"] {
        if dice.of(4) == 0 {
            toy.slow(kind, 30);
        }
    }
    toy.trouble_at(write, Trouble::Die { executed });
    for round in 0..5 {
        let mut wish = to.clone();
        wish.ask_again = dice.chance();
        let plan = planned(&toy, &wish).await.unwrap();
        if round > 0 && dice.chance() {
            tokio::select! {
                biased;
                _ = run_or_die(&toy, &plan) => {}
                () = meanwhile(&toy, dice) => {}
            }
        } else {
            run_or_die(&toy, &plan).await;
        }
        toy.calm();
        tokio::time::advance(options().lag).await;
        obey_some(&toy, to, dice).await;
        for _ in 0..dice.of(3) {
            stray(&toy, dice);
        }
        toy.trouble_at(1 + dice.of(12), Trouble::Die { executed: dice.chance() });
    }
    // From now on everybody does as asked, what has lapsed is listed no longer, and nobody dies.
    toy.calm();
    toy.cloud().closed.clear();
    toy.by_hand(|things| things.retain(|_, thing| thing.kind != "offer" || !thing.failed));
    tokio::time::advance(Duration::from_secs(60)).await;
    let mut wish = to.clone();
    wish.ask_again = true;
    settle(&toy, &wish).await;
}

/// Every write, before and after it took effect, under several seeds.
async fn check(from: Option<&Desired>, to: &Desired, writes: usize) {
    for write in 1..=writes {
        for executed in [false, true] {
            for seed in 0..2 {
                let seed = seed + 10 * write as u64 + u64::from(executed) * 1000;
                let scenario = AssertUnwindSafe(interleave(from, to, write, executed, seed));
                let ended = scenario.catch_unwind().await;
                assert!(ended.is_ok(), "death at write {write} (executed: {executed}), seed {seed}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn while_building() {
    check(None, &House::default().wish(), 18).await;
}

#[tokio::test(start_paused = true)]
async fn while_replacing_what_they_have_to_accept() {
    let to = House { size: 2, speed: 3, ..House::default() };
    check(Some(&House::default().wish()), &to.wish(), 8).await;
}

#[tokio::test(start_paused = true)]
async fn while_replacing_what_their_things_hang_on() {
    let to = House { flavour: "fancy", size: 2, ..House::default() };
    check(Some(&House::default().wish()), &to.wish(), 12).await;
}

#[tokio::test(start_paused = true)]
async fn while_parties_come_and_go() {
    let (from, to) = (House::default(), House { guests: vec!["666"], offers: false, log: false, ..House::default() });
    check(Some(&from.wish()), &to.wish(), 12).await;
    check(Some(&to.wish()), &from.wish(), 12).await;
}

#[tokio::test(start_paused = true)]
async fn while_destroying() {
    check(Some(&House::default().wish()), &nothing(), 10).await;
}

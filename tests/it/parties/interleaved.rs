//! The process dies after a write, other parties move whenever they like, and a new process goes on: whatever the order,
//! it comes to the same end.

use std::collections::BTreeMap;

use gcnet::{
    blueprint::Wish,
    config::schema::Municipality,
    counterpart::{self, Answer},
    handshake::{self, Handshake},
};
use gcnet_core::identity;

use super::{
    lines, peerings, roles,
    story::{Story, open},
};
use crate::support::{city, dice::Dice, failures, planned, run, summary};

/// How the others are disposed.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    /// They do what they are asked.
    Willing,
    /// They refuse as often, where AWS has a way to refuse, and are asked again as often.
    Torn,
    /// They have made up their minds, and whoever refused is asked again.
    Reconciled,
}

/// Some of those who are asked do it, in any order; what has changed since they were asked makes their calls fail.
fn some_move(story: &Story, asked: &[Handshake], mood: Mood, dice: &mut Dice) {
    let mut asked: Vec<&Handshake> = asked.iter().collect();
    while !asked.is_empty() {
        let place = dice.throw(asked.len() as u64);
        let one = asked.remove(usize::try_from(place).unwrap());
        if dice.throw(2) == 0 {
            let one = std::slice::from_ref(one);
            let refuses = mood == Mood::Torn && dice.throw(2) == 0;
            let answer = if refuses { Answer::Refuse } else { Answer::Comply };
            counterpart::play(&story.sandbox, &story.municipality, one, None, answer).unwrap();
        }
    }
}

/// One process: it plans, others move, and it dies after a write or lives. Answers whether it lived and left nothing open.
async fn one_life(story: &Story, wish: Option<&Wish>, mood: Mood, dice: &mut Dice) -> bool {
    let aws = story.aws().await;
    let mut wish = match wish {
        Some(wish) => wish.clone(),
        None => story.wish(&aws).await,
    };
    wish.desired.ask_again = match mood {
        Mood::Willing => false,
        Mood::Torn => dice.throw(2) == 0,
        Mood::Reconciled => true,
    };
    let plan = planned(&aws, &wish.desired).await;
    let asked = handshake::all(&plan, &wish);
    if dice.throw(3) == 0 {
        some_move(story, &asked, mood, dice);
    }
    let writes = 1 + dice.throw(40);
    story.sandbox.cut_after_writes(writes);
    let lived = tokio::select! {
        report = run(&aws, &plan) => {
            // Whatever moved in between may make a step fail; the next life plans anew.
            Some(failures(&plan, &report))
        }
        () = story.sandbox.cut() => None,
    };
    story.sandbox.heal();
    some_move(story, &asked, mood, dice);
    lived.is_some_and(|failures| failures.is_empty()) && plan.is_empty() && open(&asked).is_empty()
}

/// How many things of each kind an account holds.
fn census(story: &Story, account: &str) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for resource in story.sandbox.everything(account) {
        *kinds.entry(format!("{} {}", resource.region, resource.kind)).or_default() += 1;
    }
    kinds
}

fn censuses(story: &Story) -> Vec<BTreeMap<String, usize>> {
    crate::support::accounts(&story.municipality).iter().map(|account| census(story, account)).collect()
}

async fn check(begin: impl AsyncFn() -> Story, seed: u64) {
    check_with(begin, Mood::Willing, seed).await;
}

async fn check_with(begin: impl AsyncFn() -> Story, mood: Mood, seed: u64) {
    let calm = begin().await;
    let before = censuses(&calm);
    calm.settle().await;
    let after = censuses(&calm);

    let (story, mut dice) = (begin().await, Dice(seed));
    let mut lives = 0;
    let tired = |lives: i32| if mood == Mood::Torn && lives > 20 { Mood::Reconciled } else { mood };
    while !one_life(&story, None, tired(lives), &mut dice).await {
        lives += 1;
        assert!(lives < 60, "seed {seed}: {:#?}", story.open().await);
    }
    assert_eq!(summary(&story.plan().await), [""; 0]);
    assert_eq!(censuses(&story), after, "seed {seed}: nothing is doubled, nothing is lost");
    let resources = story.sandbox.everything(&story.account());
    let mut claims: Vec<&String> =
        resources.iter().filter_map(|resource| resource.tags.get(identity::ADDRESS)).collect();
    let all = claims.len();
    claims.sort();
    claims.dedup();
    assert_eq!(claims.len(), all, "seed {seed}");

    let nothing = story.nothing();
    let mut lives = 0;
    while !one_life(&story, Some(&nothing), tired(lives), &mut dice).await {
        lives += 1;
        assert!(lives < 60, "seed {seed}: {:#?}", story.left());
    }
    assert_eq!(story.left(), [""; 0], "seed {seed}");
    assert_eq!(censuses(&story), before, "seed {seed}: others have what they had");
}

async fn united(municipality: &Municipality) -> Story {
    Story::begin(municipality.clone()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn itano_with_private_link() {
    let itano = city("itano");
    for seed in [1, 2] {
        check(async || united(&itano).await, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn naruto_with_a_role_and_invitations_and_a_line() {
    let naruto = roles::naruto(true);
    for seed in [3, 4] {
        check(async || Story::apart(naruto.clone()).await, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn naruto_whose_carrier_says_no_now_and_then() {
    let naruto = city("naruto");
    for seed in [7, 8, 9] {
        check_with(async || united(&naruto).await, Mood::Torn, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn naruto_behind_peerings() {
    let naruto = peerings::naruto(peerings::OSAKA, "them");
    check(async || united(&naruto).await, 5).await;
    let naruto = peerings::naruto(super::story::TOKYO, "us");
    check(async || united(&naruto).await, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anan_with_two_lines() {
    let anan = lines::anan_with_two_lines();
    for (mood, seed) in [(Mood::Willing, 13), (Mood::Torn, 14)] {
        check_with(async || united(&anan).await, mood, seed).await;
    }
}

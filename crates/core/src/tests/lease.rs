//! Leases: however the calls of several runs fall, whatever gets lost and however late reads are, one of them holds it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::join_all;
use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

use super::world::pass;
use crate::{
    Class, Failure, Poll,
    kind::lock,
    lease::{self, End, Holder, Lease, LeaseError, Lost, Register, Released, Terms},
};

const TERMS: Terms = Terms {
    lasts: Duration::from_secs(180),
    every: Duration::from_secs(60),
    gives_up: Duration::from_secs(120),
    poll: Poll { first: Duration::from_secs(1), max: Duration::from_secs(8) },
    patience: Duration::from_secs(60),
    alone: false,
};

pub(crate) fn me(run: &str) -> Holder {
    Holder {
        run: run.into(),
        command: "apply".into(),
        owner: format!("arn:aws:sts::111122223333:assumed-role/operator/{run}"),
        host: "host".into(),
        process: 1,
        since: 0,
        heartbeat: 0,
        expires: 0,
    }
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Well,
    LostBefore,
    LostAfter,
    Throttled,
}

/// A cell whose calls wait until a schedule lets them through.
#[derive(Clone, Debug)]
struct Cell {
    inner: Arc<Mutex<Inner>>,
    /// Set for those whose calls wait.
    who: Option<usize>,
}

#[derive(Debug, Default)]
struct Inner {
    /// What each moment left, with the moment until which it stood.
    past: Vec<(Instant, VecDeque<String>)>,
    versions: VecDeque<String>,
    waiting: Vec<(usize, oneshot::Sender<Fate>)>,
    lag: Duration,
    calls: usize,
}

impl Cell {
    fn new() -> Self {
        Cell { inner: Arc::default(), who: None }
    }

    fn of(&self, who: usize) -> Self {
        Cell { who: Some(who), ..self.clone() }
    }

    async fn turn(&self) -> Fate {
        let Some(who) = self.who else { return Fate::Well };
        let (tell, turn) = oneshot::channel();
        lock(&self.inner).waiting.push((who, tell));
        turn.await.unwrap_or_default()
    }

    async fn call<T>(&self, act: impl FnOnce(&mut Inner) -> Result<T, Failure>) -> Result<T, Failure> {
        let fate = self.turn().await;
        let lost = |class| Err(Failure { class, ..Failure::internal("cell:call", "lost") });
        lock(&self.inner).calls += 1;
        match fate {
            Fate::LostBefore => return lost(Class::Unknown),
            Fate::Throttled => return lost(Class::Throttled),
            Fate::Well | Fate::LostAfter => {}
        }
        let done = act(&mut lock(&self.inner));
        if fate == Fate::LostAfter { lost(Class::Unknown) } else { done }
    }
}

impl Inner {
    fn write(&mut self, change: impl FnOnce(&mut VecDeque<String>)) {
        self.past.push((Instant::now(), self.versions.clone()));
        change(&mut self.versions);
    }

    /// As it was a while ago.
    fn seen(&self) -> &VecDeque<String> {
        let at = Instant::now().checked_sub(self.lag);
        let old = at.and_then(|at| self.past.iter().find(|(until, _)| at < *until));
        old.map_or(&self.versions, |(_, versions)| versions)
    }
}

impl Register for Cell {
    async fn read(&self) -> Result<Option<(u64, String)>, Failure> {
        let newest = |seen: &VecDeque<String>| Some((seen.len() as u64, seen.back()?.clone()));
        self.call(|inner| Ok(newest(inner.seen()))).await
    }

    async fn read_version(&self, version: u64) -> Result<Option<String>, Failure> {
        self.call(|inner| Ok(inner.seen().get(version as usize - 1).cloned())).await
    }

    async fn create(&self, text: &str) -> Result<u64, Failure> {
        self.call(|inner| {
            if !inner.versions.is_empty() {
                return Err(Failure { class: Class::Already, ..Failure::internal("cell:create", "already") });
            }
            inner.write(|versions| versions.push_back(text.into()));
            Ok(1)
        })
        .await
    }

    async fn overwrite(&self, text: &str) -> Result<u64, Failure> {
        self.call(|inner| {
            inner.write(|versions| versions.push_back(text.into()));
            Ok(inner.versions.len() as u64)
        })
        .await
    }

    async fn remove(&self) -> Result<(), Failure> {
        self.call(|inner| {
            inner.write(VecDeque::clear);
            Ok(())
        })
        .await
    }

    fn now(&self) -> i64 {
        // All tests begin at the same moment of paused time.
        EPOCH.with(|epoch| epoch.elapsed().as_secs() as i64)
    }
}

thread_local! {
    static EPOCH: Instant = Instant::now();
}

/// Lets waiting calls through one by one, as `choose` says among how many; until all tasks have ended.
async fn schedule<T>(cell: &Cell, tasks: &[JoinHandle<T>], mut choose: impl FnMut(usize) -> (usize, Fate)) {
    let mut idle = false;
    while !tasks.iter().all(JoinHandle::is_finished) {
        // Paused time moves when nobody can do anything else: whoever can call is waiting by then.
        pass(Duration::from_millis(if idle { 500 } else { 1 })).await;
        let mut waiting = std::mem::take(&mut lock(&cell.inner).waiting);
        idle = waiting.is_empty();
        if idle {
            continue;
        }
        waiting.sort_by_key(|(who, _)| *who);
        let (next, fate) = choose(waiting.len());
        let (_, turn) = waiting.remove(next);
        lock(&cell.inner).waiting.extend(waiting);
        let _ = turn.send(fate);
    }
}

type Took = Result<Lease<Cell>, LeaseError>;

fn takers(cell: &Cell, count: usize) -> Vec<JoinHandle<Took>> {
    (0..count).map(|who| tokio::spawn(Lease::take(cell.of(who), TERMS, me(&who.to_string())))).collect()
}

async fn results(tasks: Vec<JoinHandle<Took>>) -> Vec<Took> {
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

fn holders(took: &[Took]) -> Vec<&str> {
    took.iter().filter_map(|took| Some(took.as_ref().ok()?.holder().run.as_str())).collect()
}

/// A cell in which a run has died a while ago.
async fn after_a_death() -> Cell {
    let cell = Cell::new();
    drop(Lease::take(cell.clone(), TERMS, me("dead")).await.unwrap());
    pass(TERMS.lasts).await;
    cell
}

/// Every schedule of the calls of so many runs that want it at once. Returns how many there are.
async fn every_schedule(takers_at_once: usize, cell: impl AsyncFn() -> Cell) -> usize {
    let mut script: Vec<usize> = vec![];
    for count in 1.. {
        let cell = cell().await;
        let (mut at, mut widths) = (0, vec![]);
        let tasks = takers(&cell, takers_at_once);
        schedule(&cell, &tasks, |width| {
            widths.push(width);
            at += 1;
            (script.get(at - 1).copied().unwrap_or(0), Fate::Well)
        })
        .await;
        let took = results(tasks).await;
        let winner = holders(&took);
        assert_eq!(winner.len(), 1, "{script:?}: {took:?}");
        for lost in took.iter().filter_map(|took| took.as_ref().err()) {
            assert!(matches!(lost, LeaseError::Held(holder) if holder.run == winner[0]), "{script:?}: {lost:?}");
        }
        // The next schedule: the last choice that has another side is changed.
        script.resize(widths.len(), 0);
        while script.last().is_some_and(|last| last + 1 == widths[script.len() - 1]) {
            script.pop();
        }
        match script.last_mut() {
            Some(last) => *last += 1,
            None => return count,
        }
    }
    0
}

#[tokio::test(start_paused = true)]
async fn one_of_several_takes_over_in_every_schedule() {
    assert_eq!((every_schedule(2, after_a_death).await, every_schedule(3, after_a_death).await), (6, 750));
}

#[tokio::test(start_paused = true)]
async fn one_of_several_is_the_first_in_every_schedule() {
    assert_eq!(every_schedule(3, async || Cell::new()).await, 102);
}

/// Steele and Vigna's SplitMix64.
fn dice(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % sides
}

/// Runs take it, keep it, work for a while and give it back; calls get lost, reads lag. Never do two work at once.
#[tokio::test(start_paused = true)]
async fn never_do_two_hold_it_whatever_gets_lost() {
    let mut worked = 0;
    for seed in 0..60 {
        let cell = after_a_death().await;
        lock(&cell.inner).lag = Duration::from_secs([0, 5, 60][seed as usize % 3]);
        let at_work = Arc::new(Mutex::new(0));
        let tasks: Vec<JoinHandle<u32>> = (0..3)
            .map(|who| {
                let (cell, at_work) = (cell.of(who), at_work.clone());
                tokio::spawn(async move {
                    let mut done = 0;
                    for round in 0..3 {
                        let Ok(lease) = Lease::take(cell.clone(), TERMS, me(&format!("{who}.{round}"))).await else {
                            pass(Duration::from_secs(50)).await;
                            continue;
                        };
                        *lock(&at_work) += 1;
                        assert_eq!(*lock(&at_work), 1, "seed {seed}");
                        let (tell, lost) = oneshot::channel();
                        let kept = lease.keep(move |lost| drop(tell.send(lost)));
                        tokio::select! {
                            _ = lost => {}
                            () = pass(Duration::from_secs(300)) => {}
                        }
                        *lock(&at_work) -= 1;
                        kept.release(End::Free).await.ok();
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        let mut state = seed;
        schedule(&cell, &tasks, |width| {
            let fate = match dice(&mut state, 12) {
                0 => Fate::LostBefore,
                1 => Fate::LostAfter,
                2 => Fate::Throttled,
                _ => Fate::Well,
            };
            (dice(&mut state, width as u64) as usize, fate)
        })
        .await;
        worked += join_all(tasks).await.into_iter().map(Result::unwrap).sum::<u32>();
    }
    assert!(worked > 80, "{worked} runs worked");
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_long_run() {
    let cell = Cell::new();
    let kept = Lease::take(cell.clone(), TERMS, me("long")).await.unwrap().keep(|lost| panic!("{lost:?}"));
    pass(TERMS.lasts * 10).await;
    let Err(LeaseError::Held(holder)) = Lease::take(cell.clone(), TERMS, me("other")).await else { panic!("taken") };
    assert_eq!(holder.run, "long");
    assert!(holder.heartbeat > holder.since + 1700, "{holder:?}");
    assert_eq!(kept.release(End::Free).await.unwrap(), Released::GivenBack);
    assert_eq!(lease::holder(&cell).await.unwrap(), None);
    assert!(Lease::take(cell, TERMS, me("other")).await.unwrap().over().is_none(), "it was free");
}

#[tokio::test(start_paused = true)]
async fn a_dead_run_is_followed_after_its_time_and_not_before() {
    let cell = Cell::new();
    drop(Lease::take(cell.clone(), TERMS, me("dead")).await.unwrap());
    pass(TERMS.lasts - Duration::from_secs(2)).await;
    assert!(matches!(Lease::take(cell.clone(), TERMS, me("next")).await, Err(LeaseError::Held(_))));
    let alone = Terms { alone: true, ..TERMS };
    let first = Lease::take(cell.clone(), alone, me("alone")).await.unwrap();
    assert_eq!(first.over().unwrap().run, "dead");
    pass(TERMS.lasts).await;
    let next = Lease::take(cell, TERMS, me("next")).await.unwrap();
    assert_eq!(next.over().unwrap().run, "alone");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_ended_by_somebody_else_is_lost() {
    for taken in [false, true] {
        let cell = Cell::new();
        let (tell, lost) = oneshot::channel();
        let kept = Lease::take(cell.clone(), TERMS, me("a")).await.unwrap().keep(move |lost| drop(tell.send(lost)));
        assert!(!lease::end(&cell, "b", TERMS.poll).await.unwrap(), "it is not b's");
        assert!(lease::end(&cell, "a", TERMS.poll).await.unwrap());
        if taken {
            drop(Lease::take(cell.clone(), TERMS, me("b")).await.unwrap());
        }
        match lost.await.unwrap() {
            Lost::Taken(holder) if taken => assert_eq!(holder.run, "b"),
            Lost::Ended if !taken => {}
            other => panic!("{other:?}"),
        }
        let before = lock(&cell.inner).calls;
        assert_eq!(kept.release(End::Remove).await.unwrap(), Released::LeftAlone);
        assert_eq!(lock(&cell.inner).calls, before, "what is not ours any more is left alone");
    }
}

/// Whatever becomes of one of its calls, it is ended, and said to be.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_settled_where_a_lease_is_ended_or_given_back() {
    for at in 0..2 {
        for fate in [Fate::LostBefore, Fate::LostAfter, Fate::Throttled] {
            let once = |calls: &mut usize| {
                *calls += 1;
                (0, if *calls == at + 1 { fate } else { Fate::Well })
            };
            let cell = Cell::new();
            drop(Lease::take(cell.clone(), TERMS, me("a")).await.unwrap());
            let (its, mut calls) = (cell.of(0), 0);
            let ending = tokio::spawn(async move { lease::end(&its, "a", TERMS.poll).await });
            schedule(&cell, std::slice::from_ref(&ending), |_| once(&mut calls)).await;
            assert_eq!(ending.await.unwrap(), Ok(true), "{at} {fate:?}");
            assert_eq!(lease::holder(&cell).await.unwrap(), None);

            let taking = tokio::spawn(Lease::take(cell.of(0), TERMS, me("b")));
            schedule(&cell, std::slice::from_ref(&taking), |_| (0, Fate::Well)).await;
            let (lease, mut calls) = (taking.await.unwrap().unwrap(), 0);
            let giving = tokio::spawn(lease.keep(|lost| panic!("{lost:?}")).release(End::Free));
            schedule(&cell, std::slice::from_ref(&giving), |_| once(&mut calls)).await;
            assert_eq!(giving.await.unwrap().unwrap(), Released::GivenBack, "{at} {fate:?}");
            assert_eq!(lease::holder(&cell).await.unwrap(), None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_removed_is_lost_though_another_began() {
    let cell = Cell::new();
    let (tell, lost) = oneshot::channel();
    let lease = Lease::take(cell.clone(), TERMS, me("a")).await.unwrap();
    let _kept = lease.keep(move |lost| drop(tell.send(lost)));
    pass(TERMS.every * 2).await;
    cell.remove().await.unwrap();
    let other = Lease::take(cell.clone(), TERMS, me("b")).await.unwrap();
    assert_eq!(lost.await.unwrap(), Lost::Ended);
    let kept = other.keep(|lost| panic!("{lost:?}"));
    pass(TERMS.lasts * 2).await;
    kept.release(End::Remove).await.unwrap();
    assert!(lock(&cell.inner).versions.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_cannot_say_that_it_lives_gives_up_before_others_may_begin() {
    let cell = Cell::new();
    let (tell, lost) = oneshot::channel();
    let taking = tokio::spawn(Lease::take(cell.of(0), TERMS, me("a")));
    schedule(&cell, std::slice::from_ref(&taking), |_| (0, Fate::Well)).await;
    let lease = taking.await.unwrap().unwrap();
    let expires = lease.holder().expires;
    let _kept = lease.keep(move |lost| drop(tell.send(lost)));
    // Its calls hang: nobody lets them through.
    assert_eq!(lost.await.unwrap(), Lost::Late(None));
    assert!(cell.now() <= expires - 60, "{} {expires}", cell.now());
}

/// Its own clock stood still, so it looks at once, and does not wait where it cannot.
#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_looks_at_its_lease_as_soon_as_it_wakes() {
    for (fate, slept, looks) in [(Fate::Well, 600, true), (Fate::Well, 30, false), (Fate::Throttled, 600, true)] {
        let cell = Cell::new();
        let taking = tokio::spawn(Lease::take(cell.of(0), TERMS, me("a")));
        schedule(&cell, std::slice::from_ref(&taking), |_| (0, Fate::Well)).await;
        let mut lease = taking.await.unwrap().unwrap();
        lease.sleep(Duration::from_secs(slept));
        let before = lock(&cell.inner).calls;
        let (tell, mut lost) = oneshot::channel();
        let _kept = lease.keep(move |lost| drop(tell.send(lost)));
        let waking = tokio::spawn(pass(TERMS.every / 5));
        schedule(&cell, std::slice::from_ref(&waking), |_| (0, fate)).await;
        assert_eq!(lock(&cell.inner).calls > before, looks, "{fate:?} {slept}");
        assert_eq!(matches!(lost.try_recv(), Ok(Lost::Late(Some(_)))), fate == Fate::Throttled, "{fate:?} {slept}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_lease_is_left_alone() {
    let cell = Cell::new();
    cell.create("somebody else's").await.unwrap();
    let took = Lease::take(cell.clone(), TERMS, me("a")).await;
    assert!(matches!(took, Err(LeaseError::Unreadable(_))), "{took:?}");
    assert_eq!(lock(&cell.inner).versions, ["somebody else's"]);
}

//! What other parties have to do first, and the steps that wait for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Address, Ask, Desired, Object, Step, Target, Waiting, refs};

/// What a plan in the making waits for.
#[derive(Default)]
pub(crate) struct Holds<'a> {
    waiting: BTreeMap<&'a Address, Waiting>,
    /// Wishes that nothing new can hang on before another party has moved.
    stuck: BTreeSet<&'a Address>,
    /// By what it waits for (a key of `waiting`): the steps that cannot be taken yet.
    held: BTreeMap<&'a Address, BTreeSet<usize>>,
    /// What others are asked to make that will hang on something stuck: they cannot make it before.
    queued: BTreeMap<&'a Address, BTreeSet<&'a Address>>,
}

impl<'a> Holds<'a> {
    /// Something waits for others. It may be asked about twice: for another one, and for the removal of the old one.
    pub(crate) fn wait(&mut self, address: &'a Address, live: Option<&Object>, asks: Vec<Ask>) {
        let new = || Waiting { address: address.clone(), id: None, asks: vec![], holds: BTreeSet::new() };
        let waiting = self.waiting.entry(address).or_insert_with(new);
        waiting.id = waiting.id.take().or_else(|| live.map(|object| object.id.clone()));
        for ask in asks {
            if !waiting.asks.contains(&ask) {
                waiting.asks.push(ask);
            }
        }
    }

    /// Nothing new can hang on it.
    pub(crate) fn stick(&mut self, address: &'a Address) {
        self.stuck.insert(address);
    }

    /// The step cannot be taken while nothing can hang on `address`.
    pub(crate) fn hold_if_stuck(&mut self, step: usize, address: &Address) {
        if let Some(&address) = self.stuck.get(address) {
            self.hold(step, address);
        }
    }

    /// The step cannot be taken before what `address` waits for has come.
    pub(crate) fn hold(&mut self, step: usize, address: &'a Address) {
        self.held.entry(address).or_default().insert(step);
    }

    /// Finds which of the things that others have to make will hang on others that wait.
    pub(crate) fn line_up(&mut self, desired: &'a Desired) {
        let missing = self.waiting.iter().filter(|(_, waiting)| waiting.id.is_none());
        for (&address, _) in missing {
            let mut open = vec![address.clone()];
            let mut seen = BTreeSet::new();
            while let Some(next) = open.pop() {
                let spec = desired.wants().get(&next).map(|want| refs::collect(&want.spec)).unwrap_or_default();
                for target in spec {
                    let Target::Address(to) = target else { continue };
                    if let Some(&stuck) = self.stuck.get(&to).filter(|to| **to != address) {
                        self.queued.entry(stuck).or_default().insert(address);
                    }
                    if seen.insert(to.clone()) {
                        open.push(to);
                    }
                }
            }
        }
    }

    /// What waits for a held step is held with it, and so is the other half of a replacement: nothing goes whose
    /// successor cannot come, and nothing comes beside what cannot go.
    pub(crate) fn spread(&mut self, steps: &[Step]) {
        let mut followers = vec![vec![]; steps.len()];
        for (i, step) in steps.iter().enumerate() {
            step.after.iter().chain(&step.pair).for_each(|&earlier| followers[earlier].push(i));
        }
        for held in self.held.values_mut() {
            let mut open: Vec<usize> = held.iter().copied().collect();
            while let Some(step) = open.pop() {
                open.extend(followers[step].iter().copied().filter(|follower| held.insert(*follower)));
            }
        }
    }

    pub(crate) fn is_held(&self, step: usize) -> bool {
        self.held.values().any(|held| held.contains(&step))
    }

    pub(crate) fn is_waiting(&self, address: &Address) -> bool {
        self.waiting.contains_key(address)
    }

    /// Leaves the held steps out, and tells what is waited for. None that stays waits for one that is held.
    pub(crate) fn leave_out(mut self, steps: Vec<Step>) -> (Vec<Step>, Vec<Waiting>) {
        for (address, held) in &self.held {
            if let Some(waiting) = self.waiting.get_mut(address) {
                waiting.holds = held.iter().map(|&step| steps[step].address.clone()).collect();
            }
        }
        for (address, queued) in &self.queued {
            if let Some(waiting) = self.waiting.get_mut(address) {
                waiting.holds.extend(queued.iter().map(|address| (*address).clone()));
            }
        }
        let mut place = vec![None; steps.len()];
        (0..steps.len()).filter(|&step| !self.is_held(step)).enumerate().for_each(|(new, old)| place[old] = Some(new));
        let staying = steps.into_iter().zip(&place).filter(|(_, place)| place.is_some()).map(|(step, _)| Step {
            after: step.after.iter().filter_map(|&i| place[i]).collect(),
            pair: step.pair.and_then(|i| place[i]),
            ..step
        });
        let staying = staying.collect();
        let mut waiting: Vec<Waiting> = self.waiting.into_values().collect();
        // Whoever comes later in a line has more before them.
        let before = |one: &Waiting| self.queued.values().filter(|queued| queued.contains(&one.address)).count();
        waiting.sort_by_cached_key(before);
        (staying, waiting)
    }
}

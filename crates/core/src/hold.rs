//! What other parties have to do first, and the steps that wait for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Address, Ask, Object, Step, Waiting};

/// What a plan in the making waits for.
#[derive(Default)]
pub(crate) struct Holds<'a> {
    waiting: BTreeMap<&'a Address, Waiting>,
    /// Wishes that nothing new can hang on before another party has moved.
    stuck: BTreeSet<&'a Address>,
    /// By what it waits for (a key of `waiting`): the steps that cannot be taken yet.
    held: BTreeMap<&'a Address, BTreeSet<usize>>,
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
        let mut place = vec![None; steps.len()];
        (0..steps.len()).filter(|&step| !self.is_held(step)).enumerate().for_each(|(new, old)| place[old] = Some(new));
        let staying = steps.into_iter().zip(&place).filter(|(_, place)| place.is_some()).map(|(step, _)| Step {
            after: step.after.iter().filter_map(|&i| place[i]).collect(),
            pair: step.pair.and_then(|i| place[i]),
            ..step
        });
        (staying.collect(), self.waiting.into_values().collect())
    }
}

//! A plan in the making: a step for every difference, what each waits for, and their order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Action, Address, Change, Desired, Goal, Kinds, Object, Plan, PlanError, Step, Target, Why, World,
    compare::{self, Comparison},
    live::{Current, Doomed},
    order, refs,
};

/// A plan in the making.
pub(crate) struct Draft<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    kept: &'a Current<'a>,
    comparison: &'a Comparison,
    steps: Vec<Step>,
    /// Steps that create or update, by address.
    up: BTreeMap<&'a Address, usize>,
    /// Steps that delete, by id.
    down: BTreeMap<&'a str, usize>,
    /// Live objects and the address of each: all that may use something that goes.
    users: Vec<(&'a Address, &'a Object)>,
    unchanged: Vec<Address>,
}

impl<'a, W: World> Draft<'a, W> {
    pub(crate) fn new(
        kinds: Kinds<W>,
        desired: &'a Desired,
        kept: &'a Current<'a>,
        comparison: &'a Comparison,
    ) -> Self {
        let users = kept.iter().map(|(address, object)| (*address, *object)).collect();
        let (up, down) = (BTreeMap::new(), BTreeMap::new());
        Draft { kinds, desired, kept, comparison, steps: vec![], up, down, users, unchanged: vec![] }
    }

    pub(crate) fn steps(&mut self, doomed: Doomed<'a>) -> Result<(), PlanError> {
        let mut roots = Roots { kinds: self.kinds, desired: self.desired, known: BTreeMap::new() };
        for (address, want) in self.desired.wants() {
            if self.kinds.get(address.kind()).is_none() {
                return Err(PlanError::UnknownKind { address: address.clone() });
            }
            let mut goal = || {
                let tags = self.desired.tags_of(address, want);
                Some(Goal { want: want.clone(), tags, roots: roots.of(address) })
            };
            let Some(&object) = self.kept.get(address) else {
                let goal = goal();
                self.up.insert(address, self.steps.len());
                self.push(address, Action::Create, Why::Missing, vec![], goal, None);
                continue;
            };
            let Some(difference) = self.comparison.differences.get(address) else {
                self.unchanged.push(address.clone());
                continue;
            };
            let (why, changes) = (difference.why.clone(), difference.changes.clone());
            let goal = goal();
            self.up.insert(address, self.steps.len());
            if self.comparison.replaced.contains(address) {
                let (new, old) = (self.steps.len(), self.steps.len() + 1);
                self.push(address, Action::Create, why.clone(), changes.clone(), goal, None);
                self.down.insert(&object.id, old);
                self.push(address, Action::Delete, why, changes, None, Some(object));
                (self.steps[new].pair, self.steps[old].pair) = (Some(old), Some(new));
            } else {
                self.push(address, Action::Update, why, changes, goal, Some(object));
            }
        }
        for (address, object, why) in doomed {
            self.down.insert(&object.id, self.steps.len());
            self.users.push((address, object));
            self.push(address, Action::Delete, why, vec![], None, Some(object));
        }
        Ok(())
    }

    fn push(
        &mut self,
        address: &Address,
        action: Action,
        why: Why,
        changes: Vec<Change>,
        want: Option<Goal>,
        have: Option<&Object>,
    ) {
        let (address, have) = (address.clone(), have.cloned());
        self.steps.push(Step { address, action, why, changes, after: BTreeSet::new(), pair: None, want, have });
    }

    pub(crate) fn edges(&mut self) -> Result<(), PlanError> {
        // What is created or changed waits for what it refers to.
        for (address, &step) in &self.up {
            for target in refs::collect(&self.desired.wants()[*address].spec) {
                if let Target::Address(to) = target
                    && let Some(&earlier) = self.up.get(&to)
                {
                    self.steps[step].after.insert(earlier);
                }
            }
        }
        // What goes waits for each live thing that points at it: until that is gone, or points elsewhere.
        for (user, object) in &self.users {
            for target in refs::collect(&object.raw) {
                let Target::Id(id) = target else { continue };
                let Some(&gone) = self.down.get(id.as_str()) else {
                    continue;
                };
                let Some(freed) = self.frees(user, object, &id)? else {
                    let address = self.steps[gone].address.clone();
                    return Err(PlanError::StillUsed { address, id, user: (*user).clone() });
                };
                if freed != gone {
                    self.steps[gone].after.insert(freed);
                }
            }
        }
        // The halves of a replacement.
        for old in 0..self.steps.len() {
            if let (Action::Delete, Some(new)) = (self.steps[old].action, self.steps[old].pair) {
                if self.is_early(old) {
                    self.steps[new].after.insert(old);
                } else {
                    self.steps[old].after.insert(new);
                }
            } else if self.steps[old].action == Action::Delete
                && !self.is_early(old)
                && let Some(&new) = self.up.get(&self.steps[old].address)
            {
                // A dead run made the successor: the old one goes when that is as it should be.
                self.steps[old].after.insert(new);
            }
        }
        Ok(())
    }

    /// What must go before its successor comes goes as late as it can: after everything that the successor waits for
    /// and that can be done while the old one is there. When a new net is refused, the old one still works.
    pub(crate) fn hold_back(&mut self) {
        for old in 0..self.steps.len() {
            let (Action::Delete, Some(new), true) = (self.steps[old].action, self.steps[old].pair, self.is_early(old))
            else {
                continue;
            };
            let mut held: BTreeSet<usize> = BTreeSet::new();
            let mut seen = BTreeSet::from([old, new]);
            let mut open = vec![new];
            while let Some(step) = open.pop() {
                for &earlier in self.steps[step].after.iter().filter(|earlier| seen.insert(**earlier)) {
                    if self.waits_for(earlier, old) {
                        open.push(earlier);
                    } else if self.steps[earlier].action != Action::Delete {
                        held.insert(earlier);
                    }
                }
            }
            self.steps[old].after.extend(held);
        }
    }

    /// See [`crate::Kind::LAST`]. A replacement is no farewell: it keeps its own place.
    pub(crate) fn keep_till_last(&mut self) {
        let is_last = |step: &Step| self.kinds.get(step.address.kind()).is_some_and(|kind| kind.is_last());
        let (last, others): (Vec<usize>, Vec<usize>) = (0..self.steps.len()).partition(|&i| {
            let step = &self.steps[i];
            step.action == Action::Delete && step.pair.is_none() && is_last(step)
        });
        for step in last {
            self.steps[step].after.extend(&others);
        }
    }

    fn waits_for(&self, step: usize, other: usize) -> bool {
        let mut seen = BTreeSet::from([step]);
        let mut open = vec![step];
        while let Some(step) = open.pop() {
            if step == other {
                return true;
            }
            open.extend(self.steps[step].after.iter().copied().filter(|earlier| seen.insert(*earlier)));
        }
        false
    }

    /// The step after which a live object no longer points at `id`.
    fn frees(&self, user: &Address, object: &Object, id: &str) -> Result<Option<usize>, PlanError> {
        if let Some(&gone) = self.down.get(object.id.as_str()) {
            return Ok(Some(gone));
        }
        let Some(&up) = self.up.get(user) else { return Ok(None) };
        // An update of other fields frees nothing.
        let Some(goal) = &self.steps[up].want else { return Ok(None) };
        let seen = compare::is_compared(self.kinds, user, &goal.want, object, id)?;
        Ok(seen.then_some(up))
    }

    fn is_early(&self, step: usize) -> bool {
        self.steps[step].have.as_ref().is_some_and(|object| self.comparison.early.contains(&object.id))
    }

    /// Puts the steps in order and renumbers what they wait for.
    pub(crate) fn finish(self) -> Result<Plan, PlanError> {
        let after: Vec<BTreeSet<usize>> = self.steps.iter().map(|step| step.after.clone()).collect();
        let key = |i: usize| {
            let step = &self.steps[i];
            let rank = self.kinds.rank(step.address.kind());
            let last = self.kinds.0.len();
            // Deletions mirror creations: what is listed first is made first and goes last.
            let rank = if step.action == Action::Delete { last + (last - rank.min(last)) } else { rank };
            (rank, step.address.clone(), step.action)
        };
        let order = order::sort(&after, key).map_err(|order::Cycle(nodes)| {
            let addresses: BTreeSet<Address> = nodes.into_iter().map(|i| self.steps[i].address.clone()).collect();
            PlanError::Cycle { addresses: addresses.into_iter().collect() }
        })?;
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let mut steps: Vec<(usize, Step)> = self.steps.into_iter().enumerate().collect();
        steps.sort_by_key(|(old, _)| place[*old]);
        let renumber = |(_, step): (usize, Step)| Step {
            after: step.after.iter().map(|&i| place[i]).collect(),
            pair: step.pair.map(|i| place[i]),
            ..step
        };
        let ids = self
            .kept
            .iter()
            .filter(|(address, _)| !self.comparison.replaced.contains(*address))
            .map(|(address, object)| ((*address).clone(), object.id.clone()))
            .collect();
        Ok(Plan {
            stack: self.desired.stack.clone(),
            steps: steps.into_iter().map(renumber).collect(),
            unchanged: self.unchanged,
            ids,
        })
    }
}

/// Finds the roots under which a wish lives, following references.
struct Roots<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    known: BTreeMap<Address, BTreeSet<Target>>,
}

impl<W: World> Roots<'_, W> {
    fn of(&mut self, address: &Address) -> BTreeSet<Target> {
        if let Some(known) = self.known.get(address) {
            return known.clone();
        }
        // A ring of references finds itself empty here, and is refused when the steps are ordered.
        self.known.insert(address.clone(), BTreeSet::new());
        let spec: Option<&Value> = self.desired.wants().get(address).map(|want| &want.spec);
        let mut roots = BTreeSet::new();
        for target in spec.map(refs::collect).unwrap_or_default() {
            if let Target::Address(to) = target {
                match self.kinds.get(to.kind()) {
                    Some(kind) if kind.is_root() => drop(roots.insert(Target::Address(to))),
                    _ => roots.extend(self.of(&to)),
                }
            }
        }
        self.known.insert(address.clone(), roots.clone());
        roots
    }
}

//! A plan in the making: a step for every difference, what each waits for, and their order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Action, Address, Ask, Change, Desired, Failure, Goal, Kinds, Known, Object, Owned, Plan, PlanError, State, Step,
    Target, Waiting, Want, Why, World,
    compare::{self, Comparison},
    live::{Current, Doomed, is_theirs},
    order, refs,
};

/// A plan in the making.
pub(crate) struct Draft<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    kept: &'a Current<'a>,
    /// What other parties made and no wish names.
    theirs: &'a Current<'a>,
    comparison: &'a Comparison,
    steps: Vec<Step>,
    /// Steps that create or update, by address.
    up: BTreeMap<&'a Address, usize>,
    /// Steps that delete, by id.
    down: BTreeMap<&'a str, usize>,
    /// Live objects and the address of each: all that may use something that goes.
    users: Vec<(&'a Address, &'a Object)>,
    unchanged: Vec<Address>,
    waiting: BTreeMap<Address, Waiting>,
    /// Wishes that nothing can hang on before another party has moved.
    stuck: BTreeSet<&'a Address>,
    /// Steps that cannot be taken yet, and what in `waiting` they are behind.
    blocked: BTreeMap<usize, BTreeSet<Address>>,
}

impl<'a, W: World> Draft<'a, W> {
    pub(crate) fn new(
        kinds: Kinds<W>,
        desired: &'a Desired,
        kept: &'a Current<'a>,
        theirs: &'a Current<'a>,
        comparison: &'a Comparison,
    ) -> Self {
        Draft {
            kinds,
            desired,
            kept,
            theirs,
            comparison,
            steps: vec![],
            up: BTreeMap::new(),
            down: BTreeMap::new(),
            users: kept.iter().chain(theirs).map(|(address, object)| (*address, *object)).collect(),
            unchanged: vec![],
            waiting: BTreeMap::new(),
            stuck: BTreeSet::new(),
            blocked: BTreeMap::new(),
        }
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
            let replaced = self.comparison.replaced.contains(address);
            // What another party made cannot be replaced by us: it stays, and they are asked for another.
            let live = self.kept.get(address).copied().filter(|object| !(replaced && is_theirs(self.kinds, object)));
            let asks = if replaced && live.is_some() { vec![] } else { self.asks(address, want, live)? };
            let asked = !asks.is_empty();
            if asked {
                if live.is_none_or(|object| matches!(object.state, State::Theirs { .. })) {
                    self.stuck.insert(address);
                }
                self.wait(address, live, asks);
                if live.is_none() {
                    continue;
                }
            }
            let Some(object) = live else {
                let goal = goal();
                self.up.insert(address, self.steps.len());
                self.push(address, Action::Create, Why::Missing, vec![], goal, None);
                continue;
            };
            let Some(difference) = self.comparison.differences.get(address) else {
                if !asked {
                    self.unchanged.push(address.clone());
                }
                continue;
            };
            let (why, changes) = (difference.why.clone(), difference.changes.clone());
            let goal = goal();
            self.up.insert(address, self.steps.len());
            if replaced {
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

    fn asks(&self, address: &Address, want: &Want, live: Option<&Object>) -> Result<Vec<Ask>, PlanError> {
        let id = |target: &Target| match target {
            Target::Id(id) => Some(id.clone()),
            Target::Address(to) if self.comparison.replaced.contains(to) => None,
            Target::Address(to) => self.kept.get(to).map(|object| object.id.clone()),
        };
        let Some(kind) = self.kinds.get(address.kind()) else { return Ok(vec![]) };
        kind.asks(&want.spec, live, &Known(&id)).map_err(unreadable(address))
    }

    fn wait(&mut self, address: &Address, live: Option<&Object>, asks: Vec<Ask>) {
        let id = live.map(|object| object.id.clone());
        let new = || Waiting { address: address.clone(), id, asks: vec![], holds: BTreeSet::new() };
        self.waiting.entry(address.clone()).or_insert_with(new).asks.extend(asks);
    }

    pub(crate) fn edges(&mut self) -> Result<(), PlanError> {
        // What is created or changed waits for what it refers to.
        for (address, &step) in &self.up {
            for target in refs::collect(&self.desired.wants()[*address].spec) {
                let Target::Address(to) = target else { continue };
                if let Some(&earlier) = self.up.get(&to) {
                    self.steps[step].after.insert(earlier);
                }
                if self.stuck.contains(&to) {
                    self.blocked.entry(step).or_default().insert(to);
                }
            }
        }
        // What goes waits for each live thing that points at it: until that is gone, or points elsewhere.
        for (user, object) in std::mem::take(&mut self.users) {
            for target in refs::collect(&object.raw) {
                let Target::Id(id) = target else { continue };
                let Some(&gone) = self.down.get(id.as_str()) else {
                    continue;
                };
                let Some(freed) = self.frees(user, object, &id)? else {
                    if let Some(ask) = self.ask_removal(user, object)? {
                        self.wait(user, Some(object), vec![ask]);
                        self.blocked.entry(gone).or_default().insert(user.clone());
                        continue;
                    }
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

    fn ask_removal(&self, user: &Address, object: &Object) -> Result<Option<Ask>, PlanError> {
        match self.kinds.get(object.kind).filter(|kind| kind.is_theirs(&object.raw)) {
            Some(kind) => kind.ask_removal(object).map_err(unreadable(user)),
            None => Ok(None),
        }
    }

    /// What waits for a step that waits for another party waits with it, and so does the other half of a replacement:
    /// nothing goes whose successor cannot come.
    pub(crate) fn wait_for_others(&mut self) {
        loop {
            let mut more: BTreeMap<usize, BTreeSet<Address>> = BTreeMap::new();
            for (i, step) in self.steps.iter().enumerate() {
                let behind = step.after.iter().chain(&step.pair).filter_map(|j| self.blocked.get(j)).flatten();
                let known = self.blocked.get(&i);
                let new = behind.filter(|address| !known.is_some_and(|known| known.contains(*address)));
                let new: BTreeSet<Address> = new.cloned().collect();
                if !new.is_empty() {
                    more.insert(i, new);
                }
            }
            if more.is_empty() {
                return;
            }
            for (i, behind) in more {
                self.blocked.entry(i).or_default().extend(behind);
            }
        }
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
        self.wait_for_others();
        let is_last = |step: &Step| self.kinds.get(step.address.kind()).is_some_and(|kind| kind.is_last());
        let (last, others): (Vec<usize>, Vec<usize>) = (0..self.steps.len()).partition(|&i| {
            let step = &self.steps[i];
            step.action == Action::Delete && step.pair.is_none() && is_last(step)
        });
        // What has to be made once others have moved may take months, and needs no farewell to wait for it.
        let unmade = |i: &usize| self.blocked.contains_key(i) && self.steps[*i].action != Action::Delete;
        let others: Vec<usize> = others.into_iter().filter(|i| !unmade(i)).collect();
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
    pub(crate) fn finish(mut self) -> Result<Plan, PlanError> {
        self.drop_blocked();
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
            unknown: self
                .theirs
                .iter()
                .filter(|(address, _)| !self.waiting.contains_key(*address))
                .map(|(address, object)| Owned { address: (*address).clone(), object: (*object).clone() })
                .collect(),
            waiting: self.waiting.into_values().collect(),
            ids,
        })
    }

    /// Leaves out the steps that wait for another party. None that stays waits for one of them.
    fn drop_blocked(&mut self) {
        for (&step, behind) in &self.blocked {
            for address in behind {
                if let Some(waiting) = self.waiting.get_mut(address) {
                    waiting.holds.insert(self.steps[step].address.clone());
                }
            }
        }
        let mut place = vec![None; self.steps.len()];
        let mut kept = 0;
        for (i, place) in place.iter_mut().enumerate() {
            if !self.blocked.contains_key(&i) {
                *place = Some(kept);
                kept += 1;
            }
        }
        let steps = std::mem::take(&mut self.steps).into_iter().enumerate();
        let staying = steps.filter(|(i, _)| place[*i].is_some()).map(|(_, step)| Step {
            after: step.after.iter().filter_map(|&i| place[i]).collect(),
            pair: step.pair.and_then(|i| place[i]),
            ..step
        });
        self.steps = staying.collect();
    }
}

fn unreadable(address: &Address) -> impl Fn(Failure) -> PlanError {
    let address = address.clone();
    move |failure| PlanError::Unreadable { address: address.clone(), message: failure.message }
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

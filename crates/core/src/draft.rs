//! A plan in the making: a step for every difference, what each waits for, and their order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{
    Action, Address, Ask, Change, Desired, Effect, Failure, Goal, Kinds, Known, Object, Owned, Party, Plan, PlanError,
    Removal, State, Step, Target, Want, Why, World,
    compare::{self, Comparison},
    hold::Holds,
    live::{Current, Doomed, is_dying, is_theirs},
    order, refs,
    roots::Roots,
};

/// A plan in the making.
pub(crate) struct Draft<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    kept: &'a Current<'a>,
    /// See [`crate::live::Sorted::theirs`].
    theirs: &'a [(&'a Address, &'a Object)],
    comparison: &'a Comparison,
    steps: Vec<Step>,
    /// Steps that create or update, by address.
    up: BTreeMap<&'a Address, usize>,
    /// Steps that delete, by id.
    down: BTreeMap<&'a str, usize>,
    /// Live objects and the address of each: all that may use something that goes.
    users: Vec<(&'a Address, &'a Object)>,
    unchanged: Vec<Address>,
    holds: Holds<'a>,
    /// By the step that deletes what it hangs on: what others asked for and we have not accepted.
    requests: BTreeMap<usize, Vec<(&'a Address, &'a Object)>>,
}

impl<'a, W: World> Draft<'a, W> {
    pub(crate) fn new(
        kinds: Kinds<W>,
        desired: &'a Desired,
        kept: &'a Current<'a>,
        theirs: &'a [(&'a Address, &'a Object)],
        comparison: &'a Comparison,
    ) -> Self {
        // What is deleted and not brought back uses nothing.
        let is_there =
            |(address, object): &(&Address, &Object)| !object.is_deleted() || !comparison.replaced.contains(*address);
        Draft {
            kinds,
            desired,
            kept,
            theirs,
            comparison,
            steps: vec![],
            up: BTreeMap::new(),
            down: BTreeMap::new(),
            users: kept
                .iter()
                .map(|(a, object)| (*a, *object))
                .filter(is_there)
                .chain(theirs.iter().copied())
                .collect(),
            unchanged: vec![],
            holds: Holds::default(),
            requests: BTreeMap::new(),
        }
    }

    pub(crate) fn steps(&mut self, doomed: Doomed<'a>) -> Result<(), PlanError> {
        let mut roots = Roots::new(self.kinds, self.desired);
        for (address, want) in self.desired.wants() {
            if self.kinds.get(address.kind()).is_none() {
                return Err(PlanError::UnknownKind { address: address.clone() });
            }
            self.wish(address, want, &mut roots)?;
        }
        for (address, object, why) in doomed {
            self.down.insert(&object.id, self.steps.len());
            self.users.push((address, object));
            self.push(address, Action::Delete, why, vec![], None, Some(object));
            self.protect(address, object);
        }
        Ok(())
    }

    fn wish(&mut self, address: &'a Address, want: &Want, roots: &mut Roots<'a, W>) -> Result<(), PlanError> {
        let replaced = self.comparison.replaced.contains(address);
        let mut live = self.kept.get(address).copied();
        let mut asks = vec![];
        let mut is_waiting = false;
        if let Some(object) = live.filter(|object| replaced && is_theirs(self.kinds, object)) {
            // What another party made cannot be replaced by us: they are asked to remove it, and for another.
            if let Removal::Asked(ask) = self.removal(address, object)? {
                asks.push(ask);
            }
            is_waiting = true;
            live = None;
        }
        // What is deleted needs no deletion: a new one takes its place.
        live = live.filter(|object| !(replaced && object.is_deleted()));
        // Of what is about to be replaced, nobody is asked anything.
        if live.is_none() || !replaced {
            asks.extend(self.asks(address, want, live)?);
            let unusable = live.is_none_or(|object| matches!(object.state, State::Theirs { .. }));
            // Nobody is asked, and there is something that we do: with a role of theirs that may be all it takes.
            let is_our_move = live.is_none() || self.comparison.differences.contains_key(address);
            is_waiting |= !asks.is_empty() || (unusable && !is_our_move);
            // What somebody has yet to decide about may turn out wrong: nothing more is built on it.
            let is_doubted = asks.iter().any(|ask| ask.party == Party::Operator);
            if is_waiting {
                self.holds.wait(address, self.kept.get(address).copied(), asks);
            }
            if is_waiting && (unusable || is_doubted) {
                self.holds.stick(address);
            }
        }
        let tags = self.desired.tags_of(address, want);
        let goal = Some(Goal { want: want.clone(), tags, roots: roots.of(address) });
        let Some(object) = live else {
            let tries = || self.kinds.get(address.kind()).is_some_and(|kind| kind.only_trying_tells());
            let why = if is_waiting { tries().then_some(Why::Attempt) } else { Some(Why::Missing) };
            if let Some(why) = why {
                self.up.insert(address, self.steps.len());
                self.push(address, Action::Create, why, vec![], goal, None);
            }
            return Ok(());
        };
        let Some(difference) = self.comparison.differences.get(address) else {
            if !is_waiting {
                self.unchanged.push(address.clone());
            }
            return Ok(());
        };
        let (why, changes) = (difference.why.clone(), difference.changes.clone());
        self.up.insert(address, self.steps.len());
        if replaced {
            let (new, old) = (self.steps.len(), self.steps.len() + 1);
            self.push(address, Action::Create, why.clone(), changes.clone(), goal, None);
            self.down.insert(&object.id, old);
            self.push(address, Action::Delete, why, changes, None, Some(object));
            self.protect(address, object);
            (self.steps[new].pair, self.steps[old].pair) = (Some(old), Some(new));
        } else {
            self.push(address, Action::Update, why, changes, goal, Some(object));
        }
        Ok(())
    }

    /// Holds the deletion that is the last step so far, of what is protected, until the operator says that it is meant, and names
    /// what forces it where another would take its place.
    fn protect(&mut self, address: &'a Address, object: &Object) {
        let Some((at, step)) = self.steps.iter().enumerate().next_back() else { return };
        // Whoever withdraws it by its id means it.
        let is_meant = self.desired.include_protected || self.desired.withdrawn.contains(&object.id);
        if !is_meant && takes_protected(self.kinds, self.desired, step) {
            let forced = || step.changes.iter().filter(|change| change.effect == Effect::Replace);
            let side = |of: fn(&Change) -> &Value| -> Value {
                forced().map(|change| (change.field.clone(), of(change).clone())).collect::<Map<_, _>>().into()
            };
            let ask = match forced().next() {
                Some(_) => Ask::operator("protected-replacement").between(side(|of| &of.after), side(|of| &of.before)),
                None if step.why == Why::Withdrawn => Ask::operator("protected-twin"),
                None => Ask::operator("protected"),
            };
            self.holds.wait(address, Some(object), vec![ask]);
            self.holds.hold(at, address);
        }
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

    pub(crate) fn edges(&mut self) -> Result<(), PlanError> {
        self.holds.line_up(self.desired);
        // What is created or changed waits for what it refers to.
        for (address, &step) in &self.up {
            for target in refs::collect(&self.desired.wants()[*address].spec) {
                let Target::Address(to) = target else { continue };
                if let Some(&earlier) = self.up.get(&to) {
                    self.steps[step].after.insert(earlier);
                }
                self.holds.hold_if_stuck(step, &to);
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
                    if !is_theirs(self.kinds, object) {
                        let address = self.steps[gone].address.clone();
                        return Err(PlanError::StillUsed { address, id, user: (*user).clone() });
                    }
                    match self.removal(user, object)? {
                        Removal::Needless => {}
                        Removal::Asked(ask) => {
                            self.holds.wait(user, Some(object), vec![ask]);
                            self.holds.hold(gone, user);
                        }
                        Removal::Refused => self.requests.entry(gone).or_default().push((user, object)),
                    }
                    continue;
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
            } else if self.steps[old].why == Why::Unfinished && self.steps[old].action == Action::Delete {
                // A dead run made the successor: the old one goes when that is as it should be.
                let address = &self.steps[old].address;
                self.holds.hold_if_stuck(old, address);
                if let Some(&up) = self.up.get(address).filter(|_| !self.is_early(old)) {
                    self.steps[old].after.insert(up);
                }
            }
        }
        Ok(())
    }

    fn removal(&self, user: &Address, object: &Object) -> Result<Removal, PlanError> {
        match self.kinds.get(object.kind) {
            Some(kind) => kind.removal(object).map_err(unreadable(user)),
            None => Ok(Removal::Needless),
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
        self.holds.spread(&self.steps);
        let is_last = |step: &Step| self.kinds.get(step.address.kind()).is_some_and(|kind| kind.is_last());
        let is_farewell = |step: &Step| step.action == Action::Delete && step.pair.is_none();
        let (last, others): (Vec<usize>, Vec<usize>) =
            (0..self.steps.len()).partition(|&i| is_farewell(&self.steps[i]) && is_last(&self.steps[i]));
        // What can be made or replaced once others have moved may take months, and needs no farewell to wait for it.
        let counts = |i: &usize| !self.holds.is_held(*i) || self.steps[*i].why == Why::NotDesired;
        let others: Vec<usize> = others.into_iter().filter(counts).collect();
        for step in last {
            self.steps[step].after.extend(&others);
        }
        self.holds.spread(&self.steps);
    }

    /// What was only asked for is refused as late as what it hangs on goes, and not while that is held.
    pub(crate) fn refuse(&mut self) {
        for (gone, requests) in std::mem::take(&mut self.requests) {
            if self.holds.is_held(gone) {
                continue;
            }
            let on = self.steps[gone].address.clone();
            let after = self.steps[gone].after.clone();
            for (address, object) in requests {
                let refusal = self.steps.len();
                self.down.insert(&object.id, refusal);
                self.push(address, Action::Delete, Why::Unanswered { on: on.clone() }, vec![], None, Some(object));
                self.steps[refusal].after.clone_from(&after);
                self.steps[gone].after.insert(refusal);
            }
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
        if !self.is_kept(user, object) {
            return Ok(None);
        }
        let Some(&up) = self.up.get(user) else { return Ok(None) };
        // An update of other fields frees nothing.
        let Some(goal) = &self.steps[up].want else { return Ok(None) };
        let seen = compare::is_compared(self.kinds, user, &goal.want, object, id)?;
        Ok(seen.then_some(up))
    }

    /// It has its address, and stays.
    fn is_kept(&self, address: &Address, object: &Object) -> bool {
        !self.comparison.replaced.contains(address) && self.kept.get(address).is_some_and(|kept| kept.id == object.id)
    }

    fn is_early(&self, step: usize) -> bool {
        self.steps[step].have.as_ref().is_some_and(|object| self.comparison.early.contains(&object.id))
    }

    /// Puts the steps in order and renumbers what they wait for.
    pub(crate) fn finish(self) -> Result<Plan, PlanError> {
        let is_left = |(address, object): &&(&Address, &Object)| {
            !self.holds.is_waiting(address) && !self.down.contains_key(object.id.as_str())
        };
        let unknown = self.theirs.iter().filter(is_left);
        let unknown = unknown.map(|(address, object)| Owned { address: (*address).clone(), object: (*object).clone() });
        let unknown = unknown.collect();
        let (steps, waiting) = self.holds.leave_out(self.steps);
        let after: Vec<BTreeSet<usize>> = steps.iter().map(|step| step.after.clone()).collect();
        let key = |i: usize| {
            let step = &steps[i];
            let rank = self.kinds.rank(step.address.kind());
            let last = self.kinds.0.len();
            // Deletions mirror creations: what is listed first is made first and goes last.
            let rank = if step.action == Action::Delete { last + (last - rank.min(last)) } else { rank };
            (rank, step.address.clone(), step.action)
        };
        let order = order::sort(&after, key).map_err(|order::Cycle(nodes)| {
            let addresses: BTreeSet<Address> = nodes.into_iter().map(|i| steps[i].address.clone()).collect();
            PlanError::Cycle { addresses: addresses.into_iter().collect() }
        })?;
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let mut steps: Vec<(usize, Step)> = steps.into_iter().enumerate().collect();
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
            unknown,
            waiting,
            ids,
        })
    }
}

/// A step takes away what is protected: by its own tag, or by what the wishes say of its address, for anybody can take a tag
/// away. What failed is of no use to anybody, and the wishes speak of the successor rather than of what a dead run left.
pub fn takes_protected<W: World>(kinds: Kinds<W>, desired: &Desired, step: &Step) -> bool {
    let Some(object) = step.have.as_ref().filter(|_| step.action == Action::Delete) else { return false };
    let is_wished = step.why != Why::Unfinished && desired.is_protected(&step.address);
    (object.is_protected() || is_wished) && !is_dying(kinds, desired, object)
}

fn unreadable(address: &Address) -> impl Fn(Failure) -> PlanError {
    let address = address.clone();
    move |failure| PlanError::Unreadable { address: address.clone(), message: failure.message }
}

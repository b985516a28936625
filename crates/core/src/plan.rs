//! Wishes and what is live, turned into steps that leave nothing to decide.
//!
//! Pure and deterministic: the same inputs give the same plan. The order of creation follows the references in the
//! wishes, the order of deletion those in the live attributes; no kind lists its edges.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::{
    Address, Change, Desired, Kinds, Object, Owned, Owner, Stack, State, Tags, Target, Want, Why, World,
    compare::{self, Comparison},
    identity, order, refs,
};

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes it.
    Create,
    /// Changes the live object.
    Update,
    /// Removes the live object.
    Delete,
}

/// One change to the world.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Of what.
    pub address: Address,
    /// Which change.
    pub action: Action,
    /// Why.
    pub why: Why,
    /// The fields that differ; empty for what is missing or not wished.
    pub changes: Vec<Change>,
    /// The steps that it waits for: places in [`Plan::steps`], all of them earlier.
    pub after: BTreeSet<usize>,
    /// The other half, when it is half of a replacement.
    pub pair: Option<usize>,
    /// What it must become; not for a deletion.
    pub want: Option<Goal>,
    /// What is live; not for a creation.
    pub have: Option<Object>,
}

/// What a creation or an update leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The wish.
    pub want: Want,
    /// The tags that go with it.
    pub tags: Tags,
    /// The roots that it lives under (see [`crate::Kind::ROOT`]): their ids are its incarnation.
    pub roots: BTreeSet<Target>,
}

/// Everything that has to be done to one stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// To whose resources.
    pub stack: Stack,
    /// In an order in which they could be done one by one.
    pub steps: Vec<Step>,
    /// What is as wished already.
    pub unchanged: Vec<Address>,
    /// Ids of what is live and stays.
    pub ids: BTreeMap<Address, String>,
}

/// How many resources a plan touches, and how. A replacement counts once.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Made.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Deleted and made anew.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// Left alone.
    pub unchanged: usize,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum PlanError {
    /// Several live objects claim one address. Choosing between them could destroy the one in use.
    #[error("{address} exists {} times: {}", ids.len(), ids.join(", "))]
    Twins {
        /// What they all claim to be.
        address: Address,
        /// All of them.
        ids: Vec<String>,
    },
    /// Ownership tags that this version cannot read.
    #[error("{id} is a {kind} and its tags say that it is `{address}`")]
    Mislabelled {
        /// The object.
        id: String,
        /// The kind that saw it.
        kind: &'static str,
        /// What its tag says.
        address: String,
    },
    /// A wish of a kind that this build does not have.
    #[error("no kind of resource is called {}: {address}", address.kind())]
    UnknownKind {
        /// The wish.
        address: Address,
    },
    /// Two wishes for one address: a fault of the blueprint.
    #[error("{address} is wished twice")]
    WishedTwice {
        /// The address.
        address: Address,
    },
    /// A reference to what is not wished: a fault of the blueprint.
    #[error("{address} refers to {to}, which nobody wishes")]
    Dangling {
        /// The wish.
        address: Address,
        /// What it refers to.
        to: Address,
    },
    /// Something must go that something else goes on using.
    #[error("{address} ({id}) must go, but {user} goes on using it")]
    StillUsed {
        /// What must go.
        address: Address,
        /// Its id.
        id: String,
        /// What uses it.
        user: Address,
    },
    /// Steps that wait for each other.
    #[error("these wait for each other: {}", addresses.iter().map(Address::as_str).collect::<Vec<_>>().join(", "))]
    Cycle {
        /// Of the steps.
        addresses: Vec<Address>,
    },
    /// A spec that its own kind cannot read: a fault of gcnet.
    #[error("{address}: {message}")]
    Unreadable {
        /// Whose spec.
        address: Address,
        /// What is wrong with it.
        message: String,
    },
}

impl Plan {
    /// Nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Counts for the summary line.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { unchanged: self.unchanged.len(), ..Summary::default() };
        for step in &self.steps {
            match (step.action, step.pair) {
                (Action::Create, Some(_)) => summary.replace += 1,
                (Action::Delete, Some(_)) => {}
                (Action::Create, None) => summary.create += 1,
                (Action::Update, _) => summary.update += 1,
                (Action::Delete, None) => summary.delete += 1,
            }
        }
        summary
    }

    /// Something live is deleted, for good or for a replacement.
    pub fn is_destructive(&self) -> bool {
        self.steps.iter().any(|step| step.action == Action::Delete)
    }
}

/// Compares wishes with what is live.
///
/// # Errors
/// See [`PlanError`]: nothing is planned on a world that cannot be told apart, or for wishes that no order can satisfy.
pub fn plan<W: World>(kinds: Kinds<W>, desired: &Desired, owned: &[Owned]) -> Result<Plan, PlanError> {
    desired.check()?;
    let (current, mut doomed) = single_out(kinds, owned)?;
    let (kept, unwanted): (BTreeMap<_, _>, BTreeMap<_, _>) =
        current.into_iter().partition(|(address, _)| desired.wants().contains_key(*address));
    doomed.extend(unwanted.into_iter().map(|(address, object)| (address, object, Why::NotDesired)));

    let comparison = compare::compare(kinds, desired, &kept, &doomed)?;
    let mut draft = Draft::new(kinds, desired, &kept, &comparison);
    draft.steps(doomed)?;
    draft.edges()?;
    draft.hold_back();
    draft.keep_till_last();
    draft.finish()
}

/// The live object of each address.
pub(crate) type Current<'a> = BTreeMap<&'a Address, &'a Object>;
/// What goes for good, and why.
pub(crate) type Doomed<'a> = Vec<(&'a Address, &'a Object, Why)>;

/// One live object per address, and what gives way to it. What carries no tags goes with what it hangs on.
fn single_out<W: World>(kinds: Kinds<W>, owned: &[Owned]) -> Result<(Current<'_>, Doomed<'_>), PlanError> {
    let (natural, labelled): (Vec<&Owned>, Vec<&Owned>) =
        owned.iter().partition(|owned| owned.object.owner == Owner::Parent);
    let (mut current, mut doomed) = (Current::new(), vec![]);
    settle(labelled, &mut current, &mut doomed)?;

    let gone: BTreeMap<&str, Why> = doomed.iter().map(|(_, object, why)| (object.id.as_str(), why.clone())).collect();
    let mut standing = vec![];
    for owned in natural {
        let natural = kinds.get(owned.object.kind).and_then(|kind| kind.natural(&owned.object.raw));
        match natural.map(|natural| natural.parent) {
            Some(Target::Id(parent)) if gone.contains_key(parent.as_str()) => {
                doomed.push((&owned.address, &owned.object, gone[parent.as_str()].clone()));
            }
            _ => standing.push(owned),
        }
    }
    settle(standing, &mut current, &mut doomed)?;
    Ok((current, doomed))
}

/// Of several objects at one address, those that are going away or have failed give way to one that lives, and those
/// that a dead run was replacing to the one that it made.
fn settle<'a>(owned: Vec<&'a Owned>, current: &mut Current<'a>, doomed: &mut Doomed<'a>) -> Result<(), PlanError> {
    let mut by_address: BTreeMap<&Address, Vec<&Object>> = BTreeMap::new();
    for Owned { address, object } in owned {
        by_address.entry(address).or_default().push(object);
    }
    for (address, mut objects) in by_address {
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        let (live, dying): (Vec<&Object>, Vec<&Object>) =
            objects.into_iter().partition(|o| !matches!(o.state, State::Leaving | State::Failed(_)));
        let replaced: BTreeSet<&str> =
            live.iter().filter_map(|o| o.tags()?.get(identity::REPLACES)).map(String::as_str).collect();
        let (old, new): (Vec<&Object>, Vec<&Object>) =
            live.iter().copied().partition(|object| replaced.contains(object.id.as_str()));
        if new.len() > 1 || (new.is_empty() && !old.is_empty()) {
            let ids = live.into_iter().map(|o| o.id.clone()).collect();
            return Err(PlanError::Twins { address: address.clone(), ids });
        }
        let mut dying = dying.into_iter();
        if let Some(object) = new.first().copied().or_else(|| dying.next()) {
            current.insert(address, object);
        }
        doomed.extend(old.into_iter().map(|object| (address, object, Why::Unfinished)));
        doomed.extend(dying.map(|object| (address, object, Why::Broken { state: compare::word(&object.state) })));
    }
    Ok(())
}

/// A plan in the making.
struct Draft<'a, W: 'static> {
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
    fn new(kinds: Kinds<W>, desired: &'a Desired, kept: &'a Current<'a>, comparison: &'a Comparison) -> Self {
        let users = kept.iter().map(|(address, object)| (*address, *object)).collect();
        let (up, down) = (BTreeMap::new(), BTreeMap::new());
        Draft { kinds, desired, kept, comparison, steps: vec![], up, down, users, unchanged: vec![] }
    }

    fn steps(&mut self, doomed: Doomed<'a>) -> Result<(), PlanError> {
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

    fn edges(&mut self) -> Result<(), PlanError> {
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
    fn hold_back(&mut self) {
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
    fn keep_till_last(&mut self) {
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
    fn finish(self) -> Result<Plan, PlanError> {
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

//! Wishes and what is live, turned into steps that leave nothing to decide.
//!
//! Pure and deterministic: the same inputs give the same plan. The order of creation follows the references in the
//! wishes, the order of deletion those in the live attributes; no kind lists its edges.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    Address, Ask, Change, Desired, Failure, Kinds, Object, Owned, Stack, Tags, Target, Want, Why, World,
    compare::compare,
    draft::Draft,
    live::{Sorted, sort_out},
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

impl Step {
    /// It counts as waiting, and not as something to do: see [`crate::Kind::ONLY_TRYING_TELLS`].
    pub fn is_attempt(&self) -> bool {
        self.why == Why::Attempt
    }
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
    /// What another party has to do first, in an order in which it could be done.
    pub waiting: Vec<Waiting>,
    /// What other parties made under ours and no wish names: left alone.
    pub unknown: Vec<Owned>,
    /// Ids of what is live and stays.
    pub ids: BTreeMap<Address, String>,
}

/// Something that others have to do before it is as wished, or before it can go.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// What the asks are about.
    pub address: Address,
    /// Its live id, where it is there.
    pub id: Option<String>,
    /// What is asked, and of whom, in an order in which it could be done.
    pub asks: Vec<Ask>,
    /// What cannot be made, changed or deleted before, by us or by others.
    pub holds: BTreeSet<Address>,
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
    /// Waiting for others.
    pub waiting: usize,
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
    /// Something is wished of a kind that may not be read: it may be there.
    #[error("no {kind} can be seen: {failure}")]
    Unseen {
        /// The kind.
        kind: &'static str,
        /// The refusal of the read.
        failure: Failure,
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
    /// Nothing has to be done. There may still be something to try.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(Step::is_attempt)
    }

    /// Counts for the summary line.
    pub fn summary(&self) -> Summary {
        let mut summary =
            Summary { unchanged: self.unchanged.len(), waiting: self.waiting.len(), ..Summary::default() };
        for step in self.steps.iter().filter(|step| !step.is_attempt()) {
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
    let Sorted { kept, theirs, doomed } = sort_out(kinds, desired, owned)?;
    let comparison = compare(kinds, desired, &kept, &doomed, &theirs)?;
    let mut draft = Draft::new(kinds, desired, &kept, &theirs, &comparison);
    draft.steps(doomed)?;
    draft.edges()?;
    draft.hold_back();
    draft.keep_till_last();
    draft.refuse();
    draft.finish()
}

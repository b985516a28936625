//! Which live resources differ from their wishes, which of them must be replaced, and who changed what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Address, Cause, Change, Desired, Diff, Effect, Kinds, Object, PlanError, Replace, State, Target, Want, Why, World,
    identity, refs,
};

/// One resource that is not as wished.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) why: Why,
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) differences: BTreeMap<Address, Difference>,
    pub(crate) replaced: BTreeSet<Address>,
    /// Those of the replaced that must go before their successors come.
    pub(crate) delete_first: BTreeSet<Address>,
}

/// The provider's word for a state that is no usable one.
pub(crate) fn word(state: &State) -> String {
    match state {
        State::Ready => "ready".into(),
        State::Pending(word) | State::Failed(word) => word.clone(),
        State::Leaving => "deleting".into(),
    }
}

/// Compares every live object with its wish, and follows replacements to a fixed point.
///
/// Ids of what is replaced do not resolve to addresses, so whatever points at them differs from its wish, and its own
/// diff says whether it must be replaced too: the cascade needs no code of its own. Whoever uses a thing that must go
/// before its successor comes must itself go first, even when the change alone could be made in place.
pub(crate) fn compare<W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    kept: &BTreeMap<&Address, &Object>,
) -> Result<Comparison, PlanError> {
    let world = Compared::new(kinds, desired, kept)?;
    let mut replaced: BTreeSet<&Address> = BTreeSet::new();
    let mut delete_first: BTreeSet<&Address> = BTreeSet::new();
    let mut following: BTreeMap<&Address, Diff> = BTreeMap::new();
    loop {
        let before = (replaced.len(), delete_first.len());
        for (&address, object) in kept {
            let targets = world.uses(address, &replaced);
            if !targets.is_empty() {
                following.insert(address, world.diff(address, object, &replaced)?);
            }
            let diff = following.get(address).unwrap_or(&world.own[address]);
            let dying = matches!(object.state, State::Leaving | State::Failed(_));
            let forced = targets.iter().any(|target| delete_first.contains(target));
            if dying || forced || diff.effect() == Some(Effect::Replace) {
                replaced.insert(address);
                let kind = kinds.get(address.kind());
                // A dying object is never waited for by its successor's users; it goes first whatever its kind.
                if forced || dying || kind.is_some_and(|kind| kind.replace() == Replace::DeleteFirst) {
                    delete_first.insert(address);
                }
            }
        }
        if before == (replaced.len(), delete_first.len()) {
            break;
        }
    }

    let mut comparison = Comparison::default();
    for (&address, object) in kept {
        let own = &world.own[address];
        let diff = following.get(address).unwrap_or(own);
        let is_replaced = replaced.contains(address);
        let pending = matches!(object.state, State::Pending(_));
        if diff.is_empty() && !is_replaced && !pending {
            continue;
        }
        let cause = world.cause(address, object, own);
        let why = match &object.state {
            State::Leaving | State::Failed(_) => Why::Broken { state: word(&object.state) },
            _ if is_replaced => {
                let fields = own.0.iter().filter(|c| c.effect == Effect::Replace).map(|c| c.field.clone()).collect();
                let follows = world.uses(address, &replaced).into_iter().cloned().collect();
                Why::Replaced { cause, fields, follows }
            }
            State::Pending(_) if diff.is_empty() => Why::Unfinished,
            _ if cause == Cause::Interrupted => Why::Unfinished,
            _ => Why::Differs { cause },
        };
        comparison.differences.insert(address.clone(), Difference { why, changes: diff.0.clone() });
    }
    comparison.replaced = replaced.into_iter().cloned().collect();
    comparison.delete_first = delete_first.into_iter().cloned().collect();
    Ok(comparison)
}

struct Compared<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    by_id: BTreeMap<&'a str, &'a Address>,
    /// For each live object, the addresses of what it points at.
    targets: BTreeMap<&'a Address, BTreeSet<&'a Address>>,
    /// What differs by itself: with every id of ours rewritten.
    own: BTreeMap<&'a Address, Diff>,
}

impl<'a, W: World> Compared<'a, W> {
    fn new(
        kinds: Kinds<W>,
        desired: &'a Desired,
        kept: &'a BTreeMap<&'a Address, &'a Object>,
    ) -> Result<Self, PlanError> {
        let by_id: BTreeMap<&str, &Address> = kept.iter().map(|(a, o)| (o.id.as_str(), *a)).collect();
        let mut world = Compared { kinds, desired, by_id, targets: BTreeMap::new(), own: BTreeMap::new() };
        for (&address, object) in kept {
            let targets = refs::collect(&object.raw).into_iter().filter_map(|target| match target {
                Target::Id(id) => world.by_id.get(id.as_str()).copied(),
                Target::Address(_) => None,
            });
            let targets = targets.collect();
            world.targets.insert(address, targets);
            let diff = world.diff(address, object, &BTreeSet::new())?;
            world.own.insert(address, diff);
        }
        Ok(world)
    }

    /// Which of `some` the live object at `address` points at.
    fn uses(&self, address: &Address, some: &BTreeSet<&'a Address>) -> BTreeSet<&'a Address> {
        self.targets.get(address).map(|t| t.intersection(some).copied().collect()).unwrap_or_default()
    }

    fn want(&self, address: &Address) -> Result<&'a Want, PlanError> {
        let want = self.desired.wants().get(address);
        want.ok_or_else(|| PlanError::Dangling { address: address.clone(), to: address.clone() })
    }

    /// Wish against live, where ids of what is replaced stay ids.
    fn diff(&self, address: &Address, object: &Object, replaced: &BTreeSet<&Address>) -> Result<Diff, PlanError> {
        let address_of = |id: &str| self.by_id.get(id).filter(|a| !replaced.contains(*a)).map(|a| (*a).clone());
        difference(self.kinds, self.desired, address, self.want(address)?, object, &address_of)
    }

    fn cause(&self, address: &Address, object: &Object, own: &Diff) -> Cause {
        if own.is_empty() {
            return Cause::Follows;
        }
        let Some(last) = object.tags().map(|tags| tags.get(identity::SPEC)) else {
            return Cause::Unknown;
        };
        let Ok(want) = self.want(address) else {
            return Cause::Unknown;
        };
        match last {
            None => Cause::Unknown,
            Some(last) if last == identity::UNFINISHED => Cause::Interrupted,
            // Everything was made right, but for the note that it was.
            Some(_) if own.0.iter().all(|change| change.field == SPEC_TAG) => Cause::Interrupted,
            Some(last) if *last == want.fingerprint.0 => Cause::Drift,
            Some(last) => {
                let mut live = object.raw.clone();
                refs::resolve(&mut live, &|id| self.by_id.get(id).map(|a| (*a).clone()));
                let live = self.desired.fingerprint_of_live(&live, object.tags());
                if live.0 == *last { Cause::File } else { Cause::Both }
            }
        }
    }
}

const SPEC_TAG: &str = "tags.gcnet:spec";

/// What differs between a wish and a live object: fields, then tags.
pub(crate) fn difference<W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    address: &Address,
    want: &Want,
    object: &Object,
    address_of: &impl Fn(&str) -> Option<Address>,
) -> Result<Diff, PlanError> {
    let kind = kinds.get(address.kind()).ok_or_else(|| PlanError::UnknownKind { address: address.clone() })?;
    let live = resolved(&object.raw, address_of);
    let unreadable = |f: crate::Failure| PlanError::Unreadable { address: address.clone(), message: f.message };
    let mut diff = kind.diff(&want.spec, &live).map_err(unreadable)?;
    if let Some(live) = object.tags() {
        tag_changes(&desired.tags_of(address, want), live, &mut diff);
    }
    Ok(diff)
}

/// A spec with the ids that are known rewritten to addresses.
pub(crate) fn resolved(raw: &Value, address_of: &impl Fn(&str) -> Option<Address>) -> Value {
    let mut live = raw.clone();
    refs::resolve(&mut live, address_of);
    live
}

/// Tags that are wished and missing or different. Others are somebody else's business: guardrails write tags too.
pub(crate) fn tag_changes(want: &crate::Tags, live: &crate::Tags, diff: &mut Diff) {
    for (key, value) in want {
        let have = live.get(key);
        if have != Some(value) {
            diff.in_place(&format!("tags.{key}"), &Some(value), &have);
        }
    }
}

//! Which live resources differ from their wishes, which of them must be replaced, and who changed what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    Address, Cause, Change, Desired, Diff, Effect, Kinds, Object, PlanError, Replace, State, Target, Want, Why, World,
    identity,
    live::{Current, Doomed, is_dying},
    refs,
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
    /// Ids of what must go before some successor comes: the replaced ones that cannot be there twice, and all that uses
    /// them.
    pub(crate) early: BTreeSet<String>,
}

/// The provider's word for a state that is no usable one.
pub(crate) fn word(state: &State) -> String {
    match state {
        State::Ready => "ready".into(),
        State::Pending(word) | State::Failed(word) => word.clone(),
        State::Theirs { refused: true, .. } => "refused".into(),
        State::Theirs { refused: false, .. } => "asked".into(),
        State::Leaving => "deleting".into(),
        State::Deleted { .. } => "deleted".into(),
    }
}

/// Compares every live object with its wish, and follows replacements to a fixed point.
///
/// Ids of what is replaced do not resolve to addresses, so whatever points at them differs from its wish, and its own
/// diff says whether it must be replaced too: the cascade needs no code of its own. Whoever uses a thing that must go
/// before its successor comes must itself go first, even when the change alone could be made in place.
///
/// Both sets only grow, so the loop ends; it runs once more than the longest chain of references is long.
pub(crate) fn compare<W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    kept: &Current<'_>,
    doomed: &Doomed<'_>,
    theirs: &[(&Address, &Object)],
) -> Result<Comparison, PlanError> {
    let going = doomed.iter().map(|(address, object, _)| (*address, *object));
    let others: Vec<(&Address, &Object)> = going.chain(theirs.iter().copied()).collect();
    let world = Compared::new(kinds, desired, kept, &others)?;
    let mut replaced: BTreeSet<&Address> = BTreeSet::new();
    let mut early: BTreeSet<&str> = BTreeSet::new();
    let mut following: BTreeMap<&Address, Diff> = BTreeMap::new();
    loop {
        let before = (replaced.len(), early.len());
        for (_, object, _) in doomed {
            if world.uses(object).any(|(id, _)| early.contains(id)) {
                early.insert(&object.id);
            }
        }
        for (&address, object) in kept {
            if world.uses(object).any(|target| world.leaves(target, &replaced)) {
                following.insert(address, world.diff(address, object, &replaced)?);
            }
            let diff = following.get(address).unwrap_or(&world.own[address]);
            let dying = is_dying(kinds, desired, object);
            let forced = world.uses(object).any(|(id, _)| early.contains(id));
            if dying || forced || diff.effect() == Some(Effect::Replace) {
                replaced.insert(address);
                let kind = kinds.get(address.kind());
                // A dying object is never waited for by its successor's users; it goes first whatever its kind.
                if forced || dying || kind.is_some_and(|kind| kind.replace() == Replace::DeleteFirst) {
                    early.insert(&object.id);
                }
            }
        }
        if before == (replaced.len(), early.len()) {
            break;
        }
    }

    let mut comparison = Comparison::default();
    for (&address, object) in kept {
        let own = &world.own[address];
        let diff = following.get(address).unwrap_or(own);
        let is_replaced = replaced.contains(address);
        let pending = matches!(object.state, State::Pending(_));
        if diff.is_empty() && !is_replaced && !pending && !object.is_deleted() {
            continue;
        }
        let cause = world.cause(address, object, own);
        let why = match &object.state {
            _ if is_dying(kinds, desired, object) => Why::Broken { state: word(&object.state) },
            State::Deleted { until } => Why::Restored { until: until.clone() },
            _ if is_replaced => {
                let fields = own.0.iter().filter(|c| c.effect == Effect::Replace).map(|c| c.field.clone()).collect();
                let leaving = world.uses(object).filter(|target| world.leaves(*target, &replaced));
                let follows: BTreeSet<&Address> = leaving.map(|(_, address)| address).collect();
                Why::Replaced { cause, fields, follows: follows.into_iter().cloned().collect() }
            }
            State::Pending(_) if diff.is_empty() => Why::Unfinished,
            _ if cause == Cause::Interrupted => Why::Unfinished,
            _ => Why::Differs { cause },
        };
        comparison.differences.insert(address.clone(), Difference { why, changes: diff.0.clone() });
    }
    comparison.replaced = replaced.into_iter().cloned().collect();
    comparison.early = early.into_iter().map(str::to_string).collect();
    Ok(comparison)
}

/// The id that a live object points at, and whose it is.
type Use<'a> = (&'a str, &'a Address);

struct Compared<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    /// Everything live, what goes and what is not ours included.
    by_id: BTreeMap<&'a str, &'a Address>,
    /// Ids of what is not kept although its address is wished: another object has taken its place, or will.
    outlived: BTreeSet<&'a str>,
    /// For the id of each live object, what it points at.
    uses: BTreeMap<&'a str, Vec<Use<'a>>>,
    /// What differs by itself: with every id of ours rewritten.
    own: BTreeMap<&'a Address, Diff>,
}

impl<'a, W: World> Compared<'a, W> {
    fn new(
        kinds: Kinds<W>,
        desired: &'a Desired,
        kept: &'a Current<'a>,
        others: &'a [(&'a Address, &'a Object)],
    ) -> Result<Self, PlanError> {
        let all = || kept.iter().map(|(address, object)| (*address, *object)).chain(others.iter().copied());
        let by_id: BTreeMap<&str, &Address> = all().map(|(address, object)| (object.id.as_str(), address)).collect();
        let outlived = others.iter().filter(|(address, _)| desired.wants().contains_key(*address));
        let outlived = outlived.map(|(_, object)| object.id.as_str()).collect();
        let uses = |object: &'a Object| {
            let targets = refs::collect(&object.raw).into_iter().filter_map(|target| match target {
                Target::Id(id) => by_id.get_key_value(id.as_str()).map(|(id, address)| (*id, *address)),
                Target::Address(_) => None,
            });
            targets.collect()
        };
        let uses = all().map(|(_, object)| (object.id.as_str(), uses(object))).collect();
        let mut world = Compared { kinds, desired, by_id, outlived, uses, own: BTreeMap::new() };
        for (&address, object) in kept {
            let address_of = |id: &str| world.by_id.get(id).map(|address| (*address).clone());
            let diff = difference(kinds, desired, address, world.want(address)?, object, &address_of)?;
            world.own.insert(address, diff);
        }
        Ok(world)
    }

    /// What of ours a live object points at.
    fn uses(&self, object: &Object) -> impl Iterator<Item = Use<'a>> + use<'_, 'a, W> {
        self.uses.get(object.id.as_str()).into_iter().flatten().copied()
    }

    /// It goes, and another object has its address or will have it.
    fn leaves(&self, (id, address): Use<'_>, replaced: &BTreeSet<&Address>) -> bool {
        replaced.contains(address) || self.outlived.contains(id)
    }

    fn want(&self, address: &Address) -> Result<&'a Want, PlanError> {
        let want = self.desired.wants().get(address);
        want.ok_or_else(|| PlanError::Dangling { address: address.clone(), to: address.clone() })
    }

    /// Wish against live, where ids of what is replaced stay ids.
    fn diff(&self, address: &Address, object: &Object, replaced: &BTreeSet<&Address>) -> Result<Diff, PlanError> {
        let stays = |id: &str, address: &Address| !self.leaves((id, address), replaced);
        let address_of = |id: &str| self.by_id.get(id).filter(|a| stays(id, a)).map(|a| (*a).clone());
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
            // Only the note of what was last asked is old: a run died before it wrote it, or the file has dropped a tag, which
            // stays, because nobody knows whose it is by now. Either way it was the file that changed.
            Some(_) if own.0.iter().all(|change| change.field == SPEC_TAG) => Cause::File,
            Some(last) if *last == want.fingerprint.0 => Cause::Drift,
            Some(last) => {
                let live = resolved(&object.raw, &|id| self.by_id.get(id).map(|a| (*a).clone()));
                // Where the wish leaves a field to others, so may the last one have done.
                let lasts = [unsaid(&live, &want.spec, own), live];
                let is_last = |spec: &Value| self.desired.fingerprint_of_live(spec, object.tags()).0 == *last;
                if lasts.iter().any(is_last) { Cause::File } else { Cause::Both }
            }
        }
    }
}

/// The live spec, with the wish's word for every field that does not count as different.
fn unsaid(live: &Value, want: &Value, own: &Diff) -> Value {
    let mut spec = want.clone();
    if let (Some(spec), Some(live)) = (spec.as_object_mut(), live.as_object()) {
        let differs = |key: &str| own.0.iter().any(|change| change.field.split('.').next() == Some(key));
        for (key, value) in live.iter().filter(|(key, _)| differs(key)) {
            spec.insert(key.clone(), value.clone());
        }
    }
    spec
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

/// Whether a difference at `id` would be noticed: a kind leaves out what the wish leaves to others.
pub(crate) fn is_compared<W: World>(
    kinds: Kinds<W>,
    address: &Address,
    want: &Want,
    object: &Object,
    id: &str,
) -> Result<bool, PlanError> {
    let kind = kinds.get(address.kind()).ok_or_else(|| PlanError::UnknownKind { address: address.clone() })?;
    let diff = |live: &Value| {
        let unreadable = |f: crate::Failure| PlanError::Unreadable { address: address.clone(), message: f.message };
        kind.diff(&want.spec, live).map_err(unreadable)
    };
    let another = resolved(&object.raw, &|other| (other == id).then(|| Address::new("another", "thing")));
    Ok(diff(&object.raw)? != diff(&another)?)
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

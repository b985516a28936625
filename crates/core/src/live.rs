//! Which live object stands for which address, which have to give way to it, and which are not ours to touch.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Address, Desired, Effect, Kinds, Object, Owned, Owner, PlanError, State, Target, Why, World, compare, identity,
};

/// The live object of each address.
pub(crate) type Current<'a> = BTreeMap<&'a Address, &'a Object>;
/// What goes for good, and why.
pub(crate) type Doomed<'a> = Vec<(&'a Address, &'a Object, Why)>;

/// Everything live, each in its place.
#[derive(Default)]
pub(crate) struct Sorted<'a> {
    /// What is wished and there.
    pub(crate) kept: Current<'a>,
    /// What other parties made and no wish names, or another object has the place of: left alone, and whatever it hangs
    /// on has to wait for it. One address may be here twice.
    pub(crate) theirs: Vec<(&'a Address, &'a Object)>,
    /// What goes for good.
    pub(crate) doomed: Doomed<'a>,
}

/// One live object per address, and what gives way to it. What carries no tags goes with what it hangs on. What is deleted
/// is left out, but for what its own wish can bring back.
pub(crate) fn sort_out<'a, W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    owned: &'a [Owned],
) -> Result<Sorted<'a>, PlanError> {
    let (natural, labelled): (Vec<&Owned>, Vec<&Owned>) =
        owned.iter().partition(|owned| owned.object.owner == Owner::Parent);
    let mut sorted = Sorted::default();
    let restorable = |address: &Address, object: &Object| can_be_restored(kinds, desired, owned, address, object);
    settle(kinds, desired, labelled, &restorable, &mut sorted)?;
    let standing = fall(kinds, desired, natural, &mut sorted);
    settle(kinds, desired, standing, &restorable, &mut sorted)?;

    let unwished: Vec<&Address> =
        sorted.kept.keys().copied().filter(|address| !desired.wants().contains_key(*address)).collect();
    for address in unwished {
        match sorted.kept.remove(address) {
            Some(object) if is_theirs(kinds, object) => sorted.theirs.push((address, object)),
            Some(object) => sorted.doomed.push((address, object, Why::NotDesired)),
            None => {}
        }
    }
    // Not in the order in which they were read.
    sorted.theirs.sort_by_key(|(address, object)| (*address, &object.id));
    sorted.doomed.sort_by_key(|(address, object, _)| (*address, &object.id));
    Ok(sorted)
}

/// Sorts out what hangs on something that goes, level by level; answers what stands.
fn fall<'a, W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    natural: Vec<&'a Owned>,
    sorted: &mut Sorted<'a>,
) -> Vec<&'a Owned> {
    let vanishes = |object: &Object| is_theirs(kinds, object) && is_dying(kinds, desired, object);
    let broken = |object: &Object| Why::Broken { state: compare::word(&object.state) };
    let doomed = sorted.doomed.iter().map(|(_, object, why)| (object.id.as_str(), why.clone()));
    let vanishing = natural.iter().map(|owned| &owned.object).filter(|object| vanishes(object));
    let mut gone: BTreeMap<&str, Why> =
        doomed.chain(vanishing.map(|object| (object.id.as_str(), broken(object)))).collect();
    let mut standing = natural;
    loop {
        let parent = |owned: &Owned| match kinds.get(owned.object.kind)?.natural(&owned.object.raw)?.parent {
            Target::Id(parent) => gone.get(parent.as_str()).cloned(),
            Target::Address(_) => None,
        };
        let why: Vec<Option<Why>> = standing.iter().map(|owned| parent(owned)).collect();
        if why.iter().all(Option::is_none) {
            return standing;
        }
        let mut next = vec![];
        for (owned, why) in standing.into_iter().zip(why) {
            let Owned { address, object } = owned;
            let Some(why) = why else {
                next.push(owned);
                continue;
            };
            if !is_theirs(kinds, object) {
                sorted.doomed.push((address, object, why.clone()));
            } else if !vanishes(object) {
                sorted.theirs.push((address, object));
            }
            gone.insert(&object.id, why);
        }
        standing = next;
    }
}

/// Of several objects at one address, those that are going away or have failed give way to one that lives, and those
/// that a dead run was replacing to the one that it made.
fn settle<'a, W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    owned: Vec<&'a Owned>,
    restorable: &impl Fn(&Address, &Object) -> Result<bool, PlanError>,
    sorted: &mut Sorted<'a>,
) -> Result<(), PlanError> {
    let mut by_address: BTreeMap<&Address, Vec<&Object>> = BTreeMap::new();
    for Owned { address, object } in owned {
        by_address.entry(address).or_default().push(object);
    }
    for (address, objects) in by_address {
        let (live, deleted, withdrawn, dying) = standing(kinds, desired, objects);
        let Some((old, new)) = succession(&live) else {
            let ids = live.into_iter().map(|o| o.id.clone()).collect();
            return Err(PlanError::Twins { address: address.clone(), ids });
        };
        // What another party made goes without our help.
        let mut dying = dying.into_iter().filter(|object| !is_theirs(kinds, object));
        let restored = if new.is_empty() { last_deleted(address, deleted, restorable)? } else { None };
        if let Some(object) = new.first().copied().or(restored).or_else(|| dying.next()) {
            sorted.kept.insert(address, object);
        }
        sorted.doomed.extend(withdrawn.into_iter().map(|object| (address, object, Why::Withdrawn)));
        sorted.doomed.extend(old.into_iter().map(|object| (address, object, Why::Unfinished)));
        let broken = |object: &Object| Why::Broken { state: compare::word(&object.state) };
        sorted.doomed.extend(dying.map(|object| (address, object, broken(object))));
    }
    Ok(())
}

/// Objects of one address in the order of their ids: those that live, are deleted, give way to their twin, and are of no use.
fn standing<'a, W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    mut objects: Vec<&'a Object>,
) -> (Vec<&'a Object>, Vec<&'a Object>, Vec<&'a Object>, Vec<&'a Object>) {
    objects.sort_by(|a, b| a.id.cmp(&b.id));
    let (deleted, objects): (Vec<&Object>, Vec<&Object>) = objects.into_iter().partition(|o| o.is_deleted());
    let gives_way = |o: &&Object| desired.withdrawn.contains(&o.id) || identity::is_withdrawn(o.tags());
    let (withdrawn, objects): (Vec<&Object>, Vec<&Object>) = objects.into_iter().partition(gives_way);
    let (dying, live) = objects.into_iter().partition(|object| is_dying(kinds, desired, object));
    (live, deleted, withdrawn, dying)
}

/// What a dead run was replacing, and the one that it made; `None` when there are twins.
fn succession<'a>(live: &[&'a Object]) -> Option<(Vec<&'a Object>, Vec<&'a Object>)> {
    let replaced: BTreeSet<&str> = live.iter().flat_map(|object| identity::replaced(object.tags())).collect();
    let (old, new): (Vec<&Object>, Vec<&Object>) =
        live.iter().copied().partition(|object| replaced.contains(object.id.as_str()));
    (new.len() == 1 || live.is_empty()).then_some((old, new))
}

/// Addresses that several live objects claim, with their ids.
pub(crate) fn twins<'a, W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    owned: &'a [Owned],
) -> Vec<(&'a Address, BTreeSet<&'a str>)> {
    let mut by_address: BTreeMap<&Address, Vec<&Object>> = BTreeMap::new();
    // What carries no tags goes with what it hangs on.
    for Owned { address, object } in owned.iter().filter(|owned| owned.object.owner != Owner::Parent) {
        by_address.entry(address).or_default().push(object);
    }
    let sets = by_address.into_iter().filter_map(|(address, objects)| {
        let (live, ..) = standing(kinds, desired, objects);
        // What a dead run was replacing is one of them: it may be the one in use.
        let is_twin = succession(&live).is_none();
        is_twin.then(|| (address, live.into_iter().map(|object| object.id.as_str()).collect()))
    });
    sets.collect()
}

/// Of several that can be brought back the one that was deleted last: it can be for longest.
fn last_deleted<'a>(
    address: &Address,
    deleted: Vec<&'a Object>,
    restorable: &impl Fn(&Address, &Object) -> Result<bool, PlanError>,
) -> Result<Option<&'a Object>, PlanError> {
    let mut last: Option<&Object> = None;
    for object in deleted {
        let until = |object: &'a Object| match &object.state {
            State::Deleted { until } => until.as_deref(),
            _ => None,
        };
        if restorable(address, object)? && last.is_none_or(|last| until(last) < until(object)) {
            last = Some(object);
        }
    }
    Ok(last)
}

/// It is wished, and nothing of the wish would take a new one.
fn can_be_restored<W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    owned: &[Owned],
    address: &Address,
    object: &Object,
) -> Result<bool, PlanError> {
    let Some(want) = desired.wants().get(address) else { return Ok(false) };
    let address_of = |id: &str| owned.iter().find(|owned| owned.object.id == id).map(|owned| owned.address.clone());
    let diff = compare::difference(kinds, desired, address, want, object, &address_of)?;
    Ok(diff.effect() != Some(Effect::Replace))
}

/// See [`crate::Kind::is_theirs`].
pub(crate) fn is_theirs<W: World>(kinds: Kinds<W>, object: &Object) -> bool {
    kinds.get(object.kind).is_some_and(|kind| kind.is_theirs(&object.raw))
}

/// It is of no use and will be of none: it gives way to one that lives, and one is made in its place. What others refused
/// is so once they are to be asked again.
pub(crate) fn is_dying<W: World>(kinds: Kinds<W>, desired: &Desired, object: &Object) -> bool {
    match object.state {
        State::Leaving | State::Failed(_) => true,
        State::Theirs { refused, .. } => refused && desired.ask_again && !is_theirs(kinds, object),
        State::Ready | State::Pending(_) | State::Deleted { .. } => false,
    }
}

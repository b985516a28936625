//! Which live object stands for which address, and which have to give way to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Address, Kinds, Object, Owned, Owner, PlanError, State, Target, Why, World, compare, identity};

/// The live object of each address.
pub(crate) type Current<'a> = BTreeMap<&'a Address, &'a Object>;
/// What goes for good, and why.
pub(crate) type Doomed<'a> = Vec<(&'a Address, &'a Object, Why)>;

/// One live object per address, and what gives way to it. What carries no tags goes with what it hangs on.
pub(crate) fn single_out<W: World>(kinds: Kinds<W>, owned: &[Owned]) -> Result<(Current<'_>, Doomed<'_>), PlanError> {
    let (natural, labelled): (Vec<&Owned>, Vec<&Owned>) =
        owned.iter().partition(|owned| owned.object.owner == Owner::Parent);
    let (mut current, mut doomed) = (Current::new(), vec![]);
    settle(kinds, labelled, &mut current, &mut doomed)?;

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
    settle(kinds, standing, &mut current, &mut doomed)?;
    Ok((current, doomed))
}

/// Of several objects at one address, those that are going away or have failed give way to one that lives, and those
/// that a dead run was replacing to the one that it made.
fn settle<'a, W: World>(
    kinds: Kinds<W>,
    owned: Vec<&'a Owned>,
    current: &mut Current<'a>,
    doomed: &mut Doomed<'a>,
) -> Result<(), PlanError> {
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
        // What another party made goes without our help.
        let mut dying = dying.into_iter().filter(|object| !is_theirs(kinds, object));
        if let Some(object) = new.first().copied().or_else(|| dying.next()) {
            current.insert(address, object);
        }
        doomed.extend(old.into_iter().map(|object| (address, object, Why::Unfinished)));
        doomed.extend(dying.map(|object| (address, object, Why::Broken { state: compare::word(&object.state) })));
    }
    Ok(())
}

/// See [`crate::Kind::is_theirs`].
pub(crate) fn is_theirs<W: World>(kinds: Kinds<W>, object: &Object) -> bool {
    kinds.get(object.kind).is_some_and(|kind| kind.is_theirs(&object.raw))
}

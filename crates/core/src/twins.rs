//! Live objects that claim one address, and which of them stays. Planning never chooses between them; whoever repairs them
//! chooses for all at once, because a twin VPC has twins of all that lives in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{Address, Desired, Kinds, Owned, Tags, Target, World, identity, live, refs};

/// Several live objects that claim one address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Twins {
    /// What they all claim to be.
    pub address: Address,
    /// By id.
    pub each: Vec<Twin>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Twin {
    /// Its live id.
    pub id: String,
    /// How many other things of ours hang on it, directly or by others.
    pub ours: usize,
    /// How many things that others made hang on it.
    pub theirs: usize,
    /// It stays; the others of its address go.
    pub stays: bool,
}

/// Why nobody can choose as was asked.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ChoiceError {
    /// It is nobody's twin.
    #[error("{id} is no twin")]
    NoTwin {
        /// What was to be kept.
        id: String,
    },
    /// Two of one address were to be kept, or hang on what was.
    #[error("{address}: both {one} and {other} would have to stay")]
    Both {
        /// What both claim to be.
        address: Address,
        /// One of them.
        one: String,
        /// The other one.
        other: String,
    },
}

/// All twins of a stack, and which of each stays: what is in `keep`, with all that it hangs on; else what does not hang on
/// something that goes, be it that an earlier choice said so ([`identity::WITHDRAWN`]); else what others' things hang on, then
/// what most of ours do that may stay, then the lesser id.
///
/// # Errors
/// What is to be kept is no twin, or cannot all be kept.
pub fn twins<W: World>(
    kinds: Kinds<W>,
    desired: &Desired,
    owned: &[Owned],
    keep: &BTreeSet<String>,
) -> Result<Vec<Twins>, ChoiceError> {
    let sets = live::twins(kinds, desired, owned);
    let ground = Ground::of(owned);
    let mut kept: BTreeMap<&Address, &str> = BTreeMap::new();
    let set_of = |id: &str| sets.iter().find(|(_, ids)| ids.contains(id)).map(|(address, _)| *address);
    for id in keep {
        set_of(id).ok_or_else(|| ChoiceError::NoTwin { id: id.clone() })?;
        for id in ground.under(id).into_iter().chain([id.as_str()]) {
            let Some(address) = set_of(id) else { continue };
            match kept.insert(address, id) {
                Some(other) if other != id => {
                    let (one, other) = (other.to_string(), id.to_string());
                    return Err(ChoiceError::Both { address: address.clone(), one, other });
                }
                _ => {}
            }
        }
    }
    // What others hang on comes first: with a VPC that goes, all that lives in it is settled.
    let mut order: Vec<&(&Address, BTreeSet<&str>)> = sets.iter().collect();
    order.sort_by_key(|(address, ids)| (ids.iter().map(|id| ground.under(id).len()).max(), *address));
    let withdrawn = owned.iter().map(|owned| &owned.object).filter(|object| identity::is_withdrawn(object.tags()));
    let mut goes: BTreeSet<&str> = withdrawn.map(|object| object.id.as_str()).collect();
    let is_theirs = |owned: &Owned| live::is_theirs(kinds, &owned.object);
    let mut all = vec![];
    for (address, ids) in order {
        let weighed = ids.iter().map(|id| {
            let users =
                owned.iter().filter(|owned| owned.object.id != *id && ground.under(&owned.object.id).contains(id));
            let (theirs, ours): (Vec<&Owned>, Vec<&Owned>) = users.partition(|owned| is_theirs(owned));
            let stands = |id: &str| !goes.contains(id) && ground.under(id).is_disjoint(&goes);
            // What goes anyway is no reason to stay.
            let lasting = ours.iter().filter(|owned| stands(&owned.object.id)).count();
            (stands(id), lasting, Twin { id: (*id).into(), ours: ours.len(), theirs: theirs.len(), stays: false })
        });
        let mut weighed: Vec<(bool, usize, Twin)> = weighed.collect();
        let best = weighed.iter().rev().max_by_key(|(stands, lasting, twin)| (*stands, twin.theirs, *lasting));
        let best = best.filter(|(stands, ..)| *stands).map(|(.., twin)| twin.id.clone());
        let stays = kept.get(address).map(ToString::to_string).or(best);
        for (.., twin) in &mut weighed {
            twin.stays = stays.as_ref() == Some(&twin.id);
        }
        goes.extend(ids.iter().filter(|id| stays.as_deref() != Some(**id)));
        all.push(Twins { address: (*address).clone(), each: weighed.into_iter().map(|(.., twin)| twin).collect() });
    }
    all.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(all)
}

/// What hangs on what, by id.
struct Ground<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Ground<'a> {
    fn of(owned: &'a [Owned]) -> Self {
        let ids: BTreeMap<String, &str> =
            owned.iter().map(|owned| (owned.object.id.clone(), owned.object.id.as_str())).collect();
        let direct = |owned: &'a Owned| {
            let refs = refs::collect(&owned.object.raw).into_iter().filter_map(|target| match target {
                Target::Id(id) => Some(id),
                Target::Address(_) => None,
            });
            let roots = owned.object.tags().map(incarnation).unwrap_or_default();
            let under = refs.chain(roots).filter_map(|id| ids.get(&id).copied());
            (owned.object.id.as_str(), under.filter(|id| *id != owned.object.id).collect::<BTreeSet<&str>>())
        };
        let direct: BTreeMap<&str, BTreeSet<&str>> = owned.iter().map(direct).collect();
        let mut all = BTreeMap::new();
        for id in direct.keys() {
            let mut under = BTreeSet::new();
            let mut next = vec![*id];
            while let Some(id) = next.pop() {
                next.extend(direct.get(id).into_iter().flatten().filter(|id| under.insert(**id)).copied());
            }
            all.insert(*id, under);
        }
        Ground(all)
    }

    /// All that a thing hangs on, directly or by others.
    fn under(&self, id: &str) -> BTreeSet<&'a str> {
        self.0.get(id).cloned().unwrap_or_default()
    }
}

fn incarnation(tags: &Tags) -> Vec<String> {
    let roots = tags.get(identity::INCARNATION).map(|roots| roots.split('+').map(String::from).collect());
    roots.unwrap_or_default()
}

//! The roots under which a wish lives (see [`crate::Kind::ROOT`]), found by following its references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Address, Desired, Kinds, Target, World, refs};

/// Finds roots; what was found once is kept.
pub(crate) struct Roots<'a, W: 'static> {
    kinds: Kinds<W>,
    desired: &'a Desired,
    known: BTreeMap<Address, BTreeSet<Target>>,
}

impl<'a, W: World> Roots<'a, W> {
    pub(crate) fn new(kinds: Kinds<W>, desired: &'a Desired) -> Self {
        Roots { kinds, desired, known: BTreeMap::new() }
    }

    pub(crate) fn of(&mut self, address: &Address) -> BTreeSet<Target> {
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

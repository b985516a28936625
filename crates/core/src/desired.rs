//! What a stack should consist of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Address, Fingerprint, Kind, PlanError, Ref, Resource, Stack, Tags, Target, World, identity, refs};

/// One wished resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Want {
    /// The serialised spec; its references are addresses, or ids of what is not ours.
    pub spec: Value,
    /// Of the spec and of the tags that the stack wants on everything.
    pub fingerprint: Fingerprint,
}

/// All wishes of one stack, by address.
#[derive(Clone, Debug)]
pub struct Desired {
    /// Whose they are.
    pub stack: Stack,
    /// On everything, besides the ownership tags. Fixed from the start: fingerprints contain them.
    tags: Tags,
    /// Asks anew where another party refused: what they refused is given up and made again.
    pub ask_again: bool,
    /// Deletes and replaces also what is protected.
    pub include_protected: bool,
    /// Ids of live twins that give way to their like, also where they are protected: see [`crate::twins`].
    pub withdrawn: BTreeSet<String>,
    /// Whether it is protected, for what says so.
    protected: BTreeMap<Address, bool>,
    wants: BTreeMap<Address, Want>,
    clashes: Vec<Address>,
}

impl Desired {
    /// No wishes: what a stack looks like when it is to be destroyed.
    pub fn new(stack: Stack, tags: Tags) -> Self {
        Desired {
            stack,
            tags,
            ask_again: false,
            include_protected: false,
            withdrawn: BTreeSet::new(),
            protected: BTreeMap::new(),
            wants: BTreeMap::new(),
            clashes: vec![],
        }
    }

    /// Adds a wish. What cannot carry tags names itself, and `name` is not used.
    pub fn add<W: World, K: Kind<W>>(&mut self, name: &str, spec: K) -> Ref<K> {
        let name = spec.natural().map_or_else(|| name.to_string(), |natural| natural.name);
        let address = Address::new(K::NAME, &name);
        // Specs are plain data: derived serialisation of it cannot fail.
        let spec = serde_json::to_value(spec).unwrap_or_default();
        let want = Want { fingerprint: Fingerprint::of(&spec, &self.tags), spec };
        if self.wants.insert(address.clone(), want).is_some() {
            self.clashes.push(address);
        }
        Ref::to(&name)
    }

    /// Says whether a resource, which must carry tags, is protected: once it is live, no plan deletes or replaces it without
    /// [`include_protected`](Self::include_protected). Also of one that is not wished, because everything is to go.
    pub fn protect<K: Resource>(&mut self, resource: &Ref<K>, protected: bool) {
        let Target::Address(address) = resource.target() else { return };
        self.protected.insert(address.clone(), protected);
        if let Some(want) = self.wants.get_mut(address) {
            let tags = self.tags.clone().into_iter().chain([protection(protected)]).collect();
            want.fingerprint = Fingerprint::of(&want.spec, &tags);
        }
    }

    /// What [`protect`](Self::protect) said of this address.
    pub(crate) fn is_protected(&self, address: &Address) -> bool {
        self.protected.get(address).copied().unwrap_or_default()
    }

    /// By address.
    pub fn wants(&self) -> &BTreeMap<Address, Want> {
        &self.wants
    }

    /// The tags that the resource at this address must carry.
    pub fn tags_of(&self, address: &Address, want: &Want) -> Tags {
        let mut tags = identity::tags(&self.stack, address, &want.fingerprint, &self.tags);
        tags.extend(self.protected.get(address).copied().map(protection));
        tags
    }

    /// The fingerprint that a live spec would have had as a wish: with the live values of the tags that we write.
    pub(crate) fn fingerprint_of_live(&self, spec: &Value, tags: Option<&Tags>) -> Fingerprint {
        let tags = tags.map(|live| {
            let is_ours = |key: &str| self.tags.contains_key(key) || key == identity::PROTECT;
            let ours = live.iter().filter(|(key, _)| is_ours(key));
            ours.map(|(key, value)| (key.clone(), value.clone())).collect()
        });
        Fingerprint::of(spec, &tags.unwrap_or_default())
    }

    /// Refuses what no plan can carry out: one address wished twice, a reference to nothing.
    ///
    /// # Errors
    /// The first fault found.
    pub fn check(&self) -> Result<(), PlanError> {
        if let Some(address) = self.clashes.first() {
            return Err(PlanError::WishedTwice { address: address.clone() });
        }
        for (address, want) in &self.wants {
            for target in refs::collect(&want.spec) {
                if let Target::Address(to) = target
                    && !self.wants.contains_key(&to)
                {
                    return Err(PlanError::Dangling { address: address.clone(), to });
                }
            }
        }
        Ok(())
    }
}

fn protection(protected: bool) -> (String, String) {
    let value = if protected { identity::PROTECTED } else { identity::UNPROTECTED };
    (identity::PROTECT.into(), value.into())
}

//! What a stack should consist of.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Address, Fingerprint, Kind, PlanError, Ref, Stack, Tags, Target, World, identity, refs};

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
    wants: BTreeMap<Address, Want>,
    clashes: Vec<Address>,
}

impl Desired {
    /// No wishes: what a stack looks like when it is to be destroyed.
    pub fn new(stack: Stack, tags: Tags) -> Self {
        Desired { stack, tags, ask_again: false, wants: BTreeMap::new(), clashes: vec![] }
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

    /// By address.
    pub fn wants(&self) -> &BTreeMap<Address, Want> {
        &self.wants
    }

    /// The tags that the resource at this address must carry.
    pub fn tags_of(&self, address: &Address, want: &Want) -> Tags {
        identity::tags(&self.stack, address, &want.fingerprint, &self.tags)
    }

    /// The fingerprint that a live spec would have had as a wish: with the live values of the tags that we write.
    pub(crate) fn fingerprint_of_live(&self, spec: &Value, tags: Option<&Tags>) -> Fingerprint {
        let tags = tags.map(|live| {
            let ours = live.iter().filter(|(key, _)| self.tags.contains_key(*key));
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

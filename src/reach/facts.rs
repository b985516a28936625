//! What is there, and what is wished and is not: the one thing that a translation reads.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::{
    Aws,
    kinds::{DxAttachment, Route, RouteTableAssociation, TgwAssociation, TgwPropagation, TgwRoute},
};
use gcnet_core::{Address, Desired, Kind, Owned, Resource, State as Live, Target, refs};
use gcnet_reach::State;
use serde_json::Value;

use super::attachments::line_of;
use crate::{config::schema::Municipality, handshake::Handshake};

/// Resources by address; their references are addresses, or ids of what is not ours.
#[derive(Clone, Debug)]
pub(super) struct Facts(BTreeMap<Address, Thing>);

#[derive(Clone, Debug)]
struct Thing {
    spec: Value,
    state: State,
}

/// One resource.
pub(super) struct Fact<K> {
    pub(super) address: Address,
    pub(super) spec: K,
    /// Whether it is there; the reason is the address of what it waits for.
    pub(super) state: State,
}

impl<K> Fact<K> {
    pub(super) fn name(&self) -> &str {
        self.address.name()
    }
}

/// Entries of tables: one that is missing is a way that packets do not have, not something that waits.
const ENTRIES: [&str; 5] =
    [Route::NAME, RouteTableAssociation::NAME, TgwAssociation::NAME, TgwPropagation::NAME, TgwRoute::NAME];

impl Facts {
    /// Everything that is wished, as if it were there.
    pub(super) fn wished(desired: &Desired) -> Self {
        let thing = |spec: &Value| Thing { spec: spec.clone(), state: State::Open };
        Facts(desired.wants().iter().map(|(address, want)| (address.clone(), thing(&want.spec))).collect())
    }

    /// What is live in the place of what is wished. What is missing waits; an entry of a table is left out when it could be
    /// there, and waits with what it refers to when that is missing too.
    pub(super) fn overlaid(&self, owned: &[Owned], handshakes: &[Handshake]) -> Self {
        let mut facts: BTreeMap<Address, Thing> = BTreeMap::new();
        let addresses: BTreeMap<&str, &Address> =
            owned.iter().map(|owned| (owned.object.id.as_str(), &owned.address)).collect();
        for Owned { address, object } in owned.iter().filter(|owned| is_usable(&owned.object.state)) {
            let mut spec = object.raw.clone();
            refs::resolve(&mut spec, &|id| addresses.get(id).map(|address| (*address).clone()));
            facts.insert(address.clone(), Thing { spec, state: State::Open });
        }
        let there: BTreeSet<Address> = facts.keys().cloned().collect();
        for (address, thing) in self.0.iter().filter(|(address, _)| !there.contains(*address)) {
            let missing = |target: &Target| matches!(target, Target::Address(to) if !there.contains(to));
            if ENTRIES.contains(&address.kind()) && !refs::collect(&thing.spec).iter().any(missing) {
                continue;
            }
            let state = State::Waiting { reason: awaited(address, handshakes).to_string() };
            facts.insert(address.clone(), Thing { spec: thing.spec.clone(), state });
        }
        Facts(facts)
    }

    /// Everything of one kind, in the order of addresses.
    pub(super) fn all<K: Kind<Aws>>(&self) -> impl Iterator<Item = Fact<K>> + '_ {
        self.0.iter().filter(|(address, _)| address.kind() == K::NAME).filter_map(|(address, thing)| {
            // Every spec was made of a `K`, here or by the kind's own read.
            let spec = K::deserialize(&thing.spec).ok()?;
            Some(Fact { address: address.clone(), spec, state: thing.state.clone() })
        })
    }

    pub(super) fn is_there(&self, address: &Address) -> bool {
        self.0.get(address).is_some_and(|thing| thing.state.is_open())
    }

    /// The line of this name carries nothing until what is at `reason` has happened.
    pub(super) fn hold_line(&mut self, municipality: &Municipality, line: &str, reason: &Address) {
        let attachments: Vec<Fact<DxAttachment>> = self.all().collect();
        for fact in attachments {
            if line_of(municipality, &fact.spec.gateway) == line
                && let Some(thing) = self.0.get_mut(&fact.address)
            {
                thing.state = State::Waiting { reason: reason.to_string() };
            }
        }
    }
}

/// Attachments and endpoints go on carrying packets while they are changed.
fn is_usable(state: &Live) -> bool {
    match state {
        Live::Ready => true,
        Live::Pending(word) => word == "modifying",
        Live::Theirs { .. } | Live::Leaving | Live::Deleted { .. } | Live::Failed(_) => false,
    }
}

/// The handshake that a missing resource hangs on; itself when only our next apply is missing.
fn awaited<'a>(address: &'a Address, handshakes: &'a [Handshake]) -> &'a Address {
    let holds = |handshake: &&Handshake| handshake.holds.contains(address);
    handshakes.iter().find(holds).map_or(address, |handshake| &handshake.address)
}

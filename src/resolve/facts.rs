//! What is wished, or what is there: the one thing that a translation reads besides the file.

use std::collections::BTreeMap;

use gcnet_aws::Aws;
use gcnet_core::{Address, Desired, Kind, Owned, State, refs};
use serde_json::Value;

/// Specs by address; their references are addresses, or ids of what is not ours.
#[derive(Clone, Debug)]
pub(super) struct Facts(BTreeMap<Address, Value>);

impl Facts {
    /// Everything that is wished, as if it were there.
    pub(super) fn wished(desired: &Desired) -> Self {
        Facts(desired.wants().iter().map(|(address, want)| (address.clone(), want.spec.clone())).collect())
    }

    /// What is there.
    pub(super) fn live(owned: &[Owned]) -> Self {
        let addresses: BTreeMap<&str, &Address> =
            owned.iter().map(|owned| (owned.object.id.as_str(), &owned.address)).collect();
        let there = owned.iter().filter(|owned| is_usable(&owned.object.state));
        let spec = |owned: &Owned| {
            let mut spec = owned.object.raw.clone();
            refs::resolve(&mut spec, &|id| addresses.get(id).map(|address| (*address).clone()));
            (owned.address.clone(), spec)
        };
        Facts(there.map(spec).collect())
    }

    /// Everything of one kind, in the order of addresses.
    pub(super) fn all<K: Kind<Aws>>(&self) -> impl Iterator<Item = (&Address, K)> + '_ {
        let own = self.0.iter().filter(|(address, _)| address.kind() == K::NAME);
        // Every spec was made of a `K`, by the blueprint or by the kind's own read.
        own.filter_map(|(address, spec)| Some((address, K::deserialize(spec).ok()?)))
    }
}

/// Endpoints and rules go on answering while they are changed.
fn is_usable(state: &State) -> bool {
    match state {
        State::Ready => true,
        State::Pending(word) => word == "modifying" || word == "updating",
        State::Theirs { .. } | State::Leaving | State::Deleted { .. } | State::Failed(_) => false,
    }
}

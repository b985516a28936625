//! What a sandbox holds, kept in memory: many sandboxes can go on from one moment, each on its own.

use std::collections::BTreeMap;

use crate::clock::{Clock, ClockMode, Moment};
use crate::organization::Organizations;
use crate::quota::Quotas;
use crate::store::State;
use crate::world::World;

/// Everything that AWS holds at a moment, and what its accounts may. Copies share what they do not change. Faults, lags, the
/// log and the file are not part of it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    state: State,
    now: Moment,
    quotas: Quotas,
    quotas_of: BTreeMap<String, Quotas>,
    organizations: Organizations,
    enforce_policies: bool,
}

impl Snapshot {
    pub(crate) fn of(world: &World) -> Self {
        Self {
            state: world.state.clone(),
            now: world.clock.now(),
            quotas: world.quotas.clone(),
            quotas_of: world.quotas_of.clone(),
            organizations: world.organizations.clone(),
            enforce_policies: world.enforce_policies,
        }
    }

    pub(crate) fn world(&self, clock: ClockMode, seed: u64) -> World {
        let state = State { seed, ..self.state.clone() };
        let mut world = World::new(state, Clock::starting(clock, Some(self.now)), None);
        world.quotas = self.quotas.clone();
        world.quotas_of = self.quotas_of.clone();
        world.organizations = self.organizations.clone();
        world.enforce_policies = self.enforce_policies;
        world
    }
}

//! Which rule or zone decides about a name: wishes and live resources, translated into what `gcnet_resolve` computes on.
//!
//! ```text
//! file -> blueprint -> wishes ┐
//!                             ├-> Facts (address -> spec) ─┐
//! AWS -- observe -----> live ─┘                            ├-> Resolution
//! file: who is outside AWS, what ASPs have ────────────────┘
//! ```
//!
//! One translation for both, as in [`crate::reach`]. What nobody here sees is taken to be as the file expects it: on-premises'
//! servers send what is ours to the inbound endpoint and answer what rules send to them; ASPs without a role of ours associate
//! the rules that they were given with all of their VPCs.

mod check;
mod facts;
mod names;
mod places;
mod rules;
mod servers;
#[cfg(test)]
mod tests;
mod vpcs;
mod zones;

use gcnet_core::Owned;
use gcnet_resolve::Resolution;

use crate::{blueprint, config::schema::Municipality};
use facts::Facts;
use names::Names;

pub use check::contradictions;
pub use names::{ONPREM, asker};

/// Names as the file leads to them, with every move of the other parties made.
pub fn planned(municipality: &Municipality) -> Resolution {
    translate(municipality, &Facts::wished(&blueprint::wish(municipality).desired))
}

/// Names as they are: what is missing or still waits for somebody is not there.
pub fn live(municipality: &Municipality, owned: &[Owned]) -> Resolution {
    translate(municipality, &Facts::live(owned))
}

fn translate(municipality: &Municipality, facts: &Facts) -> Resolution {
    let names = Names::new(municipality);
    let vpcs = vpcs::translate(municipality, facts, &names);
    let is_known = |vpc: &str| vpcs.iter().any(|known| known.name == vpc);
    let zones = zones::translate(municipality, facts, &names, &is_known);
    let (inbound, outbound) = servers::endpoints(facts, &is_known);
    Resolution {
        region: municipality.region.value.as_str().into(),
        rules: rules::translate(municipality, facts, &names, &outbound, &is_known),
        servers: servers::outside(municipality, &zones, &inbound, &outbound),
        vpcs,
        zones,
        inbound,
        outbound,
    }
}

//! Who reaches whom in a municipality's network: wishes and live resources, translated into what `gcnet_reach` computes on.
//!
//! ```text
//! file -> blueprint -> wishes ┐
//!                             ├-> Facts (address -> spec, and whether it is there) -> Network
//! AWS -- observe -----> live ─┘
//! ```
//!
//! One translation for both: [`planned`] and [`live`] differ only in where the facts come from, so that after everything
//! was applied and everybody has moved, they are equal. What the file asks of the network ([`Rule`]) is not made of route
//! tables, so that the two can contradict each other.

mod attachments;
mod check;
mod facts;
mod gateways;
mod groups;
mod names;
mod opened;
mod places;
mod rules;
#[cfg(test)]
mod tests;
mod vpcs;

use std::collections::BTreeSet;

use gcnet_core::Owned;
use gcnet_reach::{Network, State};

use crate::{
    blueprint::{self, Purpose},
    config::schema::Municipality,
    handshake::{Handshake, Stage},
};
use attachments::Attachments;
use facts::Facts;
use names::Names;

pub use check::contradictions;
pub use rules::{Outcome, Patience, Rule, Survey, rules, survey};

/// The network as the file leads to it, with every move of the other parties made. Only lines that the file calls planned
/// are waited for.
pub fn planned(municipality: &Municipality) -> Network {
    let opened = opened::lines(municipality);
    let mut facts = Facts::wished(&blueprint::paths(&opened));
    for line in municipality.lines.iter().filter(|line| !line.is_buildable()) {
        facts.hold_line(&opened, &line.name, &opened::standing(line));
    }
    translate(&opened, &facts)
}

/// The network as it is: what is in AWS, and what is missing as waiting, each for the handshake that it hangs on or, where
/// nobody else has to move, for itself. The reason of a wait is an address.
pub fn live(municipality: &Municipality, owned: &[Owned], handshakes: &[Handshake]) -> Network {
    let opened = opened::lines(municipality);
    let wished = Facts::wished(&blueprint::paths(&opened));
    let mut facts = wished.overlaid(owned, handshakes);
    for (line, address) in opened::held(municipality, handshakes, &facts) {
        facts.hold_line(&opened, &line, &address);
    }
    translate(&opened, &facts)
}

/// `municipality` has every line opened.
fn translate(municipality: &Municipality, facts: &Facts) -> Network {
    let names = Names::new(municipality);
    let vpcs = vpcs::translate(municipality, facts, &names);
    let attachments = Attachments::new(municipality, facts, &names, &vpcs);
    Network {
        gateways: gateways::translate(facts, &attachments),
        groups: groups::translate(facts),
        places: places::translate(municipality, facts, &names, &attachments, &vpcs),
        vpcs,
    }
}

/// What a network waits for: the addresses that its waits give as their reasons.
pub fn reasons(network: &Network) -> BTreeSet<&str> {
    let attachments =
        network.gateways.iter().flat_map(|gateway| &gateway.attachments).map(|attachment| &attachment.state);
    let states = attachments.chain(network.places.iter().map(|place| &place.state));
    states
        .filter_map(|state| match state {
            State::Waiting { reason } => Some(reason.as_str()),
            State::Open => None,
        })
        .collect()
}

/// Lines of which somebody has still to grant something.
pub fn owed_lines(handshakes: &[Handshake]) -> BTreeSet<String> {
    let open = handshakes.iter().filter(|handshake| handshake.stage != Stage::Done);
    open.filter_map(|handshake| match &handshake.purpose {
        Some(Purpose::Line(line)) => Some(line.clone()),
        _ => None,
    })
    .collect()
}

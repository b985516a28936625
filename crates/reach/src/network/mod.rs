//! The description that everything is computed from: plain data, parts refer to each other by name.

mod gateway;
mod group;
mod place;
mod vpc;

use serde::{Deserialize, Serialize};

pub use gateway::{Attached, Attachment, Gateway, Origin, TransitRoute, TransitTable, TransitTarget};
pub use group::{Peer, Protocol, Rule, SecurityGroup, Service};
pub use place::{At, Place, Talk};
pub use vpc::{Routing, Subnet, Vpc, VpcRoute, VpcTable, VpcTarget};

/// All that a packet can meet. Results follow the order of [`Network::places`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// VPCs, ours and others'.
    pub vpcs: Vec<Vpc>,
    /// Transit gateways of ours. Another party's is what lies behind a peering attachment.
    pub gateways: Vec<Gateway>,
    /// Security groups that places name.
    pub groups: Vec<SecurityGroup>,
    /// Where packets start and end.
    pub places: Vec<Place>,
}

impl Network {
    /// The same network once nothing waits any more: every attachment and every place is open.
    #[must_use]
    pub fn when_open(&self) -> Network {
        let mut open = self.clone();
        open.gateways.iter_mut().flat_map(|gateway| &mut gateway.attachments).for_each(|a| a.state = State::Open);
        open.places.iter_mut().for_each(|place| place.state = State::Open);
        open
    }

    /// Whether an attachment or a place waits for somebody.
    #[must_use]
    pub fn waits(&self) -> bool {
        let attachments = self.gateways.iter().flat_map(|gateway| &gateway.attachments).map(|a| &a.state);
        attachments.chain(self.places.iter().map(|place| &place.state)).any(|state| !state.is_open())
    }
}

/// Whether a thing carries packets yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does.
    #[default]
    Open,
    /// It does not: somebody's move is missing.
    Waiting {
        /// Whose, or until when, in the caller's words; handed through.
        reason: String,
    },
}

impl State {
    /// Whether it is [`State::Open`].
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, State::Open)
    }
}

//! Where and why packets do not get through.

use ipnet::Ipv4Net;
use serde::Serialize;

use crate::flow::{Arrival, Direction};

/// The way there, or the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// Of the packet.
    There,
    /// Of its answer.
    Back,
}

/// The end of a way that does not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// Of the packet or of its answer. `Back` means that packets do arrive: the routes are asymmetric.
    pub leg: Leg,
    /// Where.
    pub at: Point,
    /// Why.
    pub why: Why,
}

/// Where a way can end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// At a place.
    Place {
        /// The place.
        place: String,
    },
    /// In a VPC's route table.
    VpcTable {
        /// The VPC.
        vpc: String,
        /// The table of the subnet that the packet is in.
        table: String,
    },
    /// At the edge of a VPC whose tables are not known.
    Vpc {
        /// The VPC.
        vpc: String,
    },
    /// In a transit gateway's route table.
    TransitTable {
        /// The gateway.
        gateway: String,
        /// The attachment that the packet comes from.
        from: String,
        /// The table.
        table: String,
    },
    /// At an attachment.
    Attachment {
        /// The gateway.
        gateway: String,
        /// The attachment.
        attachment: String,
    },
}

/// Why a way ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Why {
    /// Both places lie outside AWS: their packets do not come through here.
    Outside,
    /// The sender only answers.
    OnlyAnswers,
    /// The receiver only asks.
    OnlyAsks,
    /// The place does not speak yet.
    Waits {
        /// As the description says.
        reason: String,
    },
    /// The attachment that would be taken is not open yet.
    NotOpen {
        /// The attachment.
        attachment: String,
        /// As the description says.
        reason: String,
    },
    /// None of the place's lines has an attachment yet.
    NoLine {
        /// Its lines.
        lines: Vec<String>,
    },
    /// Nobody advertises the destination to on-premises.
    NotAdvertised {
        /// The lines that are open.
        lines: Vec<String>,
    },
    /// Outside AWS the address belongs to somebody else, so that it is not sent to AWS: ranges overlap.
    OwnedOutside {
        /// Who has it there.
        place: String,
        /// With this range.
        range: Ipv4Net,
    },
    /// The VPC has no attachment to the gateway that its route names, or, when its tables are assumed, to any.
    NotAttached {
        /// The gateway.
        gateway: Option<String>,
    },
    /// The subnet's zone has no subnet of the attachment.
    ZoneNotAttached {
        /// The zone.
        zone: String,
        /// The attachment.
        attachment: String,
    },
    /// The attachment is associated with no route table.
    NotAssociated,
    /// No route matches.
    NoRoute,
    /// A black hole matches best.
    Blackhole {
        /// Its destination.
        destination: Ipv4Net,
    },
    /// The best route leads out of all that is described.
    Leaves {
        /// The route's destination.
        destination: Ipv4Net,
        /// Its target.
        target: String,
    },
    /// Routes lead in a circle.
    Loop,
    /// It comes out where nobody has the address.
    NotThere {
        /// There.
        at: Arrival,
    },
    /// It comes out where somebody else has the address: ranges overlap, or a route leads astray.
    Elsewhere {
        /// There.
        at: Arrival,
    },
    /// No rule of the place's security groups lets it through.
    Group {
        /// Out or in.
        direction: Direction,
        /// The groups.
        groups: Vec<String>,
    },
}

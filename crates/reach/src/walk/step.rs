//! Ways and their ends, in numbers: cheap to compare and to keep.

use ipnet::Ipv4Net;

use crate::{
    flow::Direction,
    index::{AttachmentId, GatewayId, LineId, PlaceId, TableId, VpcId, VpcTableId},
    network::Origin,
};

/// Where a packet starts: all that decides about its way, besides its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    Outside(PlaceId),
    /// A subnet, or any other of the same table and zone.
    Subnet(VpcId, usize),
    /// A VPC whose tables are assumed to send to this attachment; `None`: it has none.
    Assumed(VpcId, Option<AttachmentId>),
    Peer(AttachmentId),
}

/// See [`crate::Hop`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Line {
        place: PlaceId,
        line: LineId,
        attachment: AttachmentId,
        prefix: Ipv4Net,
        equal: Vec<AttachmentId>,
    },
    Assumed(AttachmentId),
    Local(VpcId, VpcTableId, Ipv4Net),
    VpcRoute(VpcId, VpcTableId, Ipv4Net, AttachmentId),
    Transit {
        from: AttachmentId,
        table: TableId,
        destination: Ipv4Net,
        origin: Origin,
        to: AttachmentId,
        equal: Vec<AttachmentId>,
    },
}

/// See [`crate::Arrival`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Landing {
    Vpc(VpcId),
    Line(LineId),
    Peer(AttachmentId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End<'a> {
    Arrived(Landing),
    Stopped(Spot, Cause<'a>),
}

/// See [`crate::Point`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spot {
    Place(PlaceId),
    VpcTable(VpcId, VpcTableId),
    Vpc(VpcId),
    /// The attachment that the packet came in from, and its table.
    Table(AttachmentId, TableId),
    Attachment(AttachmentId),
}

/// See [`crate::Why`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause<'a> {
    Outside,
    OnlyAnswers,
    OnlyAsks,
    Waits(&'a str),
    NotOpen(AttachmentId),
    NoLine(PlaceId),
    NotAdvertised(PlaceId),
    OwnedOutside(PlaceId, Ipv4Net),
    NotAttached(Option<GatewayId>),
    ZoneNotAttached(&'a str, AttachmentId),
    NotAssociated,
    NoRoute,
    Blackhole(Ipv4Net),
    Leaves(Ipv4Net, &'a str),
    Loop,
    NotThere(Landing),
    Elsewhere(Landing),
    Group(Direction, PlaceId),
}

//! The description with numbers for names, checked: what the walk runs on.

mod build;
mod names;
mod subnets;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::network::{Network, Origin, Rule};

/// Numbers of parts: where they stand in [`Index`].
pub(crate) type VpcId = usize;
/// In its VPC.
pub(crate) type VpcTableId = usize;
pub(crate) type GatewayId = usize;
pub(crate) type AttachmentId = usize;
pub(crate) type TableId = usize;
pub(crate) type LineId = usize;
pub(crate) type PlaceId = usize;

pub(crate) struct Index<'a> {
    pub(crate) network: &'a Network,
    pub(crate) vpcs: Vec<Vpc<'a>>,
    pub(crate) attachments: Vec<Attachment<'a>>,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) lines: Vec<Line<'a>>,
    pub(crate) places: Vec<Place<'a>>,
}

pub(crate) struct Vpc<'a> {
    pub(crate) cidrs: &'a [Ipv4Net],
    /// `None`: assumed.
    pub(crate) known: Option<Known<'a>>,
    pub(crate) attachments: Vec<AttachmentId>,
}

pub(crate) struct Known<'a> {
    pub(crate) subnets: Vec<Subnet<'a>>,
    pub(crate) tables: Vec<VpcTable<'a>>,
}

pub(crate) struct Subnet<'a> {
    pub(crate) cidr: Ipv4Net,
    pub(crate) zone: Option<&'a str>,
    pub(crate) table: VpcTableId,
    /// The first subnet of the same table and zone, which packets leave in the same ways.
    pub(crate) like: usize,
}

pub(crate) struct VpcTable<'a> {
    pub(crate) name: &'a str,
    /// The best routes of an address stand first among those that match it.
    pub(crate) routes: Vec<VpcRoute<'a>>,
}

#[derive(Clone, Copy)]
pub(crate) struct VpcRoute<'a> {
    pub(crate) destination: Ipv4Net,
    pub(crate) target: Target<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    Gateway(GatewayId),
    Blackhole,
    Other(&'a str),
}

pub(crate) struct Attachment<'a> {
    pub(crate) name: &'a str,
    pub(crate) gateway: GatewayId,
    pub(crate) to: End<'a>,
    /// Why it carries nothing yet.
    pub(crate) waits: Option<&'a str>,
    pub(crate) table: Option<TableId>,
}

pub(crate) enum End<'a> {
    Vpc { vpc: VpcId, subnets: Vec<usize> },
    Line { line: LineId, advertised: &'a [Ipv4Net], learned: &'a [Ipv4Net] },
    Peering,
}

pub(crate) struct Table<'a> {
    pub(crate) name: &'a str,
    /// The best routes of an address stand first among those that match it.
    pub(crate) routes: Vec<Route>,
}

#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) destination: Ipv4Net,
    pub(crate) origin: Origin,
    /// Among routes of one prefix the smallest wins.
    pub(crate) rank: u8,
    /// `None`: a black hole.
    pub(crate) to: Option<AttachmentId>,
}

/// A line, as far as an attachment or a place names it.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) attachments: Vec<AttachmentId>,
}

pub(crate) struct Place<'a> {
    pub(crate) realm: Realm,
    pub(crate) ranges: Vec<Ipv4Net>,
    pub(crate) ingress: Vec<Guard<'a>>,
    pub(crate) egress: Vec<Guard<'a>>,
    pub(crate) groups: &'a [String],
}

pub(crate) enum Realm {
    Outside(Vec<LineId>),
    Vpc(VpcId),
    Peer(AttachmentId),
}

/// A rule of one of a place's groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guard<'a> {
    pub(crate) group: &'a str,
    pub(crate) rule: &'a Rule,
}

impl<'a> Index<'a> {
    /// Every prefix that can tell two addresses apart.
    pub(crate) fn prefixes(&self) -> Vec<Ipv4Net> {
        let vpcs = self.vpcs.iter().flat_map(|vpc| {
            let known = vpc.known.iter().flat_map(|known| {
                let routes = known.tables.iter().flat_map(|table| &table.routes).map(|route| route.destination);
                known.subnets.iter().map(|subnet| subnet.cidr).chain(routes)
            });
            vpc.cidrs.iter().copied().chain(known)
        });
        let lines = self.attachments.iter().flat_map(|attachment| match attachment.to {
            End::Line { advertised, .. } => advertised,
            End::Vpc { .. } | End::Peering => &[],
        });
        let routes = self.tables.iter().flat_map(|table| &table.routes).map(|route| route.destination);
        let places = self.places.iter().flat_map(|place| {
            let rules = place.ingress.iter().chain(&place.egress).filter_map(|guard| guard.range());
            place.ranges.iter().copied().chain(rules)
        });
        vpcs.chain(lines.copied()).chain(routes).chain(places).collect()
    }

    /// Whether a place holds an address.
    pub(crate) fn holds(&self, place: PlaceId, address: Ipv4Addr) -> bool {
        self.places[place].ranges.iter().any(|range| range.contains(&address))
    }

    /// A VPC's attachment to a gateway.
    pub(crate) fn attachment(&self, vpc: VpcId, gateway: GatewayId) -> Option<AttachmentId> {
        self.vpcs[vpc].attachments.iter().copied().find(|attachment| self.attachments[*attachment].gateway == gateway)
    }
}

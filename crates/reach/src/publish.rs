//! From numbers back to names.

use ipnet::Ipv4Net;

use crate::{
    admission::Admission,
    flow::{Arrival, Assumption, Direction, Hop, Via},
    index::{AttachmentId, End, Guard, Index, PlaceId, Realm, VpcId, VpcTableId},
    stop::{Leg, Point, Stop, Why},
    walk::{Cause, Landing, Spot, Step},
};

impl Index<'_> {
    pub(crate) fn hop(&self, step: &Step) -> Hop {
        match step {
            Step::Line { place, line, attachment, prefix, equal } => Hop::Line {
                place: self.place_name(*place),
                line: self.lines[*line].name.into(),
                attachment: self.attachment_name(*attachment),
                prefix: prefix.trunc(),
                equal: self.attachment_names(equal),
            },
            Step::Assumed(attachment) => {
                let by = match &self.attachments[*attachment].to {
                    End::Vpc { vpc, .. } => Assumption::Vpc { vpc: self.vpc_name(*vpc) },
                    End::Line { .. } | End::Peering => {
                        Assumption::Peer { attachment: self.attachment_name(*attachment) }
                    }
                };
                Hop::Assumed { by, attachment: self.attachment_name(*attachment) }
            }
            Step::Local(vpc, table, destination) => self.vpc_table(*vpc, *table, *destination, Via::Local),
            Step::VpcRoute(vpc, table, destination, attachment) => {
                let (gateway, attachment) = (self.gateway_of(*attachment), self.attachment_name(*attachment));
                self.vpc_table(*vpc, *table, *destination, Via::Gateway { gateway, attachment })
            }
            Step::Transit { from, table, destination, origin, to, equal } => Hop::TransitTable {
                gateway: self.gateway_of(*from),
                from: self.attachment_name(*from),
                table: self.tables[*table].name.into(),
                destination: destination.trunc(),
                origin: *origin,
                to: self.attachment_name(*to),
                equal: self.attachment_names(equal),
            },
        }
    }

    pub(crate) fn stop(&self, leg: Leg, spot: Spot, cause: Cause) -> Stop {
        Stop { leg, at: self.point(spot), why: self.why(cause) }
    }

    pub(crate) fn arrival(&self, landing: Landing) -> Arrival {
        match landing {
            Landing::Vpc(vpc) => Arrival::Vpc { vpc: self.vpc_name(vpc) },
            Landing::Line(line) => Arrival::Line { line: self.lines[line].name.into() },
            Landing::Peer(attachment) => Arrival::Peer { attachment: self.attachment_name(attachment) },
        }
    }

    /// What the groups of the two ends say to a packet that they let through: on leaving, and on arriving.
    pub(crate) fn admitted(&self, admission: &Admission, from: PlaceId, to: PlaceId) -> (Option<Hop>, Option<Hop>) {
        let hop = |guard: &Guard, direction, place| Hop::Group {
            direction,
            place: self.place_name(place),
            group: guard.group.into(),
            rule: guard.rule.clone(),
        };
        let egress = admission.egress.as_ref().map(|guard| hop(guard, Direction::Egress, from));
        let ingress = admission.ingress.as_ref().map(|guard| hop(guard, Direction::Ingress, to));
        (egress, ingress)
    }

    fn vpc_table(&self, vpc: VpcId, table: VpcTableId, destination: Ipv4Net, via: Via) -> Hop {
        let (vpc, table) = (self.vpc_name(vpc), self.vpc_table_name(vpc, table));
        Hop::VpcTable { vpc, table, destination: destination.trunc(), via }
    }

    fn point(&self, spot: Spot) -> Point {
        match spot {
            Spot::Place(place) => Point::Place { place: self.place_name(place) },
            Spot::VpcTable(vpc, table) => {
                Point::VpcTable { vpc: self.vpc_name(vpc), table: self.vpc_table_name(vpc, table) }
            }
            Spot::Vpc(vpc) => Point::Vpc { vpc: self.vpc_name(vpc) },
            Spot::Table(from, table) => Point::TransitTable {
                gateway: self.gateway_of(from),
                from: self.attachment_name(from),
                table: self.tables[table].name.into(),
            },
            Spot::Attachment(attachment) => {
                Point::Attachment { gateway: self.gateway_of(attachment), attachment: self.attachment_name(attachment) }
            }
        }
    }

    fn why(&self, cause: Cause) -> Why {
        match cause {
            Cause::Outside => Why::Outside,
            Cause::OnlyAnswers => Why::OnlyAnswers,
            Cause::OnlyAsks => Why::OnlyAsks,
            Cause::Waits(reason) => Why::Waits { reason: reason.into() },
            Cause::NotOpen(attachment) => Why::NotOpen {
                attachment: self.attachment_name(attachment),
                reason: self.attachments[attachment].waits.unwrap_or_default().into(),
            },
            Cause::NoLine(place) => Why::NoLine { lines: self.lines_of(place, |_| true) },
            Cause::NotAdvertised(place) => {
                let open = |attachment: &AttachmentId| self.attachments[*attachment].waits.is_none();
                Why::NotAdvertised { lines: self.lines_of(place, |line| self.lines[line].attachments.iter().any(open)) }
            }
            Cause::OwnedOutside(place, range) => Why::OwnedOutside { place: self.place_name(place), range },
            Cause::NotAttached(gateway) => {
                Why::NotAttached { gateway: gateway.map(|gateway| self.network.gateways[gateway].name.clone()) }
            }
            Cause::ZoneNotAttached(zone, attachment) => {
                Why::ZoneNotAttached { zone: zone.into(), attachment: self.attachment_name(attachment) }
            }
            Cause::NotAssociated => Why::NotAssociated,
            Cause::NoRoute => Why::NoRoute,
            Cause::Blackhole(destination) => Why::Blackhole { destination: destination.trunc() },
            Cause::Leaves(destination, target) => {
                Why::Leaves { destination: destination.trunc(), target: target.into() }
            }
            Cause::Loop => Why::Loop,
            Cause::NotThere(landing) => Why::NotThere { at: self.arrival(landing) },
            Cause::Elsewhere(landing) => Why::Elsewhere { at: self.arrival(landing) },
            Cause::Group(direction, place) => Why::Group { direction, groups: self.places[place].groups.to_vec() },
        }
    }

    fn lines_of(&self, place: PlaceId, keep: impl Fn(usize) -> bool) -> Vec<String> {
        let lines = match &self.places[place].realm {
            Realm::Outside(lines) => &lines[..],
            Realm::Vpc(_) | Realm::Peer(_) => &[],
        };
        lines.iter().filter(|line| keep(**line)).map(|line| self.lines[*line].name.into()).collect()
    }

    fn place_name(&self, place: PlaceId) -> String {
        self.network.places[place].name.clone()
    }

    fn vpc_name(&self, vpc: VpcId) -> String {
        self.network.vpcs[vpc].name.clone()
    }

    fn vpc_table_name(&self, vpc: VpcId, table: VpcTableId) -> String {
        let known = self.vpcs[vpc].known.as_ref();
        known.map(|known| known.tables[table].name.into()).unwrap_or_default()
    }

    fn gateway_of(&self, attachment: AttachmentId) -> String {
        self.network.gateways[self.attachments[attachment].gateway].name.clone()
    }

    fn attachment_name(&self, attachment: AttachmentId) -> String {
        self.attachments[attachment].name.into()
    }

    fn attachment_names(&self, attachments: &[AttachmentId]) -> Vec<String> {
        attachments.iter().map(|attachment| self.attachment_name(*attachment)).collect()
    }
}

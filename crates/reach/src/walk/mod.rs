//! One packet, from a sender to wherever the tables take it.
//!
//! Of equally good routes all are followed. Each attachment is entered once only, so that the work is bounded by their
//! number however the routes are woven; of the ways to one end, one is kept.

mod lookup;
mod step;

use std::{collections::BTreeMap, net::Ipv4Addr};

pub(crate) use step::{Cause, End, Landing, Spot, Start, Step};

use lookup::Offer;

use crate::index::{self, AttachmentId, Index, PlaceId, Realm, Target, VpcId};

/// A way, and its end.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'a> {
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End<'a>,
}

/// The ways of a packet to an address: one for each of the ends that it may meet, and at least one.
pub(crate) fn walk<'a>(index: &Index<'a>, start: Start, address: Ipv4Addr) -> Vec<Walk<'a>> {
    let mut walker = Walker { index, address, steps: vec![], entered: BTreeMap::new(), ends: vec![] };
    match start {
        Start::Outside(place) => walker.outside(place),
        Start::Subnet(vpc, subnet) => walker.subnet(vpc, subnet),
        Start::Assumed(vpc, attachment) => walker.assumed(vpc, attachment),
        Start::Peer(attachment) => walker.send(attachment, Step::Assumed(attachment)),
    }
    walker.ends
}

struct Walker<'i, 'a> {
    index: &'i Index<'a>,
    address: Ipv4Addr,
    steps: Vec<Step>,
    /// Attachments that the packet came in from; true as long as what follows is being explored.
    entered: BTreeMap<AttachmentId, bool>,
    ends: Vec<Walk<'a>>,
}

impl<'a> Walker<'_, 'a> {
    fn end(&mut self, end: End<'a>) {
        if self.ends.iter().all(|known| known.end != end) {
            self.ends.push(Walk { steps: self.steps.clone(), end });
        }
    }

    fn stop(&mut self, at: Spot, why: Cause<'a>) {
        self.end(End::Stopped(at, why));
    }

    /// Outside AWS the longest prefix decides too: of those who live there, and of what the lines advertise.
    fn outside(&mut self, place: PlaceId) {
        let Realm::Outside(lines) = &self.index.places[place].realm else { return };
        let at = Spot::Place(place);
        let owner = lookup::owner_outside(self.index, self.address);
        let offers = lookup::offers(self.index, lines, self.address);
        let best = offers.open.iter().map(|offer| offer.prefix.prefix_len()).max();
        match (owner, best) {
            (Some((owner, range)), best) if best.is_none_or(|best| range.prefix_len() >= best) => {
                self.stop(at, Cause::OwnedOutside(owner, range));
            }
            (_, Some(best)) => {
                let best: Vec<_> = offers.open.into_iter().filter(|offer| offer.prefix.prefix_len() == best).collect();
                for Offer { line, attachment, prefix } in best.iter().copied() {
                    let equal =
                        best.iter().map(|offer| offer.attachment).filter(|other| *other != attachment).collect();
                    self.send(attachment, Step::Line { place, line, attachment, prefix, equal });
                }
            }
            _ => match offers.waiting {
                Some(attachment) => self.stop(Spot::Attachment(attachment), Cause::NotOpen(attachment)),
                None if offers.attached => self.stop(at, Cause::NotAdvertised(place)),
                None => self.stop(at, Cause::NoLine(place)),
            },
        }
    }

    fn assumed(&mut self, vpc: VpcId, attachment: Option<AttachmentId>) {
        if self.in_vpc(vpc) {
            self.end(End::Arrived(Landing::Vpc(vpc)));
        } else if let Some(attachment) = attachment {
            self.send(attachment, Step::Assumed(attachment));
        } else {
            self.stop(Spot::Vpc(vpc), Cause::NotAttached(None));
        }
    }

    /// In a subnet of a VPC whose tables are known: its own ranges first, always, then the longest prefix.
    fn subnet(&mut self, vpc: VpcId, subnet: usize) {
        let Some(known) = &self.index.vpcs[vpc].known else { return };
        let table = known.subnets[subnet].table;
        let at = Spot::VpcTable(vpc, table);
        if let Some(cidr) = self.index.vpcs[vpc].cidrs.iter().find(|cidr| cidr.contains(&self.address)) {
            self.steps.push(Step::Local(vpc, table, *cidr));
            self.end(End::Arrived(Landing::Vpc(vpc)));
            self.steps.pop();
            return;
        }
        let routes = lookup::vpc_routes(&known.tables[table], self.address);
        if routes.is_empty() {
            self.stop(at, Cause::NoRoute);
        }
        for index::VpcRoute { destination, target } in routes {
            match target {
                Target::Blackhole => self.stop(at, Cause::Blackhole(destination)),
                Target::Other(target) => self.stop(at, Cause::Leaves(destination, target)),
                Target::Gateway(gateway) => match self.index.attachment(vpc, gateway) {
                    None => self.stop(at, Cause::NotAttached(Some(gateway))),
                    Some(attachment) => match lookup::unserved(self.index, attachment, vpc, subnet) {
                        Some(zone) => self.stop(at, Cause::ZoneNotAttached(zone, attachment)),
                        None => self.send(attachment, Step::VpcRoute(vpc, table, destination, attachment)),
                    },
                },
            }
        }
    }

    /// Onto an attachment, towards its gateway.
    fn send(&mut self, attachment: AttachmentId, step: Step) {
        if self.index.attachments[attachment].waits.is_some() {
            self.stop(Spot::Attachment(attachment), Cause::NotOpen(attachment));
            return;
        }
        self.steps.push(step);
        self.enter(attachment);
        self.steps.pop();
    }

    /// In a gateway, from an attachment.
    fn enter(&mut self, from: AttachmentId) {
        let Some(table) = self.index.attachments[from].table else {
            self.stop(Spot::Attachment(from), Cause::NotAssociated);
            return;
        };
        let at = Spot::Table(from, table);
        match self.entered.insert(from, true) {
            None => {}
            Some(true) => return self.stop(at, Cause::Loop),
            Some(false) => {
                self.entered.insert(from, false);
                return;
            }
        }
        let best = lookup::transit_routes(&self.index.tables[table], &self.index.attachments, self.address);
        match (best.routes.as_slice(), best.waiting) {
            ([], Some(attachment)) => self.stop(at, Cause::NotOpen(attachment)),
            ([], None) => self.stop(at, Cause::NoRoute),
            _ => {}
        }
        for route in &best.routes {
            let Some(to) = route.to else {
                self.stop(at, Cause::Blackhole(route.destination));
                continue;
            };
            let equal = best.routes.iter().filter_map(|other| other.to).filter(|other| *other != to).collect();
            self.steps.push(Step::Transit {
                from,
                table,
                destination: route.destination,
                origin: route.origin,
                to,
                equal,
            });
            self.leave(to);
            self.steps.pop();
        }
        self.entered.insert(from, false);
    }

    /// Out of a gateway, by an attachment.
    fn leave(&mut self, by: AttachmentId) {
        match &self.index.attachments[by].to {
            index::End::Line { line, .. } => self.end(End::Arrived(Landing::Line(*line))),
            index::End::Peering => self.end(End::Arrived(Landing::Peer(by))),
            index::End::Vpc { vpc, .. } if self.in_vpc(*vpc) => self.end(End::Arrived(Landing::Vpc(*vpc))),
            index::End::Vpc { vpc, subnets } if self.index.vpcs[*vpc].known.is_some() && !subnets.is_empty() => {
                // Not for this VPC: the tables of the attachment's subnets send it on.
                subnets.iter().for_each(|subnet| self.subnet(*vpc, *subnet));
            }
            index::End::Vpc { vpc, .. } => self.stop(Spot::Vpc(*vpc), Cause::NotThere(Landing::Vpc(*vpc))),
        }
    }

    fn in_vpc(&self, vpc: VpcId) -> bool {
        self.index.vpcs[vpc].cidrs.iter().any(|cidr| cidr.contains(&self.address))
    }
}

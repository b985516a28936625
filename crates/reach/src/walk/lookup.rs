//! Which routes decide about an address.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::index::{
    Attachment, AttachmentId, End, Index, LineId, PlaceId, Realm, Route, Table, VpcId, VpcRoute, VpcTable,
};

/// What lines advertise about an address.
pub(super) struct Offers {
    /// Those that carry packets, each with the longest prefix that it advertises.
    pub(super) open: Vec<Offer>,
    /// An attachment that will, when it opens.
    pub(super) waiting: Option<AttachmentId>,
    /// Whether any of the lines has an attachment.
    pub(super) attached: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Offer {
    pub(super) line: LineId,
    pub(super) attachment: AttachmentId,
    pub(super) prefix: Ipv4Net,
}

pub(super) fn offers(index: &Index, lines: &[LineId], address: Ipv4Addr) -> Offers {
    let mut offers = Offers { open: vec![], waiting: None, attached: false };
    let all = lines.iter().flat_map(|line| index.lines[*line].attachments.iter().map(move |id| (*line, *id)));
    for (line, attachment) in all {
        offers.attached = true;
        let Attachment { to: End::Line { advertised, .. }, waits, .. } = &index.attachments[attachment] else {
            continue;
        };
        let matching = advertised.iter().filter(|prefix| prefix.contains(&address));
        let Some(longest) = matching.max_by_key(|prefix| prefix.prefix_len()) else { continue };
        if waits.is_some() {
            offers.waiting.get_or_insert(attachment);
        } else if offers.open.iter().all(|known| known.attachment != attachment) {
            offers.open.push(Offer { line, attachment, prefix: *longest });
        }
    }
    offers
}

/// Who has an address outside AWS, with the longest range that holds it.
pub(super) fn owner_outside(index: &Index, address: Ipv4Addr) -> Option<(PlaceId, Ipv4Net)> {
    let outside = index.places.iter().enumerate().filter(|(_, place)| matches!(place.realm, Realm::Outside(_)));
    let ranges = outside.flat_map(|(id, place)| place.ranges.iter().map(move |range| (id, range.trunc())));
    // Of equally long ranges the first place's: the last one of the reversed order.
    let mut matching: Vec<_> = ranges.filter(|(_, range)| range.contains(&address)).collect();
    matching.reverse();
    matching.into_iter().max_by_key(|(_, range)| range.prefix_len())
}

/// The best routes of a VPC's table.
pub(super) fn vpc_routes<'a>(table: &VpcTable<'a>, address: Ipv4Addr) -> Vec<VpcRoute<'a>> {
    let mut matching = table.routes.iter().filter(|route| route.destination.contains(&address)).peekable();
    let best = matching.peek().map(|route| route.destination.prefix_len());
    matching.take_while(|route| Some(route.destination.prefix_len()) == best).copied().collect()
}

/// The zone of a subnet when a VPC's attachment does not serve it. What is not known (the zone, the attachment's subnets) is
/// taken to fit.
pub(super) fn unserved<'a>(index: &Index<'a>, attachment: AttachmentId, vpc: VpcId, subnet: usize) -> Option<&'a str> {
    let End::Vpc { subnets, .. } = &index.attachments[attachment].to else { return None };
    let known = index.vpcs[vpc].known.as_ref()?;
    let zone = known.subnets[subnet].zone?;
    let mut zones = subnets.iter().map(|subnet| known.subnets[*subnet].zone);
    let served = subnets.is_empty() || zones.any(|served| served.is_none_or(|served| served == zone));
    (!served).then_some(zone)
}

/// The best routes of a transit gateway's table.
pub(super) struct Best {
    /// Equally good; more than one only when packets may take any of them.
    pub(super) routes: Vec<Route>,
    /// Where a route leads that will match when its attachment opens.
    pub(super) waiting: Option<AttachmentId>,
}

pub(super) fn transit_routes(table: &Table, attachments: &[Attachment], address: Ipv4Addr) -> Best {
    let mut best = Best { routes: vec![], waiting: None };
    for route in table.routes.iter().filter(|route| route.destination.contains(&address)) {
        let waiting = route.to.filter(|to| attachments[*to].waits.is_some());
        if let Some(attachment) = waiting {
            best.waiting.get_or_insert(attachment);
            continue;
        }
        let Some(first) = best.routes.first() else {
            best.routes.push(*route);
            continue;
        };
        let equal = |a: &Route, b: &Route| a.destination.prefix_len() == b.destination.prefix_len() && a.rank == b.rank;
        if !equal(first, route) {
            break;
        }
        if best.routes.iter().all(|known| known.to != route.to) {
            best.routes.push(*route);
        }
    }
    best
}

//! What security groups let through between two places.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::{
    flow::Direction,
    index::{Guard, Index, PlaceId, Realm},
    network::{Peer, Rule, Service},
};

impl Guard<'_> {
    /// The addresses that tell packets apart.
    pub(crate) fn range(&self) -> Option<Ipv4Net> {
        match &self.rule.peer {
            Peer::Cidr(cidr) => Some(*cidr),
            Peer::Group(_) | Peer::Assumed { .. } => None,
        }
    }
}

/// The rules of one place's groups that match an address of another.
pub(crate) type Matching<'a> = Vec<Guard<'a>>;

/// Rules on the sender's side that match a destination, or on the receiver's that match a source.
pub(crate) fn matching<'a>(
    index: &Index<'a>,
    place: PlaceId,
    direction: Direction,
    peer: PlaceId,
    address: Ipv4Addr,
) -> Matching<'a> {
    let (place, peer) = (&index.places[place], &index.places[peer]);
    let guards = match direction {
        Direction::Egress => &place.egress,
        Direction::Ingress => &place.ingress,
    };
    let neighbours = matches!((&place.realm, &peer.realm), (Realm::Vpc(a), Realm::Vpc(b)) if a == b);
    let matches = |rule: &Rule| match &rule.peer {
        Peer::Cidr(cidr) => cidr.contains(&address),
        Peer::Group(group) => neighbours && peer.groups.contains(group),
        Peer::Assumed { outside, .. } => *outside || !matches!(peer.realm, Realm::Outside(_)),
    };
    guards.iter().filter(|guard| matches(guard.rule)).copied().collect()
}

/// What groups say to packets of a service: `None` where no group guards, else a rule that lets them through.
pub(crate) struct Admission<'a> {
    pub(crate) egress: Option<Guard<'a>>,
    pub(crate) ingress: Option<Guard<'a>>,
}

/// Lets packets out of one place and into another, or says which side does not. `None` as a side: nothing guards it.
///
/// Without a service, any packet that some rule of each side lets through is enough. Rules that rest on no assumption come
/// first.
pub(crate) fn admit<'a>(
    service: Option<Service>,
    egress: Option<&Matching<'a>>,
    ingress: Option<&Matching<'a>>,
) -> Result<Admission<'a>, Direction> {
    let fits = |guard: &&Guard| service.is_none_or(|service| guard.rule.admits(service));
    let out = egress.map(|guards| guards.iter().filter(fits).collect::<Vec<_>>());
    let into = ingress.map(|guards| guards.iter().filter(fits).collect::<Vec<_>>());
    let is_assumed = |guard: &Guard| guard.rule.assumed().is_some();
    match (out.as_deref(), into.as_deref()) {
        (Some([]), _) => Err(Direction::Egress),
        (_, Some([])) => Err(Direction::Ingress),
        (Some(out), Some(into)) => {
            let both = out.iter().flat_map(|out| into.iter().map(move |into| (*out, *into)));
            let agree = both.filter(|(out, into)| service.is_some() || out.rule.overlaps(into.rule));
            let found = agree.min_by_key(|(out, into)| is_assumed(out) || is_assumed(into));
            let (out, into) = found.ok_or(Direction::Ingress)?;
            Ok(Admission { egress: Some(*out), ingress: Some(*into) })
        }
        (out, into) => {
            let best = |side: Option<&[&Guard<'a>]>| {
                side.and_then(|guards| guards.iter().min_by_key(|guard| is_assumed(guard)).map(|guard| **guard))
            };
            Ok(Admission { egress: best(out), ingress: best(into) })
        }
    }
}

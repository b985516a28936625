//! All packets between two places.
//!
//! A packet's fate is made of parts that depend on one of its two addresses only: the way there on the destination (and on
//! where the source starts), the way back on the source (and on where the destination starts), and the rules of each
//! side's groups on the other side's address. So addresses of a side are first gathered by these parts, and only what
//! differs is combined.

mod gather;

use std::{collections::BTreeMap, rc::Rc};

use gather::{Numbers, gather, rectangles};

use crate::{
    admission::{self, Matching},
    atoms::{Atom, Atoms},
    error::{ModelError, Part},
    flow::{Direction, Flow, Hop, Trail},
    index::{Index, PlaceId, Realm},
    network::{Network, Service, State, Talk},
    stop::Leg,
    walk::{Cause, End, Landing, Spot, Start, Step, Walk, walk},
};

/// Answers questions about one network; what one needs is kept for the next.
pub(crate) struct Solver<'a> {
    index: Index<'a>,
    atoms: Atoms,
    walks: BTreeMap<(Start, Atom), Rc<[Walk<'a>]>>,
}

/// A leg for one target: the way, and where it ends early or arrives.
#[derive(Clone, Debug, PartialEq)]
struct Way<'a> {
    steps: Vec<Step>,
    end: Result<Landing, (Spot, Cause<'a>)>,
}

/// What the atoms of one side have in common.
#[derive(Clone, PartialEq)]
struct Side<'a> {
    /// Which of the side's starts.
    starts: usize,
    /// The ways to it from each start of the other side.
    ways: Vec<usize>,
    /// Rules of the other side's groups that match it; `None`: no groups there.
    rules: Option<Matching<'a>>,
}

impl<'a> Solver<'a> {
    pub(crate) fn new(network: &'a Network) -> Result<Solver<'a>, ModelError> {
        let index = Index::new(network)?;
        let atoms = Atoms::new(index.prefixes());
        Ok(Solver { index, atoms, walks: BTreeMap::new() })
    }

    /// How many walks were needed, and how many atoms there are.
    #[cfg(test)]
    pub(crate) fn effort(&self) -> (usize, usize) {
        (self.walks.len(), self.atoms.len())
    }

    pub(crate) fn place(&self, name: &str, by: &str) -> Result<PlaceId, ModelError> {
        let found = self.index.network.places.iter().position(|place| place.name == name);
        found.ok_or_else(|| ModelError::Unknown { part: Part::Place, name: name.into(), by: by.into() })
    }

    /// What becomes of every packet from one place to another: flows that share none and leave none out.
    pub(crate) fn flows(&mut self, from: PlaceId, to: PlaceId) -> Vec<Flow> {
        let services = self.services(from, to);
        if let Some((place, cause)) = self.forestalled(from, to) {
            let stop = self.index.stop(Leg::There, Spot::Place(place), cause);
            let there = Trail { hops: vec![], stop: Some(stop) };
            let nets = |place: PlaceId| self.atoms.nets(&self.atoms.of(&self.index.places[place].ranges));
            let flow = |service| Flow {
                sources: nets(from),
                destinations: nets(to),
                service,
                there: there.clone(),
                back: None,
            };
            return services.into_iter().map(flow).collect();
        }
        let mut ways = Numbers::default();
        let sources = self.side(from, to, Direction::Ingress, &mut ways);
        let destinations = self.side(to, from, Direction::Egress, &mut ways);
        let mut flows = vec![];
        for service in services {
            let mut fates = Numbers::default();
            let rows: Vec<Vec<usize>> = sources
                .iter()
                .map(|(_, source)| {
                    let fate = |(_, destination): &(_, Side<'a>)| {
                        let there = &ways[destination.ways[source.starts]];
                        let back = &ways[source.ways[destination.starts]];
                        fates.number(self.fate(from, to, service, (destination, there), (source, back)))
                    };
                    destinations.iter().map(fate).collect()
                })
                .collect();
            for (rows, columns, fate) in rectangles(rows) {
                let atoms = |sides: &[(Vec<Atom>, Side<'a>)], numbers: Vec<usize>| {
                    let mut atoms: Vec<Atom> = numbers.into_iter().flat_map(|n| sides[n].0.iter().copied()).collect();
                    atoms.sort_unstable();
                    self.atoms.nets(&atoms)
                };
                let (there, back): (Trail, Option<Trail>) = fates[fate].clone();
                let (sources, destinations) = (atoms(&sources, rows), atoms(&destinations, columns));
                flows.push(Flow { sources, destinations, service, there, back });
            }
        }
        flows
    }

    /// The kinds of packet to look at.
    fn services(&self, from: PlaceId, to: PlaceId) -> Vec<Option<Service>> {
        let places = &self.index.network.places;
        let offered = [to, from].map(|place| &places[place].services);
        let offered = offered.into_iter().find(|services| !services.is_empty());
        offered.map_or_else(|| vec![None], |services| services.iter().copied().map(Some).collect())
    }

    /// Why no packet even sets out.
    fn forestalled(&self, from: PlaceId, to: PlaceId) -> Option<(PlaceId, Cause<'a>)> {
        let place = |id: PlaceId| &self.index.network.places[id];
        let outside = |id: PlaceId| matches!(self.index.places[id].realm, Realm::Outside(_));
        if outside(from) && outside(to) {
            return Some((from, Cause::Outside));
        }
        match (place(from).talk, place(to).talk) {
            (Talk::Answers, _) => return Some((from, Cause::OnlyAnswers)),
            (_, Talk::Asks) => return Some((to, Cause::OnlyAsks)),
            _ => {}
        }
        [from, to].into_iter().find_map(|id| match &place(id).state {
            State::Open => None,
            State::Waiting { reason } => Some((id, Cause::Waits(reason))),
        })
    }

    /// The atoms of a place, gathered by all that matters about them to packets that another place sends or gets.
    fn side(
        &mut self,
        place: PlaceId,
        other: PlaceId,
        direction: Direction,
        ways: &mut Numbers<Way<'a>>,
    ) -> Vec<(Vec<Atom>, Side<'a>)> {
        let mut starts = Numbers::default();
        let mut others = Numbers::default();
        for atom in self.atoms.of(&self.index.places[other].ranges) {
            others.number(self.starts(other, atom));
        }
        let atoms = self.atoms.of(&self.index.places[place].ranges);
        let sides = atoms.into_iter().map(|atom| {
            let guarded = !self.index.places[other].groups.is_empty();
            let address = self.atoms.address(atom);
            let rules = guarded.then(|| admission::matching(&self.index, other, direction, place, address));
            let ways = others.iter().map(|starts| ways.number(self.way(starts, atom, place))).collect();
            (atom, Side { starts: starts.number(self.starts(place, atom)), ways, rules })
        });
        gather(sides)
    }

    /// Where packets from an atom of a place start. More than one: where another company's tables are assumed to choose.
    fn starts(&self, place: PlaceId, atom: Atom) -> Vec<Start> {
        let vpc = match self.index.places[place].realm {
            Realm::Outside(_) => return vec![Start::Outside(place)],
            Realm::Peer(attachment) => return vec![Start::Peer(attachment)],
            Realm::Vpc(vpc) => vpc,
        };
        let address = self.atoms.address(atom);
        match &self.index.vpcs[vpc].known {
            Some(known) => {
                let inside = known.subnets.iter().position(|subnet| subnet.cidr.contains(&address));
                inside.into_iter().map(|subnet| Start::Subnet(vpc, known.subnets[subnet].like)).collect()
            }
            None => {
                let attachments = &self.index.vpcs[vpc].attachments;
                let starts: Vec<Start> = attachments.iter().map(|id| Start::Assumed(vpc, Some(*id))).collect();
                if starts.is_empty() { vec![Start::Assumed(vpc, None)] } else { starts }
            }
        }
    }

    /// The way from the first of the starts that leads to a place; where none does, the first one's.
    fn way(&mut self, starts: &[Start], atom: Atom, to: PlaceId) -> Way<'a> {
        let mut failed = None;
        for start in starts {
            let walks = self.walks(*start, atom);
            match walks.iter().map(|walk| self.arriving(walk, atom, to)).reduce(|first, next| {
                // A packet may take any of them: one that does not arrive decides.
                if first.end.is_ok() && next.end.is_err() { next } else { first }
            }) {
                Some(way) if way.end.is_ok() => return way,
                way => failed = failed.or(way),
            }
        }
        failed.unwrap_or(Way { steps: vec![], end: Err((Spot::Place(to), Cause::NoRoute)) })
    }

    fn walks(&mut self, start: Start, atom: Atom) -> Rc<[Walk<'a>]> {
        let (index, address) = (&self.index, self.atoms.address(atom));
        Rc::clone(self.walks.entry((start, atom)).or_insert_with(|| walk(index, start, address).into()))
    }

    /// A walk seen from the place that it should lead to.
    fn arriving(&self, walk: &Walk<'a>, atom: Atom, to: PlaceId) -> Way<'a> {
        let end = match walk.end {
            End::Stopped(spot, cause) => Err((spot, cause)),
            End::Arrived(landing) if self.landed(landing, to) => Ok(landing),
            End::Arrived(landing) => {
                let address = self.atoms.address(atom);
                let places = 0..self.index.places.len();
                let other =
                    places.filter(|place| self.landed(landing, *place)).any(|place| self.index.holds(place, address));
                let cause = if other { Cause::Elsewhere(landing) } else { Cause::NotThere(landing) };
                let spot = match (landing, walk.steps.last()) {
                    (Landing::Line(_), Some(Step::Transit { to, .. })) => Spot::Attachment(*to),
                    (Landing::Peer(attachment), _) => Spot::Attachment(attachment),
                    (Landing::Vpc(vpc), _) => Spot::Vpc(vpc),
                    (Landing::Line(_), _) => Spot::Place(to),
                };
                Err((spot, cause))
            }
        };
        Way { steps: walk.steps.clone(), end }
    }

    /// Whether what lands there has come to where a place lies.
    fn landed(&self, landing: Landing, place: PlaceId) -> bool {
        match (landing, &self.index.places[place].realm) {
            (Landing::Vpc(vpc), Realm::Vpc(at)) => vpc == *at,
            (Landing::Line(line), Realm::Outside(lines)) => lines.contains(&line),
            (Landing::Peer(attachment), Realm::Peer(at)) => attachment == *at,
            _ => false,
        }
    }

    /// What becomes of packets of a service, from their parts.
    fn fate(
        &self,
        from: PlaceId,
        to: PlaceId,
        service: Option<Service>,
        (destination, there): (&Side<'a>, &Way<'a>),
        (source, back): (&Side<'a>, &Way<'a>),
    ) -> (Trail, Option<Trail>) {
        let refused = |direction, place| {
            let stop = self.index.stop(Leg::There, Spot::Place(place), Cause::Group(direction, place));
            Some(stop)
        };
        let admitted = admission::admit(service, destination.rules.as_ref(), source.rules.as_ref());
        let (egress, ingress) = match &admitted {
            Err(Direction::Egress) => {
                return (Trail { hops: vec![], stop: refused(Direction::Egress, from) }, None);
            }
            Err(Direction::Ingress) => (None, None),
            Ok(admission) => self.index.admitted(admission, from, to),
        };
        let mut trail = self.trail(Leg::There, there);
        trail.hops.splice(0..0, egress);
        if trail.stop.is_some() {
            return (trail, None);
        }
        if admitted.is_err() {
            trail.hops.pop();
            trail.stop = refused(Direction::Ingress, to);
            return (trail, None);
        }
        let arrival = trail.hops.len().saturating_sub(1);
        trail.hops.splice(arrival..arrival, ingress);
        (trail, Some(self.trail(Leg::Back, back)))
    }

    fn trail(&self, leg: Leg, way: &Way<'a>) -> Trail {
        let mut hops: Vec<Hop> = way.steps.iter().map(|step| self.index.hop(step)).collect();
        let stop = match way.end {
            Ok(landing) => {
                hops.push(Hop::Arrives { at: self.index.arrival(landing) });
                None
            }
            Err((spot, cause)) => Some(self.index.stop(leg, spot, cause)),
        };
        Trail { hops, stop }
    }
}

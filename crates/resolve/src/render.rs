//! From steps of the graph to hops and outcomes.

use std::net::IpAddr;

use crate::{
    answer::{Outcome, Silence},
    graph::{Graph, Move, State, StateId},
    hop::{Beaten, Candidate, Hop, ServerDecision, Why},
    index::{Choice, Hit, Holder, Index, RuleId, ServerChoice, VpcId},
    model::{Action, Otherwise},
    name::Name,
};

impl Index<'_> {
    pub(crate) fn candidate(&self, choice: Choice<'_>) -> Candidate {
        let domain = self.domain(choice);
        match choice {
            Choice::Rule(rule) if self.is_system(choice) => {
                Candidate::System { rule: self.rule(rule).id.clone(), domain }
            }
            Choice::Rule(rule) => Candidate::Forward { rule: self.rule(rule).id.clone(), domain },
            Choice::Zone(zone) => {
                let zone = self.zones[zone].zone;
                Candidate::Zone { zone: zone.id.clone(), apex: domain, owner: zone.owner.clone() }
            }
            Choice::Autodefined(_) => Candidate::Autodefined { domain },
            Choice::Recursive => Candidate::Recursive,
        }
    }

    /// The hops of steps of a graph.
    pub(crate) fn hops(&self, graph: &Graph<'_>, steps: &[(StateId, usize)]) -> Vec<Hop> {
        let hops =
            steps.iter().flat_map(|(state, step)| self.step(graph.states[*state], graph.steps[*state][*step].made));
        hops.collect()
    }

    /// The hops of one step.
    pub(crate) fn step(&self, state: State<'_>, made: Move<'_>) -> Vec<Hop> {
        match made {
            Move::Off { .. } => vec![],
            Move::Rule { vpc, rule, target } => {
                let mut hops = vec![self.decision(vpc, state.name, Choice::Rule(rule))];
                if let (Some(target), Action::Forward { targets, endpoint }) = (target, &self.rule(rule).action) {
                    let (rule, endpoint) = (self.rule(rule).id.clone(), endpoint.clone());
                    hops.push(Hop::Forward { rule, endpoint, target, others: others(targets, target) });
                    hops.extend(self.enters(target));
                }
                hops
            }
            Move::Zone { vpc, system, zone, hit } => {
                let mut hops = self.decisions(vpc, state.name, system, Choice::Zone(zone));
                hops.extend(hit.and_then(|hit| self.within_zone(zone, hit)));
                hops
            }
            Move::Amazon { vpc, system, choice } => self.decisions(vpc, state.name, system, choice),
            Move::Passed { server, domain, target } => {
                let view = &self.servers[server];
                let mut hops = vec![self.stated(server, state.name, ServerChoice::Forwards(domain))];
                if let Some(target) = target {
                    let others = others(view.targets(domain), target);
                    hops.push(Hop::Passed { server: view.server.name.clone(), target, others });
                    hops.extend(self.enters(target));
                }
                hops
            }
            Move::Server { server, choice } => vec![self.stated(server, state.name, choice)],
        }
    }

    pub(crate) fn inbound(&self, endpoint: usize) -> Hop {
        let endpoint = &self.model.inbound[endpoint];
        Hop::Inbound { endpoint: endpoint.id.clone(), vpc: endpoint.vpc.clone() }
    }

    fn enters(&self, target: IpAddr) -> Option<Hop> {
        match self.holder(target) {
            Holder::Inbound(endpoint) => Some(self.inbound(endpoint)),
            _ => None,
        }
    }

    fn decisions(&self, vpc: VpcId, name: &str, system: Option<RuleId>, choice: Choice<'_>) -> Vec<Hop> {
        let Some(rule) = system else { return vec![self.decision(vpc, name, choice)] };
        let local = Hop::Locally {
            vpc: self.vpc(vpc).name.clone(),
            name: Name::of(name),
            decides: self.candidate(choice),
            rivals: self.rivals(self.decide_locally(vpc, name), choice),
        };
        vec![self.decision(vpc, name, Choice::Rule(rule)), local]
    }

    fn decision(&self, vpc: VpcId, name: &str, choice: Choice<'_>) -> Hop {
        Hop::Vpc {
            vpc: self.vpc(vpc).name.clone(),
            name: Name::of(name),
            decides: self.candidate(choice),
            rivals: self.rivals(self.decide(vpc, name), choice),
            beaten: self.beaten(vpc, name, choice),
        }
    }

    fn rivals(&self, choices: Vec<Choice<'_>>, winner: Choice<'_>) -> Vec<Candidate> {
        choices.into_iter().filter(|choice| *choice != winner).map(|choice| self.candidate(choice)).collect()
    }

    /// All others that match. A `SYSTEM` rule beats only rules: it leaves it to the zones.
    fn beaten(&self, vpc: VpcId, name: &str, winner: Choice<'_>) -> Vec<Beaten> {
        let mut beaten = vec![];
        let (mut decided, system) = (false, self.is_system(winner));
        for (domain, entry) in self.tables[vpc].matches(name) {
            let mut lost = |choice, why| beaten.push(Beaten { candidate: self.candidate(choice), why });
            let why = |equal| if decided { Why::LessSpecific } else { equal };
            let rules = entry.rules.iter().map(|rule| Choice::Rule(*rule)).filter(|_| decided);
            rules.for_each(|rule| lost(rule, Why::LessSpecific));
            if !system {
                let zones = entry.zones.iter().map(|zone| Choice::Zone(*zone));
                let zones = zones.filter(|_| decided || !entry.rules.is_empty());
                zones.for_each(|zone| lost(zone, why(Why::RuleBeatsZone)));
                let autodefined = Choice::Autodefined(domain);
                if entry.autodefined && autodefined != winner {
                    lost(autodefined, why(Why::MadeBeatsAutodefined));
                }
            }
            decided = true;
        }
        beaten
    }

    fn stated(&self, server: usize, name: &str, choice: ServerChoice<'_>) -> Hop {
        let server = self.servers[server].server;
        let decides = match (choice, server.otherwise) {
            (ServerChoice::Answers(domain), _) => ServerDecision::Answers { domain: Name::of(domain) },
            (ServerChoice::Forwards(domain), _) => ServerDecision::Forwards { domain: Name::of(domain) },
            (ServerChoice::Otherwise, Otherwise::Internet) => ServerDecision::Internet,
            (ServerChoice::Otherwise, Otherwise::Unstated) => ServerDecision::Unstated,
        };
        Hop::Server { server: server.name.clone(), name: Name::of(name), decides }
    }

    fn within_zone(&self, zone: usize, hit: Hit<'_>) -> Option<Hop> {
        let zone = self.zones[zone].zone.id.clone();
        match hit {
            Hit::Cname { set, target } => Some(Hop::Cname { zone, record: set.name.clone(), target: Name::of(target) }),
            Hit::Set { asked, set } if asked != set => {
                Some(Hop::Alias { zone, record: asked.name.clone(), target: set.name.clone() })
            }
            Hit::Set { .. } | Hit::Apex | Hit::NoData | Hit::NxDomain | Hit::Delegated { .. } => None,
        }
    }

    /// How a query ends with a step that leads nowhere.
    pub(crate) fn outcome(&self, made: Move<'_>) -> Outcome {
        match made {
            Move::Off { vpc } => Outcome::Silence { why: Silence::DnsOff { vpc: self.vpc(vpc).name.clone() } },
            Move::Zone { zone, hit, .. } => self.in_zone(zone, hit),
            Move::Amazon { choice: Choice::Autodefined(domain), .. } => Outcome::Amazon { domain: Name::of(domain) },
            Move::Amazon { .. } => Outcome::Internet,
            Move::Rule { target, .. } | Move::Passed { target, .. } => self.unheard(target),
            Move::Server { server, choice } => {
                let (otherwise, server) =
                    (self.servers[server].server.otherwise, self.servers[server].server.name.clone());
                match (choice, otherwise) {
                    (ServerChoice::Answers(domain), _) => Outcome::Answered { server, domain: Name::of(domain) },
                    (_, Otherwise::Internet) => Outcome::Internet,
                    (_, Otherwise::Unstated) => Outcome::Unstated { server },
                }
            }
        }
    }

    fn in_zone(&self, zone: usize, hit: Option<Hit<'_>>) -> Outcome {
        let zone = self.zones[zone].zone;
        let (id, owner) = (zone.id.clone(), || zone.owner.clone());
        match hit {
            None => Outcome::Unseen { zone: id, owner: owner() },
            Some(Hit::Set { set, .. } | Hit::Cname { set, .. }) => {
                Outcome::Records { zone: id, record: set.name.clone(), ttl: set.ttl, data: set.data.clone() }
            }
            Some(Hit::Apex) => Outcome::Apex { zone: id },
            Some(Hit::NoData) => Outcome::NoData { zone: id },
            Some(Hit::NxDomain) => Outcome::NxDomain { zone: id },
            Some(Hit::Delegated { set }) => Outcome::Delegated { zone: id, record: set.name.clone() },
        }
    }

    fn unheard(&self, target: Option<IpAddr>) -> Outcome {
        let Some(address) = target else { return Outcome::Silence { why: Silence::NoTarget } };
        match self.silent(address) {
            Some(why) => Outcome::Silence { why },
            None => Outcome::Stranger { address },
        }
    }

    /// Why nobody can be asked at an address that is described.
    pub(crate) fn silent(&self, address: IpAddr) -> Option<Silence> {
        match self.holder(address) {
            Holder::Outbound(endpoint) => {
                Some(Silence::OutboundAsked { endpoint: self.model.outbound[endpoint].id.clone(), address })
            }
            Holder::Resolver(vpc) => {
                Some(Silence::ResolverAsked { vpc: vpc.map(|vpc| self.vpc(vpc).name.clone()), address })
            }
            Holder::Inbound(_) | Holder::Server(_) | Holder::Nobody => None,
        }
    }
}

fn others(targets: &[IpAddr], target: IpAddr) -> Vec<IpAddr> {
    targets.iter().copied().filter(|other| *other != target).collect()
}

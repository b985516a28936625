//! Circles, found for all names at once.
//!
//! Forwarding looks at a name only through the domains of rules, zones, servers and Amazon that the name lies in. So all names
//! that lie in the same ones go the same ways, and the most specific of those domains, being a name itself, shows the way of all.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use super::{Finding, Forwarder};
use crate::{
    graph::{Components, Follow, Graph, Move, Node, State, StateId},
    index::{Hit, Holder},
    model::RecordType,
    name::{Name, upwards},
    query::Resolver,
};

/// Loops that have all of this in common are one finding.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    node: Node,
    /// Of the rule, or of the server's domain.
    at: Forwarder,
    targets: Vec<IpAddr>,
    spared: Vec<IpAddr>,
    always: bool,
}

impl Resolver<'_> {
    /// Domains that anything goes by.
    fn domains(&self) -> BTreeSet<&str> {
        let model = self.index.model;
        let rules = model.rules.iter().map(|rule| rule.domain.key());
        let zones = model.zones.iter().map(|zone| zone.apex.key());
        let servers = self.index.servers.iter().flat_map(|server| server.domains());
        // In one VPC Amazon may answer what another one, with other ranges or settings, forwards.
        let amazon = self.index.tables.iter().flat_map(|table| table.autodefined());
        rules.chain(zones).chain(servers).chain(amazon).chain([""]).collect()
    }

    /// Forwarding that leads back.
    pub(super) fn loops_of_forwards(&self) -> Vec<Finding> {
        let domains = self.domains();
        let vpcs = (0..self.index.model.vpcs.len()).map(Node::Vpc);
        let nodes: Vec<Node> = vpcs.chain((0..self.index.servers.len()).map(Node::Server)).collect();
        let starts = domains.iter().flat_map(|name| nodes.iter().map(|node| State { node: *node, name }));
        let graph = Graph::explore(&self.index, starts, Follow::Forwards);
        let components = Components::new(&graph);
        let mut kinds: BTreeMap<Kind, BTreeMap<&str, StateId>> = BTreeMap::new();
        for (number, state) in graph.states.iter().enumerate().filter(|(number, _)| components.is_circular(*number)) {
            for kind in self.kinds(&graph, &components, number) {
                kinds.entry(kind).or_default().insert(state.name, number);
            }
        }
        let finding = |(kind, states): (Kind, BTreeMap<&str, StateId>)| {
            // What lies directly below another of them adds nothing.
            let above = |name| upwards(name).skip(1).find(|above| domains.contains(above));
            let widest = states.iter().filter(|(name, _)| above(name).is_none_or(|above| !states.contains_key(above)));
            let widest: Vec<(&&str, &StateId)> = widest.collect();
            let Kind { node, at, targets, spared, always } = kind;
            let circle = widest.first().map(|(_, state)| graph.circle(**state, &components)).unwrap_or_default();
            let home = |target: &IpAddr| match (self.index.holder(*target), node) {
                (Holder::Inbound(endpoint), Node::Vpc(vpc)) => self.index.inbound_vpcs[endpoint] == vpc,
                _ => false,
            };
            Finding::Loop {
                at,
                domains: widest.iter().map(|(name, _)| Name::of(name)).collect(),
                refused: targets.iter().any(home),
                targets,
                spared,
                always,
                circle: self.index.hops(&graph, &circle),
            }
        };
        kinds.into_iter().map(finding).collect()
    }

    /// What forwards in a state into a circle: one rule, or several where AWS would have refused all but one.
    fn kinds(&self, graph: &Graph<'_>, components: &Components, state: StateId) -> Vec<Kind> {
        let mut sent: BTreeMap<Forwarder, (BTreeSet<IpAddr>, BTreeSet<IpAddr>)> = BTreeMap::new();
        for step in &graph.steps[state] {
            let Some((at, target)) = self.forwarder(step.made) else { continue };
            let (back, away) = sent.entry(at).or_default();
            let leads_back = step.to.is_some_and(|to| components.together(state, to));
            if leads_back {
                back.insert(target)
            } else {
                away.insert(target)
            };
        }
        let (node, always) = (graph.states[state].node, !components.can_end(state));
        let kinds = sent.into_iter().filter(|(_, (back, _))| !back.is_empty()).map(|(at, (back, away))| {
            let (targets, spared) = (back.into_iter().collect(), away.into_iter().collect());
            Kind { node, at, targets, spared, always }
        });
        kinds.collect()
    }

    fn forwarder(&self, made: Move<'_>) -> Option<(Forwarder, IpAddr)> {
        match made {
            Move::Rule { vpc, rule, target } => {
                let rule = self.index.rule(rule).id.clone();
                Some((Forwarder::Vpc { vpc: self.vpc_name(vpc), rule }, target?))
            }
            Move::Passed { server, domain, target } => {
                let server = self.index.servers[server].server.name.clone();
                Some((Forwarder::Server { server, domain: Name::of(domain) }, target?))
            }
            Move::Off { .. } | Move::Zone { .. } | Move::Amazon { .. } | Move::Server { .. } => None,
        }
    }

    /// CNAMEs that lead back. The type does not matter: a CNAME stands beside no other record.
    pub(super) fn loops_of_names(&self) -> Vec<Finding> {
        let zones = self.index.zones.iter().zip(&self.index.zone_vpcs);
        let starts = zones.flat_map(|(zone, vpcs)| {
            let vpcs = vpcs.iter().filter(|vpc| self.index.vpc(**vpc).sees_zones());
            vpcs.flat_map(|vpc| zone.cnames().map(|name| State { node: Node::Vpc(*vpc), name }))
        });
        let graph = Graph::explore(&self.index, starts, Follow::Records(RecordType::A));
        let components = Components::new(&graph);
        let mut seen = BTreeSet::new();
        let mut findings = vec![];
        for (number, state) in graph.states.iter().enumerate() {
            let back = |to: Option<StateId>| to.is_some_and(|to| components.together(number, to));
            let renamed = graph.steps[number].iter().find_map(|step| match step.made {
                Move::Zone { vpc, hit: Some(Hit::Cname { .. }), .. } if back(step.to) => Some(vpc),
                _ => None,
            });
            let Some(vpc) = renamed else { continue };
            if seen.insert(components.number(number)) {
                let circle = graph.circle(number, &components);
                let (vpc, name) = (self.vpc_name(vpc), Name::of(state.name));
                findings.push(Finding::CnameLoop { vpc, name, circle: self.index.hops(&graph, &circle) });
            }
        }
        findings
    }
}

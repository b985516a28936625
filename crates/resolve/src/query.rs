//! One query, with every way that it can take.

use std::collections::BTreeSet;

use crate::{
    answer::{Answer, Asker, Circles, Outcome, Silence, Way},
    error::ModelError,
    graph::{Components, Follow, Graph, Move, Node, State},
    hop::Hop,
    index::{Hit, Index},
    model::{RecordType, Resolution},
    name::Name,
};

/// A description made ready: every question after the first costs only its own way.
pub struct Resolver<'a> {
    pub(crate) index: Index<'a>,
}

impl<'a> Resolver<'a> {
    /// Reads a description.
    ///
    /// # Errors
    /// [`ModelError`] when it does not hold together.
    pub fn new(model: &'a Resolution) -> Result<Resolver<'a>, ModelError> {
        Ok(Resolver { index: Index::new(model)? })
    }

    /// What becomes of a query.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] when nothing has the asker's name.
    pub fn query(&self, from: &Asker, name: &Name, record_type: RecordType) -> Result<Answer, ModelError> {
        let starts = self.starts(from)?;
        let answer = |circles, ways| Answer { from: from.clone(), name: name.clone(), record_type, circles, ways };
        if starts.is_empty() {
            let silence = Outcome::Silence { why: Silence::NoInbound };
            return Ok(answer(Circles::Never, vec![self.way(vec![], silence)]));
        }
        let states = starts.iter().map(|(node, _)| State { node: *node, name: name.key() });
        let graph = Graph::explore(&self.index, states, Follow::Records(record_type));
        let first = |node: Node| starts.iter().find(|start| start.0 == node).and_then(|start| start.1.clone());
        let mut ways = self.ends(&graph, &first);
        let ended = !ways.is_empty();
        let loops = self.loops(&graph, &first);
        let circles = match (loops.is_empty(), ended) {
            (true, _) => Circles::Never,
            (false, true) => Circles::Sometimes,
            (false, false) => Circles::Always,
        };
        ways.extend(loops);
        Ok(answer(circles, ways))
    }

    fn way(&self, hops: Vec<Hop>, outcome: Outcome) -> Way {
        let unseen = |name: &&String| self.index.model.vpcs.iter().any(|vpc| vpc.name == **name && !vpc.seen);
        let deciding = hops.iter().filter_map(|hop| match hop {
            Hop::Vpc { vpc, .. } => Some(vpc),
            _ => None,
        });
        let assumes: BTreeSet<&String> = deciding.filter(unseen).collect();
        Way { assumes: assumes.into_iter().cloned().collect(), hops, outcome }
    }

    /// Who is asked first, and the hop before that.
    fn starts(&self, from: &Asker) -> Result<Vec<(Node, Option<Hop>)>, ModelError> {
        let (names, by) = (&self.index.names, "the question");
        let inbound = |endpoint| (Node::Vpc(self.index.inbound_vpcs[endpoint]), Some(self.index.inbound(endpoint)));
        Ok(match from {
            Asker::Vpc(vpc) => vec![(Node::Vpc(names.vpcs.find(vpc, by)?), None)],
            Asker::Server(server) => vec![(Node::Server(names.servers.find(server, by)?), None)],
            Asker::Inbound(Some(endpoint)) => vec![inbound(names.inbound.find(endpoint, by)?)],
            Asker::Inbound(None) => (0..self.index.inbound_vpcs.len()).map(inbound).collect(),
        })
    }

    /// A shortest way to every outcome that is one.
    fn ends(&self, graph: &Graph<'_>, first: &dyn Fn(Node) -> Option<Hop>) -> Vec<Way> {
        let mut ways: Vec<Way> = vec![];
        for (number, steps) in graph.steps.iter().enumerate() {
            let ends = steps.iter().enumerate().filter(|(_, step)| step.to.is_none());
            for (step, end) in ends {
                let outcome = self.index.outcome(end.made);
                if ways.iter().all(|way| way.outcome != outcome) {
                    let (start, mut steps) = graph.way_to(number);
                    steps.push((number, step));
                    let hops = first(graph.states[start].node).into_iter().chain(self.index.hops(graph, &steps));
                    ways.push(self.way(hops.collect(), outcome));
                }
            }
        }
        ways
    }

    /// A shortest way into and around every circle.
    fn loops(&self, graph: &Graph<'_>, first: &dyn Fn(Node) -> Option<Hop>) -> Vec<Way> {
        let components = Components::new(graph);
        let way = |state| {
            let (start, steps) = graph.way_to(state);
            let mut hops: Vec<Hop> = first(graph.states[start].node).into_iter().collect();
            hops.extend(self.index.hops(graph, &steps));
            let (start, circle) = (hops.len(), graph.circle(state, &components));
            hops.extend(self.index.hops(graph, &circle));
            let renamed = |made| matches!(made, Move::Zone { hit: Some(Hit::Cname { .. }), .. });
            let cnames = circle.iter().all(|(state, step)| renamed(graph.steps[*state][*step].made));
            self.way(hops, if cnames { Outcome::CnameLoop { start } } else { Outcome::Loop { start } })
        };
        components.circles().into_iter().map(way).collect()
    }
}

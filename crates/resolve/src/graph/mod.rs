//! Where queries can go: states of a query, and every step out of each.
//!
//! A state is a place (a VPC's resolver, a server outside) and the name that is asked there. A step depends on nothing else,
//! so that a query goes in a circle exactly where the graph of states has one, and every state is looked at once, however
//! many ways lead to it.

mod components;
mod step;

use std::collections::HashMap;

pub(crate) use components::Components;
pub(crate) use step::{Move, expand};

use crate::{
    index::{Index, ServerId, VpcId},
    model::RecordType,
};

/// A query on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State<'n> {
    pub(crate) node: Node,
    pub(crate) name: &'n str,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    Vpc(VpcId),
    Server(ServerId),
}

/// What to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// Forwarding only: a zone is an end, whatever is in it.
    Forwards,
    /// Records too, for a query of this type.
    Records(RecordType),
}

pub(crate) type StateId = usize;

/// Every state that can be reached, in order of distance.
pub(crate) struct Graph<'n> {
    pub(crate) states: Vec<State<'n>>,
    pub(crate) steps: Vec<Vec<Step<'n>>>,
    /// The state and the step that first led to a state; `None` where a query starts.
    parents: Vec<Option<(StateId, usize)>>,
}

/// A step out of a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'n> {
    pub(crate) made: Move<'n>,
    /// `None`: it ends the query.
    pub(crate) to: Option<StateId>,
}

impl<'n> Graph<'n> {
    pub(crate) fn explore(
        index: &'n Index<'_>,
        starts: impl IntoIterator<Item = State<'n>>,
        follow: Follow,
    ) -> Graph<'n> {
        let mut graph = Graph { states: vec![], steps: vec![], parents: vec![] };
        let mut numbers = HashMap::new();
        for start in starts {
            graph.number(&mut numbers, start, None);
        }
        while let Some(state) = graph.states.get(graph.steps.len()).copied() {
            let from = graph.steps.len();
            let moves = expand(index, state, follow).into_iter().enumerate();
            let steps = moves.map(|(step, (made, to))| {
                let to = to.map(|state| graph.number(&mut numbers, state, Some((from, step))));
                Step { made, to }
            });
            let steps = steps.collect();
            graph.steps.push(steps);
        }
        graph
    }

    fn number(
        &mut self,
        numbers: &mut HashMap<State<'n>, StateId>,
        state: State<'n>,
        parent: Option<(StateId, usize)>,
    ) -> StateId {
        *numbers.entry(state).or_insert_with(|| {
            self.states.push(state);
            self.parents.push(parent);
            self.states.len() - 1
        })
    }

    /// Where a shortest way to a state starts, and its steps.
    pub(crate) fn way_to(&self, state: StateId) -> (StateId, Vec<(StateId, usize)>) {
        let (mut first, mut steps) = (state, vec![]);
        while let Some((from, step)) = self.parents[first] {
            steps.push((from, step));
            first = from;
        }
        steps.reverse();
        (first, steps)
    }

    /// A shortest way from a state back to itself; empty when there is none.
    pub(crate) fn circle(&self, state: StateId, components: &Components) -> Vec<(StateId, usize)> {
        let mut came: HashMap<StateId, (StateId, usize)> = HashMap::new();
        let mut open = std::collections::VecDeque::from([state]);
        while let Some(from) = open.pop_front() {
            for (number, step) in self.steps[from].iter().enumerate() {
                let Some(to) = step.to.filter(|to| components.together(state, *to)) else { continue };
                if came.contains_key(&to) {
                    continue;
                }
                came.insert(to, (from, number));
                if to == state {
                    return trace(&came, state);
                }
                open.push_back(to);
            }
        }
        vec![]
    }
}

fn trace(came: &HashMap<StateId, (StateId, usize)>, state: StateId) -> Vec<(StateId, usize)> {
    let (mut steps, mut at) = (vec![], state);
    while let Some(&(from, step)) = came.get(&at) {
        steps.push((from, step));
        at = from;
        if from == state {
            break;
        }
    }
    steps.reverse();
    steps
}

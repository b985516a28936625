//! Circles in a graph of states.

use super::{Graph, StateId};

/// Which states lead to each other, after Tarjan; without recursion, because a chain of CNAMEs can be long.
pub(crate) struct Components {
    /// The component of each state; a component has a smaller number than those that lead to it.
    of: Vec<usize>,
    /// Whether a component has a circle.
    circular: Vec<bool>,
    /// Whether some way out of a component ends.
    ends: Vec<bool>,
}

const UNSEEN: usize = usize::MAX;

impl Components {
    pub(crate) fn new(graph: &Graph<'_>) -> Components {
        let count = graph.states.len();
        let mut found = Components { of: vec![UNSEEN; count], circular: vec![], ends: vec![] };
        let (mut order, mut lowest) = (vec![UNSEEN; count], vec![UNSEEN; count]);
        let (mut next, mut stack) = (0, vec![]);
        for root in 0..count {
            if order[root] != UNSEEN {
                continue;
            }
            // A state and how many of its steps are done.
            let mut open = vec![(root, 0)];
            while let Some((state, done)) = open.pop() {
                if done == 0 {
                    (order[state], lowest[state]) = (next, next);
                    next += 1;
                    stack.push(state);
                }
                let Some(step) = graph.steps[state].get(done) else {
                    if lowest[state] == order[state] {
                        found.close(graph, &mut stack, state);
                    }
                    if let Some((parent, _)) = open.last() {
                        lowest[*parent] = lowest[*parent].min(lowest[state]);
                    }
                    continue;
                };
                open.push((state, done + 1));
                match step.to {
                    Some(to) if order[to] == UNSEEN => open.push((to, 0)),
                    Some(to) if found.of[to] == UNSEEN => lowest[state] = lowest[state].min(order[to]),
                    _ => {}
                }
            }
        }
        found
    }

    /// Takes a component off the stack: all that lies above the state that was met first.
    fn close(&mut self, graph: &Graph<'_>, stack: &mut Vec<StateId>, first: StateId) {
        let from = stack.iter().rposition(|state| *state == first).unwrap_or(0);
        let members = stack.split_off(from);
        let number = self.circular.len();
        members.iter().for_each(|state| self.of[*state] = number);
        let steps = || members.iter().flat_map(|state| &graph.steps[*state]);
        let inside = |to: StateId| self.of[to] == number;
        let circular = steps().any(|step| step.to.is_some_and(inside));
        let ends = steps().any(|step| step.to.is_none_or(|to| !inside(to) && self.ends[self.of[to]]));
        self.circular.push(circular);
        self.ends.push(ends);
    }

    /// The number of a state's component.
    pub(crate) fn number(&self, state: StateId) -> usize {
        self.of[state]
    }

    /// Whether each leads to the other.
    pub(crate) fn together(&self, one: StateId, other: StateId) -> bool {
        self.of[one] == self.of[other]
    }

    /// Whether a query can come back to a state.
    pub(crate) fn is_circular(&self, state: StateId) -> bool {
        self.circular[self.of[state]]
    }

    /// Whether a query can end from a state.
    pub(crate) fn can_end(&self, state: StateId) -> bool {
        self.ends[self.of[state]]
    }

    /// The first state of each component that has a circle.
    pub(crate) fn circles(&self) -> Vec<StateId> {
        let mut seen = vec![false; self.circular.len()];
        let first = |state: &StateId| self.is_circular(*state) && !std::mem::replace(&mut seen[self.of[*state]], true);
        (0..self.of.len()).filter(first).collect()
    }
}

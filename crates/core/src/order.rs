//! A deterministic order of steps in which each comes after all that it waits for.

use std::collections::BTreeSet;

/// Nodes that wait for each other in a ring; a plan with them could never run.
#[derive(Debug, PartialEq, Eq)]
pub struct Cycle(pub Vec<usize>);

/// Places in the new order, for nodes of which `after[i]` lists those that `i` waits for. Among the nodes that could come
/// next, the one with the smallest key does.
///
/// # Errors
/// The nodes that no order can place.
pub fn sort<K: Ord>(after: &[BTreeSet<usize>], key: impl Fn(usize) -> K) -> Result<Vec<usize>, Cycle> {
    let mut waits: Vec<usize> = after.iter().map(BTreeSet::len).collect();
    let mut before: Vec<Vec<usize>> = vec![vec![]; after.len()];
    for (node, earlier) in after.iter().enumerate() {
        for &e in earlier {
            before[e].push(node);
        }
    }
    let mut ready: BTreeSet<(K, usize)> =
        (0..after.len()).filter(|&node| waits[node] == 0).map(|node| (key(node), node)).collect();
    let mut order = Vec::with_capacity(after.len());
    while let Some((_, node)) = ready.pop_first() {
        order.push(node);
        for &next in &before[node] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.insert((key(next), next));
            }
        }
    }
    if order.len() == after.len() {
        Ok(order)
    } else {
        Err(Cycle((0..after.len()).filter(|&node| waits[node] > 0).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(after: &[&[usize]]) -> Vec<BTreeSet<usize>> {
        after.iter().map(|a| a.iter().copied().collect()).collect()
    }

    #[test]
    fn what_is_waited_for_comes_first_and_ties_go_by_key() {
        assert_eq!(sort(&sets(&[&[2], &[], &[]]), |n| n), Ok(vec![1, 2, 0]));
        assert_eq!(sort(&sets(&[&[], &[], &[]]), |n| 9 - n), Ok(vec![2, 1, 0]));
    }

    #[test]
    fn a_ring_is_named_and_the_rest_is_not() {
        assert_eq!(sort(&sets(&[&[], &[2], &[1]]), |n| n), Err(Cycle(vec![1, 2])));
    }
}

//! Overlaps among many ranges in one sorted pass.

use crate::config::values::Cidr;

/// Pairs of indices whose ranges overlap: each range with the nearest one around it. CIDR ranges nest or are apart, so that
/// a stack of open ranges finds them in the time of the sort, and a range inside many is reported once.
pub(super) fn overlaps(ranges: &[Cidr]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    let bounds = |index: usize| ranges.get(index).map_or((0, 0), |range| range.bounds());
    // Wider first, so that what surrounds is open before what it surrounds; the index keeps the file's order among equals.
    order.sort_by_key(|&index| {
        let (start, end) = bounds(index);
        (start, std::cmp::Reverse(end), index)
    });
    let mut open: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for index in order {
        let (start, _) = bounds(index);
        while open.last().is_some_and(|&last| bounds(last).1 < start) {
            open.pop();
        }
        if let Some(&around) = open.last() {
            pairs.push((around.min(index), around.max(index)));
        }
        open.push(index);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cidr(start: u32, prefix: u8) -> Cidr {
        Cidr::from_net(ipnet::Ipv4Net::new(start.into(), prefix).unwrap())
    }

    proptest! {
        /// The sweep finds a range's overlap exactly when comparing every pair would.
        #[test]
        fn agrees_with_every_pair(parts in prop::collection::vec((0u32..64, 26u8..=32), 0..24)) {
            let ranges: Vec<Cidr> = parts.iter().map(|&(start, prefix)| cidr(start * 4, prefix)).collect();
            let swept = overlaps(&ranges);
            for &(a, b) in &swept {
                prop_assert!(ranges[a].overlaps(ranges[b]));
            }
            let mut found = vec![false; ranges.len()];
            swept.iter().for_each(|&(a, b)| { found[a] = true; found[b] = true });
            for (index, range) in ranges.iter().enumerate() {
                let any = ranges.iter().enumerate().any(|(other, o)| other != index && o.overlaps(*range));
                prop_assert_eq!(found[index], any);
            }
        }
    }
}

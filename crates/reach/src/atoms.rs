//! Addresses cut at every end of every prefix in play: what no prefix tells apart takes the same routes.

use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv4Subnets};

/// Number of an atom.
pub(crate) type Atom = usize;

/// The cuts, sorted: atom `n` reaches from the `n`th to just before the next. The last one only ends the last atom.
pub(crate) struct Atoms(Vec<u64>);

impl Atoms {
    pub(crate) fn new(prefixes: impl IntoIterator<Item = Ipv4Net>) -> Atoms {
        let ends = prefixes.into_iter().flat_map(|net| {
            let (first, last) = bounds(net);
            [first, last + 1]
        });
        let mut cuts: Vec<u64> = ends.collect();
        cuts.sort_unstable();
        cuts.dedup();
        Atoms(cuts)
    }

    /// The atoms of ranges that were among the prefixes, each once, in the order of addresses.
    pub(crate) fn of(&self, ranges: &[Ipv4Net]) -> Vec<Atom> {
        let mut atoms: Vec<Atom> = ranges
            .iter()
            .flat_map(|net| {
                let (first, last) = bounds(*net);
                self.0.partition_point(|cut| *cut < first)..self.0.partition_point(|cut| *cut <= last)
            })
            .collect();
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// An address of an atom: the first one, which stands for all.
    pub(crate) fn address(&self, atom: Atom) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.0.get(atom).map_or(u32::MAX, |cut| low(*cut)))
    }

    /// The fewest prefixes that are exactly these atoms.
    pub(crate) fn nets(&self, atoms: &[Atom]) -> Vec<Ipv4Net> {
        let nets = atoms.iter().filter_map(|atom| {
            let (first, end) = (self.0.get(*atom)?, self.0.get(atom + 1)?);
            Some(Ipv4Subnets::new(Ipv4Addr::from_bits(low(*first)), Ipv4Addr::from_bits(low(end - 1)), 0))
        });
        Ipv4Net::aggregate(&nets.flatten().collect())
    }
}

fn bounds(net: Ipv4Net) -> (u64, u64) {
    (net.network().to_bits().into(), net.broadcast().to_bits().into())
}

/// Cuts that begin or end an atom fit into an address; only the end after the last address does not.
fn low(cut: u64) -> u32 {
    u32::try_from(cut).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(texts: &[&str]) -> Vec<Ipv4Net> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_range_is_cut_where_a_narrower_one_begins_and_ends() {
        let all = nets(&["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"]);
        let atoms = Atoms::new(all.clone());
        assert_eq!(atoms.of(&all[..1]), [0, 1, 2, 3, 4]);
        assert_eq!(atoms.of(&all[1..]), [1, 2, 3]);
        assert_eq!(atoms.address(2), Ipv4Addr::new(10, 1, 2, 0));
        assert_eq!(atoms.nets(&[1, 2, 3]), nets(&["10.1.0.0/16"]));
        assert_eq!(atoms.nets(&[2]), nets(&["10.1.2.0/24"]));
    }

    #[test]
    fn the_whole_of_ipv4_has_an_end() {
        let all = nets(&["0.0.0.0/0", "255.255.255.255/32"]);
        let atoms = Atoms::new(all.clone());
        assert_eq!(atoms.of(&all[..1]), [0, 1]);
        assert_eq!(atoms.nets(&[0, 1]), nets(&["0.0.0.0/0"]));
        assert_eq!(atoms.address(1), Ipv4Addr::BROADCAST);
    }
}

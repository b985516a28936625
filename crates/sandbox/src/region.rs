//! The Regions that are simulated and their Availability Zones.

use crate::store::digest;

/// A zone as one account sees it: the id is the same everywhere, the name is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    pub id: &'static str,
    pub name: String,
}

struct Region {
    name: &'static str,
    zone_ids: &'static [&'static str],
    zone_letters: &'static [char],
}

/// The two Regions in Japan (domain.md). Tokyo has no zone b for new accounts (EC2 user guide, "Availability Zones").
static REGIONS: &[Region] = &[
    Region {
        name: "ap-northeast-1",
        zone_ids: &["apne1-az1", "apne1-az2", "apne1-az4"],
        zone_letters: &['a', 'c', 'd'],
    },
    Region {
        name: "ap-northeast-3",
        zone_ids: &["apne3-az1", "apne3-az2", "apne3-az3"],
        zone_letters: &['a', 'b', 'c'],
    },
];

/// The Region that global services sign for.
pub(crate) const GLOBAL: &str = "us-east-1";

pub(crate) fn exists(name: &str) -> bool {
    REGIONS.iter().any(|region| region.name == name)
}

/// The zones of a Region by name. Which name stands for which id differs between accounts, as in AWS.
pub(crate) fn zones(region: &str, account: &str) -> Vec<Zone> {
    let Some(region) = REGIONS.iter().find(|known| known.name == region) else {
        return Vec::new();
    };
    let number = account.parse::<u64>().unwrap_or(0);
    let turn = usize::from(digest(number, region.name, 0)[0]);
    let count = region.zone_ids.len();
    region
        .zone_letters
        .iter()
        .enumerate()
        .filter_map(|(n, letter)| {
            Some(Zone { id: region.zone_ids.get((n + turn) % count)?, name: format!("{}{letter}", region.name) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_between_accounts_and_ids_do_not() {
        let mappings: std::collections::BTreeSet<Vec<&str>> = (0..20)
            .map(|n| {
                let zones = zones("ap-northeast-1", &format!("{n:012}"));
                assert_eq!(zones.len(), 3);
                zones.iter().map(|zone| zone.id).collect()
            })
            .collect();
        assert_eq!(mappings.len(), 3);
    }
}

//! The protocols of endpoints and of the targets of rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::endpoint::Direction;
use super::errors::{invalid_parameter, invalid_request, validation};
use crate::error::Result;

/// How queries are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Protocol {
    /// Plain DNS at port 53.
    Do53,
    /// Over HTTPS.
    #[serde(rename = "DoH")]
    Https,
    /// Over HTTPS with modules that FIPS has validated.
    #[serde(rename = "DoH-FIPS")]
    HttpsFips,
}

/// Those of an endpoint.
pub(crate) type Protocols = BTreeSet<Protocol>;

/// DOC (CreateResolverEndpoint, Protocols): which go together, by direction; none is Do53.
pub(super) fn read(given: Option<Vec<Protocol>>, direction: Direction) -> Result<Protocols> {
    let Some(given) = given else {
        return Ok(Protocols::from([Protocol::Do53]));
    };
    if !(1..=2).contains(&given.len()) {
        return Err(validation("protocols", format!("{given:?}"), "have length between 1 and 2"));
    }
    let protocols: Protocols = given.iter().copied().collect();
    if protocols.len() < given.len() {
        return Err(invalid_parameter("A protocol is given twice."));
    }
    let fips = protocols.contains(&Protocol::HttpsFips);
    if fips && direction == Direction::Outbound {
        return Err(invalid_request("DoH-FIPS is applicable for inbound endpoints only."));
    }
    if fips && protocols.contains(&Protocol::Https) {
        return Err(invalid_request("DoH and DoH-FIPS cannot be combined."));
    }
    Ok(protocols)
}

/// DOC (UpdateResolverEndpoint, Protocols): "You can't change the protocol of an inbound endpoint directly from only Do53
/// to only DoH, or DoH-FIPS."
pub(super) fn check_change(from: &Protocols, to: &Protocols, direction: Direction) -> Result<()> {
    let plain = Protocols::from([Protocol::Do53]);
    if direction == Direction::Inbound && *from == plain && !to.contains(&Protocol::Do53) {
        return Err(invalid_request(
            "The protocol of an inbound endpoint can't be changed directly from Do53 only: enable both protocols first.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Protocol::{Do53, Https, HttpsFips};
    use super::*;

    #[test]
    fn the_documented_combinations_and_no_others() {
        let may = |direction, given: &[Protocol]| read(Some(given.to_vec()), direction).is_ok();
        for (given, inbound, outbound) in [
            (&[Do53][..], true, true),
            (&[Https], true, true),
            (&[HttpsFips], true, false),
            (&[Do53, Https], true, true),
            (&[Do53, HttpsFips], true, false),
            (&[Https, HttpsFips], false, false),
            (&[Do53, Do53], false, false),
            (&[], false, false),
        ] {
            assert_eq!(may(Direction::Inbound, given), inbound, "{given:?}");
            assert_eq!(may(Direction::Outbound, given), outbound, "{given:?}");
        }
        assert_eq!(read(None, Direction::Outbound).unwrap(), Protocols::from([Do53]));
    }

    #[test]
    fn an_inbound_endpoint_leaves_plain_dns_in_two_steps() {
        let set = |all: &[Protocol]| all.iter().copied().collect::<Protocols>();
        let may = |from: &[Protocol], to: &[Protocol], direction| check_change(&set(from), &set(to), direction).is_ok();
        assert!(!may(&[Do53], &[Https], Direction::Inbound));
        assert!(!may(&[Do53], &[HttpsFips], Direction::Inbound));
        assert!(may(&[Do53], &[Do53, Https], Direction::Inbound));
        assert!(may(&[Do53, Https], &[Https], Direction::Inbound));
        assert!(may(&[Do53], &[Https], Direction::Outbound));
    }
}

//! What VPC routing needs to know of transit gateways.

use crate::clock::Moment;
use crate::store::State;

/// Whether a VPC has an attachment to a transit gateway that carries traffic: only then a route may point at it, and
/// only then the route is active (aws-facts section 1.2, "TGW route timing").
pub(crate) fn reaches(_state: &State, _transit_gateway: &str, _vpc: &str, _now: Moment) -> bool {
    false
}

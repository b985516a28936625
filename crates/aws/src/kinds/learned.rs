//! What the route tables of a transit gateway have learned of its attachments: the only way to see the ranges of a VPC that
//! is another account's.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{TransitGatewayRouteState, TransitGatewayRouteType};
use ipnet::Ipv4Net;

use crate::snapshot::TableRoute;

/// By attachment. A range that a static route of the same table hides is not among them: AWS lists the route that wins.
pub(super) fn learned(routes: &[TableRoute]) -> BTreeMap<&str, BTreeSet<Ipv4Net>> {
    let mut learned: BTreeMap<&str, BTreeSet<Ipv4Net>> = BTreeMap::new();
    for (_, route) in routes {
        let (Some(TransitGatewayRouteType::Propagated), Some(TransitGatewayRouteState::Active), Some(destination)) =
            (route.r#type(), route.state(), route.destination_cidr_block())
        else {
            continue;
        };
        // IPv6 is none of our plans.
        let Ok(destination) = destination.parse() else { continue };
        for attachment in route.transit_gateway_attachments() {
            let Some(id) = attachment.transit_gateway_attachment_id() else { continue };
            learned.entry(id).or_default().insert(destination);
        }
    }
    learned
}

//! How long states last, in simulated seconds. AWS promises nothing: these are typical values (aws-facts section 1.2,
//! "1-3 min typical" for gateways and VPC attachments).

pub(super) const GATEWAY_PENDING: u64 = 90;
pub(super) const GATEWAY_MODIFYING: u64 = 30;
pub(super) const GATEWAY_DELETING: u64 = 60;

pub(super) const ATTACHMENT_PENDING: u64 = 75;
pub(super) const ATTACHMENT_MODIFYING: u64 = 30;
pub(super) const ATTACHMENT_DELETING: u64 = 60;
pub(super) const ATTACHMENT_REJECTING: u64 = 10;

pub(super) const ROUTE_TABLE_PENDING: u64 = 15;
pub(super) const ROUTE_TABLE_DELETING: u64 = 15;

pub(super) const ASSOCIATING: u64 = 30;
pub(super) const DISASSOCIATING: u64 = 30;

pub(super) const PROPAGATION_ENABLING: u64 = 10;
pub(super) const PROPAGATION_DISABLING: u64 = 10;

pub(super) const ROUTE_PENDING: u64 = 2;
pub(super) const ROUTE_DELETING: u64 = 2;

/// Until the accepter sees the request: "up to a minute" (aws-facts section 1.2).
pub(super) const PEERING_INITIATING: u64 = 20;
pub(super) const PEERING_PENDING: u64 = 60;

//! How long states last, in simulated seconds. AWS promises nothing: for associations, "10-20 min typical" (aws-facts
//! section 2.5); the others are unverified.

use std::time::Duration;

pub(super) const GATEWAY_PENDING: u64 = 5;
pub(super) const GATEWAY_DELETING: u64 = 30;

pub(super) const ASSOCIATING: u64 = 600;
pub(super) const UPDATING: u64 = 600;
pub(super) const DISASSOCIATING: u64 = 600;

pub(super) const CONNECTION_REQUESTED: u64 = 60;
pub(super) const CONNECTION_DELETING: u64 = 60;

/// From the owner's confirmation to BGP's session.
pub(super) const INTERFACE_PENDING: u64 = 120;
pub(super) const INTERFACE_DELETING: u64 = 60;

/// DOC (DescribeVirtualInterfaces): those "deleted fewer than 15 minutes before you make the request are also returned".
pub(super) const INTERFACE_LISTED: Duration = Duration::from_secs(15 * 60);
/// Aws-facts section 2.5: accepted ones "disappear after days". How many is unverified.
pub(super) const PROPOSAL_LISTED: Duration = Duration::from_secs(3 * 24 * 3600);

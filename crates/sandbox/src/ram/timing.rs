//! How long states last, in simulated seconds. AWS promises nothing; Terraform waits up to 5 minutes for shares and
//! resources, 3 for principals, 2 for an invitation to be seen (aws-facts section 2.4).

use std::time::Duration;

pub(super) const SHARE_PENDING: u64 = 2;
pub(super) const SHARE_DELETING: u64 = 10;

/// Of resources, and of principals once nothing is left to accept.
pub(super) const ASSOCIATING: u64 = 5;
pub(super) const DISASSOCIATING: u64 = 5;

/// Until the receiver sees an invitation.
pub(super) const INVITING: u64 = 5;

/// DOC (RAM user guide, "Accepting and rejecting resource share invitations"): seven days for some types of resources,
/// transit gateways and resolver rules among them; 12 hours for the others.
pub(super) const INVITATION: u64 = 7 * 24 * 3600;
pub(super) const SHORT_INVITATION: u64 = 12 * 3600;

/// Aws-facts section 0 "Tombstones": about an hour.
pub(super) const LISTED_FOR: u64 = 3600;

/// Until the service of a resource shows it to those that it is shared with: "seconds to a few minutes" (aws-facts
/// section 2.4 "Lag").
pub(super) fn seen_after() -> Duration {
    Duration::from_secs(20)
}

//! How long states last, in simulated seconds. AWS promises nothing.

/// Until a change is on all name servers: "within 60 seconds" (aws-facts section 2.2).
pub(super) const CHANGE_PENDING: u64 = 30;
/// How long a zone refuses another authorisation after one: `ConcurrentModification` is documented for requests at the same
/// time only, but seen by whoever sends them one after the other without a pause (aws-facts section 2.2).
pub(super) const AUTHORIZING: u64 = 1;
/// How long GetChange knows a change (unverified).
pub(super) const CHANGE_KEPT: u64 = 24 * 3600;

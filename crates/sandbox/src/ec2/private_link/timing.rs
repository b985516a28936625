//! How long states last, in simulated seconds. AWS promises nothing: these are typical values (aws-facts section 1.2,
//! "interface 1-3 min", "interface 2-10 min" for deletion).

pub(super) const ENDPOINT_PENDING: u64 = 90;
pub(super) const ENDPOINT_MODIFYING: u64 = 30;
pub(super) const ENDPOINT_DELETING: u64 = 150;

pub(super) const SERVICE_PENDING: u64 = 20;
pub(super) const SERVICE_DELETING: u64 = 20;

//! How long states last, in simulated seconds. AWS promises nothing; an endpoint takes "1-5 min" (aws-facts section 2.1),
//! a rule's update "minutes" and an association about two: Terraform's acceptance tests, hashicorp/terraform-provider-aws
//! pull request 7799.

pub(super) const ENDPOINT_CREATING: u64 = 120;
pub(super) const ENDPOINT_UPDATING: u64 = 30;
pub(super) const ENDPOINT_DELETING: u64 = 90;

pub(super) const ADDRESS_ATTACHING: u64 = 60;
pub(super) const ADDRESS_DETACHING: u64 = 60;

pub(super) const RULE_UPDATING: u64 = 60;
pub(super) const RULE_DELETING: u64 = 10;

pub(super) const ASSOCIATING: u64 = 60;
pub(super) const DISASSOCIATING: u64 = 60;

pub(super) const QUERY_LOG_CREATING: u64 = 5;
pub(super) const QUERY_LOG_DELETING: u64 = 5;

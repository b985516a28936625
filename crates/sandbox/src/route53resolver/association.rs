//! What a rule and a query logging configuration have in common when a VPC has them.

use serde::{Deserialize, Serialize};

use super::errors::{invalid_parameter, invalid_request};
use crate::clock::Moment;
use crate::error::Result;
use crate::service::Ctx;

/// Kept by the VPC's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Association {
    /// The rule or the configuration.
    pub of: String,
    /// Its account.
    pub owner: String,
    pub vpc: String,
    pub name: Option<String>,
    pub created: Moment,
    pub complete_at: Moment,
    pub ends_at: Option<Moment>,
}

/// Where in its life it is; the kinds have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Creating,
    Complete,
    Deleting,
}

impl Association {
    pub fn stage(&self, now: Moment) -> Stage {
        match self.ends_at {
            Some(_) => Stage::Deleting,
            None if now < self.complete_at => Stage::Creating,
            None => Stage::Complete,
        }
    }

    /// Unverified: that it cannot be ended while it begins or ends.
    pub fn must_be_complete(&self, now: Moment) -> Result<()> {
        match self.stage(now) {
            Stage::Complete => Ok(()),
            stage => Err(invalid_request(format!("The association of {} with {} is {stage:?}.", self.of, self.vpc))),
        }
    }
}

/// A VPC that is to be associated must be the caller's and in this Region. The code: getmoto/moto, route53resolver.
pub(super) fn check_vpc(ctx: &Ctx<'_>, vpc: &str) -> Result<()> {
    if ctx.ec2().vpcs.contains_key(vpc) {
        return Ok(());
    }
    Err(invalid_parameter(format!("The vpc ID '{vpc}' does not exist")))
}

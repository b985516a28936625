//! CloudWatch Logs: log groups, their streams and events. JSON 1.1. Rules: aws-facts section 1.2 "Flow log + CloudWatch log group".

mod event;
mod group;
mod settings;
mod stream;
mod tags;

use serde::{Deserialize, Serialize};

use crate::error::{AwsError, Result};
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};

pub(crate) use group::LogGroup;

pub(crate) static SERVICE: Service = Service {
    name: "logs",
    protocol: Protocol::Json { target: "Logs_20140328" },
    scope: Scope::Regional,
    operations: &[group::OPERATIONS, settings::OPERATIONS, tags::OPERATIONS, stream::OPERATIONS, event::OPERATIONS],
};

/// What CloudWatch Logs remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Logs {
    /// By name.
    pub groups: Table<LogGroup>,
}

fn logs<'a>(ctx: &'a Ctx<'_>) -> &'a Logs {
    &ctx.state.regional(&ctx.caller.account, ctx.region).logs
}

fn logs_mut<'a>(ctx: &'a mut Ctx<'_>) -> &'a mut Logs {
    &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).logs
}

impl Logs {
    fn group(&self, name: &str) -> Result<&LogGroup> {
        self.groups.get(name).ok_or_else(not_found)
    }

    fn group_mut(&mut self, name: &str) -> Result<&mut LogGroup> {
        if !self.groups.contains_key(name) {
            return Err(not_found());
        }
        self.groups.get_mut(name).ok_or_else(not_found)
    }
}

fn not_found() -> AwsError {
    AwsError::new("ResourceNotFoundException", "The specified log group does not exist.")
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let regions = state.account(account).regions.iter();
    regions
        .flat_map(|(region, regional)| {
            regional.logs.groups.iter().map(|(name, group)| Resource {
                region: region.clone(),
                kind: "log-group".to_owned(),
                id: name.clone(),
                tags: group.tags.clone(),
            })
        })
        .collect()
}

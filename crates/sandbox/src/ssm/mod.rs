//! Systems Manager: Parameter Store. JSON 1.1. Rules: the API reference (version 2014-11-06), cited as DOC.

mod name;
mod parameter;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Moment;
use crate::error::AwsError;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};

pub(crate) static SERVICE: Service = Service {
    name: "ssm",
    protocol: Protocol::Json { target: "AmazonSSM" },
    scope: Scope::Regional,
    operations: &[parameter::OPERATIONS],
};

/// What Parameter Store remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ssm {
    /// By name.
    pub parameters: Table<parameter::Parameter>,
    /// When a name was deleted that cannot be given again yet.
    pub deleted: Table<Moment>,
}

impl Ssm {
    /// Forgets names that can be given again.
    pub fn settle(&mut self, now: Moment) {
        self.deleted.prune(|at| at.plus(parameter::REST) <= now);
    }
}

fn ssm<'a>(ctx: &'a Ctx<'_>) -> &'a Ssm {
    &ctx.state.regional(&ctx.caller.account, ctx.region).ssm
}

fn ssm_mut<'a>(ctx: &'a mut Ctx<'_>) -> &'a mut Ssm {
    &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).ssm
}

fn validation(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationException", message)
}

/// The parameter that a request is about, as policies name it: `arn:aws:ssm:REGION:ACCOUNT:parameter/gcnet/naruto`. A name
/// without a slash in front has one there all the same, and a selector is no part of it (IAM, "Actions, resources, and
/// condition keys for AWS Systems Manager").
pub(crate) fn arn(input: &Value, region: &str, account: &str) -> Option<String> {
    let given = input.get("Name")?.as_str()?;
    if given.starts_with("arn:") {
        return Some(given.to_owned());
    }
    let name = given.split(':').next().unwrap_or(given).trim_start_matches('/');
    Some(format!("arn:aws:ssm:{region}:{account}:parameter/{name}"))
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let regions = state.account(account).regions.iter();
    regions
        .flat_map(|(region, regional)| {
            regional.ssm.parameters.iter().map(|(name, parameter)| Resource {
                region: region.clone(),
                kind: "parameter".to_owned(),
                id: name.clone(),
                tags: parameter.tags.clone(),
            })
        })
        .collect()
}

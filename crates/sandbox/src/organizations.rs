//! AWS Organizations, as far as a member sees it. JSON 1.1. DOC (Organizations API reference, DescribeOrganization: "You can
//! call this operation from any account in a organization").

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{AwsError, Result};
use crate::protocol::{Protocol, json_input};
use crate::service::{Ctx, Operation, Scope, Service};
use crate::store::digest;

pub(crate) static SERVICE: Service = Service {
    name: "organizations",
    protocol: Protocol::Json { target: "AWSOrganizationsV20161128" },
    scope: Scope::Global,
    operations: &[&[Operation::json_read("DescribeOrganization", describe)]],
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The account with the lowest number stands for the management account.
fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Nothing {} = json_input(input)?;
    let accounts = ctx.organizations.of(&ctx.caller.account);
    let management = accounts.and_then(|accounts| accounts.first()).ok_or_else(|| {
        AwsError::new("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    })?;
    let id = format!("o-{:016x}", u64::from_be_bytes(digest(ctx.state.seed, &format!("organization {management}"), 0)));
    Ok(json!({
        "Organization": {
            "Id": id,
            "Arn": format!("arn:aws:organizations::{management}:organization/{id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": format!("arn:aws:organizations::{management}:account/{id}/{management}"),
            "MasterAccountId": management,
            "MasterAccountEmail": "management@example.com",
            "AvailablePolicyTypes": [{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }],
        }
    }))
}

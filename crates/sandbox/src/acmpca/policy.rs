//! Who else may use an authority, in its own policy: PutPolicy, GetPolicy, DeletePolicy.

use serde::Deserialize;
use serde_json::{Value, json};

use super::access::SHAREABLE_ACTIONS;
use super::authority::{change, own};
use super::errors::not_found;
use crate::error::{AwsError, Result};
use crate::iam::ResourcePolicy;
use crate::protocol::json_input;
use crate::ram;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("PutPolicy", put),
    Operation::json_read("GetPolicy", get),
    Operation::json_write("DeletePolicy", delete),
];

/// Unverified: which states refuse these; DELETED does, as everything else.
const STATES: &[&str] = &["PENDING_CERTIFICATE", "ACTIVE", "DISABLED", "EXPIRED"];

/// DOC (AWSPolicy).
const LONGEST: usize = 81_920;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Put {
    resource_arn: String,
    policy: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resource_arn: String,
}

/// RAM writes policies of its own: an authority has one or the other in the sandbox (aws-facts section 2.3 "Policy / RAM").
/// Nobody can lock himself out, because only what can be shared may be named.
fn put(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Put { resource_arn: arn, policy: text } = json_input(input)?;
    own(ctx, "PutPolicy", &arn)?.require(ctx.now, "PutPolicy", STATES)?;
    refuse_shared(ctx, &arn)?;
    if !(1..=LONGEST).contains(&text.chars().count()) {
        return Err(invalid("The policy has no length between 1 and 81920."));
    }
    let policy = ResourcePolicy::parse(&text).map_err(|error| invalid(error.message))?;
    for scope in policy.scopes() {
        let of_authority = scope.resources.iter().all(|resource| *resource == arn);
        let known = |action: &String| action.strip_prefix("acm-pca:").is_some_and(|it| SHAREABLE_ACTIONS.contains(&it));
        if !scope.is_plain || !of_authority || !scope.actions.iter().all(known) {
            return Err(invalid("A statement names other resources or other actions than those that can be shared."));
        }
    }
    let owner = ctx.caller.account.clone();
    policy.check_principals(ctx.state, &owner, ctx.now).map_err(|error| invalid(error.message))?;
    change(ctx, &arn)?.policy = Some(text);
    Ok(json!({}))
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resource_arn: arn } = json_input(input)?;
    let authority = own(ctx, "GetPolicy", &arn)?;
    authority.require(ctx.now, "GetPolicy", STATES)?;
    refuse_shared(ctx, &arn)?;
    let policy = authority.policy.as_ref().ok_or_else(|| not_found("policy of", &arn))?;
    Ok(json!({ "Policy": policy }))
}

/// DOC: "If there is no policy attached to the private CA, this action will return successful."
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resource_arn: arn } = json_input(input)?;
    own(ctx, "DeletePolicy", &arn)?.require(ctx.now, "DeletePolicy", STATES)?;
    refuse_shared(ctx, &arn)?;
    change(ctx, &arn)?.policy = None;
    Ok(json!({}))
}

/// The text of the policies that RAM writes is not simulated, nor what follows from changing them.
fn refuse_shared(ctx: &Ctx<'_>, arn: &str) -> Result<()> {
    if ram::shares(ctx.state, &ctx.caller.account, ctx.region, arn, ctx.now) {
        let message = "The certificate authority is shared by RAM, whose policies the sandbox does not simulate.";
        return Err(AwsError::new("RequestFailedException", message));
    }
    Ok(())
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidPolicyException", message)
}

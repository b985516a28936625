//! The errors of the API. Numbers and words of messages are AWS's where a source is named; the others are unverified.

use std::fmt::Display;

use crate::error::AwsError;
use crate::service::Ctx;

/// A value that the model does not allow, whatever else there is.
pub(super) fn validation(field: &str, value: impl Display, must: &str) -> AwsError {
    AwsError::new(
        "ValidationException",
        format!(
            "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {must}"
        ),
    )
}

pub(super) fn invalid_parameter(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

/// What AWS calls a bad request for most of what does not go together.
pub(super) fn invalid_request(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidRequestException", message)
}

pub(super) fn missing(what: &str, id: &str) -> AwsError {
    AwsError::new("ResourceNotFoundException", format!("{what} with ID \"{id}\" does not exist."))
}

pub(super) fn exists(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceExistsException", message)
}

pub(super) fn in_use(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceInUseException", message)
}

/// What is in the middle of something. Unverified: which operations AWS refuses with this one.
pub(super) fn unavailable(message: impl Into<String>) -> AwsError {
    AwsError::new("ResourceUnavailableException", message)
}

/// A quota, `max-endpoints`. SDKs take this code for throttling (aws-facts section 6).
pub(super) fn limit(ctx: &Ctx<'_>, quota: &str) -> AwsError {
    let account = &ctx.caller.account;
    AwsError::new("LimitExceededException", format!("Account \"{account}\" has exceeded \"{quota}\"."))
}

/// What only the account may do that has made the resource. DOC (developer guide, "Sharing forwarding rules"): "can't
/// change or delete the rule".
pub(super) fn not_owner(ctx: &Ctx<'_>, operation: &str, arn: &str) -> AwsError {
    let action = format!("route53resolver:{operation}");
    let why = format!("because no resource-based policy allows the {action} action");
    super::SERVICE.protocol.denied(&ctx.caller.arn, &action, arn, &why)
}

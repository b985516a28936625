//! The errors of the API. The codes are those of its model; messages are AWS's where a source is named, and otherwise
//! unverified.

use std::fmt::Display;

use crate::error::AwsError;
use crate::service::Ctx;

/// A value that the model does not allow, whatever else there is.
pub(super) fn validation(field: &str, value: impl Display, must: &str) -> AwsError {
    refused(format!(
        "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {must}"
    ))
}

/// What AWS calls a validation error though the model knows nothing of it: user guide, "RFC compliance".
pub(super) fn refused(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationException", message)
}

pub(super) fn invalid_args(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidArgsException", message)
}

pub(super) fn invalid_request(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidRequestException", message)
}

pub(super) fn invalid_arn(arn: &str) -> AwsError {
    AwsError::new("InvalidArnException", format!("The ARN {arn} is not valid."))
}

pub(super) fn not_found(what: &str, id: &str) -> AwsError {
    AwsError::new("ResourceNotFoundException", format!("Could not find {what} {id}"))
}

/// The message names the state.
pub(super) fn wrong_state(state: &str, operation: &str) -> AwsError {
    let message = match state {
        // Seen in practice, of ListTags.
        "DELETED" => {
            "The certificate authority is in the DELETED state and must be restored to complete this action.".to_owned()
        }
        _ => format!("The certificate authority is in the {state} state, which does not allow {operation}."),
    };
    AwsError::new("InvalidStateException", message)
}

pub(super) fn in_progress(message: impl Into<String>) -> AwsError {
    AwsError::new("RequestInProgressException", message)
}

/// A quota. SDKs take this code for throttling (aws-facts section 6).
pub(super) fn limit(message: impl Into<String>) -> AwsError {
    AwsError::new("LimitExceededException", message)
}

pub(super) fn malformed_csr(message: impl Into<String>) -> AwsError {
    AwsError::new("MalformedCSRException", message)
}

pub(super) fn malformed_certificate(message: impl Into<String>) -> AwsError {
    AwsError::new("MalformedCertificateException", message)
}

pub(super) fn mismatch(message: impl Into<String>) -> AwsError {
    AwsError::new("CertificateMismatchException", message)
}

/// What another account may not do with this one.
pub(super) fn denied(ctx: &Ctx<'_>, operation: &str, arn: &str) -> AwsError {
    let action = format!("acm-pca:{operation}");
    let why = format!("because no resource-based policy allows the {action} action");
    super::SERVICE.protocol.denied(&ctx.caller.arn, &action, arn, &why)
}

/// What cannot happen: a key or a certificate that the sandbox itself has written and cannot read. Says nothing of it.
pub(super) fn internal() -> AwsError {
    super::SERVICE.protocol.server_error()
}

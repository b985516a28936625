//! RAM's errors. The codes are those of its model.

use crate::error::AwsError;

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

pub(super) fn malformed_arn(arn: &str) -> AwsError {
    AwsError::new("MalformedArnException", format!("The specified resource ARN {arn} is not valid."))
}

pub(super) fn unknown(what: &str, id: &str) -> AwsError {
    AwsError::new("UnknownResourceException", format!("{what} {id} could not be found."))
}

pub(super) fn not_permitted(message: impl Into<String>) -> AwsError {
    AwsError::new("OperationNotPermittedException", message)
}

pub(super) fn wrong_state(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidStateTransitionException", message)
}

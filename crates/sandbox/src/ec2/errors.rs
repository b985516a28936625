//! The errors that several kinds answer. Source of the codes: EC2 API reference, "Error codes".

use crate::error::AwsError;
use crate::protocol::Xml;

/// `Invalid…ID.NotFound`.
pub(crate) fn not_found(code: &'static str, resource_type: &str, id: &str) -> AwsError {
    let kind = resource_type.replace('-', " ");
    AwsError::new(code, format!("The {kind} ID '{id}' does not exist"))
}

/// Something is still inside, or still refers to it.
pub(crate) fn in_use(resource_type: &str, id: &str) -> AwsError {
    AwsError::new("DependencyViolation", format!("The {resource_type} '{id}' has dependencies and cannot be deleted."))
}

/// One of the `…LimitExceeded` codes.
pub(crate) fn quota(code: &'static str, what: &str) -> AwsError {
    AwsError::new(code, format!("The maximum number of {what} has been reached."))
}

/// Two parameters that do not go together, or too few or too many of them.
pub(crate) fn combination(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterCombination", message)
}

/// A value that is refused for a reason that names no single parameter.
pub(crate) fn invalid_value(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValue", message)
}

/// One item that failed in an answer that is otherwise fine.
pub(crate) fn unsuccessful(id: &str, error: &AwsError) -> Xml {
    let content = Xml::new().text("code", &error.code).text("message", &error.message);
    Xml::new().nest("error", content).text("resourceId", id)
}

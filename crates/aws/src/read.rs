//! Small helpers for reading answers.

use aws_smithy_types::{DateTime, date_time::Format};
use gcnet_core::{Class, Failure};

/// A member that AWS documents as always present.
pub(crate) fn need<T>(value: Option<T>, operation: &'static str, member: &str) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::internal(operation, format!("the answer has no {member}")))
}

/// A text that must parse.
pub(crate) fn parse<T: std::str::FromStr>(text: &str, operation: &'static str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| Failure::internal(operation, format!("`{text}`: {error}")))
}

/// A moment as RFC 3339.
pub(crate) fn rfc3339(moment: Option<&DateTime>) -> Option<String> {
    moment.and_then(|moment| moment.fmt(Format::DateTime).ok())
}

/// What another account will be shown in a moment: the read succeeded, and it was not there.
pub(crate) fn not_seen(operation: &'static str, account: &str, what: &str) -> Failure {
    Failure {
        class: Class::NotFound,
        code: "not-seen".into(),
        account: Some(account.into()),
        ..Failure::internal(operation, what)
    }
}

//! Parameters with IAM's constraints, and IAM's words for breaking them.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::error::{AwsError, Result};
use crate::protocol::Params;

/// What a role or a policy may be called: 64 or 128 characters of `[\w+=,.@-]`.
pub(super) fn name(p: &Params, parameter: &str, longest: usize) -> Result<String> {
    let value = text(p, parameter, 1..=longest)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !value.chars().all(allowed) {
        return Err(broken(parameter, &value, "Member must satisfy regular expression pattern: [\\w+=,.@-]+"));
    }
    Ok(value)
}

/// A path: `/` or `/…/`, at most 512 characters, all of them visible ASCII.
pub(super) fn path(p: &Params) -> Result<String> {
    let Some(path) = p.optional("Path") else {
        return Ok("/".to_owned());
    };
    let shaped = path == "/" || (path.len() > 2 && path.starts_with('/') && path.ends_with('/'));
    if !shaped || path.len() > 512 || path.contains("//") || !path.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(broken(
            "Path",
            &path,
            "Member must begin and end with / and contain only visible ASCII characters",
        ));
    }
    Ok(path)
}

/// The prefix of paths that a list is limited to; `/` when absent.
pub(super) fn path_prefix(p: &Params) -> Result<String> {
    let prefix = p.optional("PathPrefix").unwrap_or_else(|| "/".to_owned());
    if !prefix.starts_with('/') || prefix.len() > 512 || !prefix.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(broken(
            "PathPrefix",
            &prefix,
            "Member must begin with / and contain only visible ASCII characters",
        ));
    }
    Ok(prefix)
}

/// Text of a length that is counted in characters.
pub(super) fn text(p: &Params, parameter: &str, length: RangeInclusive<usize>) -> Result<String> {
    let value = p.optional(parameter).ok_or_else(|| broken(parameter, "null", "Member must not be null"))?;
    if !length.contains(&value.chars().count()) {
        let (least, most) = (length.start(), length.end());
        let why = format!("Member must have length between {least} and {most}");
        return Err(broken(parameter, &value, &why));
    }
    Ok(value)
}

/// At most 1,000 characters without control characters.
pub(super) fn description(p: &Params) -> Result<Option<String>> {
    let Some(value) = p.optional("Description") else {
        return Ok(None);
    };
    if value.chars().count() > 1000 {
        return Err(broken("Description", &value, "Member must have length less than or equal to 1000"));
    }
    Ok(Some(value))
}

/// A number within bounds.
pub(super) fn number(p: &Params, parameter: &str, bounds: RangeInclusive<i64>) -> Result<Option<i64>> {
    let Some(value) = p.optional(parameter) else {
        return Ok(None);
    };
    match value.parse() {
        Ok(number) if bounds.contains(&number) => Ok(Some(number)),
        _ => {
            let why = format!("Member must have a value between {} and {}", bounds.start(), bounds.end());
            Err(broken(parameter, &value, &why))
        }
    }
}

/// `ValidationError` in the words of the IAM API.
pub(super) fn broken(parameter: &str, value: impl Display, why: &str) -> AwsError {
    let mut letters = parameter.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    let member: String = first.into_iter().chain(letters).collect();
    AwsError::new(
        "ValidationError",
        format!("1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {why}"),
    )
}

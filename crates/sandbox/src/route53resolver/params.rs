//! What several requests have in common.

use super::errors::{exists, validation};
use super::{resolver, resolver_mut};
use crate::error::Result;
use crate::service::Ctx;

/// DOC (Name): at most 64 letters, digits, hyphens, underscores and spaces, and not digits alone.
pub(super) fn check_name(name: &str) -> Result<()> {
    const LONGEST: usize = 64;
    if name.chars().count() > LONGEST {
        return Err(validation("name", name, "have length less than or equal to 64"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
    if name.is_empty() || !name.chars().all(allowed) || name.bytes().all(|byte| byte.is_ascii_digit()) {
        let pattern = "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9\\-_' ']+)";
        return Err(validation("name", name, pattern));
    }
    Ok(())
}

/// The same for a name that may be left out.
pub(super) fn check_optional_name(name: Option<&String>) -> Result<()> {
    name.map_or(Ok(()), |name| check_name(name))
}

/// Uses up a CreatorRequestId for one kind, `Resolver Endpoint`. The model allows 1 to 255 characters.
///
/// A repetition is refused even if all else is the same: so says aws/aws-cdk issue 5012, where a service that retries by
/// itself is told of its own first attempt. Unverified: for how long AWS remembers an id after what it made is gone.
pub(super) fn request_id(ctx: &mut Ctx<'_>, kind: &str, id: &str) -> Result<()> {
    if id.is_empty() || id.chars().count() > 255 {
        return Err(validation("creatorRequestId", id, "have length between 1 and 255"));
    }
    let key = format!("{kind} {id}");
    if resolver(ctx).request_ids.contains_key(&key) {
        return Err(exists(format!("{kind} with creator request id \"{id}\" already exists.")));
    }
    let now = ctx.now;
    resolver_mut(ctx).request_ids.insert(key, now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "in-1_b c", "1a", &"x".repeat(64)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "123", "a.b", "鳴門", "a'b", &"x".repeat(65)] {
            assert_eq!(check_name(bad).unwrap_err().code, "ValidationException", "{bad}");
        }
    }
}

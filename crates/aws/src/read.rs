//! Small helpers for reading answers.

use aws_smithy_types::{DateTime, date_time::Format};
use gcnet_core::{Address, Class, Failure, Stack, Tags, identity};

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

/// What says whose a thing is, where somebody took such tags away from what shows it otherwise too. Without its fingerprint, so
/// that it differs and its tags are written again, and protected: whether it was, nobody knows any more.
pub(crate) fn fill_in(tags: &mut Tags, stack: &Stack, address: &Address) {
    if identity::claim(tags).is_some() {
        return;
    }
    for (key, value) in [
        (identity::MUNICIPALITY, stack.municipality.clone()),
        (identity::ENVIRONMENT, stack.environment.clone()),
        (identity::ADDRESS, address.to_string()),
        (identity::PROTECT, identity::PROTECTED.into()),
    ] {
        tags.entry(key.into()).or_insert(value);
    }
    tags.remove(identity::SPEC);
}

/// What a read shows; nothing where it may not be read.
pub(crate) fn seen<T: Default>(read: Result<T, Failure>) -> Result<T, Failure> {
    match read {
        Err(failure) if matches!(failure.class, Class::Denied | Class::Guardrail) => Ok(T::default()),
        read => read,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_filled_in() {
        let tags =
            |pairs: &[(&str, &str)]| -> Tags { pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect() };
        let filled = |given: &[(&str, &str)]| {
            let mut tags = tags(given);
            fill_in(&mut tags, &Stack::new("naruto", "prod"), &Address::new("bucket", "ca"));
            tags
        };
        let (city, environment, address) = (identity::MUNICIPALITY, identity::ENVIRONMENT, identity::ADDRESS);
        let others = [(city, "itano"), (environment, "prod"), (address, "bucket/ca"), (identity::SPEC, "1")];
        assert_eq!(filled(&others), tags(&others));
        let protected = (identity::PROTECT, "yes");
        let whole = tags(&[(city, "naruto"), (environment, "prod"), (address, "bucket/ca"), protected]);
        assert_eq!(filled(&[]), whole);
        assert_eq!(filled(&[(city, "naruto"), (address, "bucket/ca"), (identity::SPEC, "1")]), whole);
        assert_eq!(filled(&[(city, "itano")])[city], "itano");
    }
}

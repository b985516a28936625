//! Domain names as rules have them.

use super::errors::{invalid_parameter, validation};
use crate::error::Result;

/// In lower case and with a dot at its end, as AWS reads it back (aws-facts section 2.1). The root, `.`, is a domain.
///
/// Letters, digits, hyphens and underscores only. DOC (developer guide, "DNS domain name format") has more, as octal
/// escapes; that is not simulated.
pub(super) fn normalize(given: &str) -> Result<String> {
    // DOC (CreateResolverRule, DomainName).
    if given.is_empty() || given.len() > 256 {
        return Err(validation("domainName", given, "have length between 1 and 256"));
    }
    if given == "." {
        return Ok(given.to_owned());
    }
    let name = given.strip_suffix('.').unwrap_or(given).to_ascii_lowercase();
    // RFC 1035, section 2.3.4: 255 octets on the wire, which is 253 characters.
    if name.len() > 253 || !name.split('.').all(is_label) {
        return Err(invalid_parameter(format!("The domain name '{given}' is invalid.")));
    }
    Ok(format!("{name}."))
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=63).contains(&label.len()) && label.bytes().all(allowed) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_lower_case_with_a_dot() {
        for (given, expected) in [
            (".", "."),
            ("City.LG.jp", "city.lg.jp."),
            ("city.lg.jp.", "city.lg.jp."),
            ("_tcp.a-b.jp", "_tcp.a-b.jp."),
            ("1.210.10.in-addr.arpa", "1.210.10.in-addr.arpa."),
        ] {
            assert_eq!(normalize(given).unwrap(), expected);
        }
        let (label, long) = ("x".repeat(64), "ab.".repeat(85));
        for bad in ["", "..", "a..b", ".a", "-a.jp", "a-.jp", "a b.jp", "鳴門.jp", "*.jp", &label, &long] {
            assert!(normalize(bad).is_err(), "{bad}");
        }
    }
}

//! PEM (RFC 7468), and the base64 that carries it as a blob in JSON.

use base64::prelude::{BASE64_STANDARD, Engine};

/// One block in lines of 64: `CERTIFICATE`, `CERTIFICATE REQUEST`.
pub(super) fn block(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = BASE64_STANDARD.encode(der);
    while !rest.is_empty() {
        let after = rest.split_off(rest.len().min(64));
        text.push_str(&rest);
        text.push('\n');
        rest = after;
    }
    text + &format!("-----END {label}-----\n")
}

/// The bytes of a blob.
pub(super) fn unwrap(blob: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(blob).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_of_64() {
        assert_eq!(block("X", &[0; 48]), format!("-----BEGIN X-----\n{}\n-----END X-----\n", "A".repeat(64)));
        assert_eq!(block("X", &[0; 49]).lines().nth(2), Some("AA=="));
        assert_eq!(unwrap("Zg==").unwrap(), b"f");
        assert_eq!(unwrap("Zg="), None);
    }
}

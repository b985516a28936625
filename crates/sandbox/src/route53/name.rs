//! Domain names as Route 53 keeps them: in lower case, with a dot at the end, and in escape codes what is not a letter,
//! a digit, a hyphen or an underscore.
//!
//! DOC (Route 53 developer guide, "DNS domain name format").

use std::fmt;

/// Bytes of a label.
const LONGEST_LABEL: usize = 63;
/// Bytes of a name, the dots included.
const LONGEST_NAME: usize = 255;

/// What is wrong with a name; as Route 53 says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadName {
    Empty,
    LabelEmpty,
    LabelTooLong,
    TooLong,
    Unsupported,
    Escape,
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "DomainNameEmpty (Domain name is empty)",
            Self::LabelEmpty => "DomainLabelEmpty (Domain label is empty)",
            Self::LabelTooLong => "DomainLabelTooLong (Domain label is too long)",
            Self::TooLong => "DomainNameTooLong (Domain name is too long)",
            Self::Unsupported => "UnsupportedCharacter (Value contains unsupported characters)",
            Self::Escape => "InvalidEscapeSequence (Value contains an escape code that is not valid)",
        })
    }
}

/// A name as it is kept; None of its ways to be written makes a difference.
pub(super) fn canonical(text: &str) -> Result<String, BadName> {
    let mut labels: Vec<Vec<u8>> = vec![Vec::new()];
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'.' => labels.push(Vec::new()),
            b'\\' => {
                let (code, after) = after.split_at_checked(3).ok_or(BadName::Escape)?;
                push(&mut labels, octal(code).ok_or(BadName::Escape)?);
                rest = after;
            }
            b'!'..=b'~' => push(&mut labels, byte),
            _ => return Err(BadName::Unsupported),
        }
    }
    // The dot at the end.
    if labels.last().is_some_and(Vec::is_empty) {
        labels.pop();
    }
    if labels.iter().all(Vec::is_empty) && labels.len() < 2 {
        return Err(BadName::Empty);
    }
    if labels.iter().any(Vec::is_empty) {
        return Err(BadName::LabelEmpty);
    }
    if labels.iter().any(|label| label.len() > LONGEST_LABEL) {
        return Err(BadName::LabelTooLong);
    }
    if labels.iter().map(|label| label.len() + 1).sum::<usize>() > LONGEST_NAME {
        return Err(BadName::TooLong);
    }
    Ok(labels.iter().map(|label| label.iter().map(|byte| written(*byte)).collect::<String>() + ".").collect())
}

fn push(labels: &mut [Vec<u8>], byte: u8) {
    if let Some(label) = labels.last_mut() {
        label.push(byte.to_ascii_lowercase());
    }
}

/// Three octal digits, up to `\377`.
fn octal(code: &[u8]) -> Option<u8> {
    let digits = code.iter().map(|digit| char::from(*digit).to_digit(8));
    let value = digits.into_iter().try_fold(0, |value, digit| Some(value * 8 + digit?))?;
    u8::try_from(value).ok()
}

fn written(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("\\{other:03o}"),
    }
}

/// A kept name with its labels the other way round, by which lists are sorted: `com.example.www.`.
pub(super) fn reversed(name: &str) -> String {
    let labels = name.strip_suffix('.').unwrap_or(name).rsplit('.');
    labels.map(|label| format!("{label}.")).collect()
}

/// Whether a kept name is a zone's or below it.
pub(super) fn is_within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|head| head.is_empty() || head.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_in_one_way() {
        for (given, kept) in [
            ("WWW.Example.COM", "www.example.com."),
            ("www.example.com.", "www.example.com."),
            ("*.example.com", "\\052.example.com."),
            ("\\052.example.com.", "\\052.example.com."),
            ("@.example.com", "\\100.example.com."),
            ("_sip._tcp.example.com", "_sip._tcp.example.com."),
            ("\\101bc.\\344.com", "abc.\\344.com."),
            ("a\\056b.com", "a\\056b.com."),
            ("12.10.in-addr.arpa", "12.10.in-addr.arpa."),
        ] {
            assert_eq!(canonical(given).as_deref(), Ok(kept), "{given}");
            assert_eq!(canonical(kept).as_deref(), Ok(kept), "{kept}");
        }
        let label = "a".repeat(63);
        assert!(canonical(&label).is_ok());
        let longest = [label.as_str(); 4].join(".");
        for (given, wrong) in [
            ("", BadName::Empty),
            (".", BadName::Empty),
            ("a..b", BadName::LabelEmpty),
            (".a", BadName::LabelEmpty),
            ("a..", BadName::LabelEmpty),
            ("a b.com", BadName::Unsupported),
            ("日本.example", BadName::Unsupported),
            ("a\\9.com", BadName::Escape),
            ("a\\400.com", BadName::Escape),
            ("a\\", BadName::Escape),
            (&format!("{label}a"), BadName::LabelTooLong),
            (&longest, BadName::TooLong),
        ] {
            assert_eq!(canonical(given), Err(wrong), "{given}");
        }
    }

    #[test]
    fn a_name_is_within_a_zone_by_whole_labels() {
        assert!(is_within("example.com.", "example.com."));
        assert!(is_within("a.b.example.com.", "example.com."));
        assert!(!is_within("anexample.com.", "example.com."));
        assert!(!is_within("com.", "example.com."));
        assert_eq!(reversed("www.example.com."), "com.example.www.");
    }
}

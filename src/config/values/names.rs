//! Names: of things in the file, of tags, and the municipal code.

use std::fmt;
use std::ops::Deref;

use super::{scalar, text_type};
use crate::config::fault::{Fault, Form};

text_type! {
    /// A name that other parts of the file, AWS names and tags refer to: lower-case letters, digits and hyphens, at most 32.
    Name, Form::Name, "^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$",
    |text| text.len() <= 32 && text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
text_type! {
    /// A text that is not empty: a name in Japanese, a company, a reason, the value of a record. At most 4,000 characters.
    Text, Form::Text, r"^[\s\S]*\S[\s\S]*$", |text| !text.trim().is_empty(), 4000
}
text_type! {
    /// Key of a tag: at most 128 characters, not `Name` or starting `gcnet:` (ours), nor starting `aws:` (AWS's own).
    TagKey, Form::TagKey, "^(?!aws:)(?!gcnet:)(?!Name$).{1,128}$",
    |text| !text.is_empty() && text.chars().count() <= 128 && text != "Name"
        && !text.to_ascii_lowercase().starts_with("aws:") && !text.to_ascii_lowercase().starts_with("gcnet:")
}
text_type! {
    /// Value of a tag: at most 256 characters.
    TagValue, Form::TagValue, "^.{0,256}$", |text| text.chars().count() <= 256
}

/// 全国地方公共団体コード: five digits and a check digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MunicipalCode(String);

impl MunicipalCode {
    /// Reads six digits and verifies the last: 11 minus the weighted sum of the others (6,5,4,3,2) modulo 11, last digit.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Fault::Form { form: Form::Code });
        }
        let sum: u32 = text.bytes().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        let expected = ((11 - sum % 11) % 10) as u8;
        if text.as_bytes().last() != Some(&(b'0' + expected)) {
            return Err(Fault::CheckDigit { expected });
        }
        Ok(Self(text.to_owned()))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first five digits, which tell municipalities apart.
    pub fn five_digits(&self) -> u32 {
        // Six ASCII digits by construction, so this always parses.
        self.0.get(..5).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }
}

impl fmt::Display for MunicipalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(MunicipalCode, Form::Code, r"^\d{6}$", "a municipal code");

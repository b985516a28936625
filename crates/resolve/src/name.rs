//! Domain names.

use std::{fmt, iter, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

/// Bytes of a name without its last dot: 255 on the wire, less the root's label and the first length (RFC 1035, 2.3.4).
const LONGEST: usize = 253;
/// Bytes of a label (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// A domain name, fully qualified: lower case, without a dot at its end. The root is written `.`.
///
/// Labels are of letters, digits, hyphens (not at an end), underscores (service records, validation records) and slashes
/// (reverse zones smaller than an octet, RFC 2317). A first label `*` is a wildcard where a record has it. An
/// internationalised name must have been turned into punycode.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The root, `.`.
    #[must_use]
    pub fn root() -> Name {
        Name(String::new())
    }

    /// The name under which the name of an address is looked up: `10.0.1.10.in-addr.arpa` for 10.1.0.10.
    #[must_use]
    pub fn reverse(address: IpAddr) -> Name {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                Name(format!("{d}.{c}.{b}.{a}.in-addr.arpa"))
            }
            IpAddr::V6(address) => {
                let digits = (0..32).map(|digit| format!("{:x}.", (address.to_bits() >> (4 * digit)) & 15));
                Name(digits.collect::<String>() + "ip6.arpa")
            }
        }
    }

    /// Whether it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether its first label is `*`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.0 == "*" || self.0.starts_with("*.")
    }

    /// Whether it is a domain or lies below it.
    #[must_use]
    pub fn is_within(&self, domain: &Name) -> bool {
        within(&self.0, &domain.0)
    }

    /// As text; the root is `.`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if self.is_root() { "." } else { &self.0 }
    }

    /// As the index has it: the root is empty, so that it ends every name.
    pub(crate) fn key(&self) -> &str {
        &self.0
    }

    /// Of a key of the index, which is a part of a name.
    pub(crate) fn of(key: &str) -> Name {
        Name(key.into())
    }
}

/// A name and then every domain that it lies below, the root last.
pub(crate) fn upwards(key: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(key), |name| above(name))
}

/// The domain directly above; `None` for the root.
pub(crate) fn above(key: &str) -> Option<&str> {
    if key.is_empty() { None } else { Some(key.split_once('.').map_or("", |(_, above)| above)) }
}

/// Whether a name is a domain or lies below it.
pub(crate) fn within(key: &str, domain: &str) -> bool {
    domain.is_empty() || key.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Name, NameError> {
        if text == "." {
            return Ok(Name::root());
        }
        let text = text.strip_suffix('.').unwrap_or(text);
        if let Some(character) = text.chars().find(|character| !allowed(*character)) {
            return Err(NameError::Character { character });
        }
        if text.len() > LONGEST {
            return Err(NameError::TooLong);
        }
        text.split('.').enumerate().try_for_each(|(number, label)| check(label, number == 0))?;
        Ok(Name(text.to_ascii_lowercase()))
    }
}

fn check(label: &str, first: bool) -> Result<(), NameError> {
    let own = || label.to_string();
    match label {
        "" => Err(NameError::EmptyLabel),
        "*" if first => Ok(()),
        _ if label.contains('*') => Err(NameError::Star { label: own() }),
        _ if label.len() > LONGEST_LABEL => Err(NameError::LongLabel { label: own() }),
        _ if label.starts_with('-') || label.ends_with('-') => Err(NameError::Hyphen { label: own() }),
        _ => Ok(()),
    }
}

fn allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '/' | '*' | '.')
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Name, NameError> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.to_string()
    }
}

/// Why a text is no domain name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A character that no name has, or that only punycode can express.
    #[error("{character:?} cannot stand in a domain name")]
    Character {
        /// The first such.
        character: char,
    },
    /// Nothing at all, or two dots in a row, or a dot at the start.
    #[error("a domain name has no empty label")]
    EmptyLabel,
    /// More than 63 bytes between two dots.
    #[error("the label {label} is longer than {LONGEST_LABEL} bytes")]
    LongLabel {
        /// The label.
        label: String,
    },
    /// More than 253 bytes, the last dot not counted.
    #[error("the name is longer than {LONGEST} bytes")]
    TooLong,
    /// A hyphen at an end of a label.
    #[error("the label {label} starts or ends with a hyphen")]
    Hyphen {
        /// The label.
        label: String,
    },
    /// An asterisk that is not the whole of the first label.
    #[error("the asterisk in {label} does not stand alone at the start of the name")]
    Star {
        /// The label.
        label: String,
    },
}

//! The name of a resource inside one stack.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `kind/name`, for example `subnet/dns-a`. The name may contain slashes: a route is `route/dns/10.1.0.0/16`.
///
/// It is written into the tag `gcnet:address`, so it keeps to what AWS accepts there: at most 256 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(Box<str>);

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address of the form kind/name")]
pub struct InvalidAddress(pub String);

impl Address {
    /// The address of the resource `name` of a kind.
    pub fn new(kind: &str, name: &str) -> Self {
        Address(format!("{kind}/{name}").into())
    }

    /// Reads `kind/name`; both parts must be there.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        match text.split_once('/') {
            Some((kind, name)) if !kind.is_empty() && !name.is_empty() => Ok(Address(text.into())),
            _ => Err(InvalidAddress(text.into())),
        }
    }

    /// The part before the first slash.
    pub fn kind(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(kind, _)| kind)
    }

    /// The part after the first slash.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Address {
    type Error = InvalidAddress;
    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        Address::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.0.into()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

//! What a certificate speaks for.

use std::{fmt, net::IpAddr};

use x509_parser::extensions::GeneralName;

use crate::config::values::Domain;

/// One subject alternative name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A host, in lower case and punycode; its first label can be `*`.
    Dns(String),
    /// An address.
    Address(IpAddr),
    /// Anything else that a request may hold, as `email:…`.
    Other(String),
}

/// A text is no name of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName {
    /// As it was given.
    pub name: String,
    /// Its letters are not ASCII in a place where only punycode can stand.
    pub needs_punycode: bool,
}

impl Name {
    /// Of what a person writes: an address, or a host in any script.
    ///
    /// # Errors
    /// Neither of the two, or `*` alone.
    pub fn host(text: &str) -> Result<Name, BadName> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Name::Address(address));
        }
        let bad = || BadName { name: text.into(), needs_punycode: false };
        let domain = Domain::parse(text).map_err(|_| bad())?;
        if domain.as_str() == "*" { Err(bad()) } else { Ok(Name::Dns(domain.as_str().into())) }
    }

    /// Of what a request or a certificate holds. A dNSName is an IA5String, so other scripts must be punycode there.
    pub(super) fn of(name: &GeneralName<'_>) -> Result<Name, BadName> {
        match name {
            GeneralName::DNSName(host) if !host.is_ascii() => {
                Err(BadName { name: (*host).into(), needs_punycode: true })
            }
            GeneralName::DNSName(host) => match Name::host(host)? {
                name @ Name::Dns(_) => Ok(name),
                // Verifiers compare an address with iPAddress only.
                _ => Err(BadName { name: (*host).into(), needs_punycode: false }),
            },
            GeneralName::IPAddress(bytes) => match (<[u8; 4]>::try_from(*bytes), <[u8; 16]>::try_from(*bytes)) {
                (Ok(v4), _) => Ok(Name::Address(v4.into())),
                (_, Ok(v6)) => Ok(Name::Address(v6.into())),
                _ => Err(BadName { name: format!("{bytes:02x?}"), needs_punycode: false }),
            },
            GeneralName::RFC822Name(mail) => Ok(Name::Other(format!("email:{mail}"))),
            GeneralName::URI(uri) => Ok(Name::Other(format!("uri:{uri}"))),
            GeneralName::DirectoryName(name) => Ok(Name::Other(format!("dirname:{name}"))),
            GeneralName::RegisteredID(oid) => Ok(Name::Other(format!("rid:{oid}"))),
            GeneralName::OtherName(oid, _) => Ok(Name::Other(format!("othername:{oid}"))),
            GeneralName::X400Address(_) => Ok(Name::Other("x400".into())),
            GeneralName::EDIPartyName(_) => Ok(Name::Other("ediparty".into())),
            GeneralName::Invalid(_, bytes) => {
                Err(BadName { name: String::from_utf8_lossy(bytes).into_owned(), needs_punycode: true })
            }
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Dns(text) | Name::Other(text) => f.write_str(text),
            Name::Address(address) => write!(f, "{address}"),
        }
    }
}

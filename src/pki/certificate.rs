//! Certificates and chains, read for people and for trust stores.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{Name, Serial, pem};

/// A certificate that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The whole of it.
    pub der: Vec<u8>,
    /// `CN=…, O=…`
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Of its issuer's certificates this one.
    pub serial: Serial,
    /// Not valid earlier.
    pub not_before: Timestamp,
    /// Not valid later.
    pub not_after: Timestamp,
    /// Whom it speaks for. Names that cannot be read are left out.
    pub names: Vec<Name>,
    /// It may sign others.
    pub is_authority: bool,
}

/// What should be certificates in PEM is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a certificate")]
pub struct NotACertificate;

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// It is no certificate, or something follows it.
    pub fn from_der(der: &[u8]) -> Result<Certificate, NotACertificate> {
        let Ok(([], read)) = X509Certificate::from_der(der) else { return Err(NotACertificate) };
        let moment = |seconds: i64| Timestamp::from_second(seconds).map_err(|_| NotACertificate);
        let names = read.subject_alternative_name().ok().flatten();
        let names = names.into_iter().flat_map(|listed| &listed.value.general_names);
        Ok(Certificate {
            der: der.to_vec(),
            subject: read.subject().to_string(),
            issuer: read.issuer().to_string(),
            serial: Serial::of(read.raw_serial()),
            not_before: moment(read.validity().not_before.timestamp())?,
            not_after: moment(read.validity().not_after.timestamp())?,
            names: names.filter_map(|name| Name::of(name).ok()).collect(),
            is_authority: read.is_ca(),
        })
    }

    /// Reads all certificates of a text in PEM, in their order.
    ///
    /// # Errors
    /// There is none, a block is broken, or one is no certificate.
    pub fn all(text: &str) -> Result<Vec<Certificate>, NotACertificate> {
        let blocks = pem::decode(text.as_bytes()).filter(|blocks| !blocks.is_empty()).ok_or(NotACertificate)?;
        blocks.iter().map(|block| Certificate::from_der(&block.der)).collect()
    }

    /// In PEM.
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }

    /// SHA-256 of the whole, as trust stores and browsers show it: `AA:BB:…`.
    pub fn fingerprint(&self) -> String {
        let bytes: Vec<String> = Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect();
        bytes.join(":")
    }

    /// It is its own issuer: a root.
    pub fn is_root(&self) -> bool {
        self.is_authority && self.subject == self.issuer
    }
}

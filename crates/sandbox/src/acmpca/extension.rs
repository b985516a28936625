//! X.509 extensions (RFC 5280, section 4.2), written.

use sha2::{Digest, Sha256};
use x509_parser::extensions::X509Extension;

use super::der;

pub(super) const SUBJECT_KEY_ID: &str = "2.5.29.14";
pub(super) const KEY_USAGE: &str = "2.5.29.15";
pub(super) const SUBJECT_ALT_NAME: &str = "2.5.29.17";
pub(super) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(super) const CRL_NUMBER: &str = "2.5.29.20";
pub(super) const REASON_CODE: &str = "2.5.29.21";
pub(super) const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
pub(super) const AUTHORITY_KEY_ID: &str = "2.5.29.35";
pub(super) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub(super) const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
pub(super) const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";

/// One extension, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extension {
    /// An object identifier in DER.
    pub oid: Vec<u8>,
    pub critical: bool,
    pub value: Vec<u8>,
}

impl Extension {
    pub fn new(oid: &str, critical: bool, value: Vec<u8>) -> Self {
        Self { oid: der::known_oid(oid), critical, value }
    }

    /// As it stands in a request.
    pub fn copied(one: &X509Extension<'_>) -> Self {
        Self { oid: der::element(0x06, one.oid.as_bytes()), critical: one.critical, value: one.value.to_vec() }
    }

    pub fn is(&self, oid: &str) -> bool {
        self.oid == der::known_oid(oid)
    }

    pub fn der(&self) -> Vec<u8> {
        let mut parts = vec![self.oid.clone()];
        parts.extend(self.critical.then(|| der::boolean(true)));
        parts.push(der::octets(&self.value));
        der::sequence(&parts)
    }

    /// CA with or without a path length, or not CA.
    pub fn basic_constraints(critical: bool, ca: bool, path_length: Option<u8>) -> Self {
        let mut parts = Vec::new();
        parts.extend(ca.then(|| der::boolean(true)));
        parts.extend(path_length.map(|length| der::integer(&[length])));
        Self::new(BASIC_CONSTRAINTS, critical, der::sequence(&parts))
    }

    /// digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign,
    /// encipherOnly, decipherOnly.
    pub fn key_usage(usages: &[bool]) -> Self {
        Self::new(KEY_USAGE, true, der::flags(usages))
    }

    pub fn extended_key_usage(critical: bool, purposes: &[&str]) -> Self {
        let purposes: Vec<Vec<u8>> = purposes.iter().map(|one| der::known_oid(one)).collect();
        Self::new(EXTENDED_KEY_USAGE, critical, der::sequence(&purposes))
    }

    pub fn subject_key_id(id: &[u8]) -> Self {
        Self::new(SUBJECT_KEY_ID, false, der::octets(id))
    }

    pub fn authority_key_id(id: &[u8]) -> Self {
        Self::new(AUTHORITY_KEY_ID, false, der::sequence(&[der::implicit(0, id)]))
    }

    pub fn crl_distribution_point(url: &str) -> Self {
        let name = der::explicit(0, &der::explicit(0, &uri(url)));
        Self::new(CRL_DISTRIBUTION_POINTS, false, der::sequence(&[der::sequence(&[name])]))
    }

    pub fn ocsp_responder(url: &str) -> Self {
        let access = der::sequence(&[der::known_oid(OCSP), uri(url)]);
        Self::new(AUTHORITY_INFO_ACCESS, false, der::sequence(&[access]))
    }
}

/// A general name that is a URI.
pub(super) fn uri(url: &str) -> Vec<u8> {
    der::implicit(6, url.as_bytes())
}

/// The identifier of a public key, from the bits of it. RFC 7093, method 1: AWS takes SHA-1 (RFC 5280, section 4.2.1.2),
/// which no client may rely on.
pub(super) fn key_id(public_key_bits: &[u8]) -> Vec<u8> {
    Sha256::digest(public_key_bits).iter().copied().take(20).collect()
}

//! Certificate signing requests (PKCS #10, RFC 2986), read and written.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

use super::authority::Configuration;
use super::errors::{malformed_csr, validation};
use super::extension::{Extension, SUBJECT_ALT_NAME};
use super::key::PrivateKey;
use super::{der, pem};
use crate::error::Result;

const EXTENSION_REQUEST: &str = "1.2.840.113549.1.9.14";
/// DOC (CsrBlob).
const LARGEST: usize = 32_768;
/// Bits. Unverified: the code.
const SMALLEST_RSA: usize = 2048;

/// What a request asks for. Its signature has been verified.
pub(super) struct Request {
    /// `Name`, as it was written.
    pub subject: Vec<u8>,
    pub has_subject: bool,
    /// `SubjectPublicKeyInfo`, likewise.
    pub public_key: Vec<u8>,
    /// The key's own bits.
    pub key_bits: Vec<u8>,
    pub extensions: Vec<Extension>,
}

impl Request {
    /// Reads a blob of JSON that is a request in PEM.
    pub fn read(blob: &str) -> Result<Self> {
        let pem = pem::unwrap(blob).ok_or_else(|| malformed_csr("The CSR is not base64."))?;
        if !(1..=LARGEST).contains(&pem.len()) {
            return Err(validation("csr", pem.len(), "have length between 1 and 32768"));
        }
        let unreadable = || malformed_csr("The certificate signing request cannot be parsed.");
        let (rest, pem) = parse_x509_pem(&pem).map_err(|_| unreadable())?;
        let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
        if !labels.contains(&pem.label.as_str()) || !rest.iter().all(u8::is_ascii_whitespace) {
            return Err(unreadable());
        }
        let (rest, request) = X509CertificationRequest::from_der(&pem.contents).map_err(|_| unreadable())?;
        if !rest.is_empty() {
            return Err(unreadable());
        }
        let info = &request.certification_request_info;
        check_key(&info.subject_pki.parsed().map_err(|_| unreadable())?)?;
        request.verify_signature().map_err(|_| malformed_csr("The signature of the CSR cannot be verified."))?;
        let mut extensions: Vec<Extension> = Vec::new();
        for attribute in info.iter_attributes() {
            if let ParsedCriAttribute::ExtensionRequest(requested) = attribute.parsed_attribute() {
                for one in requested.extensions.iter().map(Extension::copied) {
                    if extensions.iter().any(|there| there.oid == one.oid) {
                        return Err(malformed_csr("The CSR has an extension twice."));
                    }
                    extensions.push(one);
                }
            }
        }
        let has_subject = info.subject.iter().next().is_some();
        // DOC (IssueCertificate, Csr).
        if !has_subject && !extensions.iter().any(|one| one.is(SUBJECT_ALT_NAME)) {
            return Err(malformed_csr("A CSR must provide either a subject name or a subject alternative name."));
        }
        Ok(Self {
            subject: info.subject.as_raw().to_vec(),
            has_subject,
            public_key: info.subject_pki.raw.to_vec(),
            key_bits: info.subject_pki.subject_public_key.data.to_vec(),
            extensions,
        })
    }
}

fn check_key(key: &PublicKey<'_>) -> Result<()> {
    match key {
        PublicKey::RSA(key) if key.key_size() < SMALLEST_RSA => {
            Err(malformed_csr(format!("The RSA key of the CSR has fewer than {SMALLEST_RSA} bits.")))
        }
        PublicKey::RSA(_) | PublicKey::EC(_) => Ok(()),
        _ => Err(malformed_csr("The key of the CSR is neither of RSA nor of ECDSA.")),
    }
}

/// The request of an authority itself, in PEM. DOC (user guide, "Install a CA certificate"): it asks to be a CA.
pub(super) fn write(key: &PrivateKey, configuration: &Configuration) -> Result<String> {
    let Configuration { key_algorithm, signing_algorithm, subject, csr_extensions } = configuration;
    let mut extensions = vec![Extension::basic_constraints(false, true, None)];
    if let Some(wanted) = csr_extensions {
        extensions.extend(wanted.der()?);
    }
    let extensions: Vec<Vec<u8>> = extensions.iter().map(Extension::der).collect();
    let attribute = der::sequence(&[der::known_oid(EXTENSION_REQUEST), der::set(vec![der::sequence(&extensions)])]);
    let info = [der::integer(&[0]), subject.der(), key.public()?, der::explicit(0, &attribute)];
    let request = key.signed(*key_algorithm, *signing_algorithm, der::sequence(&info))?;
    Ok(pem::block("CERTIFICATE REQUEST", &request))
}

//! Certificates (X.509 v3, RFC 5280), written and read.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer;

use super::authority::Configuration;
use super::der;
use super::errors::{internal, invalid_args};
use super::extension::{Extension, key_id};
use super::key::{PrivateKey, SigningAlgorithm};
use crate::clock::Moment;
use crate::error::{AwsError, Result};

/// All that is signed.
pub(super) struct Draft<'a> {
    /// Highest byte first.
    pub serial: &'a [u8],
    /// `Name`s, as their own certificates or requests have them.
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    /// `SubjectPublicKeyInfo`.
    pub public_key: &'a [u8],
    pub not_before: Moment,
    pub not_after: Moment,
    pub extensions: &'a [Extension],
}

impl Draft<'_> {
    /// The certificate in DER, signed by the key of the authority that is configured like this.
    pub fn sign(&self, key: &PrivateKey, of: &Configuration, algorithm: SigningAlgorithm) -> Result<Vec<u8>> {
        let time =
            |at| der::time(at).ok_or_else(|| invalid_args("The validity is beyond what a certificate can have."));
        let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::der).collect();
        let content = der::sequence(&[
            der::explicit(0, &der::integer(&[2])), // v3
            der::integer(self.serial),
            algorithm.identifier(),
            self.issuer.to_vec(),
            der::sequence(&[time(self.not_before)?, time(self.not_after)?]),
            self.subject.to_vec(),
            self.public_key.to_vec(),
            der::explicit(3, &der::sequence(&extensions)),
        ]);
        key.signed(of.key_algorithm, algorithm, content)
    }
}

/// The certificates of a PEM text: nothing else may be in it but what stands between the blocks. None for what is no such
/// text.
pub(super) fn blocks(text: &str) -> Option<Vec<Vec<u8>>> {
    let blocks: Vec<Pem> = Pem::iter_from_buffer(text.as_bytes()).collect::<std::result::Result<_, _>>().ok()?;
    if blocks.is_empty() || blocks.iter().any(|block| block.label != "CERTIFICATE") {
        return None;
    }
    Some(blocks.into_iter().map(|block| block.contents).collect())
}

/// A certificate from its DER.
pub(super) fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, certificate)| certificate)
}

/// One of the sandbox's own, which can be read.
pub(super) fn own(der: &[u8]) -> Result<X509Certificate<'_>, AwsError> {
    parse(der).ok_or_else(internal)
}

/// Beginning and end.
pub(super) fn validity(certificate: &X509Certificate<'_>) -> (Moment, Moment) {
    let moment = |seconds: i64| Moment::from_millis(seconds.saturating_mul(1000));
    let validity = certificate.validity();
    (moment(validity.not_before.timestamp()), moment(validity.not_after.timestamp()))
}

/// The identifier of its key that certificates below it have.
pub(super) fn subject_key_id(certificate: &X509Certificate<'_>) -> Vec<u8> {
    let named = certificate.iter_extensions().find_map(|one| match one.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
        _ => None,
    });
    named.unwrap_or_else(|| key_id(&certificate.public_key().subject_public_key.data))
}

/// How many CAs may stand between the first of a chain and the last certificate below it; None where nobody limits it.
///
/// Every certificate of the chain counts those below it.
pub(super) fn path_length(chain: &[X509Certificate<'_>]) -> Option<i64> {
    let limits = chain.iter().enumerate().filter_map(|(depth, certificate)| {
        let limit = certificate.basic_constraints().ok()??.value.path_len_constraint?;
        Some(i64::from(limit) - i64::try_from(depth).ok()?)
    });
    limits.min()
}

/// Lower case hexadecimal digits in pairs: `0a1b`.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits in pairs.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| match *pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    pairs.collect()
}

/// With colons, as answers have serial numbers (unverified): `0a:1b`.
pub(super) fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

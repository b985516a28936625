//! Making a key, and the request for its certificate.

use std::str::FromStr;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
    PKCS_RSA_SHA256, RsaKeySize, SanType,
};
use zeroize::{Zeroize, Zeroizing};

use super::{Name, pem};

/// Which key is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on P-256.
    #[default]
    EcP256,
    /// ECDSA on P-384.
    EcP384,
    /// RSA of 2048 bits: for clients that know no curves.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
}

impl KeyKind {
    /// All of them.
    pub const ALL: [KeyKind; 5] =
        [KeyKind::EcP256, KeyKind::EcP384, KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::Rsa4096];

    /// As the command line has it.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyKind::EcP256 => "ec-p256",
            KeyKind::EcP384 => "ec-p384",
            KeyKind::Rsa2048 => "rsa-2048",
            KeyKind::Rsa3072 => "rsa-3072",
            KeyKind::Rsa4096 => "rsa-4096",
        }
    }
}

impl FromStr for KeyKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        KeyKind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| text.into())
    }
}

/// A private key as PKCS #8 in PEM. It can be written to a file and nowhere else, and is wiped when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// For the file.
    pub(super) fn pem(&self) -> &str {
        &self.0
    }

    #[cfg(test)]
    pub(crate) fn revealed(&self) -> &str {
        &self.0
    }
}

/// Why no key or request could be made: a fault of gcnet or of this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotMade(String);

/// Characters of a common name (RFC 5280, ub-common-name).
const COMMON_NAME: usize = 64;

/// Makes a key and a request (DER) for these names. The first host that fits is the common name too: some clients show it.
///
/// # Errors
/// See [`NotMade`].
pub fn make(kind: KeyKind, names: &[Name]) -> Result<(Secret, Vec<u8>), NotMade> {
    let failed = |error: rcgen::Error| NotMade(error.to_string());
    let mut pair = match kind {
        KeyKind::EcP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        KeyKind::EcP384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        KeyKind::Rsa2048 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
        KeyKind::Rsa3072 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072),
        KeyKind::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096),
    }
    .map_err(failed)?;
    let secret = Secret(Zeroizing::new(pem::encode("PRIVATE KEY", pair.serialized_der())));
    let request = request(&pair, names);
    pair.zeroize();
    Ok((secret, request.map_err(failed)?))
}

fn request(pair: &KeyPair, names: &[Name]) -> Result<Vec<u8>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let hosts = || names.iter().map(ToString::to_string);
    if let Some(common) = hosts().find(|name| name.len() <= COMMON_NAME) {
        params.distinguished_name.push(DnType::CommonName, common);
    }
    for name in names {
        params.subject_alt_names.push(match name {
            Name::Address(address) => SanType::IpAddress(*address),
            Name::Dns(host) => SanType::DnsName(host.as_str().try_into()?),
            Name::Other(_) => continue,
        });
    }
    Ok(params.serialize_request(pair)?.der().to_vec())
}

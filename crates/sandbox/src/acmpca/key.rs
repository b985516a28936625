//! Keys: the simulated hardware security module.
//!
//! Four kinds of keys, and with them PKCS #1 v1.5 signatures and ECDSA with the digest of the curve's size. AWS has more;
//! the sandbox says so by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

use rcgen::{KeyPair, PublicKeyData, RsaKeySize, SigningKey};
use serde::{Deserialize, Serialize};

use super::der;
use super::errors::{internal, invalid_args, validation};
use crate::error::Result;
use crate::store::State;

/// DOC (CertificateAuthorityConfiguration, KeyAlgorithm). Those without an algorithm here are not simulated.
static KEY_ALGORITHMS: &[(&str, Option<KeyAlgorithm>)] = &[
    ("RSA_2048", Some(KeyAlgorithm::Rsa2048)),
    ("RSA_3072", None),
    ("RSA_4096", Some(KeyAlgorithm::Rsa4096)),
    ("EC_prime256v1", Some(KeyAlgorithm::EcPrime256v1)),
    ("EC_secp384r1", Some(KeyAlgorithm::EcSecp384r1)),
    ("EC_secp521r1", None),
    ("ML_DSA_44", None),
    ("ML_DSA_65", None),
    ("ML_DSA_87", None),
    ("SM2", None),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum KeyAlgorithm {
    #[serde(rename = "RSA_2048")]
    Rsa2048,
    #[serde(rename = "RSA_4096")]
    Rsa4096,
    #[serde(rename = "EC_prime256v1")]
    EcPrime256v1,
    #[serde(rename = "EC_secp384r1")]
    EcSecp384r1,
}

/// DOC (SigningAlgorithm): digests with RSA, with ECDSA, and what is not simulated.
static SIGNING_ALGORITHMS: &[(&str, Option<SigningAlgorithm>)] = &[
    ("SHA256WITHRSA", Some(SigningAlgorithm::Sha256WithRsa)),
    ("SHA384WITHRSA", Some(SigningAlgorithm::Sha384WithRsa)),
    ("SHA512WITHRSA", Some(SigningAlgorithm::Sha512WithRsa)),
    ("SHA256WITHECDSA", Some(SigningAlgorithm::Sha256WithEcdsa)),
    ("SHA384WITHECDSA", Some(SigningAlgorithm::Sha384WithEcdsa)),
    ("SHA512WITHECDSA", None),
    ("SHA256WITHRSA_PSS", None),
    ("SHA384WITHRSA_PSS", None),
    ("SHA512WITHRSA_PSS", None),
    ("SM3WITHSM2", None),
    ("ML_DSA_44", None),
    ("ML_DSA_65", None),
    ("ML_DSA_87", None),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SigningAlgorithm {
    #[serde(rename = "SHA256WITHRSA")]
    Sha256WithRsa,
    #[serde(rename = "SHA384WITHRSA")]
    Sha384WithRsa,
    #[serde(rename = "SHA512WITHRSA")]
    Sha512WithRsa,
    #[serde(rename = "SHA256WITHECDSA")]
    Sha256WithEcdsa,
    #[serde(rename = "SHA384WITHECDSA")]
    Sha384WithEcdsa,
}

fn find<T: Copy>(known: &[(&str, Option<T>)], field: &str, name: &str) -> Result<T> {
    match known.iter().find(|(one, _)| *one == name) {
        Some((_, Some(found))) => Ok(*found),
        Some((_, None)) => Err(invalid_args(format!("The sandbox does not simulate the {field} {name}."))),
        None => {
            let names: Vec<&str> = known.iter().map(|(one, _)| *one).collect();
            Err(validation(field, name, &format!("satisfy enum value set: [{}]", names.join(", "))))
        }
    }
}

impl KeyAlgorithm {
    pub fn read(name: &str) -> Result<Self> {
        find(KEY_ALGORITHMS, "keyAlgorithm", name)
    }

    fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa4096)
    }

    fn generate(self) -> Result<KeyPair, rcgen::Error> {
        match self {
            Self::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
            Self::Rsa4096 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_4096),
            Self::EcPrime256v1 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::EcSecp384r1 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
        }
    }
}

impl SigningAlgorithm {
    pub fn read(name: &str) -> Result<Self> {
        find(SIGNING_ALGORITHMS, "signingAlgorithm", name)
    }

    fn is_rsa(self) -> bool {
        matches!(self, Self::Sha256WithRsa | Self::Sha384WithRsa | Self::Sha512WithRsa)
    }

    /// DOC (IssueCertificate, SigningAlgorithm): "The specified signing algorithm family (RSA or ECDSA) must match the
    /// algorithm family of the CA's secret key." Unverified: the code.
    pub fn check_family(self, key: KeyAlgorithm) -> Result<()> {
        if self.is_rsa() != key.is_rsa() {
            return Err(invalid_args(
                "The signing algorithm does not match the key algorithm of the certificate authority.",
            ));
        }
        self.of_rcgen(key).map(|_| ())
    }

    fn of_rcgen(self, key: KeyAlgorithm) -> Result<&'static rcgen::SignatureAlgorithm> {
        match (self, key) {
            (Self::Sha256WithRsa, _) => Ok(&rcgen::PKCS_RSA_SHA256),
            (Self::Sha384WithRsa, _) => Ok(&rcgen::PKCS_RSA_SHA384),
            (Self::Sha512WithRsa, _) => Ok(&rcgen::PKCS_RSA_SHA512),
            (Self::Sha256WithEcdsa, KeyAlgorithm::EcPrime256v1) => Ok(&rcgen::PKCS_ECDSA_P256_SHA256),
            (Self::Sha384WithEcdsa, KeyAlgorithm::EcSecp384r1) => Ok(&rcgen::PKCS_ECDSA_P384_SHA384),
            (Self::Sha256WithEcdsa | Self::Sha384WithEcdsa, _) => Err(invalid_args(
                "The sandbox simulates EC_prime256v1 with SHA256WITHECDSA only, and EC_secp384r1 with SHA384WITHECDSA only.",
            )),
        }
    }

    /// `AlgorithmIdentifier`: with NULL for RSA (RFC 4055), without for ECDSA (RFC 5758).
    pub fn identifier(self) -> Vec<u8> {
        let (oid, null) = match self {
            Self::Sha256WithRsa => ("1.2.840.113549.1.1.11", true),
            Self::Sha384WithRsa => ("1.2.840.113549.1.1.12", true),
            Self::Sha512WithRsa => ("1.2.840.113549.1.1.13", true),
            Self::Sha256WithEcdsa => ("1.2.840.10045.4.3.2", false),
            Self::Sha384WithEcdsa => ("1.2.840.10045.4.3.3", false),
        };
        let mut parts = vec![der::known_oid(oid)];
        parts.extend(null.then(der::null));
        der::sequence(&parts)
    }
}

/// A private key in PEM. It is in the sandbox's file, as AWS's is in its module, and nowhere else: it has no `Display`, its
/// `Debug` hides it, and no answer is made from it but signatures and the public half.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PrivateKey(String);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(hidden)")
    }
}

/// Keys of RSA by algorithm, in the order in which worlds ask for them.
static RSA_KEYS: LazyLock<Mutex<BTreeMap<KeyAlgorithm, Vec<String>>>> = LazyLock::new(Mutex::default);

impl PrivateKey {
    /// A key that no other certificate authority of this world has.
    ///
    /// An RSA key of 4096 bits takes seconds, and tests make hundreds of certificate authorities: so the n-th RSA key of an
    /// algorithm in one world is the n-th in every other world of the process. Keys of different worlds may be equal,
    /// which nobody can see: nothing passes from one world to another. The world counts in its file, so one that is opened
    /// again goes on with keys that it has not had.
    pub fn generate(state: &mut State, algorithm: KeyAlgorithm) -> Result<Self> {
        if !algorithm.is_rsa() {
            return algorithm.generate().map(|pair| Self(pair.serialize_pem())).map_err(|_| internal());
        }
        let name = if algorithm == KeyAlgorithm::Rsa4096 { "RSA_4096" } else { "RSA_2048" };
        let taken = state.rsa_keys.entry(name.to_owned()).or_default();
        let n = *taken;
        *taken += 1;
        // Held while a key is made: two worlds that want the same one would otherwise make two.
        let mut keys = RSA_KEYS.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys.entry(algorithm).or_default();
        while keys.len() <= n {
            keys.push(algorithm.generate().map_err(|_| internal())?.serialize_pem());
        }
        keys.get(n).cloned().map(Self).ok_or_else(internal)
    }

    fn pair(&self, algorithm: &'static rcgen::SignatureAlgorithm) -> Result<KeyPair> {
        KeyPair::from_pkcs8_pem_and_sign_algo(&self.0, algorithm).map_err(|_| internal())
    }

    /// The public half, as `SubjectPublicKeyInfo`.
    pub fn public(&self) -> Result<Vec<u8>> {
        KeyPair::from_pem(&self.0).map(|pair| pair.subject_public_key_info()).map_err(|_| internal())
    }

    /// `SEQUENCE { content, algorithm, signature }`: a certificate, a request or a list of revoked certificates.
    pub fn signed(&self, key: KeyAlgorithm, algorithm: SigningAlgorithm, content: Vec<u8>) -> Result<Vec<u8>> {
        let signature = self.pair(algorithm.of_rcgen(key)?)?.sign(&content).map_err(|_| internal())?;
        Ok(der::sequence(&[content, algorithm.identifier(), der::bits(&signature)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_simulated_is_named() {
        assert_eq!(KeyAlgorithm::read("RSA_4096").unwrap(), KeyAlgorithm::Rsa4096);
        for (name, code) in [("RSA_3072", "InvalidArgsException"), ("RSA_1024", "ValidationException")] {
            let error = KeyAlgorithm::read(name).unwrap_err();
            assert_eq!(error.code, code);
            assert!(error.message.contains(name), "{}", error.message);
        }
        let ec = SigningAlgorithm::read("SHA256WITHECDSA").unwrap();
        assert!(ec.check_family(KeyAlgorithm::EcPrime256v1).is_ok());
        assert!(ec.check_family(KeyAlgorithm::Rsa2048).unwrap_err().message.contains("does not match"));
        assert!(ec.check_family(KeyAlgorithm::EcSecp384r1).unwrap_err().message.contains("sandbox simulates"));
    }

    #[test]
    fn worlds_share_keys_and_certificate_authorities_do_not() {
        let (mut one, mut other) = (State::default(), State::default());
        let key = |state: &mut State| PrivateKey::generate(state, KeyAlgorithm::Rsa2048).unwrap().0;
        let (first, second) = (key(&mut one), key(&mut one));
        assert_ne!(first, second);
        assert_eq!(key(&mut other), first);
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let key = PrivateKey::generate(&mut State::default(), KeyAlgorithm::EcPrime256v1).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(hidden)");
    }
}

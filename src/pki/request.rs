//! A certificate signing request (PKCS #10) that somebody brings: read and judged before AWS sees it.

use x509_parser::{
    certification_request::X509CertificationRequest,
    extensions::ParsedExtension,
    oid_registry::{
        OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_NIST_EC_P521, OID_PKCS1_MD5WITHRSAENC,
        OID_PKCS1_RSAENCRYPTION, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA1WITHRSA, OID_PKCS1_SHA256WITHRSA,
        OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA, OID_SHA1_WITH_RSA, OID_SIG_ECDSA_WITH_SHA256,
        OID_SIG_ECDSA_WITH_SHA384, asn1_rs::Oid,
    },
    prelude::FromDer,
    public_key::PublicKey,
    x509::SubjectPublicKeyInfo,
};

use super::{
    Name,
    name::BadName,
    pem::{self, Block},
};

/// A request that AWS can be asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// In PEM, as IssueCertificate takes it.
    pub pem: String,
    /// The subject, as `CN=…, O=…`; may be empty.
    pub subject: String,
    /// Whom the certificate will speak for.
    pub names: Vec<Name>,
    /// For example `EC P-256` or `RSA 2048`.
    pub key: String,
}

/// Why a request is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestFault {
    /// It is neither PEM nor DER of a request.
    NotARequest,
    /// It is a private key. Nothing of it is repeated anywhere.
    PrivateKey,
    /// It is another thing in PEM, with this label.
    Other {
        /// For example `CERTIFICATE`.
        label: String,
    },
    /// More than one request: AWS would take the first one of them.
    Several {
        /// How many.
        count: usize,
    },
    /// More bytes than IssueCertificate takes.
    TooLarge {
        /// In PEM.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The file that it should be in has more bytes than that; no more were read.
    FileTooLarge {
        /// In bytes.
        limit: u64,
    },
    /// It was not signed with its own key, or was changed afterwards.
    Signature,
    /// Its signature or key is of a sort that this version cannot verify.
    Unsupported {
        /// Its name or object identifier.
        algorithm: String,
    },
    /// It is signed with a hash that is broken.
    WeakHash {
        /// `SHA-1` or `MD5`.
        hash: &'static str,
    },
    /// The key can be guessed too easily.
    WeakKey {
        /// For example `RSA 1024`.
        key: String,
    },
    /// A name in it that no certificate can have.
    Name(BadName),
    /// It names nothing at all.
    Nameless,
}

/// Largest file that a request is looked for in, in bytes: tools write explanations around it.
pub const MAX_BYTES: u64 = 1 << 20;

/// Bytes of the member `Csr` of IssueCertificate (API reference: 1-32768).
const LIMIT: usize = 32_768;

impl Request {
    /// Reads a file's bytes, PEM or DER.
    ///
    /// # Errors
    /// See [`RequestFault`].
    pub fn read(bytes: &[u8]) -> Result<Request, RequestFault> {
        if !pem::is_pem(bytes) {
            return Request::judge(bytes);
        }
        let blocks = pem::decode(bytes).ok_or(RequestFault::NotARequest)?;
        if blocks.iter().any(|block| block.label.ends_with("PRIVATE KEY")) {
            return Err(RequestFault::PrivateKey);
        }
        // Older Windows writes NEW before it.
        let is_request = |block: &&Block| block.label.ends_with("CERTIFICATE REQUEST");
        let count = blocks.iter().filter(is_request).count();
        if count > 1 {
            return Err(RequestFault::Several { count });
        }
        match (blocks.iter().find(is_request), blocks.first()) {
            (Some(block), _) => Request::judge(&block.der),
            (None, Some(other)) => Err(RequestFault::Other { label: other.label.clone() }),
            (None, None) => Err(RequestFault::NotARequest),
        }
    }

    /// Reads and judges DER.
    ///
    /// # Errors
    /// See [`RequestFault`].
    pub fn judge(der: &[u8]) -> Result<Request, RequestFault> {
        let Ok(([], parsed)) = X509CertificationRequest::from_der(der) else {
            return Err(if is_private_key(der) { RequestFault::PrivateKey } else { RequestFault::NotARequest });
        };
        check_hash(&parsed.signature_algorithm.algorithm)?;
        let key = key(&parsed.certification_request_info.subject_pki)?;
        parsed.verify_signature().map_err(|_| RequestFault::Signature)?;

        let mut names = vec![];
        for extension in parsed.requested_extensions().into_iter().flatten() {
            if let ParsedExtension::SubjectAlternativeName(listed) = extension {
                for name in &listed.general_names {
                    names.push(Name::of(name).map_err(RequestFault::Name)?);
                }
            }
        }
        let subject = parsed.certification_request_info.subject.to_string();
        if names.is_empty() && subject.is_empty() {
            return Err(RequestFault::Nameless);
        }
        let pem = pem::encode("CERTIFICATE REQUEST", der);
        if pem.len() > LIMIT {
            return Err(RequestFault::TooLarge { bytes: pem.len(), limit: LIMIT });
        }
        Ok(Request { pem, subject, names, key })
    }
}

/// What the signature is made with: hashes that are broken are named, and what cannot be verified is not let through.
fn check_hash(signature: &Oid<'_>) -> Result<(), RequestFault> {
    let good = [
        OID_PKCS1_SHA256WITHRSA,
        OID_PKCS1_SHA384WITHRSA,
        OID_PKCS1_SHA512WITHRSA,
        OID_PKCS1_RSASSAPSS,
        OID_SIG_ECDSA_WITH_SHA256,
        OID_SIG_ECDSA_WITH_SHA384,
    ];
    // ecdsa-with-SHA1 (RFC 3279) has no name in the registry.
    let sha1 = [OID_PKCS1_SHA1WITHRSA.to_id_string(), OID_SHA1_WITH_RSA.to_id_string(), "1.2.840.10045.4.1".into()];
    if good.contains(signature) {
        Ok(())
    } else if sha1.contains(&signature.to_id_string()) {
        Err(RequestFault::WeakHash { hash: "SHA-1" })
    } else if *signature == OID_PKCS1_MD5WITHRSAENC {
        Err(RequestFault::WeakHash { hash: "MD5" })
    } else {
        Err(RequestFault::Unsupported { algorithm: word(signature) })
    }
}

/// The key's sort and size. RSA from 2048 bits on (NIST SP 800-131A), P-256 and P-384.
fn key(public: &SubjectPublicKeyInfo<'_>) -> Result<String, RequestFault> {
    let algorithm = &public.algorithm.algorithm;
    if *algorithm == OID_PKCS1_RSAENCRYPTION {
        let Ok(PublicKey::RSA(rsa)) = public.parsed() else { return Err(RequestFault::NotARequest) };
        let modulus: &[u8] = rsa.modulus;
        let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
        let first = modulus.get(zeros).map_or(0, |byte| 8 - byte.leading_zeros() as usize);
        let bits = modulus.len().saturating_sub(zeros + 1) * 8 + first;
        let key = format!("RSA {bits}");
        // An exponent of 1 makes every text its own signature.
        let small = rsa.try_exponent().is_ok_and(|exponent| exponent < 3);
        return if bits < 2048 || small { Err(RequestFault::WeakKey { key }) } else { Ok(key) };
    }
    if *algorithm != OID_KEY_TYPE_EC_PUBLIC_KEY {
        return Err(RequestFault::Unsupported { algorithm: word(algorithm) });
    }
    match public.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok()) {
        Some(curve) if curve == OID_EC_P256 => Ok("EC P-256".into()),
        Some(curve) if curve == OID_NIST_EC_P384 => Ok("EC P-384".into()),
        Some(curve) if curve == OID_NIST_EC_P521 => Err(RequestFault::Unsupported { algorithm: "EC P-521".into() }),
        Some(curve) => Err(RequestFault::Unsupported { algorithm: word(&curve) }),
        None => Err(RequestFault::NotARequest),
    }
}

fn word(oid: &Oid<'_>) -> String {
    let registry = x509_parser::objects::oid_registry();
    registry.get(oid).map_or_else(|| oid.to_id_string(), |entry| entry.sn().to_string())
}

/// PKCS #8, PKCS #1 or SEC 1: a sequence whose first member is a version and whose second is not a name.
fn is_private_key(der: &[u8]) -> bool {
    use x509_parser::asn1_rs::{Sequence, Tag};
    let Ok((_, sequence)) = Sequence::from_der(der) else { return false };
    let mut rest: &[u8] = &sequence.content;
    let mut tags = vec![];
    while let (Ok((after, any)), true) = (x509_parser::asn1_rs::Any::from_der(rest), tags.len() < 3) {
        tags.push(any.tag());
        rest = after;
    }
    matches!(
        tags.as_slice(),
        [Tag::Integer, Tag::Sequence, Tag::OctetString]
            | [Tag::Integer, Tag::Integer, Tag::Integer]
            | [Tag::Integer, Tag::OctetString, ..]
    )
}

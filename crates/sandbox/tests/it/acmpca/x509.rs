//! Requests made and certificates verified by libraries that the sandbox has nothing to do with, or only reads with.

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use gcnet_sandbox::Moment;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::aws_lc_rs::{
    ECDSA_P256_SHA256, ECDSA_P384_SHA384, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512,
};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyUsage, anchor_from_trusted_cert};
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;

/// A blob of JSON.
pub fn base64(text: &str) -> String {
    BASE64_STANDARD.encode(text)
}

/// The parameters of a request for these names, the first of which is the common name.
pub fn params(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    if let Some(name) = names.first() {
        params.distinguished_name.push(DnType::CommonName, *name);
    }
    params
}

/// A request with a key of its own, in PEM.
pub fn csr(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> String {
    let mut params = params(names);
    change(&mut params);
    params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap()
}

/// The certificates of a PEM text.
pub fn blocks(pem: &str) -> Vec<Vec<u8>> {
    Pem::iter_from_buffer(pem.as_bytes()).map(|block| block.unwrap().contents).collect()
}

/// What a check finds of the certificate in a PEM text.
pub fn look<T>(pem: &str, find: impl FnOnce(&X509Certificate<'_>) -> T) -> T {
    let der = blocks(pem).remove(0);
    let (rest, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
    assert!(rest.is_empty());
    find(&certificate)
}

/// Whether an extension is critical, by its identifier: in the order of the certificate.
pub fn extensions(pem: &str) -> Vec<(String, bool)> {
    look(pem, |it| it.iter_extensions().map(|one| (one.oid.to_id_string(), one.critical)).collect())
}

/// Verifies a certificate up to the last of its chain, for a use and at a moment; webpki's error otherwise.
pub fn verify(
    certificate: &str,
    chain: &str,
    usage: impl ExtendedKeyUsageValidator,
    at: Moment,
) -> Result<(), webpki::Error> {
    let own = CertificateDer::from(blocks(certificate).remove(0));
    let above: Vec<CertificateDer<'_>> = blocks(chain).into_iter().map(CertificateDer::from).collect();
    let (root, between) = above.split_last().unwrap();
    let anchor = anchor_from_trusted_cert(root)?;
    let seconds = u64::try_from(at.as_millis() / 1000).unwrap();
    let algorithms: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm] = &[
        ECDSA_P256_SHA256,
        ECDSA_P384_SHA384,
        RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384,
        RSA_PKCS1_2048_8192_SHA512,
    ];
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let own = EndEntityCert::try_from(&own)?;
    own.verify_for_usage(algorithms, &[anchor], between, time, usage, None, None).map(|_| ())
}

/// Of a server, which must have this name.
pub fn verify_server(certificate: &str, chain: &str, name: &str, at: Moment) -> Result<(), webpki::Error> {
    verify(certificate, chain, KeyUsage::server_auth(), at)?;
    let own = CertificateDer::from(blocks(certificate).remove(0));
    EndEntityCert::try_from(&own)?.verify_is_valid_for_subject_name(&name.try_into().unwrap())
}

/// Of a server, asking a list of revoked certificates.
pub fn verify_with_list(certificate: &str, chain: &str, list: &[u8], at: Moment) -> Result<(), webpki::Error> {
    let own = CertificateDer::from(blocks(certificate).remove(0));
    let root = CertificateDer::from(blocks(chain).pop().unwrap());
    let anchor = anchor_from_trusted_cert(&root)?;
    let list = webpki::CertRevocationList::from(webpki::BorrowedCertRevocationList::from_der(list)?);
    let lists = [&list];
    let revocation = webpki::RevocationOptionsBuilder::new(&lists).unwrap().build();
    let seconds = u64::try_from(at.as_millis() / 1000).unwrap();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let own = EndEntityCert::try_from(&own)?;
    let usage = KeyUsage::server_auth();
    own.verify_for_usage(&[ECDSA_P256_SHA256], &[anchor], &[], time, usage, Some(revocation), None).map(|_| ())
}

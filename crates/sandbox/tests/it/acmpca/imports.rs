//! Certificates that are imported, from this sandbox and from elsewhere, and those that are refused.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CustomExtension, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use serde_json::json;

use super::x509::{look, params, verify_server};
use super::{Pca, authority, import, one, server, signing, with};

/// An authority that is no part of the sandbox: a root in PEM, and what it signs.
struct Elsewhere {
    root: String,
    issuer: Issuer<'static, KeyPair>,
}

/// Of a CA, for a year around the sandbox's first day.
fn ca(name: &str, path_length: BasicConstraints) -> CertificateParams {
    let mut params = params(&[name]);
    params.subject_alt_names.clear();
    params.is_ca = IsCa::Ca(path_length);
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2026, 12, 31);
    params
}

impl Elsewhere {
    fn new(path_length: BasicConstraints) -> Self {
        let key = KeyPair::generate().unwrap();
        let params = ca("Elsewhere", path_length);
        let root = params.self_signed(&key).unwrap().pem();
        Self { root, issuer: Issuer::new(params, key) }
    }

    /// A certificate for the key of a request, in PEM, with everything else as given.
    fn sign(&self, csr: &str, params: CertificateParams) -> String {
        let mut request = CertificateSigningRequestParams::from_pem(csr).unwrap();
        request.params = params;
        request.signed_by(&self.issuer).unwrap().pem()
    }
}

#[tokio::test]
async fn a_subordinate_is_signed_elsewhere() {
    let pca = Pca::start().await;
    let elsewhere = Elsewhere::new(BasicConstraints::Unconstrained);
    let arn = pca.pending(authority("SUBORDINATE", "Sub"));
    let certificate = elsewhere.sign(&pca.csr(&arn), ca("Sub", BasicConstraints::Constrained(0)));
    pca.ok("ImportCertificateAuthorityCertificate", import(&arn, &certificate, Some(&elsewhere.root)));
    assert_eq!(pca.status(&arn), "ACTIVE");
    let month = json!({ "Validity": { "Type": "MONTHS", "Value": 1 } });
    let (_, issued, chain) = pca.issue(with(&server(&arn, "EndEntityCertificate/V1"), month));
    verify_server(&issued, &chain.unwrap(), "www.city.lg.jp", pca.aws.sandbox.now()).unwrap();
    let serial = look(&certificate, |it| it.raw_serial_as_string());
    assert_eq!(pca.describe(&arn)["Serial"], serial);
    // Longer than the certificate that was signed elsewhere.
    pca.issue_refused(&arn, json!({ "Validity": { "Type": "YEARS", "Value": 1 } }), "ValidationException");
}

#[tokio::test]
async fn what_is_not_imported() {
    const OPERATION: &str = "ImportCertificateAuthorityCertificate";
    let pca = Pca::start().await;
    let elsewhere = Elsewhere::new(BasicConstraints::Constrained(1));
    let stranger = Elsewhere::new(BasicConstraints::Unconstrained);
    let arn = pca.pending(authority("SUBORDINATE", "Sub"));
    let csr = pca.csr(&arn);
    let sign = |params| elsewhere.sign(&csr, params);
    let usual = || ca("Sub", BasicConstraints::Constrained(0));
    let good = sign(usual());
    let chain = Some(elsewhere.root.as_str());

    let mut no_ca = usual();
    no_ca.is_ca = IsCa::ExplicitNoCa;
    let mut cannot_sign = usual();
    cannot_sign.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    let mut unknown = usual();
    let mut extension = CustomExtension::from_oid_content(&[1, 2, 3], vec![5, 0]);
    extension.set_criticality(true);
    unknown.custom_extensions = vec![extension];
    let mut over = usual();
    over.not_after = date_time_ymd(2026, 3, 1);
    let mut longer = usual();
    longer.not_after = date_time_ymd(2027, 1, 1);
    let own_key = {
        let key = KeyPair::generate().unwrap();
        usual().signed_by(&key, &elsewhere.issuer).unwrap().pem()
    };
    let self_signed =
        ca("Sub", BasicConstraints::Unconstrained).self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let both = format!("{good}{}", elsewhere.root);
    for (certificate, chain, code) in [
        ("no certificate", chain, "MalformedCertificateException"),
        (csr.as_str(), chain, "MalformedCertificateException"),
        (both.as_str(), chain, "MalformedCertificateException"),
        (good.as_str(), None, "InvalidRequestException"),
        (good.as_str(), Some("no chain"), "MalformedCertificateException"),
        (good.as_str(), Some(both.as_str()), "MalformedCertificateException"),
        (good.as_str(), Some(good.as_str()), "MalformedCertificateException"),
        (good.as_str(), Some(stranger.root.as_str()), "CertificateMismatchException"),
        (own_key.as_str(), chain, "CertificateMismatchException"),
        (self_signed.as_str(), chain, "CertificateMismatchException"),
        (&sign(no_ca), chain, "ValidationException"),
        (&sign(cannot_sign), chain, "MalformedCertificateException"),
        (&sign(unknown), chain, "MalformedCertificateException"),
        (&sign(over), chain, "MalformedCertificateException"),
        (&sign(longer), chain, "CertificateMismatchException"),
    ] {
        pca.refused(OPERATION, import(&arn, certificate, chain), code);
    }
    assert_eq!(pca.status(&arn), "PENDING_CERTIFICATE");
    // A parent that may not have CAs below it.
    let last = Elsewhere::new(BasicConstraints::Constrained(0));
    let deep = last.sign(&csr, usual());
    pca.refused(OPERATION, import(&arn, &deep, Some(&last.root)), "ValidationException");
    pca.ok(OPERATION, import(&arn, &good, chain));

    let root = pca.pending(authority("ROOT", "Root"));
    let signed = elsewhere.sign(&pca.csr(&root), usual());
    pca.refused(OPERATION, import(&root, &signed, None), "MalformedCertificateException");
    pca.refused(OPERATION, import(&root, &signed, chain), "InvalidRequestException");
}

#[tokio::test]
async fn a_root_is_renewed_with_the_same_key() {
    let pca = Pca::start().await;
    let root = pca.root();
    let sub = pca.subordinate(&root, 0);
    let before = pca.describe(&root);
    pca.aws.sandbox.advance(Duration::from_secs(86400 * 365 * 6));
    assert_eq!(pca.status(&sub), "EXPIRED");
    pca.activate(&root, "SHA256WITHECDSA", 20);
    let after = pca.describe(&root);
    assert_ne!(before["Serial"], after["Serial"]);
    let validity = json!({ "Type": "YEARS", "Value": 5 });
    let template = "SubordinateCACertificate_PathLen0/V1";
    let (_, certificate, chain) = pca.issue(signing(&root, &pca.csr(&sub), "SHA256WITHECDSA", template, validity));
    pca.ok("ImportCertificateAuthorityCertificate", import(&sub, &certificate, chain.as_deref()));
    assert_eq!(pca.status(&sub), "ACTIVE");
    let chain = pca.ok("GetCertificateAuthorityCertificate", one(&sub));
    let serial = look(chain["CertificateChain"].as_str().unwrap(), |it| it.raw_serial_as_string());
    assert_eq!(after["Serial"], serial);
}

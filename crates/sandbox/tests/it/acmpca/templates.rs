//! The extensions of each template.

use rcgen::{CustomExtension, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use serde_json::json;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;

use super::x509::{base64, csr, extensions, look};
use super::{Pca, authority, one, server, text, with};

const CONSTRAINTS: &str = "2.5.29.19";
const SKI: &str = "2.5.29.14";
const AKI: &str = "2.5.29.35";
const USAGE: &str = "2.5.29.15";
const PURPOSES: &str = "2.5.29.37";
const NAMES: &str = "2.5.29.17";

fn expected(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    let mut all: Vec<_> = all.iter().map(|(oid, critical)| ((*oid).to_owned(), *critical)).collect();
    all.sort();
    all
}

fn sorted(pem: &str) -> Vec<(String, bool)> {
    let mut all = extensions(pem);
    all.sort();
    all
}

/// The purposes of a certificate as x509-parser knows them.
fn purposes(pem: &str) -> [bool; 4] {
    look(pem, |it| {
        let found = it.extended_key_usage().unwrap().unwrap().value;
        [found.server_auth, found.client_auth, found.code_signing, found.ocsp_signing]
    })
}

fn usage(pem: &str) -> String {
    look(pem, |it| it.key_usage().unwrap().unwrap().value.to_string())
}

#[tokio::test]
async fn a_root_and_a_subordinate() {
    let pca = Pca::start().await;
    let root = pca.root();
    let certificate = text(&pca.ok("GetCertificateAuthorityCertificate", one(&root))["Certificate"]);
    assert_eq!(sorted(&certificate), expected(&[(CONSTRAINTS, true), (SKI, false), (USAGE, true)]));
    assert_eq!(usage(&certificate), "Digital Signature, Key Cert Sign, CRL Sign");
    let (subject, path) = look(&certificate, |it| {
        let constraints = it.basic_constraints().unwrap().unwrap().value.clone();
        assert!(constraints.ca);
        assert_eq!(it.subject(), it.issuer());
        (it.subject().to_string(), constraints.path_len_constraint)
    });
    assert_eq!((subject.as_str(), path), ("C=JP, O=鳴門市, CN=Root", None));

    let sub = pca.subordinate(&root, 2);
    let read = pca.ok("GetCertificateAuthorityCertificate", one(&sub));
    let below = text(&read["Certificate"]);
    assert_eq!(text(&read["CertificateChain"]), certificate);
    assert_eq!(sorted(&below), expected(&[(CONSTRAINTS, true), (AKI, false), (SKI, false), (USAGE, true)]));
    let path = look(&below, |it| it.basic_constraints().unwrap().unwrap().value.path_len_constraint);
    assert_eq!(path, Some(2));
    let key_id = |pem: &str, wanted: &str| {
        look(pem, |it| {
            let found = it.iter_extensions().find_map(|one| match one.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) if wanted == SKI => Some(id.0.to_vec()),
                ParsedExtension::AuthorityKeyIdentifier(id) if wanted == AKI => {
                    Some(id.key_identifier.clone()?.0.to_vec())
                }
                _ => None,
            });
            found.unwrap()
        })
    };
    assert_eq!(key_id(&certificate, SKI), key_id(&below, AKI));
    assert_eq!(key_id(&below, SKI).len(), 20);
}

#[tokio::test]
async fn end_entities() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let both = "Digital Signature, Key Encipherment";
    for (template, critical, key_usage, purpose) in [
        ("EndEntityCertificate/V1", false, both, [true, true, false, false]),
        ("EndEntityClientAuthCertificate/V1", false, both, [false, true, false, false]),
        ("EndEntityServerAuthCertificate/V1", false, both, [true, false, false, false]),
        ("CodeSigningCertificate/V1", true, "Digital Signature", [false, false, true, false]),
        ("OCSPSigningCertificate/V1", true, "Digital Signature", [false, false, false, true]),
    ] {
        let (_, certificate, _) = pca.issue(server(&arn, template));
        let all =
            [(CONSTRAINTS, false), (SKI, false), (AKI, false), (USAGE, true), (PURPOSES, critical), (NAMES, false)];
        assert_eq!(sorted(&certificate), expected(&all), "{template}");
        assert_eq!(usage(&certificate), key_usage, "{template}");
        assert_eq!(purposes(&certificate), purpose, "{template}");
    }
    // No template is the first of these.
    let (_, certificate, _) = pca.issue(with(&server(&arn, ""), json!({ "TemplateArn": null })));
    assert_eq!(purposes(&certificate), [true, true, false, false]);
}

#[tokio::test]
async fn passthrough_takes_what_the_template_says_nothing_of() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let request = csr(&["www.city.lg.jp"], |params| {
        params.key_usages = vec![KeyUsagePurpose::KeyAgreement];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        params.custom_extensions = vec![CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0])];
    });
    let issue = |template: &str| pca.issue(with(&server(&arn, template), json!({ "Csr": base64(&request) }))).1;
    let has_custom = |pem: &str| extensions(pem).contains(&("1.2.3.4".to_owned(), false));

    let blank = issue("BlankEndEntityCertificate_CSRPassthrough/V1");
    assert_eq!(usage(&blank), "Key Agreement");
    assert!(look(&blank, |it| it.extended_key_usage().unwrap().unwrap().value.email_protection));
    assert!(has_custom(&blank));
    let server = issue("EndEntityServerAuthCertificate_CSRPassthrough/V1");
    assert_eq!(usage(&server), "Digital Signature, Key Encipherment");
    assert_eq!(purposes(&server), [true, false, false, false]);
    assert!(has_custom(&server));
    let plain = issue("EndEntityServerAuthCertificate/V1");
    assert_eq!(usage(&plain), "Digital Signature, Key Encipherment");
    assert!(!has_custom(&plain));
}

#[tokio::test]
async fn a_request_without_a_subject_has_its_names_critical() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let request = csr(&["www.city.lg.jp"], |params| params.distinguished_name = rcgen::DistinguishedName::new());
    let (_, certificate, _) =
        pca.issue(with(&server(&arn, "EndEntityCertificate/V1"), json!({ "Csr": base64(&request) })));
    assert!(extensions(&certificate).contains(&(NAMES.to_owned(), true)));
}

#[tokio::test]
async fn ocsp_is_named_where_it_is_enabled() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let responder = |arn: &str| {
        let (_, certificate, _) = pca.issue(server(arn, "EndEntityCertificate/V1"));
        look(&certificate, |it| {
            it.iter_extensions().find_map(|one| match one.parsed_extension() {
                ParsedExtension::AuthorityInfoAccess(access) => {
                    let [one] = &access.accessdescs[..] else { panic!("more than one") };
                    Some(format!("{} {}", one.access_method, one.access_location))
                }
                _ => None,
            })
        })
    };
    assert_eq!(responder(&arn), None);
    let set = |ocsp: serde_json::Value| {
        let revocation = json!({ "RevocationConfiguration": { "OcspConfiguration": ocsp } });
        pca.ok("UpdateCertificateAuthority", with(&one(&arn), revocation));
    };
    set(json!({ "Enabled": true }));
    let told = responder(&arn).unwrap();
    assert!(told.starts_with("1.3.6.1.5.5.7.48.1 ") && told.contains("http://ocsp.acm-pca.ap-northeast-1"), "{told}");
    set(json!({ "Enabled": true, "OcspCustomCname": "ocsp.city.lg.jp" }));
    assert!(responder(&arn).unwrap().contains("http://ocsp.city.lg.jp"));
    set(json!({ "Enabled": false }));
    assert_eq!(responder(&arn), None);
}

#[tokio::test]
async fn the_mark_of_an_authority_is_in_its_request_and_in_no_certificate() {
    let pca = Pca::start().await;
    let mark = json!({
        "SubjectInformationAccess": [{
            "AccessMethod": { "CustomObjectIdentifier": "2.25.329800735698586629295641978511506172918" },
            "AccessLocation": { "UniformResourceIdentifier": "gcnet:naruto/prod/certificate-authority/root" },
        }],
    });
    let mut input = authority("ROOT", "Root");
    input["CertificateAuthorityConfiguration"]["CsrExtensions"] = mark.clone();
    let arn = pca.pending(input);
    let seen = pca.describe(&arn)["CertificateAuthorityConfiguration"]["CsrExtensions"].clone();
    assert_eq!(seen, mark);
    let request = pca.csr(&arn);
    let block = super::x509::blocks(&request).remove(0);
    let (_, parsed) = x509_parser::certification_request::X509CertificationRequest::from_der(&block).unwrap();
    parsed.verify_signature().unwrap();
    let asked: Vec<String> = parsed.requested_extensions().unwrap().map(|one| format!("{one:?}")).collect();
    assert!(asked.iter().any(|one| one.contains("gcnet:naruto/prod")), "{asked:?}");
    pca.activate(&arn, "SHA256WITHECDSA", 10);
    let certificate = text(&pca.ok("GetCertificateAuthorityCertificate", one(&arn))["Certificate"]);
    assert_eq!(extensions(&certificate).len(), 3);
}

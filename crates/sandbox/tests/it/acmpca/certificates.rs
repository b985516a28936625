//! Certificates that authorities issue, and those that they refuse to.

use std::time::Duration;

use rcgen::{BasicConstraints, IsCa, KeyPair};
use serde_json::{Value, json};
use webpki::KeyUsage;

use super::x509::{base64, csr, look, params, verify, verify_server};
use super::{DAY, Pca, authority, keyed, server, signing, text, with};

#[tokio::test]
async fn every_kind_of_key_signs_a_chain_that_verifies() {
    let pca = Pca::start().await;
    for (key, algorithms) in [
        ("RSA_2048", vec!["SHA256WITHRSA", "SHA384WITHRSA", "SHA512WITHRSA"]),
        ("RSA_4096", vec!["SHA512WITHRSA"]),
        ("EC_prime256v1", vec!["SHA256WITHECDSA"]),
        ("EC_secp384r1", vec!["SHA384WITHECDSA"]),
    ] {
        let root = pca.pending(keyed("ROOT", key, key, algorithms[0]));
        pca.activate(&root, algorithms[0], 10);
        for algorithm in algorithms {
            let input = with(&server(&root, "EndEntityCertificate/V1"), json!({ "SigningAlgorithm": algorithm }));
            let (_, certificate, chain) = pca.issue(input);
            let now = pca.aws.sandbox.now();
            verify_server(&certificate, &chain.unwrap(), "www.city.lg.jp", now).unwrap();
        }
    }
}

#[tokio::test]
async fn a_chain_of_three_verifies_until_it_ends() {
    let pca = Pca::start().await;
    let root = pca.root();
    let sub = pca.subordinate(&root, 1);
    let low = pca.subordinate(&sub, 0);
    let (arn, certificate, chain) = pca.issue(server(&low, "EndEntityServerAuthCertificate/V1"));
    let chain = chain.unwrap();
    let now = pca.aws.sandbox.now();
    verify_server(&certificate, &chain, "www.city.lg.jp", now).unwrap();
    assert!(verify_server(&certificate, &chain, "other.lg.jp", now).is_err());
    assert!(verify(&certificate, &chain, KeyUsage::client_auth(), now).is_err());
    verify_server(&certificate, &chain, "www.city.lg.jp", now.plus(Duration::from_secs(7 * DAY - 10))).unwrap();
    assert!(verify_server(&certificate, &chain, "www.city.lg.jp", now.plus(Duration::from_secs(7 * DAY))).is_err());
    // An hour before it was issued, which is two seconds ago.
    verify_server(&certificate, &chain, "www.city.lg.jp", now.minus(Duration::from_secs(3602))).unwrap();
    assert!(verify_server(&certificate, &chain, "www.city.lg.jp", now.minus(Duration::from_secs(3603))).is_err());
    let serial = look(&certificate, |it| it.raw_serial().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    assert!(arn.ends_with(&format!("/certificate/{serial}")), "{arn} {serial}");
    let issuer = pca.describe(&low)["Serial"].as_str().unwrap().replace(':', "");
    assert_ne!(issuer, serial);
}

#[tokio::test]
async fn what_is_not_issued() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let years = |value: i64| json!({ "Validity": { "Type": "YEARS", "Value": value } });
    let template = |name: &str| json!({ "TemplateArn": format!("arn:aws:acm-pca:::template/{name}") });
    let small = include_str!("rsa1024.csr");
    let nameless = csr(&[], |_| {});
    let broken = csr(&["www.city.lg.jp"], |_| {}).replacen("\nM", "\nN", 1);
    let twice = format!("{}{}", csr(&["a.jp"], |_| {}), csr(&["b.jp"], |_| {}));
    let key = KeyPair::generate().unwrap();
    let certificate = params(&["a.jp"]).self_signed(&key).unwrap().pem();
    for (differs, code) in [
        (years(11), "ValidationException"),
        (years(0), "ValidationException"),
        (json!({ "Validity": { "Type": "ABSOLUTE", "Value": 1 } }), "ValidationException"),
        (json!({ "Validity": { "Type": "FOREVER", "Value": 1 } }), "ValidationException"),
        (json!({ "ValidityNotBefore": { "Type": "DAYS", "Value": 1 } }), "InvalidArgsException"),
        (json!({ "ValidityNotBefore": { "Type": "ABSOLUTE", "Value": 2_000_000_000_i64 } }), "ValidationException"),
        (json!({ "SigningAlgorithm": "SHA256WITHRSA" }), "InvalidArgsException"),
        (template("NoSuchCertificate/V1"), "InvalidArnException"),
        (template("RootCACertificate/V1"), "InvalidArgsException"),
        (json!({ "Csr": "%" }), "MalformedCSRException"),
        (json!({ "Csr": base64("no request") }), "MalformedCSRException"),
        (json!({ "Csr": base64(&certificate) }), "MalformedCSRException"),
        (json!({ "Csr": base64(small) }), "MalformedCSRException"),
        (json!({ "Csr": base64(&nameless) }), "MalformedCSRException"),
        (json!({ "Csr": base64(&broken) }), "MalformedCSRException"),
        (json!({ "Csr": base64(&twice) }), "MalformedCSRException"),
        (json!({ "ApiPassthrough": {} }), "SerializationException"),
    ] {
        pca.issue_refused(&arn, differs, code);
    }
    let message = pca.issue_refused(&arn, json!({ "Csr": base64(small) }), "MalformedCSRException");
    assert!(message.contains("2048"), "{message}");
    // Until the very second in which the root ends.
    let end = pca.describe(&arn)["NotAfter"].as_f64().unwrap() as i64;
    pca.issue_refused(&arn, json!({ "Validity": { "Type": "ABSOLUTE", "Value": end + 1 } }), "ValidationException");
    let last = json!({ "Validity": { "Type": "ABSOLUTE", "Value": end } });
    pca.issue(with(&server(&arn, "EndEntityCertificate/V1"), last));
}

#[tokio::test]
async fn path_lengths_are_kept() {
    let pca = Pca::start().await;
    let root = pca.root();
    let sub = pca.subordinate(&root, 1);
    let low = pca.subordinate(&sub, 0);
    let other = pca.csr(&pca.pending(authority("SUBORDINATE", "Too deep")));
    let year = json!({ "Type": "YEARS", "Value": 1 });
    for (issuer, length, allowed) in [(&root, 3, true), (&sub, 0, true), (&sub, 1, false), (&low, 0, false)] {
        let template = format!("SubordinateCACertificate_PathLen{length}/V1");
        let input = signing(issuer, &other, "SHA256WITHECDSA", &template, year.clone());
        if allowed {
            pca.issue(input);
        } else {
            pca.refused("IssueCertificate", input, "ValidationException");
        }
    }
}

#[tokio::test]
async fn short_lived_authorities_issue_for_seven_days() {
    let pca = Pca::start().await;
    let arn = pca.pending(with(&authority("ROOT", "Test"), json!({ "UsageMode": "SHORT_LIVED_CERTIFICATE" })));
    pca.activate(&arn, "SHA256WITHECDSA", 10);
    pca.issue(server(&arn, "EndEntityCertificate/V1"));
    let days = |value: u64| json!({ "Validity": { "Type": "DAYS", "Value": value } });
    pca.issue_refused(&arn, days(8), "ValidationException");
}

#[tokio::test]
async fn a_certificate_takes_a_moment_and_a_token_makes_one() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let input = with(&server(&arn, "EndEntityCertificate/V1"), json!({ "IdempotencyToken": "t" }));
    let issue = |input: &Value| text(&pca.ok("IssueCertificate", input.clone())["CertificateArn"]);
    let first = issue(&input);
    let get = json!({ "CertificateAuthorityArn": arn, "CertificateArn": first });
    pca.refused("GetCertificate", get.clone(), "RequestInProgressException");
    assert_eq!(issue(&input), first);
    let other = with(&input, json!({ "Validity": { "Type": "DAYS", "Value": 1 } }));
    pca.refused("IssueCertificate", other, "InvalidArgsException");
    pca.aws.wait(300);
    assert_ne!(issue(&input), first);
    pca.ok("GetCertificate", get.clone());
    let unknown = format!("{arn}/certificate/00");
    pca.refused("GetCertificate", with(&get, json!({ "CertificateArn": unknown })), "ResourceNotFoundException");
    pca.refused("GetCertificate", with(&get, json!({ "CertificateArn": arn })), "InvalidArnException");
}

#[tokio::test]
async fn whoever_asks_to_be_an_authority_is_none() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let greedy = csr(&["www.city.lg.jp"], |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    for template in ["EndEntityCertificate/V1", "BlankEndEntityCertificate_CSRPassthrough/V1"] {
        let input = with(&server(&arn, template), json!({ "Csr": base64(&greedy) }));
        let (_, certificate, _) = pca.issue(input);
        assert!(!look(&certificate, |it| it.is_ca()));
    }
}

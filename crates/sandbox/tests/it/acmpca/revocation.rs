//! Revoked certificates, and the lists that say so.

use serde_json::{Value, json};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

use super::buckets::crl;
use super::x509::{blocks, look};
use super::{DAY, Pca, authority, one, server, text, with};
use crate::client::OTHER;

/// A root with a list in the bucket `crls`; and where the list is.
async fn with_list(pca: &Pca, more: Value) -> (String, String) {
    pca.bucket("crls").await;
    let arn = pca.pending(with(&authority("ROOT", "Root"), json!({ "RevocationConfiguration": crl("crls", more) })));
    pca.activate(&arn, "SHA256WITHECDSA", 10);
    let id = arn.rsplit('/').next().unwrap();
    let key = format!("crl/{id}.crl");
    (arn, key)
}

/// The serial numbers of a list and their reasons, after everything else about it was checked.
async fn revoked(pca: &Pca, arn: &str, key: &str) -> Vec<(String, u8)> {
    let der = pca.object("crls", key).await;
    let (rest, list) = CertificateRevocationList::from_der(&der).unwrap();
    assert!(rest.is_empty());
    let own = text(&pca.ok("GetCertificateAuthorityCertificate", one(arn))["Certificate"]);
    look(&own, |own| {
        list.verify_signature(own.public_key()).unwrap();
        assert_eq!(list.issuer(), own.subject());
    });
    let now = pca.aws.sandbox.now().as_millis() / 1000;
    assert!((now - 60..=now).contains(&list.last_update().timestamp()));
    assert_eq!(list.next_update().unwrap().timestamp() - list.last_update().timestamp(), 7 * 86400);
    let rows = list.iter_revoked_certificates();
    rows.map(|row| (format!("{:x}", row.user_certificate), row.reason_code().map_or(0, |(_, code)| code.0))).collect()
}

fn revoke(arn: &str, serial: &str, reason: &str) -> Value {
    json!({ "CertificateAuthorityArn": arn, "CertificateSerial": serial, "RevocationReason": reason })
}

fn serial_of(certificate_arn: &str) -> String {
    certificate_arn.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_list_has_what_was_revoked_until_it_expires() {
    let pca = Pca::start().await;
    let (arn, key) = with_list(&pca, json!({})).await;
    assert!(pca.has_object("crls", "acm-pca-permission-test-key").await);
    assert_eq!(revoked(&pca, &arn, &key).await, []);
    let mut serials = Vec::new();
    for reason in ["UNSPECIFIED", "KEY_COMPROMISE", "A_A_COMPROMISE"] {
        let (certificate, _, _) = pca.issue(server(&arn, "EndEntityCertificate/V1"));
        serials.push(serial_of(&certificate));
        pca.ok("RevokeCertificate", revoke(&arn, serials.last().unwrap(), reason));
    }
    let mut expected: Vec<_> = serials.iter().cloned().zip([0, 1, 10]).collect();
    expected.sort();
    let mut found = revoked(&pca, &arn, &key).await;
    found.sort();
    assert_eq!(found, expected);

    // Nobody has to do anything for a list that is never too old.
    for _ in 0..8 {
        pca.aws.wait(DAY);
        let list = pca.object("crls", &key).await;
        let (_, list) = CertificateRevocationList::from_der(&list).unwrap();
        let next = list.next_update().unwrap().timestamp() - pca.aws.sandbox.now().as_millis() / 1000;
        assert!(next > 7 * 86400 / 2, "{next}");
    }
    let (certificate, _, _) = pca.issue(server(&arn, "EndEntityCertificate/V1"));
    pca.ok("RevokeCertificate", revoke(&arn, &serial_of(&certificate), "SUPERSEDED"));
    assert_eq!(revoked(&pca, &arn, &key).await, [(serial_of(&certificate), 4)]);
}

#[tokio::test]
async fn what_is_not_revoked() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let (certificate, _, _) = pca.issue(server(&arn, "EndEntityCertificate/V1"));
    let serial = serial_of(&certificate);
    let own = pca.describe(&arn)["Serial"].as_str().unwrap().to_owned();
    pca.refused("RevokeCertificate", revoke(&arn, &serial, "BECAUSE"), "ValidationException");
    pca.refused("RevokeCertificate", revoke(&arn, "xyz", "UNSPECIFIED"), "InvalidRequestException");
    pca.refused("RevokeCertificate", revoke(&arn, "", "UNSPECIFIED"), "InvalidRequestException");
    pca.refused("RevokeCertificate", revoke(&arn, "00ff", "UNSPECIFIED"), "ResourceNotFoundException");
    pca.refused("RevokeCertificate", revoke(&arn, &own, "UNSPECIFIED"), "InvalidRequestException");
    let young = text(&pca.ok("IssueCertificate", server(&arn, "EndEntityCertificate/V1"))["CertificateArn"]);
    pca.refused("RevokeCertificate", revoke(&arn, &serial_of(&young), "UNSPECIFIED"), "RequestInProgressException");

    // As openssl writes it: with colons, in upper case.
    let upper = serial.to_uppercase();
    let colons = upper.as_bytes().chunks(2).map(|two| String::from_utf8_lossy(two).into_owned());
    let colons = colons.collect::<Vec<_>>().join(":");
    pca.ok("RevokeCertificate", revoke(&arn, &colons, "UNSPECIFIED"));
    pca.refused("RevokeCertificate", revoke(&arn, &serial, "UNSPECIFIED"), "RequestAlreadyProcessedException");
    let get = json!({ "CertificateAuthorityArn": arn, "CertificateArn": certificate });
    pca.ok("GetCertificate", get);
}

#[tokio::test]
async fn certificates_say_where_the_list_is() {
    let pca = Pca::start().await;
    let (arn, key) = with_list(&pca, json!({})).await;
    let points = || {
        let (_, certificate, _) = pca.issue(server(&arn, "EndEntityCertificate/V1"));
        look(&certificate, |it| {
            let found = it.iter_extensions().find_map(|one| match one.parsed_extension() {
                ParsedExtension::CRLDistributionPoints(points) => Some(format!("{points:?}")),
                _ => None,
            });
            found.unwrap_or_default()
        })
    };
    assert!(points().contains(&format!("http://crls.s3.ap-northeast-1.amazonaws.com/{key}")), "{}", points());
    let own = text(&pca.ok("GetCertificateAuthorityCertificate", one(&arn))["Certificate"]);
    assert!(!super::x509::extensions(&own).iter().any(|(oid, _)| oid == "2.5.29.31"));
    let update = |more: Value| {
        let input = with(&one(&arn), json!({ "RevocationConfiguration": crl("crls", more) }));
        pca.ok("UpdateCertificateAuthority", input);
    };
    update(json!({ "CustomCname": "crl.city.lg.jp" }));
    assert!(points().contains(&format!("http://crl.city.lg.jp/{key}")), "{}", points());
    update(json!({ "CrlDistributionPointExtensionConfiguration": { "OmitExtension": true } }));
    assert_eq!(points(), "");
    let off = json!({ "RevocationConfiguration": { "CrlConfiguration": { "Enabled": false } } });
    pca.ok("UpdateCertificateAuthority", with(&one(&arn), off));
    assert_eq!(points(), "");
}

#[tokio::test]
async fn a_bucket_must_let_private_ca_write() {
    let pca = Pca::start().await;
    let wanted =
        |more: Value| with(&authority("ROOT", "Root"), json!({ "RevocationConfiguration": crl("crls", more) }));
    let refused = |more: Value| pca.refused("CreateCertificateAuthority", wanted(more), "ValidationException");
    assert!(refused(json!({})).contains("Check your S3 bucket permissions"));
    pca.bare_bucket("crls").await;
    refused(json!({}));
    pca.policy_of_bucket("crls", OTHER).await;
    refused(json!({}));
    pca.policy_of_bucket("crls", crate::client::ACCOUNT).await;
    // Public access is blocked, as it is for every new bucket.
    refused(json!({ "S3ObjectAcl": "PUBLIC_READ" }));
    assert!(!pca.has_object("crls", "acm-pca-permission-test-key").await);
    let arn = pca.pending(wanted(json!({})));
    pca.activate(&arn, "SHA256WITHECDSA", 10);

    // A revocation holds even if the list cannot be written any more.
    let (certificate, _, _) = pca.issue(server(&arn, "EndEntityCertificate/V1"));
    pca.policy_of_bucket("crls", OTHER).await;
    pca.ok("RevokeCertificate", revoke(&arn, &serial_of(&certificate), "UNSPECIFIED"));
    let key = format!("crl/{}.crl", arn.rsplit('/').next().unwrap());
    assert_eq!(revoked(&pca, &arn, &key).await, []);
    pca.ok("UpdateCertificateAuthority", with(&one(&arn), json!({ "Status": "DISABLED" })));
}

#[tokio::test]
async fn reports_list_what_was_issued() {
    const CREATE: &str = "CreateCertificateAuthorityAuditReport";
    let pca = Pca::start().await;
    let arn = pca.root();
    let (certificate, pem, _) = pca.issue(server(&arn, "EndEntityServerAuthCertificate/V1"));
    pca.ok("RevokeCertificate", revoke(&arn, &serial_of(&certificate), "KEY_COMPROMISE"));
    let ask =
        |format: &str| with(&one(&arn), json!({ "S3BucketName": "reports", "AuditReportResponseFormat": format }));
    pca.refused(CREATE, ask("JSON"), "ResourceNotFoundException");
    pca.bare_bucket("reports").await;
    pca.refused(CREATE, ask("JSON"), "InvalidArgsException");
    pca.policy_of_bucket("reports", crate::client::ACCOUNT).await;
    pca.refused(CREATE, ask("XML"), "ValidationException");
    let made = pca.ok(CREATE, ask("JSON"));
    let describe = |id: &Value| {
        pca.ok("DescribeCertificateAuthorityAuditReport", with(&one(&arn), json!({ "AuditReportId": id })))
    };
    assert_eq!(describe(&made["AuditReportId"])["AuditReportStatus"], "CREATING");
    pca.aws.wait(10);
    let seen = describe(&made["AuditReportId"]);
    assert_eq!((&seen["AuditReportStatus"], &seen["S3Key"]), (&json!("SUCCESS"), &made["S3Key"]));
    let report: Value = serde_json::from_slice(&pca.object("reports", &text(&made["S3Key"])).await).unwrap();
    let rows = report.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let row = rows.iter().find(|row| row["certificateArn"] == certificate).unwrap();
    assert_eq!(row["revocationReason"], "KEY_COMPROMISE");
    assert_eq!(row["templateArn"], "arn:aws:acm-pca:::template/EndEntityServerAuthCertificate/V1");
    assert_eq!(row["subject"], "CN=www.city.lg.jp");
    assert_eq!(row["serial"], look(&pem, |it| it.raw_serial_as_string()));

    pca.refused(CREATE, ask("CSV"), "RequestInProgressException");
    pca.aws.wait(30 * 60);
    let made = pca.ok(CREATE, ask("CSV"));
    let report = String::from_utf8(pca.object("reports", &text(&made["S3Key"])).await).unwrap();
    assert_eq!(report.lines().count(), 3);
    assert!(report.contains("CN=www.city.lg.jp"), "{report}");
    let unknown = json!({ "AuditReportId": "00000000-0000-0000-0000-000000000000" });
    pca.refused("DescribeCertificateAuthorityAuditReport", with(&one(&arn), unknown), "ResourceNotFoundException");
}

#[tokio::test]
async fn what_verifies_revocation_elsewhere_sees_it() {
    let pca = Pca::start().await;
    let (arn, key) = with_list(&pca, json!({})).await;
    let (revoked, bad, chain) = pca.issue(server(&arn, "EndEntityServerAuthCertificate/V1"));
    let (_, good, _) = pca.issue(server(&arn, "EndEntityServerAuthCertificate/V1"));
    pca.ok("RevokeCertificate", revoke(&arn, &serial_of(&revoked), "KEY_COMPROMISE"));
    let list = pca.object("crls", &key).await;
    let check = |pem: &str| super::x509::verify_with_list(pem, chain.as_ref().unwrap(), &list, pca.aws.sandbox.now());
    assert!(check(&good).is_ok());
    assert!(matches!(check(&bad), Err(webpki::Error::CertRevoked)));
    assert_eq!(blocks(&bad).len(), 1);
}

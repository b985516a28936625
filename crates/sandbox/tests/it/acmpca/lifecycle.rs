//! States, deletion, restoring, tokens, lists and tags.

use gcnet_sandbox::{Options, Quotas};
use serde_json::{Value, json};

use super::{DAY, Pca, authority, import, keyed, one, server, text, with};
use crate::client::{ACCOUNT, OTHER};

#[tokio::test]
async fn an_authority_is_made_activated_disabled_and_active_again() {
    let pca = Pca::start().await;
    let input = with(&authority("ROOT", "Root"), json!({ "Tags": [{ "Key": "a", "Value": "b" }] }));
    let made = pca.ok("CreateCertificateAuthority", input);
    let arn = text(&made["CertificateAuthorityArn"]);
    assert!(arn.starts_with("arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/"), "{arn}");
    assert_eq!(pca.status(&arn), "CREATING");
    pca.refused("GetCertificateAuthorityCsr", one(&arn), "RequestInProgressException");
    pca.refused("GetCertificateAuthorityCertificate", one(&arn), "InvalidStateException");
    pca.aws.wait(10);
    assert_eq!(pca.status(&arn), "PENDING_CERTIFICATE");
    assert_eq!(pca.csr(&arn), pca.csr(&arn));
    let message = pca.refused("IssueCertificate", server(&arn, "EndEntityCertificate/V1"), "InvalidStateException");
    assert!(message.contains("PENDING_CERTIFICATE"), "{message}");
    pca.activate(&arn, "SHA256WITHECDSA", 10);
    let seen = pca.describe(&arn);
    assert_eq!(seen["NotBefore"].as_f64().unwrap(), pca.aws.sandbox.now().as_millis() as f64 / 1000.0 - 3602.0);
    assert_eq!(seen["CertificateAuthorityConfiguration"]["Subject"]["Organization"], "鳴門市");
    assert_eq!(seen["RevocationConfiguration"]["CrlConfiguration"], json!({ "Enabled": false }));
    assert_eq!((&seen["UsageMode"], &seen["OwnerAccount"]), (&json!("GENERAL_PURPOSE"), &json!(ACCOUNT)));

    let update = |status: &str| with(&one(&arn), json!({ "Status": status }));
    pca.refused("DeleteCertificateAuthority", one(&arn), "InvalidStateException");
    pca.ok("UpdateCertificateAuthority", update("DISABLED"));
    assert_eq!(pca.status(&arn), "DISABLED");
    pca.refused("IssueCertificate", server(&arn, "EndEntityCertificate/V1"), "InvalidStateException");
    pca.ok("UpdateCertificateAuthority", update("ACTIVE"));
    pca.refused("UpdateCertificateAuthority", update("EXPIRED"), "InvalidArgsException");
    pca.refused("UpdateCertificateAuthority", update("PAUSED"), "ValidationException");
    pca.refused("UpdateCertificateAuthority", one(&arn), "InvalidArgsException");

    pca.aws.wait(11 * 366 * DAY);
    assert_eq!(pca.status(&arn), "EXPIRED");
    pca.refused("UpdateCertificateAuthority", update("DISABLED"), "InvalidStateException");
    pca.refused("IssueCertificate", server(&arn, "EndEntityCertificate/V1"), "InvalidStateException");
    pca.ok("GetCertificateAuthorityCertificate", one(&arn));
    pca.activate(&arn, "SHA256WITHECDSA", 10);
    assert_eq!(pca.aws.sandbox.everything(ACCOUNT)[0].tags["a"], "b");
}

/// The table of the user guide, "Understand AWS Private CA CA status"; what a pending one is given is its activation.
#[tokio::test]
async fn each_state_allows_what_the_guide_says() {
    for (status, issue, report, import_own, revoke) in [
        ("PENDING_CERTIFICATE", false, false, true, false),
        ("ACTIVE", true, true, true, true),
        ("DISABLED", false, true, false, true),
        ("EXPIRED", false, false, true, false),
        ("DELETED", false, false, false, false),
    ] {
        let pca = Pca::start().await;
        let arn = pca.pending(authority("ROOT", "Root"));
        let mut own = String::from("none");
        if status != "PENDING_CERTIFICATE" {
            pca.activate(&arn, "SHA256WITHECDSA", 10);
            own = text(&pca.ok("GetCertificateAuthorityCertificate", one(&arn))["Certificate"]);
        }
        match status {
            "EXPIRED" => pca.aws.wait(11 * 366 * DAY),
            "DISABLED" | "DELETED" => {
                pca.ok("UpdateCertificateAuthority", with(&one(&arn), json!({ "Status": "DISABLED" })));
            }
            _ => {}
        }
        if status == "DELETED" {
            pca.ok("DeleteCertificateAuthority", one(&arn));
        }
        assert_eq!(pca.status(&arn), status);
        let reporting = json!({ "S3BucketName": "reports", "AuditReportResponseFormat": "JSON" });
        let revoking = json!({ "CertificateSerial": "0a", "RevocationReason": "UNSPECIFIED" });
        for (operation, input, allowed) in [
            ("IssueCertificate", server(&arn, "EndEntityCertificate/V1"), issue),
            ("CreateCertificateAuthorityAuditReport", with(&one(&arn), reporting), report),
            ("ImportCertificateAuthorityCertificate", import(&arn, &own, None), import_own),
            ("RevokeCertificate", with(&one(&arn), revoking), revoke),
        ] {
            // What the state allows may be refused for another reason: there is no such bucket, no such certificate.
            let refused = pca.call_as(ACCOUNT, "acm-pca", operation, input).err().map(|error| error.code);
            assert_eq!(
                refused.as_deref() != Some("InvalidStateException"),
                allowed,
                "{status} {operation} {refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn deletion_can_be_undone_until_its_time_is_over() {
    let pca = Pca::start().await;
    let (active, pending) = (pca.root(), pca.pending(authority("ROOT", "Never activated")));
    pca.ok("UpdateCertificateAuthority", with(&one(&active), json!({ "Status": "DISABLED" })));
    for days in [6, 31] {
        let input = with(&one(&active), json!({ "PermanentDeletionTimeInDays": days }));
        pca.refused("DeleteCertificateAuthority", input, "ValidationException");
    }
    pca.refused("RestoreCertificateAuthority", one(&active), "InvalidStateException");
    pca.ok("DeleteCertificateAuthority", with(&one(&active), json!({ "PermanentDeletionTimeInDays": 7 })));
    pca.ok("DeleteCertificateAuthority", one(&pending));
    let now = pca.aws.sandbox.now().as_millis() as f64 / 1000.0;
    let listed = pca.ok("ListCertificateAuthorities", json!({}));
    let until = |arn: &str| {
        let rows = listed["CertificateAuthorities"].as_array().unwrap();
        let row = rows.iter().find(|row| row["Arn"] == arn).unwrap();
        assert_eq!(row["Status"], "DELETED");
        ((row["RestorableUntil"].as_f64().unwrap() - now) / 86400.0).round()
    };
    assert_eq!((until(&active), until(&pending)), (7.0, 30.0));
    assert!(pca.aws.sandbox.everything(ACCOUNT).is_empty());

    for operation in ["ListTags", "GetCertificateAuthorityCsr", "GetCertificateAuthorityCertificate"] {
        let message = pca.refused(operation, one(&active), "InvalidStateException");
        assert!(message.contains("DELETED state and must be restored"), "{message}");
    }
    let tag = json!([{ "Key": "a", "Value": "b" }]);
    pca.refused("TagCertificateAuthority", with(&one(&active), json!({ "Tags": tag })), "InvalidStateException");
    pca.refused("DeleteCertificateAuthority", one(&active), "InvalidStateException");
    pca.ok("RestoreCertificateAuthority", one(&active));
    pca.ok("RestoreCertificateAuthority", one(&pending));
    assert_eq!((pca.status(&active).as_str(), pca.status(&pending).as_str()), ("DISABLED", "PENDING_CERTIFICATE"));

    pca.ok("DeleteCertificateAuthority", with(&one(&active), json!({ "PermanentDeletionTimeInDays": 7 })));
    pca.aws.wait(7 * DAY);
    pca.refused("RestoreCertificateAuthority", one(&active), "ResourceNotFoundException");
    assert_eq!(pca.ok("ListCertificateAuthorities", json!({}))["CertificateAuthorities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn one_that_is_being_created_goes_at_once() {
    let pca = Pca::start().await;
    let made = pca.ok("CreateCertificateAuthority", authority("ROOT", "Root"));
    let arn = text(&made["CertificateAuthorityArn"]);
    pca.ok("DeleteCertificateAuthority", one(&arn));
    pca.refused("DescribeCertificateAuthority", one(&arn), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_token_makes_one_authority_for_five_minutes() {
    let pca = Pca::start().await;
    let input = with(&authority("ROOT", "Root"), json!({ "IdempotencyToken": "1" }));
    let create = || text(&pca.ok("CreateCertificateAuthority", input.clone())["CertificateAuthorityArn"]);
    let first = create();
    pca.aws.wait(299);
    assert_eq!(create(), first);
    let other = with(&authority("ROOT", "Other"), json!({ "IdempotencyToken": "1" }));
    pca.refused("CreateCertificateAuthority", other, "InvalidArgsException");
    pca.aws.wait(1);
    assert_ne!(create(), first);
    let bad = with(&authority("ROOT", "Root"), json!({ "IdempotencyToken": "x".repeat(37) }));
    pca.refused("CreateCertificateAuthority", bad, "ValidationException");
}

#[tokio::test]
async fn lists_come_in_pages_and_the_deleted_count() {
    let quotas = Quotas { certificate_authorities: 3, ..Quotas::default() };
    let pca = Pca::start_with(Options { quotas, ..crate::transit_gateway::stepped() }).await;
    let all: Vec<String> = (0..3).map(|n| pca.pending(authority("ROOT", &format!("{n}")))).collect();
    pca.ok("DeleteCertificateAuthority", one(&all[0]));
    pca.refused("CreateCertificateAuthority", authority("ROOT", "One more"), "LimitExceededException");

    let mut seen = Vec::new();
    let mut input = json!({ "MaxResults": 2, "ResourceOwner": "SELF" });
    loop {
        let page = pca.ok("ListCertificateAuthorities", input.clone());
        seen.extend(page["CertificateAuthorities"].as_array().unwrap().iter().map(|row| text(&row["Arn"])));
        match page.get("NextToken") {
            Some(next) => input["NextToken"] = next.clone(),
            None => break,
        }
    }
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(seen, sorted);
    let others = pca.ok("ListCertificateAuthorities", json!({ "ResourceOwner": "OTHER_ACCOUNTS" }));
    assert_eq!(others["CertificateAuthorities"], json!([]));
    pca.refused("ListCertificateAuthorities", json!({ "NextToken": "x" }), "InvalidNextTokenException");
    pca.refused("ListCertificateAuthorities", json!({ "MaxResults": 1001 }), "ValidationException");
}

#[tokio::test]
async fn tags_come_and_go() {
    let pca = Pca::start().await;
    let arn = pca.pending(authority("ROOT", "Root"));
    let change = |operation: &str, tags: Value| pca.ok(operation, with(&one(&arn), json!({ "Tags": tags })));
    let tags = || pca.ok("ListTags", one(&arn))["Tags"].clone();
    change(
        "TagCertificateAuthority",
        json!([{ "Key": "a", "Value": "1" }, { "Key": "b" }, { "Key": "c", "Value": "3" }]),
    );
    change("UntagCertificateAuthority", json!([{ "Key": "a", "Value": "2" }, { "Key": "c" }, { "Key": "z" }]));
    assert_eq!(tags(), json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "" }]));
    change("UntagCertificateAuthority", json!([{ "Key": "a", "Value": "1" }]));
    assert_eq!(tags(), json!([{ "Key": "b", "Value": "" }]));
    let many: Value = (0..50).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
    let refused = |tags: Value, code: &str| {
        pca.refused("TagCertificateAuthority", with(&one(&arn), json!({ "Tags": tags })), code);
    };
    refused(many, "TooManyTagsException");
    refused(json!([{ "Key": "aws:a", "Value": "" }]), "InvalidTagException");
    refused(json!([{ "Key": "a" }, { "Key": "a" }]), "InvalidTagException");
    refused(json!([]), "ValidationException");
}

#[tokio::test]
async fn bad_requests_change_nothing() {
    let pca = Pca::start().await;
    let root = authority("ROOT", "Root");
    let configured = |key: &str, signing: &str| keyed("ROOT", "Root", key, signing);
    for (input, code) in [
        (with(&root, json!({ "CertificateAuthorityType": "LEAF" })), "ValidationException"),
        (with(&root, json!({ "UsageMode": "FOREVER" })), "ValidationException"),
        (with(&root, json!({ "KeyStorageSecurityStandard": "CCPC_LEVEL_1_OR_HIGHER" })), "InvalidArgsException"),
        (with(&root, json!({ "Colour": "red" })), "SerializationException"),
        (with(&root, json!({ "CertificateAuthorityConfiguration": null })), "SerializationException"),
        (configured("RSA_2048", "SHA256WITHECDSA"), "InvalidArgsException"),
        (configured("EC_prime256v1", "SHA256WITHRSA"), "InvalidArgsException"),
        (configured("ML_DSA_44", "ML_DSA_44"), "InvalidArgsException"),
        (configured("RSA_1024", "SHA256WITHRSA"), "ValidationException"),
        (keyed("ROOT", &"x".repeat(65), "RSA_2048", "SHA256WITHRSA"), "ValidationException"),
    ] {
        pca.refused("CreateCertificateAuthority", input, code);
    }
    assert!(pca.aws.sandbox.everything(ACCOUNT).is_empty());

    let arn = pca.root();
    let nobody = format!("{}0", &arn[..arn.len() - 1]);
    let nobody = if nobody == arn { format!("{}1", &arn[..arn.len() - 1]) } else { nobody };
    pca.refused("DescribeCertificateAuthority", one(&nobody), "ResourceNotFoundException");
    pca.refused("DescribeCertificateAuthority", one("nothing"), "ValidationException");
    pca.refused("DescribeCertificateAuthority", one("arn:aws:ec2:r:1:vpc/vpc-1"), "InvalidArnException");
    pca.refused_as(OTHER, "DescribeCertificateAuthority", one(&arn), "AccessDeniedException");
    pca.refused_as(OTHER, "ImportCertificateAuthorityCertificate", import(&arn, "x", None), "AccessDeniedException");
}

#[tokio::test]
async fn a_private_key_is_in_the_file_and_in_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.json");
    let pca = Pca::start_with(Options { file: Some(file.clone()), ..crate::transit_gateway::stepped() }).await;
    let arn = pca.root();
    assert!(std::fs::read_to_string(&file).unwrap().contains("BEGIN PRIVATE KEY"));
    for operation in
        ["DescribeCertificateAuthority", "GetCertificateAuthorityCsr", "GetCertificateAuthorityCertificate", "ListTags"]
    {
        assert!(!pca.ok(operation, one(&arn)).to_string().contains("PRIVATE KEY"), "{operation}");
    }
    assert!(!pca.ok("ListCertificateAuthorities", json!({})).to_string().contains("PRIVATE KEY"));
    assert!(!format!("{:?}", pca.aws.sandbox).contains("PRIVATE KEY"));
    let before = pca.ok("GetCertificateAuthorityCertificate", one(&arn));
    pca.aws.sandbox.stop().await;
    let again = Pca::start_with(Options { file: Some(file), ..crate::transit_gateway::stepped() }).await;
    assert_eq!(again.ok("GetCertificateAuthorityCertificate", one(&arn)), before);
    again.issue(server(&arn, "EndEntityCertificate/V1"));
}

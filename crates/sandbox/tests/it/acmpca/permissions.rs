//! What an assumed role needs for Private CA.

use gcnet_sandbox::Options;
use serde_json::{Value, json};

use super::{Pca, authority, one, server, text, with};
use crate::client::{ACCOUNT, OTHER};
use crate::transit_gateway::stepped;

/// The message of a call that a role with these statements may not make, or none where it may.
async fn denied(statements: Value, operation: &str, input: impl Fn(&str) -> Value) -> Option<String> {
    denied_of(false, statements, operation, input).await
}

/// The same of an authority of the city of Naruto's that may write lists of revoked certificates.
async fn denied_of(lists: bool, statements: Value, operation: &str, input: impl Fn(&str) -> Value) -> Option<String> {
    let mut pca = Pca::start_with(Options { enforce_policies: true, ..stepped() }).await;
    let arn = pca.root();
    pca.ok("TagCertificateAuthority", with(&one(&arn), json!({ "Tags": [{ "Key": "City", "Value": "naruto" }] })));
    pca.bucket("crls").await;
    if lists {
        let crl = super::buckets::crl("crls", json!({}));
        pca.ok("UpdateCertificateAuthority", with(&one(&arn), json!({ "RevocationConfiguration": crl })));
    }
    let document = |statements: Value| json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let iam = |operation: &str, input: Value| pca.call_as(ACCOUNT, "iam", operation, input).unwrap();
    let trust = document(json!([{ "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole" }]));
    iam("CreateRole", json!({ "RoleName": "ca", "AssumeRolePolicyDocument": trust }));
    let may = document(statements);
    iam("PutRolePolicy", json!({ "RoleName": "ca", "PolicyName": "p", "PolicyDocument": may }));
    pca.aws.wait(10);
    let role = json!({ "RoleArn": format!("arn:aws:iam::{ACCOUNT}:role/ca"), "RoleSessionName": "me" });
    let made = pca.call_as(OTHER, "sts", "AssumeRole", role).unwrap();
    pca.aws.key = text(&made["Credentials"]["AccessKeyId"]);
    pca.aws.token = Some(text(&made["Credentials"]["SessionToken"]));
    let reply = pca.aws.json("acm-pca", &format!("ACMPrivateCA.{operation}"), &input(&arn).to_string()).await;
    if reply.status == 200 || reply.code() == "ResourceNotFoundException" {
        return None;
    }
    assert_eq!(reply.code(), "AccessDeniedException", "{}", reply.body);
    Some(reply.body)
}

fn allow(actions: &[&str]) -> Value {
    json!([{ "Effect": "Allow", "Action": actions, "Resource": "*" }])
}

#[tokio::test]
async fn an_issuer_issues_by_its_templates_and_manages_nothing() {
    let issuer = json!([
        { "Effect": "Allow", "Action": ["acm-pca:Get*", "acm-pca:Describe*"], "Resource": "*" },
        {
            "Effect": "Allow",
            "Action": "acm-pca:IssueCertificate",
            "Resource": "*",
            "Condition": { "StringLike": { "acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntity*" } },
        },
    ]);
    let by = |template: &'static str| move |arn: &str| server(arn, template);
    assert_eq!(denied(issuer.clone(), "IssueCertificate", by("EndEntityClientAuthCertificate/V1")).await, None);
    let unnamed = |arn: &str| with(&server(arn, ""), json!({ "TemplateArn": null }));
    assert_eq!(denied(issuer.clone(), "IssueCertificate", unnamed).await, None);
    let refused = denied(issuer.clone(), "IssueCertificate", by("SubordinateCACertificate_PathLen0/V1")).await;
    assert!(refused.unwrap().contains("acm-pca:IssueCertificate"));
    assert_eq!(denied(issuer.clone(), "GetCertificateAuthorityCsr", one).await, None);
    let disable = |arn: &str| with(&one(arn), json!({ "Status": "DISABLED" }));
    assert!(denied(issuer, "UpdateCertificateAuthority", disable).await.is_some());
}

#[tokio::test]
async fn creation_needs_the_permissions_of_what_it_does_besides() {
    let create = ["acm-pca:CreateCertificateAuthority"];
    let plain = |_: &str| authority("ROOT", "Root");
    assert_eq!(denied(allow(&create), "CreateCertificateAuthority", plain).await, None);
    let tagged = |_: &str| with(&authority("ROOT", "Root"), json!({ "Tags": [{ "Key": "a", "Value": "b" }] }));
    let refused = denied(allow(&create), "CreateCertificateAuthority", tagged).await.unwrap();
    assert!(refused.contains("acm-pca:TagCertificateAuthority"), "{refused}");
    let listed = |_: &str| {
        let crl = super::buckets::crl("crls", json!({}));
        with(&authority("ROOT", "Root"), json!({ "RevocationConfiguration": crl }))
    };
    let refused = denied(allow(&create), "CreateCertificateAuthority", listed).await.unwrap();
    assert!(refused.contains("s3:PutObject"), "{refused}");
}

#[tokio::test]
async fn who_has_something_written_may_write_it() {
    let update = |arn: &str| {
        with(
            &one(arn),
            json!({ "RevocationConfiguration": super::buckets::crl("crls", json!({ "ExpirationInDays": 9 })) }),
        )
    };
    let disable = |arn: &str| with(&one(arn), json!({ "Status": "DISABLED" }));
    let stop =
        |arn: &str| with(&one(arn), json!({ "RevocationConfiguration": { "CrlConfiguration": { "Enabled": false } } }));
    let report = |arn: &str| with(&one(arn), json!({ "S3BucketName": "crls", "AuditReportResponseFormat": "JSON" }));
    // Of a certificate that there is not: who may revoke learns that.
    let revoke = |arn: &str| with(&one(arn), json!({ "CertificateSerial": "0a", "RevocationReason": "UNSPECIFIED" }));
    type Input<'a> = &'a dyn Fn(&str) -> Value;
    let calls: [(&str, Input<'_>, bool); 5] = [
        ("UpdateCertificateAuthority", &update, true),
        ("UpdateCertificateAuthority", &disable, true),
        ("UpdateCertificateAuthority", &stop, false),
        ("CreateCertificateAuthorityAuditReport", &report, true),
        ("RevokeCertificate", &revoke, true),
    ];
    for (operation, input, writes) in calls {
        for (bucket, actions, enough) in [
            ("crls", &["s3:PutObject", "s3:PutObjectAcl"][..], true),
            ("crls", &["s3:PutObject"], !writes),
            ("others", &["s3:PutObject", "s3:PutObjectAcl"], !writes),
        ] {
            let statements = json!([
                { "Effect": "Allow", "Action": "acm-pca:*", "Resource": "*" },
                { "Effect": "Allow", "Action": actions, "Resource": format!("arn:aws:s3:::{bucket}/*") },
            ]);
            let refused = denied_of(true, statements, operation, input).await;
            assert_eq!(refused.is_none(), enough, "{operation} {bucket} {actions:?}: {refused:?}");
            assert!(refused.is_none_or(|said| said.contains("s3:PutObject")), "{operation}");
        }
    }
}

/// Tags say which authorities a role is for.
#[tokio::test]
async fn an_authority_is_known_by_its_tags() {
    for (value, enough) in [("naruto", true), ("itano", false)] {
        let statements = json!([{
            "Effect": "Allow",
            "Action": "acm-pca:*",
            "Resource": "*",
            "Condition": { "StringEquals": { "aws:ResourceTag/City": value } },
        }]);
        let refused = denied_of(false, statements.clone(), "GetCertificateAuthorityCsr", one).await;
        assert_eq!(refused.is_none(), enough, "{value}: {refused:?}");
        // What names no authority has none.
        assert!(denied_of(false, statements, "ListCertificateAuthorities", |_| json!({})).await.is_some());
    }
}

//! Who may do what with a bucket: by the policies of roles, and by the bucket's own.

use std::time::Duration;

use gcnet_sandbox::Options;

use super::document;
use crate::client::{ACCOUNT, Aws, OTHER, REGION};

/// A role of [`ACCOUNT`] with these actions, and the caller in it.
async fn in_role(aws: &mut Aws, actions: &str) {
    let trust = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}}}]}}"#
    );
    let may = format!(r#"{{"Statement":[{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}]}}"#);
    for (operation, params) in [
        ("CreateRole", vec![("RoleName", "ca"), ("AssumeRolePolicyDocument", trust.as_str())]),
        ("PutRolePolicy", vec![("RoleName", "ca"), ("PolicyName", "p"), ("PolicyDocument", may.as_str())]),
    ] {
        let reply = aws.query("iam", "2010-05-08", operation, &params).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    aws.sandbox.advance(Duration::from_secs(60));
    let role = format!("arn:aws:iam::{ACCOUNT}:role/ca");
    let session = aws.sts("AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "session")]).await;
    aws.key = session.one("Credentials.AccessKeyId");
    aws.token = Some(session.one("Credentials.SessionToken"));
}

/// DOC (service authorization reference): permissions are not all called as the operation is.
#[tokio::test]
async fn a_role_needs_permissions_by_their_own_names() {
    let mut aws = Aws::start(Options { enforce_policies: true, ..Options::default() }).await;
    aws.bucket("here").await;
    in_role(&mut aws, r#""s3:ListAllMyBuckets", "s3:GetEncryptionConfiguration", "s3:CreateBucket""#).await;
    assert_eq!(aws.s3("GET", "/", "").await.status, 200);
    assert_eq!(aws.s3("GET", "/here?encryption", "").await.status, 200);
    for (method, path, action) in [
        ("GET", "/here?list-type=2", "s3:ListBucket on resource: arn:aws:s3:::here "),
        ("GET", "/here?versions", "s3:ListBucketVersions"),
        ("DELETE", "/here?lifecycle", "s3:PutLifecycleConfiguration"),
        ("DELETE", "/here/crl/a?versionId=x", "s3:DeleteObjectVersion on resource: arn:aws:s3:::here/crl/a "),
    ] {
        let refused = aws.s3(method, path, "").await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "AccessDenied"));
        assert!(refused.body.contains(action), "{}", refused.body);
    }
    let tag = "<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>";
    let location = format!("<LocationConstraint>{REGION}</LocationConstraint>");
    let tagged = document("CreateBucketConfiguration", &format!("{location}{tag}"));
    let refused = aws.s3("PUT", "/tagged", &tagged).await;
    assert!(refused.body.contains("s3:TagResource"), "{}", refused.body);
    aws.bucket("plain").await;
}

#[tokio::test]
async fn the_buckets_policy_lets_others_in_and_keeps_its_own_out() {
    let mut aws = Aws::start(Options::default()).await;
    aws.bucket("here").await;
    assert_eq!(aws.s3("PUT", "/here/a", "1").await.status, 200);
    let statement = |effect: &str, principal: &str, action: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":{principal},"Action":"{action}","Resource":["arn:aws:s3:::here","arn:aws:s3:::here/*"]}}"#
        )
    };
    let root = format!(r#"{{"AWS":"arn:aws:iam::{OTHER}:root"}}"#);
    for (statement, own, others) in [
        (statement("Allow", &root, "s3:GetObject"), 200, 200),
        (statement("Allow", &root, "s3:PutObject"), 200, 403),
        (statement("Allow", r#"{"Service":"acm-pca.amazonaws.com"}"#, "s3:*"), 200, 403),
        (statement("Deny", r#""*""#, "s3:Get*"), 403, 403),
    ] {
        aws.key = ACCOUNT.to_owned();
        let put = aws.bucket_policy("here", &statement).await;
        assert_eq!(put.status, 204, "{}", put.body);
        assert_eq!(aws.s3("GET", "/here/a", "").await.status, own, "{statement}");
        aws.key = OTHER.to_owned();
        assert_eq!(aws.s3("GET", "/here/a", "").await.status, others, "{statement}");
        assert_eq!(aws.s3("DELETE", "/here", "").await.status, 403);
    }
}

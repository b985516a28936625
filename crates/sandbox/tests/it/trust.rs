//! Who may assume a role, and what an assumed role may do.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};

use crate::client::{ACCOUNT, Aws, OTHER, Reply};
use crate::roles::ANYBODY;

/// A role `plan` in [`OTHER`] with this statement, old enough to be used; the caller is [`ACCOUNT`] again.
async fn with_role(statement: &str, options: Options) -> Aws {
    let clock = ClockMode::Stepped(Duration::ZERO);
    let mut aws = Aws::start(Options { clock, ..options }).await;
    aws.key = OTHER.to_owned();
    aws.role("plan", &format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)).await;
    aws.sandbox.advance(Duration::from_secs(10));
    aws.key = ACCOUNT.to_owned();
    aws
}

async fn assume(aws: &Aws, more: &[(&str, &str)]) -> Reply {
    let mut params = vec![("RoleArn", "arn:aws:iam::444455556666:role/plan"), ("RoleSessionName", "me")];
    params.extend(more);
    aws.sts("AssumeRole", &params).await
}

fn become_session(aws: &mut Aws, assumed: &Reply) {
    assert_eq!(assumed.status, 200, "{}", assumed.body);
    aws.key = assumed.one("Credentials.AccessKeyId");
    aws.token = Some(assumed.one("Credentials.SessionToken"));
}

const MFA: &[(&str, &str)] = &[("SerialNumber", "arn:aws:iam::111122223333:mfa/me"), ("TokenCode", "123456")];
const EXTERNAL: &[(&str, &str)] = &[("ExternalId", "naruto")];

#[tokio::test]
async fn the_trust_policy_decides() {
    let allow = |principal: &str, condition: &str| {
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole","Condition":{{{condition}}}}}"#)
    };
    let account = r#"{"AWS":"111122223333"}"#;
    let mfa = r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#;
    let recent = r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}"#;
    let external = r#""StringEquals":{"sts:ExternalId":"naruto"}"#;
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
    for (statement, more, allowed) in [
        (allow(account, ""), &[][..], true),
        (allow(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ""), &[], true),
        (allow(r#"{"AWS":"arn:aws:iam::111122223333:user/sandbox"}"#, ""), &[], true),
        (allow(r#"{"AWS":"arn:aws:iam::111122223333:user/other"}"#, ""), &[], false),
        (allow(r#""*""#, ""), &[], true),
        (allow(r#"{"AWS":["*"]}"#, ""), &[], true),
        (allow(r#"{"AWS":"777788889999"}"#, ""), &[], false),
        (allow(r#"{"Service":"ec2.amazonaws.com"}"#, ""), &[], false),
        (allow(account, mfa), &[], false),
        (allow(account, mfa), MFA, true),
        (allow(account, recent), &[], false),
        (allow(account, recent), MFA, true),
        (allow(account, external), &[], false),
        (allow(account, external), &[("ExternalId", "Naruto")], false),
        (allow(account, external), EXTERNAL, true),
        (allow(account, &format!("{mfa},{external}")), EXTERNAL, false),
        (allow(account, &format!("{mfa},{external}")), &[MFA, EXTERNAL].concat(), true),
        (format!("{},{deny}", allow(account, "")), &[], false),
        (format!("{},{deny}", allow(account, "")), MFA, true),
        (allow(account, r#""IpAddress":{"aws:SourceIp":"127.0.0.1/32"}"#), &[], false),
        (allow(account, "").replace("AssumeRole", "TagSession"), &[], false),
    ] {
        let aws = with_role(&statement, Options::default()).await;
        let reply = assume(&aws, more).await;
        let expected = if allowed { 200 } else { 403 };
        assert_eq!(reply.status, expected, "{statement} {more:?}: {}", reply.body);
        assert!(allowed || reply.code() == "AccessDenied");
    }
}

#[tokio::test]
async fn a_code_works_once_and_for_its_user_only() {
    let trust = ANYBODY.split_once('[').unwrap().1.trim_end_matches("]}");
    let mut aws = with_role(trust, Options::default()).await;
    assert_eq!(assume(&aws, MFA).await.status, 200);
    let again = assume(&aws, MFA).await;
    assert!(
        again.code() == "AccessDenied" && again.body.contains("MultiFactorAuthentication failed"),
        "{}",
        again.body
    );
    for (serial, code) in [("arn:aws:iam::444455556666:mfa/me", "654321"), ("arn:aws:iam::111122223333:u2f/me", "1")] {
        let reply = assume(&aws, &[("SerialNumber", serial), ("TokenCode", code)]).await;
        assert_ne!(reply.status, 200, "{serial}");
    }
    assert_eq!(assume(&aws, &[("SerialNumber", "GAHT12345678")]).await.code(), "AccessDenied");
    assert_eq!(assume(&aws, &[("SerialNumber", "GAHT12345678"), ("TokenCode", "654321")]).await.status, 200);

    let session = assume(&aws, &[]).await;
    become_session(&mut aws, &session);
    let who = aws.sts("GetCallerIdentity", &[]).await;
    assert_eq!(who.one("Arn"), "arn:aws:sts::444455556666:assumed-role/plan/me");
    assert_eq!(who.one("Account"), OTHER);
    // The trust policy names ACCOUNT only, and a session has no device.
    assert_eq!(assume(&aws, &[]).await.code(), "AccessDenied");
    assert_eq!(assume(&aws, MFA).await.code(), "AccessDenied");
}

#[tokio::test]
async fn a_new_role_cannot_be_assumed_at_once() {
    let aws = Aws::start(Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }).await;
    aws.role("plan", ANYBODY).await;
    let params = [("RoleArn", "arn:aws:iam::111122223333:role/plan"), ("RoleSessionName", "me")];
    assert_eq!(aws.sts("AssumeRole", &params).await.code(), "AccessDenied");
    aws.sandbox.advance(Duration::from_secs(10));
    assert_eq!(aws.sts("AssumeRole", &params).await.status, 200);
}

#[tokio::test]
async fn policies_are_enforced_when_asked() {
    let trust = ANYBODY.split_once('[').unwrap().1.trim_end_matches("]}");
    let mut aws = with_role(trust, Options { enforce_policies: true, ..Options::default() }).await;
    aws.key = OTHER.to_owned();
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["ec2:Describe*","ec2:CreateVpc"],"Resource":"*"},
        {"Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:*:*:vpc/*",
         "Condition":{"StringEquals":{"ec2:CreateAction":"CreateVpc","aws:RequestTag/gcnet:stack":"naruto"}}},
        {"Effect":"Deny","Action":"ec2:DescribeSubnets","Resource":"*"},
        {"Effect":"Deny","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:subnet/*"}]}"#;
    let role = ("RoleName", "plan");
    aws.iam_ok("PutRolePolicy", &[role, ("PolicyName", "p"), ("PolicyDocument", policy)]).await;
    let attached = ("PolicyArn", "arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess");
    aws.iam_ok("AttachRolePolicy", &[role, attached]).await;
    aws.key = ACCOUNT.to_owned();
    let session = assume(&aws, &[]).await;
    become_session(&mut aws, &session);

    assert_eq!(aws.sts("GetCallerIdentity", &[]).await.status, 200);
    aws.vpc("10.0.0.0/16").await;
    let cidr = ("CidrBlock", "10.1.0.0/16");
    let tag = |value| {
        let prefix = "TagSpecification.1";
        [
            (format!("{prefix}.ResourceType"), "vpc"),
            (format!("{prefix}.Tag.1.Key"), "gcnet:stack"),
            (format!("{prefix}.Tag.1.Value"), value),
        ]
    };
    for (stack, status) in [("naruto", 200), ("anan", 403)] {
        let tags = tag(stack);
        let mut params = vec![cidr];
        params.extend(tags.iter().map(|(name, value)| (name.as_str(), *value)));
        let reply = aws.ec2("CreateVpc", &params).await;
        assert_eq!(reply.status, status, "{}", reply.body);
        assert!(status == 200 || reply.body.contains("no identity-based policy allows the ec2:CreateTags action"));
    }
    let denied = aws.ec2("DescribeSubnets", &[]).await;
    assert_eq!(denied.code(), "UnauthorizedOperation");
    assert!(denied.body.contains("with an explicit deny in an identity-based policy"), "{}", denied.body);
    assert_eq!(aws.iam("ListRoles", &[]).await.code(), "AccessDenied");
    assert_eq!(aws.json("logs", "Logs_20140328.DescribeLogGroups", "{}").await.status, 200);
    let created = aws.json("logs", "Logs_20140328.CreateLogGroup", r#"{"logGroupName":"a"}"#).await;
    assert_eq!(created.code(), "AccessDeniedException");

    aws.sandbox.expire_sessions();
    assert_eq!(aws.ec2("DescribeVpcs", &[]).await.code(), "RequestExpired");
}

#[tokio::test]
async fn a_session_with_a_code_carries_it_into_roles() {
    let statement = r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{
        "Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}}"#;
    for (params, allowed) in [(MFA, true), (&[][..], false)] {
        let mut aws = with_role(statement, Options::default()).await;
        let session = aws.sts("GetSessionToken", params).await;
        become_session(&mut aws, &session);
        let first = assume(&aws, &[]).await;
        assert_eq!((first.status == 200, assume(&aws, &[]).await.status == 200), (allowed, allowed), "{}", first.body);
        assert_eq!(aws.iam("ListRoles", &[]).await.status == 200, allowed);
        assert_eq!(aws.sts("GetSessionToken", &[]).await.code(), "AccessDenied");
        aws.token = None;
        assert_eq!(aws.sts("GetCallerIdentity", &[]).await.code(), "InvalidClientTokenId");
    }
}

/// The encoded message tells which conditions the statement has that denies.
#[tokio::test]
async fn a_refusal_can_be_decoded() {
    let trust = ANYBODY.split_once('[').unwrap().1.trim_end_matches("]}");
    let mut aws = with_role(trust, Options { enforce_policies: true, ..Options::default() }).await;
    aws.key = OTHER.to_owned();
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["ec2:*","sts:Decode*"],"Resource":"*"},
        {"Effect":"Deny","Action":"ec2:CreateVpc","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"ap-northeast-1"}}}]}"#;
    aws.iam_ok("PutRolePolicy", &[("RoleName", "plan"), ("PolicyName", "p"), ("PolicyDocument", policy)]).await;
    aws.key = ACCOUNT.to_owned();
    let session = assume(&aws, &[]).await;
    become_session(&mut aws, &session);
    let denied = aws.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await;
    let message = denied.one("Error.Message");
    let (_, encoded) = message.split_once(" Encoded authorization failure message: ").unwrap();
    let decoded = aws.sts("DecodeAuthorizationMessage", &[("EncodedMessage", encoded)]).await.one("DecodedMessage");
    let decoded: serde_json::Value = serde_json::from_str(&decoded).unwrap();
    assert_eq!(decoded["explicitDeny"], true);
    assert_eq!(decoded["matchedStatements"]["items"][0]["conditions"]["items"][0]["key"], "aws:RequestedRegion");
    aws.key = OTHER.to_owned();
    aws.iam_ok(
        "PutRolePolicy",
        &[("RoleName", "plan"), ("PolicyName", "p"), ("PolicyDocument", &policy.replace("sts:Decode*", "sts:Get*"))],
    )
    .await;
    aws.key = session.one("Credentials.AccessKeyId");
    assert_eq!(aws.sts("DecodeAuthorizationMessage", &[("EncodedMessage", encoded)]).await.code(), "AccessDenied");
}

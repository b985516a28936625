//! IAM roles and policies.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};
use percent_encoding::percent_decode_str;

use crate::client::{ACCOUNT, Aws, Reply};

pub const ANYBODY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#;
const MAY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}"#;
const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/// Operation, parameters, status, error code.
type Refusal<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

impl Aws {
    pub async fn iam(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        let reply = self.query("iam", "2010-05-08", action, params).await;
        reply.unwrap_or_else(|| panic!("{action} was not answered"))
    }

    pub async fn iam_ok(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        let reply = self.iam(action, params).await;
        assert_eq!(reply.status, 200, "{action} {params:?}: {}", reply.body);
        reply
    }

    async fn iam_refuses(&self, calls: &[Refusal<'_>]) {
        for (action, params, status, code) in calls {
            let reply = self.iam(action, params).await;
            let got = if reply.status == 200 { String::new() } else { reply.code() };
            assert_eq!((reply.status, got.as_str()), (*status, *code), "{action} {params:?}: {}", reply.body);
        }
    }

    pub async fn role(&self, name: &str, trust: &str) {
        self.iam_ok("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", trust)]).await;
    }
}

fn stepped() -> Options {
    Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }
}

#[tokio::test]
async fn a_role_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let name = ("RoleName", "gcnet-naruto-prod");
    let made = aws
        .iam_ok(
            "CreateRole",
            &[
                name,
                ("Path", "/gcnet/naruto/prod/"),
                ("AssumeRolePolicyDocument", ANYBODY),
                ("MaxSessionDuration", "7200"),
                ("Tags.member.1.Key", "gcnet:stack"),
                ("Tags.member.1.Value", "鳴門 prod"),
            ],
        )
        .await;
    assert_eq!(made.one("Role.Arn"), "arn:aws:iam::111122223333:role/gcnet/naruto/prod/gcnet-naruto-prod");
    assert_eq!(made.one("Role.CreateDate"), "2026-04-01T00:00:00Z");
    let id = made.one("Role.RoleId");
    assert!(id.starts_with("AROA") && id.len() == 21, "{id}");

    aws.iam_ok("PutRolePolicy", &[name, ("PolicyName", "write"), ("PolicyDocument", MAY)]).await;
    aws.iam_ok("AttachRolePolicy", &[name, ("PolicyArn", READ_ONLY)]).await;
    aws.iam_ok("UpdateRole", &[name, ("Description", "flow logs")]).await;
    aws.iam_ok("TagRole", &[name, ("Tags.member.1.Key", "GCNET:stack"), ("Tags.member.1.Value", "x")]).await;
    aws.iam_ok("TagRole", &[name, ("Tags.member.1.Key", "more"), ("Tags.member.1.Value", "")]).await;
    aws.iam_ok("UntagRole", &[name, ("TagKeys.member.1", "MORE")]).await;

    let read = aws.iam_ok("GetRole", &[name]).await;
    assert_eq!(read.one("Role.MaxSessionDuration"), "7200");
    assert_eq!(read.one("Role.Description"), "flow logs");
    assert_eq!(read.all("Tags.member.Key"), ["GCNET:stack"], "the case of a key does not matter");
    let trust = read.one("Role.AssumeRolePolicyDocument");
    assert_eq!(percent_decode_str(&trust).decode_utf8().unwrap(), ANYBODY);
    assert!(trust.starts_with("%7B%22Version%22%3A%222012-10-17%22"), "{trust}");

    let details = [("Filter.member.1", "Role"), ("MaxItems", "1000")];
    let all = aws.iam_ok("GetAccountAuthorizationDetails", &details).await;
    assert_eq!(all.all("RolePolicyList.member.PolicyName"), ["write"]);
    assert_eq!(all.all("AttachedManagedPolicies.member.PolicyArn"), [READ_ONLY]);
    assert_eq!(all.one("GetAccountAuthorizationDetailsResult.IsTruncated"), "false");
    assert!(aws.sandbox.everything(ACCOUNT).iter().any(|one| one.kind == "role" && one.region.is_empty()));

    aws.iam_refuses(&[("DeleteRole", &[name], 409, "DeleteConflict")]).await;
    aws.iam_ok("DetachRolePolicy", &[name, ("PolicyArn", READ_ONLY)]).await;
    aws.iam_refuses(&[("DeleteRole", &[name], 409, "DeleteConflict")]).await;
    aws.iam_ok("DeleteRolePolicy", &[name, ("PolicyName", "write")]).await;
    aws.iam_ok("DeleteRole", &[name]).await;
    assert_eq!(aws.iam("GetRole", &[name]).await.code(), "NoSuchEntity");
    assert!(aws.sandbox.everything(ACCOUNT).is_empty());
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let aws = Aws::start(stepped()).await;
    aws.role("Plan", ANYBODY).await;
    let (name, trust) = (("RoleName", "new"), ("AssumeRolePolicyDocument", ANYBODY));
    let (plan, policy) = (("RoleName", "Plan"), ("PolicyName", "p"));
    let long = "x".repeat(65);
    let sized = |size: usize| {
        let pad = "a".repeat(size);
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":"ec2:*","Resource":["*","arn:aws:ec2:::{pad}"]}}}}"#)
    };
    let (half, whole) = (sized(5000), sized(10_240));
    let other_role = ANYBODY.replace("111122223333", "arn:aws:iam::111122223333:role/nobody");
    aws.iam_refuses(&[
        ("CreateRole", &[("RoleName", "pLAN"), trust], 409, "EntityAlreadyExists"),
        ("CreateRole", &[("RoleName", &long), trust], 400, "ValidationError"),
        ("CreateRole", &[("RoleName", "a/b"), trust], 400, "ValidationError"),
        ("CreateRole", &[trust], 400, "ValidationError"),
        ("CreateRole", &[name, trust, ("Path", "gcnet/")], 400, "ValidationError"),
        ("CreateRole", &[name, trust, ("Path", "/gcnet")], 400, "ValidationError"),
        ("CreateRole", &[name, trust, ("MaxSessionDuration", "3599")], 400, "ValidationError"),
        ("CreateRole", &[name, ("AssumeRolePolicyDocument", "{}")], 400, "MalformedPolicyDocument"),
        ("CreateRole", &[name, ("AssumeRolePolicyDocument", MAY)], 400, "MalformedPolicyDocument"),
        ("CreateRole", &[name, ("AssumeRolePolicyDocument", &other_role)], 400, "MalformedPolicyDocument"),
        ("CreateRole", &[name, trust, ("PermissionsBoundary", READ_ONLY)], 400, "UnknownParameter"),
        (
            "CreateRole",
            &[name, trust, ("Tags.member.1.Key", "aws:a"), ("Tags.member.1.Value", "")],
            400,
            "InvalidInput",
        ),
        ("TagRole", &[plan, ("Tags.member.1.Key", "a*"), ("Tags.member.1.Value", "")], 400, "ValidationError"),
        ("PutRolePolicy", &[plan, policy, ("PolicyDocument", ANYBODY)], 400, "MalformedPolicyDocument"),
        ("PutRolePolicy", &[plan, policy, ("PolicyDocument", &whole)], 409, "LimitExceeded"),
        ("PutRolePolicy", &[name, policy, ("PolicyDocument", MAY)], 404, "NoSuchEntity"),
        ("PutRolePolicy", &[plan, policy, ("PolicyDocument", &half)], 200, ""),
        ("PutRolePolicy", &[plan, policy, ("PolicyDocument", &half)], 200, ""),
        ("PutRolePolicy", &[plan, ("PolicyName", "q"), ("PolicyDocument", &half)], 200, ""),
        ("PutRolePolicy", &[plan, ("PolicyName", "r"), ("PolicyDocument", &half)], 409, "LimitExceeded"),
        ("GetRolePolicy", &[plan, ("PolicyName", "r")], 404, "NoSuchEntity"),
        ("DeleteRolePolicy", &[plan, ("PolicyName", "r")], 404, "NoSuchEntity"),
        ("AttachRolePolicy", &[plan, ("PolicyArn", "arn:aws:iam::aws:policy/Nothing")], 404, "NoSuchEntity"),
        ("DetachRolePolicy", &[plan, ("PolicyArn", READ_ONLY)], 404, "NoSuchEntity"),
        ("UpdateAssumeRolePolicy", &[plan, ("PolicyDocument", MAY)], 400, "MalformedPolicyDocument"),
        ("UpdateAssumeRolePolicy", &[name, ("PolicyDocument", ANYBODY)], 404, "NoSuchEntity"),
        ("DeleteRole", &[name], 404, "NoSuchEntity"),
        ("GetRole", &[("RoleName", "plan")], 404, "NoSuchEntity"),
        ("ListRoles", &[("MaxItems", "0")], 400, "ValidationError"),
        ("ListRoles", &[("Marker", "x")], 400, "ValidationError"),
        ("GetAccountAuthorizationDetails", &[("Filter.member.1", "Roles")], 400, "ValidationError"),
    ])
    .await;
}

#[tokio::test]
async fn a_policy_of_its_own_can_be_attached() {
    let aws = Aws::start(stepped()).await;
    aws.role("plan", ANYBODY).await;
    let made = aws.iam_ok("CreatePolicy", &[("PolicyName", "p"), ("Path", "/gcnet/"), ("PolicyDocument", MAY)]).await;
    let arn = made.one("Policy.Arn");
    assert_eq!(arn, "arn:aws:iam::111122223333:policy/gcnet/p");
    let (role, policy) = (("RoleName", "plan"), ("PolicyArn", arn.as_str()));
    aws.iam_ok("AttachRolePolicy", &[role, policy]).await;
    aws.iam_ok("AttachRolePolicy", &[role, ("PolicyArn", READ_ONLY)]).await;
    let ours = aws.iam_ok("ListAttachedRolePolicies", &[role, ("PathPrefix", "/gcnet/")]).await;
    assert_eq!(ours.all("AttachedPolicies.member.PolicyName"), ["p"]);
    assert_eq!(aws.iam_ok("GetPolicy", &[policy]).await.one("Policy.AttachmentCount"), "1");
    let version = aws.iam_ok("GetPolicyVersion", &[policy, ("VersionId", "v1")]).await;
    assert_eq!(version.one("PolicyVersion.IsDefaultVersion"), "true");
    aws.iam_refuses(&[
        ("CreatePolicy", &[("PolicyName", "P"), ("PolicyDocument", MAY)], 409, "EntityAlreadyExists"),
        ("GetPolicyVersion", &[policy, ("VersionId", "v2")], 404, "NoSuchEntity"),
        ("DeletePolicy", &[policy], 409, "DeleteConflict"),
        ("DetachRolePolicy", &[role, policy], 200, ""),
        ("DeletePolicy", &[policy], 200, ""),
        ("DeletePolicy", &[policy], 404, "NoSuchEntity"),
    ])
    .await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let aws = Aws::start(stepped()).await;
    for n in 0..7 {
        aws.role(&format!("role{n}"), ANYBODY).await;
    }
    for (action, element) in [("ListRoles", "Roles"), ("GetAccountAuthorizationDetails", "RoleDetailList")] {
        let mut names = Vec::new();
        let mut marker = None::<String>;
        loop {
            let mut params = vec![("MaxItems", "3")];
            params.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let page = aws.iam_ok(action, &params).await;
            names.extend(page.all(&format!("{element}.member.RoleName")));
            if page.one("IsTruncated") == "false" {
                break;
            }
            marker = Some(page.one("Marker"));
        }
        assert_eq!(names, (0..7).map(|n| format!("role{n}")).collect::<Vec<_>>(), "{action}");
    }
}

#[tokio::test]
async fn a_principal_must_exist_and_have_spread() {
    let aws = Aws::start(stepped()).await;
    let trusting = |principal: &str| ANYBODY.replace(r#""111122223333""#, &format!("\"{principal}\""));
    aws.role("first", ANYBODY).await;
    let first = trusting("arn:aws:iam::111122223333:role/first");
    let second = [("RoleName", "second"), ("AssumeRolePolicyDocument", first.as_str())];
    assert_eq!(aws.iam("CreateRole", &second).await.code(), "MalformedPolicyDocument");
    aws.sandbox.advance(Duration::from_secs(10));
    aws.iam_ok("CreateRole", &second).await;
    // Nothing is known of another account until something is made there.
    aws.role("third", &trusting("arn:aws:iam::444455556666:role/ops")).await;
    for (n, odd) in ["*a", "arn:aws:iam::1:root", "arn:aws:iam::111122223333:group/x", "AROAAAAAAAAAAAAAAAAAA"]
        .into_iter()
        .enumerate()
    {
        let (name, trust) = (format!("odd{n}"), trusting(odd));
        let made = aws.iam("CreateRole", &[("RoleName", &name), ("AssumeRolePolicyDocument", &trust)]).await;
        assert!(made.code() == "MalformedPolicyDocument" && made.body.contains("Invalid principal"), "{odd}");
    }
}

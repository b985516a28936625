use std::collections::BTreeMap;

use gcnet_aws::{
    Held, Identity,
    doctor::{Decision, Organization, Simulated},
};
use gcnet_core::{Class, Desired, Failure, Stack};
use insta::assert_snapshot;

use super::{Report, text};
use crate::{
    doctor::{
        Check, account, clock, credentials, endpoints,
        organization::{self, Needed},
        permissions, quotas, roles,
    },
    report::{
        Lang, Style,
        fixtures::{failure, first, subject},
    },
};

fn refused(operation: &str) -> Failure {
    failure(Class::Denied, operation, "AccessDenied", "no")
}

fn identity(resource: &str) -> Identity {
    let account = "111122223333".to_string();
    Identity { arn: format!("arn:aws:sts::{account}:{resource}"), account }
}

fn whose(resource: &str, held: Held) -> Check {
    let identity = Ok(identity(resource));
    let (mfa, now, long_lived_allowed) = (false, 0, false);
    credentials::judge(credentials::Seen { identity: &identity, held: Some(held), mfa, now, long_lived_allowed })
}

/// The wishes do not matter here: what is made comes from the plan.
fn quota(id: &str, most: Option<u64>, used: Option<Result<u64, Failure>>) -> Check {
    let quota = *quotas::QUOTAS.iter().find(|quota| quota.id == id).unwrap();
    let code = quota.code.map(|(_, code)| code.to_string());
    let limits = most
        .map(|most| BTreeMap::from([(code.unwrap(), most)]))
        .ok_or_else(|| refused("servicequotas:ListServiceQuotas"));
    let nothing = Desired::new(Stack::new("naruto", "prod"), Default::default());
    quotas::judge(quota, &nothing, &first(), &limits, used)
}

fn simulated(action: &str, decision: Decision) -> Simulated {
    Simulated { action: action.into(), decision }
}

fn organization() -> Organization {
    Organization { id: "o-0123456789".into(), management_account: "111122223333".into() }
}

fn shown(checks: &[Check]) -> String {
    let (subject, mut shown) = (subject(), String::new());
    let report = Report { subject: &subject, checks };
    for lang in [Lang::En, Lang::Ja] {
        shown += &format!("{}\n", text(&report, Style::plain(lang)));
    }
    shown + &serde_json::to_string_pretty(&report.document()).unwrap()
}

#[test]
fn all_is_well() {
    let session = Held { is_long_lived: false, expires: Some(7200) };
    let mut checks = vec![
        whose("assumed-role/AWSReservedSSO_Net_0123/taro@naruto.example", session),
        account::judge("111122223333", &identity("user/x")),
        account::judge_region("ap-northeast-1", None),
        clock::judge(Some(1), false),
    ];
    checks.extend(["ec2", "iam", "sts"].map(|service| endpoints::judge(service, Ok(()))));
    checks.extend([quota("vpcs", Some(5), Some(Ok(1))), quota("transit_gateways", Some(5), Some(Ok(0)))]);
    checks.push(organization::judge(Needed::Within, Ok(Some(organization())), Ok(true)));
    checks.push(permissions::judge(Ok(vec![simulated("ec2:CreateVpc", Decision::Allowed)])));
    checks.extend(roles::judge(&["444455556666".into()], Ok(BTreeMap::new())));
    assert_snapshot!(shown(&checks));
}

#[test]
fn nothing_is_well() {
    let key = Held { is_long_lived: true, expires: None };
    let soon = Held { is_long_lived: false, expires: Some(120) };
    let silent = |code: &str, message: &str| failure(Class::Unreachable, code, code, message);
    let unreachable = |message: &str| Failure { request_id: None, code: "unreachable".into(), ..silent("x", message) };
    let lost = BTreeMap::from([("444455556666".to_string(), refused("sts:AssumeRole"))]);
    let mut checks = vec![
        whose("root", key),
        whose("user/taro\u{1b}[31m", key),
        whose("assumed-role/gcnet-apply/taro", soon),
        account::judge("999999999999", &identity("user/x")),
        account::judge_region("ap-northeast-1", Some("us-east-1".into())),
        clock::judge(Some(400), false),
        clock::judge(Some(-90), false),
        clock::judge(None, false),
        clock::judge(None, true),
        endpoints::judge("ec2", Err(unreachable("failed to lookup address information"))),
        endpoints::judge("iam", Err(unreachable("Connection refused (os error 111)"))),
        endpoints::judge("ram", Err(unreachable("invalid peer certificate: UnknownIssuer"))),
        endpoints::judge("s3", Err(silent("timeout", "10 s"))),
        endpoints::judge("logs", Err(silent("connection-lost", "connection reset"))),
        quota("vpcs", Some(5), Some(Ok(5))),
        quota("transit_gateways", None, Some(Ok(5))),
        quota("roles", Some(1000), Some(Err(refused("iam:ListRoles")))),
        organization::judge(Needed::Within, Ok(Some(organization())), Ok(false)),
        organization::judge(Needed::Anywhere, Ok(None), Ok(false)),
        organization::judge(Needed::Within, Ok(None), Ok(false)),
        organization::judge(Needed::Within, Err(refused("organizations:DescribeOrganization")), Ok(false)),
        organization::judge(Needed::No, Ok(None), Ok(false)),
        permissions::judge(Ok(vec![
            simulated("ec2:CreateVpc", Decision::Guardrail),
            simulated("ec2:DescribeVpcs", Decision::NotAllowed),
            simulated("iam:PassRole", Decision::Denied),
            simulated("acm-pca:IssueCertificate", Decision::Depends),
        ])),
        permissions::judge(Err(Some(refused("iam:SimulatePrincipalPolicy")))),
        permissions::judge(Err(None)),
    ];
    checks.extend(roles::judge(&["444455556666".into()], Ok(lost)));
    checks.extend(roles::judge(&[], Err(refused("sts:AssumeRole"))));
    assert_snapshot!(shown(&checks));
}

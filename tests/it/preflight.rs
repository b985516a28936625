//! Sessions with MFA, the operator's name in roles, and what AWS says of a refusal only to those who ask.

use std::sync::Arc;

use gcnet::config::schema::Municipality;
use gcnet_aws::{Access, Aws, Connection, Mfa, Pace, Role, StaticCredentials, Timing};
use gcnet_core::{Class, Failure, Outcome, Report};
use gcnet_sandbox::{Denial, Effect, Fault, Matcher, Sandbox};

use crate::support::{city, connect, converge, planned, run, sandbox_of, wish};

/// Naruto, whose operators are its own account's and have to hold a device.
fn naruto() -> Municipality {
    let mut naruto = city("naruto");
    let root = format!("arn:aws:iam::{}:root", *naruto.accounts.network.id);
    let operators = naruto.operators.as_mut().unwrap();
    operators.principals = vec![gcnet::config::at::At::nowhere(gcnet::config::values::Arn::parse(&root).unwrap())];
    // What is slow has nothing to do with roles.
    (naruto.dns, naruto.private_ca) = (None, None);
    naruto.lines.clear();
    naruto.sites.clear();
    naruto
}

/// The account's roles, made and spread.
async fn with_roles(naruto: &Municipality) -> Sandbox {
    let sandbox = sandbox_of(naruto).await;
    converge(&connect(&sandbox, naruto).await, &wish(naruto)).await;
    sandbox.advance(std::time::Duration::from_secs(60));
    sandbox.clear_calls();
    sandbox
}

/// A way in with a role, as the command line has it for real accounts.
async fn assume(sandbox: &Sandbox, naruto: &Municipality, role: &str, mfa: Option<Arc<Mfa>>) -> Aws {
    let account = naruto.accounts.network.id.to_string();
    let role = Role {
        arn: format!("arn:aws:iam::{account}:role/gcnet/naruto/prod/gcnet-naruto-prod-{role}"),
        external_id: None,
        session_name: "gcnet-fallback".into(),
    };
    let fixed = Some(StaticCredentials { key_id: account.clone() });
    let access = Access { fixed, role: Some(role), mfa, in_the_operators_name: true, ..Access::default() };
    let region = naruto.region.value.as_str().into();
    let (endpoint, others, pace) = (Some(sandbox.endpoint()), vec![], Pace::Unlimited);
    Aws::connect(&Connection { region, account, endpoint, access, others, pace, timing: Timing::default() }).await
}

fn device(naruto: &Municipality, code: &str) -> Option<Arc<Mfa>> {
    Some(Arc::new(Mfa::new(format!("arn:aws:iam::{}:mfa/taro", *naruto.accounts.network.id), code)))
}

fn asked(sandbox: &Sandbox, operation: &str) -> usize {
    sandbox.calls().iter().filter(|call| call.operation == operation).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_opens_every_role_and_sessions_carry_the_operator() {
    let naruto = naruto();
    let sandbox = with_roles(&naruto).await;
    let mfa = device(&naruto, "493817");
    for role in ["plan", "apply", "destroy"] {
        let aws = assume(&sandbox, &naruto, role, mfa.clone()).await;
        let identity = aws.identity().await.unwrap();
        assert!(
            identity.arn.ends_with(&format!("assumed-role/gcnet-naruto-prod-{role}/gcnet-sandbox")),
            "{identity:?}"
        );
        // The user's own key is not what calls are made with.
        assert_eq!(aws.held().map(|held| (held.is_long_lived, held.expires.is_some())), Some((false, true)));
    }
    assert_eq!((asked(&sandbox, "GetSessionToken"), asked(&sandbox, "AssumeRole")), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_device_or_with_a_used_code_nothing_is_assumed() {
    let naruto = naruto();
    let sandbox = with_roles(&naruto).await;
    let refused = async |mfa| assume(&sandbox, &naruto, "plan", mfa).await.identity().await.unwrap_err();
    let failure = refused(None).await;
    assert_eq!((failure.class, failure.code.as_str()), (Class::Credentials, "role-refused"), "{failure}");

    assume(&sandbox, &naruto, "plan", device(&naruto, "493817")).await.identity().await.unwrap();
    sandbox.clear_calls();
    let used = device(&naruto, "493817");
    let failure = refused(used.clone()).await;
    assert_eq!((failure.class, failure.code.as_str()), (Class::Credentials, "mfa-refused"), "{failure}");
    assert!(!format!("{failure:?}").contains("493817"), "a code was told");
    // Many wrong codes lock a device: whoever asks again within this command is not heard.
    refused(used).await;
    assert_eq!(asked(&sandbox, "GetSessionToken"), 1);
}

fn denied(report: &mut Report) -> Vec<&mut Failure> {
    let failures = report.outcomes.iter_mut().filter_map(|outcome| match outcome {
        Outcome::Failed { error } => error.failure_mut(),
        _ => None,
    });
    failures.filter(|failure| matches!(failure.class, Class::Denied | Class::Guardrail)).collect()
}

/// A run in which every subnet is denied; what is known of it before and after asking.
async fn denied_subnets(denial: Denial, may_ask: bool) -> (Sandbox, Vec<Failure>, Vec<Failure>) {
    let naruto = naruto();
    let sandbox = sandbox_of(&naruto).await;
    sandbox.inject(Fault::always(Matcher::operation("CreateSubnet"), Effect::Deny(denial)));
    if !may_ask {
        let on = Matcher::operation("DecodeAuthorizationMessage");
        sandbox.inject(Fault::always(on, Effect::Deny(Denial::Missing)));
    }
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &wish(&naruto)).await;
    let mut report = run(&aws, &plan).await;
    let copies = |failures: &[&mut Failure]| failures.iter().map(|failure| (**failure).clone()).collect();
    let mut failures = denied(&mut report);
    let before = copies(&failures);
    aws.unseal(failures.iter_mut().map(|failure| &mut **failure)).await;
    let after = copies(&failures);
    (sandbox, before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_names_policy_action_and_resource() {
    for (denial, class, policy, explicit) in [
        (Denial::Missing, Class::Denied, "identity-based policy", false),
        (Denial::ServiceControlPolicy, Class::Guardrail, "service control policy", true),
        (Denial::NoServiceControlPolicy, Class::Guardrail, "service control policy", false),
        (Denial::ResourceControlPolicy, Class::Guardrail, "resource control policy", true),
        (Denial::PermissionsBoundary, Class::Guardrail, "permissions boundary", true),
    ] {
        let (sandbox, before, after) = denied_subnets(denial, true).await;
        assert!(before.len() > 1, "{before:?}");
        for failure in before.iter().chain(&after) {
            assert_eq!((failure.class, failure.permission.as_deref()), (class, Some("ec2:CreateSubnet")));
            let known = failure.denial.as_deref().unwrap();
            assert_eq!((known.policy.as_deref(), known.explicit), (Some(policy), explicit), "{known:?}");
            assert_eq!(known.resource.as_deref(), Some("arn:aws:ec2:ap-northeast-1:100000000002:*"));
            let told = format!("{failure:?} {failure} {}", serde_json::to_string(failure).unwrap());
            assert!(!told.contains(known.sealed.as_ref().unwrap().text()), "the encoded message was told");
        }
        assert_eq!(asked(&sandbox, "DecodeAuthorizationMessage"), 1, "one reason is asked about once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_hears_what_was_said_anyway() {
    let (sandbox, before, after) = denied_subnets(Denial::ServiceControlPolicy, false).await;
    assert_eq!(before, after);
    assert_eq!(asked(&sandbox, "DecodeAuthorizationMessage"), 1, "a refusal to tell is final");
}

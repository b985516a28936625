//! The operators' roles, held to their own policies by an AWS that enforces them.

use gcnet::config::{at::At, schema::Mfa, schema::Municipality, values::Arn};
use gcnet_aws::{Access, Aws, Connection, Identity, KINDS, Pace, Role, StaticCredentials};
use gcnet_core::{Class, observe};
use gcnet_sandbox::Sandbox;

use crate::support::{city, connect, converge, failures, nothing, ours, planned, run, sandbox_with, summary, wish};

/// Naruto, whose operators come from an identity provider and may all take all roles.
fn naruto() -> Municipality {
    let mut naruto = city("naruto");
    let root = format!("arn:aws:iam::{}:root", *naruto.accounts.network.id);
    let operators = naruto.operators.as_mut().unwrap();
    operators.mfa = At::nowhere(Mfa::Federated);
    operators.principals = vec![At::nowhere(Arn::parse(&root).unwrap())];
    (operators.plan, operators.apply, operators.destroy) = (None, None, None);
    naruto
}

async fn assume(sandbox: &Sandbox, municipality: &Municipality, role: &str) -> Aws {
    let account = municipality.accounts.network.id.to_string();
    let role = Role {
        arn: format!("arn:aws:iam::{account}:role/gcnet/naruto/prod/gcnet-naruto-prod-{role}"),
        external_id: None,
        session_name: "gcnet-test".into(),
    };
    let fixed = Some(StaticCredentials { key_id: account.clone() });
    let access = Access { fixed, role: Some(role), ..Access::default() };
    let region = municipality.region.value.as_str().into();
    let (endpoint, others, pace) = (Some(sandbox.endpoint()), vec![], Pace::Unlimited);
    Aws::connect(&Connection { region, account, endpoint, access, others, pace }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_its_work_and_no_more() {
    let naruto = naruto();
    let sandbox = sandbox_with(|options| options.enforce_policies = true).await;
    let desired = wish(&naruto);
    // The first apply makes the roles, so somebody else makes it. Fresh roles need ten seconds: five requests.
    converge(&connect(&sandbox, &naruto).await, &desired).await;
    sandbox.advance(std::time::Duration::from_secs(60));

    let reader = assume(&sandbox, &naruto, "plan").await;
    assert_eq!(summary(&planned(&reader, &desired).await), [""; 0]);
    let mut edited = naruto.clone();
    edited.shared_vpc.cidr.value = gcnet::config::values::Cidr::parse("10.250.0.0/24").unwrap();
    let refused = planned(&reader, &wish(&edited)).await;
    let report = run(&reader, &refused).await;
    let denied = report.outcomes.iter().filter_map(|outcome| match outcome {
        gcnet_core::Outcome::Failed { error } => error.failure(),
        _ => None,
    });
    assert!(denied.clone().count() > 0 && denied.clone().all(|f| f.class == Class::Denied), "{report:?}");

    // Builds everything but its own kind of thing: what it may delete is no root.
    let builder = assume(&sandbox, &naruto, "apply").await;
    let mut silent = naruto.clone();
    silent.dns = None;
    converge(&builder, &wish(&silent)).await;
    let mut shared = naruto.clone();
    if let Some(dns) = &mut shared.dns {
        dns.query_log_share_with = vec![naruto.asps[0].name.clone()];
    }
    converge(&builder, &wish(&shared)).await;
    let mut wider = naruto.clone();
    wider.onprem.cidrs.push(At::nowhere(gcnet::config::values::Cidr::parse("10.99.0.0/16").unwrap()));
    converge(&builder, &wish(&wider)).await;
    converge(&builder, &desired).await;

    let destroyer = assume(&sandbox, &naruto, "destroy").await;
    let observed = observe(&destroyer, KINDS).await.unwrap();
    let identity = destroyer.identity().await.unwrap();
    let others: Vec<_> = observed
        .of(&desired.stack)
        .unwrap()
        .iter()
        .filter(|o| !identity.is_session_of(&o.object.id))
        .cloned()
        .collect();
    let plan = gcnet_core::plan(KINDS, &nothing(&naruto), &others).unwrap();
    let report = run(&destroyer, &plan).await;
    assert!(report.is_success(), "{}", failures(&plan, &report));
    let left = ours(&sandbox, &naruto);
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("destroy"), "{left:?}");
}

#[test]
fn a_session_is_known_by_its_role() {
    let identity = Identity {
        account: "111122223333".into(),
        arn: "arn:aws:sts::111122223333:assumed-role/gcnet-naruto-prod-destroy/gcnet-op".into(),
    };
    assert!(identity.is_session_of("arn:aws:iam::111122223333:role/gcnet/naruto/prod/gcnet-naruto-prod-destroy"));
    assert!(!identity.is_session_of("arn:aws:iam::111122223333:role/gcnet/naruto/prod/gcnet-naruto-prod-apply"));
    assert!(!identity.is_session_of("arn:aws:iam::999999999999:role/gcnet/naruto/prod/gcnet-naruto-prod-destroy"));
    assert!(!identity.is_session_of("vpc-0123"));
}

//! The operators' roles, held to their own policies by an AWS that enforces them.

use std::time::Duration;

use gcnet::{
    config::{
        at::At,
        schema::{Crl, KeyAlgorithm, Mfa, Municipality, Revocation, SigningAlgorithm},
        values::Arn,
    },
    pki::{KeyKind, Name, Request, key},
};
use gcnet_aws::{
    Access, Aws, Connection, Identity, KINDS, Pace, Role, StaticCredentials, Timing,
    ca::Issue,
    kinds::{Bucket, CertificateAuthority},
};
use gcnet_core::{Class, Failure, Kind, observe};
use gcnet_sandbox::Sandbox;

use crate::support::{city, connect, converge, failures, nothing, ours, planned, run, sandbox_with, summary, wish};

/// Naruto, whose operators come from an identity provider and may all take all roles.
pub(crate) fn naruto() -> Municipality {
    let mut naruto = city("naruto");
    let root = format!("arn:aws:iam::{}:root", *naruto.accounts.network.id);
    let operators = naruto.operators.as_mut().unwrap();
    operators.mfa = At::nowhere(Mfa::Federated);
    operators.principals = vec![At::nowhere(Arn::parse(&root).unwrap())];
    (operators.plan, operators.apply, operators.destroy) = (None, None, None);
    naruto
}

/// A list of what is revoked, in our own bucket.
fn list() -> At<Revocation> {
    let list = Crl { bucket: None, custom_cname: None, omit_distribution_point: false, expires_in_days: None };
    At::nowhere(Revocation::Crl(list))
}

pub(crate) async fn assume(sandbox: &Sandbox, municipality: &Municipality, role: &str) -> Aws {
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
    Aws::connect(&Connection { region, account, endpoint, access, others, pace, timing: Timing::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_its_work_and_no_more() {
    let mut naruto = naruto();
    // A list of what is revoked takes rights in its bucket.
    naruto.private_ca.as_mut().unwrap().revocation = list();
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
    silent.private_ca.as_mut().unwrap().revocation = At::nowhere(Revocation::None);
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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_the_private_ca_cannot_issue_from_it_and_the_other_way_round() {
    const LEAF: &str = "EndEntityCertificate/V1";
    let mut naruto = naruto();
    naruto.dns = None;
    naruto.lines.clear();
    naruto.sites.clear();
    let file = naruto.private_ca.as_mut().unwrap();
    (file.key.algorithm.value, file.key.signing.value) =
        (KeyAlgorithm::EcPrime256v1, SigningAlgorithm::Sha256WithEcdsa);
    file.revocation = list();
    file.share_with.clear();
    let desired = wish(&naruto);
    let sandbox = sandbox_with(|options| options.enforce_policies = true).await;
    let owner = connect(&sandbox, &naruto).await;
    converge(&owner, &desired).await;
    let pass = || sandbox.advance(Duration::from_secs(600));
    pass();
    let (admin, issuer) = (assume(&sandbox, &naruto, "ca-admin").await, assume(&sandbox, &naruto, "ca-issuer").await);
    let ca = issuer.cas().await.unwrap().remove(0);
    let account = naruto.accounts.network.id.to_string();
    let bucket = Bucket::named(&desired.stack, "ca", &account);
    let (_, request) = key::make(KeyKind::EcP256, &[Name::host("www.naruto.example").unwrap()]).unwrap();
    let csr = Request::judge(&request).unwrap().pem;
    let by = |template| Issue { csr: &csr, template, days: 7 };

    // Who issues: all that `ca issue`, `ca list` and `ca revoke` do, and nothing that makes or ends an authority.
    let certificate = issuer.issue(&ca, &by(LEAF)).await.unwrap();
    pass();
    issuer.issued(&ca.arn, &certificate).await.unwrap();
    let report = issuer.ask_for_report(&ca.arn, &bucket).await.unwrap();
    pass();
    let report = issuer.report_is_written(&ca.arn, &report).await.unwrap();
    let report = String::from_utf8(issuer.fetch_report(&bucket, &report.key).await.unwrap()).unwrap();
    assert!(report.contains(&certificate), "{report}");
    let serial = certificate.rsplit('/').next().unwrap();
    denied(admin.revoke(&ca.arn, serial, "SUPERSEDED").await, "RevokeCertificate");
    assert!(issuer.revoke(&ca.arn, serial, "SUPERSEDED").await.unwrap());
    denied(issuer.issue(&ca, &by("SubordinateCACertificate_PathLen0/V1")).await, "IssueCertificate");
    let live = CertificateAuthority::observe(&owner).await.unwrap().remove(0);
    denied(CertificateAuthority::delete(&live, &issuer).await, "UpdateCertificateAuthority");

    // Who keeps it: the reverse.
    denied(admin.issue(&ca, &by(LEAF)).await, "IssueCertificate");
    denied(CertificateAuthority::retag(&ca.arn, &[("gcnet:protect".into(), "no".into())].into(), &admin).await, "Tag");
    CertificateAuthority::delete(&live, &admin).await.unwrap();
    denied(issuer.restore_ca(&ca.arn).await, "RestoreCertificateAuthority");
    admin.restore_ca(&ca.arn).await.unwrap();
    denied(CertificateAuthority::delete(&live, &issuer).await, "DeleteCertificateAuthority");
    admin.activate_ca(&ca.arn).await.unwrap();

    // Neither reaches what is another stack's.
    CertificateAuthority::retag(&ca.arn, &[("gcnet:municipality".into(), "itano".into())].into(), &owner)
        .await
        .unwrap();
    denied(issuer.issue(&ca, &by(LEAF)).await, "IssueCertificate");
    denied(admin.activate_ca(&ca.arn).await, "UpdateCertificateAuthority");
}

fn denied<T: std::fmt::Debug>(answer: Result<T, Failure>, operation: &str) {
    let failure = answer.unwrap_err();
    assert_eq!(failure.class, Class::Denied, "{operation}: {failure:?}");
    assert!(failure.operation.contains(operation), "{operation}: {failure:?}");
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

//! The private CA, from its key to its certificate, through what ends and what brings it back.

use std::time::Duration;

use gcnet::config::schema::Municipality;
use gcnet_aws::kinds::{Bucket, CaPermission, CertificateAuthority};
use gcnet_core::{Action, Cause, Desired, Outcome, Plan, Resource, State, Step, Why};
use gcnet_sandbox::{Effect, Fault, Matcher, ReadLag, When};
use serde::Deserialize;
use serde_json::{Value, json};

use super::story::{Story, carry_out, changed};
use crate::support::{connect, converge, failures, nothing, planned, run, summary, wish};

/// A key that takes no time to make.
pub const TEN_YEARS: &str = "key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: 10 }";

pub const ROOT: &str = "certificate-authority/root";
const SUBORDINATE: &str = "certificate-authority/subordinate";

/// Naruto's private CA with these changes, and nobody beside it: what is around it takes time.
pub async fn alone(changes: &[(&str, &str)]) -> Story {
    Story::begin(by_itself(changes)).await
}

/// The same, as a file.
pub fn by_itself(changes: &[(&str, &str)]) -> Municipality {
    let mut naruto = changed("naruto", changes);
    (naruto.dns, naruto.operators) = (None, None);
    naruto.asps.clear();
    naruto.lines.clear();
    naruto.sites.clear();
    naruto
}

/// Of a file's wishes the authorities and what is theirs alone, so that many lives of them take little time.
pub fn only_theirs(municipality: &Municipality) -> Desired {
    let mut only = nothing(municipality);
    for (address, want) in wish(municipality).wants() {
        let (name, spec) = (address.name(), want.spec.clone());
        match address.kind() {
            Bucket::NAME => drop(only.add(name, Bucket::deserialize(spec).unwrap())),
            CaPermission::NAME => drop(only.add(name, CaPermission::deserialize(spec).unwrap())),
            CertificateAuthority::NAME => drop(only.add(name, CertificateAuthority::deserialize(spec).unwrap())),
            _ => {}
        }
    }
    only
}

/// Every authority that AWS lists, deleted ones too.
pub fn authorities(story: &Story) -> Vec<Value> {
    let answer = story.call(&story.account(), "acm-pca", "ListCertificateAuthorities", json!({}));
    answer["CertificateAuthorities"].as_array().unwrap().clone()
}

/// `ROOT ACTIVE`, sorted.
pub fn standing(story: &Story) -> Vec<String> {
    let text = |ca: &Value, key: &str| ca[key].as_str().unwrap().to_string();
    let line = |ca: &Value| format!("{} {}", text(ca, "Type"), text(ca, "Status"));
    let mut lines: Vec<String> = authorities(story).iter().map(line).collect();
    lines.sort();
    lines
}

pub fn arn(story: &Story) -> String {
    authorities(story)[0]["Arn"].as_str().unwrap().to_string()
}

/// The certificate of an authority and its chain, as PEM.
fn certificate(story: &Story, arn: &str) -> (String, Option<String>) {
    let input = json!({ "CertificateAuthorityArn": arn });
    let answer = story.call(&story.account(), "acm-pca", "GetCertificateAuthorityCertificate", input);
    (answer["Certificate"].as_str().unwrap().into(), answer["CertificateChain"].as_str().map(String::from))
}

pub fn step<'p>(plan: &'p Plan, address: &str) -> &'p Step {
    plan.steps.iter().find(|step| step.address.as_str() == address).unwrap_or_else(|| panic!("{:?}", summary(plan)))
}

fn fields(step: &Step) -> Vec<&str> {
    step.changes.iter().map(|change| change.field.as_str()).filter(|field| *field != "tags.gcnet:spec").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_is_made_signed_and_active_and_the_next_plan_is_empty() {
    let story = alone(&[]).await;
    story.apply().await;
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
    assert_eq!(certificate(&story, &arn(&story)).1, None, "a root has no chain");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subordinate_is_signed_by_the_root() {
    let two = "hierarchy: root-and-subordinate\n  subordinate: { subject: { common_name: Issuing CA, country: JP } }";
    let story = alone(&[("hierarchy: root-only", two)]).await;
    story.apply().await;
    assert_eq!(standing(&story), ["ROOT ACTIVE", "SUBORDINATE ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
    let all = authorities(&story);
    let of = |class: &str| all.iter().find(|ca| ca["Type"] == class).unwrap()["Arn"].as_str().unwrap().to_string();
    let (root, _) = certificate(&story, &of("ROOT"));
    let (_, chain) = certificate(&story, &of("SUBORDINATE"));
    assert_eq!(chain.unwrap().trim(), root.trim());
    // The one below goes first, and both can be restored.
    story.clear().await;
    assert_eq!(standing(&story), ["ROOT DELETED", "SUBORDINATE DELETED"]);
    let back = story.apply().await;
    for address in [ROOT, SUBORDINATE] {
        assert!(matches!(step(&back, address).why, Why::Restored { until: Some(_) }), "{address}");
    }
    assert_eq!(standing(&story), ["ROOT ACTIVE", "SUBORDINATE ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

/// Wherever a run dies on the way from nothing to an active authority, the next one ends with exactly one.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_may_die_after_every_write() {
    const CALLS: [&str; 3] =
        ["CreateCertificateAuthority", "IssueCertificate", "ImportCertificateAuthorityCertificate"];
    for operation in CALLS {
        let effects = [When::BeforeExecution, When::AfterExecution];
        for when in effects {
            let story = alone(&[]).await;
            // Never answered again: the run ends without it.
            story.sandbox.inject(Fault::always(Matcher::operation(operation), Effect::Hang(when)));
            let aws = story.aws().await;
            let wish = story.wish(&aws).await;
            let plan = planned(&aws, &wish.desired).await;
            let died = tokio::time::timeout(Duration::from_secs(4), run(&aws, &plan)).await;
            assert!(died.is_err(), "{operation} {when:?}");
            story.sandbox.clear_faults();
            story.apply().await;
            assert_eq!(standing(&story), ["ROOT ACTIVE"], "{operation} {when:?}");
            assert_eq!(summary(&story.plan().await), [""; 0], "{operation} {when:?}");
        }
    }
}

/// Nobody knows whether it was carried out: it is looked for before it is made again.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_makes_no_second_authority() {
    for operation in [
        "CreateCertificateAuthority",
        "IssueCertificate",
        "ImportCertificateAuthorityCertificate",
        "UpdateCertificateAuthority",
        "DeleteCertificateAuthority",
        "RestoreCertificateAuthority",
    ] {
        for effect in [Effect::Drop(When::AfterExecution), Effect::ServerError(When::AfterExecution)] {
            let story = alone(&[]).await;
            story.sandbox.inject(Fault::once(Matcher::operation(operation), effect));
            story.apply().await;
            story.clear().await;
            assert_eq!(standing(&story), ["ROOT DELETED"], "{operation}");
            story.apply().await;
            assert_eq!(standing(&story), ["ROOT ACTIVE"], "{operation}");
        }
    }
}

/// Lists that show a new authority, and what becomes of it, half a minute late.
#[tokio::test(flavor = "multi_thread")]
async fn lagging_lists_make_no_second_authority() {
    let story = alone(&[]).await;
    let aws = story.aws().await;
    let wish = story.wish(&aws).await;
    let plan = planned(&aws, &wish.desired).await;
    story.sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(30)));
    let report = run(&aws, &plan).await;
    assert!(report.is_success(), "{}", failures(&plan, &report));
    story.sandbox.set_read_lag(ReadLag::None);
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

/// Deleted, wished again: brought back with its key, its certificate and its id, as long as AWS can.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_destroyed_is_restored_rather_than_made_again() {
    let story = alone(&[]).await;
    story.apply().await;
    let (id, before) = (arn(&story), certificate(&story, &arn(&story)));
    story.clear().await;
    assert_eq!(standing(&story), ["ROOT DELETED"]);
    let plan = story.apply().await;
    let restored = step(&plan, ROOT);
    assert_eq!((restored.action, fields(restored)), (Action::Update, vec!["status"]));
    assert!(matches!(&restored.have.as_ref().unwrap().state, State::Deleted { until: Some(_) }));
    assert_eq!((arn(&story), certificate(&story, &id)), (id.clone(), before));
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);

    // After the window there is nothing to restore.
    story.clear().await;
    story.sandbox.advance(Duration::from_secs(31 * 24 * 3600));
    let plan = story.apply().await;
    assert_eq!(step(&plan, ROOT).why, Why::Missing);
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
}

/// Another subject is another authority: the old one stays deleted.
#[tokio::test(flavor = "multi_thread")]
async fn another_subject_is_another_authority() {
    let mut story = alone(&[("protect: true", "protect: false")]).await;
    story.apply().await;
    let first = arn(&story);
    let other = ("Naruto GC Root CA", "Naruto GC Root CA G2");
    story.municipality = alone(&[("protect: true", "protect: false"), other]).await.municipality;
    let plan = story.apply().await;
    let Why::Replaced { fields, .. } = &step(&plan, ROOT).why else { panic!("{:?}", step(&plan, ROOT).why) };
    assert_eq!(fields, &["subject"]);
    assert_eq!(standing(&story), ["ROOT ACTIVE", "ROOT DELETED"]);
    let deleted = authorities(&story).into_iter().find(|ca| ca["Status"] == "DELETED").unwrap();
    assert_eq!(deleted["Arn"].as_str(), Some(first.as_str()));
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

/// A production root is replaced and deleted by no plan that is not told to.
#[tokio::test(flavor = "multi_thread")]
async fn a_production_root_stays_until_it_is_said() {
    let mut story = alone(&[]).await;
    story.apply().await;
    let (municipality, sandbox) = (&story.municipality, &story.sandbox);
    let aws = connect(sandbox, municipality).await;
    let plan = converge(&aws, &gcnet::blueprint::nothing(municipality)).await;
    assert!(!plan.steps.iter().any(|step| step.address.as_str() == ROOT), "{:?}", summary(&plan));
    let asked = plan.waiting.iter().find(|waiting| waiting.address.as_str() == ROOT).unwrap();
    assert_eq!(asked.asks.iter().map(|ask| ask.action.as_str()).collect::<Vec<_>>(), ["protected"]);
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    // Nor does what tells what it has issued go, although it puts no lists there.
    assert!(plan.waiting.iter().any(|waiting| waiting.address.as_str() == "bucket/ca"), "{:?}", plan.waiting);
    assert!(story.left().iter().any(|left| left.contains("gcnet-naruto-prod-ca")), "{:?}", story.left());

    story.municipality = alone(&[("Naruto GC Root CA", "Naruto GC Root CA G2")]).await.municipality;
    assert_eq!(summary(&story.apply().await).iter().filter(|step| step.contains("certificate-auth")).count(), 0);
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    story.clear().await;
    assert_eq!(standing(&story), ["ROOT DELETED"]);
}

/// A later day, another length: the same key gets another certificate, and the plan after that is empty.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_issued_anew_for_the_same_key() {
    let mut story = alone(&[]).await;
    story.apply().await;
    let id = arn(&story);
    story.sandbox.advance(Duration::from_secs(400 * 24 * 3600));
    // The sandbox begins on 2026-04-01.
    let since = |day: &str| ("warn_days: 365", format!("warn_days: 365, reissued_since: {day}"));
    let years = ("validity_years: 20", "validity_years: 15".to_string());
    for (changes, differing, anew) in [
        (vec![since("2027-01-01")], vec!["reissued_since"], true),
        // It is from a later day already.
        (vec![since("2027-02-01")], vec!["reissued_since.noted"], false),
        (vec![since("2027-02-01"), years.clone()], vec!["validity_years"], true),
        (vec![years], vec!["reissued_since.noted"], false),
    ] {
        let before = certificate(&story, &id).0;
        let changes: Vec<(&str, &str)> = changes.iter().map(|(from, to)| (*from, to.as_str())).collect();
        story.municipality = alone(&changes).await.municipality;
        let plan = story.apply().await;
        let step = step(&plan, ROOT);
        // Nobody but the file's keeper changed anything.
        assert_eq!((fields(step), &step.why), (differing.clone(), &Why::Differs { cause: Cause::File }));
        assert_eq!(certificate(&story, &id).0 != before, anew, "{changes:?}");
        assert_eq!(summary(&story.plan().await), [""; 0], "{changes:?}");
        assert_eq!(arn(&story), id);
    }
}

/// A root that is issued anew by its day takes the one below along; one of another length is known to the one below only afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_root_signed_is_signed_again() {
    let two = "hierarchy: root-and-subordinate\n  subordinate: { subject: { common_name: Issuing CA, country: JP } }";
    let levels = ("hierarchy: root-only", two);
    for (change, runs) in [
        (("warn_days: 365", "warn_days: 365, reissued_since: 2027-01-01"), 1),
        (("validity_years: 20", "validity_years: 15"), 2),
    ] {
        let mut story = alone(&[levels]).await;
        story.apply().await;
        story.sandbox.advance(Duration::from_secs(400 * 24 * 3600));
        story.municipality = alone(&[levels, change]).await.municipality;
        for run in 1..=runs {
            let desired = story.wish(&story.aws().await).await.desired;
            let plan = story.apply().await;
            let stale = gcnet_aws::kinds::CertificateAuthority::outdated_by(&plan, &desired);
            assert_eq!(stale.len(), usize::from(run < runs), "{change:?}, run {run}");
        }
        assert_eq!(summary(&story.plan().await), [""; 0], "{change:?}");
        let all = authorities(&story);
        let of = |class: &str| all.iter().find(|ca| ca["Type"] == class).unwrap()["Arn"].as_str().unwrap().to_string();
        let (root, chain) = (certificate(&story, &of("ROOT")).0, certificate(&story, &of("SUBORDINATE")).1);
        assert_eq!(chain.unwrap().trim(), root.trim(), "{change:?}");
        // Other changes sign nothing: each certificate costs, and clients would see another one for no reason.
        let listed = ("revocation: none", "revocation: { crl: { omit_distribution_point: true } }");
        story.municipality = alone(&[levels, change, listed]).await.municipality;
        story.sandbox.clear_calls();
        story.apply().await;
        assert!(story.sandbox.calls().iter().all(|call| call.operation != "IssueCertificate"), "{change:?}");
        assert_eq!(summary(&story.plan().await), [""; 0], "{change:?}");
    }
}

/// Lists in our own bucket, answers of AWS's, and neither: changed in place, and back.
#[tokio::test(flavor = "multi_thread")]
async fn revocation_changes_in_place() {
    let mut story = alone(&[]).await;
    story.apply().await;
    let id = arn(&story);
    for revocation in [
        "revocation: { crl: { custom_cname: crl.naruto.example, expires_in_days: 14 } }",
        "revocation: { crl: { omit_distribution_point: true } }",
        "revocation: { ocsp: {} }",
        "revocation: none",
    ] {
        story.municipality = alone(&[("revocation: none", revocation)]).await.municipality;
        let plan = story.apply().await;
        assert_eq!(fields(step(&plan, ROOT)), ["revocation"], "{revocation}");
        assert_eq!(summary(&story.plan().await), [""; 0], "{revocation}");
        assert_eq!(arn(&story), id);
    }
}

/// An authority whose certificate has ended signs itself anew.
#[tokio::test(flavor = "multi_thread")]
async fn an_expired_root_is_signed_again() {
    let story = alone(&[("validity_years: 20", "validity_years: 1")]).await;
    story.apply().await;
    story.sandbox.advance(Duration::from_secs(400 * 24 * 3600));
    assert_eq!(standing(&story), ["ROOT EXPIRED"]);
    let plan = story.apply().await;
    assert_eq!(fields(step(&plan, ROOT)), ["status"]);
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

/// What AWS would refuse, or never come to an end with, is refused before the call, and nothing is changed.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_signed_is_refused_before_the_call() {
    let two = "hierarchy: root-and-subordinate\n  subordinate:\n    subject: { common_name: Issuing CA, country: JP }\n    \
               key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 5 }";
    let levels = [("hierarchy: root-only", two), ("validity_years: 20", "validity_years: 6")];
    for (change, failing, code) in [
        (("    key:", "    renewal: { reissued_since: 2028-01-01 }\n    key:"), SUBORDINATE, "outlives-parent"),
        (("warn_days: 365", "warn_days: 365, reissued_since: 2099-01-01"), ROOT, "reissue-not-yet"),
    ] {
        let mut story = alone(&levels).await;
        story.apply().await;
        story.sandbox.advance(Duration::from_secs(800 * 24 * 3600));
        let before: Vec<String> = authorities(&story).iter().map(|ca| ca["Serial"].to_string()).collect();
        let two = two.replace(change.0, change.1);
        let changes = [("hierarchy: root-only", two.as_str()), levels[1]];
        let rest = (!two.contains(change.1)).then_some(change);
        story.municipality = alone(&changes.into_iter().chain(rest).collect::<Vec<_>>()).await.municipality;

        story.sandbox.clear_calls();
        let aws = story.aws().await;
        let (plan, report) = carry_out(&aws, &story.wish(&aws).await).await;
        let at = plan.steps.iter().position(|step| step.address.as_str() == failing).unwrap();
        let Outcome::Failed { error } = &report.outcomes[at] else { panic!("{code}: {:?}", report.outcomes[at]) };
        assert_eq!(error.failure().unwrap().code, code);
        assert!(!story.sandbox.calls().iter().any(|call| call.operation == "IssueCertificate"), "{code}");
        let after: Vec<String> = authorities(&story).iter().map(|ca| ca["Serial"].to_string()).collect();
        assert_eq!(after, before, "{code}");
    }
}

/// One that could never be signed would cost all the same: it is not even made.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_signed_is_not_made() {
    let two = "hierarchy: root-and-subordinate\n  subordinate:\n    subject: { common_name: Issuing CA, country: JP }\n    \
               key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: 5 }";
    let ten = ("key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }", TEN_YEARS);
    let later = ("warn_days: 365", "warn_days: 365, reissued_since: 2099-01-01");
    for (first, then, failing, code) in [
        (Some(vec![ten]), vec![ten, ("hierarchy: root-only", two)], SUBORDINATE, "outlives-parent"),
        (None, vec![ten, later], ROOT, "reissue-not-yet"),
    ] {
        let mut story = alone(first.as_deref().unwrap_or_default()).await;
        if first.is_some() {
            story.apply().await;
            story.sandbox.advance(Duration::from_secs(6 * 366 * 24 * 3600));
        }
        let before = standing(&story);
        story.municipality = by_itself(&then);
        story.sandbox.clear_calls();
        let aws = story.aws().await;
        let (plan, report) = carry_out(&aws, &story.wish(&aws).await).await;
        let at = plan.steps.iter().position(|step| step.address.as_str() == failing).unwrap();
        let Outcome::Failed { error } = &report.outcomes[at] else { panic!("{code}: {:?}", report.outcomes[at]) };
        assert_eq!(error.failure().unwrap().code, code);
        assert!(!story.sandbox.calls().iter().any(|call| call.operation == "CreateCertificateAuthority"), "{code}");
        assert_eq!(standing(&story), before, "{code}");
    }
}

/// ASPs get what issues certificates of end entities and nothing more; somebody who gave them more is found out.
#[tokio::test(flavor = "multi_thread")]
async fn an_asp_may_have_it_issue_and_nothing_else() {
    let mut naruto = changed("naruto", &[]);
    (naruto.dns, naruto.operators) = (None, None);
    naruto.lines.clear();
    naruto.sites.clear();
    let juki = naruto.asps.iter().find(|asp| asp.name.as_str() == "juki").unwrap();
    let juki = naruto.account_of(juki).unwrap().id.to_string();
    for organised in [true, false] {
        // Outside an organisation each accepts an invitation.
        naruto.sharing.allow_external_principals = !organised;
        let story = if organised { Story::begin(naruto.clone()).await } else { Story::apart(naruto.clone()).await };
        story.apply().await;
        story.comply().await;
        story.apply().await;
        let mine = json!({ "CertificateAuthorityArn": arn(&story) });
        story.call(&juki, "acm-pca", "GetCertificateAuthorityCertificate", mine.clone());
        let delete = story.try_call(&juki, "acm-pca", "UpdateCertificateAuthority", {
            let mut input = mine.clone();
            input["Status"] = "DISABLED".into();
            input
        });
        assert!(delete.is_err(), "{delete:?}");

        // Somebody gives them the right to make subordinates.
        let share = story.call(
            &story.account(),
            "ram",
            "GetResourceShares",
            json!({ "resourceOwner": "SELF", "name": "gcnet-naruto-prod-ca" }),
        );
        let share = share["resourceShares"][0]["resourceShareArn"].clone();
        let wide = "arn:aws:ram::aws:permission/AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority";
        let input = json!({ "resourceShareArn": share, "permissionArn": wide, "replace": true });
        story.call(&story.account(), "ram", "AssociateResourceSharePermission", input);
        let plan = story.apply().await;
        assert_eq!(fields(step(&plan, "share-resource/ca/root")), ["permission"]);
        assert_eq!(summary(&story.plan().await), [""; 0]);
    }
}

//! One authority a name, deleted ones included, whatever reads say and whoever was there meanwhile: a second one costs 400 USD a
//! month.

use std::time::Duration;

use gcnet::config::schema::Municipality;
use gcnet_core::{Options, State, Stop, Why, apply, identity};
use gcnet_sandbox::{ClockMode, Denial, Effect, Fault, Matcher, ReadLag, When};
use serde_json::{Value, json};

use super::{
    ca::{ROOT, TEN_YEARS, alone, arn, authorities, by_itself, only_theirs, standing, step},
    story::{Story, carry_out},
};
use crate::support::{converge, failures, options, planned, run, summary, wish};

const KEY: &str = "key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }";
const QUICK: (&str, &str) = (KEY, TEN_YEARS);

fn nine_years() -> Municipality {
    by_itself(&[(KEY, &TEN_YEARS.replace("10", "9"))])
}

fn refused(code: &str) -> Effect {
    Effect::Refuse { status: 400, code: code.into(), message: "no".into() }
}

/// The network is there, and no authority.
async fn without(story: &Story) {
    let aws = story.aws().await;
    let mut naruto = story.municipality.clone();
    naruto.private_ca = None;
    converge(&aws, &wish(&naruto)).await;
}

/// A run that makes an authority and dies.
async fn dead_run(story: &Story) {
    story.sandbox.inject(Fault::always(Matcher::operation("IssueCertificate"), Effect::Deny(Denial::Missing)));
    let aws = story.aws().await;
    let (_, report) = carry_out(&aws, &story.wish(&aws).await).await;
    assert!(!report.is_success());
    assert_eq!(standing(story), ["ROOT PENDING_CERTIFICATE"]);
    story.sandbox.clear_faults();
}

fn tags(story: &Story) -> Vec<(String, String)> {
    let answer = story.call(&story.account(), "acm-pca", "ListTags", json!({ "CertificateAuthorityArn": arn(story) }));
    let text = |tag: &Value, key: &str| tag[key].as_str().unwrap_or_default().to_string();
    answer["Tags"].as_array().unwrap().iter().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// AWS refuses to tell the tags of a deleted one; the list may not say yet that it is.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_list_does_not_show_as_deleted_yet_is_restored() {
    let story = alone(&[QUICK]).await;
    story.apply().await;
    let input = json!({ "CertificateAuthorityArn": arn(&story), "Status": "DISABLED" });
    story.call(&story.account(), "acm-pca", "UpdateCertificateAuthority", input);
    story.sandbox.inject(Fault::once(Matcher::operation("ListTags"), refused("InvalidStateException")));
    let plan = story.apply().await;
    assert_eq!(step(&plan, ROOT).why, Why::Restored { until: None });
    assert_eq!(step(&plan, ROOT).have.as_ref().unwrap().state, State::Deleted { until: None });
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_somebody_took_away_are_written_again() {
    let keys = [identity::MUNICIPALITY, identity::ENVIRONMENT, identity::ADDRESS, identity::SPEC, identity::PROTECT];
    for taken in [&keys[..], &keys[..1], &keys[1..2], &keys[2..3]] {
        let story = alone(&[QUICK]).await;
        story.apply().await;
        let before = tags(&story);
        let gone: Vec<Value> = taken.iter().map(|key| json!({ "Key": key })).collect();
        let input = json!({ "CertificateAuthorityArn": arn(&story), "Tags": gone });
        story.call(&story.account(), "acm-pca", "UntagCertificateAuthority", input);
        // Whether it was protected, nobody knows.
        let aws = story.aws().await;
        let nothing = planned(&aws, &gcnet::blueprint::nothing(&story.municipality)).await;
        assert!(!nothing.steps.iter().any(|step| step.address.as_str() == ROOT), "{taken:?}");
        story.apply().await;
        assert_eq!(standing(&story), ["ROOT ACTIVE"], "{taken:?}");
        assert_eq!(tags(&story), before, "{taken:?}");
        assert_eq!(summary(&story.plan().await), [""; 0], "{taken:?}");
    }
}

/// Another file makes another token, so that AWS knows nothing of the first one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_run_made_is_found_by_another_file() {
    for answer in [refused("ResourceNotFoundException"), refused("InvalidStateException")] {
        let mut story = alone(&[QUICK]).await;
        dead_run(&story).await;
        story.municipality = nine_years();
        story.sandbox.inject(Fault::once(Matcher::operation("ListTags"), answer.clone()));
        story.apply().await;
        assert_eq!(standing(&story), ["ROOT ACTIVE"], "{answer:?}");
        assert_eq!(summary(&story.plan().await), [""; 0], "{answer:?}");
    }
}

/// The plan was made before anything showed it.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_looked_for_once_more_before_it_is_made() {
    let mut story = alone(&[QUICK]).await;
    without(&story).await;
    let aws = story.aws().await;
    let ten_years = std::mem::replace(&mut story.municipality, nine_years());
    let plan = story.plan().await;
    story.municipality = ten_years;
    dead_run(&story).await;
    let patient = Options { recheck: Duration::from_millis(1), ..options() };
    apply(&aws, gcnet_aws::KINDS, &plan, &patient, &Stop::default(), &|_| {}).await;
    assert_eq!(standing(&story), ["ROOT ACTIVE"]);
}

/// Another run came between the plan and its steps.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_meanwhile_is_restored() {
    let mut story = alone(&[QUICK]).await;
    story.apply().await;
    let id = arn(&story);
    story.municipality = nine_years();
    let plan = story.plan().await;
    let mine = json!({ "CertificateAuthorityArn": id });
    let mut disabled = mine.clone();
    disabled["Status"] = "DISABLED".into();
    story.call(&story.account(), "acm-pca", "UpdateCertificateAuthority", disabled);
    story.call(&story.account(), "acm-pca", "DeleteCertificateAuthority", mine);
    let report = run(&story.aws().await, &plan).await;
    assert!(report.is_success(), "{}", failures(&plan, &report));
    assert_eq!((standing(&story), arn(&story)), (vec!["ROOT ACTIVE".to_string()], id));
    assert_eq!(summary(&story.plan().await), [""; 0]);
}

/// A run dies after each of its first writes or loses an answer, and the next one plans while reads still lag.
#[tokio::test(flavor = "multi_thread")]
async fn lagging_reads_make_no_second_authority() {
    let naruto = by_itself(&[QUICK]);
    let wish = only_theirs(&naruto);
    let begin = async || {
        // Half a minute is some thirty requests: as many as a plan and the beginning of a run.
        let clock = ClockMode::Stepped(Duration::from_secs(1));
        let sandbox = crate::support::empty_sandbox(|options| options.clock = clock).await;
        sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(30)));
        Story { sandbox, municipality: naruto.clone() }
    };
    let settled = async |story: &Story, what: &str| {
        story.sandbox.set_read_lag(ReadLag::None);
        converge(&story.aws().await, &wish).await;
        assert_eq!(standing(story), ["ROOT ACTIVE"], "{what}");
    };
    let go = async |story: &Story| {
        let aws = story.aws().await;
        let plan = planned(&aws, &wish).await;
        run(&aws, &plan).await
    };
    for effect in [Effect::Drop(When::AfterExecution), Effect::ServerError(When::AfterExecution)] {
        let story = begin().await;
        story.sandbox.inject(Fault::once(Matcher::operation("CreateCertificateAuthority"), effect.clone()));
        for _ in 0..2 {
            go(&story).await;
        }
        settled(&story, &format!("{effect:?}")).await;
    }
    for write in 1..=5 {
        let story = begin().await;
        story.sandbox.cut_after_writes(write);
        tokio::select! {
            _ = go(&story) => {}
            () = story.sandbox.cut() => {}
        }
        story.sandbox.heal();
        go(&story).await;
        settled(&story, &format!("write {write}")).await;
    }
}

/// Back to what it was within the minutes in which AWS remembers a token: another authority, with another request to sign.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_goes_back_and_forth_is_signed_each_time() {
    let two = |name: &str| {
        let text = format!(
            "hierarchy: root-and-subordinate\n  subordinate:\n    subject: {{ common_name: {name}, country: JP }}\n    \
             key: {{ algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: 5 }}"
        );
        by_itself(&[QUICK, ("hierarchy: root-only", &text), ("protect: true", "protect: false")])
    };
    let sandbox = crate::support::empty_sandbox(|options| {
        options.clock = ClockMode::Stepped(Duration::from_millis(100));
    });
    let mut story = Story { sandbox: sandbox.await, municipality: two("A") };
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    for name in ["A", "B", "A"] {
        story.municipality = two(name);
        story.apply().await;
        assert_eq!(standing(&story).iter().filter(|line| *line == "SUBORDINATE ACTIVE").count(), 1, "{name}");
    }
    assert_eq!(authorities(&story).len(), 4);
}

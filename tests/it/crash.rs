//! The process dies after every write in turn; a plain second run must find everything, double nothing and lose nothing.

use std::collections::BTreeSet;

use gcnet::config::schema::Municipality;
use gcnet_aws::KINDS;
use gcnet_core::{Address, Desired, Want};
use gcnet_sandbox::{ApiCall, Sandbox};
use serde_json::{Value, json};

use crate::{
    parties::{
        ca::{by_itself, only_theirs},
        story::changed,
    },
    support::{self, connect, converge, ours, planned, run, sandbox_of, summary, wish},
};

/// From what `before` makes, one after the other, to `after`, dying after the n-th write for every n until a run lives through it.
async fn check_crash_everywhere(municipality: &Municipality, before: &[&Desired], after: &Desired) -> usize {
    for crash in 1.. {
        let sandbox = sandbox_of(municipality).await;
        for before in before {
            converge(&connect(&sandbox, municipality).await, before).await;
        }
        sandbox.cut_after_writes(crash);
        let aws = connect(&sandbox, municipality).await;
        let plan = planned(&aws, after).await;
        let died = tokio::select! {
            report = run(&aws, &plan) => {
                assert!(report.is_success(), "write {crash}: {}", crate::support::failures(&plan, &report));
                false
            }
            () = sandbox.cut() => true,
        };
        sandbox.heal();

        let aws = connect(&sandbox, municipality).await;
        converge(&aws, after).await;
        assert_eq!(summary(&planned(&aws, after).await), [""; 0], "the second plan after a crash at write {crash}");
        let is_tagged =
            |(address, want): &(&Address, &Want)| KINDS.get(address.kind()).unwrap().natural(&want.spec).is_none();
        let tagged = after.wants().iter().filter(is_tagged).count();
        let left = ours(&sandbox, municipality);
        assert_eq!(left.len(), tagged, "after a crash at write {crash}: {left:#?}");
        let (marks, authorities) = (authorities(&sandbox, municipality), authority_wishes(before, after));
        assert_eq!(marks, authorities, "after a crash at write {crash}");
        if !died {
            return usize::try_from(crash).unwrap() - 1;
        }
    }
    unreachable!()
}

/// The marks of all authorities that AWS lists, deleted ones too: each costs 400 USD a month while it lives.
fn authorities(sandbox: &Sandbox, municipality: &Municipality) -> Vec<String> {
    let call = ApiCall {
        account: municipality.accounts.network.id.to_string(),
        region: municipality.region.value.as_str().into(),
        service: "acm-pca".into(),
        operation: "ListCertificateAuthorities".into(),
        input: json!({}),
        id: None,
    };
    let answer = sandbox.call(&call).unwrap();
    let path = "/CertificateAuthorityConfiguration/CsrExtensions/SubjectInformationAccess/0/AccessLocation\
                /UniformResourceIdentifier";
    let mark = |ca: &Value| ca.pointer(path).and_then(Value::as_str).unwrap().rsplit('/').next().unwrap().to_string();
    let mut marks: Vec<String> = answer["CertificateAuthorities"].as_array().unwrap().iter().map(mark).collect();
    marks.sort();
    marks
}

/// The names of those that were ever wished: none is forgotten when it is deleted.
fn authority_wishes(before: &[&Desired], after: &Desired) -> Vec<String> {
    let all = before.iter().copied().chain([after]).flat_map(|desired| desired.wants().keys());
    let names =
        all.filter(|address| address.kind() == "certificate-authority").map(|address| address.name().to_string());
    names.collect::<BTreeSet<String>>().into_iter().collect()
}

/// An authority's key makes no difference to where a run dies, and RSA of 4096 bits makes hundreds of runs slow.
const QUICK: (&str, &str) = (
    "key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }",
    "key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: 20 }",
);

fn naruto() -> Municipality {
    changed("naruto", &[QUICK])
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_naruto_survives_a_crash_after_every_write() {
    let naruto = naruto();
    let crashes = check_crash_everywhere(&naruto, &[], &wish(&naruto)).await;
    assert!(crashes > 50, "{crashes} writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn destroying_naruto_survives_a_crash_after_every_write() {
    let naruto = naruto();
    let nothing = support::nothing(&naruto);
    let crashes = check_crash_everywhere(&naruto, &[&wish(&naruto)], &nothing).await;
    assert!(crashes > 30, "{crashes} writes");
}

/// Another range for the VPC replaces it and all that lives in it.
#[tokio::test(flavor = "multi_thread")]
async fn moving_naruto_to_another_range_survives_a_crash_after_every_write() {
    let naruto = naruto();
    let mut moved = naruto.clone();
    moved.shared_vpc.cidr.value = gcnet::config::values::Cidr::parse("10.250.0.0/24").unwrap();
    let crashes = check_crash_everywhere(&naruto, &[&wish(&naruto)], &wish(&moved)).await;
    assert!(crashes > 30, "{crashes} writes");
}

/// Everything about names that changes in place: addresses, protocols, targets, records.
#[tokio::test(flavor = "multi_thread")]
async fn changing_narutos_names_survives_a_crash_after_every_write() {
    let naruto = naruto();
    let changed = changed(
        "naruto",
        &[
            QUICK,
            ("inbound: { endpoints: 1 }", "inbound: { ips: [10.210.2.40, 10.210.2.56], protocols: [Do53, DoH] }"),
            ("targets: !sample [10.2.0.12]", "targets: [10.2.0.13, 10.2.0.14]"),
            ("values: !sample [10.210.2.36, 10.210.2.52] }", "values: [10.210.2.40, 10.210.2.56] }"),
            ("{ name: koseki, type: A, ttl: 300,", "{ name: juminhyo, type: A, ttl: 60,"),
        ],
    );
    let crashes = check_crash_everywhere(&naruto, &[&wish(&naruto)], &wish(&changed)).await;
    assert!(crashes > 5, "{crashes} writes");
}

/// Two levels, lists of revoked certificates, and all that can become of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_private_ca_survives_a_crash_after_every_write_of_its_life() {
    let file = |root: &str, subordinate: &str| {
        let two = "hierarchy: root-and-subordinate\n  subordinate:\n    subject: { common_name: Issuing CA, country: JP }\n    \
                   key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: YEARS }";
        let key = "key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: YEARS }";
        by_itself(&[
            ("key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }", &key.replace("YEARS", root)),
            ("hierarchy: root-only", &two.replace("YEARS", subordinate)),
            ("revocation: none", "revocation: { crl: { omit_distribution_point: true } }"),
        ])
    };
    let naruto = file("20", "5");
    let (made, again, nothing) = (only_theirs(&naruto), only_theirs(&file("15", "4")), support::nothing(&naruto));
    for (what, before, after, least) in [
        ("created", &[][..], &made, 12),
        ("destroyed", &[&made], &nothing, 6),
        ("restored", &[&made, &nothing], &made, 8),
        ("issued anew", &[&made], &again, 4),
    ] {
        let crashes = check_crash_everywhere(&naruto, before, after).await;
        assert!(crashes >= least, "{what}: {crashes} writes");
    }
}

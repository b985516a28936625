//! The contract that every registered kind keeps, whoever wrote it.

use std::collections::BTreeSet;

use gcnet_aws::{Aws, KINDS};
use gcnet_core::{
    Action, Address, AnyKind, Ask, Class, Fingerprint, Goal, Known, Object, Outcome, Owner, Plan, Stack, State, Step,
    Tags, Target, Want, Why, identity, refs,
};
use gcnet_sandbox::{Denial, Effect, Fault, Matcher};
use serde_json::Value;

use crate::support::{
    self, city, connect, converge, failures, fleet, nothing, ours, planned, run, sandbox, summary, wish,
};

/// Changes one leaf of a spec; `None` when there is no leaf at this path.
fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(on) => Value::Bool(!on),
        Value::Number(number) => (number.as_i64().unwrap_or_default() + 1).into(),
        Value::String(side) if side == "us" => "them".into(),
        Value::String(way) if way == "inbound" => "outbound".into(),
        Value::String(text) => match text.parse::<ipnet::Ipv4Net>() {
            Ok(net) => {
                let moved = u32::from(net.network()).wrapping_add(1 << (32 - u32::from(net.prefix_len())));
                ipnet::Ipv4Net::new(moved.into(), net.prefix_len()).unwrap().to_string().into()
            }
            Err(_) => format!("{text}x").into(),
        },
        Value::Null => Value::Null,
        Value::Array(items) => items.iter().skip(1).cloned().collect(),
        Value::Object(map) => {
            let mut map = map.clone();
            if let Some((_, inner)) = map.iter_mut().next() {
                *inner = changed(inner);
            }
            Value::Object(map)
        }
    }
}

/// Fields that order creations and cannot be read back.
const FOR_ORDER: [(&str, &str); 5] = [
    ("foreign-attachment", "share"),
    ("dx-association", "attachment"),
    ("tgw-propagation", "checked"),
    ("foreign-rule-association", "shared"),
    ("foreign-rule-association", "received"),
];

/// Fields that say nothing here: which endpoints are accepted is looked up when it is done, and their Region goes into a
/// request that cannot be written before the service is there, as that of our VPC does; who has to associate a zone, and
/// whether we do it, matters only until it is associated, as in the example; who associated another's was found out, and what
/// rules use of an endpoint matters only when it is to be taken away; when an authority's certificate ends, follows from how long
/// it is valid, and one that was issued after the day that is wished does as well.
const UNSAID: [(&str, &str); 11] = [
    ("certificate-authority", "expires"),
    ("certificate-authority", "signed_on"),
    ("endpoint-connection", "endpoints"),
    ("endpoint-connection", "region"),
    ("foreign-zone", "region"),
    ("foreign-zone", "made_by_us"),
    ("foreign-zone", "open"),
    ("foreign-rule-association", "made_by_us"),
    ("resolver-endpoint", "in_use"),
    ("zone-association", "account"),
    ("zone-association", "role"),
];

/// Prefixes of permissions.
const SERVICES: [&str; 10] =
    ["acm-pca", "directconnect", "ec2", "iam", "logs", "ram", "route53", "route53resolver", "s3", "sts"];

/// What AWS makes of something else: nobody is asked for it, and no call makes it.
const COMES_BY_ITSELF: &str = "dx-attachment";

/// What another party has to do: about a live object like `live`, ready or waiting for them, or about nothing.
fn asks(kind: &dyn AnyKind<Aws>, want: &Value, live: Option<&Value>) -> Vec<Ask> {
    let about = |live: Option<(&Value, State)>| {
        let object = live.map(|(raw, state)| Object {
            kind: kind.name(),
            id: "id-0".into(),
            owner: Owner::Parent,
            state,
            raw: raw.clone(),
        });
        kind.asks(want, object.as_ref(), &Known::nothing()).unwrap()
    };
    let Some(live) = live else { return about(None) };
    let waiting = State::Theirs { refused: false, since: None };
    about(Some((live, State::Ready))).into_iter().chain(about(Some((live, waiting)))).collect()
}

/// Others make it, as far as the example goes.
fn is_for_others_to_make(kind: &dyn AnyKind<Aws>) -> bool {
    !asks(kind, &kind.example(), None).is_empty()
}

/// In its diff, or, where only another party can change it, in what is asked of them.
#[test]
fn every_field_of_every_kind_is_looked_at() {
    for kind in KINDS.0 {
        let example = kind.example();
        assert!(kind.diff(&example, &example).unwrap().is_empty(), "{}: equal to itself", kind.name());
        for (field, value) in example.as_object().unwrap() {
            let mut other = example.clone();
            other[field] = changed(value);
            assert_ne!(other[field], *value, "{}.{field}: the example must say something", kind.name());
            let ours = !kind.diff(&example, &other).unwrap().is_empty();
            let asked = asks(*kind, &example, Some(&example));
            let theirs = asks(*kind, &example, Some(&other)) != asked || asks(*kind, &other, Some(&example)) != asked;
            let to_make = asks(*kind, &other, None) != asks(*kind, &example, None);
            let ordering = FOR_ORDER.contains(&(kind.name(), field));
            let unsaid = UNSAID.contains(&(kind.name(), field));
            assert!(ours || theirs || to_make || ordering || unsaid, "{}.{field} changes unnoticed", kind.name());
        }
    }
}

#[test]
fn specs_survive_a_round_trip_and_references_are_found() {
    for kind in KINDS.0 {
        let example = kind.example();
        // A diff reads both sides into the type and compares them there.
        assert!(kind.diff(&example, &example.clone()).unwrap().is_empty(), "{}", kind.name());
        for target in refs::collect(&example) {
            let gcnet_core::Target::Address(address) = target else {
                panic!("{}: an example refers to addresses", kind.name())
            };
            assert!(KINDS.get(address.kind()).is_some(), "{} refers to {address}", kind.name());
        }
    }
}

#[test]
fn natural_names_are_made_of_the_parent() {
    // What others offer hangs on nothing of ours, and they have named it.
    let is_offer = |kind: &&&dyn AnyKind<Aws>| kind.is_theirs(&kind.example()) && kind.calls().create.is_empty();
    for kind in KINDS.0.iter().filter(|kind| !is_offer(kind)) {
        if let Some(natural) = kind.natural(&kind.example()) {
            let gcnet_core::Target::Address(parent) = natural.parent else { panic!("{}", kind.name()) };
            assert!(natural.name.starts_with(parent.name()), "{}: {} under {parent}", kind.name(), natural.name);
        }
    }
}

#[test]
fn every_kind_declares_its_calls() {
    for kind in KINDS.0 {
        let calls = kind.calls();
        assert!(!calls.observe.is_empty(), "{}", kind.name());
        let never_made = is_for_others_to_make(*kind) || kind.name() == COMES_BY_ITSELF;
        assert!(!calls.create.is_empty() || never_made, "{}", kind.name());
        assert!(!calls.delete.is_empty() || kind.is_theirs(&kind.example()), "{}", kind.name());
        for call in calls.observe.iter().chain(calls.create).chain(calls.update).chain(calls.delete) {
            let (service, action) = call.split_once(':').unwrap();
            assert!(SERVICES.contains(&service) && !action.is_empty(), "{}: {call}", kind.name());
        }
    }
}

/// Everything that is Naruto's carries all of our tags, from its creation.
#[tokio::test(flavor = "multi_thread")]
async fn everything_made_carries_the_ownership_tags() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;

    let account = naruto.accounts.network.id.to_string();
    let resources = sandbox.everything(&account);
    let mut found = BTreeSet::new();
    for resource in resources.iter().filter(|r| r.tags.contains_key(identity::MUNICIPALITY)) {
        for key in [identity::ENVIRONMENT, identity::ADDRESS, identity::SPEC, "Name", "gcnet:code"] {
            assert!(resource.tags.contains_key(key), "{} {} has no {key}", resource.kind, resource.id);
        }
        assert_ne!(resource.tags[identity::SPEC], identity::UNFINISHED, "{}", resource.id);
        found.insert(resource.tags[identity::ADDRESS].clone());
    }
    let tagged = |address: &&gcnet_core::Address| {
        KINDS.get(address.kind()).unwrap().natural(&desired.wants()[*address].spec).is_none()
    };
    let wished: BTreeSet<String> = desired.wants().keys().filter(tagged).map(ToString::to_string).collect();
    assert_eq!(found, wished);
}

/// What is gone already is deleted: a second run may come too late.
#[tokio::test(flavor = "multi_thread")]
async fn deleting_what_is_gone_is_no_failure() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;
    let nothing = support::nothing(&naruto);
    let stale = planned(&aws, &nothing).await;
    converge(&aws, &nothing).await;

    let report = run(&connect(&sandbox, &naruto).await, &stale).await;
    assert!(report.is_success(), "{}", failures(&stale, &report));
}

/// Every call that a kind declares, denied: the failure names it as the missing permission, and what does not depend on
/// it is done all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_denied_call_is_named_as_the_missing_permission() {
    let naruto = city("naruto");
    let desired = wish(&naruto);
    let used: BTreeSet<&str> = desired.wants().keys().map(|address| address.kind()).collect();
    for kind in KINDS.0.iter().filter(|kind| used.contains(kind.name())) {
        // The first call of a creation is the one that always happens; tags and passed roles go with it.
        let Some(&permission) = kind.calls().create.first() else { continue };
        // A role that may not be assumed is another party's move.
        if permission == "sts:AssumeRole" {
            continue;
        }
        let (service, operation) = permission.split_once(':').unwrap();
        let sandbox = sandbox().await;
        let on = Matcher { service: Some(service.into()), ..Matcher::operation(operation) };
        sandbox.inject(Fault::always(on, Effect::Deny(Denial::Missing)));
        let aws = connect(&sandbox, &naruto).await;
        let plan = planned(&aws, &desired).await;
        let report = run(&aws, &plan).await;

        let denied = plan.steps.iter().zip(&report.outcomes).filter_map(|(step, outcome)| match outcome {
            Outcome::Failed { error } => Some((step, error.failure().unwrap())),
            _ => None,
        });
        let denied: Vec<_> = denied.collect();
        assert!(!denied.is_empty(), "{permission} is declared and never called");
        for (step, failure) in denied {
            let declared = KINDS.get(step.address.kind()).unwrap().calls().create;
            assert!(declared.contains(&permission), "{permission}: {}", step.address);
            assert_eq!(
                (failure.class, failure.permission.as_deref()),
                (Class::Denied, Some(permission)),
                "{failure:?}"
            );
            assert!(failure.request_id.is_some());
        }
        assert!(report.done() > 0, "{permission}: the rest went on");
    }
}

/// One wish, read back: the second plan is empty for every municipality.
#[tokio::test(flavor = "multi_thread")]
async fn all_nine_municipalities_converge_and_leave_nothing() {
    let sandbox = sandbox().await;
    for city in fleet().cities() {
        let municipality = &city.config;
        let desired = wish(municipality);
        let aws = connect(&sandbox, municipality).await;
        converge(&aws, &desired).await;
        assert_eq!(summary(&planned(&aws, &desired).await), [""; 0], "{}", city.key());
        converge(&aws, &nothing(municipality)).await;
        assert_eq!(ours(&sandbox, municipality), [""; 0], "{}", city.key());
    }
}

/// What may be needed to the very end must hang on nothing, or a plan could wait for itself.
#[test]
fn what_goes_last_points_at_nothing() {
    for kind in KINDS.0.iter().filter(|kind| kind.is_last()) {
        assert_eq!(refs::collect(&kind.example()), [], "{}", kind.name());
    }
}

/// The same for the last call of every deletion: what stands on it stays, the rest goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_denied_deletion_is_named_and_loses_nothing() {
    let naruto = city("naruto");
    let (desired, nothing) = (wish(&naruto), support::nothing(&naruto));
    let sandbox = sandbox().await;
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;
    // Nobody else has moved: attachments are not there.
    let goes = planned(&aws, &nothing).await;
    let goes: BTreeSet<&str> = goes.steps.iter().map(|step| step.address.kind()).collect();
    for kind in KINDS.0.iter().filter(|kind| goes.contains(kind.name())) {
        converge(&aws, &desired).await;
        let Some(&permission) = kind.calls().delete.last() else { continue };
        if permission == "sts:AssumeRole" {
            continue;
        }
        let (service, operation) = permission.split_once(':').unwrap();
        let on = Matcher { service: Some(service.into()), ..Matcher::operation(operation) };
        sandbox.inject(Fault::always(on, Effect::Deny(Denial::Missing)));
        let plan = planned(&aws, &nothing).await;
        if !plan.steps.iter().any(|step| step.address.kind() == kind.name()) {
            sandbox.clear_faults();
            continue; // others have not moved: there is none
        }
        let report = run(&aws, &plan).await;
        let mut denied = 0;
        for (step, outcome) in plan.steps.iter().zip(&report.outcomes) {
            let Outcome::Failed { error } = outcome else { continue };
            let declared = KINDS.get(step.address.kind()).unwrap().calls().delete;
            assert!(declared.contains(&permission), "{permission}: {} {error}", step.address);
            let failure = error.failure().unwrap();
            assert_eq!(
                (failure.class, failure.permission.as_deref()),
                (Class::Denied, Some(permission)),
                "{failure:?}"
            );
            denied += 1;
        }
        assert!(denied > 0, "{permission} is declared and never called");
        sandbox.clear_faults();
    }
    converge(&aws, &nothing).await;
    assert_eq!(ours(&sandbox, &naruto), [""; 0]);
}

/// What AWS demands and is not told: that the VPC is attached to the gateway to which a route leads (decision 0004), that
/// the gateway is shared with the account whose VPC attaches to it, that a gateway which is proposed has a VPC of ours.
const CONDITIONS: [(&str, &str); 7] = [
    ("dx-association", "tgw-vpc-attachment"),
    ("dx-attachment", "dx-association"),
    ("route", "tgw-vpc-attachment"),
    ("foreign-route", "foreign-attachment"),
    ("foreign-attachment", "share-principal"),
    ("foreign-rule-association", "share-resource"),
    ("foreign-rule-association", "share-principal"),
];

/// A reference that `create` does not look at would be an edge for nothing, or a parameter forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn creation_uses_every_reference() {
    let naruto = city("naruto");
    let sandbox = sandbox().await;
    let aws = connect(&sandbox, &naruto).await;
    for kind in KINDS.0.iter().filter(|kind| !is_for_others_to_make(**kind)) {
        let spec = kind.example();
        let references: BTreeSet<Address> = refs::collect(&spec)
            .into_iter()
            .filter_map(|target| match target {
                Target::Address(address) => Some(address),
                Target::Id(_) => None,
            })
            .collect();
        for missing in &references {
            if CONDITIONS.contains(&(kind.name(), missing.kind())) {
                continue;
            }
            let ids = references.iter().filter(|r| *r != missing).map(|r| (r.clone(), "id-0".to_string())).collect();
            let want = Want { fingerprint: Fingerprint::of(&spec, &Tags::new()), spec: spec.clone() };
            let goal = Goal { want, tags: Tags::new(), roots: BTreeSet::new() };
            let step = Step {
                address: Address::new(kind.name(), "example"),
                action: Action::Create,
                why: Why::Missing,
                changes: vec![],
                after: BTreeSet::new(),
                pair: None,
                want: Some(goal),
                have: None,
            };
            let plan = Plan {
                stack: Stack::new("naruto", "prod"),
                steps: vec![step],
                unchanged: vec![],
                waiting: vec![],
                unknown: vec![],
                ids,
            };
            let report = run(&aws, &plan).await;
            let [Outcome::Failed { error }] = &report.outcomes[..] else { panic!("{}: {report:?}", kind.name()) };
            assert!(error.to_string().contains(missing.as_str()), "{} does without {missing}: {error}", kind.name());
        }
    }
}

//! What a run does when calls go wrong: it never makes a thing twice, and stops only what depends on the failure.

use std::time::Duration;

use gcnet_core::{Class, Outcome, Stop, apply};
use gcnet_sandbox::{Denial, Effect, Fault, Matcher, ReadLag, When};

use crate::support::{city, connect, converge, failures, options, ours, planned, run, sandbox, summary, wish};

/// The calls that take no token: a second one would make a second thing.
const TOKENLESS: [&str; 6] = [
    "CreateVpc",
    "CreateSubnet",
    "CreateSecurityGroup",
    "CreateTransitGateway",
    "CreateTransitGatewayVpcAttachment",
    "CreateTransitGatewayRouteTable",
];

/// The run goes through and makes each thing once.
async fn check_lives_through(fault: Fault) {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let what = format!("{fault:?}");
    sandbox.inject(fault);
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    let report = run(&aws, &plan).await;
    assert!(report.is_success(), "{what}: {}", failures(&plan, &report));
    assert_eq!(summary(&planned(&aws, &desired).await), [""; 0], "{what}");
    let mut addresses: Vec<String> = sandbox
        .everything(&naruto.accounts.network.id.to_string())
        .into_iter()
        .filter_map(|resource| resource.tags.get(gcnet_core::identity::ADDRESS).cloned())
        .collect();
    addresses.sort();
    let all = addresses.len();
    addresses.dedup();
    assert_eq!(addresses.len(), all, "{what}: something was made twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_gets_lost_makes_no_twin() {
    for operation in TOKENLESS {
        for effect in [Effect::Drop(When::AfterExecution), Effect::ServerError(When::AfterExecution)] {
            check_lives_through(Fault::once(Matcher::operation(operation), effect)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_arrived_is_made_again() {
    for operation in TOKENLESS {
        for effect in
            [Effect::Drop(When::BeforeExecution), Effect::ServerError(When::BeforeExecution), Effect::Throttle]
        {
            check_lives_through(Fault::once(Matcher::operation(operation), effect)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_writes_are_patient() {
    check_lives_through(Fault { on: Matcher::writes(), skip: 3, times: Some(20), effect: Effect::Throttle }).await;
}

/// Reads that lag up to 30 simulated seconds behind writes: 15 requests.
#[tokio::test(flavor = "multi_thread")]
async fn lagging_reads_make_no_twin_and_end_in_an_empty_plan() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(30)));
    let report = run(&aws, &plan).await;
    assert!(report.is_success(), "{}", failures(&plan, &report));
    sandbox.set_read_lag(ReadLag::None);
    assert_eq!(summary(&planned(&aws, &desired).await), [""; 0]);
}

/// An explicit deny by a guardrail is told apart, and takes along only what depends on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_guardrail_stops_its_branch_only() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let on = Matcher::operation("CreateTransitGateway");
    sandbox.inject(Fault::always(on, Effect::Deny(Denial::ServiceControlPolicy)));
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    let report = run(&aws, &plan).await;
    for (step, outcome) in plan.steps.iter().zip(&report.outcomes) {
        match (step.address.kind(), outcome) {
            ("transit-gateway", Outcome::Failed { error }) => {
                assert_eq!(error.failure().unwrap().class, Class::Guardrail);
            }
            (kind, Outcome::Skipped { .. }) => {
                let depends = ["dx-association", "dx-attachment", "flow-log", "route", "share-resource"];
                assert!(kind.starts_with("tgw-") || depends.contains(&kind), "{}", step.address);
            }
            (_, Outcome::Done { .. }) => {}
            // Others have to move.
            ("zone-association" | "foreign-zone", Outcome::Theirs { .. }) => {}
            (_, outcome) => panic!("{}: {outcome:?}", step.address),
        }
    }

    sandbox.clear_faults();
    converge(&aws, &desired).await;
}

/// Expired credentials fail every further call: nothing more is started.
#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_stop_the_run() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    let expired = Effect::Refuse { status: 400, code: "RequestExpired".into(), message: "Request has expired.".into() };
    sandbox.inject(Fault {
        on: Matcher { service: Some("ec2".into()), ..Matcher::any() },
        skip: 10,
        times: None,
        effect: expired,
    });
    let report = run(&aws, &plan).await;
    assert!(report.stopped);
    for (step, outcome) in plan.steps.iter().zip(&report.outcomes) {
        if let Outcome::Failed { error } = outcome {
            assert_eq!(error.failure().map(|f| f.class), Some(Class::Credentials), "{}: {error}", step.address);
        }
    }
    // What was in flight found out by itself; nothing else was begun.
    let refused = sandbox
        .calls()
        .iter()
        .filter(|call| call.outcome == gcnet_sandbox::Outcome::Error("RequestExpired".into()))
        .count();
    assert!(refused <= 2 * options().parallelism, "{refused} calls with expired credentials");
    sandbox.clear_faults();
    converge(&aws, &desired).await;
}

/// A full quota is no reason to wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_quota_fails_at_once_and_says_so() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    sandbox.set_quotas(gcnet_sandbox::Quotas { vpcs: 0, ..Default::default() });
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    let report = run(&aws, &plan).await;
    let vpc = plan.steps.iter().position(|step| step.address.kind() == "vpc").unwrap();
    let Outcome::Failed { error } = &report.outcomes[vpc] else { panic!("{:?}", report.outcomes[vpc]) };
    assert_eq!(error.failure().map(|failure| failure.class), Some(Class::Quota));
}

/// The first Ctrl-C: nothing more is started, what is in flight comes to its end, and the next run goes on from there.
#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_ends_what_it_began() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    let plan = planned(&aws, &desired).await;
    let stop = Stop::default();
    let asked = stop.clone();
    let report = apply(&aws, gcnet_aws::KINDS, &plan, &options(), &stop, &|event| {
        if matches!(event, gcnet_core::Event::Done { .. }) {
            asked.request();
        }
    })
    .await;
    assert!(report.stopped && report.done() > 0);
    assert!(report.outcomes.iter().all(|o| matches!(o, Outcome::Done { .. } | Outcome::NotStarted)), "{report:?}");
    let made = ours(&sandbox, &naruto).len();
    assert!(made > 0);
    converge(&aws, &desired).await;
}

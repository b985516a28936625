//! Every call that changes something is told as it is sent and as it is answered; no other is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use gcnet_aws::{Aws, End, Sent, Write};
use gcnet_sandbox::{Access, Call, Effect, Fault, Matcher, Outcome, Sandbox, When};

use crate::{
    parties::story::changed,
    support::{connect, converge, planned, run, sandbox_of, wish},
};

type Heard = Arc<Mutex<Vec<Write>>>;

fn listen(aws: &Aws) -> Heard {
    let heard = Heard::default();
    let ear = heard.clone();
    aws.watch_writes(move |write| ear.lock().unwrap().push(write));
    heard
}

/// What the simulated AWS was asked to change.
fn asked(sandbox: &Sandbox) -> Vec<Call> {
    let all = sandbox.calls().into_iter();
    all.filter(|call| call.access == Some(Access::Write) && call.service != "sts").collect()
}

fn naruto() -> gcnet::config::schema::Municipality {
    changed(
        "naruto",
        &[(
            "key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }",
            "key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: 20 }",
        )],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_is_told_with_its_step_its_end_and_its_request_id() {
    let naruto = naruto();
    let (sandbox, desired) = (sandbox_of(&naruto).await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    let heard = listen(&aws);
    // Refused at first, and tried again.
    sandbox.inject(Fault { times: Some(2), ..Fault::always(Matcher::operation("CreateSubnet"), Effect::Throttle) });
    let plan = converge(&aws, &desired).await;

    let heard = std::mem::take(&mut *heard.lock().unwrap());
    let mut sent: BTreeMap<u64, Sent> = BTreeMap::new();
    let mut ends: BTreeMap<String, (u64, End)> = BTreeMap::new();
    for write in heard {
        match write {
            Write::Sent(it) => assert!(sent.insert(it.call, it).is_none()),
            Write::Answered(it) => {
                assert!(sent.contains_key(&it.call), "{it:?} was never sent");
                assert!(ends.insert(it.request_id.unwrap(), (it.call, it.end)).is_none());
            }
        }
    }
    let asked = asked(&sandbox);
    assert!(asked.len() > 100);
    assert_eq!((sent.len(), ends.len()), (asked.len(), asked.len()));
    let addresses: BTreeSet<_> = plan.steps.iter().map(|step| step.address.clone()).collect();
    for call in &asked {
        let (number, end) = &ends[&call.request_id];
        let sent = &sent[number];
        let told = (sent.operation.split_once(':').unwrap().1, sent.account.as_str());
        assert_eq!(told, (call.operation.as_str(), call.account.as_str()));
        assert!(addresses.contains(sent.step.as_ref().unwrap()), "{sent:?}");
        match &call.outcome {
            Outcome::Ok => assert_eq!(*end, End::Ok),
            Outcome::Error(code) => assert_eq!(*end, End::Refused(code.clone())),
            Outcome::Silence => panic!("{call:?}"),
        }
    }
    assert!(ends.values().any(|(_, end)| *end != End::Ok), "some were throttled");

    // Reads are not told, and a plan changes nothing.
    let aws = connect(&sandbox, &naruto).await;
    let heard = listen(&aws);
    planned(&aws, &desired).await;
    assert_eq!(*heard.lock().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_unknown() {
    let naruto = naruto();
    let (sandbox, desired) = (sandbox_of(&naruto).await, wish(&naruto));
    sandbox.inject(Fault::once(Matcher::operation("CreateVpc"), Effect::Drop(When::AfterExecution)));
    let aws = connect(&sandbox, &naruto).await;
    let heard = listen(&aws);
    let plan = planned(&aws, &desired).await;
    assert!(run(&aws, &plan).await.is_success());
    let heard = heard.lock().unwrap();
    let lost = heard.iter().find_map(|write| match write {
        Write::Answered(it) if it.request_id.is_none() => Some((it.call, it.end.clone())),
        _ => None,
    });
    let (call, end) = lost.unwrap();
    assert_eq!(end, End::Unknown("connection-lost".into()));
    assert!(
        heard
            .iter()
            .any(|write| matches!(write, Write::Sent(it) if it.call == call && it.operation == "ec2:CreateVpc"))
    );
}

/// In order, in as many requests as it takes, and no more than AWS takes in one.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_long_record_takes_several_requests() {
    let naruto = naruto();
    let sandbox = sandbox_of(&naruto).await;
    let aws = connect(&sandbox, &naruto).await;
    let account = naruto.accounts.network.id.to_string();
    let call = |operation: &str, input| {
        let (service, region, operation) = ("logs".into(), "ap-northeast-1".into(), operation.into());
        sandbox.call(&gcnet_sandbox::ApiCall { account: account.clone(), region, service, operation, input, id: None })
    };
    call("CreateLogGroup", serde_json::json!({ "logGroupName": "/g" })).unwrap();
    let now = 1_700_000_000_000;
    let mut lines: Vec<(i64, String)> = (0..5).map(|n| (now + n, format!("{n}{}", "x".repeat(300_000)))).collect();
    // A clock that was set back.
    lines.push((now - 10, "last".into()));
    // Of no machine's use: longer than an event may be.
    lines.insert(2, (now + 2, "y".repeat(2_000_000)));
    sandbox.clear_calls();
    aws.identity().await.unwrap();
    aws.keep_lines("/g", "run", &lines).await.unwrap();
    assert_eq!(sandbox.calls().iter().filter(|call| call.operation == "PutLogEvents").count(), 2);
    let input = serde_json::json!({ "logGroupName": "/g", "logStreamName": "run", "startFromHead": true });
    let kept = call("GetLogEvents", input).unwrap();
    let first = |event: &serde_json::Value| event["message"].as_str().unwrap().chars().next().unwrap();
    let kept: String = kept["events"].as_array().unwrap().iter().map(first).collect();
    assert_eq!(kept, "01234l");
}

/// Some calls answer that all is well, with a list of what is not.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_in_an_answer_that_is_well_is_refused() {
    let naruto = naruto();
    let (sandbox, desired) = (sandbox_of(&naruto).await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;
    let plan = planned(&aws, &gcnet_core::Desired::new(desired.stack.clone(), gcnet_core::Tags::new())).await;
    let logs = plan.steps.iter().filter(|step| step.address.kind() == "flow-log");
    let gone: Vec<String> = logs.map(|step| step.have.as_ref().unwrap().id.clone()).collect();
    assert!(!gone.is_empty());
    // Somebody is faster.
    sandbox
        .call(&gcnet_sandbox::ApiCall {
            account: naruto.accounts.network.id.to_string(),
            region: naruto.region.value.as_str().into(),
            service: "ec2".into(),
            operation: "DeleteFlowLogs".into(),
            input: serde_json::json!({ "FlowLogIds": gone }),
            id: None,
        })
        .unwrap();
    let heard = listen(&aws);
    run(&aws, &plan).await;
    let heard = heard.lock().unwrap();
    let asked: BTreeSet<u64> = heard
        .iter()
        .filter_map(|write| match write {
            Write::Sent(it) if it.operation == "ec2:DeleteFlowLogs" => Some(it.call),
            _ => None,
        })
        .collect();
    let ends = heard.iter().filter_map(|write| match write {
        Write::Answered(it) if asked.contains(&it.call) => Some(it.end.clone()),
        _ => None,
    });
    assert_eq!(ends.collect::<Vec<_>>(), vec![End::Refused("InvalidFlowLogId.NotFound".into()); gone.len()]);
}

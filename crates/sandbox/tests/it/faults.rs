//! Faults, the cut line, the call log.

use std::time::{Duration, Instant};

use gcnet_sandbox::{Access, ClockMode, Denial, Effect, Fault, Matcher, Options, Outcome, Sandbox, When};

use crate::client::{ACCOUNT, Aws};

const VPC: (&str, &str) = ("CidrBlock", "10.0.0.0/16");

async fn vpcs(aws: &Aws) -> usize {
    aws.call("DescribeVpcs", "").await.all("vpcSet.item.vpcId").len()
}

#[tokio::test]
async fn throttling_has_a_code_in_each_protocol() {
    let aws = Aws::start(Options::default()).await;
    let fault = Fault { on: Matcher::any(), skip: 0, times: Some(3), effect: Effect::Throttle };
    aws.sandbox.inject(fault);
    let replies = [
        aws.ec2("CreateVpc", &[VPC]).await,
        aws.sts("GetCallerIdentity", &[]).await,
        aws.json("logs", "Logs_20140328.DescribeLogGroups", "{}").await,
    ];
    let expected = [(503, "RequestLimitExceeded"), (400, "Throttling"), (400, "ThrottlingException")];
    for (reply, expected) in replies.iter().zip(expected) {
        assert_eq!((reply.status, reply.code().as_str()), expected);
    }
    assert_eq!(vpcs(&aws).await, 0);
}

#[tokio::test]
async fn a_fault_hits_what_it_matches_and_no_more() {
    let aws = Aws::start(Options::default()).await;
    let fault = Fault {
        on: Matcher::operation("CreateVpc"),
        skip: 1,
        times: Some(1),
        effect: Effect::Refuse { status: 400, code: "VpcLimitExceeded".to_owned(), message: "full".to_owned() },
    };
    aws.sandbox.inject(fault);
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(aws.ec2("CreateVpc", &[VPC]).await.status);
        assert_eq!(aws.ec2("DescribeVpcs", &[]).await.status, 200);
    }
    assert_eq!(codes, [200, 400, 200]);

    aws.sandbox.inject(Fault::always(Matcher::writes(), Effect::Throttle));
    assert_eq!(aws.ec2("CreateVpc", &[VPC]).await.status, 503);
    assert_eq!(vpcs(&aws).await, 2);
    aws.sandbox.clear_faults();
    assert_eq!(aws.ec2("CreateVpc", &[VPC]).await.status, 200);
}

#[tokio::test]
async fn before_is_not_done_and_after_is_done() {
    let aws = Aws::start(Options::default()).await;
    let next = |effect| aws.sandbox.inject(Fault::once(Matcher::writes(), effect));

    next(Effect::ServerError(When::BeforeExecution));
    assert_eq!(aws.ec2("CreateVpc", &[VPC]).await.code(), "InternalError");
    assert_eq!(vpcs(&aws).await, 0);
    next(Effect::ServerError(When::AfterExecution));
    assert_eq!(aws.ec2("CreateVpc", &[VPC]).await.status, 500);
    assert_eq!(vpcs(&aws).await, 1);

    next(Effect::Drop(When::BeforeExecution));
    assert!(aws.try_ec2("CreateVpc", &[VPC]).await.is_none());
    assert_eq!(vpcs(&aws).await, 1);
    next(Effect::Drop(When::AfterExecution));
    assert!(aws.try_ec2("CreateVpc", &[VPC]).await.is_none());
    assert_eq!(vpcs(&aws).await, 2);

    next(Effect::Hang(When::AfterExecution));
    let patience = Duration::from_millis(100);
    assert!(tokio::time::timeout(patience, aws.try_ec2("CreateVpc", &[VPC])).await.is_err());
    assert_eq!(vpcs(&aws).await, 3);

    let last = aws.sandbox.calls().into_iter().rev().find(|call| call.access == Some(Access::Write)).unwrap();
    assert_eq!((last.outcome, last.committed), (Outcome::Silence, true));
}

#[tokio::test]
async fn denials_name_user_action_and_reason() {
    let aws = Aws::start(Options::default()).await;
    let next = |denial| aws.sandbox.inject(Fault::once(Matcher::any(), Effect::Deny(denial)));
    next(Denial::Missing);
    let reply = aws.ec2("CreateVpc", &[VPC]).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "UnauthorizedOperation"));
    let message = reply.one("Error.Message");
    assert!(
        message.contains(&format!(
            "User: arn:aws:iam::{ACCOUNT}:user/sandbox is not authorized to perform: ec2:CreateVpc on resource: "
        )),
        "{message}"
    );
    assert!(
        message.contains("because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization")
    );

    next(Denial::ServiceControlPolicy);
    let reply = aws.sts("AssumeRole", &[]).await;
    assert_eq!(reply.code(), "AccessDenied");
    assert!(reply.one("Error.Message").ends_with("with an explicit deny in a service control policy"));

    next(Denial::ServiceControlPolicy);
    let reply = aws.json("logs", "Logs_20140328.CreateLogGroup", "{}").await;
    assert_eq!(reply.code(), "AccessDeniedException");
}

#[tokio::test]
async fn latency_is_real_time() {
    let options = Options { latency: Duration::from_millis(30), ..Options::default() };
    let aws = Aws::start(options).await;
    aws.sandbox.inject(Fault::once(Matcher::any(), Effect::Latency(Duration::from_millis(30))));
    let begun = Instant::now();
    aws.vpc("10.0.0.0/16").await;
    assert!(begun.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn the_line_is_cut_after_the_nth_write() {
    let aws = Aws::start(Options::default()).await;
    aws.sandbox.cut_after_writes(2);
    aws.vpc("10.0.0.0/16").await;
    // Neither a read nor a refused write counts.
    assert_eq!(vpcs(&aws).await, 1);
    assert_eq!(aws.ec2("CreateVpc", &[]).await.code(), "MissingParameter");
    let waiting = tokio::time::timeout(Duration::from_millis(20), aws.sandbox.cut());
    assert!(waiting.await.is_err());

    assert!(aws.try_ec2("CreateVpc", &[VPC]).await.is_none());
    aws.sandbox.cut().await;
    assert!(aws.try_ec2("DescribeVpcs", &[]).await.is_none());
    aws.sandbox.heal();
    assert_eq!(vpcs(&aws).await, 2);
}

#[tokio::test]
async fn the_line_is_cut_at_any_call_before_it_or_after_it() {
    for (when, made) in [(When::BeforeExecution, 1), (When::AfterExecution, 2)] {
        let aws = Aws::start(Options::default()).await;
        aws.vpc("10.0.0.0/16").await;
        aws.sandbox.inject(Fault { skip: 1, ..Fault::once(Matcher::any(), Effect::Cut(when)) });
        assert_eq!(vpcs(&aws).await, 1);
        assert!(aws.try_ec2("CreateVpc", &[VPC]).await.is_none());
        aws.sandbox.cut().await;
        assert!(aws.try_ec2("DescribeVpcs", &[]).await.is_none());
        aws.sandbox.heal();
        assert_eq!(vpcs(&aws).await, made, "{when:?}");
    }
}

#[tokio::test]
async fn nobody_listens_for_a_while() {
    let aws = Aws::start(Options::default()).await;
    aws.sandbox.inject(Fault::once(Matcher::any(), Effect::Away(Duration::from_millis(200))));
    aws.vpc("10.0.0.0/16").await;
    let address = aws.sandbox.endpoint().trim_start_matches("http://").to_owned();
    let refused = tokio::net::TcpStream::connect(&address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    let began = Instant::now();
    while tokio::net::TcpStream::connect(&address).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
    assert_eq!(vpcs(&aws).await, 1);
}

#[tokio::test]
async fn a_snapshot_is_gone_on_from_apart() {
    let aws = Aws::start(Options::default()).await;
    aws.vpc("10.0.0.0/16").await;
    let (snapshot, snapshot_time) = (aws.sandbox.snapshot(), aws.sandbox.now());
    let held = |sandbox: &Sandbox| sandbox.everything(ACCOUNT).len();
    let before = held(&aws.sandbox);
    let (one, other) = (
        Sandbox::restore(&snapshot, ClockMode::default(), 1).await.unwrap(),
        Sandbox::restore(&snapshot, ClockMode::default(), 2).await.unwrap(),
    );
    assert_eq!(one.everything(ACCOUNT), other.everything(ACCOUNT));
    aws.vpc("10.1.0.0/16").await;
    assert!(held(&aws.sandbox) > before);
    assert_eq!((held(&one), held(&other)), (before, before), "nobody sees what another one does");
    assert!(one.now() >= snapshot_time, "time goes on");
}

#[tokio::test]
async fn every_call_is_logged() {
    let aws = Aws::start(Options::default()).await;
    aws.vpc("10.0.0.0/16").await;
    let refused = aws.ec2("DeleteVpc", &[("VpcId", "vpc-0")]).await;
    aws.ec2("Frobnicate", &[]).await;
    let calls = aws.sandbox.calls();
    let told: Vec<_> = calls
        .iter()
        .map(|call| (call.n, call.operation.as_str(), call.access, call.outcome.clone(), call.committed))
        .collect();
    let error = |code: &str| Outcome::Error(code.to_owned());
    assert_eq!(
        told,
        [
            (1, "CreateVpc", Some(Access::Write), Outcome::Ok, true),
            (2, "DeleteVpc", Some(Access::Write), error("InvalidVpcID.NotFound"), false),
            (3, "Frobnicate", None, error("InvalidAction"), false),
        ]
    );
    assert_eq!((calls[1].account.as_str(), calls[1].service.as_str()), (ACCOUNT, "ec2"));
    assert_eq!(calls[1].request_id, refused.one("RequestID"));
    aws.sandbox.clear_calls();
    assert!(aws.sandbox.calls().is_empty());
}

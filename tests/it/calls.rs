//! What a plan costs: counted, because it is a promise.

use gcnet_aws::KINDS;
use gcnet_core::observe;
use gcnet_sandbox::{Effect, Fault, Matcher, When};

use crate::support::{city, connect, converge, planned, sandbox, wish};

/// At most 23 calls plus 2 a VPC, 2 a transit gateway route table and 1 a transit gateway (DNS attributes; propagations and
/// routes; lines: what AWS has no batch form for).
#[tokio::test(flavor = "multi_thread")]
async fn planning_a_converged_municipality_costs_twenty_three_calls_and_two_a_vpc_and_a_table() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;

    let aws = connect(&sandbox, &naruto).await;
    sandbox.clear_calls();
    let (identity, plan) = futures::join!(aws.identity(), planned(&aws, &desired));
    identity.unwrap();
    assert!(plan.is_empty(), "{:?}", crate::support::summary(&plan));

    let tables = desired.wants().keys().filter(|address| address.kind() == "tgw-route-table").count();
    let calls = sandbox.calls();
    assert!(calls.len() <= 23 + 2 + 2 * tables + 1, "{} calls: {calls:#?}", calls.len());
    assert_eq!(aws.counts().values().sum::<usize>(), calls.len(), "gcnet counts what it sends");
}

/// However many municipalities live in an account, they are read together.
#[tokio::test(flavor = "multi_thread")]
async fn many_municipalities_of_one_account_cost_the_same_reads() {
    let naruto = city("naruto");
    let sandbox = sandbox().await;
    let mut reads = vec![];
    for name in ["naruto", "aizumi", "mima"] {
        let mut other = city(name);
        other.accounts.network.id = naruto.accounts.network.id.clone();
        let aws = connect(&sandbox, &other).await;
        converge(&aws, &wish(&other)).await;

        let aws = connect(&sandbox, &naruto).await;
        sandbox.clear_calls();
        observe(&aws, KINDS).await.unwrap();
        let batched = sandbox.calls().into_iter().filter(|call| !PER_THING.contains(&call.operation.as_str()));
        reads.push(batched.count());
    }
    assert!(reads.iter().all(|n| *n == reads[0] && *n <= 22), "{reads:?}");
}

/// What needs the answer of an earlier call: one call for each VPC attribute, each transit gateway and each of its route
/// tables.
const PER_THING: [&str; 4] = [
    "DescribeDirectConnectGatewayAssociations",
    "DescribeVpcAttribute",
    "GetTransitGatewayRouteTablePropagations",
    "SearchTransitGatewayRoutes",
];

/// That, and who and what is in our shares, which are read together.
const SECOND_ROUND: [&str; 5] =
    [PER_THING[0], PER_THING[1], PER_THING[2], PER_THING[3], "GetResourceShareAssociations"];

/// Two dependent rounds, proved by silence: when nothing is answered, everything of the first round is asked all the
/// same; when only the second round is not answered, all of that is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_takes_two_dependent_rounds() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    converge(&connect(&sandbox, &naruto).await, &desired).await;

    let asked = async |silent: Vec<Matcher>| {
        for on in silent {
            sandbox.inject(Fault::always(on, Effect::Hang(When::BeforeExecution)));
        }
        sandbox.clear_calls();
        let aws = connect(&sandbox, &naruto).await;
        let plan = async { futures::join!(aws.identity(), observe(&aws, KINDS)) };
        // Long enough for whatever is asked without waiting; what waits for an answer waits for ever.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(3), plan).await;
        sandbox.clear_faults();
        let mut operations: Vec<String> = sandbox.calls().into_iter().map(|call| call.operation).collect();
        operations.sort();
        operations
    };
    let is_second = |operation: &String| SECOND_ROUND.contains(&operation.as_str());
    let all = asked(vec![]).await;
    let first: Vec<String> = all.iter().filter(|operation| !is_second(operation)).cloned().collect();
    assert_eq!(asked(vec![Matcher::any()]).await, first, "the first round waits for nothing");
    let second = SECOND_ROUND.map(Matcher::operation).to_vec();
    assert_eq!(asked(second).await, all, "the second round waits for the first only");
}

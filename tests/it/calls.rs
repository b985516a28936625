//! What a plan costs: counted, because it is a promise.

use gcnet_aws::KINDS;
use gcnet_core::observe;

use crate::support::{city, connect, converge, planned, sandbox, wish};

/// At most 16 calls plus 2 a VPC and 2 a transit gateway route table (DNS attributes; propagations and static routes:
/// what AWS has no batch form for).
#[tokio::test(flavor = "multi_thread")]
async fn planning_a_converged_municipality_costs_sixteen_calls_and_two_a_vpc_and_a_table() {
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
    assert!(calls.len() <= 16 + 2 + 2 * tables, "{} calls: {calls:#?}", calls.len());
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
        let batched = sandbox.calls().into_iter().filter(|call| {
            let one_by_one =
                ["DescribeVpcAttribute", "GetTransitGatewayRouteTablePropagations", "SearchTransitGatewayRoutes"];
            !one_by_one.contains(&call.operation.as_str())
        });
        reads.push(batched.count());
    }
    assert!(reads.iter().all(|n| *n == reads[0] && *n <= 15), "{reads:?}");
}

//! What a plan costs: counted, because it is a promise.

use gcnet_aws::KINDS;
use gcnet_core::{Desired, observe};
use gcnet_sandbox::{Effect, Fault, Matcher, Quotas, When};

use crate::{
    parties::story::Story,
    support::{city, connect, converge, fleet, planned, sandbox, wish},
};

/// What Route 53 and its Resolver cost with one VPC: five lists of the Resolver, that of all zones and that of the zones that the
/// VPC sees; an endpoint's addresses; a zone's VPCs and records.
fn names(desired: &Desired) -> usize {
    let of = |kind: &str| desired.wants().keys().filter(|address| address.kind() == kind).count();
    7 + of("resolver-endpoint") + 2 * of("hosted-zone")
}

/// What Private CA costs: the lists of authorities and buckets; an authority's tags and permissions, and its chain if it is no root;
/// what makes a bucket safe, a call a piece; and what shares allow.
fn authorities(desired: &Desired) -> usize {
    let of = |kind: &str| desired.wants().keys().filter(|address| address.kind() == kind).count();
    let below =
        desired.wants().keys().filter(|address| address.as_str() == "certificate-authority/subordinate").count();
    2 + 2 * of("certificate-authority") + below + 4 * of("bucket") + usize::from(of("certificate-authority") > 0)
}

/// At most 23 calls plus 2 a VPC, 2 a transit gateway route table and 1 a transit gateway (DNS attributes; propagations and
/// routes; lines: what AWS has no batch form for), and what names and the private CA cost.
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
    // Whether somebody has yet to use what a zone authorises, is one more call, as long as there are any.
    let zones = desired.wants().keys().filter(|address| address.kind() == "hosted-zone").count();
    let calls = sandbox.calls();
    let most = 23 + 2 + 2 * tables + 1 + names(&desired) + zones + authorities(&desired);
    assert!(calls.len() <= most, "{} calls: {calls:#?}", calls.len());
    assert_eq!(aws.counts().values().sum::<usize>(), calls.len(), "gcnet counts what it sends");
}

/// However many municipalities live in an account, they are read together.
#[tokio::test(flavor = "multi_thread")]
async fn many_municipalities_of_one_account_cost_the_same_reads() {
    let naruto = city("naruto");
    let sandbox = sandbox().await;
    let account = naruto.accounts.network.id.to_string();
    sandbox.set_quotas_of(&account, Quotas { resolver_endpoints: 6, ..Quotas::default() });
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
    assert!(reads.iter().all(|n| *n == reads[0] && *n <= 30), "{reads:?}");
}

/// What needs the answer of an earlier call: one call for each VPC attribute and the zones of each VPC, each transit gateway and
/// each of its route tables, each Resolver endpoint, two for each zone, and one more while somebody has yet to use what a zone
/// authorises, two for each authority, four for each bucket, and one for what shares allow once there is an authority.
const PER_THING: [&str; 16] = [
    "DescribeDirectConnectGatewayAssociations",
    "DescribeVpcAttribute",
    "GetBucketEncryption",
    "GetBucketPolicy",
    "GetBucketTagging",
    "GetHostedZone",
    "GetPublicAccessBlock",
    "GetTransitGatewayRouteTablePropagations",
    "ListHostedZonesByVPC",
    "ListPermissionAssociations",
    "ListPermissions",
    "ListResolverEndpointIpAddresses",
    "ListResourceRecordSets",
    "ListTags",
    "ListVPCAssociationAuthorizations",
    "SearchTransitGatewayRoutes",
];

/// And who and what is in our shares, which are read together.
const SHARES: &str = "GetResourceShareAssociations";

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
    let is_second = |operation: &String| PER_THING.contains(&operation.as_str()) || operation == SHARES;
    let all = asked(vec![]).await;
    let first: Vec<String> = all.iter().filter(|operation| !is_second(operation)).cloned().collect();
    assert_eq!(asked(vec![Matcher::any()]).await, first, "the first round waits for nothing");
    let second = PER_THING.into_iter().chain([SHARES]).map(Matcher::operation).collect();
    assert_eq!(asked(second).await, all, "the second round waits for the first only");
}

/// The same with everybody's names in place, for each city that has any: no more calls than that however many rules, records
/// and companies there are.
#[tokio::test(flavor = "multi_thread")]
async fn names_cost_seven_calls_and_one_an_endpoint_and_two_a_zone() {
    for municipality in fleet().cities().map(|city| city.config.clone()).filter(|city| city.dns.is_some()) {
        let story = Story::begin(municipality).await;
        story.settle().await;

        let aws = story.aws().await;
        let desired = story.wish(&aws).await.desired;
        story.sandbox.clear_calls();
        assert!(planned(&aws, &desired).await.is_empty());
        let calls = story.sandbox.calls();
        let asked: Vec<&str> = calls
            .iter()
            .filter(|call| call.service.starts_with("route53"))
            .map(|call| call.operation.as_str())
            .collect();
        assert!(asked.len() <= names(&desired), "{}: {asked:#?}", story.municipality.key());
    }
}

//! PrivateLink, where we offer the service: on a load balancer that stands in the network account already.

use gcnet::{config::schema::Municipality, handshake::Stage};
use serde_json::json;

use super::story::{Story, changed, open, texts};
use crate::support::summary;

const OURS: &str = "100000000021";
const C_SHA: &str = "200000000003";
const D_SHA: &str = "200000000004";
const D_VPC: &str = "vpc-d4000000000000015";
const BALANCER: &str =
    "arn:aws:elasticloadbalancing:ap-northeast-1:100000000021:loadbalancer/net/front/0123456789abcdef";

/// What makes Itano's file one that offers C社 a service.
pub const PROVIDES: [(&str, &str); 3] = [
    ("role: consumer", "role: provider"),
    (
        "      name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015\n",
        "      load_balancer: \"arn:aws:elasticloadbalancing:ap-northeast-1:100000000021:loadbalancer/net/front/0123456789abcdef\"\n",
    ),
    ("      dns: !sample fukushi.gc.itano.example # dns.zones のゾーンに、エンドポイントを指すレコードを作る\n", ""),
];

/// The same; D社 may see it as well, and is not in the file as one who uses it.
pub(super) fn itano_for_two() -> Municipality {
    let principals =
        format!("    service:\n      principals: [\"arn:aws:iam::{C_SHA}:root\", \"arn:aws:iam::{D_SHA}:root\"]\n");
    let mut changes = PROVIDES.to_vec();
    changes.push(("    service:\n", &principals));
    changed("itano", &changes)
}

/// C社 is in the file no more: D社 uses the service now.
pub(super) const MOVED: (&str, &str) =
    ("  - name: fukushi # 福祉・子ども\n    account: c-sha", "  - name: fukushi # 福祉・子ども\n    account: d-sha");

/// An account makes an endpoint unasked.
fn come(story: &Story, account: &str, vpc: &str, service: &str) {
    let subnets = json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] });
    let subnets = story.call(account, "ec2", "DescribeSubnets", subnets);
    let input = json!({
        "VpcEndpointType": "Interface", "ServiceName": service, "VpcId": vpc,
        "SubnetIds": texts(&subnets, "/subnetSet", "/subnetId"),
    });
    story.call(account, "ec2", "CreateVpcEndpoint", input);
}

fn pair(account: &str, state: &str) -> (String, String) {
    (account.to_string(), state.to_string())
}

/// Whose endpoint is in which state.
fn connections(story: &Story) -> Vec<(String, String)> {
    let all = story.call(OURS, "ec2", "DescribeVpcEndpointConnections", json!({}));
    let all = all["vpcEndpointConnectionSet"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
    let mut all: Vec<_> = all.iter().map(|it| (text(&it["vpcEndpointOwner"]), text(&it["vpcEndpointState"]))).collect();
    all.sort();
    all
}

/// The load balancers of the network account.
fn balancers(story: &Story) -> Vec<String> {
    let all = story.call(OURS, "elasticloadbalancing", "DescribeLoadBalancers", json!({}));
    texts(&all, "/LoadBalancers", "/LoadBalancerArn").into_iter().map(String::from).collect()
}

/// The load balancer that the file names is there before us and after us; the company makes its endpoint when it is asked.
#[tokio::test(flavor = "multi_thread")]
async fn they_make_their_endpoint_and_we_accept_it() {
    let story = Story::begin(changed("itano", &PROVIDES)).await;
    let before = story.everything(OURS);
    assert_eq!(balancers(&story), [BALANCER]);
    story.apply().await;
    assert_eq!(story.asked("create-endpoint").await.0.stage, Stage::Theirs);
    story.comply().await;
    story.apply().await;
    let fukushi = |line: &&String| line.contains("fukushi");
    assert_eq!(open(&story.handshakes().await).iter().filter(fukushi).count(), 0);
    assert_eq!(connections(&story), [(C_SHA.to_string(), "available".to_string())]);
    story.settle().await;
    story.clear().await;
    assert_eq!((balancers(&story), story.everything(OURS)), (vec![BALANCER.to_string()], before));
    // What is furnished is furnished once.
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    assert_eq!(balancers(&story), [BALANCER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_listed_account_is_accepted() {
    let story = Story::begin(itano_for_two()).await;
    story.apply().await;
    let (connection, ask) = story.asked("create-endpoint").await;
    assert_eq!(connection.address.as_str(), format!("endpoint-connection/fukushi/{C_SHA}"));
    assert_eq!(connection.stage, Stage::Theirs);
    let service = ask.calls[0].input["ServiceName"].as_str().unwrap().to_string();

    // D社 comes unasked.
    come(&story, D_SHA, D_VPC, &service);
    story.comply_of(C_SHA).await;

    story.apply().await;
    story.settle().await;
    assert_eq!(connections(&story), [pair(C_SHA, "available"), pair(D_SHA, "pendingAcceptance")]);
    let unknown: Vec<String> = story.plan().await.unknown.iter().map(|owned| owned.address.to_string()).collect();
    assert_eq!(unknown, [format!("endpoint-connection/fukushi/{D_SHA}")]);

    // What leans on the service goes with it; the load balancer was never ours.
    story.clear().await;
    assert_eq!(balancers(&story), [BALANCER]);
}

/// Whoever is taken out of the file is connected no more, also while another endpoint of theirs waits.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_of_an_account_goes_with_it() {
    let mut story = Story::begin(changed("itano", &PROVIDES)).await;
    story.apply().await;
    let (_, ask) = story.asked("create-endpoint").await;
    let service = ask.calls[0].input["ServiceName"].as_str().unwrap().to_string();
    story.settle().await;
    let found = story.call(C_SHA, "ec2", "DescribeVpcEndpoints", json!({}));
    let vpc = found["vpcEndpointSet"][0]["vpcId"].as_str().unwrap().to_string();

    // A new one of a listed account is accepted beside the old one.
    come(&story, C_SHA, &vpc, &service);
    assert_eq!(summary(&story.apply().await), [format!("~ endpoint-connection/fukushi/{C_SHA}")]);
    assert_eq!(connections(&story), [pair(C_SHA, "available"), pair(C_SHA, "available")]);

    come(&story, C_SHA, &vpc, &service);
    let mut changes = PROVIDES.to_vec();
    changes.push(MOVED);
    story.municipality = changed("itano", &changes);
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    let plan = story.apply().await;
    let gone = format!("- endpoint-connection/fukushi/{C_SHA}");
    assert!(summary(&plan).contains(&gone), "{:#?}", summary(&plan));
    assert_eq!(connections(&story), [pair(C_SHA, "rejected"), pair(C_SHA, "rejected"), pair(C_SHA, "rejected")]);
    story.settle().await;
    assert_eq!(connections(&story)[3], pair(D_SHA, "available"));
    story.clear().await;
}

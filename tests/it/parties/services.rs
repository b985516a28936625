//! PrivateLink, where we offer the service: on a load balancer that stands in the network account already.

use gcnet::{config::schema::Municipality, handshake::Stage};
use serde_json::json;

use super::story::{Story, changed, open, texts};

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
fn itano_for_two() -> Municipality {
    let principals =
        format!("    service:\n      principals: [\"arn:aws:iam::{C_SHA}:root\", \"arn:aws:iam::{D_SHA}:root\"]\n");
    let mut changes = PROVIDES.to_vec();
    changes.push(("    service:\n", &principals));
    changed("itano", &changes)
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
    let subnets = json!({ "Filters": [{ "Name": "vpc-id", "Values": [D_VPC] }] });
    let subnets = story.call(D_SHA, "ec2", "DescribeSubnets", subnets);
    let input = json!({
        "VpcEndpointType": "Interface", "ServiceName": service, "VpcId": D_VPC,
        "SubnetIds": texts(&subnets, "/subnetSet", "/subnetId"),
    });
    story.call(D_SHA, "ec2", "CreateVpcEndpoint", input);
    story.comply_of(C_SHA).await;

    story.apply().await;
    let pair = |account: &str, state: &str| (account.to_string(), state.to_string());
    story.settle().await;
    assert_eq!(connections(&story), [pair(C_SHA, "available"), pair(D_SHA, "pendingAcceptance")]);
    let unknown: Vec<String> = story.plan().await.unknown.iter().map(|owned| owned.address.to_string()).collect();
    assert_eq!(unknown, [format!("endpoint-connection/fukushi/{D_SHA}")]);

    // What leans on the service goes with it; the load balancer was never ours.
    story.clear().await;
    assert_eq!(balancers(&story), [BALANCER]);
}

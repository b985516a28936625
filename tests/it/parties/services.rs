//! PrivateLink, where we offer the service: on a load balancer that stands in the network account already.

use std::time::Duration;

use gcnet::{config::schema::Municipality, handshake::Stage};
use gcnet_sandbox::{Organizations, Sandbox};
use serde_json::json;

use super::story::{Story, changed, texts};
use crate::support::{accounts, empty_sandbox};

const OURS: &str = "100000000021";
const C_SHA: &str = "200000000003";
const D_SHA: &str = "200000000004";

/// Itano, which offers C社 a service; D社 may see it and is not in the file.
fn itano(balancer: &str) -> Municipality {
    let service = format!(
        "      load_balancer: \"{balancer}\"\n      principals: [\"arn:aws:iam::{C_SHA}:root\", \"arn:aws:iam::{D_SHA}:root\"]\n"
    );
    changed(
        "itano",
        &[
            ("role: consumer", "role: provider"),
            ("      name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015\n", &service),
            (
                "      dns: !sample fukushi.gc.itano.example # dns.zones のゾーンに、エンドポイントを指すレコードを作る\n",
                "",
            ),
        ],
    )
}

/// A VPC of an account with a subnet in each of two zones.
fn vpc(sandbox: &Sandbox, account: &str, block: &str) -> (String, Vec<String>) {
    let call = |operation: &str, input| {
        let (region, service) = (super::story::TOKYO.into(), "ec2".into());
        let (account, operation) = (account.into(), operation.into());
        sandbox.call(&gcnet_sandbox::ApiCall { account, region, service, operation, input, id: None }).unwrap()
    };
    let made = call("CreateVpc", json!({ "CidrBlock": format!("{block}.0/24") }));
    let vpc = made["vpc"]["vpcId"].as_str().unwrap().to_string();
    let subnets = [("0/25", "apne1-az4"), ("128/25", "apne1-az1")].map(|(half, zone)| {
        let input = json!({ "VpcId": vpc, "CidrBlock": format!("{block}.{half}"), "AvailabilityZoneId": zone });
        call("CreateSubnet", input)["subnet"]["subnetId"].as_str().unwrap().to_string()
    });
    (vpc, subnets.into())
}

async fn begin() -> Story {
    let sandbox = empty_sandbox(|_| {}).await;
    let (_, subnets) = vpc(&sandbox, OURS, "10.254.0");
    let balancer = sandbox.call(&gcnet_sandbox::ApiCall {
        account: OURS.into(),
        region: super::story::TOKYO.into(),
        service: "elasticloadbalancing".into(),
        operation: "CreateLoadBalancer".into(),
        input: json!({ "Name": "front", "Type": "network", "Scheme": "internal", "Subnets": subnets }),
        id: None,
    });
    let balancer = balancer.unwrap()["LoadBalancers"][0]["LoadBalancerArn"].as_str().unwrap().to_string();
    sandbox.advance(Duration::from_secs(300));
    let municipality = itano(&balancer);
    sandbox.set_organizations(Organizations(vec![accounts(&municipality).into_iter().collect()]));
    for account in [C_SHA, D_SHA] {
        vpc(&sandbox, account, "10.253.0");
    }
    gcnet::counterpart::furnish(&sandbox, &municipality).unwrap();
    Story { municipality, sandbox }
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

#[tokio::test(flavor = "multi_thread")]
async fn only_the_listed_account_is_accepted() {
    let story = begin().await;
    story.apply().await;
    let (connection, ask) = story.asked("create-endpoint").await;
    assert_eq!(connection.address.as_str(), format!("endpoint-connection/fukushi/{C_SHA}"));
    assert_eq!(connection.stage, Stage::Theirs);
    let service = ask.calls[0].input["ServiceName"].as_str().unwrap().to_string();

    // D社 comes unasked.
    let vpcs = story.call(
        D_SHA,
        "ec2",
        "DescribeVpcs",
        json!({ "Filters": [{ "Name": "cidr", "Values": ["10.253.0.0/24"] }] }),
    );
    let vpc = texts(&vpcs, "/vpcSet", "/vpcId")[0].to_string();
    let subnets = json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] });
    let subnets = story.call(D_SHA, "ec2", "DescribeSubnets", subnets);
    let input = json!({
        "VpcEndpointType": "Interface", "ServiceName": service, "VpcId": vpc,
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
    let balancers = story.call(OURS, "elasticloadbalancing", "DescribeLoadBalancers", json!({}));
    assert_eq!(texts(&balancers, "/LoadBalancers", "/LoadBalancerName"), ["front"]);
}

//! Attachments of VPCs that nobody listed, or that are not what the file says.

use gcnet::handshake::Stage;
use serde_json::{Value, json};

use super::story::{Story, texts};
use crate::support::city;

const A_SHA: &str = "200000000001";
const D_SHA: &str = "200000000004";
const D_VPC: &str = "vpc-d4000000000000002";

fn subnets(story: &Story, account: &str, vpc: &str) -> Vec<String> {
    let input = json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] });
    let subnets = story.call(account, "ec2", "DescribeSubnets", input);
    texts(&subnets, "/subnetSet", "/subnetId").into_iter().map(String::from).collect()
}

/// In their words: the state of an attachment.
fn state(story: &Story, account: &str, id: &str) -> String {
    let input = json!({ "TransitGatewayAttachmentIds": [id] });
    let found = story.call(account, "ec2", "DescribeTransitGatewayVpcAttachments", input);
    texts(&found, "/transitGatewayVpcAttachments", "/state")[0].to_string()
}

async fn gateway(story: &Story) -> String {
    let plan = story.plan().await;
    plan.ids.iter().find(|(address, _)| address.as_str() == "transit-gateway/main").unwrap().1.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_nobody_listed_is_shown_and_left_pending() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    story.comply().await;

    // A second VPC of A社, which may see the gateway.
    let made = story.call(A_SHA, "ec2", "CreateVpc", json!({ "CidrBlock": "10.99.0.0/24" }));
    let vpc = made["vpc"]["vpcId"].as_str().unwrap();
    let subnet = json!({ "VpcId": vpc, "CidrBlock": "10.99.0.0/25", "AvailabilityZoneId": "apne1-az4" });
    story.call(A_SHA, "ec2", "CreateSubnet", subnet);
    let tgw = gateway(&story).await;
    let input = json!({ "TransitGatewayId": tgw, "VpcId": vpc, "SubnetIds": subnets(&story, A_SHA, vpc) });
    let made = story.call(A_SHA, "ec2", "CreateTransitGatewayVpcAttachment", input);
    let id = made["transitGatewayVpcAttachment"]["transitGatewayAttachmentId"].as_str().unwrap();

    let shown = |plan: &gcnet_core::Plan| {
        let unknown = plan.unknown.iter().map(|owned| (owned.address.to_string(), owned.object.id.clone()));
        assert_eq!(unknown.collect::<Vec<_>>(), [(format!("foreign-attachment/main/{vpc}"), id.to_string())]);
    };
    shown(&story.plan().await);
    story.settle().await;
    shown(&story.plan().await);
    assert_eq!(state(&story, A_SHA, id), "pendingAcceptance");

    // It is theirs on the last day too.
    story.destroy().await;
    assert_eq!(state(&story, A_SHA, id), "pendingAcceptance");
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_the_file_does_not_know_are_for_people_to_decide() {
    let story = Story::begin(city("naruto")).await;
    story.settle().await;
    let input = json!({ "VpcId": D_VPC, "CidrBlock": "10.98.0.0/24" });
    story.call(D_SHA, "ec2", "AssociateVpcCidrBlock", input);
    story.sandbox.advance(std::time::Duration::from_secs(600));

    let (attachment, _) = story.asked("check-ranges").await;
    assert_eq!(
        (attachment.address.to_string(), attachment.stage),
        (format!("foreign-attachment/main/{D_VPC}"), Stage::Decide)
    );
    // Nothing is taken down for it, and nothing done.
    assert_eq!(story.apply().await.steps.len(), 0);
    assert_eq!(state(&story, D_SHA, attachment.id.as_deref().unwrap()), "available");

    // The company takes it back.
    let vpcs = story.call(D_SHA, "ec2", "DescribeVpcs", json!({ "VpcIds": [D_VPC] }));
    let blocks = vpcs.pointer("/vpcSet/0/cidrBlockAssociationSet").and_then(Value::as_array).unwrap();
    let block = blocks.iter().find(|block| block["cidrBlock"] == "10.98.0.0/24").unwrap();
    story.call(D_SHA, "ec2", "DisassociateVpcCidrBlock", json!({ "AssociationId": block["associationId"] }));
    story.sandbox.advance(std::time::Duration::from_secs(600));
    story.settle().await;
    story.clear().await;
}

//! Attachments of VPCs that nobody listed, or that are not what the file says.

use std::collections::BTreeSet;

use gcnet::handshake::Stage;
use gcnet_core::{Differs, Plan, Why};
use serde_json::{Value, json};

use super::story::{Story, TOKYO, changed, texts};
use crate::support::city;

const A_SHA: &str = "200000000001";
const D_SHA: &str = "200000000004";
const D_VPC: &str = "vpc-d4000000000000002";
const D_RANGE: &str = "10.214.2.0/24";
/// In no file.
const WRONG: &str = "10.98.0.0/24";

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

/// The tables with a way to a range.
fn learners(story: &Story, range: &str) -> BTreeSet<String> {
    let has = |id: &str| {
        let filter = json!([{ "Name": "type", "Values": ["propagated"] }]);
        let input = json!({ "TransitGatewayRouteTableId": id, "Filters": filter });
        let found = story.call(&story.account(), "ec2", "SearchTransitGatewayRoutes", input);
        texts(&found, "/routeSet", "/destinationCidrBlock").contains(&range)
    };
    story.tables().into_iter().filter(|(_, id)| has(id)).map(|(name, _)| name).collect()
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

    // While others hold the gateway it stays; when the gateway goes, it is refused, and its maker is asked for nothing.
    story.destroy().await;
    assert_eq!(state(&story, A_SHA, id), "pendingAcceptance");
    let asked = story.leave().await.into_iter().map(|step| step.address.to_string());
    assert!(!asked.collect::<Vec<_>>().contains(&format!("foreign-attachment/main/{vpc}")));
    story.clear().await;
    assert_eq!(state(&story, A_SHA, id), "rejected");
}

/// Strangers ask for an attachment and for a peering, and nobody answers: one destroy takes everything.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_asked_for_holds_no_destroy() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    let tgw = gateway(&story).await;
    let vpc = "vpc-a1000000000000002";
    let input = json!({ "TransitGatewayId": tgw, "VpcId": vpc, "SubnetIds": subnets(&story, A_SHA, vpc) });
    let made = story.call(A_SHA, "ec2", "CreateTransitGatewayVpcAttachment", input);
    let attachment = made["transitGatewayVpcAttachment"]["transitGatewayAttachmentId"].as_str().unwrap();
    let theirs = story.call(D_SHA, "ec2", "CreateTransitGateway", json!({}));
    let theirs = theirs["transitGateway"]["transitGatewayId"].as_str().unwrap();
    story.sandbox.advance(std::time::Duration::from_secs(600));
    let input = json!({
        "TransitGatewayId": theirs,
        "PeerTransitGatewayId": tgw,
        "PeerAccountId": story.account(),
        "PeerRegion": TOKYO,
    });
    story.call(D_SHA, "ec2", "CreateTransitGatewayPeeringAttachment", input);
    story.sandbox.advance(std::time::Duration::from_secs(600));
    let unknown: Vec<String> = story.plan().await.unknown.iter().map(|owned| owned.address.to_string()).collect();
    assert_eq!(unknown, [format!("tgw-peering/main/{theirs}")], "the attachment is listed");

    let plan = story.destroy().await;
    let refused = plan.steps.iter().filter(|step| matches!(step.why, Why::Unanswered { .. }));
    let refused: Vec<String> = refused.map(|step| step.address.to_string()).collect();
    assert_eq!(refused, [format!("tgw-peering/main/{theirs}"), format!("foreign-attachment/main/{vpc}")]);
    assert_eq!(story.left(), [""; 0]);
    let gone = story.destroy().await;
    assert!(gone.is_empty() && gone.waiting.is_empty() && gone.unknown.is_empty());
    assert_eq!(state(&story, A_SHA, attachment), "rejected");
    let peerings = story.call(D_SHA, "ec2", "DescribeTransitGatewayPeeringAttachments", json!({}));
    assert_eq!(texts(&peerings, "/transitGatewayPeeringAttachments", "/state"), ["rejected"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_the_file_does_not_know_are_for_people_to_decide() {
    let story = Story::begin(city("naruto")).await;
    story.settle().await;
    let input = json!({ "VpcId": D_VPC, "CidrBlock": WRONG });
    story.call(D_SHA, "ec2", "AssociateVpcCidrBlock", input);
    story.sandbox.advance(std::time::Duration::from_secs(600));

    let (attachment, ask) = story.asked("check-ranges").await;
    assert_eq!(
        (attachment.address.to_string(), attachment.stage),
        (format!("foreign-attachment/main/{D_VPC}"), Stage::Decide)
    );
    let differs = Differs { wish: json!([D_RANGE]), live: json!([WRONG, D_RANGE]) };
    assert_eq!(ask.differs, Some(differs));
    // Nothing is taken down for it, and nothing done.
    assert_eq!(story.apply().await.steps.len(), 0);
    assert!(learners(&story, D_RANGE).contains("rt-shared"));
    assert_eq!(state(&story, D_SHA, attachment.id.as_deref().unwrap()), "available");

    // The company takes it back.
    let vpcs = story.call(D_SHA, "ec2", "DescribeVpcs", json!({ "VpcIds": [D_VPC] }));
    let blocks = vpcs.pointer("/vpcSet/0/cidrBlockAssociationSet").and_then(Value::as_array).unwrap();
    let block = blocks.iter().find(|block| block["cidrBlock"] == WRONG).unwrap();
    story.call(D_SHA, "ec2", "DisassociateVpcCidrBlock", json!({ "AssociationId": block["associationId"] }));
    story.sandbox.advance(std::time::Duration::from_secs(600));
    story.settle().await;
    story.clear().await;
}

fn propagations(plan: &Plan) -> impl Iterator<Item = String> {
    let addresses = plan.steps.iter().map(|step| step.address.to_string());
    addresses.filter(|address| address.starts_with("tgw-propagation/") && address.ends_with(D_VPC))
}

/// Its own table learns it; others do when somebody has said which is right, and then in one run.
#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_the_file_does_not_know_reach_nobody() {
    let mut story = Story::begin(city("naruto")).await;
    let input = json!({ "VpcId": D_VPC, "CidrBlock": WRONG });
    story.call(D_SHA, "ec2", "AssociateVpcCidrBlock", input);
    story.apply().await;
    story.comply().await;
    let plan = story.apply().await;
    assert!(propagations(&plan).count() > 1, "nobody knew before");
    let own = BTreeSet::from(["rt-gakko".to_string()]);
    assert_eq!((learners(&story, WRONG), learners(&story, D_RANGE)), (own.clone(), own.clone()));

    let (attachment, ask) = story.asked("check-ranges").await;
    assert_eq!((attachment.stage, ask.differs.unwrap().live), (Stage::Decide, json!([WRONG, D_RANGE])));
    let held: BTreeSet<String> = attachment.holds.iter().map(ToString::to_string).collect();
    for table in ["rt-shared", "rt-onprem", "rt-juki"] {
        assert!(held.contains(&format!("tgw-propagation/{table}/main/{D_VPC}")), "{held:?}");
    }
    let again = story.apply().await;
    assert_eq!(again.steps.len(), 0, "while it is open, nothing is tried");
    assert_eq!(learners(&story, WRONG), own);

    let wrong = format!("{D_VPC}, cidr: !sample {D_RANGE}");
    let right = format!("{wrong}, secondary_cidrs: [{WRONG}]");
    story.municipality = changed("naruto", &[(&wrong, &right)]);
    story.apply().await;
    let all = ["rt-gakko", "rt-juki", "rt-onprem", "rt-shared"].map(String::from).into();
    assert_eq!((learners(&story, WRONG), learners(&story, D_RANGE)), (BTreeSet::clone(&all), all));
    assert_eq!(crate::support::summary(&story.plan().await), [""; 0]);
    story.settle().await;
    story.clear().await;
}

/// In the good case one run accepts, checks and tells the others.
#[tokio::test(flavor = "multi_thread")]
async fn the_files_addresses_are_told_to_all_in_one_run() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    story.comply().await;
    story.apply().await;
    assert!(learners(&story, D_RANGE).contains("rt-onprem"));
    assert_eq!(propagations(&story.plan().await).count(), 0);
    story.settle().await;
    story.clear().await;
}

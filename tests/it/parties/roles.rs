//! A company that gave us a role: we make its moves too, and ask for them again when the role is gone.

use std::collections::BTreeSet;

use gcnet::config::schema::Municipality;
use serde_json::json;

use super::story::{Story, changed, open};

const A_SHA: &str = "200000000001";
const VPC: &str = "vpc-a1000000000000002";
const TABLE: &str = "rtb-a1000000000000002";

/// Naruto, where A社 lets us act in its account.
pub(super) fn naruto(external: bool) -> Municipality {
    let sharing = "within_organization: unknown, allow_external_principals: false";
    let apart = "within_organization: no, allow_external_principals: true";
    changed(
        "naruto",
        &[
            (
                "owner: A社,",
                "owner: A社, credentials: { assume-role: { role: \"arn:aws:iam::200000000001:role/network/gcnet\", external_id: naruto-2026 } },",
            ),
            (
                "vpcs: [{ id: !sample vpc-a1000000000000002, cidr: !sample 10.211.2.0/24 }]",
                "vpcs: [{ id: vpc-a1000000000000002, cidr: 10.211.2.0/24, subnets: [subnet-a1000000000000021, subnet-a1000000000000022], route_tables: [rtb-a1000000000000002] }]",
            ),
            (sharing, if external { apart } else { sharing }),
        ],
    )
}

/// Where a table of theirs sends packets to our gateways.
fn routes(story: &Story) -> BTreeSet<String> {
    let tables = story.call(A_SHA, "ec2", "DescribeRouteTables", json!({ "RouteTableIds": [TABLE] }));
    let routes = tables["routeTableSet"][0]["routeSet"].as_array().unwrap();
    let ours = routes.iter().filter(|route| route["transitGatewayId"].is_string());
    ours.map(|route| route["destinationCidrBlock"].as_str().unwrap().to_string()).collect()
}

fn about(open: &[String]) -> Vec<&String> {
    open.iter().filter(|line| line.contains(A_SHA) || line.contains(VPC) || line.contains("a-sha")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_apply_does_both_sides_and_destroy_undoes_them() {
    for external in [false, true] {
        let municipality = naruto(external);
        let story = if external { Story::apart(municipality).await } else { Story::begin(municipality).await };
        let before = story.everything(A_SHA);
        story.apply().await;
        assert_eq!(about(&story.open().await), [""; 0]);
        let juki = story.municipality.asps.iter().find(|asp| asp.name.as_str() == "juki").unwrap();
        let wished = gcnet::blueprint::destinations(&story.municipality, juki);
        assert_eq!(routes(&story), wished.iter().map(ToString::to_string).collect());
        assert_eq!(wished.len(), 6);

        story.settle().await;
        story.clear().await;
        assert_eq!(routes(&story), BTreeSet::new());
        assert_eq!(story.everything(A_SHA), before);
    }
}

/// Nobody's route of theirs is touched.
#[tokio::test(flavor = "multi_thread")]
async fn routes_of_their_own_stay() {
    let story = Story::begin(naruto(false)).await;
    story.apply().await;
    let tables = story.call(A_SHA, "ec2", "CreateRouteTable", json!({ "VpcId": VPC }));
    let table = tables["routeTable"]["routeTableId"].as_str().unwrap();
    let attached = story.call(A_SHA, "ec2", "DescribeTransitGatewayVpcAttachments", json!({}));
    let tgw = attached["transitGatewayVpcAttachments"][0]["transitGatewayId"].as_str().unwrap();
    let route = json!({ "RouteTableId": table, "DestinationCidrBlock": "10.2.0.0/16", "TransitGatewayId": tgw });
    story.call(A_SHA, "ec2", "CreateRoute", route);
    assert!(story.plan().await.is_empty());
    story.destroy().await;
    let tables = story.call(A_SHA, "ec2", "DescribeRouteTables", json!({ "RouteTableIds": [table] }));
    assert!(tables.to_string().contains("10.2.0.0/16"), "{tables}");
}

/// Before anything was made with it, and after.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_gone_is_asked_back_and_everything_else_is_asked_for_again() {
    for made in [false, true] {
        let story = Story::apart(naruto(true)).await;
        if made {
            story.settle().await;
        }
        story.call(A_SHA, "iam", "DeleteRolePolicy", json!({ "RoleName": "gcnet", "PolicyName": "network" }));
        story.call(A_SHA, "iam", "DeleteRole", json!({ "RoleName": "gcnet" }));

        story.apply().await;
        let handshakes = story.handshakes().await;
        let open = open(&handshakes);
        let mut asked = vec!["account/a-sha Theirs restore-role".to_string()];
        if !made {
            asked.push(format!("foreign-attachment/main/{VPC} Theirs attach-vpc"));
            asked.push(format!("share-principal/tgw/{A_SHA} Theirs accept-share"));
        }
        assert_eq!(about(&open).into_iter().cloned().collect::<Vec<_>>(), asked);
        // What works goes on working, and nothing is done twice.
        assert_eq!(story.plan().await.steps.len(), 0);
        story.destroy().await;
    }
}

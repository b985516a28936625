//! PrivateLink, where they offer the service: allowed, made, accepted, refused.

use gcnet::handshake::Stage;
use gcnet_core::Action;
use serde_json::json;

use super::story::{Story, changed, role_of, texts};
use crate::support::city;

const C_SHA: &str = "200000000003";
const SERVICE: &str = "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015";

fn endpoints(story: &Story) -> Vec<String> {
    let endpoints = story.call(&story.account(), "ec2", "DescribeVpcEndpoints", json!({}));
    texts(&endpoints, "/vpcEndpointSet", "/state").into_iter().map(String::from).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_then_made_then_accepted() {
    let story = Story::begin(city("itano")).await;
    story.apply().await;
    let (offer, _) = story.asked("allow-principal").await;
    assert_eq!(offer.address.as_str(), format!("endpoint-offer/{SERVICE}"));
    assert_eq!(
        offer.holds.iter().map(|held| held.as_str()).collect::<Vec<_>>(),
        ["alias-record/gc.itano.example/fukushi.gc.itano.example", "vpc-endpoint/fukushi"]
    );
    assert!(endpoints(&story).is_empty());

    story.comply_of(C_SHA).await;
    story.apply().await;
    let (endpoint, ask) = story.asked("accept-endpoint").await;
    assert_eq!((endpoint.address.as_str(), endpoint.stage), ("vpc-endpoint/fukushi", Stage::Theirs));
    assert!(ask.since.is_some());
    assert_eq!(endpoints(&story), ["pendingAcceptance"]);

    story.comply_of(C_SHA).await;
    story.settle().await;
    assert_eq!(endpoints(&story), ["available"]);
    let described = story.call(&story.account(), "ec2", "DescribeVpcEndpoints", json!({}));
    let subnets = described.pointer("/vpcEndpointSet/0/subnetIdSet").unwrap().as_array().unwrap();
    let groups = texts(&described, "/vpcEndpointSet/0/groupSet", "/groupName");
    assert_eq!((subnets.len(), groups), (2, vec!["itano-prod-vpce-fukushi"]));

    // A permission that is taken back says nothing about what they accepted.
    let input = json!({
        "ServiceId": "vpce-svc-0c300000000000015",
        "RemoveAllowedPrincipals": [format!("arn:aws:iam::{}:root", story.account())],
    });
    story.call(C_SHA, "ec2", "ModifyVpcEndpointServicePermissions", input);
    assert!(story.apply().await.is_empty());
    assert_eq!(endpoints(&story), ["available"]);
    story.clear().await;
    assert!(endpoints(&story).iter().all(|state| state == "deleted"), "{:?}", endpoints(&story));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_endpoint_stays_until_they_are_asked_again_with_another() {
    let story = Story::begin(city("itano")).await;
    story.apply().await;
    story.comply_of(C_SHA).await;
    story.apply().await;
    let (first, _) = story.asked("accept-endpoint").await;
    story.refuse_of(C_SHA).await;
    for _ in 0..2 {
        assert!(story.apply().await.is_empty());
        let (endpoint, ask) = story.asked("reconsider-endpoint").await;
        assert_eq!((endpoint.stage, ask.refused, &endpoint.id), (Stage::Refused, true, &first.id));
    }
    let again = story.apply_again().await;
    let steps = again.steps.iter().filter(|step| step.address.kind() == "vpc-endpoint");
    let actions: Vec<Action> = steps.map(|step| step.action).collect();
    assert_eq!(actions, [Action::Delete, Action::Create]);
    let (second, _) = story.asked("accept-endpoint").await;
    assert_ne!(second.id, first.id);
    story.settle().await;
    story.clear().await;
}

/// With a role in the provider's account we allow ourselves and accept our endpoint.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_one_apply_allows_makes_and_accepts() {
    let story = Story::begin(changed("itano", &[("owner: C社,", &role_of("C社", C_SHA))])).await;
    let before = story.everything(C_SHA);
    story.apply().await;
    let open = story.open().await;
    assert!(!open.iter().any(|line| line.contains("vpce") || line.contains("vpc-endpoint")), "{open:#?}");
    assert_eq!(endpoints(&story), ["available"]);
    story.settle().await;
    story.clear().await;
    assert_eq!(story.everything(C_SHA), before);
}

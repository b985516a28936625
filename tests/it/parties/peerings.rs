//! Other transit gateways: requested by us or by them, here or in another Region, and what is routed over them.

use std::collections::BTreeSet;

use gcnet::{config::schema::Municipality, handshake::Stage};
use serde_json::json;

use super::story::{Story, TOKYO, changed, role_of, texts};

const D_SHA: &str = "200000000004";
const J_LIS: &str = "300000000001";
pub(super) const OSAKA: &str = "ap-northeast-3";
const ASP_TGW: &str = "tgw-0123456789abcdef1";
const SITE_TGW: &str = "tgw-0123456789abcdef0";
const ASP_RANGE: &str = "10.214.2.0/24";
const SITE_RANGE: &str = "172.20.2.0/24";

/// The rules that Naruto shares with the ASP of schools: none where its VPCs are in another Region, for rules are of one.
fn rules(region: &str) -> (&'static str, &'static str) {
    let shared = "      share_with: [juki, hoken, fukushi, gakko]\n      note: 転送先";
    let fewer = "      share_with: [juki, hoken, fukushi]\n      note: 転送先";
    (shared, if region == TOKYO { shared } else { fewer })
}

/// Naruto, whose ASP of schools and whose data centre are behind gateways of theirs.
pub(super) fn naruto(region: &str, initiated_by: &str) -> Municipality {
    naruto_with(region, initiated_by, &[])
}

/// The same, with further changes.
fn naruto_with(region: &str, initiated_by: &str, further: &[(&str, &str)]) -> Municipality {
    let peering = |tgw: &str, account: &str| {
        format!("{{ tgw: {tgw}, account: {account}, region: {region}, initiated_by: {initiated_by} }}")
    };
    let asp = format!("account: d-sha\n    connect: peering\n    peering: {}\n", peering(ASP_TGW, "d-sha"));
    let site = format!("via: {{ peering: {} }}", peering(SITE_TGW, "j-lis"));
    let mut changes =
        vec![("account: d-sha\n    connect: tgw\n", &*asp), ("via: { line: lgcs } # 庁内ネットワーク経由", &*site)];
    changes.push(rules(region));
    changes.extend(further);
    changed("naruto", &changes)
}

/// By the name of the table: the destinations that lead over peerings.
fn routes(story: &Story) -> BTreeSet<(String, String)> {
    let account = story.account();
    let mut found = BTreeSet::new();
    for (name, id) in story.tables() {
        let input = json!({
            "TransitGatewayRouteTableId": id,
            "Filters": [{ "Name": "attachment.resource-type", "Values": ["peering"] }],
        });
        let routes = story.call(&account, "ec2", "SearchTransitGatewayRoutes", input);
        for destination in texts(&routes, "/routeSet", "/destinationCidrBlock") {
            found.insert((name.clone(), destination.to_string()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_asks_in_either_region_and_routes_are_static() {
    for (region, initiated_by) in [(TOKYO, "us"), (TOKYO, "them"), (OSAKA, "us"), (OSAKA, "them")] {
        let story = Story::begin(naruto(region, initiated_by)).await;
        story.apply().await;
        let action = if initiated_by == "us" { "accept-peering" } else { "request-peering" };
        let (peering, ask) = story.asked(action).await;
        assert_eq!((peering.stage, ask.calls.last().unwrap().region.as_deref()), (Stage::Theirs, Some(region)));
        assert_eq!(routes(&story), BTreeSet::new());

        story.settle().await;
        let pair = |(table, range): (&str, &str)| (table.to_string(), range.to_string());
        let wished = [
            // The ASP: from on-premises, the shared VPC and the ASP that it is linked to. The data centre: from the one ASP.
            ("rt-onprem", ASP_RANGE),
            ("rt-shared", ASP_RANGE),
            ("rt-juki", ASP_RANGE),
            ("rt-juki", SITE_RANGE),
        ];
        assert_eq!(routes(&story), wished.map(pair).into(), "{region} {initiated_by}");

        story.clear().await;
        let peerings = story.try_call_in(region, D_SHA, "ec2", "DescribeTransitGatewayPeeringAttachments", json!({}));
        let states = texts(&peerings.unwrap(), "/transitGatewayPeeringAttachments", "/state").join(" ");
        assert!(states.split(' ').all(|state| state == "deleted" || state == "deleting"), "{states}");
    }
}

/// With roles of both owners, one apply requests, accepts and routes, here and in another Region.
#[tokio::test(flavor = "multi_thread")]
async fn with_roles_nobody_is_asked_for_a_peering() {
    let (asp, carrier) = (role_of("D社", D_SHA), role_of("J-LIS", J_LIS));
    let roles = [("owner: D社,", &*asp), ("owner: J-LIS,", &*carrier)];
    for region in [TOKYO, OSAKA] {
        let story = Story::begin(naruto_with(region, "us", &roles)).await;
        story.apply().await;
        let open = story.open().await;
        // But for the routes in tables that only they can choose.
        let asked = |line: &String| line.contains("tgw-peering") && !line.ends_with("Theirs add-peer-routes");
        assert!(!open.iter().any(asked), "{region}: {open:#?}");
        assert_eq!(routes(&story).len(), 4, "{region}");
        story.settle().await;
        story.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_peering_is_a_state_until_they_are_asked_again() {
    let story = Story::begin(naruto(OSAKA, "us")).await;
    story.apply().await;
    story.refuse_of(D_SHA).await;
    for _ in 0..2 {
        story.apply().await;
        let (peering, ask) = story.asked("reconsider-peering").await;
        assert_eq!(peering.address.as_str(), format!("tgw-peering/main/{ASP_TGW}"));
        assert_eq!((peering.stage, ask.refused), (Stage::Refused, true));
    }
    story.apply_again().await;
    let (peering, ask) = story.asked("accept-peering").await;
    assert_eq!((peering.stage, ask.refused), (Stage::Theirs, false));
    story.settle().await;
    story.clear().await;
}

/// Naruto's ASP of schools behind a gateway of D社, which gave us a role.
fn with_a_role(region: &str, initiated_by: &str) -> Municipality {
    let peering = format!("{{ tgw: {ASP_TGW}, account: d-sha, region: {region}, initiated_by: {initiated_by} }}");
    changed(
        "naruto",
        &[
            (
                "owner: D社,",
                "owner: D社, credentials: { assume-role: { role: \"arn:aws:iam::200000000004:role/network/gcnet\", external_id: naruto-2026 } },",
            ),
            (
                "account: d-sha\n    connect: tgw\n",
                &format!("account: d-sha\n    connect: peering\n    peering: {peering}\n"),
            ),
            rules(region),
        ],
    )
}

/// Whoever has to ask and to accept, the role does their side; only what is in tables of their choice is left to them.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_one_apply_asks_and_accepts_and_their_routes_are_asked_for() {
    for (region, initiated_by) in [(TOKYO, "us"), (TOKYO, "them"), (OSAKA, "us"), (OSAKA, "them")] {
        let story = Story::begin(with_a_role(region, initiated_by)).await;
        let of_d_sha = |open: Vec<String>| -> Vec<String> {
            open.into_iter().filter(|line| line.contains(ASP_TGW) || line.contains(D_SHA)).collect()
        };
        story.apply().await;
        let asked = format!("tgw-peering/main/{ASP_TGW} Theirs add-peer-routes");
        assert_eq!(of_d_sha(story.open().await), [asked], "{region} {initiated_by}");
        assert!(story.plan().await.is_empty());
        story.settle().await;

        // Without help from D社: what we asked for on its behalf is ours.
        story.destroy().await;
        let peerings = story.try_call_in(region, D_SHA, "ec2", "DescribeTransitGatewayPeeringAttachments", json!({}));
        let states = texts(&peerings.unwrap(), "/transitGatewayPeeringAttachments", "/state").join(" ");
        assert!(
            !states.is_empty() && states.split(' ').all(|state| ["deleted", "deleting"].contains(&state)),
            "{states}"
        );
        story.clear().await;
    }
}

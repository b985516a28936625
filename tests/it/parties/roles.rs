//! A company that gave us a role: we make its moves too, and ask for them again when the role is gone.

use std::collections::BTreeSet;

use gcnet::{
    blueprint,
    config::schema::Municipality,
    counterpart::{self, Answer},
    handshake::{self, Stage},
};
use gcnet_aws::KINDS;
use gcnet_core::observe;
use gcnet_sandbox::{Denial, Effect, Fault, Matcher, When};
use serde_json::json;

use crate::support::{failures, planned, summary};

use super::story::{Story, carry_out, changed, open};

const A_SHA: &str = "200000000001";
const VPC: &str = "vpc-a1000000000000002";
const TABLE: &str = "rtb-a1000000000000002";

/// Naruto, where A社 lets us act in its account.
pub(super) fn naruto(external: bool) -> Municipality {
    naruto_with(external, ", route_tables: [rtb-a1000000000000002]")
}

/// The same, where these are the tables that they let us write to.
fn naruto_with(external: bool, tables: &str) -> Municipality {
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
                &format!(
                    "vpcs: [{{ id: {VPC}, cidr: 10.211.2.0/24, subnets: [subnet-a1000000000000021, subnet-a1000000000000022]{tables} }}]"
                ),
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
            asked.push(format!("share-principal/ca/{A_SHA} Theirs accept-share"));
            asked.push(format!("share-principal/dns-a-sha/{A_SHA} Theirs accept-share"));
            asked.push(format!("share-principal/tgw/{A_SHA} Theirs accept-share"));
            asked.push(format!("zone-association/gc.naruto.example/{VPC} Theirs associate-zone"));
            asked.push(format!("foreign-attachment/main/{VPC} Theirs attach-vpc"));
        }
        assert_eq!(about(&open).into_iter().cloned().collect::<Vec<_>>(), asked);
        // What works goes on working, and nothing is done twice.
        assert!(story.plan().await.is_empty());
        story.destroy().await;
    }
}

/// We see their tables and were given none to write to: they are asked for just what is missing, for as long as it is.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_table_of_theirs_the_routes_are_asked_for_until_they_are_there() {
    let story = Story::begin(naruto_with(false, "")).await;
    story.apply().await;
    let (attached, ask) = story.asked("add-routes").await;
    assert_eq!(
        (attached.address.as_str(), attached.stage),
        (&*format!("foreign-attachment/main/{VPC}"), Stage::Theirs)
    );
    let wanted = |ask: &gcnet_core::Ask| -> BTreeSet<String> {
        ask.calls.iter().map(|call| call.input["DestinationCidrBlock"].as_str().unwrap().to_string()).collect()
    };
    let juki = story.municipality.asps.iter().find(|asp| asp.name.as_str() == "juki").unwrap();
    let wished = blueprint::destinations(&story.municipality, juki);
    assert_eq!(wanted(&ask), wished.iter().map(ToString::to_string).collect());
    assert!(story.plan().await.is_empty(), "everything of ours is done");

    story.settle().await;
    let tables = json!({ "Filters": [{ "Name": "vpc-id", "Values": [VPC] }] });
    let tables = story.call(A_SHA, "ec2", "DescribeRouteTables", tables);
    let table = tables["routeTableSet"][0]["routeTableId"].as_str().unwrap();
    let gone = wished.first().unwrap().to_string();
    story.call(A_SHA, "ec2", "DeleteRoute", json!({ "RouteTableId": table, "DestinationCidrBlock": gone }));
    assert_eq!(wanted(&story.asked("add-routes").await.1), [gone].into());
    story.settle().await;
    story.clear().await;
}

/// Routes carry no tags: one that they made and that the file wishes is taken over, and goes with the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_wished_route_that_they_made_is_taken_over() {
    let story = Story::begin(naruto(false)).await;
    story.settle().await;
    let tables = story.call(A_SHA, "ec2", "DescribeRouteTables", json!({ "RouteTableIds": [TABLE] }));
    let tags = tables["routeTableSet"][0]["tagSet"].as_array().unwrap();
    let marks: Vec<&str> = tags.iter().filter_map(|tag| tag["key"].as_str()).collect();
    assert_eq!(marks.len(), 6, "{tables}");
    story.call(A_SHA, "ec2", "DeleteTags", json!({ "ResourceId": [TABLE], "Tag": [{ "Key": marks[0] }] }));
    let plan = story.apply().await;
    let [step] = &plan.steps[..] else { panic!("{plan:#?}") };
    assert!(marks[0].ends_with(step.address.as_str().rsplit_once(TABLE).unwrap().1.trim_start_matches('/')));
    assert!(story.plan().await.is_empty());
    story.clear().await;
    assert_eq!(routes(&story), BTreeSet::new());
}

/// A run died between the tag of a route and the route: the next one makes the route where it is wished, and takes the tag
/// away where it is not, also in a table that has no route to us. Nothing is left by which a later route of theirs would
/// count as ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_mark_without_its_route_is_made_good_or_taken_away() {
    const THEIRS: &str = "10.99.0.0/16";
    let story = Story::begin(naruto(false)).await;
    story.settle().await;
    let all = routes(&story);
    let gone = all.first().unwrap().clone();
    story.call(A_SHA, "ec2", "DeleteRoute", json!({ "RouteTableId": TABLE, "DestinationCidrBlock": gone }));
    let plan = story.apply().await;
    let address = format!("~ foreign-route/main/{VPC}/{TABLE}/{gone}");
    assert_eq!((summary(&plan), routes(&story)), (vec![address], all));

    let attached = story.call(A_SHA, "ec2", "DescribeTransitGatewayVpcAttachments", json!({}));
    let tgw = attached["transitGatewayVpcAttachments"][0]["transitGatewayId"].as_str().unwrap();
    let other = story.call(A_SHA, "ec2", "CreateRouteTable", json!({ "VpcId": VPC }));
    let other = other["routeTable"]["routeTableId"].as_str().unwrap();
    let tag = json!({ "Key": format!("gcnet:route:{tgw}:{THEIRS}"), "Value": "gcnet" });
    story.call(A_SHA, "ec2", "CreateTags", json!({ "ResourceId": [TABLE, other], "Tag": [tag] }));
    let plan = story.apply().await;
    let marked = [TABLE, other].map(|table| format!("- foreign-route/main/{VPC}/{table}/{THEIRS}"));
    assert_eq!(summary(&plan).into_iter().collect::<BTreeSet<_>>(), marked.into());
    let route = json!({ "RouteTableId": TABLE, "DestinationCidrBlock": THEIRS, "TransitGatewayId": tgw });
    story.call(A_SHA, "ec2", "CreateRoute", route);
    assert_eq!(summary(&story.plan().await), [""; 0]);
    story.call(A_SHA, "ec2", "DeleteRoute", json!({ "RouteTableId": TABLE, "DestinationCidrBlock": THEIRS }));
    story.clear().await;
}

/// It says nothing about the role, so nothing may be planned on it: neither with the role nor without.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_could_not_be_tried_ends_the_command() {
    let story = Story::begin(naruto(false)).await;
    let broken = Effect::ServerError(When::BeforeExecution);
    story.sandbox.inject(Fault::always(Matcher::operation("AssumeRole"), broken));
    let failure = story.aws().await.check_roles().await.unwrap_err();
    assert_ne!(failure.code, "role-refused", "{failure}");
    story.sandbox.clear_faults();
    assert!(story.aws().await.check_roles().await.unwrap().is_empty());
}

/// STS refuses the form, so nobody can ever assume it: a lost role like any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_sts_cannot_read_is_lost() {
    let mut municipality = naruto(false);
    let other = municipality.accounts.others.values_mut().find(|other| other.id.as_str() == A_SHA).unwrap();
    let gcnet::config::schema::Credentials::AssumeRole(assumed) = &mut other.credentials else { panic!("a role") };
    let long = format!("arn:aws:iam::{A_SHA}:role/{}", "x".repeat(2048));
    assumed.role.value = gcnet::config::values::Arn::parse(&long).unwrap();
    let sandbox = Story::begin(naruto(false)).await.sandbox;
    let story = Story { municipality, sandbox };
    let lost = story.aws().await.check_roles().await.unwrap();
    assert_eq!(lost.keys().collect::<Vec<_>>(), [A_SHA]);
    story.apply().await;
}

/// Takes one action of EC2 away from their role.
fn deny(story: &Story, operation: &str, why: Denial) {
    let on = Matcher { account: Some(A_SHA.into()), ..Matcher::operation(operation) };
    story.sandbox.inject(Fault::always(on, Effect::Deny(why)));
}

/// What could not be read is no emptiness: it is told with the permission that is missing.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_the_role_does_not_allow_is_told() {
    let story = Story::begin(naruto(false)).await;
    story.settle().await;
    deny(&story, "DescribeRouteTables", Denial::Missing);
    let aws = story.aws().await;
    assert!(aws.check_roles().await.unwrap().is_empty());
    let observed = observe(&aws, KINDS).await.unwrap();
    let unread = aws.unread();
    assert_eq!(unread.keys().collect::<Vec<_>>(), [A_SHA]);
    assert_eq!(unread[A_SHA].permission.as_deref(), Some("ec2:DescribeRouteTables"));
    let seen = observed.of(&blueprint::stack(&story.municipality)).unwrap();
    assert!(!seen.iter().any(|owned| owned.object.kind == "foreign-route"));
}

/// To make, to change, to accept and to read: whatever the role may not, its company is asked for by name, and the rest goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_the_role_lacks_is_theirs_to_give() {
    for (operation, permission) in [
        ("DescribeVpcs", "ec2:DescribeVpcs"),
        ("CreateTransitGatewayVpcAttachment", "ec2:CreateTransitGatewayVpcAttachment"),
        ("CreateRoute", "ec2:CreateRoute"),
        ("AcceptResourceShareInvitation", "ram:AcceptResourceShareInvitation"),
    ] {
        let story = Story::apart(naruto(true)).await;
        deny(&story, operation, Denial::Missing);
        let aws = story.aws().await;
        let mut wish = story.wish(&aws).await;
        let (plan, report) = carry_out(&aws, &wish).await;
        assert!(report.is_success() && report.is_waiting(), "{operation}: {}", failures(&plan, &report));
        assert!(report.done() > plan.steps.len() / 2, "{operation}: the rest went on");
        let refused = aws.refused();
        assert_eq!(refused.keys().collect::<Vec<_>>(), [&(A_SHA.to_string(), permission.to_string())]);

        wish.ask_for_permissions(&story.municipality, refused.values());
        let handshakes = handshake::all(&planned(&story.aws().await, &wish.desired).await, &wish);
        let asked = format!("account/a-sha/{permission} Theirs extend-role");
        assert!(open(&handshakes).contains(&asked), "{:#?}", open(&handshakes));
        story.sandbox.clear_faults();
        let asks: Vec<_> = handshakes.into_iter().filter(|one| one.address.kind() == "account").collect();
        let moves = counterpart::play(&story.sandbox, &story.municipality, &asks, None, Answer::Comply).unwrap();
        assert_eq!(moves.iter().map(|one| &one.outcome).collect::<Vec<_>>(), [&counterpart::Outcome::Done]);
        let policy = json!({ "RoleName": "gcnet", "PolicyName": format!("gcnet-{}", permission.replace(':', "-")) });
        assert!(story.call(A_SHA, "iam", "GetRolePolicy", policy).to_string().contains(operation));
        story.apply().await;
        assert_eq!(about(&story.open().await), [""; 0]);
    }
}

/// No policy of the role's own helps against a guardrail, so no call is suggested; and what was not deleted is deleted later.
#[tokio::test(flavor = "multi_thread")]
async fn a_guardrail_of_theirs_is_named_and_holds_up_nobody_else() {
    let story = Story::begin(naruto(false)).await;
    story.settle().await;
    deny(&story, "DeleteRoute", Denial::ServiceControlPolicy);
    let aws = story.aws().await;
    let mut wish = story.nothing();
    let (plan, report) = carry_out(&aws, &wish).await;
    assert!(report.is_success() && report.is_waiting(), "{}", failures(&plan, &report));
    wish.ask_for_permissions(&story.municipality, aws.refused().values());
    let [standing] = &wish.standing[..] else { panic!("{:#?}", wish.standing) };
    assert_eq!(standing.address.as_str(), "account/a-sha/ec2:DeleteRoute");
    assert!(standing.ask.calls.is_empty());
    story.sandbox.clear_faults();
    story.clear().await;
    assert_eq!(routes(&story), BTreeSet::new());
}

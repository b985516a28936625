//! Lines: another's Direct Connect gateway and ours, one line and two at once.

use std::collections::BTreeSet;

use gcnet::{config::schema::Municipality, handshake::Stage};
use gcnet_core::Differs;
use serde_json::{Value, json};

use super::story::{Story, changed, role_of, texts};
use crate::support::{city, summary};

const J_LIS: &str = "300000000001";
const CARRIER: &str = "300000000002";
const GATEWAY: &str = "00000000-0000-4000-8000-000000000002";
const LGCS: &str = "00000000-0000-4000-8000-0000000000a4";
const PRIVATE: &str = "00000000-0000-4000-8000-000000000004";

/// What an association allows, and its id.
fn allowed(story: &Story, gateway: &str, owner: &str) -> Option<(String, BTreeSet<String>)> {
    let input = json!({ "directConnectGatewayId": gateway });
    let found = story.call(owner, "directconnect", "DescribeDirectConnectGatewayAssociations", input);
    let all = found["directConnectGatewayAssociations"].as_array().unwrap();
    let one = all.iter().find(|it| it["associationState"] == "associated")?;
    let prefixes = texts(one, "/allowedPrefixesToDirectConnectGateway", "/cidr");
    Some((one["associationId"].as_str()?.to_string(), prefixes.into_iter().map(String::from).collect()))
}

/// By table: the Direct Connect gateway from which it learned each destination.
fn learned(story: &Story, table: &str) -> BTreeSet<(String, String)> {
    let account = story.account();
    let input = json!({
        "TransitGatewayRouteTableId": story.tables()[table],
        "Filters": [{ "Name": "attachment.resource-type", "Values": ["direct-connect-gateway"] }],
    });
    let routes = story.call(&account, "ec2", "SearchTransitGatewayRoutes", input);
    let routes = routes["routeSet"].as_array().into_iter().flatten();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_string();
    let pairs = routes.flat_map(|route| {
        let attachments = route.pointer("/transitGatewayAttachments").and_then(Value::as_array);
        let to = text(route.pointer("/destinationCidrBlock"));
        attachments.into_iter().flatten().map(move |it| (to.clone(), text(it.pointer("/resourceId"))))
    });
    pairs.collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    pairs.iter().map(|(to, via)| (to.to_string(), via.to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_gateway_is_proposed_accepted_associated_and_learned_from() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    let (line, _) = story.asked("accept-proposal").await;
    assert_eq!((line.address.to_string(), line.stage), (format!("dx-association/main/{GATEWAY}"), Stage::Theirs));
    assert!(line.holds.iter().any(|held| held.kind() == "tgw-propagation"), "{:?}", line.holds);
    story.settle().await;
    let line = &story.municipality.lines[0];
    let wished = story.municipality.allowed_prefixes(line).iter().map(ToString::to_string).collect();
    assert_eq!(allowed(&story, GATEWAY, J_LIS).unwrap().1, wished);
    let both = pairs(&[("10.2.0.0/16", GATEWAY), ("172.20.2.0/24", GATEWAY)]);
    assert_eq!(learned(&story, "rt-shared"), both);
    story.clear().await;
}

/// What they did not grant is theirs to grant; what they granted is used.
#[tokio::test(flavor = "multi_thread")]
async fn fewer_prefixes_than_asked_are_named_and_everything_else_goes_on() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    let (_, ask) = story.asked("accept-proposal").await;
    let mut input = ask.calls.last().unwrap().input.clone();
    input["overrideAllowedPrefixesToDirectConnectGateway"] = json!([{ "cidr": "10.210.2.0/24" }]);
    story.call(J_LIS, "directconnect", "AcceptDirectConnectGatewayAssociationProposal", input);

    story.apply().await;
    let (line, ask) = story.asked("grant-prefixes").await;
    assert_eq!(line.stage, Stage::Theirs);
    assert!(line.holds.is_empty(), "{:?}", line.holds);
    assert_eq!(learned(&story, "rt-shared").len(), 2, "the line is in use");
    assert_eq!(summary(&story.plan().await), [""; 0]);
    let missing = ask.calls[0].input["addAllowedPrefixesToDirectConnectGateway"].as_array().unwrap().len();
    assert_eq!(missing, story.municipality.allowed_prefixes(&story.municipality.lines[0]).len() - 1);
    story.settle().await;
    assert_eq!(allowed(&story, GATEWAY, J_LIS).unwrap().1.len(), missing + 1);
    story.clear().await;
}

/// AWS takes whatever a router announces. What lies elsewhere is for people to decide, and until then nobody new learns it.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_announces_what_lies_elsewhere_is_for_people_to_decide() {
    let apart = "connect: tgw\n    onprem: false\n    workloads: [就学]";
    let mut story = Story::begin(changed("naruto", &[("connect: tgw\n    workloads: [就学]", apart)])).await;
    story.settle().await;
    let nets = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
    // More of what is on-premises' own, and the way to everywhere, take nothing from anybody.
    story.sandbox.announce(GATEWAY, &nets(&["10.2.0.0/16", "10.2.128.0/17", "172.20.2.0/24", "0.0.0.0/0"])).unwrap();
    assert_eq!(story.open().await, [""; 0]);

    story.sandbox.announce(GATEWAY, &nets(&["10.2.0.0/16", "10.213.2.0/25", "172.20.2.0/24"])).unwrap();
    let (line, ask) = story.asked("check-announcements").await;
    assert_eq!((line.address.to_string(), line.stage), (format!("dx-attachment/main/{GATEWAY}"), Stage::Decide));
    let live = json!(["10.2.0.0/16", "10.213.2.0/25", "172.20.2.0/24"]);
    assert_eq!(ask.differs, Some(Differs { wish: json!(["10.2.0.0/16", "172.20.2.0/24"]), live }));
    // Nothing is taken down for it.
    assert_eq!(summary(&story.apply().await), [""; 0]);
    assert_eq!(learned(&story, "rt-shared").len(), 3);

    story.municipality = city("naruto");
    story.apply().await;
    let (line, _) = story.asked("check-announcements").await;
    let new = format!("tgw-propagation/rt-gakko/main/{GATEWAY}");
    assert!(line.holds.iter().any(|held| held.as_str() == new), "{:?}", line.holds);
    assert_eq!(learned(&story, "rt-gakko"), pairs(&[]));

    // The carrier puts it right.
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    story.settle().await;
    // The site has a black hole there: nobody linked the two.
    assert_eq!(learned(&story, "rt-gakko"), pairs(&[("10.2.0.0/16", GATEWAY)]));
    story.clear().await;
}

/// Naruto, whose line advertises five ranges, and a part of one by itself.
pub(super) fn with_a_sixth_prefix() -> Municipality {
    with_a_sixth_prefix_and(&[])
}

/// The same, with further changes.
fn with_a_sixth_prefix_and(further: &[(&str, &str)]) -> Municipality {
    let opens = "    opens: 2025-01 # 仕様書 2.4: 2025年1月\n";
    let six = "10.210.2.0/24, 10.210.2.0/28, 10.211.2.0/24, 10.213.2.0/24, 10.214.2.0/24, 10.221.1.0/24";
    let line = format!("{opens}    allowed_prefixes: [{six}]\n");
    let mut changes = vec![(opens, &*line)];
    changes.extend(further);
    changed("naruto", &changes)
}

/// In the order of their ids: the states of all proposals to another's gateway, and how many prefixes each asks for.
fn proposals(story: &Story) -> Vec<(String, usize)> {
    let found = story.call(J_LIS, "directconnect", "DescribeDirectConnectGatewayAssociationProposals", json!({}));
    let all = found["directConnectGatewayAssociationProposals"].as_array().unwrap();
    let prefixes = |it: &Value| it["requestedAllowedPrefixesToDirectConnectGateway"].as_array().unwrap().len();
    let mut all: Vec<_> =
        all.iter().map(|it| (it["proposalState"].as_str().unwrap().to_string(), prefixes(it))).collect();
    all.sort();
    all
}

fn proposed(proposals: &[(&str, usize)]) -> Vec<(String, usize)> {
    proposals.iter().map(|(state, prefixes)| (state.to_string(), *prefixes)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_proposal_is_a_state_until_they_are_asked_again() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    story.refuse_of(J_LIS).await;
    for _ in 0..2 {
        let plan = story.apply().await;
        assert_eq!(summary(&plan), [""; 0]);
        let (line, ask) = story.asked("reconsider-proposal").await;
        assert_eq!(line.address.to_string(), format!("dx-association/main/{GATEWAY}"));
        assert_eq!((line.stage, ask.refused), (Stage::Refused, true));
        assert!(line.holds.iter().any(|held| held.kind() == "dx-attachment"), "{:?}", line.holds);
    }
    assert_eq!(proposals(&story), proposed(&[("deleted", 5)]));
    story.apply_again().await;
    let (line, ask) = story.asked("accept-proposal").await;
    assert_eq!((line.stage, ask.refused), (Stage::Theirs, false));
    // They may refuse twice.
    story.refuse_of(J_LIS).await;
    story.apply().await;
    story.asked("reconsider-proposal").await;
    story.apply_again().await;
    story.settle().await;
    assert!(allowed(&story, GATEWAY, J_LIS).is_some());
    assert_eq!(proposals(&story), proposed(&[("accepted", 5), ("deleted", 5), ("deleted", 5)]));
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_wish_than_the_refused_one_is_proposed_without_asking() {
    let mut story = Story::begin(city("naruto")).await;
    story.apply().await;
    story.refuse_of(J_LIS).await;
    story.municipality = with_a_sixth_prefix();
    assert_eq!(summary(&story.apply().await)[0], format!("~ dx-association/main/{GATEWAY}"));
    let (line, ask) = story.asked("accept-proposal").await;
    assert_eq!((line.stage, ask.refused), (Stage::Theirs, false));
    assert_eq!(proposals(&story), proposed(&[("deleted", 5), ("requested", 6)]));

    // Taken back for the first wish, which they refused, as AWS goes on showing.
    story.municipality = city("naruto");
    story.apply().await;
    assert_eq!(proposals(&story), proposed(&[("deleted", 5), ("deleted", 6), ("requested", 5)]));
    story.settle().await;
    story.clear().await;
}

/// A change of what stands is refused: what was granted goes on, and they are asked to grant the rest themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_is_not_proposed_a_second_time() {
    let mut story = Story::begin(city("naruto")).await;
    story.settle().await;
    story.municipality = with_a_sixth_prefix();
    story.apply().await;
    story.asked("accept-proposal").await;
    story.refuse_of(J_LIS).await;
    assert_eq!(summary(&story.apply().await), [""; 0]);
    let (line, _) = story.asked("grant-prefixes").await;
    assert_eq!((line.stage, line.holds), (Stage::Theirs, vec![]));
    assert_eq!(proposals(&story), proposed(&[("accepted", 5), ("deleted", 6)]));
    story.settle().await;
    assert_eq!(allowed(&story, GATEWAY, J_LIS).unwrap().1.len(), 6);
    story.clear().await;
}

/// With a role of the gateway's owner one apply proposes and accepts, and another changes what is allowed.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_nobody_is_asked_for_a_line() {
    let role = role_of("J-LIS", J_LIS);
    let role = [("owner: J-LIS,", &*role)];
    let mut story = Story::begin(changed("naruto", &role)).await;
    story.apply().await;
    let about_line = |open: Vec<String>| open.into_iter().filter(|line| line.contains("dx-")).collect::<Vec<_>>();
    assert_eq!(about_line(story.open().await), [""; 0]);
    assert_eq!(proposals(&story), proposed(&[("accepted", 5)]));
    assert_eq!(learned(&story, "rt-shared").len(), 2);

    story.municipality = with_a_sixth_prefix_and(&role);
    story.apply().await;
    assert_eq!(about_line(story.open().await), [""; 0]);
    assert_eq!(allowed(&story, GATEWAY, J_LIS).unwrap().1.len(), 6);
    story.settle().await;
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_association_that_they_delete_is_proposed_anew() {
    let story = Story::begin(city("naruto")).await;
    story.settle().await;
    let (id, _) = allowed(&story, GATEWAY, J_LIS).unwrap();
    story.call(J_LIS, "directconnect", "DeleteDirectConnectGatewayAssociation", json!({ "associationId": id }));
    story.sandbox.advance(std::time::Duration::from_secs(3600));
    story.settle().await;
    assert_ne!(allowed(&story, GATEWAY, J_LIS).unwrap().0, id);
    story.clear().await;
}

/// Our own end leaves a deleted proposal too, of a gateway that is not there any more.
#[tokio::test(flavor = "multi_thread")]
async fn what_we_took_back_ourselves_is_no_refusal_to_who_begins_again() {
    let story = Story::begin(city("naruto")).await;
    story.apply().await;
    story.clear().await;
    assert_eq!(proposals(&story), proposed(&[("deleted", 5)]));
    story.apply().await;
    story.asked("accept-proposal").await;
    story.settle().await;
    story.clear().await;
}

/// Naruto with a gateway of its own.
fn own_gateway(vif: &str) -> Municipality {
    changed(
        "naruto",
        &[
            ("owner: !sample other # 他者のもの（関連付けを提案し、承諾を待つ）。自分のものなら self", "owner: self"),
            ("      id: !sample \"00000000-0000-4000-8000-000000000002\"\n      account: j-lis\n", ""),
            ("      asn: !sample 64512 # Transit Gateway の ASN と同じにはできない\n", vif),
        ],
    )
}

/// The same, with the interface that the carrier has allocated on it.
pub(super) fn naruto_with_its_own_line() -> Municipality {
    own_gateway("      asn: 64512\n    vif: { id: dxvif-ffab0002, vlan: 202, bgp_asn: 65002 }\n")
}

/// What opens the second line of Anan.
pub(super) const SECOND_LINE: (&str, &str) = (
    "    status: planned\n    opens: 2026-04以降 # 令和８年度以降に移行を検討\n    dxgw: { owner: other,",
    "    status: connected\n    opens: 2026-04以降\n    dxgw: { owner: other, id: \"00000000-0000-4000-8000-0000000000a4\",",
);

/// Anan with both lines at once, one of which waits for the day of the move.
pub(super) fn anan_with_two_lines() -> Municipality {
    changed("anan", &[SECOND_LINE])
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_gateway_needs_nobody_until_the_interface_comes() {
    let untold = own_gateway("      asn: 64512\n");
    let mut story = Story::begin(untold).await;
    story.apply().await;
    let (line, _) = story.asked("allocate-vif").await;
    assert_eq!(line.stage, Stage::Theirs);
    assert_eq!(summary(&story.plan().await), [""; 0], "gateway and association are there");

    // The carrier has told the interface's id.
    story.municipality = naruto_with_its_own_line();
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    story.settle().await;
    let found = story.call(&story.account(), "directconnect", "DescribeVirtualInterfaces", json!({}));
    let states = texts(&found, "/virtualInterfaces", "/virtualInterfaceState");
    assert!(states == ["available"] || states == ["down"] || states == ["pending"], "{states:?}");
    let gateway = found["virtualInterfaces"][0]["directConnectGatewayId"].as_str().unwrap();
    gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
    assert_eq!(learned(&story, "rt-shared"), pairs(&[("10.2.0.0/16", gateway), ("172.20.2.0/24", gateway)]));
    story.clear().await;
}

/// The carrier allocated another VLAN than was agreed on: somebody must look before it is taken, since it cannot be given back.
#[tokio::test(flavor = "multi_thread")]
async fn an_interface_that_is_not_as_agreed_is_not_taken() {
    let with_vlan = |vlan: u16| {
        own_gateway(&format!("      asn: 64512\n    vif: {{ id: dxvif-ffab0002, vlan: {vlan}, bgp_asn: 65002 }}\n"))
    };
    let mut story = Story::begin(with_vlan(202)).await;
    story.municipality = with_vlan(203);
    story.apply().await;
    let (line, _) = story.asked("check-vif").await;
    assert_eq!(line.stage, Stage::Decide);
    assert_eq!(summary(&story.plan().await), [""; 0], "everything else is there");
    let state = |story: &Story| {
        let found = story.call(&story.account(), "directconnect", "DescribeVirtualInterfaces", json!({}));
        texts(&found, "/virtualInterfaces", "/virtualInterfaceState").concat()
    };
    assert_eq!(state(&story), "confirming");

    // The file was wrong.
    story.municipality = with_vlan(202);
    story.settle().await;
    assert_ne!(state(&story), "confirming");
    story.clear().await;
}

/// 阿南市's later move: the second line beside the first, then the routes, then the first one goes.
#[tokio::test(flavor = "multi_thread")]
async fn two_lines_at_once_and_the_move_from_one_to_the_other() {
    let moved = ("    propagate: false # 移行の日まで経路を学習しない\n", "");
    let drained = ("mtu: !sample 1500 }\n", "mtu: !sample 1500 }\n    propagate: false\n");
    let site = ("via: { line: private }", "via: { line: lgcs }");

    let mut story = Story::begin(city("anan")).await;
    story.settle().await;
    let routes = |via: &str| pairs(&[("10.4.0.0/16", via), ("172.20.4.0/24", via)]);
    assert_eq!(learned(&story, "rt-shared"), routes(PRIVATE));

    let mut go = async |changes: &[(&str, &str)]| {
        story.municipality = changed("anan", changes);
        gcnet::counterpart::furnish(&story.sandbox, &story.municipality).unwrap();
        story.settle().await;
        let standing =
            [(LGCS, J_LIS), (PRIVATE, CARRIER)].map(|(gateway, owner)| allowed(&story, gateway, owner).is_some());
        (learned(&story, "rt-shared"), standing)
    };
    assert_eq!(go(&[SECOND_LINE]).await, (routes(PRIVATE), [true, true]));
    let both = routes(PRIVATE).union(&routes(LGCS)).cloned().collect::<BTreeSet<_>>();
    let (learning, _) = go(&[SECOND_LINE, moved, site]).await;
    assert!(learning.is_subset(&both) && learning.iter().any(|(_, via)| via == LGCS), "{learning:?}");
    assert_eq!(go(&[SECOND_LINE, moved, site, drained]).await, (routes(LGCS), [true, true]));

    // The first line goes from the file.
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/anan.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let (from, to) = (text.find("  - name: private\n").unwrap(), text.find("  - name: lgcs\n").unwrap());
    assert_eq!(go(&[(&text[from..to], ""), SECOND_LINE, moved, site]).await, (routes(LGCS), [true, false]));
    story.clear().await;
}

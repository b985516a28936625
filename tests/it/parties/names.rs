//! Names, ours to them and theirs to us: zones, rules, and what happens when somebody changes them by hand.

use std::{collections::BTreeSet, time::Duration};

use gcnet::{config::schema::Municipality, handshake::Stage};
use gcnet_sandbox::{Effect, Fault, Matcher, When};
use serde_json::{Value, json};

use super::story::{Story, TOKYO, changed, role_of, texts};
use crate::support::{city, summary};

const A_SHA: &str = "200000000001";
const C_SHA: &str = "200000000003";
const D_SHA: &str = "200000000004";
/// VPCs of the three companies that see Itano's zone.
const THEIRS: [&str; 3] = ["vpc-a100000000000051a", "vpc-b2000000000000015", "vpc-d4000000000000015"];
/// A社's zone for Itano.
const JUKI: &str = "Z0A1SHARED00000000001";
const ZONE: &str = "gc.itano.example";
/// Longer than a zone is busy with a change.
const SYNCED: Duration = Duration::from_secs(60);

/// The id of our zone.
fn zone(story: &Story) -> String {
    let zones = story.call(&story.account(), "route53", "ListHostedZones", json!({}));
    texts(&zones, "/HostedZones", "/Id")[0].trim_start_matches("/hostedzone/").to_string()
}

fn texts_of(answer: &Value, list: &str, member: &str) -> BTreeSet<String> {
    texts(answer, list, member).into_iter().map(String::from).collect()
}

fn vpc(id: &str) -> Value {
    json!({ "VPCRegion": TOKYO, "VPCId": id })
}

/// VPCs of other accounts that may associate themselves with our zone, and what the zone's comment says of it.
fn authorised(story: &Story) -> (BTreeSet<String>, String) {
    let id = zone(story);
    let found =
        story.call(&story.account(), "route53", "ListVPCAssociationAuthorizations", json!({ "HostedZoneId": id }));
    let got = story.call(&story.account(), "route53", "GetHostedZone", json!({ "Id": id }));
    let comment = got.pointer("/HostedZone/Config/Comment").and_then(Value::as_str).unwrap_or_default();
    (texts_of(&found, "/VPCs", "/VPCId"), comment.into())
}

/// VPCs that see a zone of an account.
fn seers(story: &Story, account: &str, zone: &str) -> BTreeSet<String> {
    let got = story.call(account, "route53", "GetHostedZone", json!({ "Id": zone }));
    texts_of(&got, "/VPCs", "/VPCId")
}

fn our_vpc(story: &Story) -> String {
    let vpcs = story.call(&story.account(), "ec2", "DescribeVpcs", json!({}));
    texts(&vpcs, "/vpcSet", "/vpcId")[0].to_string()
}

/// Zones whose mark our VPC carries.
fn marks(story: &Story) -> Vec<String> {
    let of_vpc = story.sandbox.everything(&story.account()).into_iter().find(|resource| resource.kind == "vpc");
    let tags = of_vpc.map(|vpc| vpc.tags).unwrap_or_default();
    tags.keys().filter_map(|key| key.strip_prefix("gcnet:zone:").map(String::from)).collect()
}

fn unknown(plan: &gcnet_core::Plan) -> Vec<String> {
    plan.unknown.iter().map(|owned| owned.address.to_string()).collect()
}

fn stage(handshakes: &[gcnet::handshake::Handshake], address: &str) -> Stage {
    handshakes.iter().find(|handshake| handshake.address.as_str() == address).unwrap().stage
}

fn times(story: &Story, operation: &str) -> usize {
    story.sandbox.calls().iter().filter(|call| call.operation == operation && call.account == story.account()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn our_zone_is_authorised_then_associated_then_withdrawn() {
    let mut story = Story::begin(city("itano")).await;
    story.apply().await;
    let (may, comment) = authorised(&story);
    assert_eq!(may, THEIRS.map(String::from).into());
    assert_ne!(comment, "gcnet", "whoever plans must know that there are some");
    let (association, ask) = story.asked("associate-zone").await;
    assert_eq!((association.stage, ask.calls[0].operation.as_str()), (Stage::Theirs, "AssociateVPCWithHostedZone"));

    // One uses it, and cannot use it again.
    story.comply_of(A_SHA).await;
    story.apply().await;
    let (may, comment) = authorised(&story);
    assert_eq!(may, THEIRS[1..].iter().map(ToString::to_string).collect());
    assert_ne!(comment, "gcnet");
    story.settle().await;
    assert_eq!(authorised(&story), (BTreeSet::new(), "gcnet".into()));
    let all: BTreeSet<String> = THEIRS.map(String::from).into_iter().chain([our_vpc(&story)]).collect();
    assert_eq!(seers(&story, &story.account(), &zone(&story)), all);

    // They left: they are asked again.
    story.sandbox.advance(SYNCED);
    let input = json!({ "HostedZoneId": zone(&story), "VPC": vpc(THEIRS[0]) });
    story.call(A_SHA, "route53", "DisassociateVPCFromHostedZone", input);
    story.apply().await;
    assert_eq!(authorised(&story).0, [THEIRS[0].to_string()].into());
    story.settle().await;
    assert_eq!(authorised(&story), (BTreeSet::new(), "gcnet".into()));

    // The file names one less: what they associated is theirs to end.
    story.municipality = changed(
        "itano",
        &[(
            "      share_with: [juki, hoken, gakko]\n      records:",
            "      share_with: [juki, hoken]\n      records:",
        )],
    );
    let plan = story.apply().await;
    assert_eq!(unknown(&plan), [format!("zone-association/{ZONE}/{}", THEIRS[2])]);
    assert_eq!(seers(&story, &story.account(), &zone(&story)), all);
    story.clear().await;
}

/// An authorisation that nobody has used is ours, and goes with the wish.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_authorised_is_withdrawn() {
    let mut story = Story::begin(city("itano")).await;
    story.apply().await;
    story.municipality =
        changed("itano", &[("      share_with: [juki, hoken, gakko]\n      records:", "      records:")]);
    story.apply().await;
    assert_eq!(authorised(&story), (BTreeSet::new(), "gcnet".into()));
    assert!(story.plan().await.is_empty());
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn their_zone_is_tried_by_every_run_until_they_authorise() {
    let mut story = Story::begin(city("itano")).await;
    story.apply().await;
    let (foreign, ask) = story.asked("authorise-vpc").await;
    assert_eq!((foreign.stage, ask.calls[0].operation.as_str()), (Stage::Theirs, "CreateVPCAssociationAuthorization"));
    let address = format!("foreign-zone/shared/{JUKI}");
    assert_eq!(stage(&story.handshakes().await, &address), Stage::Theirs);

    // Trying is nothing to do.
    story.sandbox.clear_calls();
    let plan = story.apply().await;
    assert!(plan.is_empty() && plan.steps.iter().all(gcnet_core::Step::is_attempt));
    assert_eq!(times(&story, "AssociateVPCWithHostedZone"), 2, "A社's and B社's");
    assert_eq!(stage(&story.handshakes().await, &address), Stage::Theirs);

    story.comply_of(A_SHA).await;
    story.apply().await;
    assert_eq!(stage(&story.handshakes().await, &address), Stage::Done);
    assert!(seers(&story, A_SHA, JUKI).contains(&our_vpc(&story)));
    assert!(marks(&story).contains(&JUKI.to_string()));
    story.settle().await;

    // No longer in the file: ours to end, mark and all.
    let whole = story.municipality.clone();
    let line = "    zones: [{ name: !sample juki.itano-gun.asp-a.example, id: !sample Z0A1SHARED00000000001 }]\n";
    story.municipality = changed("itano", &[(line, "")]);
    story.sandbox.advance(SYNCED);
    let plan = story.apply().await;
    assert_eq!(summary(&plan), [format!("- {address}")]);
    assert!(!seers(&story, A_SHA, JUKI).contains(&our_vpc(&story)));
    assert_eq!(marks(&story), ["Z0B200000000000000021"]);

    story.municipality = whole;
    story.settle().await;
    let ours = our_vpc(&story);
    story.clear().await;
    assert!(!seers(&story, A_SHA, JUKI).contains(&ours));
}

/// What somebody associated by hand is theirs, whoever they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_nobody_listed_is_shown_and_left_alone() {
    let story = Story::begin(city("itano")).await;
    story.settle().await;
    let (place, ours) = (vpc(THEIRS[2]), our_vpc(&story));
    let input = json!({
        "Name": "else.asp-d.example", "CallerReference": "1", "VPC": place, "HostedZoneConfig": { "PrivateZone": true },
    });
    let made = story.call(D_SHA, "route53", "CreateHostedZone", input);
    let id = made["HostedZone"]["Id"].as_str().unwrap().trim_start_matches("/hostedzone/").to_string();
    story.sandbox.advance(SYNCED);
    let input = json!({ "HostedZoneId": id, "VPC": vpc(&ours) });
    story.call(D_SHA, "route53", "CreateVPCAssociationAuthorization", input.clone());
    story.sandbox.advance(SYNCED);
    story.call(&story.account(), "route53", "AssociateVPCWithHostedZone", input);
    story.sandbox.advance(SYNCED);

    let plan = story.apply().await;
    assert_eq!((plan.steps.len(), unknown(&plan)), (0, vec![format!("foreign-zone/shared/{id}")]));
    assert!(seers(&story, D_SHA, &id).contains(&ours));
}

/// Another zone than the file says is the operator's to look at, and stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_zone_of_another_name_is_to_be_checked() {
    let mut story = Story::begin(city("itano")).await;
    story.settle().await;
    story.municipality = changed("itano", &[("juki.itano-gun.asp-a.example", "tax.itano-gun.asp-a.example")]);
    assert_eq!(summary(&story.plan().await), [""; 0]);
    let (foreign, _) = story.asked("check-zone").await;
    assert_eq!(
        (foreign.address.as_str(), foreign.stage),
        (format!("foreign-zone/shared/{JUKI}").as_str(), Stage::Decide)
    );
}

/// Naruto, where A社 lets us act in its account.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_one_apply_does_both_sides_of_both_directions() {
    const VPC: &str = "vpc-a1000000000000002";
    const JUKI: &str = "Z0A100000000000000002";
    let story = Story::begin(super::roles::naruto(false)).await;
    let before = (story.everything(A_SHA), seers(&story, A_SHA, JUKI));
    story.apply().await;
    assert!(seers(&story, &story.account(), &zone(&story)).contains(VPC));
    assert!(seers(&story, A_SHA, JUKI).contains(&our_vpc(&story)));
    let open = story.open().await;
    let is_about = |line: &&String| line.contains("zone") && line.contains(VPC) || line.contains(JUKI);
    assert_eq!(open.iter().filter(is_about).count(), 0, "{open:#?}");
    let theirs = story.call(A_SHA, "route53", "ListVPCAssociationAuthorizations", json!({ "HostedZoneId": JUKI }));
    assert!(texts(&theirs, "/VPCs", "/VPCId").is_empty(), "withdrawn as well");

    story.settle().await;
    assert_eq!(authorised(&story), (BTreeSet::new(), "gcnet".into()));
    story.clear().await;
    assert_eq!((story.everything(A_SHA), seers(&story, A_SHA, JUKI)), before);
}

/// What they do with a rule that is shared does not keep us from going.
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_shared_with_whom_the_file_says() {
    let story = Story::begin(city("itano")).await;
    story.settle().await;
    let domains = |account: &str| {
        let found = story.call(account, "route53resolver", "ListResolverRules", json!({}));
        let ours = found["ResolverRules"].as_array().unwrap().iter().filter(|rule| rule["OwnerId"] == story.account());
        ours.map(|rule| rule["DomainName"].as_str().unwrap().to_string()).collect::<BTreeSet<_>>()
    };
    let shared = ["21.10.in-addr.arpa.", "town.itano.example."].map(String::from);
    assert_eq!(domains(D_SHA), shared.clone().into());
    assert_eq!(domains(A_SHA), shared.into_iter().chain(["lgwan.example.".to_string()]).collect());
    assert_eq!(domains(C_SHA), BTreeSet::new());

    story.clear().await;
    assert_eq!(domains(A_SHA), BTreeSet::new());
}

/// Name, type and what it says, of every record of ours.
fn records(story: &Story) -> BTreeSet<String> {
    let found =
        story.call(&story.account(), "route53", "ListResourceRecordSets", json!({ "HostedZoneId": zone(story) }));
    let sets = found["ResourceRecordSets"].as_array().unwrap().iter();
    let ours = sets.filter(|set| !["NS", "SOA"].contains(&set["Type"].as_str().unwrap()));
    ours.map(|set| {
        let values = texts_of(set, "/ResourceRecords", "/Value").into_iter().collect::<Vec<_>>().join(" ");
        let target = set.pointer("/AliasTarget/DNSName").and_then(Value::as_str).unwrap_or_default();
        format!("{} {} {} {values}{target}", set["Name"].as_str().unwrap(), set["Type"].as_str().unwrap(), set["TTL"])
    })
    .collect()
}

/// The alias among them.
fn alias(story: &Story) -> Option<String> {
    records(story).into_iter().find(|record| record.starts_with("fukushi.gc.itano.example."))
}

fn endpoint_name(story: &Story) -> String {
    let found = story.call(&story.account(), "ec2", "DescribeVpcEndpoints", json!({}));
    let endpoints = found["vpcEndpointSet"].as_array().unwrap();
    let live = endpoints.iter().find(|endpoint| endpoint["state"] == "available").unwrap();
    live["dnsEntrySet"][0]["dnsName"].as_str().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_named_when_it_was_accepted() {
    let story = Story::begin(city("itano")).await;
    story.apply().await;
    story.comply_of(C_SHA).await;
    story.apply().await;
    assert_eq!(alias(&story), None, "there is an endpoint, and nobody has accepted it");
    story.settle().await;
    assert!(alias(&story).unwrap().contains(&endpoint_name(&story)), "{:?}", alias(&story));

    // Another endpoint under the same name: its alias follows.
    let old = endpoint_name(&story);
    let endpoints = story.call(&story.account(), "ec2", "DescribeVpcEndpoints", json!({}));
    let id = texts(&endpoints, "/vpcEndpointSet", "/vpcEndpointId")[0].to_string();
    story.call(&story.account(), "ec2", "DeleteVpcEndpoints", json!({ "VpcEndpointIds": [id] }));
    story.sandbox.advance(Duration::from_secs(600));
    story.settle().await;
    assert_ne!(endpoint_name(&story), old);
    assert!(alias(&story).unwrap().contains(&endpoint_name(&story)), "{:?}", alias(&story));
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_were_changed_by_hand_are_restored_in_one_batch() {
    let story = Story::begin(city("itano")).await;
    story.settle().await;
    let before = records(&story);
    assert_eq!(before.len(), 4, "{before:#?}");
    let id = zone(&story);
    let set = |name: &str, kind: &str, ttl: u32, value: &str| json!({ "Name": format!("{name}.{ZONE}"), "Type": kind, "TTL": ttl, "ResourceRecords": [{ "Value": value }] });
    let changes = json!([
        { "Action": "UPSERT", "ResourceRecordSet": set("resolver", "A", 60, "10.9.9.9") },
        { "Action": "DELETE", "ResourceRecordSet": set("koseki", "A", 300, "172.20.21.10") },
        { "Action": "CREATE", "ResourceRecordSet": set("else", "TXT", 300, "\"by hand\"") },
        { "Action": "DELETE", "ResourceRecordSet": set("ca", "CNAME", 3600, "www.town.itano.example") },
        { "Action": "CREATE", "ResourceRecordSet": set("ca", "A", 300, "10.9.9.9") },
    ]);
    story.sandbox.advance(SYNCED);
    let input = json!({ "HostedZoneId": id, "ChangeBatch": { "Changes": changes } });
    story.call(&story.account(), "route53", "ChangeResourceRecordSets", input);
    story.sandbox.advance(SYNCED);

    let plan = story.plan().await;
    assert_eq!(summary(&plan), [format!("~ zone-records/{ZONE}")]);
    let fields: Vec<&str> = plan.steps[0].changes.iter().map(|change| change.field.as_str()).collect();
    let changed = [
        "ca.gc.itano.example A",
        "ca.gc.itano.example CNAME",
        "else.gc.itano.example TXT",
        "koseki.gc.itano.example A",
        "resolver.gc.itano.example A",
    ];
    assert_eq!(fields, changed.map(|key| format!("records.{key}")));
    story.sandbox.clear_calls();
    story.apply().await;
    assert_eq!(times(&story, "ChangeResourceRecordSets"), 1);
    assert_eq!(records(&story), before);
    story.clear().await;
}

/// Naruto's inbound endpoint with these addresses.
pub(super) fn inbound(addresses: &str) -> Municipality {
    changed("naruto", &[("inbound: { endpoints: 1 }", &format!("inbound: {{ endpoints: 1, ips: {addresses} }}"))])
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_an_endpoint_move_one_by_one_and_the_new_come_first() {
    let mut story = Story::begin(inbound("[10.210.2.36, 10.210.2.52]")).await;
    story.settle().await;
    let endpoint = |story: &Story| {
        let found = story.call(&story.account(), "route53resolver", "ListResolverEndpoints", json!({}));
        let inbound = found["ResolverEndpoints"].as_array().unwrap().iter().find(|one| one["Direction"] == "INBOUND");
        inbound.unwrap()["Id"].as_str().unwrap().to_string()
    };
    let before = endpoint(&story);
    story.municipality = inbound("[10.210.2.41, 10.210.2.57]");
    assert_eq!(summary(&story.plan().await), ["~ resolver-endpoint/inbound"]);
    story.sandbox.clear_calls();
    story.apply().await;

    let mut addresses = 2;
    for call in story.sandbox.calls() {
        match call.operation.as_str() {
            "AssociateResolverEndpointIpAddress" => addresses += 1,
            "DisassociateResolverEndpointIpAddress" => addresses -= 1,
            _ => continue,
        }
        assert!(addresses >= 2);
    }
    let input = json!({ "ResolverEndpointId": endpoint(&story) });
    let found = story.call(&story.account(), "route53resolver", "ListResolverEndpointIpAddresses", input);
    assert_eq!(texts_of(&found, "/IpAddresses", "/Ip"), ["10.210.2.41", "10.210.2.57"].map(String::from).into());
    assert_eq!((addresses, endpoint(&story)), (2, before));
    assert!(story.plan().await.is_empty());
    story.clear().await;
}

/// Itano, whose queries travel over HTTPS in both directions.
pub(super) fn over_https() -> Municipality {
    let edits = [
        ("inbound: { endpoints: 1 }", "inbound: { endpoints: 1, protocols: [DoH] }"),
        ("outbound: { endpoints: 1 }", "outbound: { endpoints: 1, protocols: [DoH] }"),
        (
            "    - domain: !sample town.itano.example\n",
            "    - domain: town.itano.example\n      targets: [{ doh: 10.21.0.10 }, { doh: \"10.21.0.11:8443\" }]\n",
        ),
        ("targets: !sample [10.21.0.12]", "targets: [{ doh: 10.21.0.12, server_name: dns.lgwan.example }]"),
    ];
    changed("itano", &edits)
}

/// Protocols by direction, and how the server for LGWAN is asked.
fn spoken(story: &Story) -> (Value, Value, Value) {
    let endpoints = story.call(&story.account(), "route53resolver", "ListResolverEndpoints", json!({}));
    let of = |direction: &str| {
        let mut all = endpoints["ResolverEndpoints"].as_array().unwrap().iter();
        all.find(|one| one["Direction"] == direction).unwrap()["Protocols"].clone()
    };
    let rules = story.call(&story.account(), "route53resolver", "ListResolverRules", json!({}));
    let mut rules = rules["ResolverRules"].as_array().unwrap().iter();
    let lgwan = rules.find(|rule| rule["DomainName"] == "lgwan.example.").unwrap()["TargetIps"][0].clone();
    (of("INBOUND"), of("OUTBOUND"), lgwan)
}

/// AWS lets an inbound endpoint leave plain DNS only by way of both, and an outbound one not before its rules have left it:
/// the last of it goes with the next plan.
#[tokio::test(flavor = "multi_thread")]
async fn queries_move_to_https_in_place_and_back() {
    let (plain, https) = (json!(["Do53"]), json!(["DoH"]));
    let mut story = Story::begin(city("itano")).await;
    story.settle().await;
    let before = spoken(&story);
    let target = json!({ "Ip": "10.21.0.12", "Port": 53, "Protocol": "Do53" });
    assert_eq!(before, (plain.clone(), plain.clone(), target));

    story.municipality = over_https();
    story.sandbox.clear_calls();
    let plan = story.apply().await;
    let steps = [
        "~ resolver-endpoint/inbound",
        "~ resolver-endpoint/outbound",
        "~ resolver-rule/21.10.in-addr.arpa",
        "~ resolver-rule/lgwan.example",
        "~ resolver-rule/town.itano.example",
        "~ security-group/dns-in",
        "~ security-group/dns-out",
    ];
    let told: BTreeSet<String> = summary(&plan).into_iter().collect();
    assert_eq!(told, steps.map(String::from).into());
    assert_eq!(times(&story, "UpdateResolverEndpoint"), 3, "inbound twice");
    let target =
        json!({ "Ip": "10.21.0.12", "Port": 443, "Protocol": "DoH", "ServerNameIndication": "dns.lgwan.example" });
    assert_eq!(spoken(&story), (https.clone(), json!(["Do53", "DoH"]), target.clone()));

    assert_eq!(summary(&story.apply().await), ["~ resolver-endpoint/outbound"]);
    assert_eq!(spoken(&story), (https.clone(), https, target));
    assert!(story.plan().await.is_empty());

    story.municipality = city("itano");
    story.apply().await;
    story.settle().await;
    assert_eq!(spoken(&story), before);
    story.clear().await;
}

/// From the start: no rule is in the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_over_https_is_made_at_once() {
    let story = Story::begin(over_https()).await;
    story.settle().await;
    let (inbound, outbound, lgwan) = spoken(&story);
    assert_eq!((inbound, outbound, &lgwan["Protocol"]), (json!(["DoH"]), json!(["DoH"]), &json!("DoH")));
    assert!(story.plan().await.is_empty());
    story.clear().await;
}

/// A zone that gcnet made, in the file as A社's: it is to be checked, and keeps its VPC whatever the file says next.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_zone_in_the_place_of_theirs_is_to_be_checked() {
    let mut story = Story::begin(city("itano")).await;
    story.settle().await;
    let ours = zone(&story);
    story.municipality = changed("itano", &[(JUKI, &ours)]);
    story.sandbox.advance(SYNCED);
    story.apply().await;
    let (foreign, _) = story.asked("check-zone").await;
    let address = format!("foreign-zone/shared/{ours}");
    assert_eq!((foreign.address.as_str(), foreign.stage), (address.as_str(), Stage::Decide));
    assert!(seers(&story, &story.account(), &ours).contains(&our_vpc(&story)));

    story.municipality = city("itano");
    story.sandbox.advance(SYNCED);
    story.settle().await;
    assert!(seers(&story, &story.account(), &ours).contains(&our_vpc(&story)));
    assert!(!marks(&story).contains(&ours));
    story.clear().await;
}

/// Every creation, and what follows it.
const WRITES: [&str; 13] = [
    "AssociateResolverQueryLogConfig",
    "AssociateResolverRule",
    "AssociateVPCWithHostedZone",
    "ChangeResourceRecordSets",
    "ChangeTagsForResource",
    "CreateHostedZone",
    "CreateResolverEndpoint",
    "CreateResolverQueryLogConfig",
    "CreateResolverRule",
    "CreateVPCAssociationAuthorization",
    "DeleteVPCAssociationAuthorization",
    "UpdateHostedZoneComment",
    "CreateTags",
];

/// The mark of a creation is used up by it: a second one is refused for ever, and what was made has to be found.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_gets_lost_makes_no_twin_and_loses_nothing() {
    let calm = Story::begin(city("itano")).await;
    calm.settle().await;
    let kinds = |story: &Story| {
        let all =
            story.sandbox.everything(&story.account()).into_iter().map(|resource| (resource.kind, resource.tags.len()));
        let mut all: Vec<(String, usize)> = all.collect();
        all.sort();
        all
    };
    for effect in [Effect::Drop(When::AfterExecution), Effect::ServerError(When::AfterExecution)] {
        let story = Story::begin(city("itano")).await;
        for operation in WRITES {
            let on = Matcher { account: Some(story.account()), ..Matcher::operation(operation) };
            story.sandbox.inject(Fault::once(on, effect.clone()));
        }
        story.settle().await;
        assert_eq!(kinds(&story), kinds(&calm), "{effect:?}");
        story.clear().await;
    }
}

/// The zone moves to the new VPC before the old one goes; everything at the old addresses goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn another_vpc_takes_the_names_along() {
    let mut story = Story::begin(city("itano")).await;
    story.settle().await;
    let (before, old) = (zone(&story), our_vpc(&story));
    story.municipality = changed(
        "itano",
        &[("cidr: !sample 10.210.21.0/24", "cidr: !sample 10.250.21.0/24"), ("10.210.21.", "10.250.21.")],
    );
    story.settle().await;
    assert_ne!(our_vpc(&story), old);
    assert_eq!(zone(&story), before);
    let (new, seen) = (our_vpc(&story), seers(&story, &story.account(), &before));
    assert!(seen.contains(&new) && !seen.contains(&old), "{seen:?}");
    assert!(seers(&story, A_SHA, JUKI).contains(&new) && !seers(&story, A_SHA, JUKI).contains(&old));
    story.clear().await;
}

/// With a role of theirs the authorisation is withdrawn, whatever happens between the calls.
#[tokio::test(flavor = "multi_thread")]
async fn no_authorisation_of_theirs_is_left_open() {
    let lost = [Effect::Drop(When::AfterExecution), Effect::ServerError(When::BeforeExecution)];
    let municipality = || {
        let vpc = "      - { id: !sample vpc-a100000000000051a, cidr: !sample 10.220.1.0/24 }";
        let subnets = "subnets: [subnet-a1000000000000511, subnet-a1000000000000512]";
        let with_subnets = format!("      - {{ id: vpc-a100000000000051a, cidr: 10.220.1.0/24, {subnets} }}");
        changed("itano", &[("owner: A社,", &role_of("A社", A_SHA)), (vpc, &with_subnets)])
    };
    for operation in ["AssociateVPCWithHostedZone", "DeleteVPCAssociationAuthorization", "CreateTags"] {
        for effect in lost.clone() {
            let story = Story::begin(municipality()).await;
            story.sandbox.inject(Fault::once(Matcher::operation(operation), effect.clone()));
            story.settle().await;
            let id = json!({ "HostedZoneId": JUKI });
            let open = story.call(A_SHA, "route53", "ListVPCAssociationAuthorizations", id);
            assert_eq!(texts(&open, "/VPCs", "/VPCId"), [""; 0], "{operation} {effect:?}");
            assert!(seers(&story, A_SHA, JUKI).contains(&our_vpc(&story)), "{operation} {effect:?}");
            assert!(story.plan().await.is_empty());
        }
    }
}

/// Beside an alias of ours, somebody's of another type is a record that the file does not have: it goes, and stops nothing.
#[tokio::test(flavor = "multi_thread")]
async fn another_alias_of_the_same_name_goes() {
    let story = Story::begin(city("itano")).await;
    story.settle().await;
    let zone = zone(&story);
    let values = json!([{ "Value": "2001:db8::1" }]);
    let six = json!({ "Name": format!("six.{ZONE}"), "Type": "AAAA", "TTL": 300, "ResourceRecords": values });
    let target = json!({ "HostedZoneId": zone, "DNSName": format!("six.{ZONE}"), "EvaluateTargetHealth": false });
    let other = json!({ "Name": format!("fukushi.{ZONE}"), "Type": "AAAA", "AliasTarget": target });
    let create = |set: Value| json!({ "Action": "CREATE", "ResourceRecordSet": set });
    let batch = json!({ "Changes": [create(six), create(other)] });
    story.sandbox.advance(SYNCED);
    let input = json!({ "HostedZoneId": zone, "ChangeBatch": batch });
    story.call(&story.account(), "route53", "ChangeResourceRecordSets", input);
    story.sandbox.advance(SYNCED);
    let plan = summary(&story.plan().await);
    assert!(plan.contains(&format!("- alias-record/{ZONE}/fukushi.{ZONE}/AAAA")), "{plan:?}");
    story.apply().await;
    assert!(alias(&story).is_some());
    assert!(story.plan().await.is_empty());
    story.clear().await;
}

/// A zone that is not there is theirs to make or to name rightly: no failure, and nothing that a run waits for.
#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_does_not_exist_waits_like_one_that_is_not_authorised() {
    let story = Story::begin(city("itano")).await;
    story.call(A_SHA, "route53", "DeleteHostedZone", json!({ "Id": JUKI }));
    story.apply().await;
    let handshakes = story.handshakes().await;
    assert_eq!(stage(&handshakes, &format!("foreign-zone/shared/{JUKI}")), Stage::Theirs);
    assert!(!marks(&story).contains(&JUKI.to_string()), "a hand-made association would be taken for ours");
}

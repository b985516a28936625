//! Who reaches whom: what is in AWS against what the file leads to.

use std::{path::Path, process::Command};

use gcnet::{
    blueprint::{self, Wish},
    config::schema::Municipality,
    handshake,
    reach::{self, Outcome, Patience, Survey},
};
use gcnet_aws::{Aws, KINDS};
use gcnet_core::{Owned, World, observe, plan};
use gcnet_reach::{Assumption, Network, Stopped, Verdict, Why};
use serde_json::{Value, json};

use crate::{
    parties::story::{Story, texts},
    support::{city, converge, fleet},
};

/// What is in AWS now, as the command line looks at it.
async fn live(aws: &Aws, municipality: &Municipality, wish: &Wish) -> Network {
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    let owned = observed.for_wish(&wish.desired).unwrap();
    let plan = plan(KINDS, &wish.desired, &owned).unwrap();
    let own = observed.of(&blueprint::stack(municipality)).unwrap();
    reach::live(municipality, own, &handshake::all(&plan, wish))
}

/// Both views are made by one translation; here they are made of different things.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_built_is_what_was_planned() {
    for name in fleet().names() {
        let municipality = city(name);
        let wish = blueprint::wish(&municipality);
        let story = Story::begin(municipality.clone()).await;
        story.settle().await;
        let aws = story.aws().await;
        assert_eq!(live(&aws, &municipality, &wish).await, reach::planned(&municipality), "{name}");
    }
}

/// Attachments of others outlive the tables that said where their packets go.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_a_destroyed_network_leads_nowhere() {
    let itano = city("itano");
    let wish = blueprint::wish(&itano);
    let story = Story::begin(itano.clone()).await;
    story.settle().await;
    story.destroy().await;
    let left = live(&story.aws().await, &itano, &wish).await;
    let cells = gcnet_reach::matrix(&left).unwrap().cells;
    assert!(cells.iter().any(|cell| cell.from == "juki" && cell.to == "hoken"));
    let reaching: Vec<_> =
        cells.iter().filter(|cell| cell.verdict.reaches()).map(|cell| (&cell.from, &cell.to)).collect();
    assert!(reaching.is_empty(), "{reaching:?}");
}

/// After the first apply everything that others have to do is waited for, each with the handshake that it hangs on.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_owe_is_waited_for() {
    let itano = city("itano");
    let wish = blueprint::wish(&itano);
    let story = Story::begin(itano.clone()).await;
    let aws = story.aws().await;
    let nothing = live(&aws, &itano, &wish).await;
    assert!(
        gcnet_reach::matrix(&nothing).unwrap().cells.iter().all(|cell| !cell.verdict.reaches()),
        "nothing is there"
    );

    converge(&aws, &wish.desired).await;
    let now = live(&aws, &itano, &wish).await;
    let reasons: Vec<&str> = reach::reasons(&now).into_iter().collect();
    assert_eq!(reasons.iter().filter(|reason| reason.starts_with("foreign-attachment/main/vpc-")).count(), 3);
    assert!(reasons.contains(&"line/lgcs"), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.starts_with("endpoint-offer/")), "{reasons:?}");
    let asked = story.handshakes().await;
    for reason in &reasons {
        assert!(asked.iter().any(|handshake| handshake.address.as_str() == *reason), "{reason}: nobody is asked");
    }
    let later = reach::planned(&itano).when_open();
    let owed = reach::owed_lines(&asked);
    let survey = reach::survey(&itano, &now, &later, Patience::Live(&owed)).unwrap();
    assert!(survey.rules.iter().all(|(_, outcome)| matches!(outcome, Outcome::Holds | Outcome::Opens)), "{survey:#?}");
    assert!(survey.now.verdict("shared/dns", "shared/vpce").unwrap().reaches());
}

/// A propagation that is not there any more is a way that packets do not have, not something that is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_somebody_removed_is_not_there() {
    let naruto = city("naruto");
    let wish = blueprint::wish(&naruto);
    let story = Story::begin(naruto.clone()).await;
    story.settle().await;
    let aws = story.aws().await;
    let gone = |address: &str| address.starts_with("tgw-propagation/rt-juki/") && address.ends_with("shared");
    let address = wish.desired.wants().keys().find(|address| gone(address.as_str())).unwrap().clone();
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    let own = observed.of(&blueprint::stack(&naruto)).unwrap();
    let left: Vec<_> = own.iter().filter(|owned| owned.address != address).cloned().collect();
    let now = reach::live(&naruto, &left, &[]);
    let verdict = gcnet_reach::path(&now, "juki", "shared/dns").unwrap().verdict;
    assert!(matches!(verdict, Verdict::Blocked { .. }), "{address}: {verdict:?}");
    let later = reach::planned(&naruto).when_open();
    let survey = reach::survey(&naruto, &now, &later, Patience::Live(&reach::owed_lines(&[]))).unwrap();
    let broken = survey.rules.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Broken { .. })).count();
    assert_eq!(broken, 2, "there and back");
    assert!(survey.lasting.contains(&("juki".to_string(), "shared/dns".to_string())), "{:?}", survey.lasting);
}

/// With everybody done, and what is live instead of what was planned.
fn surveyed(municipality: &Municipality, now: &Network) -> Survey {
    let later = reach::planned(municipality).when_open();
    reach::survey(municipality, now, &later, Patience::Live(&reach::owed_lines(&[]))).unwrap()
}

/// The pairs whose wish is not fulfilled.
fn broken(survey: &Survey) -> Vec<String> {
    let pair = |outcome: &Outcome| match outcome {
        Outcome::Broken { pair: (from, to), .. } => Some(format!("{from} -> {to}")),
        _ => None,
    };
    survey.rules.iter().filter_map(|(_, outcome)| pair(outcome)).collect()
}

/// A router that announces part of an ASP's range, and nothing of its own: AWS takes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_looked_at_as_it_announces_and_not_as_it_should() {
    let naruto = city("naruto");
    let wish = blueprint::wish(&naruto);
    let story = Story::begin(naruto.clone()).await;
    story.settle().await;
    let gateway = naruto.lines[0].dxgw.id.as_ref().unwrap().to_string();
    story.sandbox.announce(&gateway, &["10.213.2.0/25".parse().unwrap()]).unwrap();

    let aws = story.aws().await;
    let now = live(&aws, &naruto, &wish).await;
    let survey = surveyed(&naruto, &now);
    let verdict = |from: &str, to: &str| survey.now.verdict(from, to).unwrap();
    let is = |stops: &[Stopped], why: &Why| stops.iter().any(|stopped| stopped.stop.why == *why);
    assert!(matches!(verdict("juki", "onprem"), Verdict::Blocked { stops } if is(stops, &Why::NoRoute)));
    assert!(matches!(verdict("onprem", "juki"), Verdict::Blocked { stops } if is(stops, &Why::NoRoute)));
    // The half that is announced leaves by the line; the other half arrives.
    let Verdict::Partly { passes, stops, .. } = verdict("shared/dns", "fukushi") else { panic!("{survey:#?}") };
    assert!(passes.destination.octets()[3] >= 128, "{passes:?}");
    assert!(stops.iter().all(|stopped| matches!(stopped.stop.why, Why::NotThere { .. })), "{stops:?}");
    let broken = broken(&survey);
    for pair in ["onprem -> juki", "juki -> onprem", "shared/dns -> fukushi"] {
        assert!(broken.contains(&pair.to_string()), "{pair}: {broken:?}");
    }
    story.asked("check-announcements").await;

    gcnet::counterpart::furnish(&story.sandbox, &naruto).unwrap();
    assert_eq!(live(&aws, &naruto, &wish).await, reach::planned(&naruto));
}

/// Itano's endpoint, with everybody done.
async fn endpoint_story() -> (Story, String) {
    let story = Story::begin(city("itano")).await;
    // The line opens some day; nobody makes it.
    for _ in 0..4 {
        story.apply().await;
        story.comply().await;
    }
    let all = story.sandbox.everything(&story.account());
    let is_group = |tags: &std::collections::BTreeMap<String, String>| {
        tags.get(gcnet_core::identity::ADDRESS).is_some_and(|address| address == "security-group/vpce-fukushi")
    };
    let group = all.iter().find(|resource| is_group(&resource.tags)).unwrap().id.clone();
    (story, group)
}

async fn owned(story: &Story) -> Vec<Owned> {
    let observed = observe(&story.aws().await.fresh(), KINDS).await.unwrap();
    observed.of(&blueprint::stack(&story.municipality)).unwrap().to_vec()
}

/// Who reaches the endpoint only if a rule means them, by the rule's group.
fn assumed(network: &Network, from: &str) -> Vec<String> {
    let verdict = gcnet_reach::path(network, from, "endpoint/fukushi").unwrap().verdict;
    let rule = |by: &Assumption| match by {
        Assumption::Rule { group, peer } => Some(format!("{group}: {peer}")),
        _ => None,
    };
    verdict.assumes().iter().filter_map(rule).collect()
}

/// Somebody opened our endpoint in a way that nobody here can see through: that it is closed is not promised any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_which_nobody_sees_whom_it_means_closes_nothing() {
    let (story, group) = endpoint_story().await;
    let itano = &story.municipality;
    let about = |broken: Vec<String>| -> Vec<String> {
        broken.into_iter().filter(|pair| pair.ends_with("-> endpoint/fukushi")).collect()
    };
    let look = async || reach::live(itano, &owned(&story).await, &story.handshakes().await);
    let closed = look().await;
    assert_eq!(about(broken(&surveyed(itano, &closed))), [""; 0]);
    assert!(gcnet_reach::path(&closed, "juki", "endpoint/fukushi").unwrap().verdict.is_blocked());

    let account = story.account();
    let groups = story.call(&account, "ec2", "DescribeSecurityGroups", json!({}));
    let groups = groups["securityGroupInfo"].as_array().unwrap();
    let vpc = groups.iter().find(|it| it["groupId"] == *group).unwrap()["vpcId"].clone();
    let strange = groups.iter().find(|it| it["vpcId"] == vpc && it["groupName"] == "default").unwrap();
    let strange = strange["groupId"].as_str().unwrap();
    let authorize = |permission: Value| {
        let permission = [("IpProtocol", json!("tcp")), ("FromPort", json!(443)), ("ToPort", json!(443))]
            .into_iter()
            .fold(permission, |mut all, (key, value)| {
                all[key] = value;
                all
            });
        let input = json!({ "GroupId": group, "IpPermissions": [permission] });
        story.call(&account, "ec2", "AuthorizeSecurityGroupIngress", input);
    };
    // IPv6 lets nothing through that is asked about here.
    authorize(json!({ "Ipv6Ranges": [{ "CidrIpv6": "::/0" }] }));
    assert_eq!(look().await, closed);

    authorize(json!({ "UserIdGroupPairs": [{ "GroupId": strange }] }));
    let now = look().await;
    assert_eq!(assumed(&now, "juki"), [format!("vpce-fukushi: {strange}")]);
    let opened = about(broken(&surveyed(itano, &now)));
    assert!(opened.contains(&"juki -> endpoint/fukushi".to_string()), "{opened:?}");
    // Who is outside AWS is in no group.
    assert_eq!(assumed(&now, "koseki-dc"), [""; 0]);

    // The next apply closes it; then somebody puts the endpoint into a group of theirs.
    story.apply().await;
    assert_eq!(look().await, closed);
    let endpoints = story.call(&account, "ec2", "DescribeVpcEndpoints", json!({}));
    let endpoint = texts(&endpoints, "/vpcEndpointSet", "/vpcEndpointId")[0].to_string();
    let input = json!({ "VpcEndpointId": endpoint, "AddSecurityGroupIds": [strange] });
    story.call(&account, "ec2", "ModifyVpcEndpoint", input);
    story.sandbox.advance(std::time::Duration::from_secs(600));
    assert_eq!(assumed(&look().await, "juki"), [format!("{strange}: {strange}")]);
}

/// A prefix list may hold addresses outside AWS as well. Only its ports are known.
#[tokio::test(flavor = "multi_thread")]
async fn a_prefix_list_may_mean_anybody_at_its_ports() {
    let (story, _) = endpoint_story().await;
    let itano = &story.municipality;
    let with = |all: &[Owned], rule: Value| {
        let mut all = all.to_vec();
        let group = all.iter_mut().find(|owned| owned.address.as_str() == "security-group/vpce-fukushi").unwrap();
        group.object.raw["ingress"].as_array_mut().unwrap().push(rule);
        reach::live(itano, &all, &[])
    };
    let all = owned(&story).await;
    let list = "pl-61a54008";
    let opened = with(&all, json!({ "protocol": "tcp", "ports": [440, 450], "peer": list }));
    assert_eq!(assumed(&opened, "juki"), [format!("vpce-fukushi: {list}")]);
    assert!(broken(&surveyed(itano, &opened)).contains(&"juki -> endpoint/fukushi".to_string()));
    let later = opened.when_open();
    assert_eq!(assumed(&later, "koseki-dc"), [format!("vpce-fukushi: {list}")]);
    // What a rule of ours lets in rests on nothing.
    assert_eq!(assumed(&later, "onprem"), [""; 0]);
    let closed = with(&all, json!({ "protocol": "tcp", "ports": [80, 80], "peer": list }));
    assert!(gcnet_reach::path(&closed, "juki", "endpoint/fukushi").unwrap().verdict.is_blocked());
    // A protocol that AWS has no word for here might be any.
    let strange = with(&all, json!({ "protocol": "new", "ports": null, "peer": "10.0.0.0/8" }));
    assert_eq!(assumed(&strange, "juki"), ["vpce-fukushi: 10.0.0.0/8"]);
}

/// One of the nine files with a replacement in a folder of its own, and the binary run there: exit code, stdout, stderr.
fn gcnet(from: &str, to: &str, commands: &[&str]) -> Vec<(Option<i32>, String, String)> {
    let dir = tempfile::tempdir().unwrap();
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml")).unwrap();
    assert!(text.contains(from), "the file has no {from}");
    std::fs::create_dir(dir.path().join("municipalities")).unwrap();
    std::fs::write(dir.path().join("municipalities/itano.yaml"), text.replacen(from, to, 1)).unwrap();
    let run = |command: &&str| {
        let mut gcnet = Command::new(env!("CARGO_BIN_EXE_gcnet"));
        gcnet.arg("--dir").arg(dir.path()).args(["--sandbox", "--lang", "en"]).args(command.split(' '));
        let ran = gcnet.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
    };
    commands.iter().map(run).collect()
}

/// The line brings less than on-premises has, and nothing but the walk through the tables finds it.
#[test]
fn a_contradiction_is_told_with_its_path_before_anything_is_written() {
    let line = ("    opens: 2025-04以降", "    onprem_cidrs: [10.21.0.0/17, 172.20.21.0/24]\n    opens: 2025-04以降");
    let commands = [
        "validate itano",
        "plan itano",
        "apply itano --yes",
        "reach itano",
        "reach itano --json",
        "reach itano --live",
        "reach itano --from onprem --to juki --when-open",
    ];
    let ran = gcnet(line.0, line.1, &commands);
    for (command, (code, out, err)) in commands.iter().zip(&ran) {
        let is_path = command.contains("--from");
        assert_eq!(*code, Some(if is_path { 0 } else { 1 }), "{command}: {out}{err}");
    }
    let path = "x rt-juki, coming from juki: no route";
    for (_, out, err) in &ran[..3] {
        let told = format!("{out}{err}");
        assert!(told.contains("[V22]") && told.contains("itano.yaml:97:11") && told.contains(path), "{told}");
    }
    let (_, table, _) = &ran[3];
    assert!(table.contains("! onprem <-> juki") && table.contains(" --from onprem --to juki --when-open"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&ran[4].1).unwrap();
    let broken = json["rules"].as_array().unwrap().iter().filter(|rule| rule["state"] == "broken").count();
    assert_eq!(broken, 9);
    assert!(ran[5].1.contains(", live\n") && ran[5].1.contains("`gcnet apply` makes them"), "{}", ran[5].1);
    assert!(ran[6].1.contains(path), "{}", ran[6].1);
}

#[test]
fn places_are_called_as_the_table_calls_them() {
    let commands = [
        "reach itano",
        "reach itano --from onpren --to juki",
        "reach itano --from onprem",
        "reach itano --from hoken --to shared",
        "reach itano --from hoken --to shared --json",
    ];
    let ran = gcnet("板野町", "板野町", &commands);
    assert_eq!(ran.iter().map(|(code, ..)| *code).collect::<Vec<_>>(), [Some(0), Some(1), Some(1), Some(0), Some(1)]);
    for place in ["shared/dns", "shared/vpce"] {
        assert!(ran[3].1.contains(place), "{place}: {}", ran[3].1);
    }
    assert!(ran[1].2.contains("onpren") && ran[1].2.contains("did you mean onprem ?"), "{}", ran[1].2);
}

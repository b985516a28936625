//! From the first apply to the last destroy with other companies in between, as the README tells it.

use gcnet_sandbox::{ApiCall, Options, Sandbox};
use serde_json::{Value, json as value};

use super::{Folder, Ran, server::Server, there};
use crate::parties::{services::PROVIDES, story::role_of};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

/// By address: whose move it is.
fn states(folder: &Folder, city: &str) -> Vec<(String, String)> {
    let listing = json(&folder.run(&format!("--sandbox show {city} --json")).succeeds());
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{listing}")).to_string();
    let all = listing["handshakes"].as_array().unwrap();
    all.iter().map(|shake| (text(&shake["address"]), text(&shake["state"]))).collect()
}

fn state(folder: &Folder, address: &str) -> String {
    state_in(folder, "itano", address)
}

fn state_in(folder: &Folder, city: &str, address: &str) -> String {
    let all = states(folder, city);
    all.iter().find(|(known, _)| known == address).unwrap_or_else(|| panic!("{all:#?}")).1.clone()
}

const ATTACHMENT: &str = "foreign-attachment/main/vpc-a100000000000051a";
const OFFER: &str = "endpoint-offer/com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015";

#[test]
fn the_readmes_commands_in_order() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply itano --yes").succeeds();
    folder.run("--sandbox -q apply itano --yes --detailed-exitcode").ends_with(3);
    assert_eq!(state(&folder, ATTACHMENT), "theirs");
    assert_eq!(state(&folder, "line/lgcs"), "theirs");

    let listing = json(&folder.run("--sandbox show itano --json").succeeds());
    let resources = listing["resources"].as_array().unwrap();
    let gateway = resources.iter().find(|resource| resource["address"] == "transit-gateway/main").unwrap();
    let gateway = gateway["id"].as_str().unwrap();
    let sheets = folder.run("--sandbox --lang en requests itano").succeeds();
    assert_eq!(sheets.err, "");
    let attach = "aws ec2 create-transit-gateway-vpc-attachment";
    assert_eq!(sheets.out.matches(attach).count(), 3, "{}", sheets.out);
    let gateways = sheets.out.lines().filter(|line| line.contains("--transit-gateway-id ")).collect::<Vec<_>>();
    assert!(gateways.iter().all(|line| line.contains(gateway)), "{gateways:#?}");
    assert!(gateways.len() > 3, "their routes as well: {gateways:#?}");
    let command = format!("--transit-gateway-id {gateway}");
    for part in ["aws ec2 create-transit-gateway-vpc-attachment", "2026-12-18", "# Request to A社", "# Request to C社"]
    {
        assert!(sheets.out.contains(part), "{part}: {}", sheets.out);
    }
    let one = folder.run("--sandbox --lang en requests itano --party c-sha").succeeds().out;
    assert!(one.contains("vpce-svc-0c300000000000015") && !one.contains("A社"), "{one}");

    for _ in 0..4 {
        folder.run("--sandbox sandbox counterpart itano").succeeds();
        folder.run("--sandbox -q apply itano --yes").succeeds();
    }
    assert_eq!(state(&folder, ATTACHMENT), "done");
    let open: Vec<_> = states(&folder, "itano").into_iter().filter(|(_, state)| state != "done").collect();
    assert_eq!(open, [("line/lgcs".to_string(), "theirs".to_string())]);

    // Nothing shows what they associated, so it is asked until the file says that they have told.
    let sheet = folder.run("--sandbox --lang en requests itano --party a-sha").succeeds().out;
    assert!(sheet.contains("associate-resolver-rule") && !sheet.contains("## 1."), "{sheet}");
    let listing = json(&folder.run("--sandbox show itano --json").succeeds());
    let rules = listing["resources"].as_array().unwrap().iter();
    let rules = rules.filter(|row| row["address"].as_str().unwrap().starts_with("resolver-rule/"));
    let rules: Vec<&str> = rules.map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(rules.len(), 3);
    let asp = "  - name: juki # 住民・税\n";
    let file = folder.read("municipalities/itano.yaml");
    assert!(file.contains(asp));
    folder.write(
        "municipalities/itano.yaml",
        &file.replace(asp, &format!("{asp}    associated: [{}]\n", rules.join(", "))),
    );
    let told = folder.run("--sandbox --lang en plan itano").succeeds();
    assert!(told.err.contains("B社") && !told.err.contains("A社"), "{}", told.err);

    // What others keep in their own tables can be asked for when they owe nothing any more.
    assert!(!folder.run("--sandbox --lang en requests itano").succeeds().out.contains("# Request to A社"));
    let all = folder.run("--sandbox --lang en requests itano --all --party a-sha").succeeds().out;
    assert!(all.contains("aws ec2 create-route") && all.contains(&command), "{all}");
    assert!(all.contains("the attachment of VPC `vpc-a100000000000051a`") && all.contains("| done |"), "{all}");
    folder.run("--sandbox requests itano --all --destroy").ends_with(1);

    // Theirs stays, so the gateway does; they leave, and everything goes.
    folder.run("--sandbox -q destroy itano --include-protected --confirm itano --yes --detailed-exitcode").ends_with(3);
    folder.run("--sandbox sandbox counterpart itano --destroy").succeeds();
    folder.run("--sandbox -q destroy itano --include-protected --confirm itano --yes --detailed-exitcode").succeeds();
    let listing = json(&folder.run("--sandbox show itano --json").succeeds());
    assert_eq!(there(&listing), 0, "{listing}");
}

/// Nobody but the file has heard of the load balancer that our service stands on; the companies have an endpoint's VPC.
#[test]
fn a_service_of_ours_is_used_by_who_is_asked() {
    let folder = Folder::new();
    let file = "municipalities/itano.yaml";
    let provides = PROVIDES.iter().fold(folder.read(file), |text, (from, to)| text.replace(from, to));
    folder.write(file, &provides);
    folder.run("--sandbox -q apply itano --yes").succeeds();
    let connection = "endpoint-connection/fukushi/200000000003";
    assert_eq!(state(&folder, connection), "theirs");
    let sheet = folder.run("--sandbox --lang en requests itano --party c-sha").succeeds().out;
    assert!(sheet.contains("aws ec2 create-vpc-endpoint"), "{sheet}");
    let told = folder.run("--sandbox --lang en sandbox counterpart itano --party c-sha").succeeds().out;
    assert!(told.ends_with(": done\n"), "{told}");
    folder.run("--sandbox -q apply itano --yes").succeeds();
    assert_eq!(state(&folder, connection), "done");
    for _ in 0..2 {
        folder.run("--sandbox sandbox counterpart itano").succeeds();
        folder.run("--sandbox -q apply itano --yes").succeeds();
    }
    let open: Vec<_> = states(&folder, "itano").into_iter().filter(|(_, state)| state != "done").collect();
    assert_eq!(open, [("line/lgcs".to_string(), "theirs".to_string())]);
    for _ in 0..2 {
        folder.run("--sandbox -q destroy itano --include-protected --confirm itano --yes").succeeds();
        folder.run("--sandbox sandbox counterpart itano --destroy").succeeds();
    }
    folder.run("--sandbox -q destroy itano --include-protected --confirm itano --yes --detailed-exitcode").succeeds();
    let listing = json(&folder.run("--sandbox show itano --json").succeeds());
    assert_eq!(there(&listing), 0, "{listing}");
}

/// The role shows what the VPC has before anything is attached: the operator decides, as without a role.
#[test]
fn with_a_role_other_ranges_than_the_files_are_the_operators_to_decide() {
    const ATTACHMENT: &str = "foreign-attachment/main/vpc-a1000000000000002";
    const LIVE: &str = "10.211.2.0/24";
    const FILE: &str = "10.211.102.0/24";
    let vpc = |cidr: &str| {
        let subnets = "subnets: [subnet-a1000000000000021, subnet-a1000000000000022]";
        format!(
            "vpcs: [{{ id: vpc-a1000000000000002, cidr: {cidr}, {subnets}, route_tables: [rtb-a1000000000000002] }}]"
        )
    };
    let folder = Folder::new();
    folder.edit("owner: A社,", &role_of("A社", "200000000001"));
    folder.edit(&format!("vpcs: [{{ id: !sample vpc-a1000000000000002, cidr: !sample {LIVE} }}]"), &vpc(LIVE));
    // From then on the company is there.
    folder.run("--sandbox -q plan naruto").succeeds();
    folder.edit(&vpc(LIVE), &vpc(FILE));
    for lang in ["ja", "en"] {
        let ran = folder.run(&format!("--sandbox --lang {lang} apply naruto --yes")).ends_with(1);
        assert!(ran.err.contains(LIVE) && ran.err.contains(FILE), "{}", ran.err);
        for word in ["AWS の応答", "aws: ", "エラー", "error", "失敗", "failed"] {
            assert!(!ran.err.contains(word), "{word}: {}", ran.err);
        }
        assert_eq!(state_in(&folder, "naruto", ATTACHMENT), "decide");
    }
    folder.edit(&vpc(FILE), &vpc(LIVE));
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    assert_eq!(state_in(&folder, "naruto", ATTACHMENT), "done");
}

#[test]
fn a_refusal_is_a_state_and_one_party_can_move_alone() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply itano --yes").succeeds();
    folder.run("--sandbox sandbox counterpart itano --party c-sha").succeeds();
    assert_eq!(state(&folder, ATTACHMENT), "theirs", "A社 was not asked");
    assert_ne!(state(&folder, OFFER), "theirs");
    folder.run("--sandbox -q apply itano --yes").succeeds();
    assert_eq!(state(&folder, "vpc-endpoint/fukushi"), "theirs");

    let told = folder.run("--sandbox --lang en sandbox counterpart itano --party c-sha --refuse").succeeds().out;
    assert!(told.contains("refused"), "{told}");
    assert_eq!(state(&folder, "vpc-endpoint/fukushi"), "refused");
    folder.run("--sandbox -q apply itano --yes --detailed-exitcode").ends_with(3);
    folder.run("--sandbox -q apply itano --yes").succeeds();
    assert_eq!(state(&folder, "vpc-endpoint/fukushi"), "refused", "nobody was asked again");
    folder.run("--sandbox -q apply itano --yes --ask-again").succeeds();
    assert_eq!(state(&folder, "vpc-endpoint/fukushi"), "theirs");
}

#[test]
fn a_proposal_that_was_turned_down_is_refused_too() {
    const LINE: &str = "dx-association/main/00000000-0000-4000-8000-000000000002";
    let folder = Folder::new();
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    assert_eq!(state_in(&folder, "naruto", LINE), "theirs");
    folder.run("--sandbox sandbox counterpart naruto --party j-lis --refuse").succeeds();
    let plan = folder.run("--sandbox --lang en plan naruto --detailed-exitcode").ends_with(3);
    assert!(plan.out.contains("talk about the association proposal"), "{}", plan.out);
    folder.run("--sandbox -q apply naruto --yes --detailed-exitcode").ends_with(3);
    assert_eq!(state_in(&folder, "naruto", LINE), "refused", "nobody was asked again");
    let sheet = folder.run("--sandbox --lang en requests naruto --party j-lis").succeeds().out;
    assert!(sheet.contains("association proposal that was turned down"), "{sheet}");
    let plan = folder.run("--sandbox --lang en plan naruto --ask-again --detailed-exitcode").ends_with(2);
    assert!(plan.out.contains("refused"), "{}", plan.out);
    folder.run("--sandbox -q apply naruto --yes --ask-again").succeeds();
    assert_eq!(state_in(&folder, "naruto", LINE), "theirs");
}

/// What they would have to make cannot be declined, and what they declined cannot be declined again.
#[test]
fn what_cannot_be_refused_is_said_to_be_so_and_why() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    let told = folder.run("--sandbox --lang en sandbox counterpart naruto --refuse").succeeds().out;
    let line = |action: &str| told.lines().find(|line| line.contains(action)).unwrap_or_else(|| panic!("{told}"));
    assert!(line("attach the VPC").contains("cannot be refused (it is theirs to make"), "{told}");
    assert!(line("accept the association proposal").ends_with(": refused"), "{told}");
    let told = folder.run("--sandbox --lang en sandbox counterpart naruto --party j-lis --refuse").succeeds().out;
    assert!(told.contains("refused already"), "{told}");
    assert_eq!(state_in(&folder, "naruto", "foreign-attachment/main/vpc-a1000000000000002"), "theirs");
}

/// A call of A社 in the folder's sandbox.
async fn a_sha(folder: &Folder, operation: &str, input: Value) {
    let file = Options { file: Some(folder.path(".gcnet/sandbox.json")), ..Options::default() };
    let sandbox = Sandbox::start(file).await.unwrap();
    let (account, region, service) = ("200000000001".into(), "ap-northeast-1".into(), "iam".into());
    sandbox.call(&ApiCall { account, region, service, operation: operation.into(), input, id: None }).unwrap();
    sandbox.stop().await;
}

/// Whom A社's role trusts.
async fn trust(folder: &Folder, account: &str) {
    let trust = value!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": format!("arn:aws:iam::{account}:root") } },
    ] });
    a_sha(folder, "UpdateAssumeRolePolicy", value!({ "RoleName": "gcnet", "PolicyDocument": trust.to_string() })).await;
}

/// What is ours goes; of what we may have made in their account nobody can tell, so the role is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_destruction_without_the_role_that_helped_to_build_asks_for_it_and_leaves_nothing_of_ours() {
    let folder = Folder::new();
    folder.edit("owner: A社,", &role_of("A社", "200000000001"));
    folder.edit(
        "vpcs: [{ id: !sample vpc-a1000000000000002, cidr: !sample 10.211.2.0/24 }]",
        "vpcs: [{ id: vpc-a1000000000000002, cidr: 10.211.2.0/24, subnets: [subnet-a1000000000000021, subnet-a1000000000000022] }]",
    );
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    // Attached and accepted; the file names no table, so their routes are asked for.
    assert_eq!(state_in(&folder, "naruto", "foreign-attachment/main/vpc-a1000000000000002"), "theirs");
    trust(&folder, "200000000001").await;
    let attached = "foreign-attachment/main/vpc-a1000000000000002";
    assert_eq!(state_in(&folder, "naruto", attached), "done", "what works goes on working");

    folder
        .run("--sandbox -q destroy naruto --include-protected --confirm naruto --yes --detailed-exitcode")
        .ends_with(3);
    let left = json(&folder.run("--sandbox show naruto --json").succeeds());
    assert_eq!(there(&left), 0, "{left}");
    let sheet = folder.run("--sandbox --lang en requests naruto --destroy").succeeds().out;
    assert!(sheet.contains("Let the role that you gave us be assumed again"), "{sheet}");
    trust(&folder, "100000000002").await;
    folder.run("--sandbox -q destroy naruto --include-protected --confirm naruto --yes --detailed-exitcode").succeeds();
}

#[test]
fn parties_that_nobody_knows_are_named_as_such() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply itano --yes").succeeds();
    let ran = folder.run("--sandbox requests itano --party c-shaa").fails_with_a_hint();
    assert!(ran.err.contains("c-shaa") && ran.err.contains("c-sha"), "{}", ran.err);
    let ran = folder.run("--sandbox sandbox counterpart itano --party c-shaa").fails_with_a_hint();
    assert!(ran.err.contains("c-shaa"), "{}", ran.err);
    folder.run("sandbox counterpart itano").fails_with_a_hint();
}

/// The other party's VPC has a range that the file does not know.
#[test]
fn a_range_that_is_not_the_files_is_named_and_told_to_nobody() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    let server = Server::start(&folder, "");
    server.ec2_of("200000000004", "Action=AssociateVpcCidrBlock&VpcId=vpc-d4000000000000002&CidrBlock=10.98.0.0/24");
    drop(server);
    folder.run("--sandbox sandbox counterpart naruto").succeeds();
    let both = ["10.214.2.0/24; AWS: 10.98.0.0/24, 10.214.2.0/24", "tgw-attach-"];
    let ran = folder.run("--sandbox --lang en apply naruto --yes").ends_with(1);
    assert!(both.iter().all(|part| flat(&ran.err).contains(part)), "{}", ran.err);
    let ran = folder.run("--sandbox --lang en apply naruto --yes").ends_with(1);
    assert!(flat(&ran.err).contains("Nothing to change, but something has to be decided"), "{}", ran.err);
    let ran = folder.run("--sandbox --lang en show naruto").succeeds();
    assert!(both.iter().all(|part| flat(&ran.out).contains(part)), "{}", ran.out);
    let listing = json(&folder.run("--sandbox show naruto --json").succeeds());
    let resources = listing["resources"].as_array().unwrap().iter().filter_map(|row| row["address"].as_str());
    let learned = resources.filter(|at| at.starts_with("tgw-propagation/") && at.ends_with("vpc-d4000000000000002"));
    assert_eq!(learned.collect::<Vec<_>>(), ["tgw-propagation/rt-gakko/main/vpc-d4000000000000002"]);

    let right = "vpc-d4000000000000002, cidr: !sample 10.214.2.0/24";
    folder.edit(right, &format!("{right}, secondary_cidrs: [10.98.0.0/24]"));
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    let plan = json(&folder.run("--sandbox plan naruto --json").succeeds());
    assert_eq!(plan["steps"].as_array().unwrap().len(), 0, "{plan}");
    let owed = plan["waiting"].as_array().unwrap().iter().filter(|owed| owed["state"] == "ours");
    assert_eq!(owed.count(), 0, "{plan}");
}

/// They have asked, and nobody has accepted: the destroy refuses them and is done.
#[test]
fn what_was_only_asked_for_is_refused_by_a_destroy() {
    let folder = Folder::new();
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    folder.run("--sandbox sandbox counterpart naruto").succeeds();
    let ran = folder
        .run("--sandbox --lang en destroy naruto --include-protected --confirm naruto --yes --detailed-exitcode")
        .succeeds();
    let plan = flat(&ran.err);
    assert_eq!(plan.matches("# refuse the request, which nobody has accepted: transit-gateway/main goes").count(), 4);
    assert!(plan.contains("nothing of naruto is left"), "{}", ran.err);
    let listing = json(&folder.run("--sandbox show naruto --json").succeeds());
    assert_eq!(there(&listing), 0, "{listing}");
}

/// Without the breaks of lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// By key, company or account; who is not in the file is not said to owe nothing.
#[test]
fn a_party_is_found_by_each_of_its_names_and_nobody_moves_before_its_turn() {
    let folder = Folder::new();
    let early = folder.run("--sandbox --lang en sandbox counterpart itano --party A社").succeeds().out;
    assert!(early.contains("its turn has not come") && !early.contains("not done by a call"), "{early}");

    folder.run("--sandbox -q apply itano --yes").succeeds();
    let sheet = |party: &str| folder.run(&format!("--sandbox --lang en requests itano --party {party}"));
    let by_key = sheet("c-sha").succeeds().out;
    assert!(by_key.contains("# Request to C社"), "{by_key}");
    assert_eq!((sheet("C社").succeeds().out, sheet("200000000003").succeeds().out), (by_key.clone(), by_key));
    for command in ["requests itano --party nobody", "sandbox counterpart itano --party nobody"] {
        let refused = folder.run(&format!("--sandbox --lang en {command}")).ends_with(1);
        assert!(refused.err.contains("no party in the file is called nobody"), "{}", refused.err);
    }
}

/// What the README shows of outputs is what is put out.
#[test]
fn the_readmes_outputs_are_real() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let shown = |from: &str, to: &str| -> Vec<String> {
        let lines = readme.lines().skip_while(|line| !line.contains(from)).skip(1);
        let lines = lines.take_while(|line| !line.contains(to)).filter(|line| line.starts_with("    "));
        let lines = lines.map(|line| line.strip_prefix("    ").unwrap_or(line).trim_end().to_string());
        lines.filter(|line| !line.is_empty() && line != "…").collect()
    };
    let folder = Folder::new();
    let reached = folder.run("reach itano --lang en").succeeds().out;
    let matrix = shown("$ gcnet reach itano --lang en", "`O` reaches");
    assert!(matrix.len() > 10);
    let planned = folder.run("--sandbox plan naruto --lang en").succeeds().out;
    let plan = shown("$ gcnet --sandbox plan naruto --lang en", "Somebody changes something");
    let resolve = "resolve itano ca.gc.itano.example --from juki --lang en";
    let resolved = folder.run(resolve).succeeds().out;
    let path = shown(&format!("$ gcnet {resolve}"), "Without `--from`");
    assert!(path.len() > 5);
    for (excerpt, output) in [(matrix, reached), (plan, planned), (path, resolved)] {
        for line in excerpt {
            assert!(output.lines().any(|real| real.trim_end() == line), "README: {line}\n{output}");
        }
    }
}

/// Late reads are for clients: the companies of a fresh folder are there before.
#[test]
fn a_fresh_folder_is_served_with_late_reads() {
    let folder = Folder::new();
    for options in ["--read-lag 20", "--read-lag 20 --time-scale 1"] {
        let server = Server::start(&folder, options);
        // It answers.
        server.advance(60);
        drop(server);
        std::fs::remove_dir_all(folder.path(".gcnet")).unwrap();
    }
}

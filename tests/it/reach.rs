//! Who reaches whom: what is in AWS against what the file leads to.

use std::{path::Path, process::Command};

use gcnet::{
    blueprint::{self, Wish},
    config::schema::Municipality,
    handshake,
    reach::{self, Outcome, Patience},
};
use gcnet_aws::{Aws, KINDS};
use gcnet_core::{World, observe, plan};
use gcnet_reach::{Network, Verdict};

use crate::{
    parties::story::Story,
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

//! What becomes of names: what is in AWS against what the file leads to.

use std::process::Command;

use gcnet::{blueprint, config::schema::Municipality, resolve};
use gcnet_aws::{Aws, KINDS};
use gcnet_core::{World, observe};
use gcnet_resolve::{Outcome, RecordType, Resolution, Resolver};

use crate::{
    parties::story::Story,
    support::{city, converge, fleet},
};

/// What is in AWS now, as the command line looks at it.
async fn live(aws: &Aws, municipality: &Municipality) -> Resolution {
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    resolve::live(municipality, observed.of(&blueprint::stack(municipality)).unwrap())
}

fn end(model: &Resolution, from: &str, name: &str) -> Outcome {
    let asker = resolve::asker(model, from).remove(0);
    let answer = Resolver::new(model).unwrap().query(&asker, &name.parse().unwrap(), RecordType::A).unwrap();
    answer.certain().unwrap().clone()
}

/// Both views are made by one translation; here they are made of different things.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_built_is_what_was_planned() {
    for name in fleet().names() {
        let municipality = city(name);
        let story = Story::begin(municipality.clone()).await;
        story.settle().await;
        let aws = story.aws().await;
        assert_eq!(live(&aws, &municipality).await, resolve::planned(&municipality), "{name}");
    }
}

/// What others have not done yet is not there: their zones do not answer here, nor ours there.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_owe_does_not_answer_yet() {
    let itano = city("itano");
    let wish = blueprint::wish(&itano);
    let story = Story::begin(itano.clone()).await;
    let aws = story.aws().await;
    let nothing = live(&aws, &itano).await;
    assert!(nothing.rules.is_empty() && nothing.inbound.is_empty());

    converge(&aws, &wish.desired).await;
    let now = live(&aws, &itano).await;
    assert!(matches!(end(&now, "on-premises", "koseki.gc.itano.example"), Outcome::Records { .. }));
    let theirs = "www.hoken.itano.asp-b.example";
    assert!(!matches!(end(&now, "shared", theirs), Outcome::Unseen { .. }));
    assert!(matches!(end(&now, "hoken", theirs), Outcome::Unseen { .. }), "their own VPC has it");
    assert_eq!(end(&now, "hoken", "koseki.gc.itano.example"), Outcome::Internet);
    // In one organisation nobody has to accept a rule, and what is given is taken as used: no read shows more.
    let given = end(&now, "hoken", "www.town.itano.example");
    assert!(matches!(&given, Outcome::Answered { server, .. } if server == "on-premises"), "{given:?}");
}

/// The binary among the nine files: exit code, stdout, stderr.
fn gcnet(command: &str) -> (Option<i32>, String, String) {
    let mut gcnet = Command::new(env!("CARGO_BIN_EXE_gcnet"));
    let ran =
        gcnet.args(["--lang", "en", "--dir", env!("CARGO_MANIFEST_DIR")]).args(command.split(' ')).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

#[test]
fn names_and_askers_are_taken_as_people_write_them() {
    let (code, out, err) = gcnet("resolve itano 10.21.3.4 --from onprem");
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("4.3.21.10.in-addr.arpa PTR"), "{out}");
    let (code, out, _) = gcnet("resolve itano koseki.gc.itano.example --type txt --json");
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["answers"].as_array().unwrap().len(), 5, "on-premises, the shared VPC and three ASPs");
    assert_eq!(json["answers"][1]["ways"][0]["outcome"], "no_data");
    let (_, out, _) = gcnet("resolve itano 役場.town.itano.example --from juki");
    assert!(out.contains("xn--rlsz2o.town.itano.example A from the VPC of juki"), "{out}");
    let (code, _, err) = gcnet("resolve itano a..b");
    assert!(code == Some(1) && err.contains("not a domain name"), "{err}");
    let (code, _, err) = gcnet("resolve itano a.example --from jukki");
    assert!(code == Some(1) && err.contains("did you mean juki ?"), "{err}");
}

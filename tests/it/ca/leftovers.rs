//! What no file wants any more.

use std::fs;

use serde_json::{Value, json};

use super::{built, folder, json};

fn leftovers(folder: &crate::cli::Folder, line: &str) -> Value {
    json(folder.run(&format!("--sandbox leftovers --json {line}")))
}

#[test]
fn what_is_wished_is_no_leftover() {
    let folder = built(folder());
    let none = leftovers(&folder, "naruto");
    assert_eq!(
        (&none["leftovers"], &none["restorable"], &none["monthly_usd"]),
        (&json!([]), &json!([]), &json!("0.00"))
    );
    let said = folder.run("--sandbox leftovers naruto").succeeds();
    assert!(said.out.contains("Nothing that no file wants"), "{}", said.out);
    let account = none["looked_into"][0]["account"].as_str().unwrap();
    assert!(said.out.contains(&format!("Looked into: {account} ap-northeast-1")), "{}", said.out);
    folder.run("--sandbox leftovers").ends_with(1);
    folder.run("--sandbox leftovers nowhere").fails_with_a_hint();
}

/// Its file became one of another environment, then another municipality has the account, then the authority is deleted.
#[test]
fn stacks_and_authorities_that_nobody_wants() {
    let folder = built(folder());
    let file = folder.read("municipalities/naruto.yaml");
    folder.write("municipalities/naruto.yaml", &without_block(&file, "private_ca"));
    let one = leftovers(&folder, "naruto");
    let rows = one["leftovers"].as_array().unwrap();
    let authority = rows.iter().find(|row| row["address"] == "certificate-authority/root").unwrap();
    assert_eq!((&authority["why"], &authority["monthly_usd"]), (&json!("not_wished"), &json!("400.00")));
    assert!(authority["created_at"].is_string() && authority["age_days"] == json!(0), "{authority}");
    assert!(rows.iter().all(|row| row["why"] == "not_wished") && one["monthly_usd"] == "400.00", "{one}");
    let text = folder.run("--sandbox leftovers naruto").succeeds().out;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in
        ["400.00 USD", "it is protected", "does not delete it", "`gcnet --sandbox destroy naruto --include-protected`"]
    {
        assert!(words.contains(said), "{said}: {text}");
    }
    assert_eq!(authority["protected"], json!(true));

    folder.write("municipalities/naruto.yaml", &file.replacen("environment: prod", "environment: stg", 1));
    let other = leftovers(&folder, "naruto");
    let rows = other["leftovers"].as_array().unwrap();
    assert!(
        rows.len() > 30 && rows.iter().all(|row| row["why"] == "other_environment" && row["file_environment"] == "stg")
    );
    assert!(
        !rows.iter().any(|row| row["address"].as_str().unwrap().starts_with("route/")),
        "entries go with their tables"
    );
    let vpc = rows.iter().find(|row| row["address"] == "vpc/shared").unwrap();
    assert!(vpc.get("created_at").is_none(), "AWS does not tell");

    folder.write("municipalities/naruto.yaml", &file);
    folder.run("--sandbox -q destroy naruto --yes --include-protected --confirm naruto").succeeds();
    let gone = leftovers(&folder, "--all");
    assert_eq!(gone["leftovers"], json!([]));
    let restorable = &gone["restorable"][0];
    assert_eq!((&restorable["municipality"], &restorable["name"]), (&json!("naruto"), &json!("root")));
    let command = restorable["command"].as_str().unwrap().strip_prefix("gcnet ").unwrap().to_string();
    folder.run(&format!("{command} --yes")).succeeds();
    assert_eq!(leftovers(&folder, "--all")["restorable"], json!([]));
}

/// A stack whose file is gone is found by whoever has the account; one whose file is only broken is not judged.
#[test]
fn a_file_that_is_gone_and_one_that_is_broken() {
    let folder = built(folder());
    let file = folder.read("municipalities/naruto.yaml");
    let itano = folder.read("municipalities/itano.yaml");
    fs::remove_file(folder.path("municipalities/naruto.yaml")).unwrap();
    folder.write("municipalities/itano.yaml", &itano.replace(&network(&itano), &network(&file)));
    let gone = leftovers(&folder, "itano");
    let rows = gone["leftovers"].as_array().unwrap();
    assert!(
        rows.len() > 30 && rows.iter().all(|row| row["why"] == "no_file" && row["municipality"] == "naruto"),
        "{gone}"
    );

    folder.write("municipalities/naruto.yaml", "shared_vpc: [");
    let ran = folder.run("--sandbox leftovers itano --json").succeeds();
    let broken: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(broken["leftovers"], json!([]), "it may want all of it");
    assert!(ran.err.contains("naruto"), "{}", ran.err);
}

/// A file of the same account in another Region wants none of the network, and may want what every Region shows.
#[test]
fn a_file_of_another_region_or_account() {
    let folder = built(folder());
    let (file, itano) = (folder.read("municipalities/naruto.yaml"), folder.read("municipalities/itano.yaml"));
    // One account may serve several.
    let shared = |text: &str| text.replacen("model: single-use", "model: shared-use", 1);
    let file = shared(&file);
    folder.write("municipalities/naruto.yaml", &file);
    folder.write("municipalities/itano.yaml", &shared(&itano).replace(&network(&itano), &network(&file)));
    let kinds = || {
        let found = leftovers(&folder, "itano");
        let rows: Vec<Value> = found["leftovers"].as_array().unwrap().clone();
        assert!(rows.iter().all(|row| row["why"] == "other_place" && row["municipality"] == "naruto"), "{found}");
        let kind = |row: &Value| row["address"].as_str().unwrap().split('/').next().unwrap().to_string();
        rows.iter().map(kind).collect::<std::collections::BTreeSet<String>>()
    };
    let global = ["hosted-zone", "role"].map(String::from);
    folder.edit("region: ap-northeast-1", "region: ap-northeast-3");
    let near = kinds();
    assert!(near.contains("vpc") && near.contains("certificate-authority"), "{near:?}");
    assert!(!global.iter().any(|kind| near.contains(kind)), "{near:?}");
    // Not what only the Region differs for.
    folder.write("municipalities/naruto.yaml", &file.replace(&network(&file), "100000000098"));
    let far = kinds();
    assert!(global.iter().all(|kind| far.contains(kind)) && far.is_superset(&near), "{far:?}");
}

/// A test whose last day has passed, by the file's own day: it may have been put off since the tags were written.
#[test]
fn a_test_that_is_over() {
    let folder = folder();
    let file = without_block(&folder.read("municipalities/naruto.yaml"), "private_ca");
    let until = |day: &str| {
        let test = file.replacen("environment: prod", &format!("expires: {day}\nenvironment: test"), 1);
        folder.write("municipalities/naruto.yaml", &test);
    };
    until("2099-12-31");
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    assert_eq!(leftovers(&folder, "naruto")["leftovers"], json!([]));
    until("2026-01-31");
    let over = leftovers(&folder, "naruto");
    let rows = over["leftovers"].as_array().unwrap();
    assert!(rows.len() > 30 && rows.iter().all(|row| row["why"] == "expired"), "{over}");
    let said = folder.run("--sandbox leftovers naruto").succeeds().out;
    assert!(said.contains("2026-01-31"), "{said}");
}

/// The account of a file's network.
fn network(file: &str) -> String {
    file.split("network:").nth(1).unwrap().split("id: !sample \"").nth(1).unwrap()[..12].to_string()
}

/// A file without one of its blocks.
pub(super) fn without_block(text: &str, block: &str) -> String {
    let mut inside = false;
    let lines = text.lines().filter(|line| {
        if !line.starts_with(' ') {
            inside = line.starts_with(&format!("{block}:"));
        }
        !inside
    });
    lines.collect::<Vec<_>>().join("\n").replace("private_ca: ○", "private_ca: －") + "\n"
}

//! An authority from its making to its restoration.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{built, folder, json, pass, two_levels};
use crate::cli::{Folder, server::Server};

#[test]
fn it_is_made_shared_deleted_and_restored() {
    let folder = built(folder());
    let status = |folder: &Folder| json(folder.run("--sandbox ca status naruto --json"))["authorities"].clone();
    let before = status(&folder);
    let root = &before[0];
    assert_eq!(
        (&root["status"], &root["monthly_usd"], &root["revocation"]),
        (&json!("ACTIVE"), &json!("400.00"), &json!("none"))
    );
    assert_eq!(root["shared_with"].as_array().unwrap().len(), 2);
    assert!(root["days_left"].as_i64().unwrap() > 7000 && root["expires_soon"] == json!(false));

    let certificate = folder.run("--sandbox -q ca export naruto").succeeds().out;
    let none = folder.run("--sandbox ca restore naruto --yes").fails_with_a_hint();
    assert!(none.err.contains("gcnet --sandbox ca status naruto"), "{}", none.err);
    let ran = folder.run("--sandbox destroy naruto --yes --include-protected --confirm naruto").succeeds();
    let deleted = status(&folder);
    let told = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("can be restored until 20"), "{told}");
    assert!(told.contains("`gcnet --sandbox ca restore naruto` brings it back"), "{told}");
    assert_eq!((&deleted[0]["status"], &deleted[0]["monthly_usd"]), (&json!("DELETED"), &json!("0.00")));
    assert!(deleted[0]["restorable_until"].is_string() && deleted[0]["arn"] == root["arn"]);
    let revoke = "revoke naruto 6f:0a:bc --reason superseded --yes";
    for line in ["export naruto", "issue naruto --name a.example.jp", "list naruto", revoke] {
        let ran = folder.run(&format!("--sandbox ca {line}")).fails_with_a_hint();
        assert!(ran.err.contains("gcnet --sandbox ca restore naruto"), "{}", ran.err);
    }

    let asked = folder.run("--sandbox ca restore naruto").fails_with_a_hint();
    assert!(asked.err.contains("--yes"), "{}", asked.err);
    assert_eq!(status(&folder), deleted, "nobody has agreed");
    folder.run("--sandbox -q ca restore naruto --yes").succeeds();
    let restored = status(&folder);
    assert_eq!((&restored[0]["status"], &restored[0]["arn"]), (&json!("ACTIVE"), &root["arn"]));
    assert_eq!(folder.run("--sandbox -q ca export naruto").succeeds().out, certificate);
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    assert_eq!(status(&folder)[0]["shared_with"].as_array().unwrap().len(), 2);
}

/// In one command, which has one record.
#[test]
fn two_levels_come_back_together() {
    let folder = built(two_levels());
    folder.run("--sandbox -q destroy naruto --yes --include-protected --confirm naruto").succeeds();
    folder.run("--sandbox -q ca restore naruto --yes").succeeds();
    let authorities = json(folder.run("--sandbox ca status naruto --json"))["authorities"].clone();
    let statuses = authorities.as_array().unwrap().iter().map(|ca| ca["status"].as_str().unwrap());
    assert_eq!(statuses.collect::<Vec<_>>(), ["ACTIVE", "ACTIVE"]);
    let run = json(folder.run("history naruto --last 1 --json"))["runs"][0].clone();
    assert_eq!((&run["command"], &run["ended"]["result"]), (&json!("ca-restore"), &json!("done")), "{run}");
    let calls = run["calls"].as_array().unwrap().iter();
    let restored = calls.filter(|call| call["operation"] == "acm-pca:RestoreCertificateAuthority");
    assert_eq!(restored.count(), 2, "{run}");
}

/// For machines it is an event; beside a living one of its name it is told without a command that would be refused.
#[test]
fn what_a_run_deleted_can_be_restored() {
    let folder = folder();
    folder.edit("  protect: true", "  protect: false");
    let folder = built(folder);
    let arn = json(folder.run("--sandbox ca status naruto --json"))["authorities"][0]["arn"].clone();
    let event = |line: &str| {
        let out = folder.run(&format!("--sandbox {line} --yes --json")).out;
        let events = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        events.filter(|event| event["event"] == "restorable").map(|event| event["authorities"].clone()).next()
    };
    assert_eq!(event("apply naruto"), None, "nothing was deleted");
    folder.edit("Naruto GC Root CA", "Naruto GC Root CA 2");
    let replaced = event("apply naruto").unwrap();
    assert_eq!((&replaced[0]["arn"], &replaced[0]["name"], replaced[0].get("command")), (&arn, &json!("root"), None));
    assert!(replaced[0]["restorable_until"].is_string(), "{replaced}");
    // Two of one name: which is meant has to be said.
    let gone = event("destroy naruto").unwrap();
    let command = format!("gcnet --sandbox ca restore naruto --arn {}", gone[0]["arn"].as_str().unwrap());
    assert!(gone[0]["command"] == json!(command) && gone[0]["arn"] != arn, "{gone}");
}

/// Somebody took the tag away in AWS: the file still says that it is protected.
#[test]
fn the_file_protects_as_well() {
    let folder = folder();
    let server = Server::start(&folder, "--time-scale 1000");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let list = || server.acm_pca("ListCertificateAuthorities", &json!({}))["CertificateAuthorities"][0].clone();
    let tags = json!([{ "Key": "gcnet:protect" }]);
    server.acm_pca("UntagCertificateAuthority", &json!({ "CertificateAuthorityArn": list()["Arn"], "Tags": tags }));
    server.run(&folder, "-q destroy naruto --yes");
    assert_eq!(list()["Status"], "ACTIVE");
    // What is said with it takes a typed name.
    server.run(&folder, "-q destroy naruto --yes --include-protected").fails_with_a_hint();
    assert_eq!(list()["Status"], "ACTIVE");
    server.run(&folder, "-q destroy naruto --include-protected --confirm naruto").succeeds();
    assert_eq!(list()["Status"], "DELETED");
}

/// Two lives under one name: which of them comes back is for a person to say.
#[test]
fn of_several_deleted_ones_none_is_chosen() {
    let folder = folder();
    folder.edit("  protect: true", "  protect: false");
    let folder = built(folder);
    // Another subject is another authority.
    folder.edit("Naruto GC Root CA", "Naruto GC Root CA 2");
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    let occupied = folder.run("--sandbox ca restore naruto --yes").fails_with_a_hint();
    assert!(occupied.err.contains("is there"), "{}", occupied.err);
    folder.run("--sandbox -q destroy naruto --yes --include-protected --confirm naruto").succeeds();
    let rows = json(folder.run("--sandbox ca status naruto --json"))["authorities"].clone();
    let arns: Vec<String> = rows.as_array().unwrap().iter().map(|row| row["arn"].as_str().unwrap().into()).collect();
    assert_eq!(arns.len(), 2);
    let choose = folder.run("--sandbox ca restore naruto --yes").fails_with_a_hint();
    assert!(arns.iter().all(|arn| choose.err.replace(['\n', ' '], "").contains(arn)), "{}", choose.err);
    folder.run("--sandbox ca restore naruto --yes --arn arn:aws:acm-pca:x").fails_with_a_hint();
    folder.run(&format!("--sandbox -q ca restore naruto --yes --arn {}", arns[1])).succeeds();
    let rows = json(folder.run("--sandbox ca status naruto --json"))["authorities"].clone();
    assert_eq!((&rows[0]["arn"], &rows[0]["status"]), (&json!(arns[1]), &json!("ACTIVE")));
}

/// Before anything is made: what is made first would be charged, and could not be signed.
#[test]
fn a_day_to_come_is_refused_by_plans_already() {
    let folder = folder();
    folder.edit("warn_days: 365", "warn_days: 365, reissued_since: 2099-01-01");
    for command in ["plan naruto", "apply naruto --yes"] {
        let ran = folder.run(&format!("--sandbox {command}")).fails_with_a_hint();
        assert!(ran.err.contains("private_ca.renewal.reissued_since is 2099-01-01"), "{command}: {}", ran.err);
    }
    assert_eq!(json(folder.run("--sandbox ca status naruto --json"))["authorities"], json!([]));
}

/// A protected authority that the file would replace: what forces it, and the way out; the others of the plan go on.
#[test]
fn a_protected_one_says_why_it_is_not_replaced() {
    let folder = built(folder());
    folder.edit("Naruto GC Root CA", "Naruto GC Root CA 2");
    let ran = folder.run("--sandbox plan naruto");
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["common_name=Naruto GC Root CA 2", "set protect: false, apply that alone"] {
        assert!(said.contains(part), "{part}: {}", ran.out);
    }
}

#[test]
fn there_is_none() {
    let folder = folder();
    let mut told = String::new();
    for line in [
        "ca status anan",
        "ca export naruto",
        "ca export naruto --which subordinate",
        "ca restore naruto",
        "ca list naruto",
    ] {
        for lang in ["en", "ja"] {
            told += &format!(
                "{line}:\n{}\n",
                folder.run(&format!("--lang {lang} --sandbox {line}")).fails_with_a_hint().err
            );
        }
    }
    assert_snapshot!(told);
    assert!(folder.run("--sandbox ca status naruto").succeeds().out.contains("No CA of it is in AWS"));
}

/// A report is written once in thirty minutes; until then the last one is shown, and said to be old.
#[test]
fn a_report_is_as_old_as_it_says() {
    let folder = two_levels();
    let server = Server::start(&folder, "--time-scale 100");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let list = |line: &str| json(server.run(&folder, &format!("-q ca list naruto --json {line}")));
    let count = |list: &serde_json::Value| list["certificates"].as_array().unwrap().len();
    assert_eq!(count(&list("")), 0, "a subordinate has issued nothing yet");
    assert_eq!(count(&list("--which root")), 2, "its own and the subordinate's");
    server.run(&folder, "-q ca issue naruto --name a.example.jp").succeeds();
    let old = server.run(&folder, "ca list naruto").succeeds();
    assert!(old.out.contains("None yet") && old.err.contains("this is the report of"), "{}{}", old.out, old.err);
    let old = list("");
    // Well before half an hour is over, which passes by itself on a machine that is busy.
    pass(&server, 5 * 60);
    assert_eq!(list(""), old);
    pass(&server, 30 * 60);
    let new = list("");
    assert_eq!((count(&new), &new["certificates"][0]["state"]), (1, &json!("valid")));
    assert!(new["reported_at"].as_str() > old["reported_at"].as_str());

    let serial = new["certificates"][0]["serial"].as_str().unwrap().to_string();
    for spelling in [serial.replace(':', "").to_uppercase(), new["certificates"][0]["arn"].as_str().unwrap().into()] {
        server.run(&folder, &format!("ca revoke naruto {spelling} --reason superseded --yes")).succeeds();
    }
    pass(&server, 31 * 60);
    let revoked = &list("")["certificates"][0];
    assert_eq!((&revoked["state"], &revoked["revocation_reason"]), (&json!("revoked"), &json!("SUPERSEDED")));
}

/// Somebody had a report written elsewhere: Private CA refuses another one, and there is none here.
#[test]
fn a_report_that_is_refused() {
    let folder = folder();
    let server = Server::start(&folder, "");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let refuse = json!({ "status": 400, "code": "RequestInProgressException", "message": "Your request is already in progress." });
    server.fault(
        json!({ "on": { "operation": "CreateCertificateAuthorityAuditReport" }, "effect": { "refuse": refuse } }),
    );
    let ran = server.run(&folder, "ca list naruto").fails_with_a_hint();
    assert!(ran.err.contains("only once in thirty minutes"), "{}", ran.err);
}

/// To wait does not help: its state is why, and what changes it is named.
#[test]
fn a_state_in_which_aws_refuses() {
    let folder = folder();
    let server = Server::start(&folder, "");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    server.run(&folder, "-q ca issue naruto --name a.example.jp --name A.example.jp").succeeds();
    let leaf = gcnet::pki::Certificate::all(&folder.read("a.example.jp.cert.pem")).unwrap().remove(0);
    assert_eq!(leaf.names.len(), 1, "one name is named once");
    server.fault(json!({
        "on": { "operation": "RevokeCertificate" },
        "effect": { "refuse": { "status": 400, "code": "InvalidStateException", "message": "not now" } },
    }));
    let revoke = format!("ca revoke naruto {} --reason superseded --yes", leaf.serial);
    let between = server.run(&folder, &revoke).fails_with_a_hint();
    assert!(between.err.contains("between two states"), "an active one passes: {}", between.err);
}

/// A destroy that could not end leaves one that is disabled: it takes back what it issued, as AWS lets it, and issues nothing.
#[test]
fn a_disabled_one_revokes_and_issues_nothing_until_an_apply() {
    let folder = folder();
    let server = Server::start(&folder, "--time-scale 100");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    server.run(&folder, "-q ca issue naruto --name a.example.jp").succeeds();
    let leaf = gcnet::pki::Certificate::all(&folder.read("a.example.jp.cert.pem")).unwrap().remove(0);
    server.fault(json!({ "on": { "operation": "DeleteCertificateAuthority" }, "effect": { "deny": "missing" } }));
    server.run(&folder, "-q destroy naruto --yes --include-protected --confirm naruto");
    server.heal();
    let revoke = format!("ca revoke naruto {} --reason superseded --yes", leaf.serial);
    server.run(&folder, &revoke).succeeds();
    let ran = server.run(&folder, "ca issue naruto --name b.example.jp").fails_with_a_hint();
    assert!(ran.err.contains("disabled") && ran.err.contains(" apply naruto`"), "{}", ran.err);
}

/// What the file no longer has is still shown, with what becomes of it.
#[test]
fn an_authority_that_the_file_does_not_have_any_more() {
    let folder = built(folder());
    let file = folder.read("municipalities/naruto.yaml");
    folder.write("municipalities/naruto.yaml", &super::leftovers::without_block(&file, "private_ca"));
    let status = folder.run("--sandbox ca status naruto").succeeds();
    assert!(status.out.contains("root CA") && status.out.contains("active"), "{}", status.out);
    assert!(status.err.contains("gcnet --sandbox leftovers naruto"), "{}", status.err);
    folder.run("--sandbox ca list naruto").fails_with_a_hint();
}

#[test]
fn what_cannot_be_revoked() {
    let folder = built(folder());
    let root = folder.run("--sandbox -q ca export naruto").succeeds().out;
    let root = gcnet::pki::Certificate::all(&root).unwrap().remove(0);
    let mut told = String::new();
    for lang in ["en", "ja"] {
        let run = |serial: &str| {
            let line = format!("--lang {lang} --sandbox ca revoke naruto {serial} --reason key-compromise --yes");
            folder.run(&line).fails_with_a_hint().err
        };
        told += &run("6f:0a:bc");
        told += &run("serial");
        told += &run(&root.serial.to_string()).replace(&root.serial.to_string(), "SERIAL");
    }
    assert_snapshot!(told);
}

//! What a run leaves behind, and what is said of it when somebody has had a hand in it.

use std::fs;

use serde_json::Value;

use super::{Folder, Ran, steady};

/// The records of a folder, oldest first.
fn records(folder: &Folder) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.path(".gcnet/runs")) else { return vec![] };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Without what differs from run to run and from machine to machine.
fn said(folder: &Folder, ran: &Ran) -> String {
    let mut text = format!("{}{}", ran.out, ran.err);
    for (n, name) in records(folder).iter().enumerate() {
        text = text.replace(name.trim_end_matches(".jsonl"), &format!("RUN-{}", n + 1));
    }
    let host = gethostname::gethostname().into_string().unwrap();
    let text = steady(&text.replace(&format!("@{host}"), "@HOST"));
    let is_hash =
        |word: &str| word.trim_end_matches(')').len() == 64 && word.starts_with(|c: char| c.is_ascii_hexdigit());
    let line = |line: &str| {
        let words = line.split(' ').map(|word| match word {
            word if is_hash(word) => word.replace(|c: char| c.is_ascii_hexdigit(), "h"),
            word if word.len() == 9 && word.ends_with('Z') && word.contains(':') => "TIME".into(),
            word => word.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let mut of_built = false;
    let lines = text.lines().map(|one| {
        let mut told = line(one);
        // How often building all of it at once is refused and asked again is a matter of timing.
        if let Some(at) = told.rfind(": ").filter(|_| of_built) {
            let counts = told.split_off(at);
            told += &counts.replace(|c: char| c.is_ascii_digit(), "N").replace("NN", "N").replace("NN", "N");
        }
        of_built = one.starts_with("RUN-1 ");
        told + "\n"
    });
    lines.collect()
}

fn one_line(ran: &Ran) -> String {
    ran.err.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn runs_are_told_and_held_to_each_other() {
    let folder = Folder::built();
    folder.edit("retention_days: 365", "retention_days: 30");
    // One after the other, so that their calls are.
    folder.run("--sandbox -q --parallelism 1 apply naruto --yes").succeeds();
    folder.run("--sandbox -q plan naruto").succeeds();
    folder.run("--sandbox -q show naruto").succeeds();
    assert_eq!(records(&folder).len(), 2, "what only looks leaves none");

    let told: Vec<String> = folder
        .in_both("history naruto")
        .into_iter()
        .chain(folder.in_both("history naruto --last 1"))
        .map(|ran| said(&folder, &ran.succeeds()))
        .collect();
    insta::assert_snapshot!("two_runs", told.join("\n"));
    let listing: Value = serde_json::from_str(&folder.run("history naruto --json").succeeds().out).unwrap();
    assert_eq!((listing["runs"].as_array().unwrap().len(), &listing["faults"]), (2, &serde_json::json!([])));
    assert_eq!(folder.run("history itano").succeeds().out, "no runs are recorded\n");

    // Somebody takes a refusal out of a record, or a whole record.
    let [first, second] = &records(&folder)[..] else { panic!() };
    let path = format!(".gcnet/runs/{first}");
    let text = folder.read(&path);
    folder.write(&path, &text.replacen("\"end\":\"ok\"", "\"end\":\"no\"", 1));
    let changed = folder.run("history naruto").ends_with(1);
    let line = text.lines().position(|line| line.contains("\"end\":\"ok\"")).unwrap() + 1;
    let told = format!("error: {first} line {line}: it was changed after it was written hint: ");
    assert!(one_line(&changed).starts_with(&told), "{}", changed.err);
    fs::remove_file(folder.path(&path)).unwrap();
    let gone = folder.run("history itano").ends_with(1);
    let later = second.trim_end_matches(".jsonl");
    let told = format!("error: {first}: it is gone: the later run {later} follows it hint: ");
    assert!(one_line(&gone).starts_with(&told), "{}", gone.err);

    // A file that is gone takes no history along.
    folder.write(&path, &text);
    let (naruto, aside) = (folder.path("municipalities/naruto.yaml"), folder.path("naruto.yaml"));
    fs::rename(&naruto, &aside).unwrap();
    assert!(folder.run("history naruto").succeeds().out.contains(later));
    folder.run("history narutoo").ends_with(1);
    fs::rename(&aside, &naruto).unwrap();

    // Nothing hangs on them.
    fs::remove_dir_all(folder.path(".gcnet/runs")).unwrap();
    folder.run("--sandbox plan naruto --detailed-exitcode").ends_with(3);
    folder.run("history naruto").succeeds();
}

#[test]
fn a_run_that_cannot_be_recorded_is_not_begun() {
    let folder = Folder::new();
    fs::create_dir(folder.path(".gcnet")).unwrap();
    folder.write(".gcnet/runs", "a file in the place of the folder");
    let refused = folder.run("--sandbox -q apply naruto --yes").ends_with(1);
    assert!(refused.err.contains("no record can be begun") && refused.err.contains("--no-record"), "{}", refused.err);
    let two = folder.run("--sandbox -q apply naruto itano --yes").ends_with(1);
    assert!(two.err.contains("not begun: itano"), "{}", two.err);
    // Machines are not told of a beginning that has no end.
    let told = folder.run("--sandbox -q apply naruto --yes --json").ends_with(1).out;
    assert!(!told.contains(r#""event":"begin""#), "{told}");
    let listing: Value = serde_json::from_str(&folder.run("--sandbox -q show naruto --json").succeeds().out).unwrap();
    assert_eq!(listing["resources"], serde_json::json!([]), "nothing was changed");
    folder.run("--sandbox -q --no-record apply naruto --yes").succeeds();
}

/// As a resource of the file, and line by line the same as on this machine; from the run on that makes the group.
#[test]
fn a_copy_goes_to_the_log_group_that_the_file_asks_for() {
    let folder = Folder::new();
    folder.edit("  kms: none\n", "  kms: none\n  audit: true\n");
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    let shown = folder.run("--sandbox -q show naruto --json").succeeds().out;
    assert!(shown.contains("/gcnet/naruto/prod/audit"), "{shown}");
    let kept: Value = serde_json::from_str(&folder.read(".gcnet/sandbox.json")).unwrap();
    let [record] = &records(&folder)[..] else { panic!() };
    let run = record.trim_end_matches(".jsonl");
    let stream = find(&kept, run).expect("a stream of the run's name");
    let messages = stream["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap());
    assert_eq!(
        messages.map(|line| format!("{line}\n")).collect::<String>(),
        folder.read(&format!(".gcnet/runs/{record}"))
    );

    // The group goes with everything else, and that fails nothing.
    let ended = folder.run("--sandbox -q destroy naruto --yes --include-protected --confirm naruto");
    assert!(!ended.err.contains("record"), "{}", ended.err);
}

/// The member of this name, wherever it is.
fn find<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(name).or_else(|| members.values().find_map(|inner| find(inner, name))),
        Value::Array(items) => items.iter().find_map(|inner| find(inner, name)),
        _ => None,
    }
}

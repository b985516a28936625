//! What scripts rely on: exit codes, what goes where, JSON, and no colour unless asked for.

use serde_json::Value;

use super::{Folder, Ran};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn exit_codes_tell_changes_from_none() {
    let folder = Folder::new();
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(2);
    folder.run("--sandbox -q plan naruto").succeeds();
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    // Nothing is left for us to do, and others owe a move.
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(3);
    folder.run("--sandbox -q plan naruto").succeeds();
    // A misread command line must not look like "something would change".
    folder.run("--sandbox plan naruto --detailed-exitcode --no-such-option").ends_with(1);
    folder.run("--version").succeeds();
}

#[test]
fn a_plan_is_documented_json() {
    let folder = Folder::new();
    let ran = folder.run("--sandbox plan naruto --json").succeeds();
    assert_eq!(ran.err, "");
    let plan = json(&ran);
    let members: Vec<&str> = plan.as_object().unwrap().keys().map(String::as_str).collect();
    for member in
        ["format_version", "municipality", "environment", "account", "region", "summary", "steps", "waiting", "api"]
    {
        assert!(members.contains(&member), "{member} is not among {members:?}");
    }
    assert_eq!((&plan["format_version"], &plan["municipality"]), (&Value::from(1), &Value::from("naruto")));
    let steps = plan["steps"].as_array().unwrap();
    assert_eq!(plan["summary"]["create"], steps.len());
    for member in ["address", "kind", "action", "why", "changes", "after"] {
        assert!(steps.iter().all(|step| step.get(member).is_some()), "{member}");
    }
    assert!(plan["api"]["calls"].as_u64().unwrap() > 5);
}

#[test]
fn all_are_a_list() {
    let ran = Folder::new().run("--sandbox plan --all --json").succeeds();
    let plans = json(&ran);
    let cities: Vec<&str> =
        plans.as_array().unwrap().iter().map(|plan| plan["municipality"].as_str().unwrap()).collect();
    assert_eq!(cities.len(), 9);
    assert!(cities.is_sorted());
}

#[test]
fn events_are_lines_of_json_between_a_version_and_a_summary() {
    let folder = Folder::new();
    for (command, count, owes) in [
        ("apply naruto --yes --json", 95, true),
        ("destroy naruto --include-protected --confirm naruto --yes --json", 100, false),
    ] {
        let ran = folder.run(&format!("--sandbox {command}")).succeeds();
        let events: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(events[0]["format_version"], 1, "{command}");
        let (lease, events) = events.split_last().unwrap();
        assert_eq!(lease["event"], "lease_released");
        let (end, after): (Vec<_>, Vec<_>) = events.iter().rev().take(2).partition(|event| event["event"] == "summary");
        assert_eq!(end[0]["done"], count, "{events:?}");
        // Who owes what is known once everything is done.
        let owed = after[0]["waiting"].as_array().filter(|_| after[0]["event"] == "owed");
        assert_eq!(owed.is_some_and(|owed| !owed.is_empty()), owes, "{after:?}");
        assert!(events.len() > 2 * count, "{} events", events.len());
    }
}

#[test]
fn show_is_json_too() {
    let folder = Folder::built();
    let listing = json(&folder.run("--sandbox show naruto --json").succeeds());
    assert_eq!((&listing["format_version"], &listing["municipality"]), (&Value::from(1), &Value::from("naruto")));
    assert_eq!(listing["resources"].as_array().unwrap().len(), 100);
}

#[test]
fn findings_are_json_too() {
    let folder = Folder::new();
    let report = json(&folder.run("validate --json").succeeds());
    assert_eq!(report["format_version"], 1);
    assert!(report.to_string().contains("V15"));
}

/// A table of a pull request: Markdown on stdout and nothing else.
#[test]
fn markdown_is_data() {
    let ran = Folder::new().run("--sandbox plan naruto --markdown").succeeds();
    assert_eq!(ran.err, "");
    assert!(ran.out.starts_with('#') && ran.out.contains("vpc/shared"), "{}", ran.out);
}

#[test]
fn colour_is_only_there_when_asked_for() {
    let folder = Folder::new();
    let coloured = |ran: &Ran| ran.out.contains('\u{1b}') || ran.err.contains('\u{1b}');
    for (options, environment, expected) in [
        ("", vec![], false),
        ("--color always", vec![], true),
        ("--color never", vec![("CLICOLOR_FORCE", "1")], false),
        ("", vec![("CLICOLOR_FORCE", "1")], true),
        ("", vec![("NO_COLOR", "1"), ("TERM", "xterm-256color")], false),
    ] {
        let ran = folder.run_with(&format!("{options} --sandbox plan naruto"), &environment).succeeds();
        assert_eq!(coloured(&ran), expected, "{options} {environment:?}");
        let ran = folder.run_with(&format!("{options} --sandbox plan narto"), &environment).fails_in_colour();
        assert_eq!(coloured(&ran), expected, "{options} {environment:?}");
    }
}

impl Ran {
    fn fails_in_colour(self) -> Self {
        let ran = self.ends_with(1);
        assert_eq!(ran.out, "");
        ran
    }
}

#[test]
fn quiet_leaves_data_and_errors() {
    let folder = Folder::new();
    let ran = folder.run("-q --sandbox apply naruto --yes").succeeds();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let ran = folder.run("-q --sandbox plan naruto").succeeds();
    assert!(ran.out.contains("Nothing left for us to do") && ran.err.is_empty(), "{}", ran.err);
    folder.run("-q --sandbox plan narto").fails_with_a_hint();
}

#[test]
fn the_log_is_json_when_asked_for_and_has_no_secrets() {
    let folder = Folder::new();
    let ran = folder.run("-vv --log-format json --sandbox plan naruto").succeeds();
    for line in ran.err.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let folder = Folder::built();
    let before = folder.read(".gcnet/sandbox.json");
    folder.edit("cidr: !sample 10.210.2.0/24", "cidr: !sample 10.250.0.0/24");
    folder.edit("[10.210.2.36, 10.210.2.52]", "[10.250.0.36, 10.250.0.52]");
    for command in ["apply naruto", "destroy naruto", "apply naruto --json", "destroy naruto --json"] {
        // A lease would be written and given back.
        let ran = folder.run(&format!("--sandbox {command} --no-lease")).fails_with_a_hint();
        assert!(ran.err.contains("--yes"), "{}", ran.err);
        let live = |text: &str| serde_json::from_str::<Value>(text).unwrap()["state"].clone();
        assert_eq!(live(&folder.read(".gcnet/sandbox.json")), live(&before), "{command} wrote something");
    }
    folder.run("--sandbox -q destroy naruto --include-protected --confirm naruto --yes").succeeds();
}

#[test]
fn editors_shells_and_manuals_are_served() {
    let folder = Folder::new();
    let schema = json(&folder.run("schema").succeeds());
    assert!(schema["properties"]["shared_vpc"].is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&format!("completions {shell}")).succeeds().out;
        assert!(script.contains("detailed-exitcode"), "{shell}");
    }
    assert!(folder.run("man").succeeds().out.contains("gcnet"));
    folder.run("man --out pages").succeeds();
    for page in ["gcnet", "gcnet-plan", "gcnet-sandbox-serve"] {
        assert!(folder.read(&format!("pages/{page}.1")).contains("dir"), "{page}");
    }
}

#[test]
fn a_reset_sandbox_is_empty() {
    let folder = Folder::built();
    folder.run("sandbox reset").succeeds();
    folder.run("--sandbox -q plan naruto --detailed-exitcode").ends_with(2);
    folder.run("sandbox reset").succeeds();
}

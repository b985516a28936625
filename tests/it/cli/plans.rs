//! Saved plans: carried out while they hold, refused with a reason when they do not.

use insta::assert_snapshot;

use super::Folder;

fn saved() -> Folder {
    let folder = Folder::new();
    folder.run("--sandbox -q plan naruto --out plan.json").succeeds();
    folder
}

/// Whatever is refused has changed nothing.
fn refused(folder: &Folder, line: &str) -> String {
    let told = folder.in_both(line).map(|ran| ran.fails_with_a_hint().err);
    let live = folder.run("--sandbox show naruto --json").succeeds().out;
    assert!(live.contains("\"resources\": []"), "{line} changed something: {live}");
    told.join("\n")
}

const APPLY: &str = "--sandbox -q apply naruto --plan plan.json --yes";

#[test]
fn a_plan_that_holds_is_carried_out_once() {
    let folder = saved();
    folder.run(APPLY).succeeds();
    folder.run("--sandbox plan naruto --detailed-exitcode").ends_with(3);
    let again = folder.run(APPLY).fails_with_a_hint();
    assert!(again.err.contains("no longer holds"), "{}", again.err);
}

#[test]
fn a_plan_of_another_file_is_stale() {
    let folder = saved();
    folder.edit("  retention_days: 365", "  retention_days: 400");
    assert_snapshot!(refused(&folder, APPLY));
}

#[test]
fn a_plan_of_another_world_is_stale() {
    let folder = Folder::built();
    folder.edit("  retention_days: 365", "  retention_days: 400");
    folder.run("--sandbox -q plan naruto --out plan.json").succeeds();
    folder.run("--sandbox -q destroy naruto --include-protected --confirm naruto --yes").succeeds();
    let told = refused(&folder, APPLY);
    assert!(told.contains("AWS was changed since"), "{told}");
}

#[test]
fn a_plan_that_was_touched_is_refused() {
    let folder = saved();
    let plan = folder.read("plan.json");
    let mut told = String::new();
    for (what, text) in [
        ("edited", plan.replacen("10.210.2.0/24", "10.99.0.0/24", 1)),
        ("of another version", plan.replacen("\"format_version\": 1", "\"format_version\": 7", 1)),
        ("cut off", plan.split("\"steps\"").next().unwrap().to_string()),
        ("no JSON", "municipality: naruto\n".into()),
        ("empty", String::new()),
    ] {
        assert_ne!(text, plan, "{what}");
        folder.write("plan.json", &text);
        told += &format!("{what}:\n{}\n", refused(&folder, APPLY));
    }
    std::fs::remove_file(folder.path("plan.json")).unwrap();
    assert_snapshot!(told + "missing:\n" + &refused(&folder, APPLY));
}

#[test]
fn a_plan_of_another_municipality_is_refused() {
    let folder = saved();
    assert_snapshot!(refused(&folder, "--sandbox -q apply itano --plan plan.json --yes"));
}

#[test]
fn one_plan_is_for_one_municipality() {
    let folder = saved();
    let told = refused(&folder, "--sandbox -q apply naruto itano --plan plan.json --yes");
    let told = told + &folder.run("--sandbox -q plan --all --out all.json").fails_with_a_hint().err;
    assert_snapshot!(told + &folder.run("--sandbox -q plan naruto --out no/such/plan.json").fails_with_a_hint().err);
    assert!(!folder.path("all.json").exists());
}

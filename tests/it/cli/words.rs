//! What a person sees, in both languages.

use insta::assert_snapshot;

use super::{Folder, Ran, server::Server};

fn both(ran: [Ran; 2]) -> String {
    ran.map(|ran| ran.succeeds().said()).join("\n----\n\n")
}

#[test]
fn a_first_plan() {
    assert_snapshot!(both(Folder::new().in_both("--sandbox plan naruto")));
}

#[test]
fn what_is_built_is_shown_and_needs_no_change() {
    let folder = Folder::built();
    assert_snapshot!("nothing_to_do", both(folder.in_both("--sandbox plan naruto")));
    assert_snapshot!("what_is_live", both(folder.in_both("--sandbox show naruto")));
    // What only trying tells is tried at once, and ends in any order.
    let mut applied = folder.in_both("--sandbox apply naruto");
    for ran in &mut applied {
        ran.err = ran.err.lines().filter(|line| !line.starts_with('[')).map(|line| format!("{line}\n")).collect();
    }
    assert_snapshot!("nothing_to_apply", both(applied));
}

/// What a replacement destroys must not be overlooked.
#[test]
fn another_range_replaces_the_vpc() {
    let folder = Folder::built();
    folder.edit("cidr: !sample 10.210.2.0/24", "cidr: !sample 10.250.0.0/24");
    folder.edit("[10.210.2.36, 10.210.2.52]", "[10.250.0.36, 10.250.0.52]");
    assert_snapshot!(both(folder.in_both("--sandbox plan naruto")));
}

#[test]
fn somebody_else_changed_aws() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let resources = server.resources();
    let vpc = &resources.iter().find(|(kind, _)| kind == "vpc").unwrap().1;
    server.ec2(&format!("Action=ModifyVpcAttribute&VpcId={vpc}&EnableDnsHostnames.Value=false"));
    let plan = |lang| server.run(&folder, &format!("--lang {lang} plan naruto"));
    assert_snapshot!(both([plan("en"), plan("ja")]));
}

/// Steps run at once and end in any order: only the plan and the end are held.
#[test]
fn apply_and_destroy_tell_how_it_ended() {
    // Each its own: what the first destroyed, the second would restore until a moment that nobody can hold.
    let folders = [Folder::new(), Folder::new()];
    let mut ends = String::new();
    for (folder, lang, command) in [
        (&folders[0], "en", "apply"),
        (&folders[0], "en", "destroy"),
        (&folders[1], "ja", "apply"),
        (&folders[1], "ja", "destroy"),
    ] {
        let meant = if command == "destroy" { " --include-protected --confirm naruto" } else { "" };
        let ran = folder.run(&format!("--sandbox --lang {lang} {command} naruto{meant} --yes")).succeeds();
        assert_eq!(ran.out, "", "words are no data");
        let is_progress = |line: &&str| line.starts_with('[');
        assert!(ran.err.lines().filter(is_progress).count() >= 50, "{}", ran.err);
        let words: Vec<&str> = ran.err.lines().filter(|line| !is_progress(line)).collect();
        // The plan that is shown before a creation is that of `plan`, which has a snapshot of its own.
        let is_end = |line: &&str| line.starts_with("done: ") || line.starts_with("完了: ");
        let end = words.iter().rposition(is_end).unwrap();
        let words = if command == "apply" { &words[end..] } else { &words[..] };
        ends += &format!("{command}:\n{}\n\n", steady_end(&words.join("\n")));
    }
    assert_snapshot!(ends);
}

fn steady_end(text: &str) -> String {
    super::steady(&format!("{text}\n"))
}

#[test]
fn nine_files_are_valid() {
    assert_snapshot!(both(Folder::new().in_both("validate")));
}

#[test]
fn every_command_explains_itself() {
    let folder = Folder::new();
    let commands = [
        "",
        "validate",
        "plan",
        "apply",
        "destroy",
        "show",
        "requests",
        "sandbox",
        "sandbox serve",
        "sandbox counterpart",
        "sandbox reset",
        "schema",
        "completions",
        "man",
    ];
    for (lang, common) in [("en", "Options of every command:\n"), ("ja", "全コマンド共通:\n")] {
        let help = commands.map(|command| {
            let help = folder.run(&format!("{command} --help --lang {lang}")).succeeds().out;
            let (own, of_all) = help.split_once(common).unwrap();
            // Once is enough for what every command takes.
            if command.is_empty() { format!("{own}{common}{of_all}") } else { own.into() }
        });
        assert_snapshot!(format!("help_in_{lang}"), help.join("----\n\n"));
    }
    let by_locale = folder.run_with("--help", &[("LANG", "ja_JP.UTF-8")]).succeeds();
    assert_eq!(by_locale.out, folder.run("--help --lang ja").out);
    assert_eq!(folder.run("help plan").succeeds().out, folder.run("plan --help").out);
}

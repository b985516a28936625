//! Files that cannot be worked with: municipalities' and the sandbox's own.

use insta::assert_snapshot;

use super::{Folder, server::Server};

/// The line and column that a person must go to are in the sentence.
#[test]
fn a_mistake_in_the_file_is_shown_where_it_is() {
    let mistakes = [
        ("malformed", "shared_vpc:\n", "shared_vpc: [\n"),
        ("unknown key", "shared_vpc:\n", "shared_vpc:\n  cidrr: 10.0.0.0/24\n"),
        ("wrong range", "cidr: !sample 10.210.2.0/24", "cidr: 10.210.2.0/33"),
        ("unresolved name", "account: a-sha", "account: a-shaa"),
    ];
    let mut told = String::new();
    for (what, from, to) in mistakes {
        let folder = Folder::new();
        folder.edit(from, to);
        let ran = folder.run("--sandbox plan naruto").ends_with(1);
        assert_eq!(ran.out, "");
        told += &format!("{what}:\n{}\n", ran.err);
        assert_eq!(folder.run("validate naruto").ends_with(1).err.lines().count(), 1, "findings are data");
    }
    assert_snapshot!(told);
}

#[test]
fn a_broken_file_stops_nothing_but_itself() {
    let folder = Folder::new();
    folder.edit("shared_vpc:\n", "shared_vpc: [\n");
    folder.run("--sandbox -q plan itano").succeeds();
    folder.run("--sandbox -q plan --all").ends_with(1);
}

#[test]
fn nobody_knows_the_city() {
    let folder = Folder::new();
    let mut told = String::new();
    for line in ["--sandbox plan narto", "--sandbox apply x --yes", "validate narto", "--lang ja --sandbox show narto"]
    {
        told += &format!("{line}:\n{}\n", folder.run(line).fails_with_a_hint().err);
    }
    let told = told + &folder.run("--dir elsewhere validate").fails_with_a_hint().err;
    std::fs::create_dir_all(folder.path("empty/municipalities")).unwrap();
    assert_snapshot!(told + &folder.run("--dir empty validate").fails_with_a_hint().err);
    assert!(!folder.path("elsewhere").exists(), "nothing is made where nothing is");
}

/// What only a hearing can tell does not go into a real account.
#[test]
fn samples_do_not_reach_production() {
    let folder = Folder::new();
    let ran = folder.run("validate naruto --strict").ends_with(1);
    assert!(ran.out.contains("error[V15]"), "{}", ran.out);
    let ran = folder.run("plan naruto").ends_with(1);
    assert!(ran.err.contains("error[V15]") && ran.out.is_empty(), "{}", ran.err);
}

#[test]
fn a_damaged_sandbox_is_kept_aside() {
    let folder = Folder::built();
    let damaged = folder.read(".gcnet/sandbox.json").replacen("\"state\"", "\"stale\"", 1);
    folder.write(".gcnet/sandbox.json", &damaged);
    let ran = folder.run("--sandbox plan naruto --detailed-exitcode").ends_with(2);
    assert!(ran.err.starts_with("warning: the sandbox's file"), "{}", ran.err);
    let kept = std::fs::read_dir(folder.path(".gcnet")).unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept.filter(|path| path.to_string_lossy().contains("corrupt")).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), damaged);
    assert!(ran.err.contains(kept[0].file_name().unwrap().to_str().unwrap()), "{}", ran.err);
    assert_eq!(folder.run("--sandbox plan naruto").succeeds().err, "", "it is said once");
}

#[test]
fn a_sandbox_of_another_version_is_left_alone() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path(".gcnet")).unwrap();
    folder.write(".gcnet/sandbox.json", "{\"format_version\": 99}");
    let told = folder.in_both("--sandbox plan naruto").map(|ran| ran.fails_with_a_hint().err).join("\n");
    assert_snapshot!(told);
    assert_eq!(folder.read(".gcnet/sandbox.json"), "{\"format_version\": 99}");
}

#[test]
fn two_processes_do_not_share_a_sandbox() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let told = folder.in_both("--sandbox apply naruto --yes").map(|ran| ran.fails_with_a_hint().err).join("\n");
    assert_snapshot!(told);
    drop(server);
    folder.run("--sandbox -q apply naruto --yes").succeeds();
}

#[test]
fn an_empty_file_is_called_so() {
    let folder = Folder::new();
    for text in ["", "# later\n"] {
        folder.write("municipalities/naruto.yaml", text);
        let [en, ja] = folder.in_both("validate naruto").map(|ran| ran.ends_with(1)).map(|ran| ran.out + &ran.err);
        assert!(en.contains("error[V00]: the file is empty"), "{en}");
        assert!(ja.contains("ファイルに内容がありません"), "{ja}");
    }
}

//! What names, endpoints and the folder of a run must not do.

use super::Folder;

/// A key that opens nothing: whoever sends it sends a signature.
const KEY: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "example")];
/// An address of documentation (RFC 5737): a request to it would not come back.
const FAR: &str = "http://192.0.2.1:4566";

#[test]
fn nothing_is_sent_in_the_open() {
    let folder = Folder::new();
    let with = |name: &'static str| [KEY[0], KEY[1], (name, FAR)];
    // Wherever lines are broken.
    let said = |err: &str| err.split_whitespace().collect::<Vec<_>>().join(" ");
    let by_option = said(&folder.run_with(&format!("--endpoint-url {FAR} plan naruto"), &KEY).ends_with(1).err);
    assert!(by_option.contains("--endpoint-url") && by_option.contains("nothing was sent"), "{by_option}");
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"] {
        let told = said(&folder.run_with("plan naruto", &with(name)).ends_with(1).err);
        assert!(told.contains(name) && told.contains("nothing was sent"), "{told}");
    }
    // Whatever names it: the requests themselves are looked at. No sample stands in the way of a plan outside production.
    folder.edit("environment: prod", "environment: stg");
    folder.write("config", &format!("[default]\nregion = ap-northeast-1\nendpoint_url = {FAR}\n"));
    let config = folder.path("config");
    let ran =
        folder.run_with("plan naruto", &[KEY[0], KEY[1], ("AWS_CONFIG_FILE", config.to_str().unwrap())]).ends_with(1);
    assert!(said(&ran.err).contains("nothing leaves this machine over plain HTTP"), "{}", ran.err);
}

/// From the file of a municipality, from AWS and from the command line, to stdout, stderr and JSON.
#[test]
fn no_name_steers_the_terminal() {
    let folder = Folder::new();
    folder.edit("name: 鳴門市", "name: \"鳴門市\\e[2J\\u202e\\x9b1A\"");
    let lines = [
        "validate naruto",
        "--sandbox plan naruto",
        "--sandbox plan naruto --markdown",
        "--sandbox plan naruto --json",
        "plan \u{1b}[31mnowhere\u{202e}",
        "--sandbox --dir \u{1b}[31m validate",
    ];
    for line in lines {
        for lang in ["ja", "en"] {
            let ran = folder.run(&format!("--lang {lang} -vv {line}"));
            for text in [&ran.out, &ran.err] {
                let odd = text.chars().find(|c| *c != '\n' && gcnet::report::tame::steers(*c));
                assert_eq!(odd, None, "{line}: {text}");
            }
        }
    }
}

/// What was typed wrong is repeated, and may have been pasted.
#[test]
fn no_misread_command_line_steers_the_terminal() {
    let folder = Folder::new();
    for line in
        ["plan --x\u{1b}]0;owned\u{7}", "\u{1b}[2J", "--color \u{202e} plan naruto", "permissions naruto --for \u{85}"]
    {
        let ran = folder.run(line).ends_with(1);
        let odd = ran.err.chars().find(|c| *c != '\n' && gcnet::report::tame::steers(*c));
        assert_eq!((odd, ran.out.as_str()), (None, ""), "{line:?}: {}", ran.err);
        assert!(ran.err.contains("\\u{"), "{}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn the_folder_of_a_run_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.run("--sandbox plan naruto --out naruto.plan").succeeds();
    let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(".gcnet"), mode("naruto.plan")), (0o700, 0o600));
}

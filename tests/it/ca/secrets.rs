//! No key, no request and no token is where it can be read: a whole life of an authority, with everything that it says.

use std::fs;

use super::folder;
use crate::cli::{
    Folder,
    server::{ACCOUNT, Server, credentials},
};

/// Lines of base64 of the files that are secret or a request.
fn forbidden(folder: &Folder) -> Vec<String> {
    let mut lines = vec!["PRIVATE KEY".to_string(), "BEGIN CERTIFICATE REQUEST".into(), "secret-that".into()];
    for entry in fs::read_dir(folder.path("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".key.pem") || name.ends_with(".csr.pem") {
            let text = fs::read_to_string(&path).unwrap();
            lines.extend(text.lines().filter(|line| line.len() > 20 && !line.starts_with("-----")).map(String::from));
        }
    }
    lines
}

#[test]
fn nothing_secret_is_said_logged_or_planned() {
    let folder = folder();
    let server = Server::start(&folder, "");
    let mut said = String::new();
    let mut run = |line: &str, code: i32| {
        for how in ["-v -v --log-format json", "-v -v"] {
            let all = [("GCNET_LOG", "trace")].into_iter().chain(credentials(ACCOUNT)).collect::<Vec<_>>();
            let ran = folder.run_with(&server.line(&format!("{how} {line}")), &all);
            // The second time some of it is done already.
            assert!(how == "-v -v" || ran.code == Some(code), "{line}: {}", ran.err);
            said += &format!("{}{}", ran.out, ran.err);
        }
    };
    run("plan naruto --out plan.json", 0);
    run("apply naruto --yes --json", 0);
    run("ca issue naruto --name a.example.jp --out out", 0);
    run("ca issue naruto --name b.example.jp --key rsa-2048 --out out", 0);
    run("ca issue naruto --csr out/a.example.jp.csr.pem --out again", 0);
    run("ca issue naruto --csr out/a.example.jp.key.pem --out again", 1);
    run("ca list naruto --json", 0);
    run("ca status naruto --json", 0);
    run("plan naruto --json", 0);
    run("destroy naruto --yes --json --include-protected --confirm naruto", 0);
    run("ca restore naruto --yes", 0);
    said += &folder.read("plan.json");
    // Nor is any in the records of these runs.
    let records = said.len();
    for entry in fs::read_dir(folder.path(".gcnet/runs")).unwrap() {
        said += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(said.len() > records + 10_000);
    for line in forbidden(&folder) {
        assert!(!said.contains(&line), "{line}");
    }
    // Tokens of idempotency would let somebody find what was made.
    assert!(!said.contains("IdempotencyToken") && !said.contains("idempotency_token"));
    assert!(!said.contains("BEGIN CERTIFICATE-----"), "certificates are not logged either");
    assert!(said.len() > 10_000 && forbidden(&folder).len() > 20, "there is something to look through");
}

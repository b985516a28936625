//! What the other side refuses: endpoints, credentials, permissions, quotas.

use insta::assert_snapshot;
use serde_json::json;

use super::{
    Folder, Ran,
    server::{ACCOUNT, Server, credentials},
};

/// Request ids differ, and so does the port.
pub(super) fn told(ran: &Ran) -> String {
    let lines = ran.err.lines().filter(|line| !line.starts_with("request id") && !line.starts_with("リクエスト ID"));
    let lines = lines.map(|line| match line.split_once("http://127.0.0.1:") {
        Some((before, after)) => {
            let port = after.bytes().take_while(u8::is_ascii_digit).count();
            format!("{before}http://127.0.0.1:PORT{}\n", &after[port..])
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

const KATSUURA: &str = "100000000009";

#[test]
fn nobody_answers() {
    let folder = Folder::new();
    let mut text = String::new();
    for lang in ["en", "ja"] {
        let line = format!("--lang {lang} --endpoint-url http://127.0.0.1:1 plan naruto");
        text += &told(&folder.run_with(&line, &credentials(ACCOUNT)).fails_with_a_hint());
    }
    assert_snapshot!(text);
}

#[test]
fn credentials_that_are_not_there_or_not_good() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    server.control("DELETE", "calls", &json!({}));
    let mut text = String::new();
    for lang in ["en", "ja"] {
        let line = server.line(&format!("--lang {lang} apply naruto --yes"));
        text += &format!("none:\n{}\n", told(&folder.run(&line).fails_with_a_hint()));
        let profile = server.line(&format!("--lang {lang} --profile nobody apply naruto --yes"));
        text += &format!("a profile that is not there:\n{}\n", told(&folder.run(&profile).fails_with_a_hint()));
        let wrong = folder.run_with(&line, &credentials("999999999999")).fails_with_a_hint();
        text += &format!("of another account:\n{}\n", told(&wrong));
        let unknown = folder.run_with(&line, &credentials("AKIAUNKNOWN")).fails_with_a_hint();
        text += &format!("unknown:\n{}\n", told(&unknown));

        let refuse = json!({ "status": 403, "code": "ExpiredToken", "message": "The security token included in the request is expired" });
        server.fault(json!({ "effect": { "refuse": refuse } }));
        let expired = folder.run_with(&line, &credentials(ACCOUNT)).fails_with_a_hint();
        text += &format!("expired:\n{}\n", told(&expired));
        server.heal();
    }
    assert_snapshot!(text);
    assert!(!text.contains("secret-that"), "a secret was told");
    let ours = server.control("GET", "calls", &json!({})).to_string();
    assert!(!ours.contains("\"Create"), "something was written");
}

/// A refused step skips what depends on it and nothing else, and a second run completes.
fn refused_once(break_it: impl Fn(&Server), mend: impl Fn(&Server)) -> String {
    let mut text = String::new();
    for lang in ["en", "ja"] {
        let folder = Folder::new();
        let server = Server::start(&folder, "");
        break_it(&server);
        let ran = server.run(&folder, &format!("--lang {lang} -q apply naruto --yes")).ends_with(1);
        assert_eq!(ran.out, "");
        text += &format!("{}\n", super::steady(&told(&ran)));
        mend(&server);
        server.run(&folder, "-q apply naruto --yes").succeeds();
        server.run(&folder, "-q plan naruto --detailed-exitcode").ends_with(3);
    }
    text
}

#[test]
fn a_permission_is_missing() {
    let deny = |server: &Server| {
        server
            .fault(json!({ "on": { "operation": "CreateTransitGatewayRouteTable" }, "effect": { "deny": "missing" } }));
    };
    assert_snapshot!(refused_once(deny, Server::heal));
}

#[test]
fn a_control_policy_denies() {
    let deny = |server: &Server| {
        let on = json!({ "operation": "CreateVpc" });
        server.fault(json!({ "on": on, "effect": { "deny": "service_control_policy" } }));
    };
    assert_snapshot!(refused_once(deny, Server::heal));
}

#[test]
fn a_quota_is_full() {
    let fill = |server: &Server| drop(server.control("PUT", "quotas", &json!({ "vpcs": 0 })));
    let raise = |server: &Server| drop(server.control("PUT", "quotas", &json!({})));
    assert_snapshot!(refused_once(fill, raise));
}

/// Where nobody may use a service at all: who does not, is told of it and goes on; who does, and who has to know that nothing is
/// left, does not.
#[test]
fn a_control_policy_denies_a_read() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let on = json!({ "operation": "ListCertificateAuthorities" });
    server.fault(json!({ "on": on, "effect": { "deny": "service_control_policy" } }));
    let mut text = String::new();
    for lang in ["en", "ja"] {
        let run = |line: &str, account: &str| {
            folder.run_with(&server.line(&format!("--lang {lang} {line}")), &credentials(account))
        };
        text += &told(&run("plan katsuura", KATSUURA).succeeds());
        text += &told(&run("plan naruto", ACCOUNT).fails_with_a_hint());
        text += &told(&run("destroy katsuura --yes", KATSUURA).fails_with_a_hint());
    }
    assert_snapshot!(text);
}

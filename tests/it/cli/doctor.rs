//! `gcnet doctor`, and credentials on the command line.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    Folder, Ran,
    server::{ACCOUNT, Server, credentials},
};

fn checks(ran: &Ran) -> Vec<Value> {
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["format_version"], 1);
    document["checks"].as_array().unwrap().clone()
}

/// The checks of this name that are not green: level and check.
fn not_green(ran: &Ran) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let rows = checks(ran).into_iter().filter(|check| check["level"] != "green");
    rows.map(|check| (text(&check["level"]), text(&check["check"]))).collect()
}

#[test]
fn a_sandbox_is_well() {
    let folder = Folder::new();
    let [en, ja] = folder.in_both("--sandbox doctor naruto");
    let shown = format!("{}----\n\n{}", en.succeeds().out, ja.succeeds().out);
    assert_snapshot!(steady(&shown));
    let ran = folder.run("--sandbox doctor naruto --json").succeeds();
    assert_eq!(not_green(&ran), [("yellow".into(), "sharing".into())]);
    assert_eq!(ran.err, "");
}

/// `o-` and what follows, which depends on the sandbox's seed, made the same.
fn steady(text: &str) -> String {
    let mut parts = text.split(" o-");
    let mut steady = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        steady += &format!(" o-0123456789abcdef{rest}");
    }
    steady
}

#[test]
fn what_is_wrong_is_told_and_stops_nothing_else() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let line = server.line("doctor naruto --json");
    let run = || folder.run_with(&line, &credentials(ACCOUNT));
    let all = checks(&run()).len();
    let deny = |operation: &str| {
        server.fault(json!({ "on": { "operation": operation }, "effect": { "deny": "service_control_policy" } }));
    };

    server.control("PUT", "quotas", &json!({ "vpcs": 0, "transit_gateways": 0 }));
    let ran = run().ends_with(1);
    let red: Vec<Value> = checks(&ran).into_iter().filter(|check| check["level"] == "red").collect();
    let which: Vec<&Value> = red.iter().map(|check| &check["quota"]).collect();
    assert_eq!(which, [&json!("vpcs"), &json!("transit_gateways")]);
    assert_eq!((&red[0]["used"], &red[0]["more"], &red[0]["limit"]), (&json!(0), &json!(1), &json!(0)));
    server.control("PUT", "quotas", &json!({}));

    for operation in ["SimulatePrincipalPolicy", "DescribeOrganization"] {
        deny(operation);
    }
    let ran = run().succeeds();
    assert_eq!(not_green(&ran), [("yellow".into(), "sharing".into()), ("yellow".into(), "permissions".into())]);
    assert_eq!(checks(&ran).len(), all);
    server.heal();

    // Defaults stand in for quotas that may not be read; what is there may not be read either.
    for operation in ["ListServiceQuotas", "ListResolverEndpoints"] {
        deny(operation);
    }
    let ran = run().succeeds();
    let yellow = not_green(&ran);
    assert!(yellow.contains(&("yellow".into(), "quotas".into())), "no plan without its reads: {yellow:?}");
    server.heal();

    let other = folder.run_with(&line, &credentials("999999999999")).ends_with(1);
    assert_eq!(not_green(&other)[0], ("red".into(), "account".into()));
    let nobody = folder.run(&line).ends_with(1);
    assert_eq!(not_green(&nobody)[0], ("red".into(), "credentials".into()));
    let secret = [&other.out, &nobody.out, &ran.out].iter().any(|out| out.contains("secret-that"));
    assert!(!secret, "a secret was told");

    let nowhere = folder.run_with("--endpoint-url http://127.0.0.1:1 doctor naruto --json", &credentials(ACCOUNT));
    let rows = checks(&nowhere.ends_with(1));
    let troubles = rows.iter().filter(|check| check["trouble"] == "connection").count();
    assert_eq!(troubles, 11, "{rows:?}");
}

/// The roles that gcnet builds ask for a device: without one the hint says so, with one the same command works, and a code on
/// its own is never repeated.
#[test]
fn a_role_that_asks_for_a_device_takes_one() {
    let folder = Folder::new();
    folder.edit("arn:aws:iam::400000000001:role/network-operators", &format!("arn:aws:iam::{ACCOUNT}:root"));
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    // Shares that arrived without an invitation say that sharing is on.
    assert_eq!(not_green(&folder.run("--sandbox doctor naruto --json").succeeds()), []);
    let server = Server::start(&folder, "");
    let role = format!("arn:aws:iam::{ACCOUNT}:role/gcnet/naruto/prod/gcnet-naruto-prod-plan");
    folder.edit("    model: single-use", &format!("    model: single-use\n    access: {{ role: \"{role}\" }}"));
    server.control("POST", "clock", &json!({ "advance_seconds": 60 }));
    let serial = format!("arn:aws:iam::{ACCOUNT}:mfa/taro");

    let mut told = String::new();
    for lang in ["en", "ja"] {
        let plan = |more: &str| server.run(&folder, &format!("--lang {lang} {more} plan naruto"));
        for refused in [plan(""), plan(&format!("--mfa-serial {serial}"))] {
            told += &super::refusals::told(&refused.fails_with_a_hint());
        }
    }
    server.run(&folder, &format!("-q --mfa-serial {serial} --mfa-code 493818 plan naruto")).succeeds();
    for lang in ["en", "ja"] {
        let used = server.run(&folder, &format!("--lang {lang} --mfa-serial {serial} --mfa-code 493818 plan naruto"));
        assert!(!used.err.contains("493818"), "a code was told: {}", used.err);
        told += &super::refusals::told(&used.fails_with_a_hint());
    }
    assert_snapshot!(told);
    let misread =
        server.run(&folder, &format!("--mfa-serial {serial} --mfa-code 49381x plan naruto")).fails_with_a_hint();
    assert!(!misread.err.contains("49381x"), "{}", misread.err);
    let of_environment = |serial: &str| folder.run_with("--sandbox validate naruto", &[("GCNET_MFA_SERIAL", serial)]);
    of_environment(&serial).succeeds();
    let empty = [&credentials(ACCOUNT)[..], &[("GCNET_MFA_SERIAL", "")]].concat();
    assert!(!folder.run_with(&server.line("plan naruto"), &empty).fails_with_a_hint().err.contains("six-digit"));
    let doctor = server.run(&folder, &format!("--mfa-serial {serial} --mfa-code 493819 doctor naruto --json"));
    let rows = checks(&doctor);
    let whose = rows.iter().find(|check| check["check"] == "credentials").unwrap();
    assert_eq!((&whose["kind"], &whose["mfa"]), (&json!("role"), &json!(true)));
    assert!(whose["arn"].as_str().unwrap().ends_with("/gcnet-sandbox"), "{whose}");
    // A role that only looks may not take the lease, which the first write of an apply is.
    let allowed = rows.iter().find(|check| check["check"] == "permissions").unwrap();
    assert_eq!(allowed["level"], "yellow");
    for action in ["ssm:PutParameter", "ec2:CreateVpc"] {
        assert!(allowed.to_string().contains(&format!("\"{action}\"")), "{allowed}");
    }
}

#[test]
fn another_region_of_the_environment_is_told_once() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let environment = [&credentials(ACCOUNT)[..], &[("AWS_REGION", "us-east-1")]].concat();
    for lang in ["en", "ja"] {
        let ran = folder.run_with(&server.line(&format!("--lang {lang} destroy naruto --yes")), &environment);
        assert_eq!(ran.err.matches("us-east-1").count(), 1, "{}", ran.err);
        let quiet = folder.run_with(&server.line("-q plan naruto"), &environment).succeeds();
        assert!(!quiet.err.contains("us-east-1"));
    }
    let same = [&credentials(ACCOUNT)[..], &[("AWS_REGION", "ap-northeast-1")]].concat();
    let ran = folder.run_with(&server.line("doctor naruto --json"), &same);
    assert!(checks(&ran).iter().any(|check| check["check"] == "region" && check["elsewhere"] == Value::Null));
}

/// A variable that is set for real accounts stands in no other command's way, and an empty one names nothing.
#[test]
fn a_device_of_the_environment_is_for_where_it_is_needed() {
    let folder = Folder::new();
    let device = [("GCNET_MFA_SERIAL", "GAHT12345678")];
    for line in ["validate naruto", "--sandbox validate naruto", "--sandbox plan naruto"] {
        let ran = folder.run_with(line, &device).succeeds();
        assert!(!format!("{}{}", ran.out, ran.err).contains("GAHT"), "{line}: {}", ran.err);
    }
    let server = Server::start(&folder, "");
    let empty = [&credentials(ACCOUNT)[..], &[("GCNET_MFA_SERIAL", "")]].concat();
    folder.run_with(&server.line("-q plan naruto"), &empty).succeeds();
    let typed = server.run(&folder, "--mfa-serial GAHT12345678 --mfa-code 12345x plan naruto").fails_with_a_hint();
    assert!(typed.err.contains("GAHT12345678") && !typed.err.contains("12345x"), "{}", typed.err);
}

/// Credentials that are sessions already have no device: they are used as they are, and that is said.
#[test]
fn a_session_takes_no_device() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let session = [&credentials(ACCOUNT)[..], &[("AWS_SESSION_TOKEN", "no-session-that-the-sandbox-gave")]].concat();
    let ran =
        folder.run_with(&server.line("--lang en --mfa-serial GAHT12345678 --mfa-code 123456 plan naruto"), &session);
    assert!(!ran.err.contains("the MFA code is not accepted"), "{}", ran.err);
}

/// What counts as real, answered by a sandbox: no endpoint of a service of its own makes a simulation.
#[test]
fn keys_that_stay_are_refused_where_aws_may_be_real() {
    let folder = Folder::new();
    folder.edit("environment: prod", "environment: stg");
    let server = Server::start(&folder, "");
    let endpoint = server.line("").split_whitespace().nth(1).unwrap().to_string();
    let here = [("AWS_ENDPOINT_URL", endpoint.as_str())];
    let simulated = [&credentials(ACCOUNT)[..], &here[..]].concat();
    folder.run_with("-q plan naruto", &simulated).succeeds();
    let real = [&simulated[..], &[("AWS_ENDPOINT_URL_STS", endpoint.as_str())]].concat();
    let refused = folder.run_with("--lang en plan naruto", &real).fails_with_a_hint();
    assert!(refused.err.contains("long-lived access key"), "{}", refused.err);
    folder.run_with("-q --allow-long-lived-keys plan naruto", &real).succeeds();
}

//! Issuing: what comes out is what a client accepts, and what cannot be issued leaves nothing behind.

use std::{fs, path::Path};

use gcnet::pki::{Certificate, KeyKind, Name, key, pem};
use insta::assert_snapshot;
use serde_json::json;
use webpki::KeyUsage;

use super::{built, certificates, folder, json, two_levels, verify};
use crate::cli::{Folder, server::Server};

fn files(folder: &Folder, dir: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.path(dir)) else { return vec![] };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_client_accepts_what_is_issued_below_a_subordinate() {
    let folder = built(two_levels());
    let root = folder.run("--sandbox -q ca export naruto").succeeds().out;
    let ran = folder.run("--sandbox ca issue naruto --name juki.naruto.example --name *.日本.example --ip 10.1.2.3 --ip fd00::1 --out new/out --key rsa-2048").succeeds();
    assert_eq!(
        files(&folder, "new/out"),
        ["cert", "chain", "csr", "key"].map(|what| format!("juki.naruto.example.{what}.pem"))
    );
    let read = |what: &str| folder.read(&format!("new/out/juki.naruto.example.{what}.pem"));
    let (leaf, chain) = (read("cert"), read("chain"));
    assert_eq!(certificates(&chain).len(), 2, "subordinate and root");
    let hosts = ["juki.naruto.example", "x.xn--wgv71a.example", "10.1.2.3", "fd00::1"];
    verify(&root, &leaf, &chain, KeyUsage::server_auth(), &hosts).unwrap();
    verify(&root, &leaf, &chain, KeyUsage::client_auth(), &[]).unwrap();
    assert!(verify(&root, &leaf, &chain, KeyUsage::server_auth(), &["other.example"]).is_err());
    assert!(verify(&root, &leaf, &root, KeyUsage::server_auth(), &[]).is_err(), "not without the subordinate");

    let certificate = Certificate::all(&leaf).unwrap().remove(0);
    for fact in [certificate.serial.to_string(), certificate.fingerprint(), "juki.naruto.example.key.pem".into()] {
        assert!(ran.out.contains(&fact), "{fact}: {}", ran.out);
    }
    assert!(ran.err.contains("nothing lists this certificate but the audit report"), "{}", ran.err);
    let key = rcgen::KeyPair::from_pem(&read("key")).unwrap();
    assert!(certificate.der.windows(32).any(|window| window == &rcgen::PublicKeyData::der_bytes(&key)[40..72]));
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = built(folder());
    folder.run("--sandbox -q ca issue naruto --name a.example.jp --out out").succeeds();
    let mode = |what: &str| {
        fs::metadata(folder.path(&format!("out/a.example.jp.{what}.pem"))).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode("key"), 0o600);
    assert_eq!(mode("cert") & 0o444, 0o444 & mode("cert"));
    let before = folder.read("out/a.example.jp.key.pem");
    let ran = folder.run("--sandbox ca issue naruto --name a.example.jp --out out").fails_with_a_hint();
    assert!(ran.err.contains("is not overwritten"), "{}", ran.err);
    assert_eq!(folder.read("out/a.example.jp.key.pem"), before);
}

/// Each usage is what it says, for a request in PEM and one in DER.
#[test]
fn a_request_that_somebody_brings() {
    let folder = built(folder());
    let root = folder.run("--sandbox -q ca export naruto").succeeds().out;
    let (_, der) = key::make(KeyKind::EcP384, &[Name::Dns("b.example.jp".into())]).unwrap();
    folder.write("b.csr", &pem::encode("CERTIFICATE REQUEST", &der));
    fs::write(folder.path("c.csr.der"), &der).unwrap();
    for (line, stem, server, client) in [
        ("--csr b.csr --usage server --days 30", "b", true, false),
        ("--csr c.csr.der --usage client", "c", false, true),
        ("--csr b.csr --out both", "both/b", true, true),
    ] {
        folder.run(&format!("--sandbox -q ca issue naruto {line}")).succeeds();
        let leaf = folder.read(&format!("{stem}.cert.pem"));
        let chain = folder.read(&format!("{stem}.chain.pem"));
        let is_for = |usage| verify(&root, &leaf, &chain, usage, &["b.example.jp"]).is_ok();
        assert_eq!((is_for(KeyUsage::server_auth()), is_for(KeyUsage::client_auth())), (server, client), "{line}");
    }
    assert!(!files(&folder, ".").iter().any(|name| name.ends_with("key.pem")), "the key is theirs");
    let days = |file: &str| {
        let one = Certificate::all(&folder.read(file)).unwrap().remove(0);
        (one.not_after.as_second() - one.not_before.as_second()) / 86_400
    };
    assert_eq!((days("b.cert.pem"), days("c.cert.pem")), (30, 365));
}

/// One after the other, and nothing is issued or written by any of them.
#[test]
fn what_is_refused_before_aws_is_asked() {
    let folder = folder();
    let server = Server::start(&folder, "");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    server.control("DELETE", "calls", &json!({}));
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pki/fixtures")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path(entry.file_name().to_str().unwrap())).unwrap();
    }
    let (secret_like, no_request) = ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "no request");
    folder.write("key.pem", secret_like);
    folder.write("none.csr", no_request);
    let (_, der) = key::make(KeyKind::EcP256, &[Name::Dns("b.example.jp".into())]).unwrap();
    let request = pem::encode("CERTIFICATE REQUEST", &der);
    folder.write("one.csr", &request);
    folder.write("two.csr", &(request.clone() + &request));
    let mut told = String::new();
    for line in [
        "--csr missing.csr",
        "--csr none.csr",
        "--csr key.pem",
        "--csr two.csr",
        "--csr root.cert.pem",
        "--csr rsa-1024.csr.pem",
        "--csr sha1.csr.pem",
        "--csr md5.csr.pem",
        "--csr utf8.csr.pem",
        "--csr nameless.csr.pem",
        "--name a_b..jp",
        "--name *",
        "--name a.example.jp --days 9000",
    ] {
        for lang in ["en", "ja"] {
            let ran =
                server.run(&folder, &format!("--lang {lang} ca issue naruto {line} --out out")).fails_with_a_hint();
            told += &format!("{line}:\n{}\n", steady(&ran.err));
        }
    }
    assert_snapshot!(told);
    for line in ["--csr one.csr --out none.csr", "--name a.example.jp --out none.csr"] {
        let ran = server.run(&folder, &format!("ca issue naruto {line}")).fails_with_a_hint();
        assert!(ran.err.contains("none.csr is no folder"), "{}", ran.err);
    }
    assert_eq!(files(&folder, "out"), [""; 0]);
    let calls = server.control("GET", "calls", &json!({})).to_string();
    assert!(!calls.contains("IssueCertificate") && !told.contains("MIIB"));
}

/// Dates differ from run to run.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    for word in text.split_inclusive(' ') {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_date = word.matches('-').count() == 2 && digits == 8;
        let is_time = word.contains(':') && digits == 4;
        steady.extend(word.chars().map(|c| if (is_date || is_time) && c.is_ascii_digit() { 'N' } else { c }));
    }
    steady
}

/// A key for which AWS refuses a certificate is taken away again; one for which it may have issued one is kept.
#[test]
fn a_key_without_a_certificate_is_not_left_behind() {
    let folder = folder();
    let server = Server::start(&folder, "--time-scale 30");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let on = json!({ "operation": "IssueCertificate" });
    server.fault(json!({ "on": on, "effect": { "deny": "missing" } }));
    let ran = server.run(&folder, "ca issue naruto --name a.example.jp --out out").fails_with_a_hint();
    assert!(
        ran.err.contains("no certificate was issued") && ran.err.contains("acm-pca:IssueCertificate"),
        "{}",
        ran.err
    );
    assert_eq!(files(&folder, "out"), [""; 0]);
    server.heal();

    server.fault(json!({ "on": on, "effect": { "drop": "after_execution" } }));
    let ran = server.run(&folder, "ca issue naruto --name a.example.jp --out out").fails_with_a_hint();
    assert!(ran.err.contains("nobody knows whether"), "{}", ran.err);
    assert_eq!(files(&folder, "out"), ["a.example.jp.csr.pem", "a.example.jp.key.pem"]);
    server.heal();
    server.run(&folder, "-q ca issue naruto --csr out/a.example.jp.csr.pem --out out").succeeds();
    let issued = json(server.run(&folder, "-q ca list naruto --json"));
    let named = |one: &&serde_json::Value| one["subject"] == "CN=a.example.jp";
    assert_eq!(issued["certificates"].as_array().unwrap().iter().filter(named).count(), 1, "{issued}");
}

#[test]
fn an_exported_root_is_the_root() {
    let folder = built(two_levels());
    let ran = folder.run("--sandbox ca export naruto").succeeds();
    let root = Certificate::all(&ran.out).unwrap().remove(0);
    assert!(root.is_root() && ran.err.contains(&root.fingerprint()), "{}", ran.err);
    let below = folder.run("--sandbox -q ca export naruto --which subordinate").succeeds();
    assert_eq!((certificates(&below.out).len(), below.err.as_str()), (2, ""));
    folder.run("--sandbox ca export naruto --format der").fails_with_a_hint();
    let run = |line: &str| folder.run(&format!("--sandbox -q ca export naruto {line}"));
    run("--out trust --format der").succeeds();
    assert_eq!(fs::read(folder.path("trust/naruto-prod-root.der")).unwrap(), root.der);
    run("--out trust --which subordinate").succeeds();
    run("--out trust --which subordinate").succeeds();
    assert_eq!(
        files(&folder, "trust"),
        ["naruto-prod-root.der", "naruto-prod-root.pem", "naruto-prod-subordinate.pem"]
    );
    folder.write("trust/naruto-prod-root.pem", "of somebody else");
    let ran = folder.run("--sandbox ca export naruto --out trust").fails_with_a_hint();
    assert!(ran.err.contains("is not overwritten"), "{}", ran.err);
    assert_eq!(folder.read("trust/naruto-prod-root.pem"), "of somebody else");
}

/// Seven days at most, for tests that are thrown away.
#[test]
fn a_short_lived_authority() {
    let folder = folder();
    folder.edit("environment: prod", "environment: test\nexpires: 2027-12-31");
    folder.edit("  mode: general-purpose", "  mode: short-lived");
    folder.edit("  deletion_window_days: 30", "  deletion_window_days: 7");
    folder.edit("  protect: true", "  protect: false");
    let folder = built(folder);
    let ran = folder.run("--sandbox ca issue naruto --name a.example.jp --days 8 --out out").fails_with_a_hint();
    assert!(ran.err.contains("short-lived") && ran.err.contains("7 at most"), "{}", ran.err);
    folder.run("--sandbox -q ca issue naruto --name a.example.jp --out out").succeeds();
    let status = json(folder.run("--sandbox ca status naruto --json"));
    assert_eq!(status["authorities"][0]["monthly_usd"], "50.00");
}

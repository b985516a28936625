//! `dig-check`: the binary against a DNS server on loopback.

mod server;

use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    path::Path,
    process::Command,
};

use hickory_net::proto::rr::{
    Name, RData, RecordType,
    rdata::{A, AAAA, CAA, CNAME, MX, NS, PTR, SRV, TXT},
};
use serde_json::Value;
use server::{Zones, name, serve, serve_datagrams_only};

/// Records that Itano's file does not have: every type, and a text that fits into no datagram.
const MORE: (&str, &str) = (
    "        # ルート証明書の配布元（庁内の Web サーバ）\n",
    "        - { name: \"@\", type: MX, ttl: 600, values: [\"10 Mail.town.itano.example.\", \"20 mail2.town.itano.example\"] }\n\
     \x20       - { name: _ldap._tcp, type: SRV, values: [\"0 5 389 dc.town.itano.example.\"] }\n\
     \x20       - { name: six, type: AAAA, values: [\"2001:DB8::0:1\"] }\n\
     \x20       - { name: back, type: PTR, values: [host.town.itano.example] }\n\
     \x20       - { name: issuer, type: CAA, values: ['0 issue \"ca.example\"'] }\n\
     \x20       - { name: note, type: TXT, values: [\"one text, cut in two\", '\"quoted \" \"already\"'] }\n\
     \x20       - { name: \"*.any\", type: A, values: [10.21.0.99] }\n\
     \x20       - { name: long, type: TXT, values: [LONG, more-LONG] }\n",
);

fn long() -> String {
    "0123456789abcdef".repeat(55)
}

/// What `dig-check` ended with: exit code, stdout, stderr.
type Ran = (Option<i32>, String, String);

/// One of the nine files with replacements in a folder of its own.
fn gcnet(changes: &[(&str, &str)], line: &str) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("municipalities")).unwrap();
    for city in ["itano", "anan", "naruto"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("municipalities/{city}.yaml"));
        let Ok(mut text) = std::fs::read_to_string(path) else { continue };
        for (from, to) in changes.iter().filter(|_| city == "itano") {
            assert!(text.contains(from), "the file has no {from}");
            text = text.replacen(from, to, 1).replace("LONG", &long());
        }
        std::fs::write(dir.path().join(format!("municipalities/{city}.yaml")), text).unwrap();
    }
    let mut gcnet = Command::new(env!("CARGO_BIN_EXE_gcnet"));
    gcnet.arg("--dir").arg(dir.path()).args(["--lang", "en"]).args(line.split(' '));
    let ran = gcnet.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
}

/// `dig-check itano` with one server.
fn check(changes: &[(&str, &str)], server: SocketAddr, more: &str) -> Ran {
    gcnet(changes, format!("dig-check itano --server {server} {more}").trim())
}

fn a(address: [u8; 4]) -> RData {
    RData::A(A(Ipv4Addr::from(address)))
}

fn ns() -> RData {
    RData::NS(NS(name("ns-0.awsdns-00.com")))
}

/// What the file leads to, as a resolver that has it half a minute already would answer.
fn right() -> Zones {
    let juki = "juki.itano-gun.asp-a.example";
    let hoken = "hoken.itano.asp-b.example";
    let mut zones = Zones::default();
    for apex in ["gc.itano.example", juki, hoken, "town.itano.example", "lgwan.example", "21.10.in-addr.arpa"] {
        zones = zones.zone(apex);
    }
    zones
        .with(juki, 172800, ns())
        .with(hoken, 172800, ns())
        .with("resolver.gc.itano.example", 270, a([10, 210, 21, 36]))
        .with("resolver.gc.itano.example", 270, a([10, 210, 21, 52]))
        .with("koseki.gc.itano.example", 270, a([172, 20, 21, 10]))
        .with("ca.gc.itano.example", 3570, RData::CNAME(CNAME(name("WWW.town.itano.example"))))
        .with("fukushi.gc.itano.example", 60, a([10, 210, 21, 70]))
        .with("fukushi.gc.itano.example", 60, a([10, 210, 21, 100]))
}

/// And of the records that are added.
fn right_with_more() -> Zones {
    let mx = |preference, exchange| RData::MX(MX::new(preference, name(exchange)));
    let text = |parts: &[&str]| RData::TXT(TXT::new(parts.iter().map(ToString::to_string).collect()));
    let long = long();
    let parts = |text: &str| -> Vec<String> {
        text.as_bytes().chunks(255).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect()
    };
    let more = format!("more-{long}");
    right()
        .with("gc.itano.example", 600, mx(20, "mail2.town.itano.example"))
        .with("gc.itano.example", 600, mx(10, "mail.town.itano.example"))
        .with("_ldap._tcp.gc.itano.example", 300, RData::SRV(SRV::new(0, 5, 389, name("DC.town.itano.example"))))
        .with("six.gc.itano.example", 300, RData::AAAA(AAAA("2001:db8::1".parse().unwrap())))
        .with("back.gc.itano.example", 300, RData::PTR(PTR(name("host.town.itano.example"))))
        .with(
            "issuer.gc.itano.example",
            300,
            RData::CAA(CAA::new_issue(false, Some(Name::from_ascii("ca.example").unwrap()), vec![])),
        )
        .with("note.gc.itano.example", 300, text(&["one text, ", "cut in two"]))
        .with("note.gc.itano.example", 300, text(&["quoted already"]))
        .with("*.any.gc.itano.example", 300, a([10, 21, 0, 99]))
        .with("long.gc.itano.example", 300, RData::TXT(TXT::new(parts(&long))))
        .with("long.gc.itano.example", 300, RData::TXT(TXT::new(parts(&more))))
}

fn rows(json: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(json).unwrap()["answers"].as_array().unwrap().clone()
}

fn row(rows: &[Value], name: &str, kind: &str) -> Value {
    rows.iter().find(|row| row["name"] == name && row["type"] == kind).unwrap().clone()
}

#[test]
fn a_server_that_answers_as_the_file_says_is_right() {
    let (code, out, err) = check(&[], serve(right()), "");
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("Answers: 12 ok (asked 127.0.0.1:"), "{out}");
    assert!(!out.contains("expected"), "{out}");
}

#[test]
fn every_type_of_record_is_asked_for_and_what_does_not_fit_comes_over_tcp() {
    let server = serve(right_with_more());
    let (code, out, err) = check(&[MORE], server, "--json");
    assert_eq!(code, Some(0), "{out}{err}");
    let rows = rows(&out);
    assert_eq!(rows.len(), 20);
    let long = row(&rows, "long.gc.itano.example", "TXT");
    assert_eq!((&long["transport"], &long["state"]), (&"tcp".into(), &"ok".into()));
    let over_udp = rows.iter().filter(|row| row["transport"] == "udp").count();
    assert_eq!(over_udp, 19);
}

#[test]
fn a_firewall_that_lets_no_connections_through_is_found() {
    let server = serve_datagrams_only(right_with_more());
    let (code, out, err) = check(&[MORE], server, "--timeout 1");
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("19 ok, 1 failed"), "{out}");
    assert!(out.contains("cut off for its size, over TCP none") && !out.contains("answered nothing"), "{out}");
}

#[test]
fn another_value_and_a_longer_life_are_differences() {
    let zones = right()
        .without("koseki.gc.itano.example", RecordType::A)
        .with("koseki.gc.itano.example", 300, a([172, 20, 21, 11]))
        .without("ca.gc.itano.example", RecordType::CNAME)
        .with("ca.gc.itano.example", 3601, RData::CNAME(CNAME(name("www.town.itano.example"))))
        .with("fukushi.gc.itano.example", 60, a([10, 210, 21, 4]));
    let server = serve(zones);
    let (code, out, _) = check(&[], server, "");
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("9 ok, 3 differs"), "{out}");
    assert!(out.contains("expected 172.20.21.10, TTL 300 at most\n      got      172.20.21.11\n"), "{out}");
    assert!(out.contains("got      TTL 3601\n"), "{out}");
    assert!(out.contains("itano.yaml:146"), "{out}");
    assert!(out.contains("the PrivateLink endpoint of fukushi"), "{out}");
    let (code, out, _) = check(&[], server, "--name resolver.gc.itano.example --name town.itano.example.");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("Answers: 2 ok"), "{out}");
}

/// In the script of the file as well as in punycode, and with capitals and a last dot.
#[test]
fn a_name_is_read_as_resolve_reads_it() {
    let change = ("{ name: koseki,", "{ name: 戸籍,");
    let zones = right().with("xn--0ouo49c.gc.itano.example", 270, a([172, 20, 21, 10]));
    let server = serve(zones);
    for name in ["戸籍.GC.itano.example.", "戸籍。gc.itano.example", "XN--0OUO49C.gc.itano.example"] {
        let (code, out, err) = check(&[change], server, &format!("--name {name}"));
        assert_eq!(code, Some(0), "{out}{err}");
        assert!(out.contains("Answers: 1 ok"), "{out}");
    }
}

#[test]
fn a_missing_name_a_missing_zone_and_a_refusal_are_told_apart() {
    let zones = right().without("koseki.gc.itano.example", RecordType::A).refusing("lgwan.example");
    let zones = zones.without("hoken.itano.asp-b.example", RecordType::NS);
    let (code, out, _) = check(&[], serve(zones), "--json");
    assert_eq!(code, Some(1), "{out}");
    let rows = rows(&out);
    let state = |name, kind| row(&rows, name, kind)["state"].clone();
    let missing = row(&rows, "koseki.gc.itano.example", "A");
    assert_eq!((&missing["state"], &missing["code"]), (&"no_answer".into(), &"NXDOMAIN".into()));
    assert_eq!(row(&rows, "hoken.itano.asp-b.example", "NS")["code"], "NOERROR");
    assert_eq!(state("hoken.itano.asp-b.example", "NS"), "no_answer");
    assert_eq!(state("lgwan.example", "SOA"), "refused");
    assert_eq!(state("town.itano.example", "SOA"), "ok");
}

/// A /20 that nobody gave names to makes 16 questions: the server that has the zone around answers all of them.
#[test]
fn a_range_without_names_is_no_failure() {
    let range = ("reverse: !sample [10.21.0.0/16]", "reverse: !sample [172.16.16.0/20]");
    let zones = right().without_zone("town.itano.example").zone("itano.example").with("town.itano.example", 60, ns());
    let (code, out, err) = check(&[range], serve(zones.clone().zone("16.172.in-addr.arpa")), "");
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("Answers: 11 ok, 16 nothing there"), "{out}");
    assert_eq!(out.matches("the server of 16.172.in-addr.arpa answers, but has nothing there").count(), 16, "{out}");
    let (code, out, _) = check(&[range], serve(zones.zone("in-addr.arpa")), "");
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("11 ok, 16 differs") && out.contains("got      SOA in-addr.arpa"), "{out}");
}

/// A port that was free a moment ago.
#[test]
fn where_nobody_listens_time_runs_out() {
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let there = serve(right());
    let (code, out, err) = check(&[], nobody, &format!("--server {there} --timeout 1"));
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("12 ok, 12 timed out"), "{out}");
    assert!(out.contains(&format!("{nobody} answered nothing.")), "{out}");
}

/// Names that a resolver would answer out of itself go to the server as all others do.
#[test]
fn names_for_local_use_are_asked_for() {
    let change = ("- domain: !sample lgwan.example", "- domain: !sample lgwan.local");
    let (code, out, _) = check(&[change], serve(right().zone("lgwan.local")), "");
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("lgwan.local"), "{out}");
}

#[test]
fn what_cannot_be_asked_is_said_at_once() {
    let server = serve(right());
    let (code, out, err) = gcnet(&[], &format!("--sandbox dig-check itano --server {server}"));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("the sandbox answers no DNS queries") && err.contains("on a host on the network"), "{err}");
    let (code, _, err) = check(&[], server, "--name koseky.gc.itano.example");
    assert_eq!(code, Some(1));
    assert!(err.contains("did you mean koseki.gc.itano.example ?"), "{err}");
    let (code, _, err) = check(&[], server, "--name 板野.gc.itano.example");
    assert_eq!(code, Some(1));
    assert!(err.contains("xn--msvt55g.gc.itano.example"), "{err}");
    let (code, _, err) = check(&[], server, "--name gc..itano.example");
    assert_eq!(code, Some(1));
    assert!(err.contains("gc..itano.example") && !err.contains("did you mean"), "{err}");
    let (code, _, err) = gcnet(&[], &format!("dig-check anan --server {server}"));
    assert_eq!(code, Some(1));
    assert!(err.contains("no names that a DNS server could be asked for"), "{err}");
    let (code, _, err) = gcnet(&[], "dig-check itano --server nowhere");
    assert_eq!(code, Some(1));
    assert!(err.contains("IP:PORT"), "{err}");
}

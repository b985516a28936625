//! What a person reads of a check.

use std::path::Path;

use insta::assert_snapshot;

use super::*;
use crate::{
    config::{Fleet, source::Source},
    digcheck::{Found, Kind, Response, questions},
};

const SERVERS: [&str; 2] = ["10.210.21.36:53", "127.0.0.1:5353"];

/// A reply of every sort, in turn; the last server says nothing.
fn reply(index: usize, question: &Question, server: SocketAddr) -> Reply {
    if server.port() != 53 {
        return match index % 2 {
            0 => Reply::TimedOut,
            _ => Reply::Failed { detail: "Network is unreachable \u{1b}[31m(os error 101)".into() },
        };
    }
    let say = |code: &str, answers| Reply::Response(Response { code: code.into(), answers, authorities: vec![] });
    let record = |value: &str, ttl| Found {
        owner: question.name.clone(),
        kind: question.kind.as_str().into(),
        value: value.into(),
        ttl,
    };
    match (index % 6, &question.expected) {
        (_, Expected::Zone { or_around: true }) if question.name.ends_with(".in-addr.arpa") => {
            let soa = Found { owner: "10.in-addr.arpa".into(), ..record("ns.town.itano.example", 900) };
            Reply::Response(Response { code: "NXDOMAIN".into(), answers: vec![], authorities: vec![soa] })
        }
        (0, _) if question.kind == Kind::Soa => say("NOERROR", vec![record("", 900)]),
        (1, Expected::Records { values, at_most }) => {
            say("NOERROR", values.iter().map(|value| record(value, at_most + 1)).collect())
        }
        (2, _) => say("NOERROR", vec![record("192.0.2.1", 1)]),
        (3, _) => say("NOERROR", vec![]),
        (4, _) => say("NXDOMAIN", vec![]),
        (5, _) => say("REFUSED", vec![]),
        _ => say("SERVFAIL", vec![]),
    }
}

fn told(lang: Lang) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml");
    let source = Source::new("itano.yaml", std::fs::read_to_string(path).unwrap());
    let city = Fleet::from_sources(vec![source]).city("itano").unwrap().clone();
    let subject = Subject {
        municipality: "itano".into(),
        name_ja: "板野町".into(),
        name_en: "Itano".into(),
        environment: "prod".into(),
        account: "100000000021".into(),
        region: "ap-northeast-1".into(),
    };
    let servers = SERVERS.map(|server| server.parse().unwrap());
    let questions = questions(&city.config);
    let pairs =
        servers.iter().flat_map(|server| questions.iter().enumerate().map(move |(i, question)| (i, question, *server)));
    let asked: Vec<Asked<'_>> = pairs
        .map(|(index, question, server)| Asked {
            question,
            server,
            via: if index == 2 { Via::Tcp } else { Via::Udp },
            reply: reply(index, question, server),
        })
        .collect();
    let checked: Vec<Checked<'_>> = asked.iter().map(Checked::new).collect();
    text(&Report { subject: &subject, city: &city, servers: &servers, checked: &checked }, Style::plain(lang))
}

#[test]
fn in_english() {
    assert_snapshot!(told(Lang::En));
}

#[test]
fn in_japanese() {
    assert_snapshot!(told(Lang::Ja));
}

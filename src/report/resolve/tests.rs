//! What a person reads of what becomes of a name.

use std::path::Path;

use gcnet_resolve::{RecordType, Resolver};
use insta::assert_snapshot;

use super::*;
use crate::{
    config::{City, Fleet, source::Source},
    resolve,
};

/// Itano with replacements; each text must be there.
fn itano(changes: &[(&str, &str)]) -> City {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml");
    let text = changes.iter().fold(std::fs::read_to_string(path).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from}");
        text.replacen(from, to, 1)
    });
    Fleet::from_sources(vec![Source::new("itano.yaml", text)]).city("itano").unwrap().clone()
}

fn subject(city: &City) -> Subject {
    Subject {
        municipality: city.key().into(),
        name_ja: "板野町".into(),
        name_en: "Itano".into(),
        environment: "prod".into(),
        account: "100000000021".into(),
        region: "ap-northeast-1".into(),
    }
}

fn answers(city: &City, asked: &[(&str, &str, RecordType)]) -> Vec<Answer> {
    let model = resolve::planned(&city.config);
    let resolver = Resolver::new(&model).unwrap();
    let ask = |(from, name, kind): &(&str, &str, RecordType)| {
        let asker = resolve::asker(&model, from).remove(0);
        resolver.query(&asker, &name.parse().unwrap(), *kind).unwrap()
    };
    asked.iter().map(ask).collect()
}

fn both(city: &City, view: View, asked: &[(&str, &str, RecordType)]) -> String {
    let answers = answers(city, asked);
    let show = |lang| text(&subject(city), view, &answers, Style::plain(lang));
    format!("{}\n{}", show(Lang::En), show(Lang::Ja))
}

#[test]
fn ways_of_names() {
    let asked = [
        ("on-premises", "fukushi.gc.itano.example", RecordType::A),
        ("juki", "ca.gc.itano.example", RecordType::A),
        ("hoken", "www.hoken.itano.asp-b.example", RecordType::A),
        ("shared", "4.3.21.10.in-addr.arpa", RecordType::Ptr),
        ("shared", "koseki.gc.itano.example", RecordType::Mx),
        ("shared", "nobody.gc.itano.example", RecordType::A),
        ("hoken", "www.lgwan.example", RecordType::A),
        ("on-premises", "www.lgwan.example", RecordType::A),
        ("shared", "gc.itano.example", RecordType::Soa),
    ];
    assert_snapshot!(both(&itano(&[]), View::Planned, &asked));
}

#[test]
fn ways_that_part_and_circles() {
    let city = itano(&[
        (
            "domain: !sample lgwan.example\n      targets: !sample [10.21.0.12]\n",
            "domain: gc.itano.example\n      except: [koseki.gc.itano.example]\n      targets: [10.21.0.10, 10.21.0.12]\n",
        ),
        ("name: koseki, type: A, ttl: 300, values: !sample [172.20.21.10]", "name: \"*\", type: TXT, values: [a b]"),
    ]);
    let asked =
        [("shared", "www.gc.itano.example", RecordType::Txt), ("shared", "koseki.gc.itano.example", RecordType::Txt)];
    assert_snapshot!(both(&city, View::Live, &asked));
}

#[test]
fn the_form_for_machines_is_steady() {
    let city = itano(&[]);
    let answers = answers(&city, &[("juki", "ca.gc.itano.example", RecordType::A)]);
    let subject = subject(&city);
    let report = Report::new(&subject, View::Planned, &answers);
    assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
}

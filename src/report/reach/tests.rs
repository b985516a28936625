//! What a person reads of who reaches whom.

use std::path::Path;

use gcnet_reach::Moment;
use insta::assert_snapshot;

use super::*;
use crate::{
    config::{Fleet, source::Source},
    reach::{self, Patience},
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

fn with_overview<T>(city: &City, when_open: bool, lang: Lang, show: impl FnOnce(&Overview<'_>) -> T) -> T {
    let now = reach::planned(&city.config);
    let survey = reach::survey(&city.config, &now, &now.when_open(), Patience::Planned).unwrap();
    show(&Overview {
        subject: &subject(city),
        city,
        view: View::Planned,
        network: &now,
        survey: &survey,
        waits: &planned_waits(&city.config, lang),
        when_open,
        command: "gcnet reach itano",
    })
}

fn both(city: &City, when_open: bool) -> String {
    let show = |lang| with_overview(city, when_open, lang, |overview| text(overview, Style::plain(lang)));
    format!("{}\n{}", show(Lang::En), show(Lang::Ja))
}

fn walked(city: &City, from: &str, to: &str, when_open: bool, lang: Lang) -> String {
    let network = reach::planned(&city.config);
    let network = if when_open { network.when_open() } else { network };
    let paths = gcnet_reach::path(&network, from, to).unwrap();
    path(
        &subject(city),
        &look(View::Planned, when_open, lang),
        &paths,
        &planned_waits(&city.config, lang),
        Style::plain(lang),
    )
}

#[test]
fn a_line_is_waited_for() {
    assert_snapshot!(both(&itano(&[]), false));
}

#[test]
fn nothing_waits() {
    assert_snapshot!(both(&itano(&[]), true));
}

#[test]
fn rules_are_broken() {
    let onprem = ("    connect: tgw\n    workloads:\n", "    connect: tgw\n    onprem: false\n    workloads:\n");
    let endpoint = ("    connect: privatelink\n", "    connect: privatelink\n    onprem: false\n");
    assert_snapshot!(both(&itano(&[onprem, endpoint]), true));
}

#[test]
fn paths() {
    let city = itano(&[]);
    let pairs = [
        ("onprem", "endpoint/fukushi", true),
        ("hoken", "onprem", false),
        ("koseki-dc", "hoken", true),
        ("hoken", "juki", false),
        ("endpoint/fukushi", "onprem", true),
        ("onprem", "koseki-dc", true),
    ];
    let mut shown = String::new();
    for (from, to, when_open) in pairs {
        for lang in [Lang::En, Lang::Ja] {
            shown += &walked(&city, from, to, when_open, lang);
            shown.push('\n');
        }
    }
    assert_snapshot!(shown);
}

#[test]
fn the_form_for_machines_is_steady() {
    let city = itano(&[]);
    let report = with_overview(&city, false, Lang::En, |overview| serde_json::to_value(Report::new(overview)).unwrap());
    assert_eq!(report["format_version"], 1);
    assert_eq!(report["pairs"].as_array().unwrap().len(), 8 * 7);
    assert_eq!(report["rules"].as_array().unwrap().len(), 31);
    assert_eq!(report["waits"]["line/lgcs"], "line lgcs to open (expected 2025-04 or later)");
    let pair = report["pairs"].as_array().unwrap().iter().find(|p| p["from"] == "onprem" && p["to"] == "juki").unwrap();
    let network = reach::planned(&city.config);
    let paths = gcnet_reach::path(&network, "onprem", "juki").unwrap();
    let (subject, waits) = (subject(&city), Waits::new());
    let path = PathReport::new(&subject, View::Planned, Moment::Now, &paths, &waits);
    let shown = [pair.clone(), report["rules"][0].clone(), serde_json::to_value(path).unwrap()];
    assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap());
}

/// Every way in which packets can end has words.
#[test]
fn every_reason_is_a_sentence() {
    use gcnet_reach::{Arrival, Direction, Leg, Point, Stop, Why};
    let net = "10.1.0.0/16".parse().unwrap();
    let name = || "x".to_string();
    let reasons = [
        Why::Outside,
        Why::OnlyAnswers,
        Why::OnlyAsks,
        Why::Waits { reason: "vpc/shared".into() },
        Why::NotOpen { attachment: name(), reason: "line/lgcs".into() },
        Why::NoLine { lines: vec![] },
        Why::NoLine { lines: vec![name()] },
        Why::NotAdvertised { lines: vec![name()] },
        Why::OwnedOutside { place: name(), range: net },
        Why::NotAttached { gateway: None },
        Why::ZoneNotAttached { zone: "apne1-az2".into(), attachment: name() },
        Why::NotAssociated,
        Why::NoRoute,
        Why::Blackhole { destination: net },
        Why::Leaves { destination: net, target: "igw-1".into() },
        Why::Loop,
        Why::NotThere { at: Arrival::Line { line: name() } },
        Why::Elsewhere { at: Arrival::Peer { attachment: name() } },
        Why::Group { direction: Direction::Ingress, groups: vec![name()] },
    ];
    let waits = planned_waits(&itano(&[]).config, Lang::En);
    let points = [
        Point::Place { place: name() },
        Point::Vpc { vpc: name() },
        Point::Attachment { gateway: name(), attachment: name() },
        Point::VpcTable { vpc: name(), table: name() },
        Point::TransitTable { gateway: name(), from: name(), table: name() },
    ];
    let stops = reasons.into_iter().zip(points.into_iter().cycle());
    let lines: Vec<String> = stops
        .map(|(why, at)| Stop { leg: Leg::Back, at, why })
        .flat_map(|stop| [Lang::En, Lang::Ja].map(|lang| words::stop(&stop, &waits, lang)))
        .collect();
    assert_snapshot!(lines.join("\n"));
}

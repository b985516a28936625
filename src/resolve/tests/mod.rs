//! What becomes of names in the nine files and in broken ones.

mod broken;

use std::path::Path;

use gcnet_resolve::{Answer, Asker, Contents, Outcome, RecordType, Resolver};

use super::{ONPREM, asker, contradictions, planned};
use crate::config::{City, Finding, Fleet, Purpose, Severity, source::Source};

fn nine() -> Fleet {
    Fleet::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities")).unwrap()
}

/// A city of the nine with replacements; each text must be there.
fn changed(key: &str, changes: &[(&str, &str)]) -> Fleet {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities").join(format!("{key}.yaml"));
    let text = changes.iter().fold(std::fs::read_to_string(path).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "the file has no {from}");
        text.replacen(from, to, 1)
    });
    Fleet::from_sources(vec![Source::new(format!("{key}.yaml"), text)])
}

fn told(fleet: &Fleet) -> Vec<Finding> {
    fleet.check_also(Purpose::Sandbox, contradictions)
}

fn answer(city: &City, from: &str, name: &str) -> Answer {
    let model = planned(&city.config);
    let askers = asker(&model, from);
    let [asker] = &askers[..] else { panic!("{from} is {askers:?}") };
    Resolver::new(&model).unwrap().query(asker, &name.parse().unwrap(), RecordType::A).unwrap()
}

fn end(city: &City, from: &str, name: &str) -> Outcome {
    answer(city, from, name).certain().unwrap_or_else(|| panic!("{name} from {from} has several ends")).clone()
}

#[test]
fn nothing_is_wrong_with_the_names_of_the_nine() {
    let worst = told(&nine()).into_iter().find(|finding| finding.severity > Severity::Notice);
    assert!(worst.is_none(), "{worst:?}");
    for city in nine().cities() {
        let model = planned(&city.config);
        assert_eq!(model.inbound.is_empty(), city.config.dns.is_none(), "{}", city.key());
        assert!(Resolver::new(&model).is_ok(), "{}", city.key());
    }
}

/// Each of the three functions of the specification: names in both directions, domains, authority.
#[test]
fn names_go_both_ways() {
    let fleet = nine();
    let itano = fleet.city("itano").unwrap();
    let at_home = |domain: &str| Outcome::Answered { server: ONPREM.into(), domain: domain.parse().unwrap() };
    for from in ["shared", "juki", "hoken", "gakko", ONPREM] {
        assert_eq!(end(itano, from, "www.town.itano.example"), at_home("town.itano.example"), "{from}");
        let koseki = end(itano, from, "koseki.gc.itano.example");
        assert!(matches!(koseki, Outcome::Records { .. }), "{from}: {koseki:?}");
        // The record leads from our zone back to on-premises.
        assert!(!matches!(end(itano, from, "ca.gc.itano.example"), Outcome::Internet), "{from}");
    }
    let theirs = end(itano, ONPREM, "www.juki.itano-gun.asp-a.example");
    assert!(matches!(&theirs, Outcome::Unseen { zone, .. } if zone == "Z0A1SHARED00000000001"), "{theirs:?}");
    let endpoint = end(itano, ONPREM, "fukushi.gc.itano.example");
    assert!(matches!(endpoint, Outcome::Records { ttl: None, .. }), "{endpoint:?}");
    let reverse = end(itano, "hoken", "4.3.21.10.in-addr.arpa");
    assert_eq!(reverse, at_home("21.10.in-addr.arpa"));
    // Shared with juki alone; its server is another one.
    let lgwan = Outcome::Answered { server: "10.21.0.12".into(), domain: "lgwan.example".parse().unwrap() };
    assert_eq!(end(itano, "juki", "www.lgwan.example"), lgwan);
    assert_eq!(end(itano, "hoken", "www.lgwan.example"), Outcome::Internet);
}

/// What an ASP has and what was given to it is all that is known of its VPC.
#[test]
fn what_nobody_sees_is_assumed_aloud() {
    let fleet = nine();
    let answer = answer(fleet.city("itano").unwrap(), "juki", "www.town.itano.example");
    assert_eq!(answer.ways[0].assumes, ["juki"]);
    let model = planned(&fleet.city("itano").unwrap().config);
    let theirs = model.zones.iter().filter(|zone| zone.contents == Contents::Unseen);
    assert!(theirs.clone().count() > 0 && theirs.into_iter().all(|zone| zone.id.starts_with('Z')));
}

#[test]
fn who_asks_is_called_as_in_the_file() {
    let two = "vpcs: [{ id: vpc-0a1b2c3d4e5f60718, cidr: 10.99.1.0/24 }, { id: !sample vpc-d4";
    let fleet = changed("itano", &[("vpcs: [{ id: !sample vpc-d4", two)]);
    let model = planned(&fleet.city("itano").unwrap().config);
    assert_eq!(asker(&model, "onprem"), [Asker::Server(ONPREM.into())]);
    assert_eq!(asker(&model, "shared"), [Asker::Vpc("shared".into())]);
    assert_eq!(asker(&model, "gakko").len(), 2);
    assert_eq!(asker(&model, "gakko/vpc-0a1b2c3d4e5f60718").len(), 1);
    assert!(asker(&model, "gak").is_empty());
}

/// Without Route 53 there is still what ASPs have.
#[test]
fn a_file_without_dns_has_no_way_in() {
    let fleet = nine();
    let anan = fleet.city("anan").unwrap();
    let model = planned(&anan.config);
    assert!(model.rules.is_empty() && model.outbound.is_empty());
    assert_eq!(end(anan, ONPREM, "www.city.anan.example"), Outcome::Unstated { server: ONPREM.into() });
}

/// Other scripts are punycode everywhere: in zones, records, values and rules.
#[test]
fn names_in_japanese_are_resolved() {
    let changes = [
        ("name: koseki, type: A", "name: 戸籍, type: A"),
        ("domain: !sample town.itano.example", "domain: 板野町.example"),
        ("[www.town.itano.example]", "[役場.板野町.example]"),
    ];
    let fleet = changed("itano", &changes);
    let itano = fleet.city("itano").unwrap();
    let ascii = |text: &str| crate::config::values::Domain::parse(text).unwrap().to_string();
    let records = end(itano, "shared", &ascii("戸籍.gc.itano.example"));
    assert!(matches!(records, Outcome::Records { .. }), "{records:?}");
    let domain = ascii("板野町.example").parse().unwrap();
    assert_eq!(end(itano, "juki", "ca.gc.itano.example"), Outcome::Answered { server: ONPREM.into(), domain });
    assert!(told(&fleet).iter().all(|finding| finding.severity == Severity::Notice));
}

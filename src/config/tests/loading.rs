//! Directories, unreadable files, neighbours, and what a file is checked for.

use std::path::Path;

use crate::config::problem::{Code, Problem, Severity};
use crate::config::source::Source;
use crate::config::{CityError, Fleet, FleetError, MAX_BYTES, Purpose, synthetic};

/// A directory of three healthy municipalities and these files.
fn directory(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for source in synthetic::municipalities(3) {
        std::fs::write(dir.path().join(Path::new(&source.name).file_name().unwrap()), &source.text).unwrap();
    }
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

#[test]
fn no_directory_and_an_empty_one() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Fleet::load(&dir.path().join("nowhere")), Err(FleetError::Directory { .. })));
    assert!(matches!(Fleet::load(dir.path()), Err(FleetError::Empty { .. })));
}

#[test]
fn an_unknown_city_gets_the_nearest_name() {
    let dir = directory(&[("README.md", b"not a municipality")]);
    let fleet = Fleet::load(dir.path()).unwrap();
    assert_eq!(fleet.names().collect::<Vec<_>>(), ["m0000", "m0001", "m0002"]);
    let Err(CityError::Unknown { suggestion, known, .. }) = fleet.city("m001") else { panic!("it is unknown") };
    assert!(suggestion.is_some_and(|name| known.contains(&name)));
}

#[test]
fn unreadable_files_are_findings_and_hinder_nobody() {
    let huge = vec![b'#'; MAX_BYTES as usize + 1];
    let dir =
        directory(&[("latin.yaml", b"apiVersion: gcnet/v1\nname: \xe9\n"), ("huge.yaml", &huge), ("empty.yaml", b"")]);
    std::fs::create_dir(dir.path().join("folder.yaml")).unwrap();
    let fleet = Fleet::load(dir.path()).unwrap();
    assert_eq!((fleet.len(), fleet.cities().count()), (7, 3));

    let findings = fleet.check(Purpose::Validate);
    let of = |name: &str| findings.iter().find(|finding| finding.place.source.stem == name).unwrap();
    assert!(matches!(of("latin").problem, Problem::NotUtf8 { line: 2 }));
    assert!(matches!(of("huge").problem, Problem::TooLarge { bytes, .. } if bytes == MAX_BYTES + 1));
    assert!(matches!(of("folder").problem, Problem::Unreadable { .. }));
    assert_eq!(of("empty").severity, Severity::Error);
    assert!(matches!(fleet.city("latin"), Err(CityError::Broken { findings, .. }) if !findings.is_empty()));

    let city = fleet.city("m0001").unwrap();
    let findings = fleet.check_city(city, Purpose::Sandbox);
    let broken = findings.iter().filter(|finding| matches!(finding.problem, Problem::BrokenNeighbour { .. }));
    assert_eq!(broken.count(), 4);
    assert!(findings.iter().all(|finding| finding.severity < Severity::Error));
}

/// A conflict between two others is theirs.
#[test]
fn a_city_hears_of_conflicts_that_touch_it() {
    let mut sources = synthetic::municipalities(3);
    let overlapping = sources[1].text.replace("!sample [10.1.0.0/16]", "[10.2.0.0/17]");
    sources[1] = Source::new(sources[1].name.clone(), overlapping);
    let fleet = Fleet::from_sources(sources);
    let overlaps = |key: &str| {
        let findings = fleet.check_city(fleet.city(key).unwrap(), Purpose::Sandbox);
        findings.iter().filter(|finding| finding.code == Code::V04).count()
    };
    assert_eq!([overlaps("m0000"), overlaps("m0001"), overlaps("m0002")], [0, 1, 1]);
}

#[test]
fn samples_weigh_what_they_would_be_used_for() {
    let source = &synthetic::municipalities(1)[0];
    let severities = |text: &str, purpose| -> Vec<Severity> {
        let fleet = Fleet::from_sources(vec![Source::new("m0000.yaml", text)]);
        let findings = fleet.check(purpose);
        findings.iter().filter(|finding| finding.code == Code::V15).map(|finding| finding.severity).collect()
    };
    let staging = source.text.replace("environment: prod", "environment: stg");
    assert_eq!(severities(&source.text, Purpose::Validate), [Severity::Notice]);
    assert_eq!(severities(&source.text, Purpose::Sandbox), [Severity::Notice]);
    assert_eq!(severities(&source.text, Purpose::RealAccount), [Severity::Error]);
    assert_eq!(severities(&staging, Purpose::RealAccount), [Severity::Warning]);

    // Taking the marks off does not make an invented value real: domains of RFC 2606, account ids of AWS's own pages.
    let unmarked = source.text.replace("!sample ", "").replace("200000000001", "111122223333");
    assert_eq!(severities(&unmarked, Purpose::RealAccount), [Severity::Error; 5]);
    // What the hearing gave passes.
    let real = source.text.replace("!sample ", "").replace(".example", ".lg.jp");
    assert!(severities(&real, Purpose::RealAccount).is_empty());
}

/// The digest is what a saved plan compares: of the bytes, not of the meaning.
#[test]
fn the_digest_is_sha256_of_the_bytes() {
    let source = Source::new("x/empty.yaml", "");
    assert_eq!(source.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(source.stem, "empty");
}

#[test]
fn an_alias_is_read_where_it_is_used() {
    let source = &synthetic::municipalities(1)[0];
    let text = source
        .text
        .replace("share_with: [juki, hoken]\n      records", "share_with: &both [juki, hoken]\n      records")
        .replace("share_with: [juki, hoken] }", "share_with: *both }");
    let fleet = Fleet::from_sources(vec![Source::new("m0000.yaml", text)]);
    let city = fleet.city("m0000").unwrap();
    let rule = &city.config.dns.as_ref().unwrap().forward_rules[0];
    assert_eq!(rule.share_with.len(), 2);
    assert_eq!(city.at(rule.share_with[0].span).text(), "*both");
}

//! The file's wishes against the network that it leads to.

mod broken;
mod random;

use std::path::Path;

use gcnet_reach::{At, Verdict, matrix};

use super::{Outcome, Patience, contradictions, planned, survey};
use crate::config::{City, Finding, Fleet, Purpose, source::Source};

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

/// `juki -> hoken o`: each pair with its mark, of the pairs that start at `from`.
fn row(city: &City, from: &str, when_open: bool) -> Vec<String> {
    let network = planned(&city.config);
    let matrix = matrix(&if when_open { network.when_open() } else { network }).unwrap();
    let mark = |verdict: &Verdict| match verdict {
        Verdict::Reaches { .. } => 'o',
        Verdict::Partly { .. } => '%',
        Verdict::Blocked { .. } => 'x',
        Verdict::Outside => '-',
    };
    let row = matrix.cells.iter().filter(|cell| cell.from == from);
    row.map(|cell| format!("{} {}", mark(&cell.verdict), cell.to)).collect()
}

#[test]
fn no_file_of_the_nine_contradicts_itself() {
    for city in nine().cities() {
        let now = planned(&city.config);
        let survey = survey(&city.config, &now, &now.when_open(), Patience::Planned).unwrap();
        let broken: Vec<_> =
            survey.rules.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Broken { .. })).collect();
        assert!(broken.is_empty(), "{}: {broken:#?}", city.key());
        assert!(survey.rules.iter().any(|(_, outcome)| *outcome != Outcome::NoPlace), "{}", city.key());
        assert!(contradictions(city, &[]).is_empty());
    }
}

#[test]
fn a_planned_line_is_waited_for_and_everything_else_counts_as_done() {
    let fleet = nine();
    let itano = fleet.city("itano").unwrap();
    assert_eq!(super::reasons(&planned(&itano.config)).into_iter().collect::<Vec<_>>(), ["line/lgcs"]);
    let now = row(itano, "onprem", false);
    assert_eq!(
        now,
        ["- koseki-dc", "x shared/dns", "x shared/vpce", "x juki", "x hoken", "x gakko", "x endpoint/fukushi"]
    );
    let later = row(itano, "onprem", true);
    assert_eq!(
        later,
        ["- koseki-dc", "o shared/dns", "o shared/vpce", "o juki", "o hoken", "o gakko", "o endpoint/fukushi"]
    );
    let naruto = fleet.city("naruto").unwrap();
    assert!(!planned(&naruto.config).waits(), "a line that is being opened counts as done");
    assert_eq!(
        row(naruto, "koseki-dc", false),
        ["- onprem", "o shared/dns", "o juki", "x hoken", "x fukushi", "x gakko"]
    );
}

/// An endpoint serves the ports of its service and nobody whom its security group leaves out.
#[test]
fn an_endpoint_is_guarded_by_its_group() {
    let fleet = nine();
    let itano = fleet.city("itano").unwrap();
    let to_endpoint = |from| row(itano, from, true).pop().unwrap();
    assert_eq!(to_endpoint("onprem"), "o endpoint/fukushi");
    assert_eq!(to_endpoint("juki"), "x endpoint/fukushi");
    assert_eq!(to_endpoint("koseki-dc"), "x endpoint/fukushi");
    assert_eq!(to_endpoint("shared/dns"), "x endpoint/fukushi");
    assert!(row(itano, "endpoint/fukushi", true).iter().all(|pair| pair.starts_with('x')), "it only answers");
}

/// The attachment's own subnets have no hosts: where there are no others, the shared VPC is no place.
#[test]
fn a_vpc_without_hosts_is_no_place() {
    let fleet = nine();
    let network = planned(&fleet.city("anan").unwrap().config);
    assert!(network.places.iter().all(|place| !place.name.starts_with("shared")));
}

#[test]
fn several_vpcs_of_an_asp_are_several_places() {
    let two = "vpcs: [{ id: vpc-0a1b2c3d4e5f60718, cidr: 10.99.1.0/24, secondary_cidrs: [10.99.2.0/24] }, { id: !sample vpc-d4";
    let fleet = changed("itano", &[("vpcs: [{ id: !sample vpc-d4", two)]);
    let network = planned(&fleet.city("itano").unwrap().config);
    let names: Vec<&str> = network.places.iter().map(|place| place.name.as_str()).filter(|n| n.contains('/')).collect();
    assert!(
        names.contains(&"gakko/vpc-0a1b2c3d4e5f60718") && names.contains(&"gakko/vpc-d4000000000000015"),
        "{names:?}"
    );
    assert!(told(&fleet).iter().all(|finding| finding.code != crate::config::Code::V22), "{:#?}", told(&fleet));
}

/// What lies behind a peering is reached by static routes alone.
#[test]
fn asps_and_sites_behind_peerings_are_places() {
    let peering = "    account: d-sha\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }\n    connect: peering";
    let site = "via: { peering: { tgw: tgw-0a1b2c3d4e5f60719, account: a-sha } }";
    let fleet = changed(
        "naruto",
        &[("    account: d-sha\n    connect: tgw", peering), ("via: { line: lgcs } # 庁内ネットワーク経由", site)],
    );
    let naruto = fleet.city("naruto").unwrap();
    let network = planned(&naruto.config);
    for (place, attachment) in [("gakko", "gakko"), ("koseki-dc", "koseki-dc")] {
        let at = &network.places.iter().find(|known| known.name == place).unwrap().at;
        assert!(matches!(at, At::Peer { attachment: behind, .. } if behind == attachment), "{at:?}");
    }
    assert_eq!(
        row(naruto, "gakko", false),
        ["o onprem", "x koseki-dc", "o shared/dns", "o juki", "x hoken", "x fukushi"]
    );
    assert_eq!(
        row(naruto, "koseki-dc", false),
        ["x onprem", "x shared/dns", "o juki", "x hoken", "x fukushi", "x gakko"]
    );
    assert!(contradictions(naruto, &[]).is_empty());
}

/// Names of the file that mean something else here give way.
#[test]
fn a_site_that_is_called_like_on_premises_is_told_apart() {
    let fleet =
        changed("naruto", &[("  - name: koseki-dc", "  - name: onprem"), ("links: [koseki-dc]", "links: [onprem]")]);
    let naruto = fleet.city("naruto").unwrap();
    assert!(planned(&naruto.config).places.iter().any(|place| place.name == "site/onprem"));
    assert!(contradictions(naruto, &[]).is_empty());
}

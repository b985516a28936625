//! The wishes about reachability, as sentences.

use super::derived::city;
use crate::config::City;
use crate::config::derive::{Must, ReachPlace};

fn name(place: &ReachPlace) -> String {
    match place {
        ReachPlace::OnPremises => "on-premises".to_owned(),
        ReachPlace::SharedVpc => "shared".to_owned(),
        ReachPlace::Site(name) | ReachPlace::Asp(name) => name.clone(),
        ReachPlace::Endpoint(name) => format!("endpoint of {name}"),
    }
}

/// `a <> b why`, or `a > b why` for one direction; `no` before what is forbidden.
fn rules(city: &City) -> Vec<String> {
    let rules = city.config.reach_rules();
    let mut told: Vec<String> = Vec::new();
    for rule in &rules {
        let (from, to) = (name(&rule.from), name(&rule.to));
        let back = rules
            .iter()
            .any(|back| (&back.from, &back.to, back.must, back.why) == (&rule.to, &rule.from, rule.must, rule.why));
        let no = if rule.must == Must::NotReach { "no " } else { "" };
        let tell = |from: &str, arrow: &str, to: &str| format!("{no}{from} {arrow} {to} {:?}", rule.why);
        if back && told.contains(&tell(&to, "<>", &from)) {
            continue;
        }
        told.push(tell(&from, if back { "<>" } else { ">" }, &to));
    }
    told
}

#[test]
fn itano_wishes() {
    assert_eq!(
        rules(&city("itano", |text| text)),
        [
            "shared <> on-premises Shared",
            "shared <> juki Shared",
            "shared <> hoken Shared",
            "shared <> gakko Shared",
            "koseki-dc <> juki Register",
            "no koseki-dc <> hoken NotLinked",
            "no koseki-dc > endpoint of fukushi NotLinked",
            "no koseki-dc <> gakko NotLinked",
            "on-premises <> juki OnPremises",
            "juki <> hoken Linked",
            "juki <> gakko Linked",
            "on-premises <> hoken OnPremises",
            "no hoken <> gakko Apart",
            "on-premises > endpoint of fukushi Consumed",
            "no juki > endpoint of fukushi Apart",
            "no hoken > endpoint of fukushi Apart",
            "no gakko > endpoint of fukushi Apart",
            "on-premises <> gakko OnPremises",
        ]
    );
}

#[test]
fn what_is_cut_off_is_said() {
    let changed = city("mima", |text| {
        text.replace("via: { line: lgcs }", "via: { attachment: tgw-attach-0123456789abcdef0 }")
            .replace("    account: d-sha\n", "    account: d-sha\n    onprem: false\n")
            .replace("    account: c-sha\n", "    account: c-sha\n    onprem: false\n")
    });
    let told = rules(&changed);
    for expected in [
        "no koseki-dc <> on-premises SiteAlone",
        "no koseki-dc <> shared SiteAlone",
        "koseki-dc <> juki Register",
        "no on-premises <> gakko NotOnPremises",
        "no on-premises > endpoint of fukushi NotOnPremises",
        "shared <> gakko Shared",
    ] {
        assert!(told.iter().any(|line| line == expected), "{expected} is not among {told:#?}");
    }
}

#[test]
fn a_group_reaches_itself() {
    let grouped = city("naruto", |text| {
        text.replace("asps:\n", "transit_gateway: { segmentation: grouped }\nasps:\n")
            .replace("  - name: fukushi # 福祉・子ども\n", "  - name: fukushi\n    group: small\n")
            .replace("  - name: gakko # 就学\n", "  - name: gakko\n    group: small\n")
    });
    let told = rules(&grouped);
    assert!(told.iter().any(|line| line == "fukushi <> gakko SameGroup"), "{told:#?}");
    assert!(told.iter().any(|line| line == "no hoken <> gakko Apart"), "{told:#?}");
}

/// While a migration drains the only line, nothing is asked of on-premises; what is forbidden stays so.
#[test]
fn a_drained_line_asks_for_nothing() {
    let drained = city("naruto", |text| {
        text.replace("    kind: lgcs\n", "    kind: lgcs\n    propagate: false\n")
            .replace("    account: d-sha\n", "    account: d-sha\n    onprem: false\n")
    });
    let told: Vec<String> = rules(&drained).into_iter().filter(|line| line.contains("on-premises")).collect();
    assert_eq!(told, ["no on-premises <> gakko NotOnPremises"]);
}

/// A finding shows the line that made the wish.
#[test]
fn every_rule_has_a_place_in_the_file() {
    let itano = city("itano", |text| text);
    for rule in itano.config.reach_rules() {
        assert!(!itano.at(rule.span).text().is_empty(), "{rule:?}");
    }
    let register =
        itano.config.reach_rules().into_iter().find(|rule| rule.from == ReachPlace::Site("koseki-dc".into()));
    assert_eq!(itano.at(register.unwrap().span).text(), "juki");
}

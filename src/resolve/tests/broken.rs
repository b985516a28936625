//! Files that one can really write and whose names do not work: told at their place, with the way around.

use insta::assert_snapshot;

use super::{changed, nine, told};
use crate::{
    config::{Finding, Fleet, Severity, source::Source},
    report::{Lang, Style, diagnostics},
};

/// `V23 154:15`, of all that is worse than a notice.
fn brief(findings: &[Finding]) -> Vec<String> {
    let bad = findings.iter().filter(|finding| finding.severity > Severity::Notice);
    bad.map(|finding| {
        let (line, column) = finding.place.line_column();
        format!("{} {line}:{column}", finding.code)
    })
    .collect()
}

fn found(changes: &[(&str, &str)]) -> Vec<String> {
    brief(&told(&changed("itano", changes)))
}

const LGWAN: &str = "domain: !sample lgwan.example\n      targets: !sample [10.21.0.12]\n";
const RECORD: &str = "        - { name: koseki,";

/// On-premises sends the zone's names to us, and the rule sends them back.
#[test]
fn a_rule_for_our_own_zone() {
    assert_eq!(found(&[(LGWAN, "domain: gc.itano.example\n")]), ["V10 154:15", "V23 154:15"]);
}

/// The same for whoever asks in an ASP's VPC is a way, if a long one; but what it was given as a zone is hidden.
#[test]
fn a_rule_for_our_own_zone_outside_the_shared_vpc() {
    let rule = "domain: gc.itano.example\n      use_in_shared_vpc: false\n";
    assert_eq!(found(&[(LGWAN, rule)]), ["V24 154:15"]);
}

#[test]
fn a_rule_for_an_asps_zone() {
    let told = found(&[(LGWAN, "domain: juki.itano-gun.asp-a.example\n")]);
    assert_eq!(told, ["V23 154:15", "V24 154:15"]);
}

/// V10 looks at the targets of a rule; these come from elsewhere in the file.
#[test]
fn on_premises_servers_that_are_our_endpoint() {
    let servers = ("dns_servers: !sample [10.21.0.10, 10.21.0.11]", "dns_servers: [10.210.21.36, 10.21.0.11]");
    let told = found(&[servers]);
    assert!(told.contains(&"V23 150:23".to_string()), "{told:?}");
    let outbound = ("dns_servers: !sample [10.21.0.10, 10.21.0.11]", "dns_servers: [10.210.21.37, 10.21.0.11]");
    assert!(found(&[outbound]).contains(&"V23 150:23".to_string()), "{:?}", found(&[outbound]));
}

#[test]
fn a_target_that_is_ours_is_told_once() {
    assert_eq!(found(&[("targets: !sample [10.21.0.12]", "targets: [10.210.21.36]")]), ["V10 155:17"]);
    assert_eq!(found(&[("targets: !sample [10.21.0.12]", "targets: [10.210.21.37]")]), ["V10 155:17"]);
}

/// An ASP that asks us for names of others: a pattern of AWS's own guides.
#[test]
fn a_rule_of_an_asp_may_lead_to_the_inbound_endpoint() {
    let rule = "domain: lgwan.example\n      targets: [10.210.21.36]\n      use_in_shared_vpc: false\n";
    assert_eq!(found(&[(LGWAN, rule)]), [""; 0]);
}

#[test]
fn a_target_that_answers_nobody_outside_its_vpc() {
    assert_eq!(found(&[("targets: !sample [10.21.0.12]", "targets: [169.254.169.253]")]), ["V10 155:17"]);
    assert_eq!(found(&[("targets: !sample [10.21.0.12]", "targets: [10.210.21.2]")]), ["V10 155:17"]);
    assert_eq!(found(&[("targets: !sample [10.21.0.12]", "targets: [10.212.21.2]")]), ["V10 155:17"], "an ASP's");
}

#[test]
fn names_that_stand_for_each_other() {
    let circle = "        - { name: a, type: CNAME, values: [b.gc.itano.example] }\n        - { name: b, type: CNAME, values: [a.gc.itano.example] }\n        - { name: koseki,";
    assert_eq!(found(&[(RECORD, circle)]), ["V23 146:19"]);
}

#[test]
fn a_rule_below_a_zone_hides_its_record() {
    assert_eq!(found(&[(LGWAN, "domain: koseki.gc.itano.example\n")]), ["V24 154:15"]);
    let other = [(LGWAN, "domain: nobody.gc.itano.example\n")];
    assert_eq!(found(&other), [""; 0], "nothing is lost");
}

#[test]
fn one_domain_twice_for_the_shared_vpc() {
    let ours = [
        ("name: !sample gc.itano.example", "name: hoken.itano.asp-b.example"),
        ("dns: !sample fukushi.gc.itano.example", "dns: fukushi.hoken.itano.asp-b.example"),
    ];
    assert_eq!(found(&ours), ["V25 112:29"]);
    let theirs = [("name: !sample hoken.itano.asp-b.example", "name: juki.itano-gun.asp-a.example")];
    assert_eq!(found(&theirs), ["V25 112:21"]);
}

#[test]
fn one_domain_twice_among_rules() {
    let except = "except: [lgwan.example]\n      share_with: [juki, hoken, gakko]\n      note";
    assert_eq!(found(&[("share_with: [juki, hoken, gakko]\n      note", except)]), ["V01 155:23"]);
}

/// The VPC of 住民記録 serves four towns.
#[test]
fn two_towns_that_claim_one_domain_for_one_vpc() {
    let sources = ["itano", "kamiita"].map(|key| {
        let path = format!("{}/municipalities/{key}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let at = text.find("lgwan.example").unwrap();
        let (before, after) = text.split_at(at);
        let after = if key == "kamiita" {
            after.replacen("      #", "      share_with: [juki]\n      #", 1)
        } else {
            after.into()
        };
        Source::new(format!("{key}.yaml"), format!("{before}{after}").replace("gc.kamiita.example", "gc.itano.example"))
    });
    let told = told(&Fleet::from_sources(sources.to_vec()));
    let codes = brief(&told);
    assert_eq!(codes.iter().filter(|told| told.starts_with("V25")).count(), 2, "a zone and a rule: {codes:?}");
    assert!(nine().cities().count() == 9);
}

#[test]
fn circles_are_shown() {
    let fleets = [
        changed("itano", &[(LGWAN, "domain: gc.itano.example\n")]),
        changed("itano", &[(LGWAN, "domain: koseki.gc.itano.example\n")]),
        changed("itano", &[("name: !sample hoken.itano.asp-b.example", "name: juki.itano-gun.asp-a.example")]),
        changed("itano", &[("targets: !sample [10.21.0.12]", "targets: [169.254.169.253]")]),
        changed("itano", &[("      share_with: [juki]\n", "      use_in_shared_vpc: false\n")]),
    ];
    let mut text = String::new();
    for fleet in &fleets {
        for finding in told(fleet).iter().filter(|finding| finding.code.as_str() > "V22") {
            for lang in [Lang::En, Lang::Ja] {
                text.push_str(&diagnostics::render(finding, Style::plain(lang)));
                text.push('\n');
            }
        }
    }
    assert_snapshot!(text);
}

//! What must hold, and when.

use super::city::{city, hole, route};
use crate::*;

fn must(from: &str, to: &str, must: Must) -> Requirement {
    Requirement { from: from.into(), to: to.into(), must, why: format!("{from} and {to}") }
}

#[test]
fn a_line_that_opens_later_satisfies_only_what_is_wanted_then() {
    let wishes = [must("koseki", "juki", Must::Reach), must("koseki", "juki", Must::ReachWhenOpen)];
    let violations = check(&city(), &wishes).unwrap();
    assert_eq!(violations.len(), 1);
    assert_eq!((&violations[0].requirement, violations[0].moment), (&wishes[0], Moment::Now));
    assert!(matches!(violations[0].flow.stop().unwrap().why, Why::NotOpen { .. }));
    assert_eq!(check(&city().when_open(), &wishes).unwrap(), []);
}

#[test]
fn what_must_be_apart_must_also_be_apart_when_the_line_opens() {
    let violations = check(&city(), &[must("koseki", "juki", Must::NotReach)]).unwrap();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].moment, Moment::WhenOpen);
    assert!(violations[0].flow.passes());
}

#[test]
fn one_way_is_no_connection_but_no_separation_either() {
    let apart = [must("koseki", "zei", Must::NotReach), must("koseki", "zei", Must::NotArrive)];
    let violations = check(&city(), &apart).unwrap();
    assert_eq!(violations.len(), 1, "zei's table drops the answers, nothing drops what koseki sends");
    assert_eq!((&violations[0].requirement, violations[0].moment), (&apart[1], Moment::WhenOpen));
    assert!(violations[0].verdict.is_blocked() && violations[0].flow.arrives());
    let mut network = city();
    network.gateways[0].tables[0].routes = vec![hole("10.212.0.0/20")];
    assert_eq!(check(&network, &apart).unwrap(), []);
}

#[test]
fn partly_is_neither_reached_nor_apart() {
    let mut network = city();
    network.gateways[0].tables[0].routes.push(hole("10.211.21.0/25"));
    let wishes = [must("onprem", "juki", Must::Reach), must("onprem", "juki", Must::NotReach)];
    let violations = check(&network, &wishes).unwrap();
    assert_eq!(violations.len(), 2);
    assert!(!violations[0].flow.passes() && violations[1].flow.passes());
    network.gateways[0].tables[0].routes.push(route("10.211.21.0/26", "juki", Origin::Static));
    assert_eq!(check(&network, &wishes).unwrap().len(), 2);
}

#[test]
fn nothing_is_promised_about_two_places_outside() {
    let wishes =
        [Must::Reach, Must::ReachWhenOpen, Must::NotReach, Must::NotArrive].map(|wish| must("onprem", "koseki", wish));
    let violations = check(&city(), &wishes).unwrap();
    assert_eq!(violations.len(), 4);
    assert!(violations.iter().all(|violation| violation.verdict == Verdict::Outside));
}

#[test]
fn a_requirement_names_places() {
    let unknown = ModelError::Unknown { part: Part::Place, name: "nowhere".into(), by: "a requirement".into() };
    assert_eq!(check(&city(), &[must("onprem", "nowhere", Must::Reach)]), Err(unknown));
}

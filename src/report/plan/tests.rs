//! What an operator sees.

use std::collections::BTreeMap;

use gcnet_core::{Cause, Effect, State, Why};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Goal, Overview, markdown, strangers, text, waiting};
use crate::{
    blueprint::deferred::Deferred,
    report::{
        Lang, Style,
        document::{Differs, Document, Opening, Owed, Step, Stranger, Waiting},
        fixtures::{self, Draft, address, subject, to},
        layout,
    },
};

fn calls() -> BTreeMap<String, usize> {
    [("EC2:DescribeVpcs".to_string(), 1), ("EC2:SearchTransitGatewayRoutes".to_string(), 5)].into()
}

fn document(plan: &gcnet_core::Plan, deferred: &[Deferred]) -> Document {
    Document::new(&subject(), plan, &[], deferred, Some(&calls()))
}

fn shown(plan: &gcnet_core::Plan, deferred: &[Deferred], goal: Goal, style: Style) -> String {
    let document = document(plan, deferred);
    text(&Overview { subject: &subject(), document: &document, deferred, goal }, style)
}

fn both(plan: &gcnet_core::Plan, goal: Goal) -> String {
    let deferred = if goal == Goal::Apply { fixtures::deferred() } else { vec![] };
    let show = |lang| shown(plan, &deferred, goal, Style::plain(lang));
    format!("{}\n=================== ja\n{}", show(Lang::En), show(Lang::Ja))
}

#[test]
fn everything_is_made() {
    assert_snapshot!(both(&fixtures::first(), Goal::Apply));
}

#[test]
fn somebody_used_the_console() {
    assert_snapshot!(both(&fixtures::drift(), Goal::Apply));
}

#[test]
fn a_replaced_vpc_drags_its_users_along() {
    assert_snapshot!(both(&fixtures::cascade(), Goal::Apply));
}

#[test]
fn everything_goes() {
    assert_snapshot!(both(&fixtures::destruction(), Goal::Destroy));
}

/// An authority whose certificate has ended, whose day was only noted, which is replaced, and which goes.
#[test]
fn authorities_end_go_and_come_back() {
    let differs = |cause| Why::Differs { cause };
    let root = "certificate-authority/root";
    let change =
        |field: &str, before: &str, after: &str, effect| fixtures::change(field, json!(before), json!(after), effect);
    let ended = change("status", "expired", "active", Effect::InPlace);
    let noted = change("reissued_since.noted", "2026-12-01", "2027-02-01", Effect::InPlace);
    let subject = change("key_algorithm", "RSA_2048", "RSA_4096", Effect::Replace);
    let replaced = Why::Replaced { cause: Cause::File, fields: vec!["key_algorithm".into()], follows: vec![] };
    let raw = || json!({ "deletion_window_days": 30 });
    let plans = [
        Draft::new().update(root, "arn", differs(Cause::Drift), vec![ended]).plan(),
        Draft::new().update(root, "arn", differs(Cause::File), vec![noted]).plan(),
        Draft::new().replace(root, "arn", replaced, vec![subject], json!({}), raw()).plan(),
    ];
    let gone = Draft::new().delete(root, "arn", raw(), Why::NotDesired).plan();
    let shown: String = plans.iter().map(|plan| both(plan, Goal::Apply)).collect();
    assert_snapshot!(shown + &both(&gone, Goal::Destroy));
}

#[test]
fn nothing_to_do() {
    let plan = Draft::new().unchanged(42).plan();
    assert_snapshot!(both(&plan, Goal::Apply));
    assert_snapshot!("nothing_to_destroy", both(&Draft::new().plan(), Goal::Destroy));
}

#[test]
fn others_owe_a_move() {
    let attach = Waiting {
        address: address("foreign-attachment/main/vpc-0aaa"),
        id: None,
        party: "A社\u{1b}[2J".into(),
        account: Some("222233334444".into()),
        action: "attach-vpc".into(),
        state: Owed::Theirs,
        since: Some("2025-01-06T01:02:03Z".into()),
        opens: None,
        purpose: Some("asp juki".into()),
        holds: vec![address("tgw-association/main/vpc-0aaa")],
        differs: None,
    };
    let refused = Waiting {
        address: address("vpc-endpoint/fukushi"),
        id: Some("vpce-0a1b".into()),
        action: "reconsider-endpoint".into(),
        state: Owed::Refused,
        since: None,
        holds: vec![],
        ..attach.clone()
    };
    let line = Waiting {
        address: address("line/lgcs"),
        party: "lgcs".into(),
        account: None,
        action: "open-line".into(),
        since: None,
        opens: Some(Opening { month: "2025-04".into(), or_later: true }),
        holds: vec![],
        ..attach.clone()
    };
    let decide = Waiting {
        party: "鳴門市".into(),
        action: "check-ranges".into(),
        state: Owed::Ours,
        since: None,
        holds: vec![address("tgw-propagation/rt-onprem/main/vpc-0ccc")],
        differs: Some(Differs {
            file: vec!["10.221.0.0/24".into()],
            live: vec!["10.98.0.0/24".into(), "10.221.0.0/24".into()],
        }),
        ..attach.clone()
    };
    let plan = Draft::new().unchanged(42).plan();
    let document = Document::new(&subject(), &plan, &[attach, refused, line, decide], &[], None);
    let overview = Overview { subject: &subject(), document: &document, deferred: &[], goal: Goal::Apply };
    let show = |lang| text(&overview, Style::plain(lang));
    assert_snapshot!(format!("{}\n{}", show(Lang::En), show(Lang::Ja)));
}

/// What others did is neither somebody's change nor a run that stopped; to ask again destroys nothing; and what waits for
/// several is counted once.
/// Of an association the address says both halves.
#[test]
fn ids_put_together_of_others_are_not_shown() {
    let stranger =
        |id: &str| Stranger { address: address("zone-association/gc/vpc-0ddd"), id: id.into(), pending: false };
    let style = Style::plain(Lang::En);
    let shown = strangers(&[stranger("Z0A1|vpc-0ddd"), stranger("tgw-attach-0ddd")], style);
    let lines: Vec<&str> = shown.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["  ? zone-association/gc/vpc-0ddd", "  ? zone-association/gc/vpc-0ddd  tgw-attach-0ddd"]);
    let owed = |id: &str| Waiting {
        address: address("zone-association/gc/vpc-0ddd"),
        id: Some(id.into()),
        party: "A社".into(),
        account: Some("222233334444".into()),
        action: "associate-zone".into(),
        state: Owed::Theirs,
        since: None,
        opens: None,
        purpose: None,
        differs: None,
        holds: vec![],
    };
    assert!(!waiting(&[owed("Z0A1|vpc-0ddd")], style).contains("Z0A1"));
    assert!(waiting(&[owed("tgw-attach-0ddd")], style).contains("tgw-attach-0ddd"));
}

/// Nobody sees who uses a rule that was lent, so it is said of every one that leaves its share; not of other things shared.
#[test]
fn rules_that_are_not_lent_any_more_are_told() {
    let mut draft = Draft::new();
    let mut take = |share: &str, what: &str, resource: &str| {
        let raw = json!({ "share": to(&format!("share/{share}")), "resource": to(resource) });
        draft.delete(&format!("share-resource/{share}/{what}"), "arn|arn", raw, Why::NotDesired);
    };
    take("dns-a-sha", "lgwan.example", "resolver-rule/lgwan.example");
    take("transit-gateway", "main", "transit-gateway/main");
    let told = shown(&draft.plan(), &[], Goal::Apply, Style::plain(Lang::En));
    assert!(told.contains("not shared any more") && told.contains("lgwan.example (share/dns-a-sha)"), "{told}");
    assert!(!told.contains("main (share/"), "{told}");
}

#[test]
fn others_moved_or_are_asked_again() {
    let mut draft = Draft::new();
    let accepts = fixtures::change("accepted", false.into(), true.into(), Effect::InPlace);
    draft.update(
        "foreign-attachment/main/vpc-0aaa",
        "tgw-attach-1",
        Why::Differs { cause: Cause::Unknown },
        vec![accepts],
    );
    draft.update("dx-association/main/lgcs", "tgw-1|lgcs", Why::Unfinished, vec![]);
    draft.update("dx-attachment/main/lgcs", "tgw-attach-2", Why::Unfinished, vec![]);
    draft.update("dx-attachment/main/ours", "tgw-attach-3", Why::Unfinished, vec![]);
    let refused = Why::Broken { state: "refused".into() };
    draft.replace("vpc-endpoint/fukushi", "vpce-0a1b", refused, vec![], json!({}), json!({}));
    let mut plan = draft.plan();
    let kind = gcnet_aws::KINDS.get("foreign-attachment").unwrap();
    let mut raw = kind.example();
    raw["made_by_us"] = Value::Null;
    plan.steps[0].have.as_mut().unwrap().raw = raw;
    plan.steps[1].have.as_mut().unwrap().state = State::Pending("associating".into());
    plan.steps[1].want.as_mut().unwrap().want.spec = json!({ "owner": "333344445555" });

    let gateway = address("transit-gateway/main");
    let detach = |vpc: &str, party: &str, own: &[&str]| Waiting {
        address: address(&format!("foreign-attachment/main/{vpc}")),
        id: None,
        party: party.into(),
        account: Some("222233334444".into()),
        action: "detach-vpc".into(),
        state: Owed::Theirs,
        since: None,
        opens: None,
        purpose: None,
        differs: None,
        holds: own.iter().map(|held| address(held)).chain([gateway.clone()]).collect(),
    };
    let owed = [detach("vpc-0bbb", "A社", &["route/x/10.0.0.0/8"]), detach("vpc-0ccc", "B社", &[])];
    let document = Document::new(&subject(), &plan, &owed, &[], None);
    assert!(!document.is_destructive());
    let overview = Overview { subject: &subject(), document: &document, deferred: &[], goal: Goal::Apply };
    let show = |lang| text(&overview, Style::plain(lang));
    let shown = format!("{}\n{}", show(Lang::En), show(Lang::Ja));
    assert!(!shown.contains("!!"), "{shown}");
    assert_snapshot!(shown);
}

#[test]
fn for_a_pull_request() {
    for (name, plan) in [("markdown_cascade", fixtures::cascade()), ("markdown_empty", Draft::new().plan())] {
        let (document, deferred) = (document(&plan, &[]), fixtures::deferred());
        let overview = Overview { subject: &subject(), document: &document, deferred: &deferred, goal: Goal::Apply };
        assert_snapshot!(name, format!("{}\n{}", markdown(&overview, Lang::En), markdown(&overview, Lang::Ja)));
    }
}

#[test]
fn for_machines() {
    let json = serde_json::to_string_pretty(&document(&fixtures::drift(), &fixtures::deferred())).unwrap();
    assert_snapshot!(json);
}

fn all() -> Vec<gcnet_core::Plan> {
    vec![fixtures::first(), fixtures::drift(), fixtures::cascade(), fixtures::destruction(), Draft::new().plan()]
}

#[test]
fn the_document_survives_a_round_trip_and_refuses_what_it_does_not_know() {
    for plan in all() {
        let document = document(&plan, &fixtures::deferred());
        let json = serde_json::to_value(&document).unwrap();
        assert_eq!(serde_json::from_value::<Document>(json.clone()).unwrap(), document);
        for place in ["", "/summary", "/steps/0", "/steps/0/changes/0", "/steps/0/why", "/deferred/0", "/api"] {
            let mut json = json.clone();
            let Some(object) = json.pointer_mut(place).and_then(|value| value.as_object_mut()) else { continue };
            object.insert("surprise".into(), 1.into());
            assert!(serde_json::from_value::<Document>(json).is_err(), "{place}");
        }
    }
}

#[test]
fn a_replacement_is_one_step_and_each_step_follows_those_it_names() {
    for plan in all() {
        let document = document(&plan, &[]);
        let mut seen: Vec<&Step> = vec![];
        for step in &document.steps {
            assert!(!step.after.contains(&step.address), "{}", step.address);
            for earlier in &step.after {
                assert!(seen.iter().any(|seen| seen.address == *earlier), "{} before {earlier}", step.address);
            }
            seen.push(step);
        }
        let summary = document.summary;
        assert_eq!(document.steps.len(), summary.create + summary.update + summary.replace + summary.delete);
    }
}

#[test]
fn lines_fit_and_carry_no_escape_sequences_without_colour() {
    for plan in all() {
        for lang in [Lang::Ja, Lang::En] {
            for width in [60, 80, 120] {
                let text = shown(&plan, &fixtures::deferred(), Goal::Apply, Style { lang, color: false, width });
                assert!(!text.contains('\u{1b}'), "{text}");
                for line in text.lines() {
                    assert!(layout::width(line) <= width, "{} > {width}: {line}", layout::width(line));
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}

/// Whatever the colours, the words are the same.
#[test]
fn colour_only_adds_to_the_text() {
    for plan in all() {
        let style = |color| Style { color, ..Style::plain(Lang::En) };
        let coloured = shown(&plan, &[], Goal::Apply, style(true));
        let stripped = anstream::adapter::strip_str(&coloured).to_string();
        let without_ends = |text: &str| text.lines().map(|line| line.trim_end().to_string()).collect::<Vec<_>>();
        assert_eq!(without_ends(&stripped), without_ends(&shown(&plan, &[], Goal::Apply, style(false))));
        assert!(coloured.contains('\u{1b}'));
    }
}

/// What a name holds is a name to a forge: no picture, link, mention, reference, table or end of the block.
#[test]
fn names_are_no_markup() {
    let name = "<img src=x> [l](http://x) @team #1 www.x.jp `c` | ~~s~~ $m$ \u{1b}[2J\u{202e}";
    assert_snapshot!(super::escape(name));
    let mut document = document(&fixtures::drift(), &[]);
    document.steps[0].changes[0].after = json!("`````\n```\n# heading\u{9b}2J");
    let page =
        markdown(&Overview { subject: &subject(), document: &document, deferred: &[], goal: Goal::Apply }, Lang::En);
    let fence = page.lines().find(|line| line.starts_with("```")).unwrap();
    assert_eq!(fence, "``````text", "one more than the longest run within");
    assert_eq!(page.lines().filter(|line| line.trim() == "``````").count(), 1);
    assert!(!page.lines().any(|line| line.starts_with("# ")));
    assert!(!page.contains('\u{9b}'));
}

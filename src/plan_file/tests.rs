//! Every way in which a saved plan can be wrong, and every way in which it can stop to hold.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};
use tempfile::tempdir;

use super::{Difference, PlanFile, PlanFileError, difference, read, write};
use crate::report::{
    document::{Action, Document, Subject},
    fixtures::{self, subject},
};

const SOURCE: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn document() -> Document {
    let calls = BTreeMap::from([("EC2:DescribeVpcs".to_string(), 1)]);
    Document::new(&subject(), &fixtures::drift(), &[], &fixtures::deferred(), Some(&calls))
}

/// Writes a plan, changes its text, and says what reading it gives.
fn read_changed(change: impl Fn(String) -> String) -> Result<PlanFile, PlanFileError> {
    let dir = tempdir().unwrap();
    let path = dir.path().join("plan.json");
    write(&path, &document(), SOURCE).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(text)).unwrap();
    read(&path)
}

#[test]
fn what_is_saved_is_read_and_still_holds() {
    let saved = read_changed(|text| text).unwrap();
    assert_eq!((saved.gcnet.as_str(), saved.file_sha256.as_str()), (env!("CARGO_PKG_VERSION"), SOURCE));
    assert_eq!(saved.plan, Document { api: None, ..document() });
    assert_eq!(difference(&saved.plan, &document()), []);
    saved.check_subject(&subject()).unwrap();
}

#[test]
fn another_layout_of_the_same_json_is_no_edit() {
    let compact = |text: String| serde_json::from_str::<Value>(&text).unwrap().to_string();
    assert!(read_changed(compact).is_ok());
}

#[test]
fn any_edit_is_found() {
    for (from, to) in [
        ("10.211.2.0/24", "10.212.2.0/24"),
        ("\"municipality\": \"naruto\"", "\"municipality\": \"itano\""),
        ("9f86d081", "00000000"),
        ("\"action\": \"update\"", "\"action\": \"delete\""),
    ] {
        let read = read_changed(|text| text.replacen(from, to, 1));
        assert!(matches!(read, Err(PlanFileError::Tampered { .. })), "{from}: {read:?}");
    }
}

#[test]
fn what_is_no_plan_is_refused_as_such() {
    for text in ["", "{", "[]", "{}", "{\"format_version\": 1}", "nonsense", "\u{0}"] {
        let read = read_changed(|_| text.to_string());
        assert!(matches!(read, Err(PlanFileError::NotAPlan { .. })), "{text}: {read:?}");
    }
    let extra = |text: String| text.replacen('{', "{\"surprise\": 1,", 1);
    assert!(matches!(read_changed(extra), Err(PlanFileError::NotAPlan { .. })));
    let newer = |text: String| text.replacen("\"format_version\": 1", "\"format_version\": 2", 1);
    assert!(matches!(read_changed(newer), Err(PlanFileError::OtherVersion { found, known: 1, .. }) if found == "2"));
    assert!(matches!(read(Path::new("/nonexistent/plan")), Err(PlanFileError::Read { .. })));
}

#[test]
fn the_plan_of_somebody_else_is_refused() {
    let saved = read_changed(|text| text).unwrap();
    for other in [
        Subject { municipality: "itano".into(), ..subject() },
        Subject { environment: "test".into(), ..subject() },
        Subject { account: "999988887777".into(), ..subject() },
        Subject { region: "ap-northeast-3".into(), ..subject() },
    ] {
        assert!(matches!(saved.check_subject(&other), Err(PlanFileError::OtherSubject { .. })));
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let dir = tempdir().unwrap();
    assert!(matches!(write(&dir.path().join("no/plan"), &document(), SOURCE), Err(PlanFileError::Write { .. })));
    // A directory is in the way: the draft is there and cannot be moved.
    let taken = dir.path().join("taken");
    fs::create_dir_all(taken.join("x")).unwrap();
    assert!(matches!(write(&taken, &document(), SOURCE), Err(PlanFileError::Write { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let path = dir.path().join("plan.json");
    fs::write(&path, "an old plan that everybody may read").unwrap();
    write(&path, &document(), SOURCE).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_difference_is_seen() {
    let saved = document();
    let changed = |change: &dyn Fn(&mut Document)| {
        let mut fresh = saved.clone();
        change(&mut fresh);
        difference(&saved, &fresh)
    };
    let first = saved.steps[0].clone();
    let (address, action) = (first.address.clone(), first.action);
    assert_eq!(changed(&|d| drop(d.steps.remove(0))), [Difference::Went { address: address.clone(), action }]);
    assert_eq!(
        difference(&Document { steps: vec![], ..saved.clone() }, &Document { steps: vec![first], ..saved.clone() }),
        [Difference::Came { address: address.clone(), action }]
    );
    assert_eq!(
        changed(&|d| d.steps[0].action = Action::Delete),
        [Difference::Action { address: address.clone(), saved: action, fresh: Action::Delete }]
    );
    assert!(matches!(changed(&|d| d.steps[0].id = Some("sg-1".into())).as_slice(), [Difference::Object { .. }]));
    assert_eq!(
        changed(&|d| d.steps[0].changes[0].after = json!([])),
        [Difference::Fields { address: address.clone(), fields: vec!["ingress".into()] }]
    );
    let interrupted = crate::report::document::Why::Unfinished {};
    assert_eq!(changed(&|d| d.steps[0].why = interrupted.clone()), [Difference::Why { address: address.clone() }]);
    assert_eq!(changed(&|d| d.steps[0].after.push(address.clone())), [Difference::Order { address: address.clone() }]);
    assert_eq!(changed(&|d| d.deferred.clear()), [Difference::Deferred]);
    assert_eq!(changed(&|d| d.steps.reverse()), []);
    assert_eq!(changed(&|d| d.summary.unchanged += 1), [], "what is left alone is no part of a plan");
}

//! The other parties: they make their moves in the toy cloud, when asked and unasked.

use serde_json::{Value, json};

use super::{
    parties::{Guest, Offer},
    world::{Toy, Verdict},
};
use crate::{Plan, Ref, Request};

/// Everything that a plan asks of anybody, in the order in which it is to be done.
pub fn asked(plan: &Plan) -> Vec<Request> {
    plan.waiting.iter().flat_map(|waiting| &waiting.asks).flat_map(|ask| ask.calls.clone()).collect()
}

/// Another party does all that the plan asks; answers how much.
pub fn obey(toy: &Toy, plan: &Plan) -> usize {
    let calls = asked(plan);
    calls.iter().for_each(|call| play(toy, call));
    calls.len()
}

/// One move. A party that is asked for what it has done already does nothing.
pub fn play(toy: &Toy, call: &Request) {
    let text = |key: &str| call.input[key].as_str().unwrap();
    match call.operation.as_str() {
        "MakeGuest" => make_guest(toy, text("table"), text("account"), text("cidr")),
        "SetCidr" => alter(toy, text("guest"), "cidr", json!(text("cidr"))),
        "RemoveGuest" => remove_guest(toy, text("guest")),
        "MakeOffer" => offer(toy, text("account"), text("name")),
        "AcceptDoor" => judge(toy, text("door"), Verdict::Accepted),
        other => panic!("nobody knows how to {other}"),
    }
}

/// As the cloud does, it refuses a second one on the same table and one on a table that is not there.
pub fn make_guest(toy: &Toy, table: &str, account: &str, cidr: &str) {
    let things = toy.things();
    let same = |raw: &Value| raw["table"]["$id"] == table && raw["account"] == account;
    if things.iter().any(|t| t.kind == "guest" && same(&t.raw)) || !things.iter().any(|t| t.id == table) {
        return;
    }
    let table = Ref::id(table);
    let guest = Guest { table, account: account.into(), cidr: cidr.into(), accepted: false, label: None, share: None };
    toy.appear("guest", serde_json::to_value(guest).unwrap());
}

pub fn offer(toy: &Toy, account: &str, name: &str) {
    let same = |raw: &Value| raw["account"] == account && raw["name"] == name;
    // What has lapsed can be offered again.
    if !toy.things().iter().any(|t| t.kind == "offer" && !t.failed && same(&t.raw)) {
        let offer = Offer { account: account.into(), name: name.into(), accepted: false };
        toy.appear("offer", serde_json::to_value(offer).unwrap());
    }
}

pub fn alter(toy: &Toy, id: &str, field: &str, value: Value) {
    toy.by_hand(|things| {
        if let Some(thing) = things.get_mut(id) {
            thing.raw[field] = value;
        }
    });
}

/// Their answer to a door that waits for one. A refusal stands.
pub fn judge(toy: &Toy, door: &str, verdict: Verdict) {
    toy.by_hand(|things| {
        if let Some(thing) = things.get_mut(door).filter(|thing| thing.verdict == Verdict::Asked) {
            thing.verdict = verdict;
            thing.raw["accepted"] = (verdict == Verdict::Accepted).into();
        }
    });
}

/// Nobody answered in time, or what was there broke.
pub fn lapse(toy: &Toy, id: &str) {
    toy.by_hand(|things| {
        if let Some(thing) = things.get_mut(id) {
            thing.failed = true;
        }
    });
}

/// It goes, and what hangs on it with it; what points at it points nowhere then.
pub fn remove_guest(toy: &Toy, id: &str) {
    toy.fade(id);
    for thing in toy.things().into_iter().filter(|thing| thing.id.starts_with(&format!("{id}|"))) {
        toy.fade(&thing.id);
    }
}

/// The ids of a kind.
pub fn ids(toy: &Toy, kind: &str) -> Vec<String> {
    toy.things().into_iter().filter(|thing| thing.kind == kind).map(|thing| thing.id).collect()
}

/// The only one of its kind.
pub fn the(toy: &Toy, kind: &str) -> String {
    match &ids(toy, kind)[..] {
        [id] => id.clone(),
        other => panic!("{kind}: {other:?}"),
    }
}

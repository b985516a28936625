//! The engine's plan, in the form for machines.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::KINDS;
use gcnet_core::{self as core, Address, Party, State, order, refs};
use serde_json::Value;

use super::{Action, Cause, Change, Differs, Effect, Opening, Owed, Step, Waiting, Why};
use crate::{
    blueprint::{self, Purpose},
    config::schema::Municipality,
    handshake::{self, Handshake},
};

/// The engine's steps, with the halves of each replacement in one.
pub(super) fn steps(plan: &core::Plan) -> Vec<Step> {
    let halves: Vec<usize> = (0..plan.steps.len()).filter(|&i| !is_old_half(&plan.steps[i])).collect();
    let whole = |i: usize| {
        let i = if is_old_half(&plan.steps[i]) { plan.steps[i].pair.unwrap_or(i) } else { i };
        halves.binary_search(&i).ok()
    };
    // What the old half waits for is left out: with it, two replacements would wait for each other.
    let after: Vec<BTreeSet<usize>> = halves
        .iter()
        .enumerate()
        .map(|(node, &i)| plan.steps[i].after.iter().filter_map(|&j| whole(j)).filter(|&n| n != node).collect())
        .collect();
    let live = live(plan);
    let address_of = |id: &str| live.get(id).map(|address| (*address).clone());
    let mut steps: Vec<(usize, Step)> = halves
        .iter()
        .enumerate()
        // What is only tried is among what waits.
        .filter(|(_, i)| !plan.steps[**i].is_attempt())
        .map(|(node, &i)| {
            let step = &plan.steps[i];
            let old = step.pair.and_then(|pair| plan.steps.get(pair)).unwrap_or(step);
            let after: BTreeSet<&Address> = after[node].iter().map(|&n| &plan.steps[halves[n]].address).collect();
            let step = Step {
                address: step.address.clone(),
                kind: step.address.kind().to_string(),
                id: old.have.as_ref().map(|object| object.id.clone()),
                action: action(step),
                why: why(step, plan),
                changes: changes(step, &address_of),
                after: after.into_iter().filter(|address| **address != step.address).cloned().collect(),
            };
            (node, step)
        })
        .collect();
    // A ring is impossible, see above; if there were one, the engine's own order would do.
    let order = order::sort(&after, |node| node).unwrap_or_else(|_| (0..halves.len()).collect());
    let place: BTreeMap<usize, usize> = order.into_iter().enumerate().map(|(place, node)| (node, place)).collect();
    steps.sort_by_key(|(node, _)| place.get(node).copied());
    steps.into_iter().map(|(_, step)| step).collect()
}

/// What is owed, an entry an ask.
pub(super) fn waiting(municipality: &Municipality, handshakes: &[Handshake]) -> Vec<Waiting> {
    let mut owed = vec![];
    for handshake in handshakes {
        for ask in &handshake.asks {
            let who = handshake::who(municipality, &ask.party, handshake.purpose.as_ref());
            owed.push(Waiting {
                address: handshake.address.clone(),
                id: handshake.id.clone(),
                party: who.company,
                account: who.account,
                action: ask.action.clone(),
                state: match ask.party {
                    Party::Operator => Owed::Ours,
                    _ if ask.refused => Owed::Refused,
                    Party::Account(_) | Party::Outsider => Owed::Theirs,
                },
                since: ask.since.clone(),
                opens: handshake.opens.as_ref().map(Opening::from),
                purpose: handshake.purpose.as_ref().map(purpose),
                holds: handshake.holds.clone(),
                differs: ask.differs.as_ref().map(Differs::from),
            });
        }
    }
    owed
}

/// `asp juki`
pub(in crate::report) fn purpose(purpose: &Purpose) -> String {
    match purpose {
        Purpose::Account(name) => format!("account {name}"),
        Purpose::Asp(name) => format!("asp {name}"),
        Purpose::Line(name) => format!("line {name}"),
        Purpose::Sites(names) => format!("site {}", names.join(" ")),
    }
}

impl From<&blueprint::Opening> for Opening {
    fn from(opens: &blueprint::Opening) -> Self {
        Opening { month: opens.month.clone(), or_later: opens.or_later }
    }
}

impl From<&core::Differs> for Differs {
    fn from(differs: &core::Differs) -> Self {
        let texts = |value: &Value| match value {
            Value::Array(items) => items.iter().map(text).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect(),
            one => vec![text(one)],
        };
        Differs { file: texts(&differs.wish), live: texts(&differs.live) }
    }
}

/// What is said of it, without its names' quotes: `common_name=Naruto Root CA country=JP`.
fn plain(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let said = map.iter().filter(|(_, value)| !value.is_null());
            said.map(|(name, value)| format!("{name}={}", plain(value))).collect::<Vec<_>>().join(" ")
        }
        one => text(one),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

/// What another party did since the last run is neither a change of nobody knows whom nor a run that stopped.
fn why(step: &core::Step, plan: &core::Plan) -> Why {
    if step.action == core::Action::Update && moved(step, plan) {
        return Why::Moved {};
    }
    match Why::from(&step.why) {
        Why::Restored { until, mode: _ } => {
            let mode = wished(step, "mode").and_then(Value::as_str).map(String::from);
            Why::Restored { until, mode }
        }
        why => why,
    }
}

fn moved(step: &core::Step, plan: &core::Plan) -> bool {
    let Some(live) = &step.have else { return false };
    let is_theirs = KINDS.get(live.kind).is_some_and(|kind| kind.is_theirs(&live.raw));
    match (&step.why, live.kind) {
        // Theirs carries no record of ours: what has yet to be accepted is new.
        (core::Why::Differs { cause: core::Cause::Unknown }, _) if is_theirs => {
            let accepts = |change: &core::Change| ["accepted", "confirmed"].contains(&change.field.as_str());
            step.changes.iter().any(accepts)
        }
        // What they have to answer is on its way only once they have.
        (core::Why::Unfinished, "dx-association") => {
            matches!(live.state, State::Pending(_)) && wished(step, "owner").is_some_and(|owner| !owner.is_null())
        }
        (core::Why::Unfinished, "vpc-endpoint" | "tgw-peering") => matches!(live.state, State::Pending(_)),
        // AWS makes it when they accept the association that it has its name of.
        (core::Why::Unfinished, "dx-attachment") => {
            let is_made_by = |other: &&core::Step| {
                other.address.kind() == "dx-association" && other.address.name() == step.address.name()
            };
            plan.steps.iter().find(is_made_by).is_some_and(|association| moved(association, plan))
        }
        (core::Why::Unfinished, _) => is_theirs,
        _ => false,
    }
}

fn wished<'a>(step: &'a core::Step, field: &str) -> Option<&'a Value> {
    step.want.as_ref()?.want.spec.get(field)
}

fn is_old_half(step: &core::Step) -> bool {
    step.action == core::Action::Delete && step.pair.is_some()
}

fn action(step: &core::Step) -> Action {
    match (step.action, step.pair) {
        (_, Some(_)) => Action::Replace,
        (core::Action::Create, None) => Action::Create,
        (core::Action::Update, None) => Action::Update,
        (core::Action::Delete, None) => Action::Delete,
    }
}

/// The addresses of all live objects, by id.
fn live(plan: &core::Plan) -> BTreeMap<&str, &Address> {
    let going = plan.steps.iter().filter_map(|step| Some((step.have.as_ref()?.id.as_str(), &step.address)));
    going.chain(plan.ids.iter().map(|(address, id)| (id.as_str(), address))).collect()
}

fn changes(step: &core::Step, address_of: &impl Fn(&str) -> Option<Address>) -> Vec<Change> {
    let whole = |spec: &Value, effect: Effect| -> Vec<Change> {
        let fields = spec.as_object().into_iter().flatten();
        let change = |(field, value): (&String, &Value)| match effect {
            Effect::Delete => Change { field: field.clone(), before: value.clone(), after: Value::Null, effect },
            _ => Change { field: field.clone(), before: Value::Null, after: value.clone(), effect },
        };
        fields.map(change).collect()
    };
    match (action(step), &step.want, &step.have) {
        (Action::Create, Some(goal), _) => {
            let mut changes = whole(&goal.want.spec, Effect::Create);
            let said = |key: &&String| !TOLD_BY_ADDRESS.contains(&key.as_str());
            changes.extend(goal.tags.iter().filter(|(key, _)| said(key)).map(|(key, value)| Change {
                field: format!("tags.{key}"),
                before: Value::Null,
                after: value.as_str().into(),
                effect: Effect::Create,
            }));
            changes
        }
        (Action::Delete, _, Some(object)) => {
            let mut spec = object.raw.clone();
            refs::resolve(&mut spec, address_of);
            whole(&spec, Effect::Delete)
        }
        _ => step.changes.iter().map(Change::from).collect(),
    }
}

/// Tags that only repeat whose plan it is and which step.
const TOLD_BY_ADDRESS: [&str; 4] =
    [core::identity::MUNICIPALITY, core::identity::ENVIRONMENT, core::identity::ADDRESS, "Name"];

impl From<&core::Change> for Change {
    fn from(change: &core::Change) -> Self {
        let core::Change { field, before, after, effect } = change.clone();
        let effect = match effect {
            core::Effect::InPlace => Effect::InPlace,
            core::Effect::Replace => Effect::Replace,
        };
        Change { field, before, after, effect }
    }
}

impl From<&core::Why> for Why {
    fn from(why: &core::Why) -> Self {
        match why.clone() {
            core::Why::Missing | core::Why::Attempt => Why::Missing {},
            core::Why::Differs { cause } => Why::Differs { cause: cause.into() },
            core::Why::Replaced { cause, fields, follows } => Why::Replaced { cause: cause.into(), fields, follows },
            core::Why::Broken { state } => Why::Broken { state },
            core::Why::Unfinished => Why::Unfinished {},
            core::Why::Withdrawn => Why::Withdrawn {},
            core::Why::Restored { until } => Why::Restored { until, mode: None },
            core::Why::NotDesired => Why::NotDesired {},
            core::Why::Unanswered { on } => Why::Unanswered { on },
        }
    }
}

impl From<core::Cause> for Cause {
    fn from(cause: core::Cause) -> Self {
        match cause {
            core::Cause::File => Cause::File,
            core::Cause::Drift => Cause::Drift,
            core::Cause::Both => Cause::Both,
            core::Cause::Interrupted => Cause::Interrupted,
            core::Cause::Unknown => Cause::Unknown,
            core::Cause::Follows => Cause::Follows,
        }
    }
}

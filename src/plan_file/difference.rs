//! What a new plan does otherwise than a saved one.

use std::collections::BTreeMap;

use gcnet_core::Address;

use crate::report::document::{Action, Document, Step};

/// One thing in which a new plan differs from a saved one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The new plan has a step more.
    Came {
        /// Whose.
        address: Address,
        /// Which.
        action: Action,
    },
    /// The new plan has a step less.
    Went {
        /// Whose.
        address: Address,
        /// Which.
        action: Action,
    },
    /// Something else is done to it.
    Action {
        /// To what.
        address: Address,
        /// What was to be done.
        saved: Action,
        /// What is to be done now.
        fresh: Action,
    },
    /// Another live object is meant.
    Object {
        /// Its address.
        address: Address,
        /// The id that was seen.
        saved: String,
        /// The id that is seen now.
        fresh: String,
    },
    /// Fields have other values, live or wished.
    Fields {
        /// Of what.
        address: Address,
        /// Which.
        fields: Vec<String>,
    },
    /// The same is done for another reason.
    Why {
        /// To what.
        address: Address,
    },
    /// It waits for other steps.
    Order {
        /// Which.
        address: Address,
    },
    /// Other parties owe something else.
    Waiting,
    /// Other choices are not built.
    Deferred,
}

/// What a new plan does otherwise. Empty when the saved one still holds; what it cost to make does not count.
pub fn difference(saved: &Document, fresh: &Document) -> Vec<Difference> {
    let (old, new) = (by_key(saved), by_key(fresh));
    let mut differences = vec![];
    for (key, step) in &old {
        match new.get(key) {
            None => differences.push(Difference::Went { address: step.address.clone(), action: step.action }),
            Some(now) => differences.extend(of_step(step, now)),
        }
    }
    for (key, step) in &new {
        if !old.contains_key(key) {
            differences.push(Difference::Came { address: step.address.clone(), action: step.action });
        }
    }
    if saved.waiting != fresh.waiting {
        differences.push(Difference::Waiting);
    }
    if saved.deferred != fresh.deferred {
        differences.push(Difference::Deferred);
    }
    differences
}

/// A second object at one address, which a dead run left behind, has a step of its own.
fn by_key(document: &Document) -> BTreeMap<(&Address, usize), &Step> {
    let mut seen: BTreeMap<&Address, usize> = BTreeMap::new();
    document
        .steps
        .iter()
        .map(|step| {
            let nth = seen.entry(&step.address).or_default();
            *nth += 1;
            ((&step.address, *nth), step)
        })
        .collect()
}

fn of_step(saved: &Step, fresh: &Step) -> Option<Difference> {
    let address = saved.address.clone();
    if saved.action != fresh.action {
        return Some(Difference::Action { address, saved: saved.action, fresh: fresh.action });
    }
    if let (Some(old), Some(new)) = (&saved.id, &fresh.id)
        && old != new
    {
        return Some(Difference::Object { address, saved: old.clone(), fresh: new.clone() });
    }
    if saved.changes != fresh.changes {
        let differs = |step: &Step, other: &Step| -> Vec<String> {
            let missing = step.changes.iter().filter(|change| !other.changes.contains(change));
            missing.map(|change| change.field.clone()).collect()
        };
        let mut fields = [differs(saved, fresh), differs(fresh, saved)].concat();
        fields.sort();
        fields.dedup();
        return Some(Difference::Fields { address, fields });
    }
    if saved.why != fresh.why {
        return Some(Difference::Why { address });
    }
    (saved.after != fresh.after).then_some(Difference::Order { address })
}

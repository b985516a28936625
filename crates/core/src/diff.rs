//! What differs between a wish and a live object, and what each difference costs.

use serde::Serialize;
use serde_json::Value;

/// What it takes to make a field right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A call changes it.
    InPlace,
    /// AWS cannot change it: a new object takes the place of the old one.
    Replace,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The field of the spec; `tags.KEY` for a tag.
    pub field: String,
    /// Live, with our ids rewritten to addresses.
    pub before: Value,
    /// Wished.
    pub after: Value,
    /// What it costs.
    pub effect: Effect,
}

/// Collects changes; a kind's `diff` destructures its spec, so that a new field does not compile until somebody has said
/// what changing it costs.
#[derive(Default, Debug, Clone, PartialEq)]
pub struct Diff(pub Vec<Change>);

impl Diff {
    /// The field can be changed on the live object.
    pub fn in_place<T: PartialEq + Serialize>(&mut self, field: &str, want: &T, live: &T) {
        self.push(field, want, live, Effect::InPlace);
    }

    /// The field cannot be changed: another value needs another object.
    pub fn replace<T: PartialEq + Serialize>(&mut self, field: &str, want: &T, live: &T) {
        self.push(field, want, live, Effect::Replace);
    }

    /// As [`in_place`](Self::in_place), for a field that the wish may leave to others: `None` differs from nothing.
    pub fn in_place_if_said<T: PartialEq + Serialize>(&mut self, field: &str, want: &Option<T>, live: &Option<T>) {
        if want.is_some() {
            self.push(field, want, live, Effect::InPlace);
        }
    }

    fn push<T: PartialEq + Serialize>(&mut self, field: &str, want: &T, live: &T, effect: Effect) {
        if want != live {
            // A spec that does not serialise cannot have become a wish; null is what a reader would be shown.
            let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
            self.0.push(Change { field: field.into(), before: json(live), after: json(want), effect });
        }
    }

    /// The dearest effect; `None` when nothing differs.
    pub fn effect(&self) -> Option<Effect> {
        self.0.iter().map(|change| change.effect).max()
    }

    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

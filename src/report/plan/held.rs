//! What waits for several others at once: told once, and not under each of them.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_core::Address;

use crate::report::{
    Style,
    document::Waiting,
    layout::{self, clean},
};

/// Who has to move before each held thing can be done.
pub(super) struct Shared<'a> {
    by_thing: BTreeMap<&'a Address, BTreeSet<&'a Address>>,
    parties: BTreeMap<&'a Address, BTreeSet<&'a str>>,
}

impl<'a> Shared<'a> {
    pub(super) fn of(owed: &'a [Waiting]) -> Self {
        let mut shared = Shared { by_thing: BTreeMap::new(), parties: BTreeMap::new() };
        for waiting in owed {
            shared.parties.entry(&waiting.address).or_default().insert(&waiting.party);
            for thing in &waiting.holds {
                shared.by_thing.entry(thing).or_default().insert(&waiting.address);
            }
        }
        shared
    }

    /// How much waits for this and nothing else.
    pub(super) fn alone(&self, waiting: &Waiting) -> usize {
        let waits = |thing: &&Address| self.by_thing.get(*thing).is_some_and(|all| all.len() == 1);
        waiting.holds.iter().filter(waits).count()
    }

    /// How much waits for several, a line for each set of them; empty where nothing does.
    pub(super) fn text(&self, style: Style) -> String {
        let mut sets: BTreeMap<&BTreeSet<&Address>, usize> = BTreeMap::new();
        for waited in self.by_thing.values().filter(|waited| waited.len() > 1) {
            *sets.entry(waited).or_default() += 1;
        }
        let mut text = String::new();
        for (waited, count) in &sets {
            let parties: BTreeSet<&str> =
                waited.iter().filter_map(|address| self.parties.get(address)).flatten().copied().collect();
            let parties: Vec<String> = parties.into_iter().map(clean).collect();
            let parties = parties.join(style.pick("、", ", "));
            let (steps, waits) = (waited.len(), count);
            let sentence = style.pick(
                format!("{parties} の {steps} 件がすべて済むと、さらに {waits} 件が進む"),
                format!("{waits} more once all {steps} of these are done: {parties}"),
            );
            for line in layout::labelled("  = ", &layout::wrap(&sentence, style.width.saturating_sub(4))) {
                text.push_str(&format!("{line}\n"));
            }
        }
        if text.is_empty() { text } else { format!("{text}\n") }
    }
}

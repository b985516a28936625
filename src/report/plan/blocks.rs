//! The steps, by part of the network; entries of tables under their tables.

use std::collections::BTreeMap;

use gcnet_core::Address;

use super::{Goal, Overview, brief::Brief, changes, mark};
use crate::report::{
    Style,
    document::{Action, Cause, Step, Why},
    field,
    group::{self, Entry, Group},
    layout::{self, clean},
    reason::reason,
    style::Tone,
    value::{Names, short_id},
};

/// One resource, or a table with the entries that change.
#[derive(Default)]
struct Block<'a> {
    /// Absent for a table that stays as it is.
    step: Option<&'a Step>,
    /// Entries, in the order of the plan.
    entries: Vec<(Entry, &'a Step)>,
}

impl Block<'_> {
    /// The dearest first; what is made and what changes, in the order of addresses.
    fn rank(&self) -> Option<Action> {
        let own = self.step.map(shown);
        own.or_else(|| self.entries.iter().map(|(_, step)| step.action).min())
    }
}

/// To ask again changes what is there, as far as anybody has it.
fn shown(step: &Step) -> Action {
    if step.asks_again() { Action::Update } else { step.action }
}

struct Writer<'a> {
    overview: &'a Overview<'a>,
    names: Names<'a>,
    style: Style,
    text: String,
}

/// All groups that have something, each closed by an empty line.
pub(super) fn text(overview: &Overview<'_>, style: Style) -> String {
    let names = Names::new(overview.document, style.lang);
    let mut writer = Writer { overview, names, style, text: String::new() };
    for (group, blocks) in sorted(overview, &writer.names, style) {
        writer.group(group, blocks);
    }
    writer.text
}

fn sorted<'a>(overview: &Overview<'a>, names: &Names<'_>, style: Style) -> BTreeMap<Group, Vec<(Address, Block<'a>)>> {
    let mut blocks: BTreeMap<(Group, Address, bool), Block<'a>> = BTreeMap::new();
    for step in &overview.document.steps {
        let (group, _) = group::place(&step.kind);
        match group::entry(step, names, style.lang) {
            Some(entry) => {
                let block = blocks.entry((group, entry.parent.clone(), false)).or_default();
                block.entries.push((entry, step));
            }
            None => {
                // A second object at one address, which a dead run left behind, is a block of its own.
                let twin = blocks.get(&(group, step.address.clone(), false)).is_some_and(|block| block.step.is_some());
                blocks.entry((group, step.address.clone(), twin)).or_default().step = Some(step);
            }
        }
    }
    let mut groups: BTreeMap<Group, Vec<(Address, Block<'a>)>> = BTreeMap::new();
    for ((group, address, _), block) in blocks {
        groups.entry(group).or_default().push((address, block));
    }
    for blocks in groups.values_mut() {
        // Stable: what is alike stays in the order of addresses.
        blocks.sort_by_key(|(address, block)| (block.rank(), group::place(address.kind())));
    }
    groups
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn group(&mut self, group: Group, blocks: Vec<(Address, Block<'_>)>) {
        self.line(&self.style.paint(Tone::Title, group.title(self.style.lang)));
        let columns = blocks.iter().map(|(address, _)| layout::width(address.as_str())).max().unwrap_or_default();
        for (address, block) in &blocks {
            match block.step {
                Some(step) => self.resource(step, columns.min(40)),
                None => {
                    let stays = self.style.pick("（そのまま）", "(stays)");
                    self.line(&format!("    {}  {}", clean(address.as_str()), self.style.paint(Tone::Faint, stays)));
                }
            }
            self.entries(&block.entries);
        }
        self.line("");
    }

    fn reason(&self, step: &Step) -> Option<String> {
        reason(step, self.overview.is_first(), self.overview.goal == Goal::Destroy, self.style.lang)
    }

    /// A line, its reason, and its fields.
    fn resource(&mut self, step: &Step, columns: usize) {
        let style = self.style;
        let (mark, tone) = mark(shown(step));
        let address = clean(step.address.as_str());
        let brief = match step.action {
            Action::Create => Brief::of(step, &self.names, style.lang),
            _ => Brief::default(),
        };
        let mut said = brief.line;
        // The ARN of what is known by its name says nothing new.
        said.extend(step.id.as_deref().map(short_id).filter(|id| !id.contains('/')));
        let reason = self.reason(step);
        let label = format!("  {mark} {}  ", layout::pad(&address, columns));
        let mut lines = layout::rows(&said, style.width.saturating_sub(layout::width(&label)));
        let mut first = lines.first().cloned().unwrap_or_default();
        let mut below = None;
        if let Some(reason) = reason {
            let gap = if first.is_empty() { "" } else { "  " };
            if lines.len() < 2
                && layout::width(&label) + layout::width(&first) + gap.len() + layout::width(&reason) + 2 <= style.width
            {
                first = format!("{first}{gap}# {reason}");
            } else {
                below = Some(reason);
            }
        }
        match lines.first_mut() {
            Some(line) => *line = first,
            None => lines.push(first),
        }
        let painted = format!("  {} {}  ", style.paint(tone, mark), style.paint(tone, layout::pad(&address, columns)));
        for (i, line) in lines.iter().enumerate() {
            let label = if i == 0 { painted.clone() } else { " ".repeat(layout::width(&label)) };
            self.line(&format!("{label}{line}"));
        }
        if let Some(reason) = below {
            self.sentence(&reason, 6);
        }
        for (name, items) in brief.lists {
            let name = field::name(name, style.lang);
            self.list(&format!("      {name}: "), &items, None);
        }
        if matches!(step.action, Action::Update | Action::Replace) && !step.asks_again() {
            for line in changes::lines(&step.changes, &self.names, 6, style) {
                self.line(&line);
            }
        }
    }

    fn sentence(&mut self, sentence: &str, indent: usize) {
        let label = format!("{}# ", " ".repeat(indent));
        let lines = layout::wrap(sentence, self.style.width.saturating_sub(layout::width(&label)));
        for line in layout::labelled(&label, &lines) {
            self.line(&line);
        }
    }

    fn list(&mut self, label: &str, items: &[String], tone: Option<Tone>) {
        let longest = items.iter().map(|item| layout::width(item)).max().unwrap_or_default();
        // A label that leaves no room stands alone.
        let (head, label) = match layout::width(label) + longest < self.style.width {
            true => (None, label),
            false => (Some(label.trim_end().to_string()), "            "),
        };
        let rows = layout::rows(items, self.style.width.saturating_sub(layout::width(label)));
        for line in head.into_iter().chain(layout::labelled(label, &rows)) {
            let line = tone.map_or_else(|| line.clone(), |tone| self.style.paint(tone, &line));
            self.line(&line);
        }
    }

    /// Entries that only come, go or follow are told by the row; what differs in others is told field by field.
    fn entries(&mut self, entries: &[(Entry, &Step)]) {
        let mut rows: BTreeMap<(Action, String, Option<String>), Vec<String>> = BTreeMap::new();
        let mut single = vec![];
        for (entry, step) in entries {
            let follows = matches!(step.why, Why::Replaced { cause: Cause::Follows, .. });
            if matches!(step.action, Action::Create | Action::Delete) || follows {
                let key = (step.action, entry.label.clone(), self.reason(step));
                rows.entry(key).or_default().push(clean(&entry.key));
            } else {
                single.push((entry, step));
            }
        }
        for ((action, label, reason), keys) in rows {
            let (mark, tone) = mark(action);
            let count = if keys.len() > 1 { format!(" ({})", keys.len()) } else { String::new() };
            self.list(&format!("      {mark} {label}{count}: "), &keys, Some(tone));
            if let Some(reason) = reason {
                self.sentence(&reason, 10);
            }
        }
        for (entry, step) in single {
            let (mark, tone) = mark(step.action);
            self.list(&format!("      {mark} {}: ", entry.label), &[clean(&entry.key)], Some(tone));
            if let Some(reason) = self.reason(step) {
                self.sentence(&reason, 10);
            }
            for line in changes::lines(&step.changes, &self.names, 10, self.style) {
                self.line(&line);
            }
        }
    }
}

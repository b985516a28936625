//! Fields that differ: before -> after, and of what is long only what came and what went.

use crate::report::{
    Style,
    document::{Change, Effect},
    field,
    layout::{self, clean},
    style::Tone,
    value::Names,
};

/// Our own note of the last apply: says nothing to a person.
const SPEC: &str = "tags.gcnet:spec";

/// Lines for the fields of one step, each indented by so many columns.
pub(super) fn lines(changes: &[Change], names: &Names<'_>, indent: usize, style: Style) -> Vec<String> {
    let told = |change: &&Change| change.field != SPEC && !names.only_follows(change);
    changes.iter().filter(told).flat_map(|change| one(change, names, indent, style)).collect()
}

fn one(change: &Change, names: &Names<'_>, indent: usize, style: Style) -> Vec<String> {
    let field = label(&change.field, style);
    let margin = " ".repeat(indent);
    let force = if change.effect == Effect::Replace {
        style.pick("（作り直しになる）", " (forces replacement)")
    } else {
        ""
    };
    let (before, after) = (names.inline(&change.field, &change.before), names.inline(&change.field, &change.after));
    let line = format!("{margin}{field}: {before} -> {after}{force}");
    if layout::width(&line) <= style.width && !change.before.is_array() && !change.after.is_array() {
        return vec![line];
    }
    let elements = |value| names.elements(&change.field, value);
    let (went, came): (Vec<String>, Vec<String>) = match (elements(&change.before), elements(&change.after)) {
        (Some(old), Some(new)) => (old.difference(&new).cloned().collect(), new.difference(&old).cloned().collect()),
        _ => (vec![before], vec![after]),
    };
    let mut lines = vec![format!("{margin}{field}:{force}")];
    for (mark, tone, items) in [("- ", Tone::Delete, went), ("+ ", Tone::Create, came)] {
        if items.is_empty() {
            continue;
        }
        let columns = style.width.saturating_sub(indent + 4);
        let rows = layout::labelled(mark, &layout::rows(&items, columns));
        lines.extend(rows.into_iter().map(|row| format!("{margin}  {}", style.paint(tone, row))));
    }
    lines
}

/// A tag is called a tag.
pub(super) fn label(field: &str, style: Style) -> String {
    match field.strip_prefix("tags.") {
        Some(key) => style.pick(format!("タグ {}", clean(key)), format!("tag {}", clean(key))),
        None => field::name(field, style.lang),
    }
}

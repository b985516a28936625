//! Text in columns. Japanese characters are two columns wide.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(crate) use super::tame::clean;

/// Columns that a text takes. Ambiguous characters count as one: the marks in use are ASCII wherever columns must meet.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text filled with spaces up to so many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Items in a row with a comma between them, broken to `columns`; only an item that is wider is broken itself.
pub(crate) fn rows(items: &[String], columns: usize) -> Vec<String> {
    let mut rows: Vec<String> = vec![];
    for (i, item) in items.iter().enumerate() {
        let comma = if i + 1 < items.len() { "," } else { "" };
        match rows.last_mut() {
            Some(row) if width(row) + 1 + width(item) + comma.len() <= columns => {
                row.push(' ');
                row.push_str(item);
                row.push_str(comma);
            }
            _ => rows.extend(wrap(&format!("{item}{comma}"), columns)),
        }
    }
    rows
}

/// A sentence broken to `columns`: between words, and between Japanese characters, but never so that a line starts with
/// what closes or ends something. A word that is wider than a line stays whole.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for piece in pieces(text) {
        let fits = width(&line) + width(piece.trim_end()) <= columns;
        if !fits && !line.trim_end().is_empty() {
            lines.push(line.trim_end().to_string());
            line.clear();
        }
        line.push_str(piece);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// The parts between which a line may be broken.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (i, c) in text.char_indices() {
        if let Some(p) = previous
            && breaks(p, c)
        {
            pieces.push(&text[start..i]);
            start = i;
        }
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn breaks(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    let opens = |c: char| "「『（【(`".contains(c);
    let closes = |c: char| "、。，．」』）】：；！？ー)`,.:;!?".contains(c);
    if after == ' ' || closes(after) || opens(before) {
        return false;
    }
    before == ' ' || wide(before) || wide(after)
}

/// A list under a label: the label before the first line, as many spaces before the others.
pub(crate) fn labelled(label: &str, lines: &[String]) -> Vec<String> {
    let indent = " ".repeat(width(label));
    let prefix = |i: usize| if i == 0 { label } else { &*indent };
    lines.iter().enumerate().map(|(i, line)| format!("{}{line}", prefix(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_by_columns_not_characters() {
        let text = "鳴門市の本番環境を作り直します（`vpc/shared` を含む）。取り消せません。";
        for columns in 8..60 {
            let lines = wrap(text, columns);
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            for line in &lines {
                assert!(width(line) <= columns.max(15), "{columns}: {line}");
                assert!(!line.starts_with(['。', '）', '、']), "{columns}: {line}");
            }
        }
        assert_eq!(wrap("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn rows_keep_items_whole() {
        let items: Vec<String> = ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"].map(String::from).into();
        assert_eq!(rows(&items, 24), ["10.0.0.0/8, 10.1.0.0/16,", "10.2.0.0/16"]);
        assert_eq!(rows(&items, 3).len(), 3);
    }
}

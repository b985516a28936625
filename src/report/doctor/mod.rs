//! What `gcnet doctor` found: for people, and for machines.

mod hints;
mod json;
#[cfg(test)]
mod tests;
mod words;

use super::{
    Lang, Style,
    document::Subject,
    layout::{self, pad, width},
    plan,
    style::Tone,
};
use crate::doctor::{Check, Finding, Level, worst};

pub use json::Document;

/// All that was looked at.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// For whose network.
    pub subject: &'a Subject,
    /// In the order in which they are shown.
    pub checks: &'a [Check],
}

impl<'a> Report<'a> {
    /// For machines. English.
    pub fn document(&self) -> Document<'a> {
        Document::new(self)
    }
}

/// A line.
struct Row {
    level: Level,
    title: &'static str,
    sentence: String,
    hint: Option<String>,
}

/// A line for each check, what to do about those that are not green, and a summary. Ends in a newline.
pub fn text(report: &Report<'_>, style: Style) -> String {
    let heading = plan::heading(report.subject, style.lang);
    let heading = style.pick(format!("{heading}、実行環境の検査"), format!("{heading}, what a run needs"));
    let mut text = format!("{}\n\n", style.paint(Tone::Title, heading));
    let rows = rows(report.checks, style.lang);
    let marks = [Level::Green, Level::Yellow, Level::Red].map(|level| width(mark(level, style.lang)));
    let marks = marks.into_iter().max().unwrap_or_default();
    let titles = rows.iter().map(|row| width(row.title)).max().unwrap_or_default();
    let indent = 2 + marks + 2 + titles + 2;
    for Row { level, title, sentence, hint } in rows {
        let mark = style.paint(tone(level), pad(mark(level, style.lang), marks));
        let lines = layout::wrap(&sentence, style.width.saturating_sub(indent));
        for (i, line) in lines.iter().enumerate() {
            match i {
                0 => text.push_str(&format!("  {mark}  {}  {line}\n", pad(title, titles))),
                _ => text.push_str(&format!("{}{line}\n", " ".repeat(indent))),
            }
        }
        for line in hint.iter().flat_map(|hint| layout::wrap(hint, style.width.saturating_sub(indent))) {
            text.push_str(&format!("{}{}\n", " ".repeat(indent), style.paint(Tone::Hint, line)));
        }
    }
    text.push('\n');
    for line in layout::wrap(&summary(report.checks, style.lang), style.width) {
        text.push_str(&format!("{}\n", style.paint(Tone::Title, line)));
    }
    text
}

/// What is well and one of many is told together.
fn rows(checks: &[Check], lang: Lang) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for check in checks {
        let of_same = |other: &&Check| {
            other.level == Level::Green
                && std::mem::discriminant(&other.finding) == std::mem::discriminant(&check.finding)
        };
        let is_one_of_many = matches!(check.finding, Finding::Endpoint { .. } | Finding::Quota { .. });
        let (title, level) = (words::title(&check.finding, lang), check.level);
        if is_one_of_many && level == Level::Green {
            let same: Vec<&Check> = checks.iter().filter(of_same).collect();
            if same.first().is_some_and(|first| std::ptr::eq(*first, check)) {
                rows.push(Row { level, title, sentence: words::together(&same, lang), hint: None });
            }
            continue;
        }
        let hint = (level != Level::Green).then(|| hints::hint(check, lang));
        rows.push(Row { level, title, sentence: words::sentence(check, lang), hint });
    }
    rows
}

fn mark(level: Level, lang: Lang) -> &'static str {
    match level {
        Level::Green => lang.pick("緑", "green"),
        Level::Yellow => lang.pick("黄", "yellow"),
        Level::Red => lang.pick("赤", "red"),
    }
}

fn tone(level: Level) -> Tone {
    match level {
        Level::Green => Tone::Create,
        Level::Yellow => Tone::Update,
        Level::Red => Tone::Delete,
    }
}

fn summary(checks: &[Check], lang: Lang) -> String {
    let count = |level| checks.iter().filter(|check| check.level == level).count();
    let (green, yellow, red) = (count(Level::Green), count(Level::Yellow), count(Level::Red));
    let counts =
        lang.pick(format!("緑 {green}、黄 {yellow}、赤 {red}"), format!("{green} green, {yellow} yellow, {red} red"));
    match worst(checks) {
        Level::Green => {
            lang.pick(format!("{counts}。実行できます。"), format!("{counts}: a run has all that it needs."))
        }
        Level::Yellow => lang.pick(
            format!("{counts}。実行できますが、黄のところを確かめてください。"),
            format!("{counts}: a run can begin; look at what is yellow."),
        ),
        Level::Red => lang.pick(
            format!("{counts}。赤のところを直すまで、実行は成功しません。"),
            format!("{counts}: no run succeeds before what is red is put right."),
        ),
    }
}

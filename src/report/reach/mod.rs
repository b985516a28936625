//! Who reaches whom: as a table, as a path hop by hop, and for machines.

mod json;
mod rules;
mod table;
#[cfg(test)]
mod tests;
mod trail;
mod words;

use gcnet_reach::Network;
use serde::Serialize;

use super::{
    Lang, Style,
    document::{Opening, Subject},
    layout, plan, requests,
    show::Shake,
    style::Tone,
};
use crate::{
    config::{City, schema::Municipality},
    reach::{self, Survey},
};

pub use json::{PathReport, Report};
pub use trail::path;
pub use words::Waits;
pub(super) use {
    trail::steps,
    words::{because, stop},
};

/// Which network is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The one that the file leads to.
    Planned,
    /// The one that is in AWS.
    Live,
}

impl View {
    fn name(self, lang: Lang) -> &'static str {
        match self {
            View::Planned => lang.pick("計画", "planned"),
            View::Live => lang.pick("現在の AWS", "live"),
        }
    }
}

/// A survey and what a person must know besides.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// Whose.
    pub subject: &'a Subject,
    /// The file.
    pub city: &'a City,
    /// Which network.
    pub view: View,
    /// The network as it is now.
    pub network: &'a Network,
    /// What was found.
    pub survey: &'a Survey,
    /// What is waited for.
    pub waits: &'a Waits,
    /// The table is to show the network when nothing waits any more.
    pub when_open: bool,
    /// The command, to be continued with a pair.
    pub command: &'a str,
}

/// The table and the rules, for a terminal. Ends in a newline.
pub fn text(overview: &Overview<'_>, style: Style) -> String {
    let lang = style.lang;
    let look = look(overview.view, overview.when_open, lang);
    let heading = format!("{}{}{look}", plan::heading(overview.subject, lang), lang.pick("、", ", "));
    let mut text = format!("{}\n\n", style.paint(Tone::Title, heading));
    text.push_str(&table::text(overview, style));
    text.push_str(&notes(overview, style));
    text.push('\n');
    text.push_str(&rules::text(overview, style));
    text
}

/// Which network is looked at, and when.
pub fn look(view: View, when_open: bool, lang: Lang) -> String {
    let view = view.name(lang);
    match when_open {
        true => lang.pick(
            format!("{view}、待っているものがすべて開通したとき"),
            format!("{view}, once nothing waits any more"),
        ),
        false => view.into(),
    }
}

/// What is waited for, and what nobody here can see.
fn notes(overview: &Overview<'_>, style: Style) -> String {
    let mut notes: Vec<String> = vec![];
    if !overview.when_open {
        let reasons = reach::reasons(overview.network);
        let known = reasons.iter().filter_map(|reason| overview.waits.get(*reason));
        notes.extend(known.map(|what| style.pick(format!("待ち: {what}"), format!("waits: {what}"))));
        let ours = reasons.iter().filter(|reason| !overview.waits.contains_key(**reason)).count();
        if ours > 0 {
            notes.push(style.pick(
                format!("待ち: まだないもの {ours} 件（gcnet apply で作る）"),
                format!("waits: {ours} things that are not there yet; `gcnet apply` makes them"),
            ));
        }
    }
    let lines = match overview.view {
        View::Live if !overview.when_open => style.pick(
            "回線の先からの広報は、ルートテーブルが学習したとおりです。開通していない回線は、ファイルのとおりとみなしています。",
            "Of lines, what our route tables have learned counts; of one that is not open, what the file expects.",
        ),
        View::Live | View::Planned => style.pick(
            "回線の先からは、ファイルにある範囲が広報されるとみなしています。",
            "Lines are taken to announce what the file expects of them.",
        ),
    };
    let acls = style.pick("ネットワーク ACL は見ていません。", " Network ACLs are not looked at.");
    notes.push(format!("{lines}{acls}"));
    let lines =
        notes.iter().flat_map(|note| layout::labelled("  ", &layout::wrap(note, style.width.saturating_sub(2))));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Of lines that are only planned.
pub fn planned_waits(municipality: &Municipality, lang: Lang) -> Waits {
    let lines = municipality.lines.iter().filter(|line| !line.is_buildable());
    let wait = |line: &crate::config::schema::Line| {
        let opens = line.opens.as_ref().map(|opens| Opening::from(&crate::blueprint::Opening::from(&opens.value)));
        let what = lang.pick(format!("回線 {} の開通", line.name), format!("line {} to open", line.name));
        (format!("line/{}", line.name), with_opening(what, opens.as_ref(), lang))
    };
    lines.map(wait).collect()
}

/// Of handshakes: who has to do what.
pub fn live_waits(shakes: &[Shake], lang: Lang) -> Waits {
    let wait = |shake: &Shake| {
        let action = requests::what(shake.action.as_ref()?, &shake.address, lang);
        let what = match &shake.party {
            Some(party) => {
                lang.pick(format!("{}: {action}", layout::clean(party)), format!("{}: {action}", layout::clean(party)))
            }
            None => action,
        };
        Some((shake.address.to_string(), with_opening(what, shake.opens.as_ref(), lang)))
    };
    shakes.iter().filter_map(wait).collect()
}

fn with_opening(what: String, opens: Option<&Opening>, lang: Lang) -> String {
    let Some(Opening { month, or_later }) = opens else { return what };
    match or_later {
        true => lang.pick(format!("{what}（{month} 以降の予定）"), format!("{what} (expected {month} or later)")),
        false => lang.pick(format!("{what}（{month} の予定）"), format!("{what} (expected {month})")),
    }
}

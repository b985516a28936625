//! What is live: ids, states, and who owes what.

use std::collections::BTreeMap;

use gcnet_core::{Address, Owned, Owner, State};
use serde::{Deserialize, Serialize};

use super::{
    Lang, Style, deferred,
    document::{Deferred, FORMAT_VERSION, Subject, Waiting},
    group::{self, Group},
    layout::{self, clean},
    style::Tone,
};
use crate::blueprint::deferred::Deferred as Choice;

/// One live resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which of the stack's resources it is.
    pub address: Address,
    /// The first part of the address.
    pub kind: String,
    /// AWS's id.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// Its `Name` tag.
    pub name: Option<String>,
    /// An entry of a table: it has no id of its own.
    pub is_entry: bool,
}

impl Shown {
    /// Of what was observed.
    pub fn from_owned(owned: &Owned) -> Self {
        let Owned { address, object } = owned;
        Shown {
            address: address.clone(),
            kind: address.kind().to_string(),
            id: object.id.clone(),
            state: object.state.clone(),
            name: object.tags().and_then(|tags| tags.get("Name")).cloned(),
            is_entry: object.owner == Owner::Parent,
        }
    }
}

/// Everything live of one stack, for machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Key of the municipality.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// In the order of the parts of a network, then of addresses.
    pub resources: Vec<Row>,
    /// What other parties owe.
    pub waiting: Vec<Waiting>,
    /// Choices of the file that this version does not build.
    pub deferred: Vec<Deferred>,
}

/// One live resource, for machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Which of the stack's resources it is.
    pub address: Address,
    /// The first part of the address.
    pub kind: String,
    /// AWS's id; absent for entries of tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `ready`, `pending`, `leaving` or `failed`.
    pub state: Word,
    /// AWS's own word for a state that is not ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Its `Name` tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Usable.
    Ready,
    /// On its way.
    Pending,
    /// Being deleted.
    Leaving,
    /// It will never be ready.
    Failed,
}

impl From<Shown> for Row {
    fn from(shown: Shown) -> Self {
        let Shown { address, kind, id, state, name, is_entry } = shown;
        let (state, detail) = match state {
            State::Ready => (Word::Ready, None),
            State::Pending(word) => (Word::Pending, Some(word)),
            State::Leaving => (Word::Leaving, None),
            State::Failed(reason) => (Word::Failed, Some(reason)),
        };
        Row { address, kind, id: (!is_entry).then_some(id), state, detail, name }
    }
}

impl Listing {
    /// The listing of these resources.
    pub fn new(subject: &Subject, shown: Vec<Shown>, waiting: &[Waiting], deferred: &[Choice]) -> Self {
        let mut resources: Vec<Row> = shown.into_iter().map(Row::from).collect();
        resources.sort_by(|a, b| {
            (group::place(&a.kind), &a.address, &a.id).cmp(&(group::place(&b.kind), &b.address, &b.id))
        });
        Listing {
            format_version: FORMAT_VERSION,
            municipality: subject.municipality.clone(),
            environment: subject.environment.clone(),
            account: subject.account.clone(),
            region: subject.region.clone(),
            resources,
            waiting: waiting.to_vec(),
            deferred: deferred.iter().map(deferred::document).collect(),
        }
    }
}

/// The listing for a terminal. Ids are never shortened: they are copied from here. Ends in a newline.
pub fn text(listing: &Listing, subject: &Subject, deferred: &[Choice], style: Style) -> String {
    let mut text = format!("{}\n\n", style.paint(Tone::Title, super::plan::heading(subject, style.lang)));
    if listing.resources.is_empty() {
        let nothing = style.pick("AWS にはまだ何もありません。", "Nothing of it is in AWS.");
        text.push_str(&format!("{nothing}\n\n"));
    }
    let mut groups: BTreeMap<Group, Vec<&Row>> = BTreeMap::new();
    for row in &listing.resources {
        groups.entry(group::place(&row.kind).0).or_default().push(row);
    }
    for (group, rows) in groups {
        text.push_str(&format!("{}\n", style.paint(Tone::Title, group.title(style.lang))));
        text.push_str(&table(&rows, style));
        text.push('\n');
    }
    text.push_str(&super::plan::waiting(&listing.waiting, style));
    text.push_str(&deferred::section(deferred, style));
    text.push_str(&count(listing, style));
    text
}

/// Resources a line each; entries of tables in a row, but for those that are not ready.
fn table(rows: &[&Row], style: Style) -> String {
    let (entries, own): (Vec<&Row>, Vec<&Row>) =
        rows.iter().copied().partition(|row| row.id.is_none() && row.state == Word::Ready);
    let columns = |of: fn(&Row) -> &str| own.iter().map(|row| layout::width(of(row))).max().unwrap_or_default();
    let (address, id) = (columns(|row| row.address.as_str()), columns(|row| row.id.as_deref().unwrap_or_default()));
    let mut text = String::new();
    for row in own {
        let state = match row.state {
            Word::Ready => state(row, style.lang),
            Word::Failed => style.paint(Tone::Delete, state(row, style.lang)),
            Word::Pending | Word::Leaving => style.paint(Tone::Update, state(row, style.lang)),
        };
        let cells = [
            layout::pad(&clean(row.address.as_str()), address),
            layout::pad(&clean(row.id.as_deref().unwrap_or_default()), id),
            state,
        ];
        text.push_str(&format!("  {}\n", cells.join("  ").trim_end()));
    }
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in entries {
        kinds.entry(&row.kind).or_default().push(clean(row.address.name()));
    }
    for (kind, names) in kinds {
        let label = format!("  {kind} ({}): ", names.len());
        let lines = layout::rows(&names, style.width.saturating_sub(label.len()));
        for line in layout::labelled(&label, &lines) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

fn state(row: &Row, lang: Lang) -> String {
    let word = match row.state {
        Word::Ready => lang.pick("利用可能", "ready"),
        Word::Pending => lang.pick("準備中", "pending"),
        Word::Leaving => lang.pick("削除中", "being deleted"),
        Word::Failed => lang.pick("失敗", "failed"),
    };
    match row.detail.as_deref().map(clean) {
        Some(detail) if detail != word => lang.pick(format!("{word}（{detail}）"), format!("{word} ({detail})")),
        _ => word.to_string(),
    }
}

fn count(listing: &Listing, style: Style) -> String {
    let all = listing.resources.len();
    let ready = listing.resources.iter().filter(|row| row.state == Word::Ready).count();
    style.pick(format!("{all} 件、うち利用可能 {ready} 件\n"), format!("{all} resources, {ready} of them ready\n"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::report::fixtures::{address, deferred, subject};

    fn shown(of: &str, id: &str, state: State) -> Shown {
        let address = address(of);
        let (kind, is_entry) = (address.kind().to_string(), id.contains('|'));
        let name = (!is_entry).then(|| format!("naruto-prod-{}\u{1b}[0m", address.name()));
        Shown { address, kind, id: id.into(), state, name, is_entry }
    }

    fn listing() -> Listing {
        let table = "tgw-rtb-0a1b2c3d4e5f67890";
        let mut live = vec![
            shown("tgw-vpc-attachment/shared", "tgw-attach-0a1b2c3d4e5f67890", State::Pending("modifying\u{7}".into())),
            shown("tgw-route-table/rt-asp-juki", table, State::Ready),
            shown("transit-gateway/main", "tgw-0a1b2c3d4e5f67890", State::Leaving),
            shown("subnet/dns-a", "subnet-0a1b2c3d4e5f67890", State::Ready),
            shown("vpc/shared", "vpc-0a1b2c3d4e5f67890", State::Ready),
            shown("tgw-association/shared", "association|x", State::Pending("associating".into())),
            shown("flow-log/vpc", "fl-0a1b2c3d4e5f67890", State::Failed("Access error".into())),
        ];
        for i in 0..8 {
            let route = format!("rt-asp-juki/10.{i}.0.0/16");
            live.push(shown(&format!("tgw-route/{route}"), &format!("{table}|{route}"), State::Ready));
        }
        Listing::new(&subject(), live, &[], &deferred())
    }

    #[test]
    fn what_is_live() {
        let show = |lang| text(&listing(), &subject(), &deferred(), Style::plain(lang));
        let shown = format!("{}\n{}", show(Lang::En), show(Lang::Ja));
        assert!(!shown.contains(['\u{1b}', '\u{7}']));
        assert_snapshot!(shown);
    }

    #[test]
    fn nothing_is_live() {
        let nothing = Listing::new(&subject(), vec![], &[], &[]);
        let show = |lang| text(&nothing, &subject(), &[], Style::plain(lang));
        assert_snapshot!(format!("{}\n{}", show(Lang::En), show(Lang::Ja)));
    }

    #[test]
    fn the_listing_survives_a_round_trip() {
        let json = serde_json::to_string_pretty(&listing()).unwrap();
        assert_eq!(serde_json::from_str::<Listing>(&json).unwrap(), listing());
        assert_snapshot!(json.lines().take(40).collect::<Vec<_>>().join("\n"));
    }
}

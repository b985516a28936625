//! What is live: ids, states, and who owes what.

use std::collections::BTreeMap;

use gcnet_core::{Address, Ask, Owned, Owner, State};
use serde::{Deserialize, Serialize};

use super::{
    Lang, Style, deferred,
    document::{self, Deferred, Differs, FORMAT_VERSION, Opening, Stranger, Subject},
    group::{self, Group},
    layout::{self, clean},
    style::Tone,
    time,
    value::whole_id,
};
use crate::{
    blueprint::deferred::Deferred as Choice,
    config::schema::Municipality,
    handshake::{self, Handshake},
};

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
            // What others made under ours has an id of its own, other than what hangs in a table.
            is_entry: object.owner == Owner::Parent && object.id.contains('|'),
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
    /// Everything that other parties take part in, and whose move it is.
    pub handshakes: Vec<Shake>,
    /// What other parties made and the file does not name: left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Stranger>,
    /// Choices of the file that this version does not build.
    pub deferred: Vec<Deferred>,
}

/// One handshake, for machines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shake {
    /// Of what; `line/lgcs` for what has no resource yet.
    pub address: Address,
    /// Its live id, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Where it stands.
    pub state: Stage,
    /// What has to be done by whoever has to move.
    #[serde(default, rename = "move", skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Since when, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it is expected, where the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opening>,
    /// Where one of two values must be wrong: which two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<Differs>,
    /// What it is for: `asp juki`.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody's.
    Done,
    /// Ours: the next apply.
    Ours,
    /// Nobody's yet: another handshake has to be done first.
    Behind,
    /// The other party's.
    Theirs,
    /// The other party's, and it said no.
    Refused,
    /// Whoever keeps the file has to decide.
    Decide,
}

impl From<handshake::Stage> for Stage {
    fn from(stage: handshake::Stage) -> Self {
        match stage {
            handshake::Stage::Done => Stage::Done,
            handshake::Stage::Ours => Stage::Ours,
            handshake::Stage::Behind => Stage::Behind,
            handshake::Stage::Theirs => Stage::Theirs,
            handshake::Stage::Refused => Stage::Refused,
            handshake::Stage::Decide => Stage::Decide,
        }
    }
}

/// The handshakes of a municipality, a row an ask.
pub fn shakes(municipality: &Municipality, handshakes: &[Handshake]) -> Vec<Shake> {
    let mut shakes = vec![];
    for handshake in handshakes {
        let shake = |ask: Option<&Ask>| {
            // Without an ask, the party is whoever the handshake's purpose names.
            let party = match ask {
                Some(ask) => Some(handshake::who(municipality, &ask.party, handshake.purpose.as_ref()).company),
                None => handshake.purpose.as_ref().and_then(|purpose| handshake::company(municipality, purpose)),
            };
            Shake {
                address: handshake.address.clone(),
                id: handshake.id.clone(),
                party,
                state: handshake.stage.into(),
                action: ask.map(|ask| ask.action.clone()),
                since: ask.and_then(|ask| ask.since.clone()),
                opens: handshake.opens.as_ref().map(Opening::from),
                differs: ask.and_then(|ask| ask.differs.as_ref()).map(Differs::from),
                purpose: handshake.purpose.as_ref().map(document::purpose),
            }
        };
        if handshake.asks.is_empty() {
            shakes.push(shake(None));
        }
        shakes.extend(handshake.asks.iter().map(|ask| shake(Some(ask))));
    }
    shakes
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
    /// `ready`, `pending`, `leaving`, `deleted`, `failed` or `theirs`.
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
    /// Deleted; AWS can still bring it back.
    Deleted,
    /// It will never be ready.
    Failed,
    /// Another party has to move.
    Theirs,
}

impl From<Shown> for Row {
    fn from(shown: Shown) -> Self {
        let Shown { address, kind, id, state, name, is_entry } = shown;
        let (state, detail) = match state {
            State::Ready => (Word::Ready, None),
            State::Pending(word) => (Word::Pending, Some(word)),
            State::Theirs { refused, .. } => (Word::Theirs, refused.then(|| "refused".to_string())),
            State::Leaving => (Word::Leaving, None),
            State::Deleted { until } => (Word::Deleted, until),
            State::Failed(reason) => (Word::Failed, Some(reason)),
        };
        Row { address, kind, id: (!is_entry).then_some(id), state, detail, name }
    }
}

impl Listing {
    /// The listing of these resources.
    pub fn new(
        subject: &Subject,
        shown: Vec<Shown>,
        handshakes: Vec<Shake>,
        unknown: &[Owned],
        deferred: &[Choice],
    ) -> Self {
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
            handshakes,
            unknown: unknown.iter().map(Stranger::of).collect(),
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
    text.push_str(&handshake_table(&listing.handshakes, style));
    text.push_str(&super::plan::strangers(&listing.unknown, style));
    text.push_str(&deferred::section(deferred, style));
    text.push_str(&count(listing, style));
    text
}

/// A line each: state, address, party, what it is for; below it what has to be done.
fn handshake_table(handshakes: &[Shake], style: Style) -> String {
    if handshakes.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", style.paint(Tone::Title, style.pick("相手のあるもの", "With other parties")));
    let stages: Vec<&str> = handshakes.iter().map(|shake| stage(shake.state, style.lang)).collect();
    let columns = stages.iter().map(|word| layout::width(word)).max().unwrap_or_default();
    let addresses = handshakes.iter().map(|shake| layout::width(shake.address.as_str())).max().unwrap_or_default();
    for (shake, word) in handshakes.iter().zip(stages) {
        let tone = match shake.state {
            Stage::Done => Tone::Create,
            Stage::Refused | Stage::Decide => Tone::Delete,
            Stage::Ours | Stage::Theirs => Tone::Update,
            Stage::Behind => Tone::Faint,
        };
        let party = shake.party.as_deref().map(clean).unwrap_or_default();
        let purpose = shake.purpose.as_deref().map(clean).unwrap_or_default();
        let cells = [
            style.paint(tone, layout::pad(word, columns)),
            layout::pad(&clean(shake.address.as_str()), addresses),
            party,
            style.paint(Tone::Faint, purpose),
        ];
        text.push_str(&format!("  {}\n", cells.join("  ").trim_end()));
        let Some(what) = what(shake, style.lang) else { continue };
        let indent = " ".repeat(columns + 4);
        for line in layout::labelled(&indent, &layout::wrap(&what, style.width.saturating_sub(columns + 4))) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.push('\n');
    text
}

/// Whose move it is, in a word.
pub(super) fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::Done => lang.pick("完了", "done"),
        Stage::Ours => lang.pick("こちら", "our move"),
        Stage::Behind => lang.pick("順番待ち", "not yet"),
        Stage::Theirs => lang.pick("相手待ち", "their move"),
        Stage::Refused => lang.pick("拒否", "refused"),
        Stage::Decide => lang.pick("要確認", "to decide"),
    }
}

/// What has to be done, and what is known of it.
fn what(shake: &Shake, lang: Lang) -> Option<String> {
    let action = match (&shake.action, shake.state) {
        (Some(action), _) => super::requests::what(action, &shake.address, lang),
        (None, Stage::Ours) => lang.pick("gcnet apply を実行する", "run `gcnet apply`").into(),
        (None, _) => return None,
    };
    let since = shake.since.as_deref().map(|since| time::since(since, lang));
    let opens = shake.opens.as_ref().map(|opens| match opens.or_later {
        true => lang.pick(format!("{} 以降に開通予定", opens.month), format!("opens {} or later", opens.month)),
        false => lang.pick(format!("{} 開通予定", opens.month), format!("opens {}", opens.month)),
    });
    let differs = shake.differs.as_ref().map(|differs| super::plan::differs(differs, lang));
    let facts: Vec<String> =
        [shake.id.as_deref().and_then(whole_id), differs, since, opens].into_iter().flatten().collect();
    Some(match facts.is_empty() {
        true => action,
        false => lang.pick(format!("{action}（{}）", facts.join("、")), format!("{action} ({})", facts.join(", "))),
    })
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
            Word::Pending | Word::Leaving | Word::Deleted | Word::Theirs => {
                style.paint(Tone::Update, state(row, style.lang))
            }
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
        Word::Deleted => {
            return match row.detail.as_deref().map(|until| time::local(until, lang)) {
                Some(until) => {
                    lang.pick(format!("削除済み（{until} まで復元可）"), format!("deleted (restorable until {until})"))
                }
                None => lang.pick("削除済み（復元可）", "deleted (restorable)").to_string(),
            };
        }
        Word::Failed => lang.pick("失敗", "failed"),
        Word::Theirs => lang.pick("相手待ち", "waiting for others"),
    };
    match row.detail.as_deref().map(|detail| super::state::word(detail, lang)) {
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
        Listing::new(&subject(), live, vec![], &[], &deferred())
    }

    #[test]
    fn what_is_live() {
        let show = |lang| text(&listing(), &subject(), &deferred(), Style::plain(lang));
        let shown = format!("{}\n{}", show(Lang::En), show(Lang::Ja));
        assert!(!shown.contains(['\u{1b}', '\u{7}']));
        assert_snapshot!(shown);
    }

    #[test]
    fn whose_move_it_is() {
        let differs = || Differs {
            file: vec!["10.221.0.0/24".into()],
            live: vec!["10.98.0.0/24".into(), "10.221.0.0/24".into()],
        };
        let shake = |of: &str, state, action: Option<&str>| Shake {
            address: address(of),
            id: action.map(|_| "tgw-attach-0a1b2c3d4e5f67890".into()),
            party: Some("A社\u{1b}[2J".into()),
            state,
            action: action.map(Into::into),
            since: action.map(|_| "2026-11-20T01:02:03Z".into()),
            opens: None,
            differs: action.filter(|action| *action == "check-ranges").map(|_| differs()),
            purpose: Some("asp juki".into()),
        };
        let mut line = shake("line/lgcs", Stage::Theirs, Some("open-line"));
        line.opens = Some(Opening { month: "2025-04".into(), or_later: true });
        let handshakes = vec![
            line,
            shake("foreign-attachment/main/vpc-0aaa", Stage::Ours, None),
            shake("share-principal/tgw/222233334444", Stage::Done, None),
            shake("vpc-endpoint/kenko", Stage::Behind, None),
            shake("tgw-peering/main/tgw-0bbb", Stage::Theirs, Some("accept-peering")),
            shake("vpc-endpoint/fukushi", Stage::Refused, Some("reconsider-endpoint")),
            shake("foreign-attachment/main/vpc-0ccc", Stage::Decide, Some("check-ranges")),
        ];
        let id = "tgw-attach-0ddd".into();
        let stranger = Stranger { address: address("foreign-attachment/main/vpc-0ddd"), id, pending: true };
        let listing = Listing { unknown: vec![stranger], ..Listing::new(&subject(), vec![], handshakes, &[], &[]) };
        let show = |lang| text(&listing, &subject(), &[], Style::plain(lang));
        let shown = format!("{}\n{}", show(Lang::En), show(Lang::Ja));
        assert!(!shown.contains('\u{1b}'));
        assert_snapshot!(shown);
    }

    #[test]
    fn nothing_is_live() {
        let nothing = Listing::new(&subject(), vec![], vec![], &[], &[]);
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

//! The plan as an operator signs it.

mod blocks;
mod brief;
mod changes;
mod held;
mod markdown;
#[cfg(test)]
mod tests;
mod warning;

use std::collections::BTreeMap;

use gcnet_core::Address;

use super::{
    Lang, Style, deferred,
    document::{Action, Differs, Document, Owed, Step, Stranger, Subject, Waiting},
    layout::{self, clean},
    price, requests,
    style::Tone,
    time,
    value::whole_id,
};
use crate::blueprint::deferred::Deferred;

pub use markdown::{escape, markdown};

/// What the run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To make AWS what the file says.
    Apply,
    /// To remove everything of the stack.
    Destroy,
}

/// A plan and what a person must know besides.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// Whose.
    pub subject: &'a Subject,
    /// The plan.
    pub document: &'a Document,
    /// Choices of the file that this version does not build.
    pub deferred: &'a [Deferred],
    /// What for.
    pub goal: Goal,
}

impl Overview<'_> {
    /// Nothing of the stack exists yet.
    fn is_first(&self) -> bool {
        let summary = self.document.summary;
        summary.create > 0 && summary.update + summary.replace + summary.delete + summary.unchanged == 0
    }
}

/// The plan for a terminal. Ends in a newline.
pub fn text(overview: &Overview<'_>, style: Style) -> String {
    let mut text = head(overview, style);
    text.push_str(&body(overview, style));
    text.push_str(&deferred::section(overview.deferred, style));
    text.push_str(&warning::boxed(overview, style));
    text.push_str(&price(overview, style));
    text.push_str(&summary(overview, style));
    text.push('\n');
    text
}

/// What is done, and what others owe.
fn body(overview: &Overview<'_>, style: Style) -> String {
    blocks::text(overview, style) + &waiting(&overview.document.waiting, style) + &others(overview.document, style)
}

/// What others made: some of it ends with what this plan deletes.
fn others(document: &Document, style: Style) -> String {
    let (ends, stays): (Vec<Stranger>, Vec<Stranger>) =
        document.unknown.iter().cloned().partition(|stranger| ends_with(document, &stranger.address));
    if ends.is_empty() {
        return strangers(&stays, style);
    }
    let title = style.pick(
        "上の削除とともになくなる、他者の関連付け（その VPC からは引けなくなります）",
        "Associations of others that end with what is deleted: their VPCs lose these names",
    );
    let mut text = format!("{}\n", style.paint(Tone::Title, title));
    for stranger in ends {
        text.push_str(&format!("  - {}\n", clean(stranger.address.as_str())));
    }
    text.push('\n');
    text + &strangers(&stays, style)
}

/// A zone takes its associations along, and a share those with its rules.
fn ends_with(document: &Document, address: &Address) -> bool {
    let goes = |is_it: &dyn Fn(&Address) -> bool| {
        let gone = |step: &&Step| matches!(step.action, Action::Delete | Action::Replace);
        document.steps.iter().filter(gone).any(|step| is_it(&step.address))
    };
    let parent = address.name().rsplit_once('/').map_or("", |(parent, _)| parent);
    match address.kind() {
        "zone-association" => goes(&|gone| gone.kind() == "hosted-zone" && gone.name() == parent),
        "foreign-rule-association" => goes(&|gone| {
            gone.kind() == "share-resource" && gone.name().split_once('/').is_some_and(|(_, rule)| rule == parent)
        }),
        _ => false,
    }
}

fn head(overview: &Overview<'_>, style: Style) -> String {
    let mut head = String::new();
    for line in layout::wrap(&title(overview, style.lang), style.width) {
        head.push_str(&format!("{}\n", style.paint(Tone::Title, line)));
    }
    if !overview.document.has_steps() {
        head.push_str(&format!("{}\n", nothing_to_do(overview, style.lang)));
    } else if overview.is_first() {
        let first = style
            .pick("まだ何もありません。すべて新しく作ります。", "Nothing of it exists yet: everything is created.");
        head.push_str(&format!("{first}\n"));
    }
    head.push('\n');
    head
}

/// The heading, and whether all of it is to go.
fn title(overview: &Overview<'_>, lang: Lang) -> String {
    let heading = heading(overview.subject, lang);
    match overview.goal {
        Goal::Apply => heading,
        Goal::Destroy => lang.pick(format!("全削除: {heading}"), format!("Destroy: {heading}")),
    }
}

/// Municipality, environment, account, Region.
pub(super) fn heading(subject: &Subject, lang: Lang) -> String {
    let Subject { municipality, name_ja, name_en, environment, account, region } = subject;
    let name = clean(lang.pick(name_ja, name_en));
    let name = match name == *municipality {
        true => name,
        false => lang.pick(format!("{name}（{municipality}）"), format!("{name} ({municipality})")),
    };
    let environment = match environment.as_str() {
        "prod" => lang.pick("本番 prod", "prod"),
        "stg" => lang.pick("検証 stg", "stg"),
        "test" => lang.pick("試験 test", "test"),
        other => other,
    };
    lang.pick(
        format!("{name} {environment} アカウント {account} {region}"),
        format!("{name}, {environment}, account {account}, {region}"),
    )
}

fn nothing_to_do(overview: &Overview<'_>, lang: Lang) -> String {
    let unchanged = overview.document.summary.unchanged;
    match (overview.goal, overview.document.waiting.len()) {
        (Goal::Destroy, 0) => {
            lang.pick("削除するものはありません。", "Nothing to destroy: nothing of it is in AWS.").into()
        }
        (Goal::Destroy, waiting) => lang.pick(
            format!("こちらで削除できるものはありません。相手待ちが {waiting} 件あります。"),
            format!("Nothing that we can delete for now; others owe {waiting}."),
        ),
        (Goal::Apply, 0) => lang.pick(
            format!("変更はありません。AWS はファイルのとおりです（{unchanged} 件）。"),
            format!("No changes: AWS is as the file says ({unchanged} resources)."),
        ),
        (Goal::Apply, _) if overview.document.has_decisions() => lang
            .pick(
                "変更はありません。確認の必要なことがあります。",
                "Nothing to change, but something has to be decided.",
            )
            .into(),
        (Goal::Apply, waiting) => lang.pick(
            format!("こちらですることはありません。相手待ちが {waiting} 件あります。"),
            format!("Nothing left for us to do; others owe {waiting}."),
        ),
    }
}

/// What is owed now, after a run, and how to ask for it. Ends in a newline; empty when nothing is.
pub fn owed(document: &Document, requests: &str, command: &str, style: Style) -> String {
    let text = waiting(&document.waiting, style);
    if text.is_empty() || document.waiting.iter().all(|waiting| waiting.state == Owed::Ours) {
        return text;
    }
    let (requests, command) = (clean(requests), clean(command));
    let hint = style.pick(
        format!("依頼書は `{requests}` で作れます。相手の操作の後に `{command}` をもう一度実行してください。"),
        format!("`{requests}` writes the request sheets; run `{command}` again when they have moved."),
    );
    format!("{text}{hint}\n")
}

/// What is owed, by party.
pub(super) fn waiting(owed: &[Waiting], style: Style) -> String {
    let (ours, theirs): (Vec<&Waiting>, Vec<&Waiting>) = owed.iter().partition(|waiting| waiting.state == Owed::Ours);
    let shared = held::Shared::of(owed);
    let mut text = String::new();
    let mut part = |title: &str, owed: Vec<&Waiting>| {
        if owed.is_empty() {
            return;
        }
        text.push_str(&format!("{}\n", style.paint(Tone::Title, title)));
        let mut parties: BTreeMap<(&str, Option<&str>), Vec<&Waiting>> = BTreeMap::new();
        for waiting in owed {
            parties.entry((&waiting.party, waiting.account.as_deref())).or_default().push(waiting);
        }
        for ((party, account), owed) in parties {
            let account = account.map(|id| style.pick(format!("（{id}）"), format!(" ({id})"))).unwrap_or_default();
            // Of a provider without an account only the line is known.
            let party = match account.is_empty() {
                false => clean(party),
                true => {
                    style.pick(format!("回線 {} の提供者", clean(party)), format!("the provider of {}", clean(party)))
                }
            };
            text.push_str(&format!("  {party}{}\n", clean(&account)));
            for waiting in owed {
                text.push_str(&one(waiting, shared.alone(waiting), style));
            }
        }
        text.push('\n');
    };
    part(style.pick("確認が必要", "To be decided"), ours);
    part(style.pick("相手待ち", "Waiting for others"), theirs);
    text.push_str(&shared.text(style));
    text
}

/// What nobody listed: shown, so that somebody asks whose it is.
pub(super) fn strangers(unknown: &[Stranger], style: Style) -> String {
    if unknown.is_empty() {
        return String::new();
    }
    let title = style.pick(
        "ファイルにない他者のもの（承諾も削除もしません）",
        "Made by others and not in the file: neither accepted nor deleted",
    );
    let mut text = format!("{}\n", style.paint(Tone::Title, title));
    for stranger in unknown {
        let pending = if stranger.pending { style.pick("  承諾待ちのまま", "  left pending") } else { "" };
        let id = whole_id(&stranger.id).map(|id| format!("  {id}")).unwrap_or_default();
        text.push_str(&format!("  ? {}{id}{pending}\n", clean(stranger.address.as_str())));
    }
    text.push('\n');
    text
}

/// `held` is how much waits for this alone.
fn one(waiting: &Waiting, held: usize, style: Style) -> String {
    let mut sentence = requests::what(&waiting.action, &waiting.address, style.lang);
    for fact in facts(waiting, held, style.lang) {
        sentence.push_str(&style.pick(format!("（{fact}）"), format!(" ({fact})")));
    }
    let address = clean(waiting.address.as_str());
    let mut text = String::new();
    for line in
        layout::labelled("    > ", &layout::wrap(&format!("{address}: {sentence}"), style.width.saturating_sub(6)))
    {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// What is known of a move that is owed: its id, since when, when it is expected, and how much it keeps from being done.
fn facts(waiting: &Waiting, held: usize, lang: Lang) -> Vec<String> {
    let refused =
        (waiting.state == Owed::Refused).then(|| lang.pick("拒否または失敗", "refused or failed").to_string());
    let since = waiting.since.as_deref().map(|since| time::since(since, lang));
    let opens = waiting.opens.as_ref().map(|opens| {
        let month = clean(&opens.month);
        match opens.or_later {
            true => lang.pick(format!("{month} 以降に開通予定"), format!("opens {month} or later")),
            false => lang.pick(format!("{month} 開通予定"), format!("opens {month}")),
        }
    });
    let held = (held > 0).then(|| lang.pick(format!("{held} 件が続く"), format!("{held} more behind it")));
    let differs = waiting.differs.as_ref().map(|it| differs(it, lang));
    [waiting.id.as_deref().and_then(whole_id), differs, refused, since, opens, held].into_iter().flatten().collect()
}

/// Both values of which one must be wrong.
pub(super) fn differs(differs: &Differs, lang: Lang) -> String {
    let list = |values: &[String]| values.iter().map(|value| clean(value)).collect::<Vec<_>>().join(", ");
    let (file, live) = (list(&differs.file), list(&differs.live));
    lang.pick(format!("ファイル: {file} / AWS: {live}"), format!("file: {file}; AWS: {live}"))
}

/// Nothing where nothing that costs comes or goes.
fn price(overview: &Overview<'_>, style: Style) -> String {
    let sentence = price::sentence(overview.document, &overview.subject.region, style.lang);
    let lines = sentence.iter().flat_map(|sentence| layout::wrap(sentence, style.width));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Counts in words; what there is nothing of is left out.
fn summary(overview: &Overview<'_>, style: Style) -> String {
    let document = overview.document;
    let counts = document.summary;
    let mut parts: Vec<(String, Option<Tone>)> = vec![];
    let again = document.steps.iter().filter(|step| step.asks_again()).count();
    for (count, action, ja, en) in [
        (counts.replace.saturating_sub(again), Action::Replace, "作り直し", "replace"),
        (counts.delete, Action::Delete, "削除", "delete"),
        (counts.create, Action::Create, "作成", "create"),
        (counts.update, Action::Update, "変更", "update"),
        (again, Action::Update, "もう一度依頼", "ask again"),
    ] {
        let (mark, tone) = mark(action);
        if count > 0 {
            parts.push((style.pick(format!("{mark} {ja} {count}"), format!("{mark} {count} to {en}")), Some(tone)));
        }
    }
    if document.has_steps() && counts.unchanged > 0 {
        let unchanged = counts.unchanged;
        parts.push((style.pick(format!("変更なし {unchanged}"), format!("{unchanged} unchanged")), None));
    }
    if counts.waiting > 0 {
        let waiting = counts.waiting;
        parts.push((style.pick(format!("相手待ち {waiting}"), format!("{waiting} waiting for others")), None));
    }
    if let Some(api) = &document.api {
        let calls = style.pick(format!("API 呼び出し {} 回", api.calls), format!("{} API calls", api.calls));
        parts.push((calls, Some(Tone::Faint)));
    }
    let label = style.pick("計画:", "Plan:");
    let (mut text, mut columns) = (style.paint(Tone::Title, label), layout::width(label));
    for (i, (part, tone)) in parts.iter().enumerate() {
        let comma = if i + 1 < parts.len() { "," } else { "" };
        let width = layout::width(part) + 1 + comma.len();
        if columns + width > style.width {
            text.push_str("\n     ");
            columns = 5;
        }
        let painted = tone.map_or_else(|| part.clone(), |tone| style.paint(tone, part));
        text.push_str(&format!(" {painted}{comma}"));
        columns += width;
    }
    if parts.is_empty() { String::new() } else { text }
}

/// The sign of an action, and its colour.
pub(super) fn mark(action: Action) -> (&'static str, Tone) {
    match action {
        Action::Create => ("+", Tone::Create),
        Action::Update => ("~", Tone::Update),
        Action::Delete => ("-", Tone::Delete),
        Action::Replace => ("±", Tone::Replace),
    }
}

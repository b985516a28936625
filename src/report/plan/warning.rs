//! What a plan destroys, in a box that nobody overlooks.

use std::collections::BTreeMap;

use gcnet_aws::kinds::{CertificateAuthority, ResolverRule, ShareResource};
use gcnet_core::Resource;

use super::{Goal, Overview};
use crate::report::{
    Lang, Style,
    document::{Action, Step},
    group,
    layout::{self, clean},
    style::Tone,
    value::{Names, short_id},
};

/// A part of the warning.
pub(super) enum Part {
    /// A sentence.
    Say(String),
    /// What it is about.
    List(Vec<String>),
}

/// The box; nothing for a plan that destroys nothing. ASCII only: line-drawing characters are two columns wide on some
/// Japanese terminals, and the box would fall apart.
pub(super) fn boxed(overview: &Overview<'_>, style: Style) -> String {
    let columns = style.width.saturating_sub(6);
    let lines = parts(overview, style).into_iter().flat_map(|part| match part {
        Part::Say(sentence) => layout::wrap(&sentence, columns),
        Part::List(items) => {
            let rows = layout::rows(&items, columns.saturating_sub(2));
            rows.into_iter().map(|row| format!("  {row}")).collect()
        }
    });
    let lines: Vec<String> = lines.collect();
    let Some(inner) = lines.iter().map(|line| layout::width(line)).max() else { return String::new() };
    let paint = |text: String| style.paint(Tone::Replace, text);
    let bar = paint("!".repeat(inner + 6));
    let mut text = format!("{bar}\n");
    for line in lines {
        let side = paint("!!".into());
        text.push_str(&format!("{side} {} {side}\n", layout::pad(&line, inner)));
    }
    text.push_str(&format!("{bar}\n\n"));
    text
}

/// What is destroyed, what that means, and what will be asked. Nothing for a plan that destroys nothing.
pub(super) fn parts(overview: &Overview<'_>, style: Style) -> Vec<Part> {
    let document = overview.document;
    if !document.is_destructive() {
        return vec![];
    }
    let counts = document.summary;
    let restorable = restorable(overview);
    let mut parts = vec![];
    let mut say = |ja: String, en: String| parts.push(Part::Say(style.pick(ja, en)));
    if overview.goal == Goal::Destroy {
        say(
            format!(
                "{} 件をすべて削除します。{}元に戻せません。",
                counts.delete,
                if restorable.is_some() { "プライベート CA のほかは、" } else { "" }
            ),
            format!(
                "All {} resources are destroyed. This cannot be undone{}.",
                counts.delete,
                if restorable.is_some() { ", except for private CAs" } else { "" },
            ),
        );
    } else {
        if document.steps.iter().any(|step| step.action == Action::Replace && !step.asks_again()) {
            say(
                "作り直し: 次のものはいったん消え、通信が切れます。新しいものは別の ID になります。".into(),
                "Replacement: these are destroyed and made anew under other ids; traffic through them stops meanwhile."
                    .into(),
            );
            parts.push(list(overview, Action::Replace, style));
        }
        if counts.delete > 0 {
            let text = style.pick("削除: 次のものはなくなります。", "Deletion: these go for good.");
            parts.push(Part::Say(text.into()));
            parts.push(list(overview, Action::Delete, style));
        }
        let lent = unlent(overview);
        if !lent.is_empty() {
            let text = style.pick(
                "共有をやめる転送ルール: 相手の VPC は、使っていれば、これらの名前をすぐに引けなくなります。",
                "Forwarding rules that are not shared any more: VPCs of others that use them lose these names at once.",
            );
            parts.push(Part::Say(text.into()));
            parts.push(Part::List(lent));
        }
    }
    if let Some((days, is_replaced)) = restorable {
        parts.push(Part::Say(match days {
            Some(days) => style.pick(
                format!("プライベート CA は、削除の後 {days} 日間は復元できます（gcnet ca restore）。"),
                format!("A private CA can be restored for {days} days after its deletion (`gcnet ca restore`)."),
            ),
            None => style
                .pick(
                    "プライベート CA は、削除の後、deletion_window_days の間は復元できます（gcnet ca restore）。",
                    "A private CA can be restored for deletion_window_days after its deletion (`gcnet ca restore`).",
                )
                .into(),
        }));
        if is_replaced {
            let text = style.pick(
                "作り直したルート CA の証明書は別のものです。利用者の端末に配り直す必要があります。",
                "A root CA that is replaced has another certificate, which has to be brought into trust stores.",
            );
            parts.push(Part::Say(text.into()));
        }
    }
    if overview.subject.is_production() {
        let key = clean(&overview.subject.municipality);
        parts.push(Part::Say(style.pick(
            format!("本番環境です。--yes を付けないかぎり、実行前に自治体のキー {key} の入力を求めます。"),
            format!("This is production: unless --yes is given, the municipality's name, {key}, will be asked for."),
        )));
    }
    parts
}

/// The fewest days for which an authority that goes can be restored, where the plan shows them, and whether a root among them is replaced.
fn restorable(overview: &Overview<'_>) -> Option<(Option<u64>, bool)> {
    let goes = |step: &&Step| {
        step.kind == CertificateAuthority::NAME && [Action::Delete, Action::Replace].contains(&step.action)
    };
    let going: Vec<&Step> = overview.document.steps.iter().filter(goes).collect();
    let days = |step: &&Step| {
        let window = step.changes.iter().find(|change| change.field == "deletion_window_days")?;
        window.before.as_u64()
    };
    let is_replaced = going.iter().any(|step| step.action == Action::Replace && step.address.name() == "root");
    let days: Option<Vec<u64>> = going.iter().map(days).collect();
    (!going.is_empty()).then(|| (days.and_then(|days| days.into_iter().min()), is_replaced))
}

/// Rules that leave a share: nobody here sees who uses them (Route 53 guide, "Sharing rules": unsharing ends associations).
fn unlent(overview: &Overview<'_>) -> Vec<String> {
    let steps = overview.document.steps.iter();
    let gone = steps.filter(|step| step.kind == ShareResource::NAME && step.action == Action::Delete);
    let rule = |step: &Step| {
        let resource = step.changes.iter().find(|change| change.field == "resource")?;
        let resource = resource.before.as_object()?.get("$ref")?.as_str()?;
        let domain = resource.strip_prefix(ResolverRule::NAME)?.strip_prefix('/')?;
        let share = step.address.name().strip_suffix(domain)?.strip_suffix('/')?;
        Some(format!("{} (share/{})", clean(domain), clean(share)))
    };
    gone.filter_map(rule).collect()
}

/// What stands by itself is named with its id; entries of tables are counted.
fn list(overview: &Overview<'_>, action: Action, style: Style) -> Part {
    let names = Names::new(overview.document, style.lang);
    let mut items = vec![];
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for step in overview.document.steps.iter().filter(|step| step.action == action && !step.asks_again()) {
        match group::entry(step, &names, style.lang) {
            Some(_) => *entries.entry(step.kind.as_str()).or_default() += 1,
            None => items.push(named(step, style.lang)),
        }
    }
    items.extend(entries.into_iter().map(|(kind, count)| format!("{count} x {kind}")));
    Part::List(items)
}

fn named(step: &Step, lang: Lang) -> String {
    let mut address = clean(step.address.as_str());
    if step.kind == "log-group" {
        address.push_str(lang.pick("（記録済みのログも消える）", " (with all that was logged)"));
    }
    match step.id.as_deref().map(short_id) {
        // The ARN of what is known by its name says nothing new.
        Some(id) if !id.contains('/') => format!("{address} ({id})"),
        _ => address,
    }
}

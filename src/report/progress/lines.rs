//! One event in one line.

use std::collections::BTreeMap;

use gcnet_core::{Action, Address, Class, Event, Failure};

use crate::report::{
    Lang, Style,
    layout::clean,
    message::{call, step},
    plan, state,
    style::Tone,
    value::short_id,
};

/// What is told of an event where nothing can be drawn; `None` for what is not worth a line.
pub(super) fn plain(event: &Event, style: Style) -> Option<String> {
    let lang = style.lang;
    match event {
        Event::Started { .. } => None,
        Event::Waiting { address, action, state } => {
            Some(row(*action, address, &style.paint(Tone::Faint, waits(state, lang)), style))
        }
        Event::Retrying { address, action, failure } => {
            Some(row(*action, address, &style.paint(Tone::Faint, retried(failure, lang)), style))
        }
        ended => self::ended(ended, style),
    }
}

/// What AWS is not ready for is no failure.
pub(super) fn retried(failure: &Failure, lang: Lang) -> String {
    if matches!(failure.class, Class::NotYet | Class::Throttled) {
        let (operation, code) = (clean(&failure.operation), clean(&failure.code));
        return lang.pick(
            format!("AWS が受け付けるのを待っています（{operation}: {code}）"),
            format!("waiting until AWS accepts it ({operation}: {code})"),
        );
    }
    let what = call::what(failure, lang);
    lang.pick(format!("もう一度試します（{what}）"), format!("trying again ({what})"))
}

/// What is told of a step that came to its end, or of the run.
pub(super) fn ended(event: &Event, style: Style) -> Option<String> {
    let lang = style.lang;
    match event {
        Event::Done { address, action, id, took } => {
            let took = step::duration(*took, lang);
            let id = short_id(id);
            // The ARN of what is known by its name says nothing new, nor does what the address spells already.
            let id = if id.contains(['/', '|', ' ']) { String::new() } else { format!("{id}, ") };
            let done = lang.pick(
                format!("{}（{id}{took}）", done(*action, lang)),
                format!("{} ({id}{took})", done(*action, lang)),
            );
            Some(row(*action, address, &done, style))
        }
        Event::Failed { address, action, error, .. } => {
            let told = match error.failure() {
                Some(failure) => call::what(failure, lang),
                None => clean(&error.to_string()),
            };
            let failed = lang.pick(format!("失敗: {told}"), format!("failed: {told}"));
            Some(row(*action, address, &style.paint(Tone::Delete, failed), style))
        }
        Event::Skipped { address, action, because_of } => {
            let cause = clean(because_of.as_str());
            let skipped =
                lang.pick(format!("見送り（{cause} の失敗による）"), format!("skipped, because {cause} failed"));
            Some(row(*action, address, &style.paint(Tone::Faint, skipped), style))
        }
        Event::Theirs { address, action, .. } => {
            let theirs = lang.pick("他者の操作か確認を待っています", "now somebody else has to move or to decide");
            Some(row(*action, address, &style.paint(Tone::Update, theirs), style))
        }
        Event::Held { address, action, because_of } => {
            let cause = clean(because_of.as_str());
            let held = lang.pick(format!("{cause} を待っています"), format!("waits behind {cause}"));
            Some(row(*action, address, &style.paint(Tone::Faint, held), style))
        }
        Event::Stopping => {
            let stopping =
                lang.pick("中断します。実行中のステップを待っています", "stopping; waiting for the steps in flight");
            Some(style.paint(Tone::Update, stopping))
        }
        Event::Started { .. } | Event::Waiting { .. } | Event::Retrying { .. } => None,
    }
}

/// Whether a line says something that was not said of its step just before. Retries and states repeat themselves.
pub(super) fn is_news(event: &Event, line: &str, told: &mut BTreeMap<(Address, Action), String>) -> bool {
    match event {
        Event::Waiting { address, action, .. } | Event::Retrying { address, action, .. } => {
            let before = told.insert((address.clone(), *action), line.to_string());
            before.as_deref() != Some(line)
        }
        _ => true,
    }
}

fn row(action: Action, address: &Address, what: &str, style: Style) -> String {
    let (mark, tone) = mark(action);
    format!("{} {}: {what}", style.paint(tone, mark), clean(address.as_str()))
}

pub(super) fn mark(action: Action) -> (&'static str, Tone) {
    use crate::report::document::Action as Shown;
    plan::mark(match action {
        Action::Create => Shown::Create,
        Action::Update => Shown::Update,
        Action::Delete => Shown::Delete,
    })
}

fn done(action: Action, lang: Lang) -> &'static str {
    match action {
        Action::Create => lang.pick("作成しました", "created"),
        Action::Update => lang.pick("変更しました", "changed"),
        Action::Delete => lang.pick("削除しました", "deleted"),
    }
}

/// The engine's own words, and AWS's.
pub(super) fn waits(word: &str, lang: Lang) -> String {
    match word {
        "invisible" => lang.pick("まだ見えません", "not visible yet").into(),
        "differs" => lang.pick("まだ反映されていません", "not yet as asked").into(),
        "contended" => lang
            .pick(
                "別の実行が同じものを作成したため、どちらかが譲るのを待っています",
                "another run made the same; one of the two gives way",
            )
            .into(),
        "present" => lang.pick("まだ残っています", "still there").into(),
        word => state::word(word, lang),
    }
}

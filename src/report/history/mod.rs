//! `gcnet history`: what the records of earlier runs tell, and what is wrong with them.

mod json;
mod run;
#[cfg(test)]
mod tests;
mod trouble;

use crate::{
    record::{Command, Result, Run},
    report::{
        Style,
        layout::{clean, pad},
        style::Tone,
        time,
    },
};

pub use json::Listing;
pub use run::text as run;
pub use trouble::Trouble;
pub(crate) use trouble::told;

/// Three lines a run, oldest first. Names of runs are never shortened: they are copied from here. Ends in a newline.
pub fn text(runs: &[&Run], style: Style) -> String {
    let mut text = String::new();
    for run in runs {
        text.push_str(&heading(run, style));
        text.push_str(&format!("  {}\n  {}\n", counts(run, style), who(run, style)));
    }
    if runs.is_empty() {
        text.push_str(style.pick("記録された実行はありません\n", "no runs are recorded\n"));
    }
    text
}

fn heading(run: &Run, style: Style) -> String {
    let (name, at) = (style.paint(Tone::Title, clean(&run.began.run)), time::local(&run.at.to_string(), style.lang));
    let simulated = match run.began.simulated {
        true => style.pick("  サンドボックス", "  sandbox"),
        false => "",
    };
    let command = pad(command(run.began.command), 10);
    format!("{name}  {command}  {}  {at}{simulated}\n", result(run, style))
}

fn command(command: Command) -> &'static str {
    match command {
        Command::Apply => "apply",
        Command::Destroy => "destroy",
        Command::Repair => "repair",
        Command::CaIssue => "ca issue",
        Command::CaList => "ca list",
        Command::CaRevoke => "ca revoke",
        Command::CaRestore => "ca restore",
    }
}

/// Padded: it stands in a column.
fn result(run: &Run, style: Style) -> String {
    let (word, tone) = match run.ended.as_ref().map(|(_, ended)| ended.result) {
        Some(Result::Done) => (style.pick("完了", "done"), Tone::Create),
        Some(Result::Waiting) => (style.pick("相手待ち", "waiting"), Tone::Update),
        Some(Result::Failed) => (style.pick("失敗", "failed"), Tone::Delete),
        Some(Result::Stopped) => (style.pick("中断", "stopped"), Tone::Delete),
        None => (style.pick("終了の記録なし", "did not end"), Tone::Replace),
    };
    style.paint(tone, pad(word, 14))
}

fn counts(run: &Run, style: Style) -> String {
    let steps = run.ended.as_ref().and_then(|(_, ended)| ended.steps);
    let planned = run.planned.as_ref().map(|planned| planned.steps.len());
    let mut parts = vec![];
    match (steps, planned) {
        (Some(steps), _) => {
            let of = [
                (steps.done, style.pick("完了", "done")),
                (steps.failed, style.pick("失敗", "failed")),
                (steps.skipped, style.pick("未実行", "skipped")),
                (steps.theirs, style.pick("相手待ち", "with others")),
                (steps.not_started, style.pick("未着手", "not started")),
            ];
            let of: Vec<String> = of
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, word)| style.pick(format!("{word} {n}"), format!("{n} {word}")))
                .collect();
            parts.push(style.pick(format!("ステップ: {}", of.join("、")), format!("steps: {}", of.join(", "))));
        }
        (None, Some(planned)) => {
            parts.push(style.pick(format!("変更 {planned} 件の計画"), format!("a plan of {planned} changes")));
        }
        (None, None) => {}
    }
    let ends = |is: fn(&crate::record::CallEnd) -> bool| {
        run.calls.iter().filter(|call| call.answered.as_ref().is_some_and(|(_, it)| is(&it.end))).count()
    };
    let ok = ends(|end| *end == crate::record::CallEnd::Ok);
    let refused = ends(|end| *end == crate::record::CallEnd::Refused);
    let unknown = run.calls.len() - ok - refused;
    let mut calls = vec![style.pick(format!("成功 {ok}"), format!("{ok} ok"))];
    if refused > 0 {
        calls.push(style.pick(format!("拒否 {refused}"), format!("{refused} refused")));
    }
    if unknown > 0 {
        calls.push(style.pick(format!("結果不明 {unknown}"), format!("{unknown} unknown")));
    }
    parts.push(style.pick(format!("変更の呼び出し: {}", calls.join("、")), format!("writes: {}", calls.join(", "))));
    parts.join(style.pick("。", "; "))
}

fn who(run: &Run, style: Style) -> String {
    let [arn, user, host] = [&run.began.arn, &run.began.user, &run.began.host].map(|text| clean(text));
    style.paint(Tone::Faint, format!("{arn}  {user}@{host}"))
}

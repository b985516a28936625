//! One run in detail: what was to be done, and every call that changes something.

use serde_json::Value;

use crate::{
    record::{Call, CallEnd, Run},
    report::{Style, layout::clean, style::Tone, time},
};

use super::{counts, heading, who};

/// Ends in a newline.
pub fn text(run: &Run, style: Style) -> String {
    let began = &run.began;
    let mut text = heading(run, style);
    text.push_str(&format!("  {}\n  {}\n", counts(run, style), who(run, style)));
    let mut fact = |name: String, value: String| text.push_str(&format!("  {name}: {value}\n"));
    fact(
        style.pick("対象".into(), "network".into()),
        format!(
            "{} {} {} {}",
            clean(&began.municipality),
            clean(&began.environment),
            clean(&began.account),
            clean(&began.region)
        ),
    );
    fact(
        style.pick("ファイル".into(), "file".into()),
        format!("{} (SHA-256 {})", clean(&began.file.path), clean(&began.file.sha256)),
    );
    fact("gcnet".into(), clean(&began.gcnet));
    if let Some((at, _)) = &run.ended {
        fact(style.pick("終了".into(), "ended".into()), time::local(&at.to_string(), style.lang));
    }
    if let Some(planned) = &run.planned {
        fact(style.pick("計画の SHA-256".into(), "plan's SHA-256".into()), clean(&planned.digest));
        text.push('\n');
        for step in &planned.steps {
            // Another gcnet may have written it.
            let member = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or("?");
            let (mark, tone) = match member("action") {
                "create" => ("+", Tone::Create),
                "update" => ("~", Tone::Update),
                "replace" => ("-/+", Tone::Replace),
                "delete" => ("-", Tone::Delete),
                _ => ("?", Tone::Faint),
            };
            text.push_str(&format!("  {} {}\n", style.paint(tone, mark), clean(member("address"))));
        }
    }
    if !run.calls.is_empty() {
        text.push('\n');
    }
    for call in &run.calls {
        text.push_str(&line(call, style));
    }
    text
}

/// In the order in which they were sent; times are those of this machine's clock.
fn line(call: &Call, style: Style) -> String {
    let sent = &call.sent;
    let answered = call.answered.as_ref().map(|(_, answered)| answered);
    let code = |code: &Option<String>| code.as_deref().map(clean).unwrap_or_default();
    let end = match answered {
        Some(it) if it.end == CallEnd::Ok => style.paint(Tone::Create, style.pick("成功", "ok")),
        Some(it) if it.end == CallEnd::Refused => style
            .paint(Tone::Delete, style.pick(format!("拒否 {}", code(&it.code)), format!("refused {}", code(&it.code)))),
        Some(it) => style.paint(
            Tone::Replace,
            style.pick(format!("結果不明 {}", code(&it.code)), format!("unknown {}", code(&it.code))),
        ),
        None => style.paint(Tone::Replace, style.pick("応答の記録なし", "no answer recorded")),
    };
    let at = call.at.strftime("%H:%M:%SZ");
    let step = sent.step.as_ref().map(|step| format!("  {}", clean(step.as_str()))).unwrap_or_default();
    let id = answered.and_then(|it| it.request_id.as_deref()).map(|id| format!("  {}", clean(id))).unwrap_or_default();
    let place = format!("{} {}", clean(&sent.account), clean(&sent.region));
    format!("  {at}  {}  {end}{step}  {}\n", clean(&sent.operation), style.paint(Tone::Faint, format!("{place}{id}")))
}

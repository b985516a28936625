//! What becomes of a name: for people hop by hop, for machines, and what was found before anything is written.

mod findings;
mod json;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use gcnet_resolve::{Answer, Asker, Circles, Way};

use super::{
    Lang, Style,
    document::Subject,
    layout::{self, clean},
    plan,
    reach::{self, View},
    style::Tone,
};

pub(super) use findings::{hint, message, path};
pub use json::Report;

/// The answers, hop by hop, for a terminal. Ends in a newline.
pub fn text(subject: &Subject, view: View, answers: &[Answer], style: Style) -> String {
    let lang = style.lang;
    let look = reach::look(view, false, lang);
    let heading = format!("{}{}{look}", plan::heading(subject, lang), lang.pick("、", ", "));
    let mut text = format!("{}\n", style.paint(Tone::Title, heading));
    for answer in answers {
        text.push('\n');
        text.push_str(&block(answer, style));
    }
    text.push('\n');
    for note in notes(view, answers, lang) {
        let lines = layout::labelled("  ", &layout::wrap(&note, style.width.saturating_sub(2)));
        lines.iter().for_each(|line| text.push_str(&format!("{}\n", style.paint(Tone::Faint, line))));
    }
    text
}

/// Who asked for what, and every way that it can go.
fn block(answer: &Answer, style: Style) -> String {
    let lang = style.lang;
    let (from, name, kind) = (asker(&answer.from, lang), clean(answer.name.as_str()), answer.record_type);
    let ends = match answer.ways.len() {
        1 => String::new(),
        ends => lang.pick(
            format!("（どの転送先に問い合わせるかで {ends} 通り）"),
            format!(" ({ends} ends, by which target is asked)"),
        ),
    };
    let title = lang.pick(
        format!("{} {kind}{ends}", words::ja(&[&from, "から", &name])),
        format!("{name} {kind} from {from}{ends}"),
    );
    let mut text: String =
        wrapped("", &title, style).iter().map(|line| format!("{}\n", style.paint(Tone::Title, line))).collect();
    for way in &answer.ways {
        for (number, hop) in way.hops.iter().enumerate() {
            for line in wrapped(&format!("  {} ", number + 1), &words::hop(hop, lang), style) {
                text.push_str(&format!("{line}\n"));
            }
            for line in words::beaten(hop, lang).iter().flat_map(|beaten| wrapped("      - ", beaten, style)) {
                text.push_str(&format!("{}\n", style.paint(Tone::Faint, line)));
            }
        }
        let (mark, tone) = if words::is_answer(&way.outcome) { ("=", Tone::Create) } else { ("x", Tone::Delete) };
        for line in wrapped(&format!("  {mark} "), &words::outcome(&way.outcome, lang), style) {
            text.push_str(&format!("{}\n", style.paint(tone, line)));
        }
    }
    if answer.circles == Circles::Sometimes {
        let note = lang.pick(
            "転送先によっては循環します。答えが返ることもあれば、返らないこともあります。",
            "with some targets the query goes in a circle: there may be an answer, or none",
        );
        wrapped("    ", note, style).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    text
}

fn wrapped(label: &str, text: &str, style: Style) -> Vec<String> {
    layout::labelled(label, &layout::wrap(text, style.width.saturating_sub(layout::width(label))))
}

fn asker(asker: &Asker, lang: Lang) -> String {
    match asker {
        Asker::Vpc(name) => words::vpc(name, lang),
        Asker::Server(name) => words::server(name, lang),
        Asker::Inbound(_) => lang.pick("インバウンドエンドポイント", "the inbound endpoint").into(),
    }
}

/// What the answers rest on.
fn notes(view: View, answers: &[Answer], lang: Lang) -> Vec<String> {
    let mut notes: Vec<String> = vec![
        lang.pick(
            "庁内の DNS サーバは、こちらと ASP のゾーンをインバウンドエンドポイントへ転送し、転送ルールのドメインに自ら答えるとみなしています。",
            "On-premises is taken to forward our zones and the ASPs' to the inbound endpoint, and to answer what rules send to it.",
        )
        .into(),
        lang.pick(
            "ロールのない ASP は、共有されたルールを自社のすべての VPC に関連付けているとみなしています。パケットが届くかどうかは `gcnet reach` で確かめてください。",
            "ASPs without a role for us are taken to associate the rules that they were given with all of their VPCs. Whether packets get there, `gcnet reach` tells.",
        )
        .into(),
    ];
    let ways = answers.iter().flat_map(|answer| &answer.ways);
    let assumed: BTreeSet<String> = ways.flat_map(|way: &Way| &way.assumes).map(|vpc| clean(vpc)).collect();
    if !assumed.is_empty() {
        let vpcs = assumed.into_iter().collect::<Vec<_>>().join(", ");
        notes.push(lang.pick(
            format!("他社の VPC（{vpc}）に、ここから見えないルールやゾーンはないとみなしています。", vpc = vpcs),
            format!("In VPCs of other companies ({vpcs}) there may be rules and zones that nobody here sees; none is taken to matter."),
        ));
    }
    if view == View::Live {
        notes.push(
            lang.pick(
                "まだないもの、相手の対応を待っているものは、ないものとしています。--live を付けなければ、すべて済んだときの答えが出ます。",
                "What is missing or still waits for somebody counts as not there; without --live the answer is that of the finished network.",
            )
            .into(),
        );
    }
    notes
}

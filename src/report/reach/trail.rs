//! A path hop by hop.

use gcnet_reach::{Assumption, Flow, Network, Paths, Trail, Verdict};

use super::words::{self, Waits};
use crate::report::{Lang, Style, document::Subject, layout, plan::heading, style::Tone};

/// What becomes of the packets of a pair; `look` says of which network. Ends in a newline.
pub fn path(subject: &Subject, look: &str, paths: &Paths, waits: &Waits, style: Style) -> String {
    let lang = style.lang;
    let mut text = format!("{}\n", style.paint(Tone::Title, heading(subject, lang)));
    let (pair, summary) = (format!("{} -> {}", paths.from, paths.to), summary(&paths.verdict, lang));
    let title = lang.pick(format!("{pair}（{look}）: {summary}"), format!("{pair} ({look}): {summary}"));
    text.push_str(&format!("{title}\n"));
    for flow in &paths.flows {
        text.push_str(&format!("\n{}\n", style.paint(Tone::Title, packets(flow, lang))));
        for line in lines(flow, waits, lang) {
            for line in layout::labelled(&line.label, &layout::wrap(&line.text, room(&line.label, style))) {
                text.push_str(&match line_tone(&line) {
                    Some(tone) => format!("{}\n", style.paint(tone, line)),
                    None => format!("{line}\n"),
                });
            }
        }
    }
    text
}

fn room(label: &str, style: Style) -> usize {
    style.width.saturating_sub(layout::width(label))
}

fn line_tone(line: &str) -> Option<Tone> {
    line.trim_start().starts_with("x ").then_some(Tone::Delete)
}

/// One line of a path.
struct Line {
    label: String,
    text: String,
}

/// The way there and back, a line a decision, without the packets that take it.
pub(in crate::report) fn steps(flow: &Flow, lang: Lang) -> Vec<String> {
    lines(flow, &Waits::new(), lang).into_iter().map(|line| format!("{}{}", line.label, line.text)).collect()
}

fn lines(flow: &Flow, waits: &Waits, lang: Lang) -> Vec<Line> {
    let mut lines = vec![];
    let ways = [(lang.pick("行き", "there"), Some(&flow.there)), (lang.pick("帰り", "back"), flow.back.as_ref())];
    for (name, trail) in ways {
        let Some(Trail { hops, stop }) = trail else { continue };
        lines.push(Line { label: "  ".into(), text: name.into() });
        for (number, hop) in hops.iter().enumerate() {
            lines.push(Line { label: format!("    {} ", number + 1), text: words::hop(hop, lang) });
        }
        if let Some(stop) = stop {
            lines.push(Line { label: "    x ".into(), text: words::end(stop, waits, lang) });
        }
    }
    lines
}

/// `10.21.0.0/16 -> 10.220.1.0/24, tcp 443`
fn packets(flow: &Flow, lang: Lang) -> String {
    let list = |nets: &[ipnet::Ipv4Net]| {
        let few: Vec<String> = nets.iter().take(3).map(ToString::to_string).collect();
        let rest = nets.len().saturating_sub(few.len());
        let more = lang.pick(format!(" ほか {rest}"), format!(" and {rest} more"));
        few.join(", ") + if rest > 0 { &more } else { "" }
    };
    let service = flow.service.map(|service| format!(", {}", words::service(service))).unwrap_or_default();
    format!("{} -> {}{service}", list(&flow.sources), list(&flow.destinations))
}

/// In a few words.
pub(super) fn summary(verdict: &Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Reaches { assumes } if assumes.is_empty() => lang.pick("届く", "reaches"),
        Verdict::Reaches { assumes } if rests_on_rules(assumes) => lang.pick(
            "届く（相手のわからないセキュリティグループの規則が通すとみなして）",
            "reaches, provided that rules of security groups mean it of which nobody here sees whom they mean",
        ),
        Verdict::Reaches { .. } => lang.pick(
            "届く（他社のルートテーブルに経路があるとみなして）",
            "reaches, provided that the others route to us",
        ),
        Verdict::Partly { assumes, .. } if rests_on_rules(assumes) => lang.pick(
            "一部だけ届く（相手のわからないセキュリティグループの規則が通すとみなして）",
            "reaches in part, provided that rules of security groups mean it of which nobody here sees whom they mean",
        ),
        Verdict::Partly { .. } => lang.pick("一部だけ届く", "reaches in part"),
        Verdict::Blocked { .. } => lang.pick("届かない", "does not reach"),
        Verdict::Outside => lang.pick("AWS の外の通信", "passes outside AWS"),
    }
}

fn rests_on_rules(assumes: &[Assumption]) -> bool {
    assumes.iter().any(|by| matches!(by, Assumption::Rule { .. }))
}

/// The addresses of a place, for a list.
pub(super) fn ranges(network: &Network, place: &gcnet_reach::Place) -> Vec<ipnet::Ipv4Net> {
    use gcnet_reach::{At, Routing};
    match &place.at {
        At::Outside { ranges, .. } | At::Peer { ranges, .. } => ranges.clone(),
        At::Vpc { vpc, subnets, .. } => {
            let Some(vpc) = network.vpcs.iter().find(|known| known.name == *vpc) else { return vec![] };
            match &vpc.routing {
                Routing::Known { subnets: all, .. } if !subnets.is_empty() => {
                    all.iter().filter(|subnet| subnets.contains(&subnet.name)).map(|subnet| subnet.cidr).collect()
                }
                _ => vpc.cidrs.clone(),
            }
        }
    }
}

//! Every place against every other, as a table of marks.

use gcnet_reach::{Network, Verdict};

use super::{Overview, trail};
use crate::{
    reach::{Outcome, Survey},
    report::{
        Lang, Style,
        layout::{self, clean},
        style::Tone,
    },
};

/// What a mark says. ASCII: other marks are two columns wide on Japanese terminals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Sure,
    Reaches,
    Later,
    Lasting,
    Partly,
    Blocked,
    Outside,
}

const MARKS: [Mark; 7] =
    [Mark::Sure, Mark::Reaches, Mark::Later, Mark::Lasting, Mark::Partly, Mark::Blocked, Mark::Outside];

impl Mark {
    fn of(now: &Verdict, later: &Verdict) -> Mark {
        match (now, later) {
            (Verdict::Reaches { assumes }, _) if assumes.is_empty() => Mark::Sure,
            (Verdict::Reaches { .. }, _) => Mark::Reaches,
            (_, Verdict::Reaches { .. }) => Mark::Later,
            (Verdict::Partly { .. }, _) | (_, Verdict::Partly { .. }) => Mark::Partly,
            (Verdict::Outside, _) => Mark::Outside,
            (Verdict::Blocked { .. }, _) => Mark::Blocked,
        }
    }

    fn letter(self) -> char {
        match self {
            Mark::Sure => 'O',
            Mark::Reaches => 'o',
            Mark::Later => '.',
            Mark::Lasting => '#',
            Mark::Partly => '%',
            Mark::Blocked => 'x',
            Mark::Outside => '-',
        }
    }

    fn tone(self) -> Tone {
        match self {
            Mark::Sure | Mark::Reaches => Tone::Create,
            Mark::Later | Mark::Partly => Tone::Update,
            Mark::Lasting | Mark::Blocked => Tone::Replace,
            Mark::Outside => Tone::Faint,
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            Mark::Sure => lang.pick("届く", "reaches"),
            Mark::Reaches => lang.pick(
                "届く。ただしこちらから見えないものは通すとみなしている（他社のルートテーブル、プレフィックスリストやグループを指すセキュリティグループの規則）",
                "reaches, provided that what nobody here sees lets it through: the others' route tables, rules of security \
                 groups that name a prefix list or a group",
            ),
            Mark::Later => {
                lang.pick("いまは届かず、待っているものが開通すれば届く", "reaches once what is waited for is open")
            }
            Mark::Lasting => lang.pick(
                "ファイルのとおりなら届くが、いまの AWS では待っても届かない",
                "would reach if AWS were as the file says; nothing that is waited for changes it",
            ),
            Mark::Partly => lang.pick("一部のアドレスやポートだけ届く", "reaches in part"),
            Mark::Blocked => lang.pick("届かない", "does not reach"),
            Mark::Outside => lang.pick("AWS を通らない", "does not pass through AWS"),
        }
    }
}

/// The table and what its marks mean.
pub(super) fn text(overview: &Overview<'_>, style: Style) -> String {
    let Survey { now, later, lasting, rules } = overview.survey;
    let network = overview.network;
    let names: Vec<String> = now.places.iter().map(|name| clean(name)).collect();
    let columns = names.iter().map(|name| layout::width(name)).max().unwrap_or_default();
    let broken = |from: &str, to: &str| {
        let is_pair = |(outcome, pairs): (&Outcome, &[(String, String)])| {
            matches!(outcome, Outcome::Broken { .. }) && pairs.iter().any(|pair| pair.0 == from && pair.1 == to)
        };
        rules.iter().any(|(rule, outcome)| is_pair((outcome, &rule.pairs)))
    };
    let mut used = vec![];
    let mut text =
        style.pick("行の場所から列の場所へ\n", "from the place of the row to that of the column\n").to_string();
    let numbers: String = (1..=names.len()).map(|number| format!("{number:>2} ")).collect();
    text.push_str(&format!("{}\n", format!("{}{numbers}", " ".repeat(columns + 5)).trim_end()));
    for (row, from) in now.places.iter().enumerate() {
        let mut cells = String::new();
        for to in &now.places {
            let (Some(verdict), true) = (now.verdict(from, to), from != to) else {
                cells.push_str("   ");
                continue;
            };
            let later = later.verdict(from, to).unwrap_or(verdict);
            let mark = match overview.when_open {
                true => Mark::of(later, later),
                false if lasting.contains(&(from.clone(), to.clone())) => Mark::Lasting,
                false => Mark::of(verdict, later),
            };
            used.push(mark);
            let cell = format!("{:>2}", mark.letter());
            cells.push_str(&style.paint(mark.tone(), cell));
            cells.push(if broken(from, to) { '!' } else { ' ' });
        }
        let name = layout::pad(&names[row], columns);
        let about = style.paint(Tone::Faint, about(network, row, style.lang));
        text.push_str(&format!("{:>2} {name}  {cells} {about}\n", row + 1));
    }
    for mark in MARKS.iter().filter(|mark| used.contains(mark)) {
        let label = format!("  {} ", mark.letter());
        let lines = layout::wrap(mark.words(style.lang), style.width.saturating_sub(4));
        layout::labelled(&label, &lines).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    if rules.iter().any(|(_, outcome)| matches!(outcome, Outcome::Broken { .. })) {
        text.push_str(style.pick("  ! ファイルの規則に反する\n", "  ! against a rule of the file\n"));
    }
    text
}

/// What is behind a name.
fn about(network: &Network, place: usize, lang: Lang) -> String {
    let Some(place) = network.places.get(place) else { return String::new() };
    let ranges: Vec<String> = trail::ranges(network, place).iter().map(ToString::to_string).collect();
    let services: Vec<String> = place.services.iter().map(|service| super::words::service(*service)).collect();
    let services = if services.is_empty() { String::new() } else { format!(" ({})", services.join(", ")) };
    let few = ranges.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
    let rest = ranges.len().saturating_sub(2);
    let more = lang.pick(format!(" ほか {rest}"), format!(" and {rest} more"));
    format!("{few}{}{services}", if rest > 0 { &more } else { "" })
}

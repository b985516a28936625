//! The rules that the file implies, and whether each holds.

use gcnet_reach::{Moment, Stopped, Verdict};

use super::{
    Overview,
    words::{self, Waits},
};
use crate::{
    config::derive::{Must, ReachPlace},
    reach::{Outcome, Rule, Survey},
    report::{
        Lang, Style,
        layout::{self, clean},
        style::Tone,
    },
};

/// One line of the list: a rule, and its reverse where that is judged alike.
struct Row<'a> {
    rule: &'a Rule,
    outcome: &'a Outcome,
    is_mutual: bool,
}

/// The list. Ends in a newline.
pub(super) fn text(overview: &Overview<'_>, style: Style) -> String {
    let rows = rows(overview.survey);
    if rows.is_empty() {
        return style.pick("ファイルから導かれる規則はありません。\n", "The file implies no rules.\n").into();
    }
    let mut text = format!("{}\n", style.paint(Tone::Title, tally(overview, style.lang)));
    let pairs: Vec<String> = rows.iter().map(pair).collect();
    let columns = pairs.iter().map(|pair| layout::width(pair)).max().unwrap_or_default();
    let wishes = rows.iter().map(|row| layout::width(words::must(row.rule.wish.must, style.lang))).max();
    for (row, pair) in rows.iter().zip(&pairs) {
        let must = layout::pad(words::must(row.rule.wish.must, style.lang), wishes.unwrap_or_default());
        let (line, _) = overview.city.at(row.rule.wish.span).line_column();
        let because = words::because(row.rule.wish.why, style.lang);
        let place = style.paint(Tone::Faint, format!("{}:{line}", overview.city.source.name));
        let (tone, mark) = mark(row.outcome, overview.when_open);
        let mark = style.paint(tone, mark);
        text.push_str(&format!("  {mark} {}  {must}  {because}  {place}\n", layout::pad(pair, columns)));
        for line in why_not(overview, row, style) {
            text.push_str(&format!("      {line}\n"));
        }
    }
    text
}

fn rows(survey: &Survey) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = vec![];
    for (rule, outcome) in &survey.rules {
        let is_back = |row: &Row<'_>| {
            let (a, b) = (&row.rule.wish, &rule.wish);
            let alike = std::mem::discriminant(row.outcome) == std::mem::discriminant(outcome);
            (&a.from, &a.to, a.must, a.why) == (&b.to, &b.from, b.must, b.why) && alike && !row.is_mutual
        };
        match rows.iter_mut().find(|row| is_back(row)) {
            Some(row) => row.is_mutual = true,
            None => rows.push(Row { rule, outcome, is_mutual: false }),
        }
    }
    rows
}

fn pair(row: &Row<'_>) -> String {
    let arrow = if row.is_mutual { "<->" } else { " ->" };
    format!("{} {arrow} {}", place(&row.rule.wish.from), place(&row.rule.wish.to))
}

/// As the table calls it; of several places, what they have in common.
pub(super) fn place(place: &ReachPlace) -> String {
    match place {
        ReachPlace::OnPremises => "onprem".into(),
        ReachPlace::SharedVpc => "shared".into(),
        ReachPlace::Site(name) | ReachPlace::Asp(name) => clean(name),
        ReachPlace::Endpoint(name) => format!("endpoint/{}", clean(name)),
    }
}

fn mark(outcome: &Outcome, when_open: bool) -> (Tone, char) {
    match outcome {
        Outcome::Opens if when_open => (Tone::Create, 'o'),
        Outcome::Holds => (Tone::Create, 'o'),
        Outcome::Opens => (Tone::Update, '.'),
        Outcome::Broken { .. } => (Tone::Delete, '!'),
        Outcome::NoPlace => (Tone::Faint, '-'),
    }
}

fn tally(overview: &Overview<'_>, lang: Lang) -> String {
    let survey = overview.survey;
    let count = |is: fn(&Outcome) -> bool| survey.rules.iter().filter(|(_, outcome)| is(outcome)).count();
    let (holds, opens) = (count(|o| *o == Outcome::Holds), count(|o| *o == Outcome::Opens));
    let (holds, opens) = if overview.when_open { (holds + opens, 0) } else { (holds, opens) };
    let (broken, none) = (count(|o| matches!(o, Outcome::Broken { .. })), count(|o| *o == Outcome::NoPlace));
    let all = survey.rules.len();
    let none_ja = if none > 0 { format!("、対象なし - {none}") } else { String::new() };
    let none_en = if none > 0 { format!(", nothing to judge (-) {none}") } else { String::new() };
    lang.pick(
        format!("ファイルから導かれる規則 {all}（片方向で数える）: 成立 o {holds}、開通後に成立 . {opens}、違反 ! {broken}{none_ja}"),
        format!("{all} rules follow from the file, one a direction: hold (o) {holds}, will hold (.) {opens}, broken (!) {broken}{none_en}"),
    )
}

/// Why a broken rule is broken, and the command that shows the path.
fn why_not(overview: &Overview<'_>, row: &Row<'_>, style: Style) -> Vec<String> {
    let Outcome::Broken { pair, moment } = row.outcome else { return vec![] };
    let matrix = match moment {
        Moment::Now => &overview.survey.now,
        Moment::WhenOpen => &overview.survey.later,
    };
    let mut lines = vec![];
    if let Some(verdict) = matrix.verdict(&pair.0, &pair.1) {
        lines.push(contradiction(row.rule.wish.must, verdict, overview.waits, style.lang));
    }
    let when = if *moment == Moment::WhenOpen { " --when-open" } else { "" };
    lines.push(format!("{} --from {} --to {}{when}", overview.command, pair.0, pair.1));
    let room = style.width.saturating_sub(6);
    lines.iter().flat_map(|line| layout::wrap(line, room)).collect()
}

/// What is instead of what must be.
fn contradiction(must: Must, verdict: &Verdict, waits: &Waits, lang: Lang) -> String {
    let first = |stops: &[Stopped]| stops.first().map(|stopped| words::stop(&stopped.stop, waits, lang));
    match (must, verdict) {
        (Must::Reach, Verdict::Partly { stops, .. } | Verdict::Blocked { stops }) => first(stops).unwrap_or_default(),
        (_, verdict) => super::trail::summary(verdict, lang).into(),
    }
}

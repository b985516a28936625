//! What DNS servers answered, against what the file expects: for people, and for machines.

mod json;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, net::SocketAddr};

use super::{
    Lang, Style,
    document::Subject,
    layout::{self, clean},
    plan,
    style::Tone,
};
use crate::{
    config::City,
    digcheck::{Asked, Because, Expected, Question, Reply, Verdict, Via, judge},
};

pub use json::Document;

/// A question with its verdict.
#[derive(Debug)]
pub struct Checked<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// Of whom.
    pub server: SocketAddr,
    /// How the last query went.
    pub via: Via,
    /// What came of it.
    pub reply: &'a Reply,
    /// What that is worth.
    pub verdict: Verdict,
}

impl<'a> Checked<'a> {
    /// Judges a reply.
    pub fn new(asked: &'a Asked<'a>) -> Self {
        let Asked { question, server, via, reply } = asked;
        Checked { question, server: *server, via: *via, reply, verdict: judge(question, reply) }
    }
}

/// A whole check.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Whose.
    pub subject: &'a Subject,
    /// The file.
    pub city: &'a City,
    /// Who was asked.
    pub servers: &'a [SocketAddr],
    /// Every question, of every server.
    pub checked: &'a [Checked<'a>],
}

/// What a verdict comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ok,
    NothingThere,
    Differs,
    NoAnswer,
    Refused,
    TimedOut,
    Failed,
}

const STATES: [State; 7] =
    [State::Ok, State::NothingThere, State::Differs, State::NoAnswer, State::Refused, State::TimedOut, State::Failed];

impl State {
    fn of(verdict: &Verdict) -> State {
        match verdict {
            Verdict::Ok => State::Ok,
            Verdict::NothingThere { .. } => State::NothingThere,
            Verdict::Differs { .. } | Verdict::LastsLonger { .. } => State::Differs,
            Verdict::NoAnswer { .. } => State::NoAnswer,
            Verdict::Refused => State::Refused,
            Verdict::TimedOut => State::TimedOut,
            Verdict::Failed { .. } => State::Failed,
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            State::Ok => lang.pick("一致", "ok"),
            State::NothingThere => lang.pick("名前なし", "nothing there"),
            State::Differs => lang.pick("相違", "differs"),
            State::NoAnswer => lang.pick("答えなし", "no answer"),
            State::Refused => lang.pick("拒否", "refused"),
            State::TimedOut => lang.pick("時間切れ", "timed out"),
            State::Failed => lang.pick("失敗", "failed"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            State::Ok => Tone::Create,
            State::NothingThere => Tone::Faint,
            State::Differs => Tone::Update,
            State::NoAnswer | State::Refused | State::TimedOut | State::Failed => Tone::Delete,
        }
    }
}

impl<'a> Report<'a> {
    /// For machines. English.
    pub fn document(&self) -> Document<'a> {
        Document::new(self)
    }

    fn count(&self, state: State) -> usize {
        self.checked.iter().filter(|checked| State::of(&checked.verdict) == state).count()
    }
}

/// A line for each name and server, what is wrong with it, and a summary. Ends in a newline.
pub fn text(report: &Report<'_>, style: Style) -> String {
    let heading = plan::heading(report.subject, style.lang);
    let heading = style.pick(format!("{heading}、DNS の答え"), format!("{heading}, answers of DNS"));
    let mut text = format!("{}\n\n", style.paint(Tone::Title, heading));
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let states = widest(&mut report.checked.iter().map(|checked| layout::width(state(checked, style.lang))));
    let names = widest(&mut report.checked.iter().map(|checked| layout::width(&clean(&checked.question.name))));
    for checked in report.checked {
        let mark = layout::pad(state(checked, style.lang), states);
        let mark = style.paint(State::of(&checked.verdict).tone(), mark);
        let name = layout::pad(&clean(&checked.question.name), names);
        let kind = checked.question.kind.as_str();
        text.push_str(&format!("  {mark}  {kind:<5}  {name}  {}\n", server(checked.server)));
        for line in what_is_wrong(report.city, checked, style) {
            text.push_str(&format!("      {line}\n"));
        }
    }
    text.push('\n');
    for line in layout::wrap(&summary(report, style.lang), style.width) {
        text.push_str(&format!("{}\n", style.paint(Tone::Title, line)));
    }
    for silent in silent(report) {
        for line in layout::wrap(&nothing_from(silent, style.lang), style.width) {
            text.push_str(&format!("{}\n", style.paint(Tone::Hint, line)));
        }
    }
    text
}

fn state(checked: &Checked<'_>, lang: Lang) -> &'static str {
    State::of(&checked.verdict).words(lang)
}

/// The port goes without saying where it is that of DNS.
fn server(server: SocketAddr) -> String {
    if server.port() == 53 { server.ip().to_string() } else { server.to_string() }
}

/// Expected and got, one below the other, and where the file says so.
fn what_is_wrong(city: &City, checked: &Checked<'_>, style: Style) -> Vec<String> {
    let (expected, got) = style.pick(("期待 ", "答え "), ("expected ", "got      "));
    let columns = style.width.saturating_sub(6 + layout::width(expected));
    let listed = |label: &str, items: &[String]| layout::labelled(label, &layout::rows(items, columns));
    let found = match &checked.verdict {
        Verdict::Ok => return vec![],
        // No mistake: nothing to look up in the file.
        Verdict::NothingThere { zone } => return vec![style.paint(Tone::Faint, nothing_there(zone, style.lang))],
        Verdict::Differs { got } => got.iter().map(|value| clean(value)).collect(),
        Verdict::LastsLonger { ttl } => vec![format!("TTL {ttl}")],
        Verdict::NoAnswer { code } => vec![no_answer(code, style.lang)],
        Verdict::Refused => vec!["REFUSED".into()],
        Verdict::TimedOut => vec![],
        Verdict::Failed { detail } => vec![clean(detail)],
    };
    let found = match (checked.via, &checked.verdict) {
        (Via::Tcp, Verdict::TimedOut | Verdict::Failed { .. }) => [vec![cut_off(style.lang)], found].concat(),
        _ => found,
    };
    let mut lines = listed(expected, &wanted(checked.question, style.lang));
    if !found.is_empty() {
        lines.extend(listed(got, &found));
    }
    let (line, _) = city.at(checked.question.span).line_column();
    let because = because(&checked.question.because, style.lang);
    lines.push(style.paint(Tone::Faint, format!("{because}  {}:{line}", city.source.name)));
    lines
}

fn wanted(question: &Question, lang: Lang) -> Vec<String> {
    let name = clean(&question.name);
    match &question.expected {
        Expected::Records { values, at_most } => {
            let values = values.iter().map(|value| clean(value));
            values.chain([lang.pick(format!("TTL {at_most} 以下"), format!("TTL {at_most} at most"))]).collect()
        }
        Expected::Addresses { within } => {
            within.iter().map(|range| lang.pick(format!("{range} の中"), format!("in {range}"))).collect()
        }
        Expected::Zone { or_around: false } => vec![format!("SOA {name}")],
        Expected::Zone { or_around: true } => {
            vec![
                lang.pick(
                    format!("SOA {name}（またはそれを含むゾーン）"),
                    format!("SOA {name} or of a zone around it"),
                ),
            ]
        }
        Expected::Servers => vec![lang.pick("NS が 1 つ以上", "one NS at least").into()],
    }
}

fn nothing_there(zone: &str, lang: Lang) -> String {
    let zone = clean(zone);
    lang.pick(
        format!("{zone} のサーバは答えるが、この名前には何もない"),
        format!("the server of {zone} answers, but has nothing there"),
    )
}

fn no_answer(code: &str, lang: Lang) -> String {
    match code {
        "NOERROR" => lang.pick("NOERROR（このタイプのレコードはない）", "NOERROR: no record of this type").into(),
        "NXDOMAIN" => lang.pick("NXDOMAIN（この名前はない）", "NXDOMAIN: no such name").into(),
        code => code.into(),
    }
}

fn cut_off(lang: Lang) -> String {
    lang.pick(
        "UDP の答えは大きすぎて切り詰められ、TCP では答えがない",
        "over UDP an answer that was cut off for its size, over TCP none",
    )
    .into()
}

fn because(because: &Because, lang: Lang) -> String {
    match because {
        Because::Zone => lang.pick("自治体のゾーン", "a zone of ours").into(),
        Because::Record => lang.pick("自治体のレコード", "a record of ours").into(),
        Because::Endpoint { asp } => {
            let asp = clean(asp);
            lang.pick(format!("{asp} の PrivateLink エンドポイント"), format!("the PrivateLink endpoint of {asp}"))
        }
        Because::AspZone { asp } => lang.pick(format!("{} のゾーン", clean(asp)), format!("a zone of {}", clean(asp))),
        Because::Forwarded => lang.pick("庁内へ転送するドメイン", "a domain that is forwarded to on-premises").into(),
        Because::ForwardedReverse => {
            lang.pick("庁内へ転送する逆引きゾーン", "a reverse zone that is forwarded to on-premises").into()
        }
    }
}

fn summary(report: &Report<'_>, lang: Lang) -> String {
    let counts = STATES.iter().map(|state| (report.count(*state), state.words(lang))).filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, words)| lang.pick(format!("{words} {count} 件"), format!("{count} {words}"))).collect();
    let servers: Vec<String> = report.servers.iter().map(|asked| server(*asked)).collect();
    lang.pick(
        format!("答え: {}（問い合わせ先 {}）", counts.join("、"), servers.join("、")),
        format!("Answers: {} (asked {})", counts.join(", "), servers.join(", ")),
    )
}

/// Servers of which nothing at all came.
fn silent(report: &Report<'_>) -> BTreeSet<SocketAddr> {
    let says_nothing = |checked: &Checked<'_>| {
        checked.via == Via::Udp && matches!(checked.verdict, Verdict::TimedOut | Verdict::Failed { .. })
    };
    let of = |asked: SocketAddr| report.checked.iter().filter(move |checked| checked.server == asked);
    report.servers.iter().copied().filter(|asked| of(*asked).all(says_nothing)).collect()
}

fn nothing_from(silent: SocketAddr, lang: Lang) -> String {
    let (address, port) = (server(silent), silent.port());
    lang.pick(
        format!(
            "{address} は何も答えませんでした。このホストがネットワークにつながっていて、UDP と TCP のポート {port} へ届くこと、インバウンドエンドポイントのセキュリティグループがこのホストの範囲を許可していることを確認してください。"
        ),
        format!(
            "{address} answered nothing. See that this host is on the network and reaches UDP and TCP port {port} there, and that the security group of the inbound endpoint lets this host's range in."
        ),
    )
}

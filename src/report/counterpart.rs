//! What the simulated companies did.

use super::{Style, layout::clean, requests, style::Tone};
use crate::{
    config::schema::Municipality,
    counterpart::{Irrefusable, Move, Outcome},
    handshake,
};

/// A line a move. Ends in a newline.
pub fn text(municipality: &Municipality, moves: &[Move], style: Style) -> String {
    if moves.is_empty() {
        return format!("{}\n", style.pick("相手に頼んでいることはありません。", "Nobody is asked for anything."));
    }
    let mut text = String::new();
    for step in moves {
        let who = handshake::who(municipality, &step.ask.party, step.purpose.as_ref());
        let who = requests::name(&who, style.lang);
        let what = requests::what(&step.ask.action, &step.address, style.lang);
        let (mark, tone, came) = match &step.outcome {
            Outcome::Done => ("+", Tone::Create, style.pick("済", "done").to_string()),
            Outcome::Refused => ("-", Tone::Delete, style.pick("拒否", "refused").to_string()),
            Outcome::NotItsTurn => (
                ".",
                Tone::Faint,
                style.pick("順番待ち（先に必要なものがあります）", "its turn has not come").to_string(),
            ),
            Outcome::NotByCall => {
                (".", Tone::Faint, style.pick("AWS の操作ではありません", "not done by a call").to_string())
            }
            Outcome::Irrefusable(why) => (".", Tone::Faint, irrefusable(*why, style).to_string()),
            Outcome::Failed(why) => ("!", Tone::Delete, clean(why)),
        };
        let address = clean(step.address.as_str());
        text.push_str(&format!("{} {who}: {what} [{address}]: {came}\n", style.paint(tone, mark)));
    }
    text
}

fn irrefusable(why: Irrefusable, style: Style) -> &'static str {
    match why {
        Irrefusable::Already => style.pick("すでに拒否しています", "refused already"),
        Irrefusable::TheirCall => style.pick(
            "拒否できません（相手が行う操作で、AWS に拒否の操作はありません。行われるまで待ちます）",
            "cannot be refused (it is theirs to make, and AWS has no call that declines it; it waits until they do)",
        ),
        Irrefusable::NoCall => style.pick(
            "拒否できません（AWS の操作ではありません。行われるまで待ちます）",
            "cannot be refused (it is no call of AWS; it waits until they do it)",
        ),
    }
}

//! What the simulated companies did.

use super::{Style, layout::clean, requests, style::Tone};
use crate::{
    config::schema::Municipality,
    counterpart::{Move, Outcome},
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
        let what = requests::what(&step.ask.action, style.lang);
        let (mark, tone, came) = match &step.outcome {
            Outcome::Done => ("+", Tone::Create, style.pick("済", "done").to_string()),
            Outcome::Refused => ("-", Tone::Delete, style.pick("拒否", "refused").to_string()),
            Outcome::NotByCall => {
                (".", Tone::Faint, style.pick("AWS の操作ではありません", "not done by a call").to_string())
            }
            Outcome::Failed(why) => ("!", Tone::Delete, clean(why)),
        };
        let address = clean(step.address.as_str());
        text.push_str(&format!("{} {who}: {what} [{address}]: {came}\n", style.paint(tone, mark)));
    }
    text
}

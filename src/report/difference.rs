//! What a new plan does otherwise than a saved one, in words.

use super::{
    Lang, Style,
    document::Action,
    layout::{self, clean},
    style::Tone,
};
use crate::plan_file::Difference;

/// One line a difference, each ending in a newline.
pub fn text(differences: &[Difference], style: Style) -> String {
    let mut text = String::new();
    for difference in differences {
        let label = "  * ";
        let lines = layout::wrap(&sentence(difference, style.lang), style.width.saturating_sub(label.len()));
        for line in layout::labelled(label, &lines) {
            text.push_str(&style.paint(Tone::Update, line));
            text.push('\n');
        }
    }
    text
}

fn sentence(difference: &Difference, lang: Lang) -> String {
    match difference {
        Difference::Came { address, action } => {
            let (address, verb) = (clean(address.as_str()), verb(*action, lang));
            lang.pick(
                format!("{address}: 計画になかった「{verb}」が加わった"),
                format!("{address}: {verb} was not in the plan"),
            )
        }
        Difference::Went { address, action } => {
            let (address, verb) = (clean(address.as_str()), verb(*action, lang));
            lang.pick(
                format!("{address}: 計画にあった「{verb}」がなくなった"),
                format!("{address}: {verb} is no longer needed"),
            )
        }
        Difference::Action { address, saved, fresh } => {
            let address = clean(address.as_str());
            let (saved, fresh) = (verb(*saved, lang), verb(*fresh, lang));
            lang.pick(
                format!("{address}: 「{saved}」が「{fresh}」になった"),
                format!("{address}: {saved} has become {fresh}"),
            )
        }
        Difference::Object { address, saved, fresh } => {
            let (address, saved, fresh) = (clean(address.as_str()), clean(saved), clean(fresh));
            lang.pick(
                format!("{address}: 対象が {saved} から {fresh} に変わった"),
                format!("{address}: it is {fresh} now, and was {saved}"),
            )
        }
        Difference::Fields { address, fields } => {
            let (address, fields) = (clean(address.as_str()), clean(&fields.join(", ")));
            lang.pick(format!("{address}: {fields} の内容が違う"), format!("{address}: other values of {fields}"))
        }
        Difference::Why { address } => {
            let address = clean(address.as_str());
            lang.pick(format!("{address}: 理由が変わった"), format!("{address}: for another reason"))
        }
        Difference::Order { address } => {
            let address = clean(address.as_str());
            lang.pick(format!("{address}: 実行の順序が変わった"), format!("{address}: it waits for other steps"))
        }
        Difference::Waiting => lang.pick("相手待ちの内容が変わった", "others owe something else").into(),
        Difference::Deferred => lang.pick("構築しない選択の一覧が変わった", "other choices are not built").into(),
    }
}

fn verb(action: Action, lang: Lang) -> &'static str {
    match action {
        Action::Create => lang.pick("作成", "create"),
        Action::Update => lang.pick("変更", "update"),
        Action::Delete => lang.pick("削除", "delete"),
        Action::Replace => lang.pick("作り直し", "replace"),
    }
}

//! `gcnet repair`: what is there several times, which of it stays, and what hangs on each.

use gcnet_core::{ChoiceError, Twin, Twins};

use super::{
    Lang, Style,
    layout::{self, clean},
    message::told::Told,
    style::Tone,
};

/// For a terminal; `other` is the command that keeps another one. Ids are never shortened: they are copied from here. Ends
/// in a newline.
pub fn text(sets: &[Twins], other: &str, style: Style) -> String {
    let lang = style.lang;
    let title = lang.pick(
        format!("AWS に複数あるもの（{} 件）", sets.len()),
        format!("What is in AWS several times ({})", sets.len()),
    );
    let mut text = format!("{}\n", style.paint(Tone::Title, title));
    for set in sets {
        text.push_str(&format!("  {}\n", clean(set.address.as_str())));
        let columns = set.each.iter().map(|twin| layout::width(&clean(&twin.id))).max().unwrap_or_default();
        for twin in &set.each {
            let id = layout::pad(&clean(&twin.id), columns);
            let fate = match twin.stays {
                true => lang.pick("残す", "stays").to_string(),
                false => style.paint(Tone::Delete, lang.pick("削除", "goes ")).to_string(),
            };
            text.push_str(&format!("    {fate} {id}  {}\n", users(twin, lang)));
        }
    }
    let how = lang.pick(
        format!("他のものを残すには `{}` （残すものの ID を 1 つ。それが属するものもすべて残ります）。何も残らないアドレスは作り直されます", clean(other)),
        format!("To keep others, name one of them: `{}`; all that it hangs on stays with it. Where nothing stays, it is made anew.", clean(other)),
    );
    for line in layout::wrap(&how, style.width) {
        text.push_str(&format!("{line}\n"));
    }
    text.push('\n');
    text
}

fn users(twin: &Twin, lang: Lang) -> String {
    match (twin.ours, twin.theirs) {
        (0, 0) => lang.pick("何も使っていません", "nothing hangs on it").into(),
        (ours, 0) => lang.pick(format!("gcnet のもの {ours} 件が使用"), format!("{ours} of ours hang on it")),
        (ours, theirs) => lang.pick(
            format!("gcnet のもの {ours} 件と他社のもの {theirs} 件が使用"),
            format!("{ours} of ours and {theirs} of other parties hang on it"),
        ),
    }
}

/// What was asked to be kept cannot be.
pub(super) fn refused(error: &ChoiceError, lang: Lang) -> Told {
    match error {
        ChoiceError::NoTwin { id } => {
            let id = clean(id);
            Told::error(lang.pick(
                format!("{id} は複数あるものの 1 つではありません"),
                format!("{id} is none of those that are there several times"),
            ))
            .hint(
                lang.pick("--keep を付けずに実行すると、一覧が出ます", "run the command without --keep: it lists them"),
            )
        }
        ChoiceError::Both { address, one, other } => {
            let (address, one, other) = (clean(address.as_str()), clean(one), clean(other));
            Told::error(lang.pick(
                format!("{address} は 1 つしか残せませんが、--keep によると {one} と {other} の両方が残ります"),
                format!("only one {address} can stay, but by --keep both {one} and {other} would"),
            ))
            .hint(lang.pick(
                "残すものは、同じ VPC やトランジットゲートウェイに属するものから選んでください",
                "keep only what belongs to the same VPC and transit gateway",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use gcnet_core::Address;
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn which_stays_and_what_hangs_on_each() {
        let twin = |id: &str, ours, theirs, stays| Twin { id: id.into(), ours, theirs, stays };
        let set = |address: &str, each| Twins { address: Address::parse(address).unwrap(), each };
        let sets = [
            set("subnet/tgw-a", vec![twin("subnet-1", 3, 0, true), twin("subnet-2\u{1b}[0m", 0, 0, false)]),
            set("vpc/shared", vec![twin("vpc-0a1b2c3d4e5f67890", 12, 3, true), twin("vpc-2", 4, 0, false)]),
        ];
        let shown = |lang| text(&sets, "gcnet --sandbox repair naruto --keep ID", Style::plain(lang));
        assert_snapshot!(format!("{}\n{}", shown(Lang::En), shown(Lang::Ja)));
        let both = ChoiceError::Both {
            address: Address::parse("vpc/shared").unwrap(),
            one: "vpc-1".into(),
            other: "vpc-2".into(),
        };
        let no_twin = ChoiceError::NoTwin { id: "vpc-9".into() };
        let refused = [&both, &no_twin]
            .map(|error| [Lang::En, Lang::Ja].map(|lang| refused(error, lang).text(Style::plain(lang))).join(""));
        assert_snapshot!("refused", refused.join("\n"));
    }
}

//! What comes from outside must not steer a terminal. Names, values, paths and messages come from files, from AWS and from
//! other companies; every text passes here on its way out, whoever wrote it and whether its author thought of it.
//!
//! Wherever words are made, [`clean`] spells out what steers, and puts the text on one line. [`tame`] does it once more for all
//! that a screen writes, and lets pass what [`Style`](super::Style) paints with.

use std::fmt::Write;

/// Steers a terminal or hides from the eye: control characters (C0 with ESC, DEL, C1), marks that turn the direction of
/// writing, separators of lines, and what is not seen (Unicode's Default_Ignorable_Code_Point, and the empty pattern of
/// Braille). Variation selectors stay: names of places are spelt with them. Those of Mongolian do not.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, grapheme joiner, marks of direction, fillers of Hangul, inherent vowels of Khmer, selectors of Mongolian.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            // Joiners and spaces of no width, separators of lines and paragraphs, embeddings and overrides.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            // Word joiner and invisible operators, isolates; Braille of no dots; more fillers of Hangul.
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            // Byte order mark, annotations between lines; controls of shorthand and of music.
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags, and what is kept for more of the sort, around the variation selectors.
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Text from outside on one line, with everything spelt out that would steer a terminal.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => clean.push(' '),
            c if steers(c) => clean.extend(c.escape_unicode()),
            c => clean.push(c),
        }
    }
    clean
}

/// A whole text of ours: its lines stay lines, and where it is `painted` our own colours stay too. Everything else that
/// steers is spelt out.
pub fn tame(text: &str, painted: bool) -> String {
    let mut tame = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\u{1b}' if painted => paint(rest),
            '\n' => Some(1),
            c if steers(c) => None,
            c => Some(c.len_utf8()),
        };
        let (kept, after) = rest.split_at(length.unwrap_or(c.len_utf8()));
        match length {
            Some(_) => tame.push_str(kept),
            None => tame.extend(c.escape_unicode()),
        }
        rest = after;
    }
    tame
}

/// The length of a sequence that sets a colour of letters, bold or dim, or ends them. No background, no reverse, no
/// concealment: letters stay to be seen, whoever slips one in.
fn paint(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[")?;
    let (codes, _) = body.split_once('m')?;
    let is_ours = |code: &str| matches!(code, "" | "0" | "1" | "2" | "22" | "39") || is_colour(code);
    codes.split(';').all(is_ours).then_some("\u{1b}[m".len() + codes.len())
}

/// Black is left out: on most terminals it is the background.
fn is_colour(code: &str) -> bool {
    code.parse::<u8>().is_ok_and(|code| matches!(code, 31..=37 | 90..=97)) && code.len() == 2
}

/// JSON, and lines of logs, that say the same: JSON has an escape for every character, and those that steer are only ever
/// within its strings.
pub fn tame_json(json: &str) -> String {
    let mut tame = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !steers(c) {
            tame.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing into memory does not fail.
            let _ = write!(tame, "\\u{unit:04x}");
        }
    }
    tame
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::{Lang, Style, style::Tone};

    /// Texts in which what steers is frequent.
    fn text() -> impl Strategy<Value = String> {
        let odd = proptest::sample::select(vec![
            "\u{1b}[31m",
            "\u{1b}[8m",
            "\u{1b}]0;x\u{7}",
            "\u{1b}[2J",
            "\u{9b}2J",
            "\r",
            "\t",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{2028}",
            "\u{feff}",
            "\u{e0041}",
            "\u{7f}",
            "鳴門市",
            "葛\u{e0100}城",
            "e\u{301}",
            "|",
            "`",
            "\u{1b}[1;32m",
            "\u{1b}[",
            "\u{1b}[0m",
        ]);
        let part = prop_oneof![odd.prop_map(str::to_owned), any::<String>(), "[ -~]{0,8}"];
        proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn whatever_a_name_is_nothing_steers(text in text()) {
            prop_assert!(!clean(&text).chars().any(steers));
            prop_assert!(!tame(&text, false).chars().any(|c| c != '\n' && steers(c)));
            // Where colours pass, they are colours, and there is nothing else.
            let painted = tame(&text, true);
            for after in painted.split('\u{1b}').skip(1) {
                let codes = after.strip_prefix('[').and_then(|rest| rest.split_once('m')).map(|(codes, _)| codes);
                prop_assert!(codes.is_some_and(|codes| codes.bytes().all(|b| b.is_ascii_digit() || b == b';')));
            }
            let odd = painted.chars().find(|c| !matches!(c, '\n' | '\u{1b}') && steers(*c));
            prop_assert_eq!(odd, None);
        }

        #[test]
        fn what_steers_nothing_is_left_as_it_is(text in "[ -~ぁ-ん一-龠。、]{0,40}\n?") {
            prop_assert_eq!(tame(&text, false), &*text);
            prop_assert_eq!(tame(&text, true), &*text);
            prop_assert_eq!(tame_json(&text), &*text);
        }

        #[test]
        fn json_says_the_same(text in text()) {
            let json = tame_json(&serde_json::to_string(&text).unwrap());
            prop_assert!(!json.chars().any(steers));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn what_steers_is_spelt_out() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\nc\u{202e}d\u{9b}2J"), "a\\u{1b}[31mb\\u{7} c\\u{202e}d\\u{9b}2J");
        assert_eq!(clean("鳴門市 – ok"), "鳴門市 – ok");
        assert_eq!(tame("葛\u{e0100}城市\r\u{1b}[2J\n", true), "葛\u{e0100}城市\\u{d}\\u{1b}[2J\n");
        assert_eq!(tame_json("\"\u{9b}\u{e0041}\""), "\"\\u009b\\udb40\\udc41\"");
    }

    /// DerivedCoreProperties.txt of Unicode 16, Default_Ignorable_Code_Point, first and last of each range.
    const IGNORABLE: &[(u32, u32)] = &[
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x202a, 0x202e),
        (0x2060, 0x206f),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfff8),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0xe0000, 0xe0fff),
    ];

    #[test]
    fn what_is_not_seen_steers_but_for_variation_selectors() {
        let within = |c: char, ranges: &[(u32, u32)]| ranges.iter().any(|(a, b)| (*a..=*b).contains(&u32::from(c)));
        let selectors = [(0xfe00, 0xfe0f), (0xe0100, 0xe01ef)];
        // Controls, separators of lines, Braille, annotations: not ignorable, and not to be let pass.
        let others = [(0, 0x1f), (0x7f, 0x9f), (0x2028, 0x2029), (0x2800, 0x2800), (0xfff9, 0xfffb)];
        for c in '\0'..=char::MAX {
            let expected = within(c, IGNORABLE) && !within(c, &selectors) || within(c, &others);
            assert_eq!(steers(c), expected, "{c:?}");
        }
    }

    #[test]
    fn our_own_colours_pass_and_no_others() {
        let style = Style { color: true, ..Style::plain(Lang::Ja) };
        let tones = [Tone::Create, Tone::Update, Tone::Delete, Tone::Replace, Tone::Title, Tone::Faint, Tone::Hint];
        for tone in tones {
            let painted = style.paint(tone, "鳴門市");
            assert_eq!(tame(&painted, true), painted);
            assert!(!tame(&painted, false).contains('\u{1b}'));
        }
        for foreign in
            ["\u{1b}[8m", "\u{1b}[30m", "\u{1b}[40m", "\u{1b}[7m", "\u{1b}[38;5;0m", "\u{1b}[1A", "\u{1b}[5m"]
        {
            assert!(!tame(foreign, true).contains('\u{1b}'), "{foreign:?}");
        }
    }
}

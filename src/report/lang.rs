//! The language of sentences.

use std::str::FromStr;

/// Languages that a person is spoken to in. Logs and JSON are always English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Japanese.
    Ja,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// The language asked for, or the locale's: the first that is set of LC_ALL, LC_MESSAGES and LANG, as POSIX has it.
    pub fn detect(asked: Option<Lang>, environment: impl Fn(&str) -> Option<String>) -> Lang {
        let locale =
            || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(&environment).find(|value| !value.is_empty());
        asked.unwrap_or_else(|| match locale() {
            Some(locale) if locale.starts_with("ja") => Lang::Ja,
            _ => Lang::En,
        })
    }

    /// The one of two texts.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ja" => Ok(Lang::Ja),
            "en" => Ok(Lang::En),
            other => Err(format!("no such language: {other} (ja, en)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_wins_then_the_most_specific_locale() {
        type Case = (Option<Lang>, &'static [(&'static str, &'static str)], Lang);
        let cases: [Case; 6] = [
            (None, &[], Lang::En),
            (None, &[("LANG", "ja_JP.UTF-8")], Lang::Ja),
            (None, &[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")], Lang::En),
            (None, &[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "")], Lang::Ja),
            (None, &[("LC_MESSAGES", "ja"), ("LANG", "en_US.UTF-8")], Lang::Ja),
            (Some(Lang::En), &[("LANG", "ja_JP.UTF-8")], Lang::En),
        ];
        for (asked, environment, expected) in cases {
            let get =
                |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Lang::detect(asked, get), expected, "{asked:?} {environment:?}");
        }
    }
}

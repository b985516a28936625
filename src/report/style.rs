//! How a text is dressed: language, colour, width. Colour is never the only carrier of a meaning.

use std::fmt::Display;

use super::Lang;

/// For whom and for what a text is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Of the sentences.
    pub lang: Lang,
    /// Whether to colour.
    pub color: bool,
    /// In columns: lists and sentences are broken to it; a single long word is not.
    pub width: usize,
}

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something comes.
    Create,
    /// Something changes.
    Update,
    /// Something goes, or failed.
    Delete,
    /// Something goes and comes anew, or wants care.
    Replace,
    /// A heading.
    Title,
    /// What may be overlooked.
    Faint,
    /// A hint.
    Hint,
}

impl Tone {
    fn style(self) -> anstyle::Style {
        use anstyle::AnsiColor::{Cyan, Green, Red, Yellow};
        match self {
            Tone::Create => Green.on_default(),
            Tone::Update => Yellow.on_default(),
            Tone::Delete => Red.on_default().bold(),
            Tone::Replace => Red.on_default().bold(),
            Tone::Title => anstyle::Style::new().bold(),
            Tone::Faint => anstyle::Style::new().dimmed(),
            Tone::Hint => Cyan.on_default(),
        }
    }
}

impl Style {
    /// Without colour, as wide as a log: for files and for Markdown.
    pub fn plain(lang: Lang) -> Self {
        Style { lang, color: false, width: super::screen::WIDTH }
    }

    pub(crate) fn paint(self, tone: Tone, text: impl Display) -> String {
        if !self.color {
            return text.to_string();
        }
        let style = tone.style();
        format!("{style}{text}{style:#}")
    }

    /// The one of two texts.
    pub(crate) fn pick<T>(self, ja: T, en: T) -> T {
        self.lang.pick(ja, en)
    }
}

//! One thing that a person is told: a sentence, what to do about it, and facts for the support desk at the end.

use crate::report::{Lang, Style, layout, style::Tone};

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Work goes on.
    Warning,
    /// Something was not done.
    Error,
}

/// What belongs to a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// The provider's own words.
    Aws,
    /// Words of the system or of a library.
    Detail,
    /// What to do.
    Hint,
    /// What failed in the same way.
    Also,
    /// What was not done because of it.
    Skipped,
    /// What is already done.
    Done,
    /// For the provider's support desk.
    RequestId,
}

/// A sentence and what belongs to it, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) severity: Severity,
    pub(crate) text: String,
    /// Lines that go with the sentence, as they are.
    list: String,
    pub(crate) more: Vec<(Label, String)>,
}

impl Told {
    pub(crate) fn new(severity: Severity, text: impl Into<String>) -> Self {
        Told { severity, text: text.into(), list: String::new(), more: vec![] }
    }

    pub(crate) fn error(text: impl Into<String>) -> Self {
        Told::new(Severity::Error, text)
    }

    pub(crate) fn list(self, list: String) -> Self {
        Told { list, ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.with(Label::Hint, Some(hint.into()))
    }

    pub(crate) fn with(mut self, label: Label, text: Option<String>) -> Self {
        self.more.extend(text.map(|text| (label, text)));
        self
    }

    /// Lines of at most the style's width, each ending in a newline. Words that must be copied are never broken.
    pub(crate) fn text(&self, style: Style) -> String {
        let (word, tone) = match self.severity {
            Severity::Error => (style.pick("エラー", "error"), Tone::Delete),
            Severity::Warning => (style.pick("警告", "warning"), Tone::Update),
            Severity::Note => (style.pick("注意", "note"), Tone::Title),
        };
        let mut text = paragraph(word, tone, &self.text, style);
        text.push_str(&self.list);
        for (label, more) in &self.more {
            text.push_str(&label.paragraph(more, style));
        }
        text
    }
}

impl Label {
    /// One such text by itself. Ends in a newline.
    pub(crate) fn paragraph(self, text: &str, style: Style) -> String {
        let tone = if self == Label::Hint { Tone::Hint } else { Tone::Faint };
        paragraph(self.word(style.lang), tone, text, style)
    }

    fn word(self, lang: Lang) -> &'static str {
        match self {
            Label::Aws => lang.pick("AWS の応答", "aws"),
            Label::Detail => lang.pick("詳細", "detail"),
            Label::Hint => lang.pick("対処", "hint"),
            Label::Also => lang.pick("同じ理由", "also"),
            Label::Skipped => lang.pick("未実施", "skipped"),
            Label::Done => lang.pick("完了", "done"),
            Label::RequestId => lang.pick("リクエスト ID", "request id"),
        }
    }
}

fn paragraph(word: &str, tone: Tone, text: &str, style: Style) -> String {
    let label = format!("{word}: ");
    let mut lines = layout::wrap(text, style.width.saturating_sub(layout::width(&label))).into_iter();
    let first = lines.next().unwrap_or_default();
    let indent = " ".repeat(layout::width(&label));
    let mut paragraph = format!("{} {first}\n", style.paint(tone, format!("{word}:")));
    for line in lines {
        paragraph.push_str(&format!("{indent}{line}\n"));
    }
    paragraph
}

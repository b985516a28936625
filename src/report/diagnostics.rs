//! Findings as a person reads them, with the offending line; and as JSON.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::problems::{hint, message, role};
use super::{Lang, Style};
use crate::config::problem::{Problem, Role};
use crate::config::source::Place;
use crate::config::{Finding, Severity};

/// Version of [`Report`]'s form.
const FORMAT_VERSION: u32 = 1;

/// Places of one kind that are shown before the rest is only counted.
const PLACES: usize = 3;

/// One finding: severity, code and sentence, the line with a mark under what is meant, and what to do. Ends in a newline.
pub fn render(finding: &Finding, style: Style) -> String {
    let lang = style.lang;
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    // ASCII marks: box-drawing characters are two columns wide on Japanese terminals.
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width);

    let title = level(finding.severity, lang).primary_title(message(&finding.problem, lang)).id(finding.code.as_str());
    let mut group = Group::with_title(title).element(snippet(finding, lang));
    let shown = places(finding);
    let far = finding.related.iter().filter(|related| !same_file(&related.place, &finding.place));
    for related in far.take(shown) {
        let mark = AnnotationKind::Context.span(related.place.span.range()).label(role(related.role, lang));
        group = group.element(source(&related.place).annotation(mark));
    }
    let mut text = renderer.render(&[group]);
    if finding.related.len() > shown {
        let rest = finding.related.len() - shown;
        let places = lang.pick(format!("ほか {rest} か所"), format!("and {rest} more places"));
        text.push_str(&format!("\n   = {places}"));
    }
    let path = path(finding, lang);
    if !path.is_empty() {
        text.push_str(&format!("\n   = {}", lang.pick("経路:", "path:")));
        path.iter().for_each(|step| text.push_str(&format!("\n   {step}")));
    }
    if let Some(hint) = hint(&finding.problem, lang) {
        let label = lang.pick("対処", "hint");
        text.push_str(&format!("\n   = {label}: {hint}"));
    }
    text.push('\n');
    text
}

/// The way of the packets or of the query that a finding is about, a line a decision.
fn path(finding: &Finding, lang: Lang) -> Vec<String> {
    match &finding.problem {
        Problem::Reach(contradiction) => super::reach::steps(&contradiction.violation.flow, lang),
        Problem::Names { finding, .. } => super::resolve::path(finding, lang),
        _ => vec![],
    }
}

/// The last line: how many errors, warnings and notices there are.
pub fn tally(findings: &[Finding], lang: Lang) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notices) = (count(Severity::Error), count(Severity::Warning), count(Severity::Notice));
    lang.pick(
        format!("エラー {errors} 件、警告 {warnings} 件、注意 {notices} 件"),
        format!("errors: {errors}, warnings: {warnings}, notices: {notices}"),
    )
}

fn level(severity: Severity, lang: Lang) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR.with_name(lang.pick("エラー", "error")),
        Severity::Warning => Level::WARNING.with_name(lang.pick("警告", "warning")),
        Severity::Notice => Level::NOTE.with_name(lang.pick("注意", "notice")),
    }
}

/// How many further places are drawn: a notice is one line of source.
fn places(finding: &Finding) -> usize {
    match finding.severity {
        Severity::Notice => 0,
        Severity::Error | Severity::Warning => PLACES,
    }
}

fn same_file(a: &Place, b: &Place) -> bool {
    a.source.name == b.source.name
}

fn snippet(finding: &Finding, lang: Lang) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let here = source(&finding.place).annotation(AnnotationKind::Primary.span(finding.place.span.range()));
    let near = finding.related.iter().filter(|related| same_file(&related.place, &finding.place));
    near.take(places(finding)).fold(here, |snippet, related| {
        let mark = AnnotationKind::Context.span(related.place.span.range()).label(role(related.role, lang));
        snippet.annotation(mark)
    })
}

fn source(place: &Place) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(place.source.text.as_str()).path(place.source.name.as_str())
}

/// All findings, for machines. English.
#[derive(Debug, Serialize)]
pub struct Report {
    format_version: u32,
    errors: usize,
    warnings: usize,
    notices: usize,
    findings: Vec<JsonFinding>,
}

#[derive(Debug, Serialize)]
struct JsonFinding {
    code: &'static str,
    severity: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    why: &'static str,
    /// Of the packets that it is about, a line a decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    path: Vec<String>,
    #[serde(flatten)]
    place: JsonPlace,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated>,
}

#[derive(Debug, Serialize)]
struct JsonPlace {
    file: String,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    text: String,
}

#[derive(Debug, Serialize)]
struct JsonRelated {
    role: &'static str,
    #[serde(flatten)]
    place: JsonPlace,
}

impl From<&Place> for JsonPlace {
    fn from(place: &Place) -> Self {
        let (line, column) = place.line_column();
        Self { file: place.source.name.clone(), line, column, text: place.text().to_owned() }
    }
}

impl Report {
    /// The report of these findings.
    pub fn new(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            format_version: FORMAT_VERSION,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notices: count(Severity::Notice),
            findings: findings.iter().map(JsonFinding::from).collect(),
        }
    }
}

impl From<&Finding> for JsonFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Notice => "notice",
            },
            message: message(&finding.problem, Lang::En),
            hint: hint(&finding.problem, Lang::En),
            why: super::why(finding.code, Lang::En),
            path: path(finding, Lang::En).iter().map(|step| step.trim().to_string()).collect(),
            place: JsonPlace::from(&finding.place),
            related: finding
                .related
                .iter()
                .map(|related| JsonRelated {
                    role: match related.role {
                        Role::First => "first",
                        Role::Other => "other",
                        Role::Because => "because",
                        Role::Also => "also",
                    },
                    place: JsonPlace::from(&related.place),
                })
                .collect(),
        }
    }
}

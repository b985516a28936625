//! The plan for a pull request.

use super::{
    Overview, body, nothing_to_do, price, summary, title,
    warning::{self, Part},
};
use crate::report::{Lang, Style, deferred, layout::clean, tame::tame};

/// GitHub-flavoured Markdown: a heading, the warning, the counts, and the text of the plan folded away. Ends in a newline.
pub fn markdown(overview: &Overview<'_>, lang: Lang) -> String {
    let style = Style::plain(lang);
    let document = overview.document;
    let mut page = format!("### {}\n\n", escape(&title(overview, lang)));
    let warning = warning::parts(overview, style);
    if !warning.is_empty() {
        page.push_str("> [!CAUTION]\n");
        for part in warning {
            match part {
                Part::Say(sentence) => page.push_str(&format!("> {}\n", escape(&sentence))),
                Part::List(items) => page.push_str(&format!("> - {}\n>\n", escape(&items.join(", ")))),
            }
        }
        page.push('\n');
    }
    if document.has_steps() {
        let counts = document.summary;
        let head = lang.pick(
            "| 作り直し | 削除 | 作成 | 変更 | 変更なし | 相手待ち |",
            "| replace | delete | create | update | unchanged | waiting |",
        );
        let row = [counts.replace, counts.delete, counts.create, counts.update, counts.unchanged, counts.waiting];
        let row = row.map(|count| count.to_string()).join(" | ");
        page.push_str(&format!("{head}\n|--:|--:|--:|--:|--:|--:|\n| {row} |\n\n"));
        // In a pull request the folded text is the same that the operator sees.
        let open = if document.steps.len() <= 40 { " open" } else { "" };
        let plan = format!("{}{}{}", body(overview, style), price(overview, style), summary(overview, style));
        page.push_str(&format!(
            "<details{open}><summary>{}</summary>\n\n{}</details>\n\n",
            lang.pick("計画の内容", "The plan"),
            fenced("text", plan.trim_end())
        ));
    } else {
        page.push_str(&format!("{}\n\n", nothing_to_do(overview, lang)));
        let waiting = body(overview, style);
        if !waiting.is_empty() {
            page.push_str(&fenced("text", waiting.trim_end()));
        }
    }
    if !overview.deferred.is_empty() {
        page.push_str(&format!("**{}**\n\n", deferred::title(lang)));
        for choice in overview.deferred {
            let words = escape(&deferred::words(&choice.what, lang));
            page.push_str(&format!("- `{}`: {words}\n", clean(&choice.at).replace('`', "'")));
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    tame(&page, false)
}

/// Text that must not become markup. What a forge makes of text after it has read the markup (mentions, references, addresses)
/// is kept apart by a comment, which nobody sees.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if matches!(c, '*' | '_' | '`' | '<' | '>' | '[' | ']' | '|' | '#' | '\\' | '&' | '~' | '$') {
            escaped.push('\\');
        }
        escaped.push(c);
        if matches!(c, '@' | '#') {
            escaped.push_str(APART);
        }
    }
    escaped.replace("://", &format!(":{APART}//")).replace("www.", &format!("www{APART}."))
}

/// A comment of no words.
const APART: &str = "<!-- -->";

/// The text as it is. No run of backticks in it ends the block.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n\n")
}

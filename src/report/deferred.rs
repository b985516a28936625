//! Choices of the file that this version does not build: their words.

use super::{Lang, Style, document, layout, style::Tone};
use crate::blueprint::deferred::{Deferred, Unbuilt};

/// For machines.
pub(super) fn document(choice: &Deferred) -> document::Deferred {
    let (word, name) = match &choice.what {
        Unbuilt::Site { site } => ("site", Some(site)),
        Unbuilt::CentralEndpoints => ("central_endpoints", None),
        Unbuilt::FlowLogsToS3 => ("flow_logs_to_s3", None),
        Unbuilt::LogKey => ("log_key", None),
    };
    document::Deferred { at: choice.at.clone(), unbuilt: word.into(), name: name.cloned() }
}

/// The heading above the choices.
pub(super) fn title(lang: Lang) -> &'static str {
    lang.pick("ファイルで選ばれているが、この版では構築しないもの", "Chosen in the file, not built by this version")
}

/// What a choice asks for.
pub(super) fn words(what: &Unbuilt, lang: Lang) -> String {
    let text = |ja: &str, en: &str| lang.pick(ja, en).to_string();
    match what {
        Unbuilt::Site { site } => {
            lang.pick(format!("拠点 {site} のアタッチメント"), format!("the attachment of the site {site}"))
        }
        Unbuilt::CentralEndpoints => text("AWS サービスのエンドポイント", "interface endpoints of AWS services"),
        Unbuilt::FlowLogsToS3 => text("S3 へのフローログ", "flow logs into S3"),
        Unbuilt::LogKey => text("ログ用の KMS キー", "a KMS key for logs"),
    }
}

/// The section of a text; nothing when every choice is built.
pub(super) fn section(choices: &[Deferred], style: Style) -> String {
    if choices.is_empty() {
        return String::new();
    }
    let columns = choices.iter().map(|choice| layout::width(&choice.at)).max().unwrap_or_default();
    let mut text = format!("{}\n", style.paint(Tone::Title, title(style.lang)));
    for choice in choices {
        let at = layout::pad(&layout::clean(&choice.at), columns);
        let label = format!("  . {at}  ");
        let words =
            layout::wrap(&layout::clean(&words(&choice.what, style.lang)), style.width.saturating_sub(columns + 6));
        for line in layout::labelled(&label, &words) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.push('\n');
    text
}

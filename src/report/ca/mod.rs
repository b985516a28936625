//! What is said about certificate authorities and what they issue.

pub mod export;
pub mod issue;
pub mod list;
pub mod status;
#[cfg(test)]
mod tests;
pub mod trouble;

use super::{
    Lang, Style,
    layout::{self, clean},
    style::Tone,
};

/// Lines of a label and what it stands for, the labels as wide as the widest. What has no value is left out.
fn facts(lines: &[(&str, Option<String>)], style: Style) -> String {
    let lines = || lines.iter().filter_map(|(label, value)| Some((*label, value.as_ref()?)));
    let columns = lines().map(|(label, _)| layout::width(label)).max().unwrap_or_default();
    let mut text = String::new();
    for (label, value) in lines() {
        let label = style.paint(Tone::Faint, layout::pad(label, columns));
        let mut values = value.split('\n');
        text.push_str(&format!("  {label}  {}\n", values.next().unwrap_or_default()));
        for more in values {
            text.push_str(&format!("  {}  {more}\n", " ".repeat(columns)));
        }
    }
    text
}

/// `root` and `subordinate` in words.
fn called(name: &str, lang: Lang) -> String {
    match name {
        "root" => lang.pick("ルート CA", "the root CA").into(),
        "subordinate" => lang.pick("下位 CA", "the subordinate CA").into(),
        other => clean(other),
    }
}

/// Where the file says when its certificate is made anew.
fn renewal(name: &str) -> &'static str {
    if name == "subordinate" { "private_ca.subordinate.renewal" } else { "private_ca.renewal" }
}

/// AWS's word for a state, with what it means to a person.
fn state(status: &str, lang: Lang) -> String {
    let word = match status {
        "CREATING" => lang.pick("作成中", "being made"),
        "PENDING_CERTIFICATE" => lang.pick("証明書なし（課金されています）", "without a certificate, and charged for"),
        "ACTIVE" => lang.pick("有効", "active"),
        "DISABLED" => lang.pick("無効（課金されています）", "disabled, and charged for"),
        "EXPIRED" => lang.pick("証明書の期限切れ（課金されています）", "expired, and charged for"),
        "DELETED" => lang.pick("削除済み（復元可能）", "deleted, can be restored"),
        "FAILED" => lang.pick("失敗", "failed"),
        other => return clean(other),
    };
    word.into()
}

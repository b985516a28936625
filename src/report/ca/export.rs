//! `gcnet ca export`: what stands beside a certificate that goes into trust stores.

use std::path::PathBuf;

use super::facts;
use crate::{
    pki::Certificate,
    report::{Style, layout::clean, style::Tone, time},
};

/// The certificates of an authority, its own first, and where each was written. Ends in a newline.
pub fn text(certificates: &[Certificate], written: &[PathBuf], style: Style) -> String {
    let lang = style.lang;
    let mut text = String::new();
    for (i, certificate) in certificates.iter().enumerate() {
        text.push_str(&format!("{}\n", style.paint(Tone::Title, clean(&certificate.subject))));
        let root = certificate.is_root();
        text.push_str(&facts(
            &[
                (lang.pick("発行者", "issuer"), (!root).then(|| clean(&certificate.issuer))),
                (lang.pick("シリアル番号", "serial"), Some(certificate.serial.to_string())),
                (
                    lang.pick("有効期間の開始", "valid from"),
                    Some(time::local(&certificate.not_before.to_string(), lang)),
                ),
                (
                    lang.pick("有効期間の終了", "valid until"),
                    Some(time::local(&certificate.not_after.to_string(), lang)),
                ),
                ("SHA-256", Some(certificate.fingerprint())),
                (lang.pick("ファイル", "file"), written.get(i).map(|path| clean(&path.display().to_string()))),
            ],
            style,
        ));
    }
    text
}

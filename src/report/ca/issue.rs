//! `gcnet ca issue`: what was issued. Of the key only the file's name is known here.

use std::path::PathBuf;

use super::facts;
use crate::{
    pki::{Certificate, Name},
    report::{Style, layout::clean, time},
};

/// A certificate that was issued.
pub struct Issued<'a> {
    /// AWS's name for it.
    pub arn: &'a str,
    /// It.
    pub certificate: &'a Certificate,
    /// The private key, where it was made here.
    pub key: Option<PathBuf>,
    /// Certificate and chain.
    pub files: Vec<PathBuf>,
}

/// Ends in a newline.
pub fn text(issued: &Issued<'_>, style: Style) -> String {
    let (lang, certificate) = (style.lang, issued.certificate);
    let path = |path: &PathBuf| clean(&path.display().to_string());
    let names: Vec<String> = certificate.names.iter().map(|name| clean(&in_its_script(name))).collect();
    facts(
        &[
            (lang.pick("シリアル番号", "serial"), Some(certificate.serial.to_string())),
            ("ARN", Some(clean(issued.arn))),
            (lang.pick("主体者", "subject"), Some(clean(&certificate.subject)).filter(|subject| !subject.is_empty())),
            (lang.pick("名前", "names"), Some(names.join("\n")).filter(|names| !names.is_empty())),
            (lang.pick("発行者", "issuer"), Some(clean(&certificate.issuer))),
            (lang.pick("期限", "valid until"), Some(time::local(&certificate.not_after.to_string(), lang))),
            ("SHA-256", Some(certificate.fingerprint())),
            (lang.pick("秘密鍵", "private key"), issued.key.as_ref().map(path)),
            (lang.pick("ファイル", "files"), Some(issued.files.iter().map(path).collect::<Vec<_>>().join("\n"))),
        ],
        style,
    )
}

/// A name in punycode says little to a person.
fn in_its_script(name: &Name) -> String {
    let Name::Dns(ascii) = name else { return name.to_string() };
    match idna::domain_to_unicode(ascii) {
        (unicode, Ok(())) if unicode != *ascii => format!("{ascii} ({unicode})"),
        _ => ascii.clone(),
    }
}

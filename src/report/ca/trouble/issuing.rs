//! Issuing a certificate, and the files that it is kept in.

use std::path::PathBuf;

use gcnet_core::Failure;
use jiff::Timestamp;

use super::{
    super::{called, renewal, state},
    request::request,
    shown,
};
use crate::{
    pki::{RequestFault, name::BadName, terms::TermsFault},
    report::{
        Lang,
        layout::clean,
        message::{
            call,
            told::{Label, Severity, Told},
        },
        time,
    },
};

/// One thing to say.
#[derive(Debug)]
pub enum Issuing {
    /// DER is not for a terminal.
    DerNeedsOut,
    /// Files are never overwritten.
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// Files were to go into what is no folder.
    NotAFolder {
        /// Which.
        path: PathBuf,
    },
    /// The file of a request cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// A request is not sent.
    Request {
        /// The file.
        path: PathBuf,
        /// Why.
        fault: RequestFault,
    },
    /// A name is none.
    Name(BadName),
    /// What is asked for cannot be issued.
    Terms {
        /// `root` or `subordinate`.
        name: String,
        /// Why.
        fault: TermsFault,
        /// What brings the authority in order.
        apply: String,
    },
    /// Nobody knows whether it was issued: key and request are kept.
    Unknown {
        /// What is known.
        failure: Failure,
        /// What asks once more with the same request.
        again: String,
        /// AWS's name for the certificate, where it told.
        arn: Option<String>,
    },
    /// It was issued, and could not be kept here.
    NotWritten {
        /// AWS's name for it.
        arn: String,
        /// Its authority.
        ca: String,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// No list but the audit report will show it.
    Unlisted {
        /// What lists it.
        list: String,
    },
    /// Nobody said for how many days, and its authority ends before the usual ones are over.
    Shortened {
        /// Of the certificate.
        days: u32,
        /// Usually.
        usual: u32,
        /// `root` or `subordinate`.
        name: String,
    },
    /// A server's certificate that names no host.
    NoNames,
}

/// The sentence and what belongs to it.
pub(super) fn told(trouble: &Issuing, lang: Lang) -> Told {
    match trouble {
        Issuing::DerNeedsOut => Told::error(lang.pick(
            "DER は端末に出せません",
            "DER is not for a terminal",
        ))
        .hint(lang.pick("--out でフォルダを指定してください", "name a folder with --out")),
        Issuing::Exists { path } => {
            let path = shown(path);
            Told::error(lang.pick(
                format!("{path} はすでにあります。上書きしません。何も変更していません"),
                format!("{path} is there already and is not overwritten; nothing was changed"),
            ))
            .hint(lang.pick("--out で別のフォルダを指定するか、ファイルを移してください", "name another folder with --out, or move the file away"))
        }
        Issuing::NotAFolder { path } => {
            let path = shown(path);
            Told::error(lang.pick(
                format!("{path} はフォルダではありません。何も変更していません"),
                format!("{path} is no folder; nothing was changed"),
            ))
            .hint(lang.pick("--out にはフォルダを指定してください", "--out takes a folder"))
        }
        Issuing::Unreadable { path, detail } => {
            let (path, detail) = (shown(path), clean(detail));
            Told::error(lang.pick(
                format!("{path} を読めません: {detail}。何も変更していません"),
                format!("cannot read {path}: {detail}; nothing was changed"),
            ))
            .hint(lang.pick("場所と権限を確認してください", "check the path and its permissions"))
        }
        Issuing::Request { path, fault } => request(path, fault, lang),
        Issuing::Name(bad) => {
            let (text, hint) = name(bad, lang);
            Told::error(text).hint(hint)
        }
        Issuing::Terms { name, fault, apply } => terms(name, fault, apply, lang),
        Issuing::Unknown { failure, again, arn } => {
            let (what, again) = (call::what(failure, lang), clean(again));
            let told = Told::error(lang.pick(
                format!("証明書が発行されたかどうか分かりません: {what}"),
                format!("nobody knows whether the certificate was issued: {what}"),
            ));
            let arn = arn.as_deref().map(clean);
            told.with(Label::Detail, arn).hint(lang.pick(
                format!("鍵と CSR は残してあります。5 分以内に `{again}` を実行すれば、二重に発行されることはありません"),
                format!("key and request are kept; within five minutes `{again}` gets the same certificate and makes no second one"),
            ))
            .with(Label::RequestId, call::request_id(Some(failure)))
        }
        Issuing::NotWritten { arn, ca, path, detail } => {
            let (arn, ca, path, detail) = (clean(arn), clean(ca), shown(path), clean(detail));
            Told::error(lang.pick(
                format!("証明書 {arn} は発行されましたが、{path} に書けません: {detail}"),
                format!("the certificate {arn} was issued, but {path} cannot be written: {detail}"),
            ))
            .hint(lang.pick(
                format!("`aws acm-pca get-certificate --certificate-authority-arn {ca} --certificate-arn {arn}` で取り出せます"),
                format!("get it with `aws acm-pca get-certificate --certificate-authority-arn {ca} --certificate-arn {arn}`"),
            ))
        }
        Issuing::Unlisted { list } => Told::new(
            Severity::Note,
            lang.pick(
                format!("発行した証明書を一覧できるのは監査レポートだけです: `{}`", clean(list)),
                format!("nothing lists this certificate but the audit report: `{}`", clean(list)),
            ),
        ),
        Issuing::Shortened { days, usual, name } => Told::new(
            Severity::Note,
            lang.pick(
                format!("{} の期限に合わせ、{usual} 日ではなく {days} 日の証明書にします", called(name, lang)),
                format!("{} ends before {usual} days are over: the certificate is for {days} days", called(name, lang)),
            ),
        )
        .hint(lang.pick(
            format!("CA の証明書を更新すれば長くできます: {}.reissued_since", renewal(name)),
            format!("for more, renew the authority's certificate: {}.reissued_since", renewal(name)),
        )),
        Issuing::NoNames => Told::new(
            Severity::Warning,
            lang.pick(
                "CSR に subjectAltName がありません。ブラウザなどは共通名 (CN) を見ないため、サーバ証明書としては使えません",
                "the request has no subject alternative names: clients look at nothing else, so a server cannot use the certificate",
            ),
        ),
    }
}

pub(super) fn name(bad: &BadName, lang: Lang) -> (String, String) {
    let name = clean(&bad.name);
    let text = lang.pick(
        format!("{name} は証明書に入れられる名前ではありません。何も変更していません"),
        format!("{name} is no name that a certificate can have; nothing was changed"),
    );
    let hint = match bad.needs_punycode {
        true => lang.pick(
            "CSR の中の日本語などの名前は Punycode（xn--…）でなければなりません。--name なら gcnet が変換します",
            "in a request, names in other scripts must be punycode (xn--…); with --name gcnet turns them into it",
        ),
        false => lang.pick(
            "ホスト名（先頭だけは * でもよい）か、IP アドレス（--ip）を指定してください",
            "give the name of a host, whose first label can be *, or an address with --ip",
        ),
    };
    (text, hint.into())
}

fn terms(name: &str, fault: &TermsFault, apply: &str, lang: Lang) -> Told {
    let key = renewal(name);
    let (name, apply) = (called(name, lang), clean(apply));
    let day = |moment: &Timestamp| time::local(&moment.to_string(), lang);
    match fault {
        TermsFault::NotActive { status } => {
            let state = state(status, lang);
            Told::error(lang.pick(
                format!("{name} は証明書を発行できません。状態: {state}。何も変更していません"),
                format!("{name} cannot issue: {state}; nothing was changed"),
            ))
            .hint(lang.pick(format!("`{apply}` が発行できる状態にします"), format!("`{apply}` brings it in order")))
        }
        TermsFault::TooLong { days, limit } => Told::error(lang.pick(
            format!("{name} は短期証明書用です。{days} 日の証明書は発行できません。何も変更していません"),
            format!("{name} is in short-lived mode and issues nothing for {days} days; nothing was changed"),
        ))
        .hint(lang.pick(format!("--days は {limit} まで指定できます"), format!("--days can be {limit} at most"))),
        TermsFault::Outlives { ends, issuer_ends, days } => Told::error(lang.pick(
            format!("証明書の期限（{}）が、{name} の期限（{}）より後になります。何も変更していません", day(ends), day(issuer_ends)),
            format!("the certificate would end on {} and outlive {name}, which ends on {}; nothing was changed", day(ends), day(issuer_ends)),
        ))
        .hint(match days {
            0 => lang.pick(
                format!("先に CA の証明書を更新してください: {key}.reissued_since"),
                format!("renew the authority's certificate first: {key}.reissued_since"),
            ),
            days => lang.pick(
                format!("--days は {days} まで指定できます。それより長くするには CA の証明書を更新してください: {key}.reissued_since"),
                format!("--days can be {days} at most; for more, renew the authority's certificate: {key}.reissued_since"),
            ),
        }),
    }
}

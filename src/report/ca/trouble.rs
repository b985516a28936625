//! What a command about certificate authorities says beside its data: why something was not done, and what to know about
//! what was.

use std::path::{Path, PathBuf};

use gcnet_core::Failure;
use jiff::Timestamp;

use super::{called, state};
use crate::{
    pki::{RequestFault, name::BadName, terms::TermsFault},
    report::{
        Lang,
        layout::clean,
        message::{
            call::{self, Origin},
            told::{Label, Severity, Told},
        },
        time,
    },
};

/// What was being done when AWS refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Issuing a certificate.
    Issue,
    /// Revoking one.
    Revoke,
    /// Restoring an authority.
    Restore,
    /// Having an audit report written.
    Report,
}

/// One thing to say.
#[derive(Debug)]
pub enum Trouble {
    /// The file has no `private_ca`.
    NoBlock {
        /// Key of the municipality.
        municipality: String,
    },
    /// The file has no authority of that name: its hierarchy is root-only.
    NoSuch {
        /// `subordinate`.
        name: String,
    },
    /// The file wishes it, and it is not in AWS.
    NotThere {
        /// `root` or `subordinate`.
        name: String,
        /// A deleted one could be restored.
        restorable: bool,
        /// What builds it.
        apply: String,
        /// What restores it.
        restore: String,
    },
    /// Several live authorities have one name.
    Twins {
        /// `root` or `subordinate`.
        name: String,
        /// All of them.
        arns: Vec<String>,
    },
    /// It has no certificate yet.
    NoCertificate {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's word for its state.
        status: String,
        /// What builds it to the end.
        apply: String,
    },
    /// DER is not for a terminal.
    DerNeedsOut,
    /// Files are never overwritten.
    Exists {
        /// Which.
        path: PathBuf,
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
    /// AWS refused.
    Refused {
        /// What.
        doing: Doing,
        /// The refusal.
        failure: Failure,
        /// Where to, when not to AWS itself.
        endpoint: Option<String>,
        /// With which profile.
        profile: Option<String>,
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
    /// A server's certificate that names no host.
    NoNames,
    /// Private CA writes a report once in thirty minutes.
    TooSoon {
        /// When it can be asked again, RFC 3339; where a report shows it.
        again: Option<String>,
    },
    /// A report in the bucket is younger than that, and is shown.
    OldReport {
        /// When it was written, RFC 3339.
        written: String,
        /// When a new one can be had, RFC 3339.
        again: String,
    },
    /// A report cannot be read.
    BadReport {
        /// Where in the bucket.
        key: String,
        /// What is wrong.
        detail: String,
    },
    /// There is no bucket that a report could be written to.
    NoBucket {
        /// Its name.
        bucket: String,
        /// What makes it.
        apply: String,
    },
    /// A text is no serial number.
    NotASerial {
        /// As it was given.
        text: String,
    },
    /// No authority of the municipality issued it.
    UnknownSerial {
        /// With colons.
        serial: String,
        /// What lists those that it issued.
        list: String,
    },
    /// The root's own certificate.
    RootItself {
        /// With colons.
        serial: String,
    },
    /// What is about to be revoked.
    Revoking {
        /// With colons.
        serial: String,
        /// `CN=…`
        subject: String,
        /// Its names.
        names: Vec<String>,
        /// End of its validity, RFC 3339.
        until: String,
        /// It is an authority's own certificate: all that is below it falls.
        is_authority: bool,
        /// Clients can get to know: by a list, or by asking.
        is_published: bool,
    },
    /// It was revoked.
    Revoked {
        /// With colons.
        serial: String,
        /// Clients can get to know.
        is_published: bool,
    },
    /// It had been revoked before.
    AlreadyRevoked {
        /// With colons.
        serial: String,
    },
    /// Nothing is deleted.
    NothingToRestore {
        /// Key of the municipality.
        municipality: String,
    },
    /// It is in the way of a deleted one.
    Occupied {
        /// `root` or `subordinate`.
        name: String,
        /// The one that lives.
        live: String,
    },
    /// Several deleted ones have one name.
    Choose {
        /// `root` or `subordinate`.
        name: String,
        /// ARN, and until when each can be restored (RFC 3339).
        deleted: Vec<(String, Option<String>)>,
    },
    /// The ARN is none of a deleted one of this municipality.
    NotDeleted {
        /// As it was given.
        arn: String,
    },
    /// What is about to be restored.
    Restoring {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's name for it.
        arn: String,
        /// Until when it can be, RFC 3339.
        until: Option<String>,
        /// US dollars a month, where they are known.
        price: Option<String>,
    },
    /// It was restored.
    Restored {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's word for its state now.
        status: String,
        /// What brings the rest in order.
        apply: String,
    },
    /// Nobody can be asked.
    NeedsYes {
        /// The command.
        command: String,
    },
}

/// The sentence and what belongs to it.
pub(crate) fn told(trouble: &Trouble, lang: Lang) -> Told {
    match trouble {
        Trouble::NoBlock { municipality } => {
            let key = clean(municipality);
            Told::error(lang.pick(
                format!("{key} のファイルに private_ca がありません。何も変更していません"),
                format!("the file of {key} has no private_ca; nothing was changed"),
            ))
            .hint(lang.pick(
                "private_ca を書いて `gcnet apply` を実行してください。ファイルにないものは `gcnet leftovers` が示します",
                "write private_ca and run `gcnet apply`; what no file wants any more is shown by `gcnet leftovers`",
            ))
        }
        Trouble::NoSuch { name } => Told::error(lang.pick(
            format!("ファイルに{}がありません。private_ca.hierarchy は root-only です", called(name, lang)),
            format!("the file has no such authority as {}: its hierarchy is root-only", called(name, lang)),
        ))
        .hint(lang.pick(
            "--which root を指定するか、private_ca.hierarchy を root-and-subordinate にしてください",
            "name --which root, or make private_ca.hierarchy root-and-subordinate",
        )),
        Trouble::NotThere { name, restorable, apply, restore } => not_there(name, *restorable, apply, restore, lang),
        Trouble::Twins { name, arns } => {
            let (name, arns) = (called(name, lang), clean(&arns.join(", ")));
            Told::error(lang.pick(
                format!("{name}が AWS に複数あります: {arns}"),
                format!("{name} is in AWS more than once: {arns}"),
            ))
            .hint(lang.pick(
                "使うものを決め、ほかのものの gcnet: タグを外すか削除してください。gcnet は選びません",
                "decide which is the right one, and take the gcnet: tags off the others or delete them; gcnet never chooses",
            ))
        }
        Trouble::NoCertificate { name, status, apply } => {
            let (name, state, apply) = (called(name, lang), state(status, lang), clean(apply));
            Told::error(lang.pick(
                format!("{name}にまだ証明書がありません。状態: {state}"),
                format!("{name} has no certificate; its state: {state}"),
            ))
            .hint(lang.pick(format!("`{apply}` が続きを行います"), format!("`{apply}` brings it to its end")))
        }
        Trouble::DerNeedsOut => Told::error(lang.pick(
            "DER は端末に出せません",
            "DER is not for a terminal",
        ))
        .hint(lang.pick("--out でフォルダを指定してください", "name a folder with --out")),
        Trouble::Exists { path } => {
            let path = shown(path);
            Told::error(lang.pick(
                format!("{path} はすでにあります。上書きしません。何も変更していません"),
                format!("{path} is there already and is not overwritten; nothing was changed"),
            ))
            .hint(lang.pick("--out で別のフォルダを指定するか、ファイルを移してください", "name another folder with --out, or move the file away"))
        }
        Trouble::Request { path, fault } => request(path, fault, lang),
        Trouble::Name(bad) => {
            let (text, hint) = name(bad, lang);
            Told::error(text).hint(hint)
        }
        Trouble::Terms { name, fault, apply } => terms(name, fault, apply, lang),
        Trouble::Refused { doing, failure, endpoint, profile } => {
            let what = call::what(failure, lang);
            let origin = Origin { profile: profile.as_deref(), endpoint: endpoint.as_deref() };
            let text = match doing {
                Doing::Issue => lang.pick("証明書は発行されませんでした", "no certificate was issued"),
                Doing::Revoke => lang.pick("証明書を失効できませんでした", "the certificate was not revoked"),
                Doing::Restore => lang.pick("CA を復元できませんでした", "the authority was not restored"),
                Doing::Report => lang.pick("監査レポートを作成できませんでした", "there is no audit report"),
            };
            call::explain(Told::error(format!("{text}: {what}")), failure, origin, lang)
                .with(Label::RequestId, call::request_id(Some(failure)))
        }
        Trouble::Unknown { failure, again, arn } => {
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
        Trouble::NotWritten { arn, ca, path, detail } => {
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
        Trouble::Unlisted { list } => Told::new(
            Severity::Note,
            lang.pick(
                format!("発行した証明書を一覧できるのは監査レポートだけです: `{}`", clean(list)),
                format!("nothing lists this certificate but the audit report: `{}`", clean(list)),
            ),
        ),
        Trouble::NoNames => Told::new(
            Severity::Warning,
            lang.pick(
                "CSR に subjectAltName がありません。ブラウザなどは共通名 (CN) を見ないため、サーバ証明書としては使えません",
                "the request has no subject alternative names: clients look at nothing else, so a server cannot use the certificate",
            ),
        ),
        Trouble::TooSoon { again } => {
            let told = Told::error(lang.pick(
                "監査レポートは 30 分に 1 回しか作成できません",
                "Private CA writes an audit report only once in thirty minutes",
            ));
            told.hint(match again.as_deref().map(|again| time::local(again, lang)) {
                Some(again) => lang.pick(format!("{again} 以降にもう一度実行してください"), format!("run it again after {again}")),
                None => lang.pick("30 分後にもう一度実行してください", "run it again in thirty minutes").into(),
            })
        }
        Trouble::OldReport { written, again } => {
            let (written, again) = (time::local(written, lang), time::local(again, lang));
            Told::new(
                Severity::Note,
                lang.pick(
                    format!("{written} のレポートです。その後に発行、失効したものは含まれません。新しいレポートは {again} 以降に作成できます"),
                    format!("this is the report of {written}: what was issued or revoked since is not in it; a new one can be had after {again}"),
                ),
            )
        }
        Trouble::BadReport { key, detail } => {
            let (key, detail) = (clean(key), clean(detail));
            Told::error(lang.pick(
                format!("監査レポート {key} を読めません: {detail}"),
                format!("the audit report {key} cannot be read: {detail}"),
            ))
            .hint(lang.pick("S3 で内容を確認してください", "look at it in S3"))
        }
        Trouble::NoBucket { bucket, apply } => {
            let (bucket, apply) = (clean(bucket), clean(apply));
            Told::error(lang.pick(
                format!("監査レポートを書くバケット {bucket} がありません"),
                format!("the bucket {bucket} for audit reports is not there"),
            ))
            .hint(lang.pick(format!("`{apply}` が作成します"), format!("`{apply}` makes it")))
        }
        Trouble::NotASerial { text } => {
            let text = clean(text);
            Told::error(lang.pick(
                format!("{text} はシリアル番号ではありません。何も変更していません"),
                format!("{text} is no serial number; nothing was changed"),
            ))
            .hint(lang.pick(
                "16 進数で、コロンはあってもなくても構いません: 6f:0a:bc または 6f0abc。証明書の ARN でも指定できます",
                "hexadecimal, with or without colons: 6f:0a:bc or 6f0abc; the certificate's ARN will do as well",
            ))
        }
        Trouble::UnknownSerial { serial, list } => {
            let (serial, list) = (clean(serial), clean(list));
            Told::error(lang.pick(
                format!("シリアル番号 {serial} の証明書は、この自治体の CA が発行したものではありません。何も変更していません"),
                format!("no authority of this municipality issued a certificate {serial} ; nothing was changed"),
            ))
            .hint(lang.pick(format!("発行したものは `{list}` が示します"), format!("`{list}` shows those that were issued")))
        }
        Trouble::RootItself { serial } => {
            let serial = clean(serial);
            Told::error(lang.pick(
                format!("{serial} はルート CA 自身の証明書です。失効できません。何も変更していません"),
                format!("{serial} is the root's own certificate, which cannot be revoked; nothing was changed"),
            ))
            .hint(lang.pick(
                "ルートの鍵が漏れたときは、クライアントの信頼ストアからルート証明書を外し、CA を作り直します",
                "when the root's key is lost, take its certificate out of the clients' trust stores and make a new authority",
            ))
        }
        Trouble::Revoking { serial, subject, names, until, is_authority, is_published } => {
            let (serial, subject, until) = (clean(serial), clean(subject), time::local(until, lang));
            let names = clean(&names.join(", "));
            let names = if names.is_empty() { names } else { lang.pick(format!("（{names}）"), format!(" ({names})")) };
            let text = lang.pick(
                format!("失効する証明書: {serial} {subject}{names}、{until} まで有効。元には戻せません"),
                format!("to be revoked: {serial} {subject}{names}, valid until {until}; it cannot be taken back"),
            );
            let told = Told::new(Severity::Warning, text);
            let told = match is_authority {
                true => told.hint(lang.pick(
                    "下位 CA の証明書です。その CA が発行したものすべてが信頼されなくなります",
                    "this is the certificate of the subordinate authority: nothing that it issued is trusted afterwards",
                )),
                false => told,
            };
            if *is_published { told } else { told.hint(unpublished(lang)) }
        }
        Trouble::Revoked { serial, is_published } => {
            let serial = clean(serial);
            let told = Told::new(
                Severity::Note,
                lang.pick(format!("{serial} を失効しました"), format!("{serial} is revoked")),
            );
            told.hint(match is_published {
                true => lang.pick(
                    "CRL には約 30 分、OCSP には最大 60 分で反映されます",
                    "the revocation list tells in about thirty minutes, OCSP within sixty",
                ),
                false => unpublished(lang),
            })
        }
        Trouble::AlreadyRevoked { serial } => Told::new(
            Severity::Note,
            lang.pick(
                format!("{} はすでに失効しています", clean(serial)),
                format!("{} had been revoked before", clean(serial)),
            ),
        ),
        Trouble::NothingToRestore { municipality } => {
            let key = clean(municipality);
            Told::error(lang.pick(
                format!("{key} に、復元できる削除済みの CA はありません"),
                format!("{key} has no deleted authority that can be restored"),
            ))
            .hint(lang.pick(
                "復元期間が終わると戻せません。`gcnet ca status` で現在のものを確認してください",
                "after its window nothing can bring one back; `gcnet ca status` shows what there is",
            ))
        }
        Trouble::Occupied { name, live } => {
            let (name, live) = (called(name, lang), clean(live));
            Told::error(lang.pick(
                format!("{name}はすでにあります（{live}）。削除済みのものは復元しません。何も変更していません"),
                format!("{name} is there ({live}), so a deleted one is not restored beside it; nothing was changed"),
            ))
            .hint(lang.pick(
                "復元すると同じ名前のものが二つになり、gcnet は先へ進めなくなります。いまのものを先に削除してください",
                "two of one name would stop every plan; delete the one that lives first",
            ))
        }
        Trouble::Choose { name, deleted } => choose(name, deleted, lang),
        Trouble::NotDeleted { arn } => Told::error(lang.pick(
            format!("{} は、この自治体の削除済みの CA ではありません。何も変更していません", clean(arn)),
            format!("{} is no deleted authority of this municipality; nothing was changed", clean(arn)),
        ))
        .hint(lang.pick("`gcnet ca status` で ARN を確認してください", "look for the ARN with `gcnet ca status`")),
        Trouble::Restoring { name, arn, until, price } => restoring(name, arn, until.as_deref(), price.as_deref(), lang),
        Trouble::Restored { name, status, apply } => {
            let (name, state, apply) = (called(name, lang), state(status, lang), clean(apply));
            Told::new(
                Severity::Note,
                lang.pick(format!("{name}を復元しました。状態: {state}"), format!("{name} is restored; its state: {state}")),
            )
            .hint(lang.pick(
                format!("共有や権限は `{apply}` が戻します"),
                format!("`{apply}` brings back its shares and permissions"),
            ))
        }
        Trouble::NeedsYes { command } => Told::error(lang.pick(
            "端末がないため確認できません。何も変更していません",
            "there is no terminal to ask on; nothing was changed",
        ))
        .hint(lang.pick(
            format!("よければ `{} --yes` を実行してください", clean(command)),
            format!("if you mean it, run `{} --yes`", clean(command)),
        )),
    }
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

/// What revocation is worth where nobody is told of it.
fn unpublished(lang: Lang) -> &'static str {
    lang.pick(
        "この CA には CRL も OCSP もないため、失効はクライアントに伝わりません。証明書を使っている所から取り除いてください。残るのは監査レポートの記録だけです",
        "this authority has neither CRL nor OCSP: no client will know. Take the certificate away from where it is used; only audit reports show it as revoked",
    )
}

fn not_there(name: &str, restorable: bool, apply: &str, restore: &str, lang: Lang) -> Told {
    let (name, apply, restore) = (called(name, lang), clean(apply), clean(restore));
    let told = Told::error(lang.pick(format!("{name}が AWS にありません"), format!("{name} is not in AWS")));
    told.hint(match restorable {
        true => lang.pick(
            format!("削除済みのものがあり、まだ復元できます: `{restore}`"),
            format!("a deleted one can still be restored: `{restore}`"),
        ),
        false => lang.pick(format!("`{apply}` が作成します"), format!("`{apply}` makes it")),
    })
}

fn name(bad: &BadName, lang: Lang) -> (String, String) {
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

fn request(path: &Path, fault: &RequestFault, lang: Lang) -> Told {
    let path = shown(path);
    let whole = lang.pick(
        "PEM か DER の PKCS #10 要求を渡してください。例: openssl req -new -key KEY -out FILE",
        "give a PKCS #10 request, PEM or DER; for example: openssl req -new -key KEY -out FILE",
    );
    let anew = lang.pick(
        "RSA 2048 ビット以上、または EC P-256 / P-384 の鍵で、SHA-256 以上の署名の CSR を作り直してください。--name なら gcnet が作ります",
        "make it anew with RSA of 2048 bits or more, or EC P-256 or P-384, signed with SHA-256 or better; with --name gcnet makes it",
    );
    let (ja, en, hint) = match fault {
        RequestFault::NotARequest => ("証明書署名要求 (CSR) として読めません".to_string(), "is no certificate signing request".to_string(), whole),
        RequestFault::PrivateKey => (
            "に秘密鍵が入っています。秘密鍵は送りません".into(),
            "holds a private key, which is never sent".into(),
            lang.pick("CSR だけのファイルを渡してください", "give a file with the request alone"),
        ),
        RequestFault::Other { label } => {
            (format!("は CSR ではなく {} です", clean(label)), format!("is no request but a {}", clean(label)), whole)
        }
        RequestFault::TooLarge { bytes, limit } => (
            format!("が大きすぎます: {bytes} バイト（上限 {limit}）"),
            format!("is too large: {bytes} bytes of {limit}"),
            lang.pick("名前を減らすか、いくつかに分けてください", "ask for fewer names, or make several requests"),
        ),
        RequestFault::Signature => (
            "の署名がその鍵と合いません".into(),
            "is not signed with its own key, or was changed afterwards".into(),
            lang.pick("CSR を作り直すか、もう一度受け取ってください", "make it anew, or have it sent again"),
        ),
        RequestFault::Unsupported { algorithm } => (
            format!("の鍵または署名の方式 {} は検証できません", clean(algorithm)),
            format!("has a key or a signature that cannot be verified here: {}", clean(algorithm)),
            anew,
        ),
        RequestFault::WeakHash { hash } => {
            (format!("は {hash} で署名されています"), format!("is signed with {hash}, which is broken"), anew)
        }
        RequestFault::WeakKey { key } => {
            (format!("の鍵 {} は弱すぎます", clean(key)), format!("has a key that is too weak: {}", clean(key)), anew)
        }
        RequestFault::Name(bad) => {
            let (_, hint) = name(bad, lang);
            let bad = clean(&bad.name);
            return Told::error(lang.pick(
                format!("{path} の名前 {bad} は証明書に入れられません。何も変更していません"),
                format!("{path} names {bad} , which no certificate can have; nothing was changed"),
            ))
            .hint(hint);
        }
        RequestFault::Nameless => (
            "には名前が一つもありません".into(),
            "names nothing at all".into(),
            lang.pick("subjectAltName か主体者を入れて作り直してください", "make it anew with subject alternative names or a subject"),
        ),
    };
    Told::error(lang.pick(format!("{path} {ja}。何も変更していません"), format!("{path} {en}; nothing was changed"))).hint(hint)
}

fn terms(name: &str, fault: &TermsFault, apply: &str, lang: Lang) -> Told {
    let (name, apply) = (called(name, lang), clean(apply));
    let day = |moment: &Timestamp| time::local(&moment.to_string(), lang);
    match fault {
        TermsFault::NotActive { status } => {
            let state = state(status, lang);
            Told::error(lang.pick(
                format!("{name}は証明書を発行できません。状態: {state}。何も変更していません"),
                format!("{name} cannot issue: {state}; nothing was changed"),
            ))
            .hint(lang.pick(format!("`{apply}` が発行できる状態にします"), format!("`{apply}` brings it in order")))
        }
        TermsFault::TooLong { days, limit } => Told::error(lang.pick(
            format!("{name}は短期証明書用です。{days} 日の証明書は発行できません。何も変更していません"),
            format!("{name} is in short-lived mode and issues nothing for {days} days; nothing was changed"),
        ))
        .hint(lang.pick(format!("--days は {limit} まで指定できます"), format!("--days can be {limit} at most"))),
        TermsFault::Outlives { ends, issuer_ends, days } => Told::error(lang.pick(
            format!("証明書の期限（{}）が、{name}の期限（{}）より後になります。何も変更していません", day(ends), day(issuer_ends)),
            format!("the certificate would end on {} and outlive {name}, which ends on {}; nothing was changed", day(ends), day(issuer_ends)),
        ))
        .hint(match days {
            0 => lang.pick(
                "先に CA の証明書を更新してください: private_ca.renewal.reissued_since".to_string(),
                "renew the authority's certificate first: private_ca.renewal.reissued_since".to_string(),
            ),
            days => lang.pick(
                format!("--days は {days} まで指定できます。それより長くするには CA の証明書を更新してください: private_ca.renewal.reissued_since"),
                format!("--days can be {days} at most; for more, renew the authority's certificate: private_ca.renewal.reissued_since"),
            ),
        }),
    }
}

fn choose(name: &str, deleted: &[(String, Option<String>)], lang: Lang) -> Told {
    let name = called(name, lang);
    let one = |(arn, until): &(String, Option<String>)| {
        let until = until.as_deref().map(|until| time::local(until, lang));
        let until = until.map(|until| lang.pick(format!("（{until} まで）"), format!(" (until {until})")));
        format!("{}{}", clean(arn), until.unwrap_or_default())
    };
    let list = deleted.iter().map(one).collect::<Vec<_>>().join(", ");
    Told::error(lang.pick(
        format!("{name}には削除済みのものが複数あります: {list}。何も変更していません"),
        format!("there are several deleted ones of {name}: {list}; nothing was changed"),
    ))
    .hint(lang.pick("--arn で一つを指定してください", "name one of them with --arn"))
}

fn restoring(name: &str, arn: &str, until: Option<&str>, price: Option<&str>, lang: Lang) -> Told {
    let (name, arn) = (called(name, lang), clean(arn));
    let until = until.map(|until| time::local(until, lang));
    let until = until.map(|until| lang.pick(format!("、復元できるのは {until} まで"), format!(", which is possible until {until}")));
    let text = lang.pick(
        format!("{name} {arn} を復元します{}", until.unwrap_or_default()),
        format!("{name} {arn} is to be restored{}", until.unwrap_or_default()),
    );
    Told::new(Severity::Warning, text).hint(match price {
        Some(price) => lang.pick(
            format!("復元すると月額 {price} USD の課金が再開し、削除されていた間の分も課金されます"),
            format!("from then on it costs {price} USD a month again, and AWS also charges for the time in which it was deleted"),
        ),
        None => lang.pick(
            "復元すると課金が再開し、削除されていた間の分も課金されます".to_string(),
            "from then on it is charged for again, also for the time in which it was deleted".to_string(),
        ),
    })
}

//! Requests that are not sent.

use std::path::Path;

use super::{issuing::name, shown};
use crate::{
    pki::RequestFault,
    report::{Lang, layout::clean, message::told::Told},
};

pub(super) fn request(path: &Path, fault: &RequestFault, lang: Lang) -> Told {
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
        RequestFault::NotARequest => (
            "は証明書署名要求 (CSR) として読めません".to_string(),
            "is no certificate signing request".to_string(),
            whole,
        ),
        RequestFault::PrivateKey => (
            "に秘密鍵が入っています。秘密鍵は送りません".into(),
            "holds a private key, which is never sent".into(),
            lang.pick("CSR だけのファイルを渡してください", "give a file with the request alone"),
        ),
        RequestFault::Other { label } => {
            (format!("は CSR ではなく {} です", clean(label)), format!("is no request but a {}", clean(label)), whole)
        }
        RequestFault::Several { count } => (
            format!("に CSR が {count} 個入っています"),
            format!("holds {count} requests"),
            lang.pick("CSR を一つずつのファイルに分けてください", "give a file for each of them"),
        ),
        RequestFault::TooLarge { bytes, limit } => (
            format!("が大きすぎます: {bytes} バイト（上限 {limit}）"),
            format!("is too large: {bytes} bytes of {limit}"),
            lang.pick("名前を減らすか、いくつかに分けてください", "ask for fewer names, or make several requests"),
        ),
        RequestFault::FileTooLarge { limit } => (
            format!("は大きすぎるため読みません（上限 {limit} バイト）"),
            format!("has more than {limit} bytes, and is not read"),
            whole,
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
            lang.pick(
                "subjectAltName か主体者を入れて作り直してください",
                "make it anew with subject alternative names or a subject",
            ),
        ),
    };
    Told::error(lang.pick(format!("{path} {ja}。何も変更していません"), format!("{path} {en}; nothing was changed")))
        .hint(hint)
}

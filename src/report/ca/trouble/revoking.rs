//! Revoking a certificate.

use crate::report::{
    Lang,
    layout::clean,
    message::told::{Severity, Told},
    time,
};

/// One thing to say.
#[derive(Debug)]
pub enum Revoking {
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
    /// None that lives issued it, and a deleted one cannot be asked.
    PerhapsOfADeletedOne {
        /// With colons.
        serial: String,
        /// What restores the deleted one.
        restore: String,
    },
    /// The root's own certificate.
    RootItself {
        /// With colons.
        serial: String,
    },
    /// What is about to be revoked.
    Asked {
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
        /// A list tells.
        has_crl: bool,
        /// A responder tells.
        has_ocsp: bool,
    },
    /// It had been revoked before.
    AlreadyRevoked {
        /// With colons.
        serial: String,
    },
}

/// The sentence and what belongs to it.
pub(super) fn told(trouble: &Revoking, lang: Lang) -> Told {
    match trouble {
        Revoking::NotASerial { text } => {
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
        Revoking::UnknownSerial { serial, list } => {
            let (serial, list) = (clean(serial), clean(list));
            Told::error(lang.pick(
                format!("シリアル番号 {serial} の証明書は、この自治体の CA が発行したものではありません。何も変更していません"),
                format!("no authority of this municipality issued a certificate {serial}; nothing was changed"),
            ))
            .hint(lang.pick(format!("発行したものは `{list}` が示します"), format!("`{list}` shows those that were issued")))
        }
        Revoking::PerhapsOfADeletedOne { serial, restore } => {
            let (serial, restore) = (clean(serial), clean(restore));
            Told::error(lang.pick(
                format!("シリアル番号 {serial} の証明書を発行した有効な CA はありません。削除済みの CA が発行したものかもしれません。何も変更していません"),
                format!("no living authority issued a certificate {serial}; a deleted one may have, and cannot be asked; nothing was changed"),
            ))
            .hint(lang.pick(
                format!("失効するには、先に CA を復元してください: `{restore}`"),
                format!("to revoke it, restore the authority first: `{restore}`"),
            ))
        }
        Revoking::RootItself { serial } => {
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
        Revoking::Asked { serial, subject, names, until, is_authority, is_published } => {
            let (serial, subject, until) = (clean(serial), clean(subject), time::local(until, lang));
            let names = clean(&names.join(", "));
            let names =
                if names.is_empty() { names } else { lang.pick(format!("（{names}）"), format!(" ({names})")) };
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
        Revoking::Revoked { serial, has_crl, has_ocsp } => {
            let serial = clean(serial);
            let told = Told::new(
                Severity::Note,
                lang.pick(format!("{serial} を失効しました"), format!("{serial} is revoked")),
            );
            told.hint(match (has_crl, has_ocsp) {
                (true, true) => lang.pick(
                    "CRL には約 30 分、OCSP には最大 60 分で反映されます",
                    "the revocation list tells in about thirty minutes, OCSP within sixty",
                ),
                (true, false) => {
                    lang.pick("CRL に約 30 分で反映されます", "the revocation list tells in about thirty minutes")
                }
                (false, true) => lang.pick("OCSP に最大 60 分で反映されます", "OCSP tells within sixty minutes"),
                (false, false) => unpublished(lang),
            })
        }
        Revoking::AlreadyRevoked { serial } => Told::new(
            Severity::Note,
            lang.pick(
                format!("{} はすでに失効しています", clean(serial)),
                format!("{} had been revoked before", clean(serial)),
            ),
        ),
    }
}

fn unpublished(lang: Lang) -> &'static str {
    lang.pick(
        "この CA には CRL も OCSP もないため、失効はクライアントに伝わりません。証明書を使っている所から取り除いてください。残るのは監査レポートの記録だけです",
        "this authority has neither CRL nor OCSP: no client will know. Take the certificate away from where it is used; only audit reports show it as revoked",
    )
}

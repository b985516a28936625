//! Audit reports.

use crate::report::{
    Lang,
    layout::clean,
    message::told::{Severity, Told},
    time,
};

/// One thing to say.
#[derive(Debug)]
pub enum Listing {
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
}

/// The sentence and what belongs to it.
pub(super) fn told(trouble: &Listing, lang: Lang) -> Told {
    match trouble {
        Listing::TooSoon { again } => {
            let told = Told::error(lang.pick(
                "監査レポートは 30 分に 1 回しか作成できません",
                "Private CA writes an audit report only once in thirty minutes",
            ));
            told.hint(match again.as_deref().map(|again| time::local(again, lang)) {
                Some(again) => {
                    lang.pick(format!("{again} 以降にもう一度実行してください"), format!("run it again after {again}"))
                }
                None => lang.pick("30 分後にもう一度実行してください", "run it again in thirty minutes").into(),
            })
        }
        Listing::OldReport { written, again } => {
            let (written, again) = (time::local(written, lang), time::local(again, lang));
            Told::new(
                Severity::Note,
                lang.pick(
                    format!("{written} のレポートです。その後に発行、失効したものは含まれません。新しいレポートは {again} 以降に作成できます"),
                    format!("this is the report of {written}: what was issued or revoked since is not in it; a new one can be had after {again}"),
                ),
            )
        }
        Listing::BadReport { key, detail } => {
            let (key, detail) = (clean(key), clean(detail));
            Told::error(lang.pick(
                format!("監査レポート {key} を読めません: {detail}"),
                format!("the audit report {key} cannot be read: {detail}"),
            ))
            .hint(lang.pick("S3 で内容を確認してください", "look at it in S3"))
        }
        Listing::NoBucket { bucket, apply } => {
            let (bucket, apply) = (clean(bucket), clean(apply));
            Told::error(lang.pick(
                format!("監査レポートを書くバケット {bucket} がありません"),
                format!("the bucket {bucket} for audit reports is not there"),
            ))
            .hint(lang.pick(format!("`{apply}` が作成します"), format!("`{apply}` makes it")))
        }
    }
}

//! `gcnet ca status`: each authority, how it stands and what it costs.

use gcnet_aws::ca::{Ca, SharedWith};
use jiff::Timestamp;
use serde::Serialize;

use super::{called, facts, renewal, state};
use crate::report::{
    Lang, Style,
    document::{FORMAT_VERSION, Subject},
    layout::clean,
    plan, price,
    style::Tone,
    time,
};

/// All authorities of a stack, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Key of the municipality.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// The root first, the living before the deleted.
    pub authorities: Vec<Row>,
}

/// One authority, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// `root` or `subordinate`.
    pub name: String,
    /// AWS's name for it.
    pub arn: String,
    /// AWS's word.
    pub status: String,
    /// `C=…, O=…, CN=…`
    pub subject: String,
    /// For example `RSA_4096`.
    pub key_algorithm: String,
    /// For example `SHA512WITHRSA`.
    pub signing_algorithm: String,
    /// `GENERAL_PURPOSE` or `SHORT_LIVED_CERTIFICATE`.
    pub usage_mode: &'static str,
    /// Of its own certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// End of its own certificate, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
    /// Whole days until then; negative when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// Fewer days are left than the file wants to be warned of.
    pub expires_soon: bool,
    /// `none`, `crl`, `ocsp` or `crl+ocsp`.
    pub revocation: &'static str,
    /// End of the days in which it can be restored, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<String>,
    /// Absent where these credentials may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_with: Option<Vec<Receiver>>,
    /// List price in US dollars, where it is known for the Region; nothing is charged for a deleted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_usd: Option<String>,
}

/// Who may issue from it, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Receiver {
    /// 12 digits, or an organisation's ARN.
    pub principal: String,
    /// The company's name in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// RAM's word.
    pub status: String,
}

/// What is known of one authority.
pub struct Known {
    /// It.
    pub ca: Ca,
    /// `None` where these credentials may not see it.
    pub shared_with: Option<Vec<SharedWith>>,
    /// With as many days left, its end is warned of.
    pub warn_days: i64,
}

impl Status {
    /// Of these authorities, by AWS's clock; `name_of` knows what the file calls an account.
    pub fn new(subject: &Subject, known: Vec<Known>, now: Timestamp, name_of: impl Fn(&str) -> Option<String>) -> Self {
        let mut authorities: Vec<Row> = known.into_iter().map(|known| row(known, subject, now, &name_of)).collect();
        authorities
            .sort_by(|a, b| (a.status == "DELETED", &a.name, &a.arn).cmp(&(b.status == "DELETED", &b.name, &b.arn)));
        Status {
            format_version: FORMAT_VERSION,
            municipality: subject.municipality.clone(),
            environment: subject.environment.clone(),
            account: subject.account.clone(),
            region: subject.region.clone(),
            authorities,
        }
    }
}

fn row(known: Known, subject: &Subject, now: Timestamp, name_of: &impl Fn(&str) -> Option<String>) -> Row {
    let Known { ca, shared_with, warn_days } = known;
    let ends = ca.not_after.as_deref().and_then(|moment| moment.parse::<Timestamp>().ok());
    let days_left = ends.map(|ends| (ends.as_second() - now.as_second()).div_euclid(86_400));
    let living = !ca.is_deleted();
    let receivers = shared_with.map(|shared| {
        let receiver = |SharedWith { principal, status }| Receiver { name: name_of(&principal), principal, status };
        shared.into_iter().map(receiver).collect()
    });
    let price = price::authority(ca.short_lived, &subject.region).map(|price| if living { price } else { 0 });
    Row {
        status: ca.status,
        usage_mode: if ca.short_lived { "SHORT_LIVED_CERTIFICATE" } else { "GENERAL_PURPOSE" },
        revocation: match (ca.has_crl, ca.has_ocsp) {
            (false, false) => "none",
            (true, false) => "crl",
            (false, true) => "ocsp",
            (true, true) => "crl+ocsp",
        },
        expires_soon: living && days_left.is_some_and(|days| days <= warn_days),
        days_left,
        monthly_usd: price.map(price::dollars),
        shared_with: receivers.filter(|_| living),
        name: ca.name,
        arn: ca.arn,
        subject: ca.subject,
        key_algorithm: ca.key_algorithm,
        signing_algorithm: ca.signing_algorithm,
        serial: ca.serial,
        not_after: ca.not_after,
        restorable_until: ca.restorable_until,
    }
}

/// For a terminal; `restore` is the command that brings a deleted one back. Ends in a newline.
pub fn text(status: &Status, subject: &Subject, restore: &str, style: Style) -> String {
    let lang = style.lang;
    let mut text = format!("{}\n\n", style.paint(Tone::Title, plan::heading(subject, lang)));
    if status.authorities.is_empty() {
        text.push_str(lang.pick("AWS に CA はまだありません。\n", "No CA of it is in AWS.\n"));
    }
    for (i, row) in status.authorities.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", style.paint(Tone::Title, title(&row.name, lang))));
        let tone = if row.status == "ACTIVE" { Tone::Create } else { Tone::Update };
        let restorable = row.restorable_until.as_deref().filter(|_| row.status == "DELETED");
        let restorable = restorable.map(|until| {
            let until = time::local(until, lang);
            lang.pick(format!("{until}（`{restore}`）"), format!("{until} (`{restore}`)"))
        });
        text.push_str(&facts(
            &[
                (lang.pick("状態", "state"), Some(style.paint(tone, state(&row.status, lang)))),
                (lang.pick("復元できる期限", "restorable until"), restorable),
                ("ARN", Some(clean(&row.arn))),
                (lang.pick("主体者", "subject"), Some(clean(&row.subject))),
                (lang.pick("鍵", "key"), Some(clean(&format!("{} / {}", row.key_algorithm, row.signing_algorithm)))),
                (lang.pick("用途", "mode"), Some(mode(row, lang).into())),
                (lang.pick("証明書の期限", "valid until"), valid(row, style)),
                (lang.pick("失効", "revocation"), Some(revocation(row, lang).into())),
                (lang.pick("共有先", "shared with"), shared(row, lang)),
                (
                    lang.pick("月額の定価", "list price a month"),
                    row.monthly_usd.as_ref().map(|usd| format!("{usd} USD")),
                ),
            ],
            style,
        ));
    }
    text
}

fn title(name: &str, lang: Lang) -> String {
    match name {
        "root" => lang.pick("ルート CA", "root CA").into(),
        _ => match lang {
            Lang::Ja => called(name, lang),
            Lang::En => called(name, lang).trim_start_matches("the ").into(),
        },
    }
}

fn mode(row: &Row, lang: Lang) -> &'static str {
    match row.usage_mode {
        "GENERAL_PURPOSE" => lang.pick("汎用", "general purpose"),
        _ => lang.pick("短期証明書（7 日まで）", "short-lived certificates: seven days at most"),
    }
}

fn valid(row: &Row, style: Style) -> Option<String> {
    let (lang, until) = (style.lang, time::local(row.not_after.as_deref()?, style.lang));
    let Some(days) = row.days_left else { return Some(until) };
    let left = match days {
        ..0 => lang.pick("期限切れ".to_string(), "it is over".to_string()),
        _ => lang.pick(format!("残り {days} 日"), format!("{days} days left")),
    };
    let text = lang.pick(format!("{until}（{left}）"), format!("{until} ({left})"));
    if !row.expires_soon {
        return Some(text);
    }
    let key = renewal(&row.name);
    let warning = lang.pick(format!("更新の時期です: {key}"), format!("time to renew it: {key}"));
    Some(style.paint(Tone::Replace, lang.pick(format!("{text} {warning}"), format!("{text}; {warning}"))))
}

fn revocation(row: &Row, lang: Lang) -> &'static str {
    match row.revocation {
        "none" => lang.pick("なし", "none"),
        "crl" => "CRL",
        "ocsp" => "OCSP",
        _ => "CRL, OCSP",
    }
}

/// A line each: they are copied from here.
fn shared(row: &Row, lang: Lang) -> Option<String> {
    if row.status == "DELETED" {
        return None;
    }
    let Some(receivers) = &row.shared_with else {
        return Some(lang.pick("この認証情報では見えません", "these credentials may not see it").into());
    };
    let line = |receiver: &Receiver| {
        let name = receiver.name.as_deref().map(|name| format!(" {}", clean(name))).unwrap_or_default();
        let pending = match receiver.status.as_str() {
            "ASSOCIATED" => String::new(),
            other => format!(" ({})", clean(other)),
        };
        format!("{}{name}{pending}", clean(&receiver.principal))
    };
    Some(match receivers.is_empty() {
        true => lang.pick("なし", "nobody").into(),
        false => receivers.iter().map(line).collect::<Vec<_>>().join("\n"),
    })
}

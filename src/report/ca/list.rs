//! `gcnet ca list`: what an authority has issued, by its audit report.

use serde::Serialize;

use crate::{
    pki::audit::Issued,
    report::{
        Style,
        document::{FORMAT_VERSION, Subject},
        layout::{self, clean},
        style::Tone,
        time,
    },
};

/// All that a report holds, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listing {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Key of the municipality.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// Of the authority.
    pub authority: String,
    /// When the report was written, RFC 3339: what was issued later is not in it.
    pub reported_at: String,
    /// The latest first.
    pub certificates: Vec<Row>,
}

/// One certificate, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Hexadecimal, with colons.
    pub serial: String,
    /// AWS's name for it.
    pub arn: String,
    /// As the report has it.
    pub subject: String,
    /// Where it stands.
    pub state: State,
    /// Its template's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Account that asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_after: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<String>,
    /// In AWS's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<String>,
}

/// Whether a certificate can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It can.
    Valid,
    /// Its days are over.
    Expired,
    /// Somebody took it back.
    Revoked,
}

impl Listing {
    /// Of a report that was written then.
    pub fn new(subject: &Subject, authority: &str, reported_at: &str, issued: &[Issued], now: jiff::Timestamp) -> Self {
        let row = |one: &Issued| {
            let text = |moment: Option<jiff::Timestamp>| moment.map(|moment| moment.to_string());
            let state = match one {
                _ if one.revoked_at.is_some() => State::Revoked,
                _ if one.not_after.is_some_and(|ends| ends < now) => State::Expired,
                _ => State::Valid,
            };
            Row {
                serial: one.serial.to_string(),
                arn: one.arn.clone(),
                subject: one.subject.clone(),
                state,
                template: one.template.clone(),
                account: one.account.clone(),
                issued_at: text(one.issued_at),
                not_after: text(one.not_after),
                revoked_at: text(one.revoked_at),
                revocation_reason: one.revocation_reason.clone(),
            }
        };
        Listing {
            format_version: FORMAT_VERSION,
            municipality: subject.municipality.clone(),
            environment: subject.environment.clone(),
            authority: authority.into(),
            reported_at: reported_at.into(),
            certificates: issued.iter().map(row).collect(),
        }
    }
}

/// A line each for a terminal. Serial numbers are never shortened: they are copied from here. Ends in a newline.
pub fn text(listing: &Listing, style: Style) -> String {
    let lang = style.lang;
    let when = time::local(&listing.reported_at, lang);
    let title = lang.pick(
        format!("発行済みの証明書（{when} の監査レポート）"),
        format!("issued certificates, by the audit report of {when}"),
    );
    let mut text = format!("{}\n", style.paint(Tone::Title, title));
    if listing.certificates.is_empty() {
        return text + lang.pick("  まだありません。\n", "  None yet.\n");
    }
    let cells = |row: &Row| {
        let state = match row.state {
            State::Valid => lang.pick("有効", "valid"),
            State::Expired => lang.pick("期限切れ", "expired"),
            State::Revoked => lang.pick("失効", "revoked"),
        };
        let until = row.not_after.as_deref().map(|moment| time::local(moment, lang)).unwrap_or("-".into());
        let reason = row.revocation_reason.as_deref().map(|reason| format!(" ({})", clean(reason))).unwrap_or_default();
        [
            state.to_string(),
            clean(&row.serial),
            until,
            clean(row.account.as_deref().unwrap_or("-")),
            format!("{}{reason}", clean(&row.subject)),
        ]
    };
    let heads = [
        lang.pick("状態", "state"),
        lang.pick("シリアル番号", "serial"),
        lang.pick("期限", "valid until"),
        lang.pick("依頼元", "asked for by"),
        lang.pick("主体者", "subject"),
    ];
    let rows: Vec<[String; 5]> =
        std::iter::once(heads.map(String::from)).chain(listing.certificates.iter().map(cells)).collect();
    let columns: Vec<usize> =
        (0..5).map(|i| rows.iter().map(|row| layout::width(&row[i])).max().unwrap_or_default()).collect();
    for (i, row) in rows.iter().enumerate() {
        let padded: Vec<String> = row.iter().zip(&columns).map(|(cell, columns)| layout::pad(cell, *columns)).collect();
        let line = padded.join("  ");
        let line = if i == 0 { style.paint(Tone::Faint, line.trim_end()) } else { line.trim_end().to_string() };
        text.push_str(&format!("  {line}\n"));
    }
    text
}

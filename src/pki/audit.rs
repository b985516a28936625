//! Audit reports: the only list of what an authority has issued (User Guide, "Using audit reports with your private CA").

use jiff::{Timestamp, civil, tz};
use serde::Deserialize;

use super::Serial;

/// One certificate of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Of the authority's certificates this one.
    pub serial: Serial,
    /// AWS's name for it.
    pub arn: String,
    /// As the report has it: `CN=…,O=…`.
    pub subject: String,
    /// The template's name without its ARN: `EndEntityCertificate/V1`.
    pub template: Option<String>,
    /// Account that asked for it, 12 digits.
    pub account: Option<String>,
    /// Not valid earlier.
    pub not_before: Option<Timestamp>,
    /// Not valid later.
    pub not_after: Option<Timestamp>,
    /// When it was issued.
    pub issued_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why: `KEY_COMPROMISE`.
    pub revocation_reason: Option<String>,
}

/// A report cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadReport(String);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    aws_account_id: Option<String>,
    certificate_arn: String,
    serial: String,
    #[serde(default)]
    subject: String,
    not_before: Option<String>,
    not_after: Option<String>,
    issued_at: Option<String>,
    revoked_at: Option<String>,
    revocation_reason: Option<String>,
    template_arn: Option<String>,
}

/// Reads a report in JSON; what was issued last comes first.
///
/// # Errors
/// It is no such report.
pub fn parse(json: &[u8]) -> Result<Vec<Issued>, BadReport> {
    let entries: Vec<Entry> = serde_json::from_slice(json).map_err(|error| BadReport(error.to_string()))?;
    let mut issued: Vec<Issued> = entries.into_iter().map(Issued::try_from).collect::<Result<_, _>>()?;
    issued.sort_by(|a, b| (b.issued_at, &b.serial).cmp(&(a.issued_at, &a.serial)));
    Ok(issued)
}

impl TryFrom<Entry> for Issued {
    type Error = BadReport;

    fn try_from(entry: Entry) -> Result<Self, BadReport> {
        let serial = entry.serial.parse().map_err(|_| BadReport(format!("serial `{}`", entry.serial)))?;
        let template = entry.template_arn.map(|arn| match arn.split_once(":template/") {
            Some((_, name)) => name.to_string(),
            None => arn,
        });
        Ok(Issued {
            serial,
            arn: entry.certificate_arn,
            subject: entry.subject,
            template,
            account: entry.aws_account_id,
            not_before: moment(entry.not_before)?,
            not_after: moment(entry.not_after)?,
            issued_at: moment(entry.issued_at)?,
            revoked_at: moment(entry.revoked_at)?,
            revocation_reason: entry.revocation_reason,
        })
    }
}

/// `2018-02-26T18:39:57+0000`, where RFC 3339 would have a colon or a Z.
fn moment(text: Option<String>) -> Result<Option<Timestamp>, BadReport> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let utc = |text: &str| {
        let civil: civil::DateTime = text.strip_suffix("+0000")?.parse().ok()?;
        tz::Offset::UTC.to_timestamp(civil).ok()
    };
    let read = text.parse::<Timestamp>().ok().or_else(|| utc(&text));
    read.map(Some).ok_or_else(|| BadReport(format!("moment `{text}`")))
}

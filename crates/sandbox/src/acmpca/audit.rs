//! Audit reports: CreateCertificateAuthorityAuditReport, DescribeCertificateAuthorityAuditReport. They are the only list of
//! what an authority has issued.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::authority::{Authority, change, id_of, own, seconds};
use super::errors::{in_progress, not_found, validation};
use super::issue::Issued;
use super::{bucket, certificate, timing};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateCertificateAuthorityAuditReport", create),
    Operation::json_read("DescribeCertificateAuthorityAuditReport", describe),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    bucket: String,
    key: String,
    created: Moment,
    ready: Moment,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    certificate_authority_arn: String,
    #[serde(rename = "S3BucketName")]
    bucket: String,
    audit_report_response_format: String,
}

/// DOC (user guide, "Understand AWS Private CA CA status", the table): not of an expired one. An older guide had it otherwise.
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "CreateCertificateAuthorityAuditReport";
    let Create { certificate_authority_arn: arn, bucket, audit_report_response_format: format } = json_input(input)?;
    if !(3..=63).contains(&bucket.chars().count()) {
        return Err(validation("s3BucketName", bucket, "have length between 3 and 63"));
    }
    let (ending, kind) = match format.as_str() {
        "JSON" => ("json", "application/json"),
        "CSV" => ("csv", "text/csv"),
        other => return Err(validation("auditReportResponseFormat", other, "satisfy enum value set: [JSON, CSV]")),
    };
    let authority = own(ctx, OPERATION, &arn)?;
    authority.require(ctx.now, OPERATION, &["ACTIVE", "DISABLED"])?;
    let recently = ctx.now.minus(Duration::from_secs(timing::BETWEEN_REPORTS));
    if authority.reports.values().any(|report| recently < report.created) {
        return Err(in_progress("An audit report can be made once in 30 minutes."));
    }
    let rows = rows(&arn, authority);
    let text = if ending == "json" {
        Value::Array(rows.into_iter().map(Value::Object).collect()).to_string()
    } else {
        csv(&rows)
    };
    let id = ctx.new_uuid("audit-report");
    // DOC (user guide, "Create an audit report"), as the members of a row.
    let key = format!("audit-report/{}/{id}.{ending}", id_of(&arn));
    bucket::put_report(ctx, &arn, &bucket, &key, &text, kind)?;
    let report = Report { bucket, key: key.clone(), created: ctx.now, ready: ctx.in_seconds(timing::REPORTING) };
    change(ctx, &arn)?.reports.insert(id.clone(), report);
    Ok(json!({ "AuditReportId": id, "S3Key": key }))
}

const COLUMNS: [&str; 10] = [
    "awsAccountId",
    "certificateArn",
    "serial",
    "subject",
    "notBefore",
    "notAfter",
    "issuedAt",
    "revokedAt",
    "revocationReason",
    "templateArn",
];

fn rows(arn: &str, authority: &Authority) -> Vec<Map<String, Value>> {
    authority.issued.iter().map(|(serial, issued)| row(arn, serial, issued)).collect()
}

fn row(arn: &str, serial: &str, issued: &Issued) -> Map<String, Value> {
    let bytes = certificate::unhex(serial).unwrap_or_default();
    let mut row = Map::new();
    let mut put = |name: &str, value: String| row.insert(name.to_owned(), Value::String(value));
    put("awsAccountId", issued.by.clone());
    put("certificateArn", format!("{arn}/certificate/{serial}"));
    put("serial", certificate::colons(&bytes));
    put("subject", issued.subject.clone());
    put("notBefore", time(issued.not_before));
    put("notAfter", time(issued.not_after));
    put("issuedAt", time(issued.issued));
    if let Some(revoked) = &issued.revoked {
        put("revokedAt", time(revoked.at));
        put("revocationReason", revoked.reason.clone());
    }
    put("templateArn", issued.template.clone());
    row
}

/// `2018-02-26T18:39:57+0000`.
fn time(at: Moment) -> String {
    at.to_seconds_string().replace('Z', "+0000")
}

fn csv(rows: &[Map<String, Value>]) -> String {
    let cell = |text: &str| {
        if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let line = |row: &Map<String, Value>| {
        let cells = COLUMNS.map(|column| cell(row.get(column).and_then(Value::as_str).unwrap_or_default()));
        cells.join(",")
    };
    let mut lines = vec![COLUMNS.join(",")];
    lines.extend(rows.iter().map(line));
    lines.join("\n") + "\n"
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Describe {
    certificate_authority_arn: String,
    audit_report_id: String,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { certificate_authority_arn: arn, audit_report_id: id } = json_input(input)?;
    let authority = own(ctx, "DescribeCertificateAuthorityAuditReport", &arn)?;
    let report = authority.reports.get(&id).ok_or_else(|| not_found("audit report", &id))?;
    Ok(json!({
        "AuditReportStatus": if ctx.now < report.ready { "CREATING" } else { "SUCCESS" },
        "S3BucketName": report.bucket,
        "S3Key": report.key,
        "CreatedAt": seconds(report.created),
    }))
}

//! Audit reports: made by Private CA in a bucket, once in thirty minutes (aws-facts 2.3), and read from there.

use aws_sdk_acmpca::types::{AuditReportResponseFormat, AuditReportStatus};
use gcnet_core::{Class, Failure};

use crate::{
    aws::Aws,
    read::{need, rfc3339},
};

/// Largest report that is read, in bytes: a certificate takes some 700 of them, and a municipality has a few thousand.
const LARGEST: usize = 64 << 20;

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// AWS's name for it.
    pub id: String,
    /// Where in the bucket it will be.
    pub key: String,
}

/// A report that is in the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReport {
    /// Where in the bucket.
    pub key: String,
    /// When it was written.
    pub written: String,
}

impl Aws {
    /// Asks for a report in JSON.
    ///
    /// # Errors
    /// `RequestInProgressException` within thirty minutes after the last one.
    pub async fn ask_for_report(&self, ca: &str, bucket: &str) -> Result<Report, Failure> {
        const OPERATION: &str = "acm-pca:CreateCertificateAuthorityAuditReport";
        let call = self.write().acmpca.create_certificate_authority_audit_report().certificate_authority_arn(ca);
        let call = call.s3_bucket_name(bucket).audit_report_response_format(AuditReportResponseFormat::Json);
        let answer = self.call(OPERATION, call.send()).await?;
        let id = need(answer.audit_report_id, OPERATION, "AuditReportId")?;
        Ok(Report { id, key: need(answer.s3_key, OPERATION, "S3Key")? })
    }

    /// When a report was made, once it is written.
    ///
    /// # Errors
    /// [`Class::NotYet`] while it is not; `report-failed` when it never will be.
    pub async fn report_is_written(&self, ca: &str, report: &Report) -> Result<StoredReport, Failure> {
        const OPERATION: &str = "acm-pca:DescribeCertificateAuthorityAuditReport";
        let call = self.read().acmpca.describe_certificate_authority_audit_report().certificate_authority_arn(ca);
        let answer = self.call(OPERATION, call.audit_report_id(&report.id).send()).await?;
        let status = need(answer.audit_report_status, OPERATION, "AuditReportStatus")?;
        let (class, code) = match status {
            AuditReportStatus::Success => {
                let written = need(rfc3339(answer.created_at.as_ref()), OPERATION, "CreatedAt")?;
                return Ok(StoredReport { key: report.key.clone(), written });
            }
            AuditReportStatus::Failed => (Class::Invalid, "report-failed"),
            _ => (Class::NotYet, "not-yet"),
        };
        Err(Failure { class, code: code.into(), ..Failure::internal(OPERATION, status.as_str()) })
    }

    /// The report of an authority that was written last; `None` when there is none.
    ///
    /// # Errors
    /// A read failed; [`Class::NotFound`] when there is no such bucket.
    pub async fn newest_report(&self, ca: &str, bucket: &str) -> Result<Option<StoredReport>, Failure> {
        const OPERATION: &str = "s3:ListBucket";
        let id = ca.rsplit('/').next().unwrap_or_default();
        let call = self.read().s3.list_objects_v2().bucket(bucket).prefix(format!("audit-report/{id}/"));
        let pages = self.pages(OPERATION, call.into_paginator().send()).await?;
        let objects = pages.iter().flat_map(|page| page.contents());
        let reports = objects.filter(|object| object.key().is_some_and(|key| key.ends_with(".json")));
        let newest = reports.max_by_key(|object| object.last_modified().map(|moment| moment.as_nanos()));
        Ok(newest.and_then(|object| {
            Some(StoredReport { key: object.key()?.into(), written: rfc3339(object.last_modified())? })
        }))
    }

    /// The bytes of a report.
    ///
    /// # Errors
    /// A read failed; `too-large`: it has more than 64 MiB, and no more were read.
    pub async fn fetch_report(&self, bucket: &str, key: &str) -> Result<Vec<u8>, Failure> {
        const OPERATION: &str = "s3:GetObject";
        let answer = self.call(OPERATION, self.read().s3.get_object().bucket(bucket).key(key).send()).await?;
        let mut body = answer.body;
        // The answer broke off; nothing was changed, and it can be read again.
        let broken = |error: aws_sdk_s3::primitives::ByteStreamError| Failure {
            class: Class::Unreachable,
            code: "connection-lost".into(),
            ..Failure::internal(OPERATION, error.to_string())
        };
        let mut bytes = vec![];
        while let Some(part) = body.try_next().await.map_err(broken)? {
            bytes.extend_from_slice(&part);
            if bytes.len() > LARGEST {
                let message = format!("{key}: {LARGEST}");
                return Err(Failure { code: "too-large".into(), ..Failure::internal(OPERATION, message) });
            }
        }
        Ok(bytes)
    }
}

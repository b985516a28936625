//! The chain from a key to a certificate: CSR, issue, fetch, import (Private CA user guide, "Installing the CA certificate"). It is
//! gone through as a whole by every try: the token makes AWS answer with the certificate of the try before.

use aws_sdk_acmpca::types::{SigningAlgorithm, Validity, ValidityPeriodType};
use aws_smithy_types::Blob;
use gcnet_core::{Class, Context, Failure, Live, identity};
use jiff::{Span, Timestamp, tz::TimeZone};

use super::CertificateAuthority;
use crate::{aws::Aws, read::need};

/// Signs itself.
const ROOT: &str = "arn:aws:acm-pca:::template/RootCACertificate/V1";
/// Signs end entities and no further authority.
const SUBORDINATE: &str = "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1";

/// What signs: the authority itself, or its parent.
pub(super) struct Issuer {
    arn: String,
    /// That of its key: not the algorithm of the authority that is signed.
    algorithm: SigningAlgorithm,
    /// Seconds since 1970; `None` for what has no certificate yet, a root that signs itself.
    ends: Option<i64>,
    serial: Option<String>,
}

impl CertificateAuthority {
    /// What authorities are signed by, and nothing else is.
    pub const TEMPLATES: [&str; 2] = [ROOT, SUBORDINATE];

    pub(super) async fn sign(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, pca) = (&cx.world, &cx.world.write().acmpca);
        let issuer = self.check(&live.id, cx).await?;
        let csr = csr(aws, &live.id).await?;

        const ISSUE: &str = "acm-pca:IssueCertificate";
        let years = Validity::builder().r#type(ValidityPeriodType::Years).value(i64::from(self.validity_years));
        let years = years.build().map_err(|error| Failure::internal(ISSUE, error.to_string()))?;
        // Not the run's token alone: another certificate of the same authority, or of one of the same kind that takes its place,
        // may be due within the five minutes that AWS remembers it.
        let before = live.spec.expires.as_deref().unwrap_or_default();
        let token = identity::digest(&[&cx.token, &live.id, issuer.serial.as_deref().unwrap_or_default(), before]);
        let call = pca
            .issue_certificate()
            .certificate_authority_arn(&issuer.arn)
            .csr(Blob::new(csr))
            .signing_algorithm(issuer.algorithm)
            .template_arn(if self.parent.is_none() { ROOT } else { SUBORDINATE })
            .validity(years)
            .idempotency_token(token);
        let issued = aws.call(ISSUE, call.send()).await?;
        let issued = need(issued.certificate_arn, ISSUE, "CertificateArn")?;

        const GET: &str = "acm-pca:GetCertificate";
        let call = aws.read().acmpca.get_certificate().certificate_authority_arn(&issuer.arn).certificate_arn(issued);
        let answer = aws.call(GET, call.send()).await?;
        let certificate = Blob::new(need(answer.certificate, GET, "Certificate")?);
        // A root has no chain above it, and AWS refuses one.
        let chain = match self.parent {
            None => None,
            Some(_) => Some(Blob::new(need(answer.certificate_chain, GET, "CertificateChain")?)),
        };
        let call = pca.import_certificate_authority_certificate().certificate_authority_arn(&live.id);
        let call = call.certificate(certificate).set_certificate_chain(chain);
        aws.call("acm-pca:ImportCertificateAuthorityCertificate", call.send()).await.map(drop)
    }

    /// Who signs the authority `id`, which is refused when no signature would do: such an authority would only cost.
    pub(super) async fn check(&self, id: &str, cx: &Context<'_, Aws>) -> Result<Issuer, Failure> {
        let issuer = self.issuer(id, cx).await?;
        self.check_day(&cx.world)?;
        self.check_end(&issuer, &cx.world)?;
        Ok(issuer)
    }

    async fn issuer(&self, id: &str, cx: &Context<'_, Aws>) -> Result<Issuer, Failure> {
        const OPERATION: &str = "acm-pca:DescribeCertificateAuthority";
        let Some(parent) = &self.parent else {
            let algorithm = SigningAlgorithm::from(self.signing_algorithm.as_str());
            return Ok(Issuer { arn: id.into(), algorithm, ends: None, serial: None });
        };
        let arn = cx.id(parent)?;
        let call = cx.world.read().acmpca.describe_certificate_authority().certificate_authority_arn(&arn);
        let seen = cx.world.call(OPERATION, call.send()).await?.certificate_authority;
        let seen = need(seen, OPERATION, "CertificateAuthority")?;
        let made = need(seen.certificate_authority_configuration, OPERATION, "CertificateAuthorityConfiguration")?;
        let ends = need(seen.not_after, OPERATION, "NotAfter")?.secs();
        Ok(Issuer { arn, algorithm: made.signing_algorithm, ends: Some(ends), serial: seen.serial })
    }

    /// AWS would refuse it, in words from which nobody learns what to do (IssueCertificate, Validity).
    fn check_end(&self, issuer: &Issuer, aws: &Aws) -> Result<(), Failure> {
        let end = end(aws.now(), self.validity_years);
        match issuer.ends {
            Some(ends) if end.is_none_or(|end| end > ends) => Err(refusal(aws, "outlives-parent", &issuer.arn)),
            _ => Ok(()),
        }
    }

    /// A certificate that is issued today cannot be from a day to come: without this it would be issued again and again.
    fn check_day(&self, aws: &Aws) -> Result<(), Failure> {
        let today = super::read::today(aws.now());
        match &self.reissued_since {
            Some(day) if *day > today => Err(refusal(aws, "reissue-not-yet", day)),
            _ => Ok(()),
        }
    }
}

/// Years are the calendar's (IssueCertificate, Validity); seconds since 1970. `None`: no date has so many digits.
fn end(now: i64, years: u16) -> Option<i64> {
    let now = Timestamp::from_second(now).ok()?.to_zoned(TimeZone::UTC);
    let years = Span::new().try_years(years).ok()?;
    Some(now.checked_add(years).ok()?.timestamp().as_second())
}

fn refusal(aws: &Aws, code: &str, message: &str) -> Failure {
    let failure = Failure::internal("acm-pca:IssueCertificate", message);
    Failure { class: Class::Invalid, code: code.into(), account: Some(aws.account().into()), ..failure }
}

async fn csr(aws: &Aws, arn: &str) -> Result<String, Failure> {
    const OPERATION: &str = "acm-pca:GetCertificateAuthorityCsr";
    let call = aws.read().acmpca.get_certificate_authority_csr().certificate_authority_arn(arn);
    need(aws.call(OPERATION, call.send()).await?.csr, OPERATION, "Csr")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_the_calendars() {
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        for (now, years, is) in [
            ("2026-12-01T00:00:00Z", 10, "2036-12-01T00:00:00Z"),
            // A leap day more than the average has, and one less.
            ("2027-03-01T00:00:00Z", 1, "2028-03-01T00:00:00Z"),
            ("2028-02-29T12:00:00Z", 1, "2029-02-28T12:00:00Z"),
        ] {
            assert_eq!(end(second(now), years), Some(second(is)), "{now} + {years}");
        }
        assert_eq!(end(second("2026-12-01T00:00:00Z"), u16::MAX), None);
    }
}

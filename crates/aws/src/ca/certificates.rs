//! Certificates: of an authority itself, and those that it issues.

use aws_sdk_acmpca::types::{RevocationReason, SigningAlgorithm, Validity, ValidityPeriodType};
use aws_smithy_types::Blob;
use gcnet_core::{Class, Failure, identity};

use super::Ca;
use crate::{aws::Aws, read::need};

/// A certificate and those above it, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pem {
    /// The certificate.
    pub certificate: String,
    /// Its issuer's first, the root's last; none of a root.
    pub chain: Option<String>,
}

/// What is to be issued.
pub struct Issue<'a> {
    /// In PEM.
    pub csr: &'a str,
    /// The template's name with its version: `EndEntityCertificate/V1`.
    pub template: &'a str,
    /// From now on.
    pub days: u32,
}

impl Issue<'_> {
    /// The same for the same wish: a command that is repeated within five minutes gets the certificate that it made before
    /// (aws-facts 2.3). At most 36 characters.
    fn token(&self, ca: &Ca) -> String {
        let parts = [ca.arn.as_str(), self.csr, self.template, &self.days.to_string()];
        let second: Vec<&str> = parts.into_iter().rev().collect();
        identity::digest(&parts) + &identity::digest(&second)
    }
}

impl Aws {
    /// The certificate of an authority.
    ///
    /// # Errors
    /// It has none yet, or is deleted.
    pub async fn ca_certificate(&self, arn: &str) -> Result<Pem, Failure> {
        const OPERATION: &str = "acm-pca:GetCertificateAuthorityCertificate";
        let call = self.read().acmpca.get_certificate_authority_certificate().certificate_authority_arn(arn);
        let answer = self.call(OPERATION, call.send()).await?;
        let certificate = need(answer.certificate, OPERATION, "Certificate")?;
        Ok(Pem { certificate, chain: answer.certificate_chain.filter(|chain| !chain.is_empty()) })
    }

    /// Asks for a certificate and answers its ARN. It is made a moment later.
    ///
    /// # Errors
    /// What AWS refuses. One of class [`Class::NotYet`] may be sent again: the token makes two of them one.
    pub async fn issue(&self, ca: &Ca, issue: &Issue<'_>) -> Result<String, Failure> {
        const OPERATION: &str = "acm-pca:IssueCertificate";
        let validity = Validity::builder().r#type(ValidityPeriodType::Days).value(i64::from(issue.days)).build();
        let validity = validity.map_err(|error| Failure::internal(OPERATION, error.to_string()))?;
        let call = self.write().acmpca.issue_certificate().certificate_authority_arn(&ca.arn);
        let call = call
            .csr(Blob::new(issue.csr))
            .signing_algorithm(SigningAlgorithm::from(ca.signing_algorithm.as_str()))
            .template_arn(template_arn(&ca.arn, issue.template))
            .validity(validity)
            .idempotency_token(issue.token(ca));
        let answer = self.call(OPERATION, call.send()).await?;
        need(answer.certificate_arn, OPERATION, "CertificateArn")
    }

    /// A certificate that an authority issued, expired and revoked ones included.
    ///
    /// # Errors
    /// [`Class::NotYet`] while it is being made; [`Class::NotFound`] for what this authority never issued.
    pub async fn issued(&self, ca: &str, certificate: &str) -> Result<Pem, Failure> {
        const OPERATION: &str = "acm-pca:GetCertificate";
        let call = self.read().acmpca.get_certificate().certificate_authority_arn(ca).certificate_arn(certificate);
        let answer = self.call(OPERATION, call.send()).await?;
        let certificate = need(answer.certificate, OPERATION, "Certificate")?;
        Ok(Pem { certificate, chain: answer.certificate_chain.filter(|chain| !chain.is_empty()) })
    }

    /// Revokes a certificate for a reason in AWS's words; `false` when it had been revoked before.
    ///
    /// # Errors
    /// What AWS refuses.
    pub async fn revoke(&self, ca: &str, serial: &str, reason: &str) -> Result<bool, Failure> {
        let call = self.write().acmpca.revoke_certificate().certificate_authority_arn(ca);
        let call = call.certificate_serial(serial).revocation_reason(RevocationReason::from(reason));
        match self.call("acm-pca:RevokeCertificate", call.send()).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.class == Class::Already => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

/// Templates belong to AWS and to no account, but to the authority's partition.
fn template_arn(authority: &str, template: &str) -> String {
    let partition = authority.split(':').nth(1).unwrap_or("aws");
    format!("arn:{partition}:acm-pca:::template/{template}")
}

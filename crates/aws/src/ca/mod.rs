//! What people do with certificate authorities and no plan does: look at them, issue, revoke, list, restore.
//!
//! As in a kind, nothing here waits or repeats: what may pass is a [`Failure`] whose class says so, and each write is sent
//! once. Moments are RFC 3339.

mod audit;
mod certificates;

use aws_sdk_acmpca::types::{
    CertificateAuthority, CertificateAuthorityStatus, CertificateAuthorityType, CertificateAuthorityUsageMode,
};
use aws_sdk_ram::types::ResourceShareAssociationStatus;
use gcnet_core::{Failure, Stack};

use crate::{
    aws::Aws,
    read::{need, rfc3339},
    snapshot::authorities::Authority,
};

pub use audit::{Report, StoredReport};
pub use certificates::{Issue, Pem};

/// A certificate authority of ours, live or deleted and still restorable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ca {
    /// AWS's name for it.
    pub arn: String,
    /// Whose it is.
    pub stack: Stack,
    /// `root` or `subordinate`.
    pub name: String,
    /// It signs itself.
    pub is_root: bool,
    /// AWS's word: `ACTIVE`, `PENDING_CERTIFICATE`, `DELETED`.
    pub status: String,
    /// `CN=…, O=…`
    pub subject: String,
    /// For example `EC_prime256v1`.
    pub key_algorithm: String,
    /// For example `SHA256WITHECDSA`: what it signs with.
    pub signing_algorithm: String,
    /// Short-lived mode: seven days at most.
    pub short_lived: bool,
    /// Of its own certificate, as AWS lists it.
    pub serial: Option<String>,
    /// When its own certificate ends.
    pub not_after: Option<String>,
    /// When it was made.
    pub created_at: Option<String>,
    /// Of a deleted one: the end of the days in which it can be restored.
    pub restorable_until: Option<String>,
    /// What is revoked stands in a list that clients may fetch.
    pub has_crl: bool,
    /// Clients may ask whether something is revoked.
    pub has_ocsp: bool,
}

impl Ca {
    /// It is deleted, and nothing of it works until it is restored.
    pub fn is_deleted(&self) -> bool {
        self.status == CertificateAuthorityStatus::Deleted.as_str()
    }
}

/// Another account with which an authority is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedWith {
    /// 12 digits, or the ARN of an organisation.
    pub principal: String,
    /// AWS's word: `ASSOCIATED`.
    pub status: String,
}

impl Aws {
    /// Time by AWS's own clock, in seconds since 1970; by this machine's before AWS has answered anything.
    pub fn clock(&self) -> i64 {
        self.now()
    }

    /// Authorities of every stack of ours in the account and Region, deleted ones included; by stack and name. One list and no
    /// more: whoever may use one authority need not be allowed to look into all others.
    ///
    /// # Errors
    /// A read failed.
    pub async fn cas(&self) -> Result<Vec<Ca>, Failure> {
        let authorities = self.listed_authorities().await?;
        let mut all: Vec<Ca> = authorities.iter().map(read).collect::<Result<_, _>>()?;
        all.sort_by(|a, b| (&a.stack, &a.name, &a.arn).cmp(&(&b.stack, &b.name, &b.arn)));
        Ok(all)
    }

    /// With whom an authority is shared by our shares.
    ///
    /// # Errors
    /// A read failed.
    pub async fn ca_shared_with(&self, arn: &str) -> Result<Vec<SharedWith>, Failure> {
        const OPERATION: &str = "ram:GetResourceShareAssociations";
        let is_over = |status: Option<&ResourceShareAssociationStatus>| {
            use ResourceShareAssociationStatus::{Disassociated, Failed};
            matches!(status, Some(Disassociated | Failed))
        };
        let resources = self.share_resources().await?;
        let holds = |share: Option<&str>| {
            let of_share = resources.iter().filter(|one| one.resource_share_arn() == share && !is_over(one.status()));
            of_share.filter_map(|one| one.associated_entity()).any(|entity| entity == arn)
        };
        let principals = self.share_principals().await?;
        let here = principals.iter().filter(|one| !is_over(one.status()) && holds(one.resource_share_arn()));
        let mut shared: Vec<SharedWith> = here
            .map(|one| {
                let principal = need(one.associated_entity(), OPERATION, "associatedEntity")?.to_string();
                let status = one.status().map_or("", |status| status.as_str()).to_string();
                Ok(SharedWith { principal, status })
            })
            .collect::<Result<_, Failure>>()?;
        shared.sort_by(|a, b| a.principal.cmp(&b.principal));
        Ok(shared)
    }

    /// Brings a deleted authority back; it then has the state that it had before it was deleted, which is never ACTIVE.
    ///
    /// # Errors
    /// It is not deleted, or its days are over.
    pub async fn restore_ca(&self, arn: &str) -> Result<(), Failure> {
        let call = self.write().acmpca.restore_certificate_authority().certificate_authority_arn(arn);
        self.call("acm-pca:RestoreCertificateAuthority", call.send()).await.map(drop)
    }

    /// Lets a disabled authority issue again.
    ///
    /// # Errors
    /// It is in another state.
    pub async fn activate_ca(&self, arn: &str) -> Result<(), Failure> {
        self.set_ca_status(arn, CertificateAuthorityStatus::Active).await
    }

    /// Keeps an active authority from issuing: one that may issue cannot be deleted (DeleteCertificateAuthority).
    pub(crate) async fn disable_ca(&self, arn: &str) -> Result<(), Failure> {
        self.set_ca_status(arn, CertificateAuthorityStatus::Disabled).await
    }

    async fn set_ca_status(&self, arn: &str, status: CertificateAuthorityStatus) -> Result<(), Failure> {
        let call = self.write().acmpca.update_certificate_authority().certificate_authority_arn(arn).status(status);
        self.call("acm-pca:UpdateCertificateAuthority", call.send()).await.map(drop)
    }

    /// AWS's word for the state of an authority, read now.
    ///
    /// # Errors
    /// It does not exist.
    pub async fn ca_status(&self, arn: &str) -> Result<String, Failure> {
        const OPERATION: &str = "acm-pca:DescribeCertificateAuthority";
        let call = self.read().acmpca.describe_certificate_authority().certificate_authority_arn(arn);
        let answer = self.call(OPERATION, call.send()).await?;
        let status = answer.certificate_authority.and_then(|authority| authority.status);
        Ok(need(status, OPERATION, "Status")?.as_str().into())
    }
}

fn read(authority: &Authority) -> Result<Ca, Failure> {
    const OPERATION: &str = "acm-pca:ListCertificateAuthorities";
    let ca = &authority.ca;
    let configuration = need(ca.certificate_authority_configuration(), OPERATION, "CertificateAuthorityConfiguration")?;
    let revocation = ca.revocation_configuration();
    Ok(Ca {
        arn: need(ca.arn(), OPERATION, "Arn")?.into(),
        stack: authority.stack.clone(),
        name: authority.name.clone(),
        is_root: ca.r#type() == Some(&CertificateAuthorityType::Root),
        status: need(ca.status(), OPERATION, "Status")?.as_str().into(),
        subject: subject(ca),
        key_algorithm: configuration.key_algorithm().as_str().into(),
        signing_algorithm: configuration.signing_algorithm().as_str().into(),
        short_lived: ca.usage_mode() == Some(&CertificateAuthorityUsageMode::ShortLivedCertificate),
        serial: ca.serial().map(String::from),
        not_after: rfc3339(ca.not_after()),
        created_at: rfc3339(ca.created_at()),
        restorable_until: rfc3339(ca.restorable_until()),
        has_crl: revocation.and_then(|of| of.crl_configuration()).is_some_and(|crl| crl.enabled()),
        has_ocsp: revocation.and_then(|of| of.ocsp_configuration()).is_some_and(|ocsp| ocsp.enabled()),
    })
}

/// In the order in which certificates have it.
fn subject(ca: &CertificateAuthority) -> String {
    let Some(of) = ca.certificate_authority_configuration().and_then(|of| of.subject()) else { return String::new() };
    let parts = [
        ("C", of.country()),
        ("ST", of.state()),
        ("L", of.locality()),
        ("O", of.organization()),
        ("OU", of.organizational_unit()),
        ("CN", of.common_name()),
    ];
    let parts = parts.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value?)));
    parts.collect::<Vec<_>>().join(", ")
}

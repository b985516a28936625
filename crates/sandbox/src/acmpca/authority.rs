//! A certificate authority: what is known of it, and which state it is in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::access;
use super::audit::Report;
use super::csr_extensions::CsrExtensions;
use super::errors::{denied, internal, invalid_arn, not_found, validation, wrong_state};
use super::issue::Issued;
use super::key::{KeyAlgorithm, PrivateKey, SigningAlgorithm};
use super::permission::Permission;
use super::revocation::Revocation;
use super::subject::Subject;
use super::tags::Tags;
use crate::clock::Moment;
use crate::error::Result;
use crate::service::Ctx;
use crate::store::Table;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Authority {
    pub kind: Kind,
    pub mode: Mode,
    pub key_storage: String,
    pub configuration: Configuration,
    pub revocation: Revocation,
    pub key: PrivateKey,
    /// Its own request, in PEM: the same whenever it is asked for.
    pub csr: String,
    pub created: Moment,
    /// When it has a key and a request.
    pub ready: Moment,
    /// When its status was last changed by somebody.
    pub changed: Moment,
    pub disabled: bool,
    /// Its own certificate.
    pub installed: Option<Installed>,
    /// Until when it can be restored.
    pub deleted_until: Option<Moment>,
    pub tags: Tags,
    /// All that it has issued, by serial number.
    pub issued: Table<Issued>,
    /// How many lists of revoked certificates it has written.
    pub crl_number: u64,
    /// When it has written the last one.
    pub crl_written: Option<Moment>,
    /// Audit reports, by id.
    pub reports: Table<Report>,
    /// What ACM may do.
    pub permission: Option<Permission>,
    /// Who else may use it, as it was given.
    pub policy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    Root,
    Subordinate,
}

/// DOC (CertificateAuthorityUsageMode).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Mode {
    #[default]
    GeneralPurpose,
    ShortLivedCertificate,
}

/// DOC (CertificateAuthorityConfiguration), as answers have it too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Configuration {
    pub key_algorithm: KeyAlgorithm,
    pub signing_algorithm: SigningAlgorithm,
    pub subject: Subject,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csr_extensions: Option<CsrExtensions>,
}

/// The certificate of an authority, as it was imported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Installed {
    /// PEM.
    pub certificate: String,
    /// PEM: what has signed it, up to the root. None of a root.
    pub chain: Option<String>,
    /// As answers have it: `0a:1b`.
    pub serial: String,
    pub not_before: Moment,
    pub not_after: Moment,
}

impl Authority {
    /// FAILED is not simulated: nothing in the sandbox fails to make a key.
    pub fn status(&self, now: Moment) -> &'static str {
        if self.deleted_until.is_some() {
            return "DELETED";
        }
        match &self.installed {
            _ if now < self.ready => "CREATING",
            None => "PENDING_CERTIFICATE",
            // Unverified: that a disabled one expires as well.
            Some(installed) if installed.not_after <= now => "EXPIRED",
            Some(_) if self.disabled => "DISABLED",
            Some(_) => "ACTIVE",
        }
    }

    /// Where its lists of revoked certificates go, if it writes any.
    pub fn list_bucket(&self) -> Option<&str> {
        let crl = &self.revocation.crl_configuration;
        crl.bucket.as_deref().filter(|_| crl.enabled)
    }

    /// Refuses an operation in every state but those named.
    pub fn require(&self, now: Moment, operation: &str, states: &[&str]) -> Result<()> {
        let status = self.status(now);
        if states.contains(&status) { Ok(()) } else { Err(wrong_state(status, operation)) }
    }

    /// DOC (CertificateAuthority). Lists have the same.
    pub fn json(&self, arn: &str, now: Moment) -> Value {
        let status = self.status(now);
        let changed = match (&self.installed, status) {
            (_, "CREATING") => self.created,
            (Some(installed), "EXPIRED") => installed.not_after,
            _ => self.changed,
        };
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| json.insert(name.to_owned(), value);
        put("Arn", json!(arn));
        put("OwnerAccount", json!(owner_of(arn)));
        put("CreatedAt", seconds(self.created));
        put("LastStateChangeAt", seconds(changed));
        put("Type", json!(self.kind));
        put("Status", json!(status));
        put("CertificateAuthorityConfiguration", json!(self.configuration));
        put("RevocationConfiguration", json!(self.revocation));
        put("KeyStorageSecurityStandard", json!(self.key_storage));
        put("UsageMode", json!(self.mode));
        if let Some(installed) = &self.installed {
            put("Serial", json!(installed.serial));
            put("NotBefore", seconds(installed.not_before));
            put("NotAfter", seconds(installed.not_after));
        }
        if let Some(until) = self.deleted_until {
            put("RestorableUntil", seconds(until));
        }
        Value::Object(json)
    }
}

/// As JSON 1.1 writes time.
#[expect(clippy::cast_precision_loss, reason = "exact for the next two hundred thousand years")]
pub(super) fn seconds(at: Moment) -> Value {
    json!(at.as_millis() as f64 / 1000.0)
}

/// The account in an ARN.
pub(super) fn owner_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// The part of an authority's ARN that is its own: `12345678-1234-1234-1234-123456789012`.
pub(super) fn id_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

/// `arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/UUID`; the model has 5 to 200 characters.
pub(super) fn check_arn(ctx: &Ctx<'_>, arn: &str) -> Result<()> {
    if !(5..=200).contains(&arn.len()) || !arn.starts_with("arn:") {
        let pattern = "satisfy regular expression pattern: \
                       arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]*:[\\w+=,.@-]+(/[\\w+=,.@-]+)*";
        return Err(validation("certificateAuthorityArn", arn, pattern));
    }
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", "aws", "acm-pca", region, _, name] if region == ctx.region => {
            let id = name.strip_prefix("certificate-authority/");
            id.filter(|id| !id.is_empty() && !id.contains('/')).map(|_| ()).ok_or_else(|| invalid_arn(arn))
        }
        _ => Err(invalid_arn(arn)),
    }
}

/// An authority of the caller's own: nobody else may do this `operation`, whatever is shared.
pub(super) fn own<'a>(ctx: &'a Ctx<'_>, operation: &str, arn: &str) -> Result<&'a Authority> {
    check_arn(ctx, arn)?;
    if owner_of(arn) != ctx.caller.account {
        return Err(denied(ctx, operation, arn));
    }
    super::pca(ctx).authorities.get(arn).ok_or_else(|| not_found("certificate authority", arn))
}

/// An authority that the caller may do this `operation` with: its own, or one that is shared with it.
pub(super) fn reachable<'a>(ctx: &'a Ctx<'_>, operation: &str, arn: &str) -> Result<&'a Authority> {
    reachable_for(ctx, operation, arn, None)
}

/// The same for a certificate by a template, which its ARN names.
pub(super) fn reachable_for<'a>(
    ctx: &'a Ctx<'_>,
    operation: &str,
    arn: &str,
    template: Option<&str>,
) -> Result<&'a Authority> {
    check_arn(ctx, arn)?;
    let owner = owner_of(arn);
    if owner != ctx.caller.account && !access::allows(ctx, arn, operation, template) {
        return Err(denied(ctx, operation, arn));
    }
    let authorities = &ctx.state.regional(owner, ctx.region).acmpca.authorities;
    authorities.get(arn).ok_or_else(|| not_found("certificate authority", arn))
}

/// To change what [`own`] or [`reachable`] has found.
pub(super) fn change<'a>(ctx: &'a mut Ctx<'_>, arn: &str) -> Result<&'a mut Authority> {
    let regional = ctx.state.regional_mut(owner_of(arn), ctx.region);
    regional.acmpca.authorities.get_mut(arn).ok_or_else(internal)
}

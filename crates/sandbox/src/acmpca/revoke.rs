//! RevokeCertificate.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::authority::{change, reachable};
use super::errors::{in_progress, internal, invalid_request, not_found, validation};
use super::{certificate, crl};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[Operation::json_write("RevokeCertificate", revoke)];

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revoked {
    pub at: Moment,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Revoke {
    certificate_authority_arn: String,
    certificate_serial: String,
    revocation_reason: String,
}

/// DOC (user guide, "Understand AWS Private CA CA status", the table): a disabled authority revokes, an expired one does not.
fn revoke(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "RevokeCertificate";
    let Revoke { certificate_authority_arn: arn, certificate_serial, revocation_reason: reason } = json_input(input)?;
    if !crl::is_reason(&reason) {
        let must = format!("satisfy enum value set: [{}]", crl::reasons());
        return Err(validation("revocationReason", reason, &must));
    }
    if certificate_serial.chars().count() > 128 {
        return Err(validation("certificateSerial", certificate_serial, "have length less than or equal to 128"));
    }
    let authority = reachable(ctx, OPERATION, &arn)?;
    authority.require(ctx.now, OPERATION, &["ACTIVE", "DISABLED"])?;
    // DOC (CertificateSerial): "must be in hexadecimal format", with colons as openssl shows it or without.
    let serial = certificate::unhex(&certificate_serial.replace(':', ""));
    let serial = serial.filter(|bytes| !bytes.is_empty());
    let serial = serial.ok_or_else(|| invalid_request("The certificate serial is not in hexadecimal format."))?;
    let serial = certificate::hex(&serial);
    let issued = authority.issued.get(&serial).ok_or_else(|| not_found("certificate with the serial", &serial))?;
    if issued.is_self_signed() {
        // DOC: "You cannot revoke a root CA self-signed certificate."
        return Err(invalid_request("A self-signed certificate cannot be revoked."));
    }
    if ctx.now < issued.ready {
        return Err(in_progress("The request to issue the certificate is in progress."));
    }
    if issued.revoked.is_some() {
        let message = format!("The certificate with the serial {serial} is revoked already.");
        return Err(AwsError::new("RequestAlreadyProcessedException", message));
    }
    let at = ctx.now;
    let issued = change(ctx, &arn)?.issued.get_mut(&serial).ok_or_else(internal)?;
    issued.revoked = Some(Revoked { at, reason });
    crl::publish(ctx, &arn)?;
    Ok(json!({}))
}

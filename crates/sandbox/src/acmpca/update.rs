//! UpdateCertificateAuthority: status and revocation are all that can be changed.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::{change, own};
use super::errors::{invalid_args, validation};
use super::{bucket, crl, revocation};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[Operation::json_write("UpdateCertificateAuthority", update)];

/// DOC (CertificateAuthorityStatus).
const STATUSES: &[&str] = &["CREATING", "PENDING_CERTIFICATE", "ACTIVE", "DELETED", "DISABLED", "EXPIRED", "FAILED"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Update {
    certificate_authority_arn: String,
    revocation_configuration: Option<revocation::Wanted>,
    status: Option<String>,
}

/// DOC: "Your private CA must be in the ACTIVE or DISABLED state before you can update it."
fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Update { certificate_authority_arn: arn, revocation_configuration, status } = json_input(input)?;
    let disabled = match status.as_deref() {
        None => None,
        Some("ACTIVE") => Some(false),
        Some("DISABLED") => Some(true),
        Some(other) if STATUSES.contains(&other) => {
            return Err(invalid_args(format!("The status cannot be set to {other}.")));
        }
        Some(other) => {
            let must = format!("satisfy enum value set: [{}]", STATUSES.join(", "));
            return Err(validation("status", other, &must));
        }
    };
    let authority = own(ctx, "UpdateCertificateAuthority", &arn)?;
    authority.require(ctx.now, "UpdateCertificateAuthority", &["ACTIVE", "DISABLED"])?;
    if disabled.is_none() && revocation_configuration.is_none() {
        // Unverified.
        return Err(invalid_args("Neither a status nor a revocation configuration is given."));
    }
    let revocation = match revocation_configuration {
        Some(wanted) => Some(wanted.applied_to(&authority.revocation)?),
        None => None,
    };
    if let Some(revocation) = &revocation {
        bucket::check_crl(ctx, &arn, &revocation.crl_configuration)?;
    }
    let now = ctx.now;
    let authority = change(ctx, &arn)?;
    if let Some(disabled) = disabled {
        authority.disabled = disabled;
    }
    authority.changed = now;
    if let Some(revocation) = revocation {
        authority.revocation = revocation;
        crl::publish(ctx, &arn)?;
    }
    Ok(json!({}))
}

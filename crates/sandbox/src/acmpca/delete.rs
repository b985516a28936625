//! DeleteCertificateAuthority and RestoreCertificateAuthority.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::{change, own};
use super::errors::validation;
use super::read::One;
use super::{pca_mut, timing};
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::ram;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("DeleteCertificateAuthority", delete),
    Operation::json_write("RestoreCertificateAuthority", restore),
];

/// DOC (PermanentDeletionTimeInDays): "7 to 30 days", 30 by default.
const DEFAULT_DAYS: u64 = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Delete {
    certificate_authority_arn: String,
    permanent_deletion_time_in_days: Option<u64>,
}

/// DOC: in PENDING_CERTIFICATE, CREATING, EXPIRED, DISABLED; "to delete a CA in the ACTIVE state, you must first disable
/// it". One that is CREATING "has no assigned restoration period and cannot be restored": it is gone at once (unverified:
/// that no list has it any more).
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { certificate_authority_arn: arn, permanent_deletion_time_in_days: days } = json_input(input)?;
    let days = days.unwrap_or(DEFAULT_DAYS);
    if !(7..=30).contains(&days) {
        return Err(validation("permanentDeletionTimeInDays", days, "have value between 7 and 30"));
    }
    let authority = own(ctx, "DeleteCertificateAuthority", &arn)?;
    let states = &["CREATING", "PENDING_CERTIFICATE", "DISABLED", "EXPIRED"];
    authority.require(ctx.now, "DeleteCertificateAuthority", states)?;
    // Aws-facts section 2.3 "Delete": "Remove RAM shares first". Unverified: that AWS refuses.
    if ram::shares(ctx.state, &ctx.caller.account, ctx.region, &arn, ctx.now) {
        let message = "The certificate authority is in a resource share.";
        return Err(AwsError::new("InvalidStateException", message));
    }
    if authority.status(ctx.now) == "CREATING" {
        pca_mut(ctx).authorities.remove(&arn);
        return Ok(json!({}));
    }
    let (now, until) = (ctx.now, ctx.in_seconds(days * timing::DAY));
    let authority = change(ctx, &arn)?;
    authority.deleted_until = Some(until);
    authority.changed = now;
    Ok(json!({}))
}

/// DOC: "The status of a restored CA is set to its pre-deletion status".
fn restore(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { certificate_authority_arn: arn } = json_input(input)?;
    own(ctx, "RestoreCertificateAuthority", &arn)?.require(ctx.now, "RestoreCertificateAuthority", &["DELETED"])?;
    let now = ctx.now;
    let authority = change(ctx, &arn)?;
    authority.deleted_until = None;
    authority.changed = now;
    Ok(json!({}))
}

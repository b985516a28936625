//! Retention and encryption of log groups: PutRetentionPolicy, DeleteRetentionPolicy, AssociateKmsKey,
//! DisassociateKmsKey.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::check_name;
use super::{invalid, logs_mut};
use crate::account::is_account_id;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("PutRetentionPolicy", put_retention),
    Operation::json_write("DeleteRetentionPolicy", delete_retention),
    Operation::json_write("AssociateKmsKey", associate_key),
    Operation::json_write("DisassociateKmsKey", disassociate_key),
];

/// DOC (PutRetentionPolicy, "retentionInDays: Possible values").
static RETENTION_DAYS: &[i64] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PutRetention {
    log_group_name: String,
    retention_in_days: i64,
}

fn put_retention(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let PutRetention { log_group_name: name, retention_in_days: days } = json_input(input)?;
    check_name(&name)?;
    if !RETENTION_DAYS.contains(&days) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must \
             satisfy enum value set: {RETENTION_DAYS:?}"
        )));
    }
    logs_mut(ctx).group_mut(&name)?.retention_days = Some(days);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OneGroup {
    log_group_name: String,
}

fn delete_retention(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let OneGroup { log_group_name: name } = json_input(input)?;
    check_name(&name)?;
    logs_mut(ctx).group_mut(&name)?.retention_days = None;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AssociateKey {
    log_group_name: String,
    kms_key_id: String,
}

fn associate_key(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let AssociateKey { log_group_name: name, kms_key_id: key } = json_input(input)?;
    check_name(&name)?;
    check_key(ctx, &key)?;
    logs_mut(ctx).group_mut(&name)?.kms_key = Some(key);
    Ok(json!({}))
}

fn disassociate_key(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let OneGroup { log_group_name: name } = json_input(input)?;
    check_name(&name)?;
    logs_mut(ctx).group_mut(&name)?.kms_key = None;
    Ok(json!({}))
}

/// A key of this Region, by ARN: `arn:aws:kms:REGION:ACCOUNT:key/ID` (DOC: AssociateKmsKey). KMS itself is not simulated.
pub(super) fn check_key(ctx: &Ctx<'_>, arn: &str) -> Result<()> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let id = match fields[..] {
        ["arn", "aws", "kms", region, account, key] if region == ctx.region && is_account_id(account) => {
            key.strip_prefix("key/")
        }
        _ => None,
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if arn.len() <= 256 && id.is_some_and(|id| !id.is_empty() && id.chars().all(allowed)) {
        return Ok(());
    }
    Err(invalid(format!("The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'")))
}

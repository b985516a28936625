//! What ACM may do with an authority to renew certificates: CreatePermission, DeletePermission, ListPermissions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::authority::{change, own, owner_of, reachable, seconds};
use super::errors::{not_found, refused, validation};
use super::page::Page;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreatePermission", create),
    Operation::json_write("DeletePermission", delete),
    Operation::json_read("ListPermissions", list),
];

/// DOC (Permission): "At this time, the only valid principal".
const ACM: &str = "acm.amazonaws.com";

/// DOC (CreatePermission, Actions); ACM renews with all of them only (user guide, "Assign certificate renewal permissions to
/// ACM").
const ACTIONS: [&str; 3] = ["IssueCertificate", "GetCertificate", "ListPermissions"];

/// Unverified: which states refuse these. Terraform's acceptance tests give permissions on an authority that waits for its
/// certificate.
const STATES: &[&str] = &["PENDING_CERTIFICATE", "ACTIVE", "DISABLED", "EXPIRED"];

/// A permission of ACM's, for the account of the authority: there can be one only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Permission {
    created: Moment,
    /// As they were given.
    actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    certificate_authority_arn: String,
    principal: String,
    source_account: Option<String>,
    actions: Vec<String>,
}

/// DOC: for "ACM certificates that reside in the same Amazon Web Services account as the CA". Unverified: the codes of what
/// is refused.
fn check(arn: &str, principal: &str, source_account: Option<&str>) -> Result<()> {
    if principal != ACM {
        return Err(validation("principal", principal, "be acm.amazonaws.com"));
    }
    match source_account {
        Some(account) if account != owner_of(arn) => {
            Err(refused("The source account is not that of the certificate authority."))
        }
        _ => Ok(()),
    }
}

/// Stricter than the model, which takes any of the actions: fewer than all are of no use.
fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { certificate_authority_arn: arn, principal, source_account, actions } = json_input(input)?;
    let authority = own(ctx, "CreatePermission", &arn)?;
    authority.require(ctx.now, "CreatePermission", STATES)?;
    check(&arn, &principal, source_account.as_deref())?;
    let given: BTreeSet<&str> = actions.iter().map(String::as_str).collect();
    if actions.len() != ACTIONS.len() || given != BTreeSet::from(ACTIONS) {
        let must = format!("be all of [{}]", ACTIONS.join(", "));
        return Err(validation("actions", actions.join(", "), &must));
    }
    if authority.permission.is_some() {
        let message = "The designated permission has already been given to the user.";
        return Err(AwsError::new("PermissionAlreadyExistsException", message));
    }
    let permission = Permission { created: ctx.now, actions };
    change(ctx, &arn)?.permission = Some(permission);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Delete {
    certificate_authority_arn: String,
    principal: String,
    source_account: Option<String>,
}

fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { certificate_authority_arn: arn, principal, source_account } = json_input(input)?;
    let authority = own(ctx, "DeletePermission", &arn)?;
    authority.require(ctx.now, "DeletePermission", STATES)?;
    check(&arn, &principal, source_account.as_deref())?;
    if authority.permission.is_none() {
        return Err(not_found("permission of", &principal));
    }
    change(ctx, &arn)?.permission = None;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    certificate_authority_arn: String,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { certificate_authority_arn: arn, max_results, next_token } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref(), 1000)?;
    let authority = reachable(ctx, "ListPermissions", &arn)?;
    authority.require(ctx.now, "ListPermissions", STATES)?;
    let row = |permission: &Permission| {
        let row = json!({
            "CertificateAuthorityArn": arn,
            "CreatedAt": seconds(permission.created),
            "Principal": ACM,
            "SourceAccount": owner_of(&arn),
            "Actions": permission.actions,
        });
        (ACM.to_owned(), row)
    };
    Ok(page.answer("Permissions", authority.permission.iter().map(row).collect()))
}

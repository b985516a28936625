//! DescribeCertificateAuthority, ListCertificateAuthorities, GetCertificateAuthorityCsr,
//! GetCertificateAuthorityCertificate.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::{own, reachable};
use super::errors::{in_progress, validation, wrong_state};
use super::page::Page;
use super::tags::NOT_DELETED;
use super::{access, pca};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_read("DescribeCertificateAuthority", describe),
    Operation::json_read("ListCertificateAuthorities", list),
    Operation::json_read("GetCertificateAuthorityCsr", get_csr),
    Operation::json_read("GetCertificateAuthorityCertificate", get_certificate),
];

/// Aws-facts section 2.3: "<=100 per page in practice".
const PAGE: usize = 100;

/// What most operations name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct One {
    pub certificate_authority_arn: String,
}

/// In every state.
fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { certificate_authority_arn: arn } = json_input(input)?;
    let authority = reachable(ctx, "DescribeCertificateAuthority", &arn)?;
    Ok(json!({ "CertificateAuthority": authority.json(&arn, ctx.now) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    resource_owner: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// Those that are deleted and can be restored are in it, without tags (aws-facts section 2.3 "Read").
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let List { resource_owner, max_results, next_token } = json_input(input)?;
    let page = Page::read(max_results, next_token.as_deref(), PAGE)?;
    let rows = match resource_owner.as_deref() {
        None | Some("SELF") => {
            pca(ctx).authorities.iter().map(|(arn, it)| (arn.clone(), it.json(arn, ctx.now))).collect()
        }
        Some("OTHER_ACCOUNTS") => {
            let shared = access::shared(ctx).into_iter();
            shared
                .map(|(arn, it)| {
                    let row = it.json(&arn, ctx.now);
                    (arn, row)
                })
                .collect()
        }
        Some(other) => {
            return Err(validation("resourceOwner", other, "satisfy enum value set: [SELF, OTHER_ACCOUNTS]"));
        }
    };
    Ok(page.answer("CertificateAuthorities", rows))
}

fn get_csr(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "GetCertificateAuthorityCsr";
    let One { certificate_authority_arn: arn } = json_input(input)?;
    let authority = own(ctx, OPERATION, &arn)?;
    authority.require(ctx.now, OPERATION, NOT_DELETED)?;
    if authority.status(ctx.now) == "CREATING" {
        return Err(in_progress("The request to create the certificate authority is in progress."));
    }
    Ok(json!({ "Csr": authority.csr }))
}

/// As long as there is one: what expired is still shown.
fn get_certificate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "GetCertificateAuthorityCertificate";
    let One { certificate_authority_arn: arn } = json_input(input)?;
    let authority = reachable(ctx, OPERATION, &arn)?;
    authority.require(ctx.now, OPERATION, &["ACTIVE", "DISABLED", "EXPIRED"])?;
    let missing = || wrong_state(authority.status(ctx.now), OPERATION);
    let installed = authority.installed.as_ref().ok_or_else(missing)?;
    let mut answer = json!({ "Certificate": installed.certificate });
    if let Some(chain) = &installed.chain {
        answer["CertificateChain"] = json!(chain);
    }
    Ok(answer)
}

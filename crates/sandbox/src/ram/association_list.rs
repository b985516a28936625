//! GetResourceShareAssociations: of the caller's own shares.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::errors::invalid;
use super::page::Page;
use super::share_list::{check_arns, visible};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] =
    &[Operation::rest_read("GetResourceShareAssociations", "POST", "/getresourceshareassociations", list)];

const STATUSES: &[&str] =
    &["ASSOCIATING", "ASSOCIATED", "FAILED", "DISASSOCIATING", "DISASSOCIATED", "SUSPENDED", "SUSPENDING", "RESTORING"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    association_type: String,
    #[serde(default)]
    resource_share_arns: Vec<String>,
    resource_arn: Option<String>,
    principal: Option<String>,
    association_status: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: List = json_input(input)?;
    let page = Page::read(wish.max_results, wish.next_token.as_deref())?;
    // DOC: resourceArn "can't be specified if the association type is PRINCIPAL", and the other way round.
    let (kind, entity) = match (wish.association_type.as_str(), wish.resource_arn, wish.principal) {
        ("RESOURCE", entity, None) => ("RESOURCE", entity),
        ("PRINCIPAL", None, entity) => ("PRINCIPAL", entity),
        ("RESOURCE" | "PRINCIPAL", ..) => {
            return Err(invalid("resourceArn goes with RESOURCE only, principal with PRINCIPAL only."));
        }
        (other, ..) => return Err(invalid(format!("associationType {other} is neither RESOURCE nor PRINCIPAL."))),
    };
    if let Some(status) = wish.association_status.as_ref().filter(|status| !STATUSES.contains(&status.as_str())) {
        return Err(invalid(format!("associationStatus {status} is not a status.")));
    }
    let ctx = &*ctx;
    let shares = visible(ctx, "SELF")?;
    check_arns(&wish.resource_share_arns, &shares)?;
    let mut rows = BTreeMap::new();
    for (arn, share) in shares {
        if !wish.resource_share_arns.is_empty() && !wish.resource_share_arns.iter().any(|wanted| wanted == arn) {
            continue;
        }
        let all = if kind == "RESOURCE" { &share.resources } else { &share.principals };
        for (it, association) in all {
            let passes = entity.as_ref().is_none_or(|entity| entity == it)
                && wish.association_status.as_ref().is_none_or(|status| status == association.status(ctx.now));
            if passes {
                rows.insert(format!("{arn} {it}"), association.json(arn, share, kind, it, ctx.now));
            }
        }
    }
    Ok(page.answer("resourceShareAssociations", rows))
}

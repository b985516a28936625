//! VPCs whose queries are logged: AssociateResolverQueryLogConfig, DisassociateResolverQueryLogConfig,
//! GetResolverQueryLogConfigAssociation, ListResolverQueryLogConfigAssociations. A VPC may have several configurations.

use serde::Deserialize;
use serde_json::{Value, json};

use super::association::{Association, Stage, check_vpc};
use super::errors::{exists, limit, missing, unavailable};
use super::filter;
use super::shared::{QUERY_LOGS, Seen};
use super::{query_log, resolver, resolver_mut, timing};
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("AssociateResolverQueryLogConfig", associate),
    Operation::json_write("DisassociateResolverQueryLogConfig", disassociate),
    Operation::json_read("GetResolverQueryLogConfigAssociation", get),
    Operation::json_read("ListResolverQueryLogConfigAssociations", list),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Change {
    resolver_query_log_config_id: String,
    #[serde(rename = "ResourceId")]
    vpc: String,
}

/// A configuration of the caller's or one that is shared with it, and a VPC of the caller's.
fn associate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Change { resolver_query_log_config_id: id, vpc } = json_input(input)?;
    let Seen { owner, it } = query_log::find(ctx, &id)?;
    if let status @ ("CREATING" | "DELETING") = it.status(ctx, &owner) {
        return Err(unavailable(format!("The query logging configuration is in the status {status}.")));
    }
    check_vpc(ctx, &vpc)?;
    let associations = &resolver(ctx).query_log_associations;
    if associations.values().any(|it| it.of == id && it.vpc == vpc) {
        return Err(exists(format!("The VPC '{vpc}' is already associated with the configuration '{id}'.")));
    }
    if associations.len() >= ctx.quotas.query_log_associations {
        return Err(limit(ctx, "max-query-log-config-associations"));
    }
    let association = Association {
        of: id,
        owner,
        vpc,
        name: None,
        created: ctx.now,
        complete_at: ctx.in_seconds(timing::ASSOCIATING),
        ends_at: None,
    };
    let id = ctx.new_id("rqlca");
    Ok(keep(ctx, id, association))
}

/// Of a VPC of the caller's: its account may end it, whoever has made the configuration (DOC).
fn disassociate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Change { resolver_query_log_config_id: id, vpc } = json_input(input)?;
    let mut found = resolver(ctx).query_log_associations.iter();
    let found = found.find(|(_, it)| it.of == id && it.vpc == vpc);
    let (id, association) = found.ok_or_else(|| {
        let message = format!("The VPC '{vpc}' is not associated with the configuration '{id}'.");
        AwsError::new("ResourceNotFoundException", message)
    })?;
    association.must_be_complete(ctx.now)?;
    let ends_at = Some(ctx.in_seconds(timing::DISASSOCIATING));
    let (id, association) = (id.clone(), Association { ends_at, ..association.clone() });
    Ok(keep(ctx, id, association))
}

fn keep(ctx: &mut Ctx<'_>, id: String, association: Association) -> Value {
    let answer = json!({ "ResolverQueryLogConfigAssociation": json(ctx, &id, &association) });
    resolver_mut(ctx).query_log_associations.insert(id, association);
    answer
}

fn json(ctx: &Ctx<'_>, id: &str, association: &Association) -> Value {
    let arrives = || {
        let query_log = QUERY_LOGS.find(ctx, &association.of);
        query_log.is_some_and(|Seen { owner, it }| it.arrives(ctx.state, &owner, ctx.region))
    };
    // DOC (Error): the cause where the status is FAILED.
    let (status, error) = match association.stage(ctx.now) {
        Stage::Creating => ("CREATING", "NONE"),
        Stage::Deleting => ("DELETING", "NONE"),
        Stage::Complete if arrives() => ("ACTIVE", "NONE"),
        Stage::Complete => ("FAILED", "DESTINATION_NOT_FOUND"),
    };
    json!({
        "Id": id,
        "ResolverQueryLogConfigId": association.of,
        "ResourceId": association.vpc,
        "Status": status,
        "Error": error,
        "ErrorMessage": "",
        "CreationTime": association.created.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resolver_query_log_config_association_id: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_query_log_config_association_id: id } = json_input(input)?;
    let ctx = &*ctx;
    let association = resolver(ctx).query_log_associations.get(&id);
    let association = association.ok_or_else(|| missing("Resolver query log config association", &id))?;
    Ok(json!({ "ResolverQueryLogConfigAssociation": json(ctx, &id, association) }))
}

/// Of the caller's VPCs, sorted by id: SortBy is not simulated.
fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let known = ["CreationTime", "Error", "Id", "ResolverQueryLogConfigId", "ResourceId", "Status"];
    let (filters, page) = filter::read_list(input, &known)?;
    let ctx = &*ctx;
    let all = resolver(ctx).query_log_associations.iter().map(|(id, it)| (id.clone(), json(ctx, id, it)));
    let all: Vec<(String, Value)> = all.collect();
    let total = all.len();
    let values = |row: &Value, name: &str| vec![row[name].as_str().unwrap_or_default().to_owned()];
    let rows: Vec<_> = all.into_iter().filter(|(_, row)| filters.pass(|name| values(row, name))).collect();
    let filtered = rows.len();
    let mut answer = page.answer("ResolverQueryLogConfigAssociations", rows);
    answer["TotalCount"] = json!(total);
    answer["TotalFilteredCount"] = json!(filtered);
    Ok(answer)
}

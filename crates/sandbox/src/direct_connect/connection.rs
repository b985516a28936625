//! Connections: a provider's ports, on which it allocates virtual interfaces. What a provider does with AWS's building
//! before that (LOA, cross connect) is not simulated: a requested connection becomes available by itself.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::{self, Tag, Tags};
use super::{page, refused, short_id, timing};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("CreateConnection", create),
    Operation::json_read("DescribeConnections", describe),
    Operation::json_write("DeleteConnection", delete),
];

/// DOC (Direct Connect user guide, "Dedicated connections").
static BANDWIDTHS: &[&str] = &["1Gbps", "10Gbps", "100Gbps", "400Gbps"];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connection {
    pub owner: String,
    pub region: String,
    pub name: String,
    pub location: String,
    pub bandwidth: String,
    pub provider: Option<String>,
    pub tags: Tags,
    pub available_at: Moment,
    pub ends_at: Option<Moment>,
}

impl Connection {
    /// A connection that is deleted is forgotten, so it never says so.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.ends_at {
            Some(_) => "deleting",
            None if now < self.available_at => "requested",
            None => "available",
        }
    }
}

/// The caller's connection in this Region, which must be available.
pub(super) fn usable<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Connection> {
    let own = |it: &&Connection| it.owner == ctx.caller.account && it.region == ctx.region;
    let connection = ctx.state.direct_connect.connections.get(id).filter(own).ok_or_else(|| unknown(id))?;
    match connection.state(ctx.now) {
        "available" => Ok(connection),
        state => Err(refused(format!("Connection {id} is in the state {state}."))),
    }
}

/// AWS's words for it, as terraform-provider-aws recognises them (directconnect/connection.go).
fn unknown(id: &str) -> AwsError {
    refused(format!("Could not find Connection with ID {id}"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    location: String,
    bandwidth: String,
    connection_name: String,
    provider_name: Option<String>,
    tags: Option<Vec<Tag>>,
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Create { location, bandwidth, connection_name: name, provider_name: provider, tags: given } =
        json_input(input)?;
    if location.is_empty() || name.is_empty() {
        return Err(refused("The location and the name of a connection must not be empty."));
    }
    if !BANDWIDTHS.contains(&bandwidth.as_str()) {
        return Err(refused(format!("The bandwidth {bandwidth} is none of {}.", BANDWIDTHS.join(", "))));
    }
    let tags = tags::read(given)?;
    let id = short_id(ctx, "dxcon");
    let connection = Connection {
        owner: ctx.caller.account.clone(),
        region: ctx.region.to_owned(),
        name,
        location,
        bandwidth,
        provider,
        tags,
        available_at: ctx.in_seconds(timing::CONNECTION_REQUESTED),
        ends_at: None,
    };
    ctx.state.direct_connect.connections.insert(id.clone(), connection.clone());
    Ok(json(ctx, &id, &connection))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    connection_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { connection_id: id, max_results, next_token } = json_input(input)?;
    let ctx = &*ctx;
    let own = |it: &Connection| it.owner == ctx.caller.account && it.region == ctx.region;
    let rows: Vec<(String, Value)> = ctx
        .state
        .direct_connect
        .connections
        .iter()
        .filter(|(one, it)| own(it) && id.as_ref().is_none_or(|id| id == *one))
        .map(|(id, it)| (id.clone(), json(ctx, id, it)))
        .collect();
    match id {
        Some(id) if rows.is_empty() => Err(unknown(&id)),
        _ => page::answer("connections", rows.into_iter(), max_results, next_token.as_deref()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    connection_id: String,
}

/// DOC (Direct Connect user guide, "Delete a connection"): "only … after all virtual interfaces are deleted".
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { connection_id: id } = json_input(input)?;
    let mut connection = usable(ctx, &id)?.clone();
    let interfaces = &ctx.state.direct_connect.virtual_interfaces;
    if interfaces.values().any(|one| one.connection == id && !one.is_over(ctx.now)) {
        return Err(refused(format!("Connection {id} has virtual interfaces: delete them first.")));
    }
    connection.ends_at = Some(ctx.in_seconds(timing::CONNECTION_DELETING));
    ctx.state.direct_connect.connections.insert(id.clone(), connection.clone());
    Ok(json(ctx, &id, &connection))
}

fn json(ctx: &Ctx<'_>, id: &str, connection: &Connection) -> Value {
    let mut answer = json!({
        "ownerAccount": connection.owner,
        "connectionId": id,
        "connectionName": connection.name,
        "connectionState": connection.state(ctx.now),
        "region": connection.region,
        "location": connection.location,
        "bandwidth": connection.bandwidth,
        "jumboFrameCapable": true,
        "tags": tags::json(&connection.tags),
    });
    if let Some(provider) = &connection.provider {
        answer["providerName"] = json!(provider);
    }
    answer
}

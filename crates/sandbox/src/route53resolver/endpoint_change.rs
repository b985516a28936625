//! UpdateResolverEndpoint: the name and the protocols. The rest needs another endpoint (aws-facts section 2.1).

use serde::Deserialize;
use serde_json::Value;

use super::endpoint::{self, Endpoint};
use super::endpoint_create::AddressType;
use super::errors::invalid_request;
use super::protocols::{self, Protocol, Protocols};
use super::{params, resolver, timing};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::json_write("UpdateResolverEndpoint", update)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Update {
    resolver_endpoint_id: String,
    name: Option<String>,
    #[serde(rename = "ResolverEndpointType")]
    resolver_endpoint_type: Option<AddressType>,
    protocols: Option<Vec<Protocol>>,
}

fn update(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Update = json_input(input)?;
    let id = wish.resolver_endpoint_id;
    params::check_optional_name(wish.name.as_ref())?;
    if wish.name.is_none() && wish.resolver_endpoint_type.is_none() && wish.protocols.is_none() {
        return Err(invalid_request("No change is given."));
    }
    let mut endpoint = endpoint::own(ctx, &id)?.clone();
    endpoint.must_be_operational(&id, ctx.now)?;
    if wish.protocols.is_some() {
        let protocols = protocols::read(wish.protocols, endpoint.direction)?;
        protocols::check_change(&endpoint.protocols, &protocols, endpoint.direction)?;
        check_rules(ctx, &id, &protocols)?;
        endpoint.protocols = protocols;
    }
    let name = wish.name.or(endpoint.name);
    let updated_at = Some(ctx.in_seconds(timing::ENDPOINT_UPDATING));
    let endpoint = Endpoint { name, updated_at, modified: ctx.now, ..endpoint };
    Ok(endpoint::keep(ctx, &id, endpoint))
}

/// DOC (TargetAddress, Protocol): a target's protocol "needs to be supported by the outbound endpoint of the Resolver
/// rule". Unverified: that it keeps the endpoint from losing the protocol.
fn check_rules(ctx: &Ctx<'_>, id: &str, protocols: &Protocols) -> Result<()> {
    let mut rules = resolver(ctx).rules.iter().filter(|(_, rule)| rule.endpoint.as_deref() == Some(id));
    let stranded = rules.find(|(_, rule)| rule.targets.iter().any(|target| !protocols.contains(&target.protocol)));
    match stranded {
        Some((rule, _)) => {
            Err(invalid_request(format!("Resolver rule \"{rule}\" has targets with a protocol that would be removed.")))
        }
        None => Ok(()),
    }
}

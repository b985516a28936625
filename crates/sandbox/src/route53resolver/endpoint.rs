//! Resolver endpoints: GetResolverEndpoint, ListResolverEndpoints, DeleteResolverEndpoint.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::address::Address;
use super::errors::{invalid_request, missing};
use super::filter;
use super::protocols::Protocols;
use super::tags::Tags;
use super::{resolver, resolver_mut, timing};
use crate::clock::Moment;
use crate::ec2;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};
use crate::store::Table;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_read("GetResolverEndpoint", get),
    Operation::json_read("ListResolverEndpoints", list),
    Operation::json_write("DeleteResolverEndpoint", delete),
];

/// Where queries go. Delegation is not simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Direction {
    /// From the network to the VPC's resolver.
    Inbound,
    /// From the VPC's resolver to the network.
    Outbound,
}

impl Direction {
    /// Of ids: `rslvr-in`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Inbound => "rslvr-in",
            Self::Outbound => "rslvr-out",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Inbound => "INBOUND",
            Self::Outbound => "OUTBOUND",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    pub request_id: String,
    pub name: Option<String>,
    pub direction: Direction,
    pub vpc: String,
    pub security_groups: Vec<String>,
    pub protocols: Protocols,
    /// By id.
    pub addresses: BTreeMap<String, Address>,
    pub created: Moment,
    pub modified: Moment,
    pub operational_at: Moment,
    pub updated_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub tags: Tags,
}

impl Endpoint {
    pub fn status(&self, now: Moment) -> &'static str {
        let in_motion = || self.addresses.values().any(|address| address.is_in_motion(now));
        match self.ends_at {
            Some(_) => "DELETING",
            None if now < self.operational_at => "CREATING",
            // DOC (ResolverEndpoint, Status): "associating or disassociating one or more network interfaces".
            None if self.updated_at.is_some_and(|at| now < at) || in_motion() => "UPDATING",
            None => "OPERATIONAL",
        }
    }

    fn status_message(&self, now: Moment) -> &'static str {
        match self.status(now) {
            "CREATING" => "Creating the Resolver Endpoint",
            "UPDATING" => "Updating the Resolver Endpoint",
            "DELETING" => "Deleting the Resolver Endpoint",
            _ => "This Resolver Endpoint is operational.",
        }
    }

    /// Those that stay.
    pub fn lasting_addresses(&self) -> impl Iterator<Item = &Address> {
        self.addresses.values().filter(|address| address.gone_at.is_none())
    }

    /// What is in the middle of something does not begin another thing. AWS itself takes addresses one after the other
    /// (aws-controllers-k8s/community issue 3028); clients wait (aws-facts section 2.1).
    pub fn must_be_operational(&self, id: &str, now: Moment) -> Result<()> {
        match self.status(now) {
            "OPERATIONAL" => Ok(()),
            status => Err(invalid_request(format!("Resolver endpoint \"{id}\" is in the status {status}."))),
        }
    }

    fn values(&self, filter: &str, now: Moment) -> Vec<String> {
        match filter {
            "CreatorRequestId" => vec![self.request_id.clone()],
            "Direction" => vec![self.direction.name().to_owned()],
            "HostVPCId" => vec![self.vpc.clone()],
            "IpAddressCount" => vec![self.lasting_addresses().count().to_string()],
            "Name" => self.name.iter().cloned().collect(),
            "SecurityGroupIds" => self.security_groups.clone(),
            _ => vec![self.status(now).to_owned()],
        }
    }
}

/// Forgets the addresses whose time has come; copies the table only if there are any.
pub(super) fn forget_addresses(endpoints: &mut Table<Endpoint>, now: Moment) {
    let is_gone = |address: &Address| address.gone_at.is_some_and(|at| at <= now);
    let changed = endpoints.iter().filter(|(_, it)| it.addresses.values().any(is_gone));
    let changed: Vec<String> = changed.map(|(id, _)| id.clone()).collect();
    for id in changed {
        if let Some(endpoint) = endpoints.get_mut(&id) {
            endpoint.addresses.retain(|_, address| !is_gone(address));
        }
    }
}

/// An endpoint of the caller's: endpoints are not shared.
pub(super) fn own<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a Endpoint> {
    resolver(ctx).endpoints.get(id).ok_or_else(|| missing("Resolver endpoint", id))
}

/// Keeps an endpoint and answers with it.
pub(super) fn keep(ctx: &mut Ctx<'_>, id: &str, endpoint: Endpoint) -> Value {
    let answer = json!({ "ResolverEndpoint": json(ctx, id, &endpoint) });
    resolver_mut(ctx).endpoints.insert(id.to_owned(), endpoint);
    answer
}

fn json(ctx: &Ctx<'_>, id: &str, endpoint: &Endpoint) -> Value {
    let mut json = json!({
        "Id": id,
        "CreatorRequestId": endpoint.request_id,
        "Arn": ctx.arn("route53resolver", &format!("resolver-endpoint/{id}")),
        "SecurityGroupIds": endpoint.security_groups,
        "Direction": endpoint.direction,
        "IpAddressCount": endpoint.lasting_addresses().count(),
        "HostVPCId": endpoint.vpc,
        "Status": endpoint.status(ctx.now),
        "StatusMessage": endpoint.status_message(ctx.now),
        "CreationTime": endpoint.created.to_string(),
        "ModificationTime": endpoint.modified.to_string(),
        "ResolverEndpointType": "IPV4",
        "Protocols": endpoint.protocols,
    });
    if let Some(name) = &endpoint.name {
        json["Name"] = json!(name);
    }
    json
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct One {
    resolver_endpoint_id: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_endpoint_id: id } = json_input(input)?;
    let endpoint = own(ctx, &id)?;
    Ok(json!({ "ResolverEndpoint": json(ctx, &id, endpoint) }))
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let known = ["CreatorRequestId", "Direction", "HostVPCId", "IpAddressCount", "Name", "SecurityGroupIds", "Status"];
    let (filters, page) = filter::read_list(input, &known)?;
    let ctx = &*ctx;
    let rows = resolver(ctx).endpoints.iter().filter(|(_, it)| filters.pass(|name| it.values(name, ctx.now)));
    let rows = rows.map(|(id, it)| (id.clone(), json(ctx, id, it))).collect();
    let mut answer = page.answer("ResolverEndpoints", rows);
    answer["MaxResults"] = json!(page.size);
    Ok(answer)
}

/// Not while rules use it (aws-facts section 2.1), however little is left of them.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { resolver_endpoint_id: id } = json_input(input)?;
    let mut endpoint = own(ctx, &id)?.clone();
    endpoint.must_be_operational(&id, ctx.now)?;
    let rules = resolver(ctx).rules.iter().filter(|(_, rule)| rule.endpoint.as_ref() == Some(&id));
    let rules: Vec<String> = rules.map(|(rule, _)| format!("\"{rule}\"")).collect();
    if !rules.is_empty() {
        // The message: hashicorp/terraform-provider-aws pull request 11948.
        return Err(invalid_request(format!(
            "[RSLVR-00600] Cannot delete resolver endpoint unless its related resolver rules are deleted. The following \
             rules still exist for this resolver endpoint: {}",
            rules.join(", ")
        )));
    }
    let ends_at = ctx.in_seconds(timing::ENDPOINT_DELETING);
    for address in endpoint.addresses.values() {
        ec2::withdraw(ctx.ec2_mut(), &address.interface, ends_at);
    }
    endpoint.modified = ctx.now;
    endpoint.ends_at = Some(ends_at);
    Ok(keep(ctx, &id, endpoint))
}

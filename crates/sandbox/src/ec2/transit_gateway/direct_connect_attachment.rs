//! Attachments of Direct Connect gateways: what an association looks like from the transit gateway's side. They come and
//! go with it; nobody makes, accepts or deletes them here.

use serde::{Deserialize, Serialize};

use super::attachment::{self, Attachment, KIND};
use super::gateway::TransitGateway;
use super::resource::{Resource, ResourceType};
use crate::clock::Moment;
use crate::direct_connect::TransitGatewayRef;
use crate::ec2::tombstone::Mortal;
use crate::service::Ctx;
use crate::store::State;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DirectConnectAttachment {
    pub transit_gateway: String,
    pub transit_gateway_owner: String,
    pub resource: Resource,
    pub created: Moment,
    pub available_at: Moment,
    pub ends_at: Option<Moment>,
}

impl Mortal for DirectConnectAttachment {
    fn ends_at(&self) -> Option<Moment> {
        self.ends_at
    }
}

impl DirectConnectAttachment {
    /// What it has in common with attachments of other types.
    pub fn view(&self, now: Moment) -> Attachment {
        let state = match self.ends_at {
            Some(at) if now < at => "deleting",
            Some(_) => "deleted",
            None if now < self.available_at => "pending",
            None => "available",
        };
        Attachment {
            transit_gateway: self.transit_gateway.clone(),
            transit_gateway_owner: self.transit_gateway_owner.clone(),
            resource: self.resource.clone(),
            state,
            created: self.created,
        }
    }
}

/// A transit gateway that is not deleted.
pub(crate) fn transit_gateway<'a>(state: &'a State, owner: &str, region: &str, id: &str) -> Option<&'a TransitGateway> {
    state.regional(owner, region).ec2.transit_gateways.living.get(id)
}

/// Whether a VPC of the gateway's own account is attached to it.
pub(crate) fn attaches_own_vpc(state: &State, owner: &str, region: &str, id: &str, now: Moment) -> bool {
    let own = &state.regional(owner, region).ec2.transit_gateway_attachments.own;
    own.living.values().any(|attachment| attachment.transit_gateway == id && attachment.carries_traffic(now))
}

/// Makes the attachment of an association with the gateway (and its owner) that becomes `associated` at that moment.
pub(crate) fn attach(ctx: &mut Ctx<'_>, to: &TransitGatewayRef, gateway: (&str, &str), available_at: Moment) -> String {
    let id = ctx.new_id(KIND.prefix);
    let (gateway, owner) = gateway;
    let resource =
        Resource { resource_type: ResourceType::DirectConnectGateway, id: gateway.to_owned(), owner: owner.to_owned() };
    let attachment = DirectConnectAttachment {
        transit_gateway: to.id.clone(),
        transit_gateway_owner: to.owner.clone(),
        resource,
        created: ctx.now,
        available_at,
        ends_at: None,
    };
    let ec2 = &mut ctx.state.regional_mut(&to.owner, &to.region).ec2;
    attachment::settle_in(ec2, &to.id, &id, &attachment.resource, available_at);
    ec2.transit_gateway_attachments.direct_connect.living.insert(id.clone(), attachment);
    id
}

/// Ends an attachment with its association.
pub(crate) fn detach(state: &mut State, to: &TransitGatewayRef, id: &str, at: Moment) {
    let ec2 = &mut state.regional_mut(&to.owner, &to.region).ec2;
    attachment::end(ec2, id, at);
    if let Some(attachment) = ec2.transit_gateway_attachments.direct_connect.living.get_mut(id) {
        attachment.ends_at = Some(at);
    }
}

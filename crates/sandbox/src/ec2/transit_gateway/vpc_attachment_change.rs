//! VPC attachments: how they are accepted, rejected, modified and deleted.

use super::attachment::{self, KIND};
use super::guest::find;
use super::vpc_attachment::{self, End, VpcAttachment};
use super::{incorrect_state, timing};
use crate::ec2::network_interface::withdraw;
use crate::ec2::{errors, subnet};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AcceptTransitGatewayVpcAttachment", accept),
    Operation::write("RejectTransitGatewayVpcAttachment", reject),
    Operation::write("ModifyTransitGatewayVpcAttachment", modify),
    Operation::write("DeleteTransitGatewayVpcAttachment", delete),
];

/// DOC (AcceptTransitGatewayVpcAttachment): "must be in the pendingAcceptance state"; only the gateway's owner decides.
fn awaited(ctx: &Ctx<'_>, p: &Params) -> Result<(String, VpcAttachment)> {
    let id = p.required("TransitGatewayAttachmentId")?;
    let attachment = find(ctx, &id)?;
    if attachment.transit_gateway_owner != ctx.caller.account {
        return Err(not_permitted(&id, "the owner of the transit gateway"));
    }
    match attachment.state(ctx.now) {
        "pendingAcceptance" => Ok((id, attachment.clone())),
        state => Err(incorrect_state(&id, state)),
    }
}

fn accept(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (id, mut attachment) = awaited(ctx, p)?;
    attachment.available_at = Some(ctx.in_seconds(timing::ATTACHMENT_PENDING));
    vpc_attachment::settle_in(ctx, &id, &attachment);
    keep(ctx, id, attachment)
}

fn reject(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (id, attachment) = awaited(ctx, p)?;
    let at = ctx.in_seconds(timing::ATTACHMENT_REJECTING);
    end(ctx, id, attachment, End { at, rejected: true })
}

/// Subnets are added before others are removed, so a zone's subnet cannot be exchanged in one request.
fn modify(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayAttachmentId")?;
    let (add, remove, options) = (p.list("AddSubnetIds"), p.list("RemoveSubnetIds"), p.structure("Options"));
    if add.is_empty() && remove.is_empty() && options.is_none() {
        return Err(AwsError::new("MissingParameter", "No change is given."));
    }
    let mut attachment = find(ctx, &id)?.clone();
    if attachment.vpc_owner != ctx.caller.account {
        return Err(not_permitted(&id, "the owner of the VPC"));
    }
    attachment.must_be_available(&id, ctx.now)?;
    if let Some(given) = options {
        attachment.options.read(&given)?;
    }
    subnet::one_per_zone(ctx, &attachment.vpc, attachment.subnets.keys().chain(&add))?;
    attachment.subnets.extend(vpc_attachment::place_interfaces(ctx, &id, add)?);
    let modified_at = ctx.in_seconds(timing::ATTACHMENT_MODIFYING);
    for subnet in remove {
        let interface = attachment
            .subnets
            .remove(&subnet)
            .ok_or_else(|| errors::invalid_value(format!("The subnet {subnet} is not one of the attachment {id}.")))?;
        withdraw(ctx.ec2_mut(), &interface, modified_at);
    }
    if attachment.subnets.is_empty() {
        return Err(errors::invalid_value(format!("The attachment {id} must keep a subnet.")));
    }
    attachment.modified_at = Some(modified_at);
    keep(ctx, id, attachment)
}

/// Either owner may delete it. DOC (aws-facts section 1.2): `IncorrectState` while it is pending or modifying.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayAttachmentId")?;
    let attachment = find(ctx, &id)?;
    match attachment.state(ctx.now) {
        "available" | "pendingAcceptance" => {
            let at = ctx.in_seconds(timing::ATTACHMENT_DELETING);
            end(ctx, id, attachment.clone(), End { at, rejected: false })
        }
        state => Err(incorrect_state(&id, state)),
    }
}

/// Ends the attachment with what hangs on it.
fn end(ctx: &mut Ctx<'_>, id: String, mut attachment: VpcAttachment, end: End) -> Result<Xml> {
    attachment.end = Some(end);
    for interface in attachment.subnets.values() {
        withdraw(&mut ctx.state.regional_mut(&attachment.vpc_owner, ctx.region).ec2, interface, end.at);
    }
    let theirs = &mut ctx.state.regional_mut(&attachment.transit_gateway_owner, ctx.region).ec2;
    if attachment.vpc_owner != attachment.transit_gateway_owner
        && let Some(guest) = theirs.transit_gateway_attachments.guests.living.get_mut(&id)
    {
        guest.ends_at = Some(end.at);
    }
    attachment::end(theirs, &id, end.at);
    keep(ctx, id, attachment)
}

fn keep(ctx: &mut Ctx<'_>, id: String, attachment: VpcAttachment) -> Result<Xml> {
    let home = &mut ctx.state.regional_mut(&attachment.vpc_owner, ctx.region).ec2.transit_gateway_attachments;
    *KIND.get_mut(&mut home.own.living, &id)? = attachment.clone();
    Ok(Xml::new().nest("transitGatewayVpcAttachment", vpc_attachment::xml(ctx, &id, &attachment)))
}

fn not_permitted(id: &str, who: &str) -> AwsError {
    AwsError::new("OperationNotPermitted", format!("Only {who} may do this with {id}."))
}

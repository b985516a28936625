//! Peering attachments: how they are accepted, rejected and deleted. What one side does, both see at once.

use super::attachment::{self, KIND};
use super::peering_attachment::{End, Ending, PeeringAttachment, Side, answer};
use super::{incorrect_state, timing};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AcceptTransitGatewayPeeringAttachment", accept),
    Operation::write("RejectTransitGatewayPeeringAttachment", reject),
    Operation::write("DeleteTransitGatewayPeeringAttachment", delete),
];

fn find<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a PeeringAttachment> {
    KIND.get(&ctx.ec2().transit_gateway_attachments.peerings.living, id)
}

/// DOC (AcceptTransitGatewayPeeringAttachment): "must be in the pendingAcceptance state"; the accepter decides, in its own
/// Region. Code and message of a requester that accepts: hashicorp/terraform-provider-aws issue 25617.
fn awaited(ctx: &Ctx<'_>, p: &Params, verb: &str) -> Result<(String, PeeringAttachment)> {
    let name = "TransitGatewayAttachmentId";
    let id = p.required(name)?;
    let attachment = find(ctx, &id)?;
    if attachment.side == Side::Requester {
        return Err(p.invalid(name, &id, &format!("Cannot {verb} {id} as the source of the peering request.")));
    }
    match attachment.state(ctx.now) {
        "pendingAcceptance" => Ok((id, attachment.clone())),
        state => Err(incorrect_state(&id, state)),
    }
}

fn accept(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (id, mut attachment) = awaited(ctx, p, "accept")?;
    let from = ctx.in_seconds(timing::PEERING_PENDING);
    attachment.available_at = Some(from);
    on_both_sides(ctx, &attachment, |ctx, copy| {
        let here = copy.local();
        let ec2 = &mut ctx.state.regional_mut(&here.owner, &here.region).ec2;
        // That a peering is associated by default as other types are, is unverified; it never propagates.
        attachment::settle_in(ec2, &here.transit_gateway, &here.attachment, &copy.resource(), from);
    });
    Ok(answer(ctx, &id, &attachment))
}

fn reject(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (id, attachment) = awaited(ctx, p, "reject")?;
    let end = End { at: ctx.in_seconds(timing::ATTACHMENT_REJECTING), how: Ending::Rejected };
    Ok(finish(ctx, &id, attachment, end))
}

/// DOC (transit gateway user guide, "Delete a peering attachment"): "the owner of either of the transit gateways can
/// delete". Which states refuse is unverified: those that do for VPC attachments.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("TransitGatewayAttachmentId")?;
    let attachment = find(ctx, &id)?;
    match attachment.state(ctx.now) {
        "available" | "pendingAcceptance" => {
            let attachment = attachment.clone();
            let end = End { at: ctx.in_seconds(timing::ATTACHMENT_DELETING), how: Ending::Deleted };
            Ok(finish(ctx, &id, attachment, end))
        }
        state => Err(incorrect_state(&id, state)),
    }
}

fn finish(ctx: &mut Ctx<'_>, id: &str, mut attachment: PeeringAttachment, end: End) -> Xml {
    attachment.end = Some(end);
    on_both_sides(ctx, &attachment, |ctx, copy| {
        let here = copy.local();
        attachment::end(&mut ctx.state.regional_mut(&here.owner, &here.region).ec2, &here.attachment, end.at);
    });
    answer(ctx, id, &attachment)
}

/// Writes a changed attachment on both sides and does on each what follows from the change.
fn on_both_sides(ctx: &mut Ctx<'_>, attachment: &PeeringAttachment, follow: impl Fn(&mut Ctx<'_>, &PeeringAttachment)) {
    for side in [Side::Requester, Side::Accepter] {
        let copy = PeeringAttachment { side, ..attachment.clone() };
        let here = copy.local();
        let peerings = &mut ctx.state.regional_mut(&here.owner, &here.region).ec2.transit_gateway_attachments.peerings;
        peerings.living.insert(here.attachment.clone(), copy.clone());
        follow(ctx, &copy);
    }
}

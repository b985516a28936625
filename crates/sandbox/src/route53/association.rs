//! Which VPCs see a private zone. A VPC of another account needs its zone's authorisation, and its own account asks.

use super::change::{self, refuse_while_pending};
use super::vpc::VpcRef;
use super::{any_zone, own_zone, zone_mut};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write(
        "AssociateVPCWithHostedZone",
        "POST",
        "/2013-04-01/hostedzone/{HostedZoneId}/associatevpc",
        associate,
    ),
    Operation::xml_write(
        "DisassociateVPCFromHostedZone",
        "POST",
        "/2013-04-01/hostedzone/{HostedZoneId}/disassociatevpc",
        disassociate,
    ),
];

/// The VPC and the comment of a request.
fn read(p: &RestParams<'_>, root: &str) -> Result<(VpcRef, Option<String>)> {
    let request = p.document(root)?;
    let comment = request.optional("Comment", 0..=256)?.filter(|comment| !comment.is_empty());
    Ok((VpcRef::required(&request)?, comment.map(str::to_owned)))
}

fn not_authorized(message: String) -> AwsError {
    AwsError::new("NotAuthorizedException", message).with_status(401)
}

fn associate(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let (vpc, comment) = read(p, "AssociateVPCWithHostedZoneRequest")?;
    let zone = any_zone(ctx, id)?;
    if !zone.private {
        own_zone(ctx, id)?;
        let message = format!("The hosted zone {id} is public, and no VPC can be associated with it.");
        return Err(AwsError::new("PublicZoneVPCAssociation", message));
    }
    let owner = vpc.owner(ctx.state).ok_or_else(|| vpc.unusable())?;
    let caller = ctx.caller;
    if owner != caller.account {
        // The zone's owner cannot do it, not even with an authorisation (terraform-provider-aws #18176).
        return Err(not_authorized(format!(
            "User: {} is not authorized to perform: route53:AssociateVPCWithHostedZone on resource: \
             arn:aws:ec2:{}:{}:vpc/{}",
            caller.arn, vpc.region, caller.account, vpc.id
        )));
    }
    if zone.owner != caller.account && !zone.authorized.contains(&vpc) {
        let message = format!("The VPC: {} has not authorized to associate with your hosted zone.", vpc.id);
        return Err(not_authorized(message));
    }
    refuse_while_pending(ctx, zone.pending_until)?;
    vpc.refuse_conflict(ctx.state, &zone.name)?;
    if zone.vpcs.len() >= ctx.quotas.vpcs_per_hosted_zone {
        let most = ctx.quotas.vpcs_per_hosted_zone;
        let message = format!("Limit Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - {most}");
        return Err(AwsError::new("LimitsExceeded", message));
    }
    zone_mut(ctx, id)?.vpcs.insert(vpc);
    let change = change::begin(ctx, id, comment.as_deref())?;
    Ok(Xml::new().nest("ChangeInfo", change).into())
}

/// DOC (DisassociateVPCFromHostedZone): by the zone's account or by the VPC's.
fn disassociate(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let (vpc, comment) = read(p, "DisassociateVPCFromHostedZoneRequest")?;
    let zone = any_zone(ctx, id)?;
    let owns_vpc = vpc.owner(ctx.state) == Some(ctx.caller.account.as_str());
    if !owns_vpc {
        own_zone(ctx, id)?;
    }
    refuse_while_pending(ctx, zone.pending_until)?;
    if !zone.vpcs.contains(&vpc) {
        let message = format!("The VPC: {} and hosted zone: {id} are not associated.", vpc.id);
        return Err(AwsError::new("VPCAssociationNotFound", message).with_status(404));
    }
    if zone.vpcs.len() == 1 {
        let message = format!("The VPC: {} is the last one that is associated with the hosted zone: {id}.", vpc.id);
        return Err(AwsError::new("LastVPCAssociation", message));
    }
    zone_mut(ctx, id)?.vpcs.remove(&vpc);
    let change = change::begin(ctx, id, comment.as_deref())?;
    Ok(Xml::new().nest("ChangeInfo", change).into())
}

//! Authorisations: which VPCs of other accounts may be associated with a zone. They outlive the association, and the
//! association outlives them.

use super::vpc::VpcRef;
use super::zone::HostedZone;
use super::{own_zone, timing, zone_list, zone_mut};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};
use crate::token;

/// POST gives one, GET lists them.
const PATH: &str = "/2013-04-01/hostedzone/{HostedZoneId}/authorizevpcassociation";

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("CreateVPCAssociationAuthorization", "POST", PATH, create),
    Operation::xml_write(
        "DeleteVPCAssociationAuthorization",
        "POST",
        "/2013-04-01/hostedzone/{HostedZoneId}/deauthorizevpcassociation",
        delete,
    ),
    Operation::xml_read("ListVPCAssociationAuthorizations", "GET", PATH, list),
];

/// DOC (ListVPCAssociationAuthorizations): 50 by default; that it is also the most is unverified.
const PAGE: usize = 50;

/// A private zone of the caller's. For a public one the code is unverified.
fn private_zone<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a HostedZone> {
    let zone = own_zone(ctx, id)?;
    if zone.private {
        return Ok(zone);
    }
    Err(super::invalid(format!("The hosted zone {id} is public, and no VPC can be associated with it.")))
}

fn refuse_while_authorizing(ctx: &Ctx<'_>, zone: &HostedZone) -> Result<()> {
    if zone.authorizing_until <= ctx.now {
        return Ok(());
    }
    let message = "Another user submitted a request to create, update, or delete the object at the same time that you \
                   did. Retry the request.";
    Err(AwsError::new("ConcurrentModification", message))
}

/// Once more is harmless (aws-facts section 2.2). That AWS knows whether a VPC of another account is there is unverified.
fn create(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let vpc = VpcRef::required(&p.document("CreateVPCAssociationAuthorizationRequest")?)?;
    let zone = private_zone(ctx, id)?;
    if vpc.owner(ctx.state).is_none() {
        return Err(vpc.unusable());
    }
    refuse_while_authorizing(ctx, zone)?;
    let most = ctx.quotas.vpc_association_authorizations;
    if zone.authorized.len() >= most && !zone.authorized.contains(&vpc) {
        let message = format!("Limit Exceeded: {most} authorizations of the hosted zone {id}");
        return Err(AwsError::new("TooManyVPCAssociationAuthorizations", message));
    }
    let busy_until = ctx.in_seconds(timing::AUTHORIZING);
    let xml = Xml::new().text("HostedZoneId", id).nest("VPC", vpc.xml());
    let zone = zone_mut(ctx, id)?;
    zone.authorized.insert(vpc);
    zone.authorizing_until = busy_until;
    Ok(xml.into())
}

fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let vpc = VpcRef::required(&p.document("DeleteVPCAssociationAuthorizationRequest")?)?;
    let zone = private_zone(ctx, id)?;
    refuse_while_authorizing(ctx, zone)?;
    if !zone.authorized.contains(&vpc) {
        let message = format!("The VPC: {} is not authorized to be associated with the hosted zone: {id}.", vpc.id);
        return Err(AwsError::new("VPCAssociationAuthorizationNotFound", message).with_status(404));
    }
    let busy_until = ctx.in_seconds(timing::AUTHORIZING);
    let zone = zone_mut(ctx, id)?;
    zone.authorized.remove(&vpc);
    zone.authorizing_until = busy_until;
    Ok(Xml::new().into())
}

fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let size = zone_list::page(p, "maxresults", PAGE)?;
    let after = match p.query("nexttoken") {
        None => None,
        Some(token) => Some(token::decode(token).ok_or_else(zone_list::bad_token)?),
    };
    let rows = private_zone(ctx, id)?.authorized.iter().map(|vpc| (format!("{}/{}", vpc.region, vpc.id), vpc));
    let (rows, next) = token::cut(rows.collect(), after.as_deref(), size, |(key, _)| key.as_str());
    let xml = Xml::new().text("HostedZoneId", id).maybe("NextToken", next).list_of(
        "VPCs",
        "VPC",
        rows.into_iter().map(|(_, vpc)| vpc.xml()),
    );
    Ok(xml.into())
}

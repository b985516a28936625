//! The lists of zones: of the account, by name, and those that a VPC sees.

use super::vpc::VpcRef;
use super::zone::HostedZone;
use super::{invalid, name};
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};
use crate::{region, token};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_read("ListHostedZones", "GET", "/2013-04-01/hostedzone", list),
    Operation::xml_read("ListHostedZonesByName", "GET", "/2013-04-01/hostedzonesbyname", by_name),
    Operation::xml_read("ListHostedZonesByVPC", "GET", "/2013-04-01/hostedzonesbyvpc", by_vpc),
];

/// DOC (each list): "up to 100 items in each response".
const PAGE: usize = 100;

/// The size of a page: what is asked for, up to the largest there is.
pub(super) fn page(p: &RestParams<'_>, parameter: &str, largest: usize) -> Result<usize> {
    let Some(given) = p.query(parameter) else {
        return Ok(largest);
    };
    let size = given.parse::<usize>().ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| invalid(format!("The value '{given}' of {parameter} is not valid.")))?;
    Ok(size.min(largest))
}

/// The zones that the caller owns.
fn own<'a>(ctx: &'a Ctx<'_>) -> impl Iterator<Item = (&'a String, &'a HostedZone)> {
    let account = &ctx.caller.account;
    ctx.state.route53.zones.iter().filter(move |(_, zone)| zone.owner == *account)
}

/// By id. A marker is the id of the first zone of the page.
fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let size = page(p, "maxitems", PAGE)?;
    let marker = p.query("marker");
    let only_private = match p.query("hostedzonetype") {
        None => false,
        Some("PrivateHostedZone") => true,
        Some(other) => return Err(invalid(format!("The hosted zone type '{other}' is not valid."))),
    };
    let from = own(ctx)
        .filter(|(id, zone)| marker.is_none_or(|marker| id.as_str() >= marker) && (zone.private || !only_private));
    let mut from = from.peekable();
    let zones: Vec<Xml> = from.by_ref().take(size).map(|(id, zone)| zone.xml(id)).collect();
    let next = from.peek().map(|(id, _)| *id);
    let xml = Xml::new()
        .list_of("HostedZones", "HostedZone", zones)
        // The model requires it; it is empty on the first page.
        .text("Marker", marker.unwrap_or_default())
        .value("IsTruncated", next.is_some())
        .maybe("NextMarker", next)
        .value("MaxItems", size);
    Ok(xml.into())
}

/// By the name with its labels reversed, then by id.
fn by_name(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let size = page(p, "maxitems", PAGE)?;
    let (given, given_id) = (p.query("dnsname"), p.query("hostedzoneid"));
    if given.is_none() && given_id.is_some() {
        return Err(invalid("A hosted zone ID needs a DNS name."));
    }
    let canonical = |given| {
        let refuse = |why| AwsError::new("InvalidDomainName", format!("'{given}' is not a valid domain name: {why}"));
        name::canonical(given).map_err(refuse)
    };
    let start = match given {
        Some(given) => (name::reversed(&canonical(given)?), given_id.unwrap_or_default()),
        None => (String::new(), ""),
    };
    let key = |id: &'_ str, zone: &HostedZone| (name::reversed(&zone.name), id.to_owned());
    let mut zones: Vec<_> = own(ctx).map(|(id, zone)| (key(id, zone), zone)).collect();
    zones.sort_by(|(one, _), (other, _)| one.cmp(other));
    let first = zones.partition_point(|((name, id), _)| (name.as_str(), id.as_str()) < (start.0.as_str(), start.1));
    let mut from = zones.iter().skip(first).peekable();
    let page: Vec<Xml> = from.by_ref().take(size).map(|((_, id), zone)| zone.xml(id)).collect();
    let next = from.peek();
    let xml = Xml::new()
        .list_of("HostedZones", "HostedZone", page)
        .maybe("DNSName", given)
        .maybe("HostedZoneId", given_id)
        .value("IsTruncated", next.is_some())
        .maybe("NextDNSName", next.map(|(_, zone)| &zone.name))
        .maybe("NextHostedZoneId", next.map(|((_, id), _)| id))
        .value("MaxItems", size);
    Ok(xml.into())
}

/// Those of other accounts are among them.
fn by_vpc(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let size = page(p, "maxitems", PAGE)?;
    let (Some(id), Some(at)) = (p.query("vpcid"), p.query("vpcregion")) else {
        return Err(invalid("The VPC ID and the VPC's Region must be given."));
    };
    if !region::exists(at) {
        return Err(invalid(format!("{at} is no Region that the sandbox simulates.")));
    }
    let after = match p.query("nexttoken") {
        None => None,
        Some(token) => Some(token::decode(token).ok_or_else(bad_token)?),
    };
    let vpc = VpcRef { region: at.to_owned(), id: id.to_owned() };
    if vpc.owner(ctx.state) != Some(ctx.caller.account.as_str()) {
        // Clients know it by these words (TF:route53 zone_association.go).
        let message = format!("The VPC {id} in region {at} is not owned by you.");
        return Err(AwsError::new("AccessDenied", message).with_status(403));
    }
    let seen = ctx.state.route53.zones.iter().filter(|(_, zone)| zone.vpcs.contains(&vpc));
    let (seen, next) = token::cut(seen.collect(), after.as_deref(), size, |(id, _)| id.as_str());
    let rows = seen.into_iter().map(|(id, zone)| {
        Xml::new()
            .text("HostedZoneId", id)
            .text("Name", &zone.name)
            .nest("Owner", Xml::new().text("OwningAccount", &zone.owner))
    });
    let xml = Xml::new()
        .list_of("HostedZoneSummaries", "HostedZoneSummary", rows)
        .value("MaxItems", size)
        .maybe("NextToken", next);
    Ok(xml.into())
}

pub(super) fn bad_token() -> AwsError {
    AwsError::new("InvalidPaginationToken", "The pagination token is not valid.")
}

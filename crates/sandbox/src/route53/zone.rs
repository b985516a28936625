//! Hosted zones: how they are created, read one by one, described and deleted.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::change::{self, refuse_while_pending};
use super::record::{self, RecordSet};
use super::vpc::VpcRef;
use super::{invalid, name, own_zone, zone_mut};
use crate::clock::Moment;
use crate::ec2::Tags;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};
use crate::store::Table;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::xml_write("CreateHostedZone", "POST", "/2013-04-01/hostedzone", create),
    Operation::xml_read("GetHostedZone", "GET", "/2013-04-01/hostedzone/{Id}", get),
    Operation::xml_read("GetHostedZoneCount", "GET", "/2013-04-01/hostedzonecount", count),
    Operation::xml_write("UpdateHostedZoneComment", "POST", "/2013-04-01/hostedzone/{Id}", update),
    Operation::xml_write("DeleteHostedZone", "DELETE", "/2013-04-01/hostedzone/{Id}", delete),
];

/// DOC (developer guide, "Working with private hosted zones"): the same for every private zone. Public zones get others,
/// which nobody asks here.
pub(super) const NAME_SERVERS: [&str; 4] =
    ["ns-0.awsdns-00.com", "ns-512.awsdns-00.net", "ns-1024.awsdns-00.org", "ns-1536.awsdns-00.co.uk"];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostedZone {
    pub owner: String,
    /// As [`name::canonical`] has it.
    pub name: String,
    pub caller_reference: String,
    pub comment: Option<String>,
    pub private: bool,
    pub vpcs: BTreeSet<VpcRef>,
    /// Those of other accounts that may be associated.
    pub authorized: BTreeSet<VpcRef>,
    /// By [`RecordSet::key`].
    pub records: Table<RecordSet>,
    pub tags: Tags,
    /// Until when its last change is on its way.
    pub pending_until: Moment,
    /// Until when no authorisation can be given or taken.
    pub authorizing_until: Moment,
}

impl HostedZone {
    pub(super) fn xml(&self, id: &str) -> Xml {
        let config = Xml::new().maybe("Comment", self.comment.as_ref()).value("PrivateZone", self.private);
        Xml::new()
            .text("Id", format!("/hostedzone/{id}"))
            .text("Name", &self.name)
            .text("CallerReference", &self.caller_reference)
            .nest("Config", config)
            .value("ResourceRecordSetCount", self.records.len())
    }

    fn delegation_set() -> Xml {
        Xml::new().list_of("NameServers", "NameServer", NAME_SERVERS.iter().map(Xml::plain))
    }
}

fn create(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let request = p.document("CreateHostedZoneRequest")?;
    let given = request.required("Name", 0..=1024)?;
    let reference = request.required("CallerReference", 1..=128)?;
    let vpc = VpcRef::read(&request)?;
    let config = request.child("HostedZoneConfig")?;
    let (comment, private) = match config {
        Some(config) => (config.optional("Comment", 0..=256)?, config.boolean("PrivateZone")?),
        None => (None, None),
    };
    let name = zone_name(given)?;
    if private.is_some_and(|private| private != vpc.is_some()) {
        return Err(invalid(
            "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify \
             values for VPCId and VPCRegion, and only then.",
        ));
    }
    let account = ctx.caller.account.clone();
    let used = ctx.state.route53.references.get(&account);
    if used.is_some_and(|used| used.contains(reference)) {
        let message = "A hosted zone has already been created with the specified caller reference.";
        return Err(AwsError::new("HostedZoneAlreadyExists", message).with_status(409));
    }
    let own = ctx.state.route53.zones.values().filter(|zone| zone.owner == account);
    if own.count() >= ctx.quotas.hosted_zones {
        let most = ctx.quotas.hosted_zones;
        return Err(AwsError::new("TooManyHostedZones", format!("Limit Exceeded: MAX_HOSTED_ZONES_BY_OWNER - {most}")));
    }
    if let Some(vpc) = &vpc {
        if vpc.owner(ctx.state) != Some(account.as_str()) {
            return Err(vpc.unusable());
        }
        vpc.refuse_conflict(ctx.state, &name)?;
    }
    let wished = ctx.wish.zone();
    let id = wished.unwrap_or_else(|| format!("Z{}", ctx.state.mint_base32("hostedzone", 20)));
    let zone = HostedZone {
        owner: account.clone(),
        caller_reference: reference.to_owned(),
        comment: comment.filter(|comment| !comment.is_empty()).map(str::to_owned),
        private: vpc.is_some(),
        vpcs: vpc.iter().cloned().collect(),
        authorized: BTreeSet::new(),
        records: record::of_a_new_zone(&name),
        name,
        tags: Tags::new(),
        pending_until: ctx.now,
        authorizing_until: ctx.now,
    };
    let described = zone.xml(&id);
    let route53 = &mut ctx.state.route53;
    route53.references.entry(account).or_default().insert(reference.to_owned());
    route53.zones.insert(id.clone(), zone);
    let change = change::begin(ctx, &id, None)?;
    let xml = Xml::new()
        .nest("HostedZone", described)
        .nest("ChangeInfo", change)
        .nest("DelegationSet", HostedZone::delegation_set());
    let xml = vpc.iter().fold(xml, |xml, vpc| xml.nest("VPC", vpc.xml()));
    let location = format!("https://route53.amazonaws.com/2013-04-01/hostedzone/{id}");
    Ok(RestAnswer { status: 201, headers: vec![("location", location)], body: xml.into() })
}

/// A name that a zone may have. DOC (CreateHostedZone): no top-level domain; that this holds for private zones is
/// unverified.
fn zone_name(given: &str) -> Result<String> {
    let refuse = |why: String| AwsError::new("InvalidDomainName", why);
    let name = name::canonical(given).map_err(|why| refuse(format!("'{given}' is not a valid domain name: {why}")))?;
    if name.matches('.').count() < 2 {
        return Err(refuse(format!("{given} is reserved by AWS!")));
    }
    Ok(name)
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("Id");
    let zone = own_zone(ctx, id)?;
    let xml = Xml::new().nest("HostedZone", zone.xml(id));
    let xml = match zone.private {
        true => xml.list_of("VPCs", "VPC", zone.vpcs.iter().map(VpcRef::xml)),
        false => xml.nest("DelegationSet", HostedZone::delegation_set()),
    };
    Ok(xml.into())
}

fn count(ctx: &mut Ctx<'_>, _: &RestParams<'_>) -> Result<RestAnswer> {
    let own = ctx.state.route53.zones.values().filter(|zone| zone.owner == ctx.caller.account);
    Ok(Xml::new().value("HostedZoneCount", own.count()).into())
}

/// DOC (UpdateHostedZoneComment): without a comment, the one there is deleted.
fn update(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("Id");
    let comment = p.document("UpdateHostedZoneCommentRequest")?.optional("Comment", 0..=256)?;
    refuse_while_pending(ctx, own_zone(ctx, id)?.pending_until)?;
    let zone = zone_mut(ctx, id)?;
    zone.comment = comment.filter(|comment| !comment.is_empty()).map(str::to_owned);
    Ok(Xml::new().nest("HostedZone", zone.xml(id)).into())
}

/// VPCs may still be associated (aws-facts section 2.2).
fn delete(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("Id");
    let zone = own_zone(ctx, id)?;
    refuse_while_pending(ctx, zone.pending_until)?;
    if zone.records.values().any(|set| !set.is_of_aws(&zone.name)) {
        let message = "The specified hosted zone contains non-required resource record sets and so cannot be deleted.";
        return Err(AwsError::new("HostedZoneNotEmpty", message));
    }
    let owner = zone.owner.clone();
    ctx.state.route53.zones.remove(id);
    Ok(Xml::new().nest("ChangeInfo", change::record(ctx, owner, None)).into())
}

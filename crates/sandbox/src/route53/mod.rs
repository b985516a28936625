//! Route 53: hosted zones, their records, and the VPCs that see them. REST-XML, global. Rules: aws-facts section 2.2.
//!
//! A private zone is seen by VPCs of several accounts, so all accounts' zones are in one place and name their owner. No
//! health checks, delegation sets, traffic policies and DNSSEC.

mod association;
mod authorization;
mod batch;
mod change;
mod name;
mod record;
mod record_change;
mod record_list;
mod tags;
mod timing;
mod value;
mod vpc;
mod zone;
mod zone_list;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::inspect::Resource;
use crate::protocol::{Protocol, RestRequest};
use crate::service::{Ctx, Scope, Service};
use crate::store::{State, Table};
use change::Change;
use zone::HostedZone;

pub(crate) use vpc::is_associated;

pub(crate) static SERVICE: Service = Service {
    name: "route53",
    protocol: Protocol::RestXml {
        namespace: "https://route53.amazonaws.com/doc/2013-04-01/",
        malformed: "InvalidInput",
    },
    scope: Scope::Global,
    operations: &[
        zone::OPERATIONS,
        zone_list::OPERATIONS,
        association::OPERATIONS,
        authorization::OPERATIONS,
        batch::OPERATIONS,
        record_list::OPERATIONS,
        change::OPERATIONS,
        tags::OPERATIONS,
    ],
};

/// What Route 53 remembers of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Route53 {
    /// By id, without `/hostedzone/`.
    pub zones: Table<HostedZone>,
    /// By id, without `/change/`.
    pub changes: Table<Change>,
    /// Every caller reference that an account has used, also those of zones that are gone. That AWS does not forget them
    /// is unverified (aws-facts section 2.2); a client must not count on it that it does.
    pub references: Table<BTreeSet<String>>,
}

impl Route53 {
    /// Forgets changes that nobody asks about any more.
    pub fn settle(&mut self, now: Moment) {
        self.changes.prune(|change| change.is_forgotten(now));
    }
}

/// A zone of the caller's: `NoSuchHostedZone`, or `AccessDenied` for another account's.
fn own_zone<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a HostedZone> {
    let zone = any_zone(ctx, id)?;
    if zone.owner == ctx.caller.account {
        return Ok(zone);
    }
    // The wording is unverified.
    let message = format!("User: {} is not authorized to access this resource", ctx.caller.arn);
    Err(AwsError::new("AccessDenied", message).with_status(403))
}

/// A zone, whoever owns it.
fn any_zone<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a HostedZone> {
    ctx.state.route53.zones.get(id).ok_or_else(|| missing_zone(id))
}

/// The same, to change it.
fn zone_mut<'a>(ctx: &'a mut Ctx<'_>, id: &str) -> Result<&'a mut HostedZone> {
    // Look before the table is copied.
    any_zone(ctx, id)?;
    ctx.state.route53.zones.get_mut(id).ok_or_else(|| missing_zone(id))
}

fn missing_zone(id: &str) -> AwsError {
    AwsError::new("NoSuchHostedZone", format!("No hosted zone found with ID: {id}")).with_status(404)
}

/// The error for input that can be read and makes no sense.
fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidInput", message)
}

/// What a request is about: `arn:aws:route53:::hostedzone/Z…`.
pub(crate) fn arn(request: &RestRequest) -> String {
    let zone = ["HostedZoneId", "Id", "ResourceId"].into_iter().find_map(|label| request.label(label));
    match zone {
        Some(id) if id.starts_with('C') => format!("arn:aws:route53:::change/{id}"),
        Some(id) => format!("arn:aws:route53:::hostedzone/{id}"),
        None => "arn:aws:route53:::hostedzone/*".to_owned(),
    }
}

/// The zones that an account owns.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let own = state.route53.zones.iter().filter(|(_, zone)| zone.owner == account);
    own.map(|(id, zone)| Resource {
        region: String::new(),
        kind: "hostedzone".to_owned(),
        id: id.clone(),
        tags: zone.tags.clone(),
    })
    .collect()
}

//! Reads of Route 53. All its operations together have 5 requests a second an account (aws-facts 2.2): one list for all zones,
//! two calls a zone of ours, and one for each VPC of ours.

use std::sync::Arc;

use aws_sdk_route53::types::{HostedZone, HostedZoneSummary, HostedZoneType, ResourceRecordSet, Vpc, VpcRegion};
use futures::future::{try_join, try_join_all};
use gcnet_core::{Class, Failure};

use crate::{aws::Aws, mark, read::need};

/// A private hosted zone of ours.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) zone: HostedZone,
    /// Whose queries it answers.
    pub(crate) vpcs: Vec<Vpc>,
    /// Of other accounts, which may associate themselves; read only where the zone's comment says that there are some.
    pub(crate) authorised: Vec<Vpc>,
    pub(crate) records: Vec<ResourceRecordSet>,
}

impl Zone {
    /// Without the prefix that some answers put before it.
    pub(crate) fn id(&self) -> &str {
        plain_id(self.zone.id())
    }

    pub(crate) fn comment(&self) -> Option<&str> {
        self.zone.config().and_then(|config| config.comment())
    }
}

/// The comment of a zone for which another account's VPC is authorised. No list shows authorisations, and to ask for them
/// costs a call a zone: so whoever authorises says so first, and whoever withdraws the last one takes it back.
pub(crate) const SHARING: &str = "gcnet (authorised VPCs of other accounts have yet to associate)";
/// The comment of a zone whose tags have yet to be written: AWS takes none with its creation.
pub(crate) const UNTAGGED: &str = "gcnet (tags have yet to be written)";
/// The comment of any other zone of ours.
pub(crate) const AT_REST: &str = "gcnet";

/// A zone, whoever's, that answers the queries of one of our VPCs.
pub(crate) type Seen = (String, HostedZoneSummary);

pub(crate) fn plain_id(id: &str) -> &str {
    id.strip_prefix("/hostedzone/").unwrap_or(id)
}

/// A VPC as Route 53 names it.
pub(crate) fn vpc(id: &str, region: &str) -> Vpc {
    Vpc::builder().vpc_id(id).vpc_region(VpcRegion::from(region)).build()
}

impl Aws {
    /// Those that gcnet made, of whichever stack, with what is in them.
    pub(crate) async fn hosted_zones(&self) -> Result<Arc<Vec<Zone>>, Failure> {
        let read = async || {
            let call = self.read().route53.list_hosted_zones().hosted_zone_type(HostedZoneType::PrivateHostedZone);
            let pages = self.pages("route53:ListHostedZones", call.into_paginator().send()).await?;
            let found = pages.into_iter().flat_map(|page| page.hosted_zones);
            let ours = found.filter(|zone| mark::read(Some(zone.caller_reference())).is_some());
            let zones = try_join_all(ours.map(|zone| self.zone(zone))).await?;
            Ok(Arc::new(zones.into_iter().flatten().collect()))
        };
        self.snapshot.hosted_zones.get_or_try_init(read).await.cloned()
    }

    /// `None` when it went between the two reads.
    async fn zone(&self, zone: HostedZone) -> Result<Option<Zone>, Failure> {
        let id = plain_id(zone.id()).to_string();
        let shares = zone.config().and_then(|config| config.comment()) == Some(SHARING);
        let authorised = async || if shares { self.authorised(&id).await } else { Ok(vec![]) };
        let get = async || {
            let call = self.read().route53.get_hosted_zone().id(&id);
            self.call("route53:GetHostedZone", call.send()).await
        };
        let all = try_join(get(), try_join(self.records(&id), authorised())).await;
        match all {
            Ok((answer, (records, authorised))) => {
                Ok(Some(Zone { zone, vpcs: answer.vpcs.unwrap_or_default(), authorised, records }))
            }
            Err(failure) if failure.class == Class::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Everything in a zone, read anew.
    pub(crate) async fn records(&self, zone: &str) -> Result<Vec<ResourceRecordSet>, Failure> {
        const OPERATION: &str = "route53:ListResourceRecordSets";
        let mut all = vec![];
        let mut next = self.read().route53.list_resource_record_sets().hosted_zone_id(zone).max_items(300);
        loop {
            let page = self.call(OPERATION, next.clone().send()).await?;
            all.extend(page.resource_record_sets);
            if !page.is_truncated {
                return Ok(all);
            }
            next = next
                .start_record_name(need(page.next_record_name, OPERATION, "NextRecordName although there are more")?)
                .set_start_record_type(page.next_record_type)
                .set_start_record_identifier(page.next_record_identifier);
        }
    }

    /// VPCs of other accounts that may associate themselves, read anew.
    pub(crate) async fn authorised(&self, zone: &str) -> Result<Vec<Vpc>, Failure> {
        let mut all = vec![];
        let mut next = self.read().route53.list_vpc_association_authorizations().hosted_zone_id(zone).max_results(50);
        loop {
            let page = self.call("route53:ListVPCAssociationAuthorizations", next.clone().send()).await?;
            all.extend(page.vpcs);
            match page.next_token {
                None => return Ok(all),
                token => next = next.set_next_token(token),
            }
        }
    }

    /// Zones that answer the queries of our VPCs, ours and others'; each with the VPC.
    pub(crate) async fn zones_of_vpcs(&self) -> Result<Arc<Vec<Seen>>, Failure> {
        let read = async || {
            let vpcs = self.vpcs().await?;
            let seen = try_join_all(vpcs.iter().filter_map(|vpc| vpc.vpc_id()).map(|vpc| self.zones_of(vpc))).await?;
            Ok(Arc::new(seen.into_iter().flatten().collect()))
        };
        self.snapshot.zones_of_vpcs.get_or_try_init(read).await.cloned()
    }

    async fn zones_of(&self, vpc: &str) -> Result<Vec<Seen>, Failure> {
        let mut all = vec![];
        let region = VpcRegion::from(self.region());
        let mut next = self.read().route53.list_hosted_zones_by_vpc().vpc_id(vpc).vpc_region(region).max_items(100);
        loop {
            let page = match self.call("route53:ListHostedZonesByVPC", next.clone().send()).await {
                // It went between the two reads.
                Err(failure) if failure.class == Class::NotFound => return Ok(all),
                page => page?,
            };
            all.extend(page.hosted_zone_summaries.into_iter().map(|zone| (vpc.to_string(), zone)));
            match page.next_token {
                None => return Ok(all),
                token => next = next.set_next_token(token),
            }
        }
    }
}

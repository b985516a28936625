//! A name of ours for an interface endpoint: an alias, which follows the endpoint's own addresses.

use aws_sdk_route53::types::{AliasTarget, Change, ChangeAction, ChangeBatch, ResourceRecordSet, RrType};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{HostedZone, VpcEndpoint, zone_records::plain};
use crate::{aws::Aws, read::need, read::not_seen};

/// The name is the natural key, with the variant of what somebody else put beside ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AliasRecord {
    /// In which zone.
    pub zone: Ref<HostedZone>,
    /// Lower case, without the last dot.
    pub name: String,
    /// Its type, and the set that it belongs to where it is one of several: [`AliasRecord::OURS`], or another's `A/blue`.
    pub variant: String,
    /// Whose addresses it answers with.
    pub endpoint: Ref<VpcEndpoint>,
}

impl Resource for AliasRecord {
    const NAME: &'static str = "alias-record";
}

impl Kind<Aws> for AliasRecord {
    const CALLS: Calls = Calls {
        observe: &["route53:ListHostedZones", "route53:ListResourceRecordSets"],
        create: &["route53:ChangeResourceRecordSets", "ec2:DescribeVpcEndpoints"],
        update: &["ec2:DescribeVpcEndpoints", "route53:ChangeResourceRecordSets"],
        delete: &["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let mut found = vec![];
        for zone in aws.hosted_zones().await?.iter() {
            for record in &zone.records {
                let Some(alias) = record.alias_target() else { continue };
                let name = plain(record.name());
                let id = format!("{}|{name} {}", zone.id(), variant(record));
                let spec = AliasRecord {
                    zone: Ref::id(zone.id()),
                    name,
                    variant: variant(record),
                    endpoint: Ref::id(endpoint_of(alias.dns_name())),
                };
                found.push(Live { id, owner: Owner::Parent, state: State::Ready, spec });
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = match self.variant.as_str() {
            Self::OURS => format!("{}/{}", self.zone.label(), self.name),
            variant => format!("{}/{}/{variant}", self.zone.label(), self.name),
        };
        Some(Natural { parent: self.zone.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let AliasRecord { zone, name, variant, endpoint } = self;
        diff.replace("zone", zone, &live.zone);
        diff.replace("name", name, &live.name);
        diff.replace("variant", variant, &live.variant);
        diff.in_place("endpoint", endpoint, &live.endpoint);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let zone = cx.id(&self.zone)?;
        self.put(&zone, cx).await?;
        Ok(format!("{zone}|{} {}", self.name, self.variant))
    }

    async fn update(&self, _: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        self.put(&cx.id(&self.zone)?, cx).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (zone, key) = live.id.split_once('|').unwrap_or_default();
        let there = aws.records(zone).await?;
        let record = there.into_iter().find(|record| {
            record.alias_target().is_some() && format!("{} {}", plain(record.name()), variant(record)) == key
        });
        match record {
            Some(record) => change(ChangeAction::Delete, record, zone, aws).await,
            None => Ok(()),
        }
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        AliasRecord {
            zone: Ref::to("gc.naruto.example"),
            name: "fukushi.gc.naruto.example".into(),
            variant: AliasRecord::OURS.into(),
            endpoint: Ref::to("fukushi"),
        }
    }
}

impl AliasRecord {
    /// The endpoints of this version have no IPv6.
    pub const OURS: &'static str = "A";

    async fn put(&self, zone: &str, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:DescribeVpcEndpoints";
        let (aws, id) = (&cx.world, cx.id(&self.endpoint)?);
        let endpoints = aws.vpc_endpoints().await?;
        let endpoint = endpoints.iter().find(|endpoint| endpoint.vpc_endpoint_id() == Some(&id));
        // The first of its names is the one for all zones (PrivateLink, "Access an endpoint service").
        let entry = endpoint.and_then(|endpoint| endpoint.dns_entries().first());
        let entry = entry.ok_or_else(|| not_seen(OPERATION, aws.account(), &format!("the name of {id}")))?;
        let target = AliasTarget::builder()
            .dns_name(need(entry.dns_name(), OPERATION, "dnsName")?)
            .hosted_zone_id(need(entry.hosted_zone_id(), OPERATION, "hostedZoneId")?)
            .evaluate_target_health(false)
            .build()
            .map_err(unbuilt)?;
        let record = ResourceRecordSet::builder().name(&self.name).r#type(RrType::A).alias_target(target);
        change(ChangeAction::Upsert, record.build().map_err(unbuilt)?, zone, aws).await
    }
}

fn variant(record: &ResourceRecordSet) -> String {
    match record.set_identifier() {
        Some(set) => format!("{}/{set}", record.r#type().as_str()),
        None => record.r#type().as_str().into(),
    }
}

async fn change(action: ChangeAction, record: ResourceRecordSet, zone: &str, aws: &Aws) -> Result<(), Failure> {
    let change = Change::builder().action(action).resource_record_set(record).build().map_err(unbuilt)?;
    let batch = ChangeBatch::builder().changes(change).build().map_err(unbuilt)?;
    let call = aws.write().route53.change_resource_record_sets().hosted_zone_id(zone).change_batch(batch);
    aws.call("route53:ChangeResourceRecordSets", call.send()).await.map(drop)
}

fn unbuilt(error: aws_sdk_route53::error::BuildError) -> Failure {
    Failure::internal("route53:ChangeResourceRecordSets", error.to_string())
}

/// `vpce-0123456789abcdef0` out of `vpce-0123456789abcdef0-abcdefgh.vpce-svc-….vpce.amazonaws.com.`; the whole name of what is
/// no endpoint.
fn endpoint_of(name: &str) -> &str {
    let mut dashes = name.match_indices('-').map(|(place, _)| place);
    let (first, second) = (dashes.next(), dashes.next());
    match (name.starts_with("vpce-"), first, second) {
        (true, Some(_), Some(second)) => &name[..second],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoints_name_tells_its_id() {
        let name = "vpce-0123456789abcdef0-abcdefgh.vpce-svc-0fedcba9876543210.ap-northeast-1.vpce.amazonaws.com.";
        assert_eq!(endpoint_of(name), "vpce-0123456789abcdef0");
        assert_eq!(endpoint_of("www.example."), "www.example.");
    }
}

//! A private hosted zone of ours.

use std::collections::BTreeSet;

use aws_sdk_route53::types::{HostedZoneConfig, Tag, TagResourceType};
use futures::future::try_join;
use gcnet_core::{Calls, Class, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{Vpc, resolver_rule::plain_domain};
use crate::{
    aws::Aws,
    mark,
    read::need,
    snapshot::zones::{self, AT_REST, UNTAGGED, Zone},
};

/// Known by the mark that its creation left; its domain is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostedZone {
    /// Lower case, without the last dot.
    pub domain: String,
    /// VPCs of ours whose queries it answers; one at least, always. Other accounts' are [`super::ZoneAssociation`]s.
    pub vpcs: BTreeSet<Ref<Vpc>>,
    /// It has its tags, which it cannot be created with. No list shows them; its comment says whether they were written.
    pub tagged: bool,
}

impl Resource for HostedZone {
    const NAME: &'static str = "hosted-zone";
}

impl Kind<Aws> for HostedZone {
    // A VPC sees one zone of a name.
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["route53:ListHostedZones", "route53:GetHostedZone", "ec2:DescribeVpcs"],
        create: &[
            "route53:CreateHostedZone",
            "route53:ChangeTagsForResource",
            "route53:UpdateHostedZoneComment",
            "ec2:DescribeVpcs",
        ],
        update: &[
            "route53:AssociateVPCWithHostedZone",
            "route53:DisassociateVPCFromHostedZone",
            "route53:ChangeTagsForResource",
            "route53:UpdateHostedZoneComment",
            "ec2:DescribeVpcs",
        ],
        delete: &["route53:DeleteHostedZone"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (zones, vpcs) = try_join(aws.hosted_zones(), aws.vpcs()).await?;
        let ours: BTreeSet<&str> = vpcs.iter().filter_map(|vpc| vpc.vpc_id()).collect();
        Ok(zones.iter().filter_map(|zone| read(zone, &ours)).collect())
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let HostedZone { domain, vpcs, tagged } = self;
        diff.replace("domain", domain, &live.domain);
        diff.in_place("vpcs", vpcs, &live.vpcs);
        diff.in_place("tagged", tagged, &live.tagged);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53:CreateHostedZone";
        let aws = &cx.world;
        let first = need(cx.ids(&self.vpcs)?.into_iter().next(), OPERATION, "VPC in the wish")?;
        let config = HostedZoneConfig::builder().comment(UNTAGGED).private_zone(true).build();
        let call = aws.write().route53.create_hosted_zone().name(&self.domain).vpc(zones::vpc(&first, aws.region()));
        let call = call.caller_reference(mark::write("zone", cx)).hosted_zone_config(config);
        let made = aws.call(OPERATION, call.send()).await?;
        let zone = need(made.hosted_zone, OPERATION, "HostedZone")?;
        Ok(zones::plain_id(zone.id()).to_string())
    }

    /// The new before the old: a private zone is never without a VPC. One at a time: the zone is busy after each, and what was
    /// associated before a refusal would be refused as a conflict with itself.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, route53) = (&cx.world, &cx.world.write().route53);
        if !live.spec.tagged {
            return label(&live.id, &cx.tags, aws).await;
        }
        let wished: BTreeSet<String> = cx.ids(&self.vpcs)?.into_iter().collect();
        let there: BTreeSet<String> = cx.ids(&live.spec.vpcs)?.into_iter().collect();
        if let Some(vpc) = wished.difference(&there).next() {
            let call = route53.associate_vpc_with_hosted_zone().hosted_zone_id(&live.id);
            let call = call.vpc(zones::vpc(vpc, aws.region()));
            return match aws.call("route53:AssociateVPCWithHostedZone", call.send()).await {
                // In conflict with itself: it is associated, and the read that led here lagged.
                Err(failure) if failure.code == "ConflictingDomainExists" && failure.message.contains(&live.id) => {
                    Err(Failure { class: Class::Already, ..failure })
                }
                done => done.map(drop),
            };
        }
        if let Some(vpc) = there.difference(&wished).next() {
            let call = route53.disassociate_vpc_from_hosted_zone().hosted_zone_id(&live.id);
            let call = call.vpc(zones::vpc(vpc, aws.region()));
            return aws.call("route53:DisassociateVPCFromHostedZone", call.send()).await.map(drop);
        }
        Ok(())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().route53.delete_hosted_zone().id(&live.id);
        aws.call("route53:DeleteHostedZone", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its tags are not read back, so they never differ
    }

    fn example() -> Self {
        HostedZone { domain: "gc.naruto.example".into(), vpcs: [Ref::to("shared")].into(), tagged: true }
    }
}

/// Writes the tags, and then that they are written.
async fn label(zone: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
    let route53 = &aws.write().route53;
    let tags: Vec<Tag> = tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    // AWS takes ten a call.
    for some in tags.chunks(10) {
        let call = route53.change_tags_for_resource().resource_type(TagResourceType::Hostedzone);
        let call = call.resource_id(zone).set_add_tags(Some(some.to_vec()));
        aws.call("route53:ChangeTagsForResource", call.send()).await?;
    }
    let call = route53.update_hosted_zone_comment().id(zone).comment(AT_REST);
    aws.call("route53:UpdateHostedZoneComment", call.send()).await.map(drop)
}

fn read(zone: &Zone, ours: &BTreeSet<&str>) -> Option<Live<HostedZone>> {
    let (stack, _) = mark::read(Some(zone.zone.caller_reference()))?;
    let domain = plain_domain(zone.zone.name());
    let tagged = zone.comment() != Some(UNTAGGED);
    let vpcs = zone.vpcs.iter().filter_map(|vpc| vpc.vpc_id()).filter(|vpc| ours.contains(vpc)).map(Ref::id).collect();
    Some(Live {
        id: zone.id().into(),
        owner: Owner::Name { stack, name: domain.clone() },
        state: State::Ready,
        spec: HostedZone { domain, vpcs, tagged },
    })
}

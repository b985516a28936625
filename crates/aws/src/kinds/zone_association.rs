//! That a VPC of another account sees a zone of ours: we authorise, they associate, we withdraw the authorisation.

use std::collections::BTreeSet;

use futures::future::try_join;
use gcnet_core::{
    Ask, Calls, Class, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Request, Resource, State, Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::HostedZone;
use crate::{
    aws::Aws,
    snapshot::zones::{self, AT_REST, SHARING},
};

/// The pair is the natural key. What they associated is theirs; an authorisation that they have not used is ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZoneAssociation {
    /// Our zone.
    pub zone: Ref<HostedZone>,
    /// Their VPC.
    pub vpc: String,
    /// Where it is.
    pub region: String,
    /// Whose it is, 12 digits; no read says so.
    pub account: String,
    /// Queries of the VPC are answered.
    pub associated: bool,
    /// The VPC's account may associate it.
    pub authorised: bool,
    /// A wish says whether we do their part with a role of theirs; no read does.
    pub role: Option<bool>,
}

impl Resource for ZoneAssociation {
    const NAME: &'static str = "zone-association";
}

impl Kind<Aws> for ZoneAssociation {
    const CALLS: Calls = Calls {
        observe: &[
            "route53:ListHostedZones",
            "route53:GetHostedZone",
            "route53:ListVPCAssociationAuthorizations",
            "ec2:DescribeVpcs",
        ],
        create: &[
            "route53:CreateVPCAssociationAuthorization",
            "route53:GetHostedZone",
            "route53:UpdateHostedZoneComment",
            "sts:AssumeRole",
        ],
        update: &[
            "route53:GetHostedZone",
            "route53:CreateVPCAssociationAuthorization",
            "route53:DeleteVPCAssociationAuthorization",
            "route53:ListVPCAssociationAuthorizations",
            "route53:UpdateHostedZoneComment",
            "sts:AssumeRole",
        ],
        delete: &[
            "route53:GetHostedZone",
            "route53:DeleteVPCAssociationAuthorization",
            "route53:ListVPCAssociationAuthorizations",
            "route53:UpdateHostedZoneComment",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (zones, vpcs) = try_join(aws.hosted_zones(), aws.vpcs()).await?;
        let ours: BTreeSet<&str> = vpcs.iter().filter_map(|vpc| vpc.vpc_id()).collect();
        let mut found = vec![];
        for zone in zones.iter() {
            let key = |vpc: &aws_sdk_route53::types::Vpc| {
                let region = vpc.vpc_region().map(|region| region.as_str().to_string()).unwrap_or_default();
                (vpc.vpc_id().unwrap_or_default().to_string(), region)
            };
            let associated: BTreeSet<(String, String)> = zone.vpcs.iter().map(key).collect();
            let authorised: BTreeSet<(String, String)> = zone.authorised.iter().map(key).collect();
            // A run died between withdrawing the last one and saying so.
            let is_stale = authorised.is_empty() && zone.comment() == Some(SHARING);
            for (vpc, region) in associated.union(&authorised).filter(|(vpc, _)| !ours.contains(vpc.as_str())) {
                let place = (vpc.clone(), region.clone());
                let spec = ZoneAssociation {
                    zone: Ref::id(zone.id()),
                    vpc: vpc.clone(),
                    region: region.clone(),
                    account: String::new(),
                    associated: associated.contains(&place),
                    authorised: is_stale || authorised.contains(&place),
                    role: None,
                };
                let state = if spec.associated { State::Ready } else { State::Theirs { refused: false, since: None } };
                found.push(Live { id: key_of(zone.id(), vpc), owner: Owner::Parent, state, spec });
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.zone.label(), self.vpc);
        Some(Natural { parent: self.zone.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        // Not the account, which no read shows, nor who does it.
        let ZoneAssociation { zone, vpc, region, account: _, associated, authorised, role } = self;
        diff.replace("zone", zone, &live.zone);
        diff.replace("vpc", vpc, &live.vpc);
        diff.replace("region", region, &live.region);
        if live.associated {
            diff.in_place("authorised", authorised, &live.authorised);
        } else if *role == Some(true) {
            diff.in_place("associated", associated, &live.associated);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let zone = cx.id(&self.zone)?;
        self.authorise(&zone, &cx.world).await?;
        if self.role == Some(true) {
            self.associate(&zone, &cx.world).await?;
        }
        Ok(key_of(&zone, &self.vpc))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let zone = cx.id(&self.zone)?;
        if !live.spec.associated {
            self.authorise(&zone, &cx.world).await?;
            return self.associate(&zone, &cx.world).await;
        }
        self.withdraw(&zone, &cx.world).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        live.spec.withdraw(live.spec.zone.label(), aws).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn is_theirs(&self) -> bool {
        self.associated
    }

    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live.filter(|live| !live.spec.associated && self.role != Some(true)) else { return vec![] };
        let input = json!({
            "HostedZoneId": known.id(&self.zone).unwrap_or_default(),
            "VPC": { "VPCRegion": self.region, "VPCId": self.vpc },
        });
        let call = Request::new("route53", "AssociateVPCWithHostedZone", input);
        vec![Ask::account(&self.account, "associate-zone").standing(&live.state).by(call)]
    }

    fn example() -> Self {
        ZoneAssociation {
            zone: Ref::to("gc.naruto.example"),
            vpc: "vpc-0a1b2c3d4e5f60718".into(),
            region: "ap-northeast-1".into(),
            account: "222233334444".into(),
            associated: true,
            authorised: false,
            role: Some(false),
        }
    }
}

impl ZoneAssociation {
    /// To authorise again changes nothing.
    async fn authorise(&self, zone: &str, aws: &Aws) -> Result<(), Failure> {
        comment(zone, SHARING, aws).await?;
        let call = aws.write().route53.create_vpc_association_authorization().hosted_zone_id(zone);
        let call = call.vpc(zones::vpc(&self.vpc, &self.region));
        aws.call("route53:CreateVPCAssociationAuthorization", call.send()).await.map(drop)
    }

    async fn associate(&self, zone: &str, aws: &Aws) -> Result<(), Failure> {
        let there = aws.in_account(&self.account)?;
        let call = there.write().route53.associate_vpc_with_hosted_zone().hosted_zone_id(zone);
        let call = call.vpc(zones::vpc(&self.vpc, &self.region));
        there.call("route53:AssociateVPCWithHostedZone", call.send()).await.map(drop)
    }

    /// An authorisation that stays would let them come back after the association was removed.
    async fn withdraw(&self, zone: &str, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().route53.delete_vpc_association_authorization().hosted_zone_id(zone);
        let call = call.vpc(zones::vpc(&self.vpc, &self.region));
        match aws.call("route53:DeleteVPCAssociationAuthorization", call.send()).await {
            // Of a run that died, or whose answer got lost.
            Err(failure) if failure.class == Class::NotFound => {}
            done => drop(done?),
        }
        if aws.authorised(zone).await?.is_empty() {
            comment(zone, AT_REST, aws).await?;
        }
        Ok(())
    }
}

/// Says in the zone's comment whether there are authorisations to be read. Whoever is late to be seen by another is authorised
/// again by the next run.
async fn comment(zone: &str, text: &str, aws: &Aws) -> Result<(), Failure> {
    let now = aws.call("route53:GetHostedZone", aws.read().route53.get_hosted_zone().id(zone).send()).await?;
    let now = now.hosted_zone().and_then(|zone| zone.config()).and_then(|config| config.comment());
    // A zone takes one change at a time, and none comes soon after another.
    if now == Some(text) {
        return Ok(());
    }
    let call = aws.write().route53.update_hosted_zone_comment().id(zone).comment(text);
    aws.call("route53:UpdateHostedZoneComment", call.send()).await.map(drop)
}

fn key_of(zone: &str, vpc: &str) -> String {
    format!("{zone}|{vpc}")
}

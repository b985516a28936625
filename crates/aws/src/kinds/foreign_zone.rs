//! That one of our VPCs sees a zone of another account: they authorise, we associate, they withdraw the authorisation.

use std::collections::BTreeSet;

use futures::future::try_join3;
use gcnet_core::{
    Ask, Calls, Class, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Request, Resource, State, Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Vpc, foreign_attachment::MADE_BY, resolver_rule::plain_domain};
use crate::{aws::Aws, snapshot::zones, tags};

/// The pair is the natural key. Nothing shows us that they have authorised: only trying does.
///
/// Associations carry no tags, so our VPC does: one of ours for each of ours, written before it is made. One without was made
/// by somebody else, and is left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignZone {
    /// Our VPC.
    pub vpc: Ref<Vpc>,
    /// Where the VPC is.
    pub region: String,
    /// Id of their zone.
    pub zone: String,
    /// Its domain: what the file says, or what is live.
    pub domain: String,
    /// Whose it is, 12 digits.
    pub account: String,
    /// A wish says whether we do their part with a role of theirs; no read does.
    pub role: Option<bool>,
    /// Live: we associated it.
    pub made_by_us: Option<bool>,
    /// Live: what we authorised with a role of theirs has not been withdrawn yet.
    pub open: bool,
}

impl Resource for ForeignZone {
    const NAME: &'static str = "foreign-zone";
}

impl Kind<Aws> for ForeignZone {
    const ONLY_TRYING_TELLS: bool = true;
    const MANY_CALLS: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcs", "route53:ListHostedZones", "route53:ListHostedZonesByVPC"],
        create: &[
            "route53:AssociateVPCWithHostedZone",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:DescribeVpcs",
            "sts:AssumeRole",
        ],
        update: &["ec2:CreateTags", "sts:AssumeRole"],
        delete: &["ec2:DeleteTags", "ec2:DescribeVpcs", "route53:DisassociateVPCFromHostedZone"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (seen, ours, vpcs) = try_join3(aws.zones_of_vpcs(), aws.hosted_zones(), aws.vpcs()).await?;
        let ours: BTreeSet<&str> = ours.iter().map(|zone| zone.id()).collect();
        let mut found = vec![];
        for (vpc, zone) in seen.iter() {
            let id = zones::plain_id(zone.hosted_zone_id());
            // A service of AWS looks after its own zones.
            let Some(account) = zone.owner().and_then(|owner| owner.owning_account()) else { continue };
            let tags = vpcs.iter().find(|known| known.vpc_id() == Some(vpc)).map(|vpc| vpc.tags()).unwrap_or_default();
            let mark = tags.iter().find(|tag| tag.key() == Some(&mark(id)));
            let made_by_us = mark.is_some();
            // One of ours that a file took for theirs is for people to look at; all others of ours are of another kind.
            if ours.contains(id) && !made_by_us {
                continue;
            }
            let spec = ForeignZone {
                vpc: Ref::id(vpc),
                region: aws.region().into(),
                zone: id.into(),
                domain: plain_domain(zone.name()),
                account: account.into(),
                role: None,
                made_by_us: Some(made_by_us),
                open: mark.is_some_and(|mark| mark.value() == Some(OPEN)),
            };
            found.push(Live { id: format!("{vpc}|{id}"), owner: Owner::Parent, state: State::Ready, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.vpc.label(), self.zone);
        Some(Natural { parent: self.vpc.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        // Not the rest: another domain or account than the file's is for people to look at, see `asks`.
        let ForeignZone { vpc, region: _, zone, domain: _, account: _, role, made_by_us: _, open } = self;
        diff.replace("vpc", vpc, &live.vpc);
        diff.replace("zone", zone, &live.zone);
        if *role == Some(true) {
            diff.in_place("open", open, &live.open);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, vpc) = (&cx.world, cx.id(&self.vpc)?);
        let place = || zones::vpc(&vpc, aws.region());
        if self.role == Some(true) {
            let there = aws.in_account(&self.account)?;
            let call = there.write().route53.create_vpc_association_authorization().hosted_zone_id(&self.zone);
            there.call("route53:CreateVPCAssociationAuthorization", call.vpc(place()).send()).await?;
        }
        let made_by = if self.role == Some(true) { OPEN } else { MADE_BY.1 };
        tags::retag_ec2(&vpc, &Tags::from([(mark(&self.zone), made_by.to_string())]), aws).await?;
        let call = aws.write().route53.associate_vpc_with_hosted_zone().hosted_zone_id(&self.zone).vpc(place());
        match aws.call("route53:AssociateVPCWithHostedZone", call.send()).await {
            // It is there already, and for people to look at: see `asks`.
            Err(_) if is_our_own(&self.zone, aws).await? => {}
            // A zone that is associated is in conflict with itself: a retry, or a list that lags.
            Err(failure) if failure.class == Class::Invalid && self.is_there(&vpc, aws).await? => {}
            Err(failure) if [Class::Theirs, Class::NotFound].contains(&failure.class) => {
                tags::untag_ec2(&vpc, &mark(&self.zone), aws).await?;
                // No such zone: theirs to make, or to name rightly.
                return Err(Failure { class: Class::Theirs, ..failure });
            }
            done => drop(done?),
        }
        Ok(format!("{vpc}|{}", self.zone))
    }

    /// An authorisation that stays would let us come back after they have removed the association.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, vpc) = (&cx.world, live.spec.vpc.label());
        let there = aws.in_account(&self.account)?;
        let call = there.write().route53.delete_vpc_association_authorization().hosted_zone_id(&self.zone);
        let call = call.vpc(zones::vpc(vpc, aws.region()));
        match there.call("route53:DeleteVPCAssociationAuthorization", call.send()).await {
            // Of a run that died before it wrote so.
            Err(failure) if failure.class == Class::NotFound => {}
            done => drop(done?),
        }
        tags::retag_ec2(vpc, &Tags::from([(mark(&self.zone), MADE_BY.1.to_string())]), aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (vpc, zone) = live.id.split_once('|').unwrap_or_default();
        if live.spec.account == aws.account() && is_our_own(zone, aws).await? {
            return tags::untag_ec2(vpc, &mark(zone), aws).await;
        }
        let call = aws.write().route53.disassociate_vpc_from_hosted_zone().hosted_zone_id(zone);
        let call = call.vpc(zones::vpc(vpc, aws.region()));
        match aws.call("route53:DisassociateVPCFromHostedZone", call.send()).await {
            // Of a run that died before it took the mark away, or removed by them.
            Err(failure) if failure.class == Class::NotFound => {}
            done => drop(done?),
        }
        tags::untag_ec2(vpc, &mark(zone), aws).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn is_theirs(&self) -> bool {
        self.made_by_us == Some(false)
    }

    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        match live {
            None if self.role == Some(true) => vec![],
            None => {
                let ask = Ask::account(&self.account, "authorise-vpc");
                let Some(vpc) = known.id(&self.vpc) else { return vec![ask] };
                let place = json!({ "VPCRegion": self.region, "VPCId": vpc });
                let input = json!({ "HostedZoneId": self.zone, "VPC": place });
                vec![ask.by(Request::new("route53", "CreateVPCAssociationAuthorization", input))]
            }
            Some(live) if live.spec.domain != self.domain || live.spec.account != self.account => {
                vec![Ask::operator("check-zone")]
            }
            Some(_) => vec![],
        }
    }

    fn example() -> Self {
        ForeignZone {
            vpc: Ref::to("shared"),
            region: "ap-northeast-1".into(),
            zone: "Z0123456789ABCDEFGHIJ".into(),
            domain: "juki.naruto.asp-a.example".into(),
            account: "222233334444".into(),
            role: Some(false),
            made_by_us: Some(false),
            open: false,
        }
    }
}

impl ForeignZone {
    /// Read now.
    async fn is_there(&self, vpc: &str, aws: &Aws) -> Result<bool, Failure> {
        let seen = aws.zones_of_vpcs().await?;
        Ok(seen.iter().any(|(of, zone)| of == vpc && zones::plain_id(zone.hosted_zone_id()) == self.zone))
    }
}

/// Whether gcnet made the zone, so that it is nobody else's.
async fn is_our_own(zone: &str, aws: &Aws) -> Result<bool, Failure> {
    Ok(aws.hosted_zones().await?.iter().any(|known| known.id() == zone))
}

/// The value of the mark while an authorisation of ours in their account is to be withdrawn.
const OPEN: &str = "authorised";

/// The tag of a VPC that we associated with this zone.
fn mark(zone: &str) -> String {
    format!("gcnet:zone:{zone}")
}

//! That a resource of ours is in a share.

use aws_sdk_ram::types::ResourceShareAssociationStatus as Code;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{
    Share, Tgw,
    shareable::{self, Shareable},
};
use crate::{aws::Aws, read::need};

/// The pair is the natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareResource {
    /// In which share.
    pub share: Ref<Share>,
    /// What.
    pub resource: Ref<Shareable>,
}

impl Resource for ShareResource {
    const NAME: &'static str = "share-resource";
}

impl Kind<Aws> for ShareResource {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ram:GetResourceShares", "ram:GetResourceShareAssociations"],
        // A rule and a query log are shared by a policy of their own, in the name of whoever shares them.
        create: &[
            "ram:AssociateResourceShare",
            "route53resolver:PutResolverQueryLogConfigPolicy",
            "route53resolver:PutResolverRulePolicy",
        ],
        update: &[],
        delete: &["ram:DisassociateResourceShare"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ram:GetResourceShareAssociations";
        let mut found = vec![];
        for member in aws.share_resources().await?.iter() {
            let state = match need(member.status(), OPERATION, "status")? {
                Code::Disassociated => continue,
                Code::Associated => State::Ready,
                Code::Disassociating => State::Leaving,
                Code::Failed => State::Failed(member.status_message().unwrap_or("failed").into()),
                other => State::Pending(other.as_str().into()),
            };
            let share = need(member.resource_share_arn(), OPERATION, "resourceShareArn")?;
            let arn = need(member.associated_entity(), OPERATION, "associatedEntity")?;
            let spec = ShareResource { share: Ref::id(share), resource: Ref::id(shareable::id(arn)) };
            found.push(Live { id: key(share, arn), owner: Owner::Parent, state, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.share.label(), self.resource.label());
        Some(Natural { parent: self.share.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ShareResource { share, resource } = self;
        diff.replace("share", share, &live.share);
        diff.replace("resource", resource, &live.resource);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, share) = (&cx.world, cx.id(&self.share)?);
        let arn = shareable::arn(&self.resource, &cx.id(&self.resource)?, aws)?;
        let call = aws.write().ram.associate_resource_share().resource_share_arn(&share).resource_arns(&arn);
        aws.call("ram:AssociateResourceShare", call.send()).await?;
        Ok(key(&share, &arn))
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (share, arn) = live.id.split_once('|').unwrap_or_default();
        let call = aws.write().ram.disassociate_resource_share().resource_share_arn(share).resource_arns(arn);
        aws.call("ram:DisassociateResourceShare", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        ShareResource { share: Ref::to("tgw"), resource: Ref::<Tgw>::to("main").widen() }
    }
}

fn key(share: &str, arn: &str) -> String {
    format!("{share}|{arn}")
}

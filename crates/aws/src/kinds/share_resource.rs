//! That a resource of ours is in a share.

use aws_sdk_ram::types::{AssociatedPermission, ResourceShareAssociationStatus as Code};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{
    CertificateAuthority, Share,
    shareable::{self, Shareable},
};
use crate::{aws::Aws, read::need, snapshot::authorities::SHARED_TYPE};

/// The pair is the natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareResource {
    /// In which share.
    pub share: Ref<Share>,
    /// What.
    pub resource: Ref<Shareable>,
    /// ARN of what receivers may do with it; `None` for what AWS has one permission for.
    pub permission: Option<String>,
}

impl ShareResource {
    /// To have an authority issue certificates of end entities, and nothing else (Private CA user guide, "Attach a policy for
    /// cross-account access"). AWS's default, which somebody may have exchanged.
    pub const END_ENTITIES: &str = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionCertificateAuthority";

    /// An authority.
    pub fn of_authority(share: Ref<Share>, authority: Ref<CertificateAuthority>) -> Self {
        ShareResource { share, resource: authority.widen(), permission: Some(Self::END_ENTITIES.into()) }
    }

    /// With AWS's permission for its type.
    pub fn of(share: Ref<Share>, resource: Ref<Shareable>) -> Self {
        ShareResource { share, resource, permission: None }
    }
}

impl Resource for ShareResource {
    const NAME: &'static str = "share-resource";
}

impl Kind<Aws> for ShareResource {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &[
            "ram:GetResourceShares",
            "ram:GetResourceShareAssociations",
            "ram:ListPermissionAssociations",
            "acm-pca:ListCertificateAuthorities",
        ],
        // Authorities, rules and query logs are shared by a policy of their own, in the name of whoever shares them.
        create: &[
            "ram:AssociateResourceShare",
            "acm-pca:PutPolicy",
            "route53resolver:PutResolverQueryLogConfigPolicy",
            "route53resolver:PutResolverRulePolicy",
        ],
        update: &["ram:AssociateResourceSharePermission"],
        delete: &["acm-pca:DeletePolicy", "ram:DisassociateResourceShare"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ram:GetResourceShareAssociations";
        let mut found = vec![];
        let (members, permissions) = futures::try_join!(aws.share_resources(), aws.share_permissions())?;
        for member in members.iter() {
            let state = match need(member.status(), OPERATION, "status")? {
                Code::Disassociated => continue,
                Code::Associated => State::Ready,
                Code::Disassociating => State::Leaving,
                Code::Failed => State::Failed(member.status_message().unwrap_or("failed").into()),
                other => State::Pending(other.as_str().into()),
            };
            let share = need(member.resource_share_arn(), OPERATION, "resourceShareArn")?;
            let arn = need(member.associated_entity(), OPERATION, "associatedEntity")?;
            // A share has one for each type of resource in it.
            let of = |permission: &&AssociatedPermission| permission.resource_share_arn() == Some(share);
            let permission = is_authority(arn).then(|| permissions.iter().find(of)).flatten();
            let permission = permission.and_then(|permission| permission.arn()).map(String::from);
            let spec = ShareResource { share: Ref::id(share), resource: Ref::id(shareable::id(arn)), permission };
            found.push(Live { id: key(share, arn), owner: Owner::Parent, state, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.share.label(), self.resource.label());
        Some(Natural { parent: self.share.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ShareResource { share, resource, permission } = self;
        diff.replace("share", share, &live.share);
        diff.replace("resource", resource, &live.resource);
        diff.in_place_if_said("permission", permission, &live.permission);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, share) = (&cx.world, cx.id(&self.share)?);
        let arn = shareable::arn(&self.resource, &cx.id(&self.resource)?, aws)?;
        let call = aws.write().ram.associate_resource_share().resource_share_arn(&share).resource_arns(&arn);
        aws.call("ram:AssociateResourceShare", call.send()).await?;
        Ok(key(&share, &arn))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (share, _) = live.id.split_once('|').unwrap_or_default();
        let Some(permission) = &self.permission else { return Ok(()) };
        let call = cx.world.write().ram.associate_resource_share_permission().resource_share_arn(share);
        let call = call.permission_arn(permission).replace(true);
        cx.world.call("ram:AssociateResourceSharePermission", call.send()).await.map(drop)
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
        ShareResource::of_authority(Ref::to("ca"), Ref::to("root"))
    }
}

fn is_authority(arn: &str) -> bool {
    arn.split(':').nth(2) == SHARED_TYPE.split(':').next()
}

fn key(share: &str, arn: &str) -> String {
    format!("{share}|{arn}")
}

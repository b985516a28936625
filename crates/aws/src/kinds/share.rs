//! A resource share: what of ours other accounts may use. Its members are [`super::ShareResource`] and
//! [`super::SharePrincipal`].

use aws_sdk_ram::types::{ResourceShare, ResourceShareStatus as Code, Tag};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use crate::{aws::Aws, read::need};

/// With AWS's default permission for each type of resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Accounts outside our organisation may be in it. AWS's default is yes, so it is always said.
    pub external: bool,
}

impl Resource for Share {
    const NAME: &'static str = "share";
}

impl Kind<Aws> for Share {
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ram:GetResourceShares"],
        create: &["ram:CreateResourceShare", "ram:TagResource"],
        update: &["ram:UpdateResourceShare", "ram:TagResource"],
        delete: &["ram:DeleteResourceShare"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.shares().await?.iter().map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Share { external } = self;
        diff.in_place("external", external, &live.external);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ram:CreateResourceShare";
        let aws = &cx.world;
        // Receivers see the name in their console, so it says more than the address.
        let name = cx.tags.get("Name").map_or(cx.address.name(), String::as_str);
        let call = aws
            .write()
            .ram
            .create_resource_share()
            .name(format!("gcnet-{name}"))
            .allow_external_principals(self.external)
            .set_tags(Some(to_ram(&cx.tags)))
            .client_token(&cx.token);
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resource_share.and_then(|share| share.resource_share_arn), OPERATION, "resourceShareArn")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let call = cx.world.write().ram.update_resource_share().resource_share_arn(&live.id);
        let call = call.allow_external_principals(self.external);
        cx.world.call("ram:UpdateResourceShare", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ram.delete_resource_share().resource_share_arn(&live.id);
        aws.call("ram:DeleteResourceShare", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ram.tag_resource().resource_share_arn(id).set_tags(Some(to_ram(tags)));
        aws.call("ram:TagResource", call.send()).await.map(drop)
    }

    fn example() -> Self {
        Share { external: true }
    }
}

fn to_ram(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn read(share: &ResourceShare) -> Result<Live<Share>, Failure> {
    const OPERATION: &str = "ram:GetResourceShares";
    let tags = share.tags().iter().filter_map(|tag| {
        let key = tag.key()?.to_string();
        Some((key, tag.value().unwrap_or_default().to_string()))
    });
    let state = match need(share.status(), OPERATION, "status")? {
        Code::Active => State::Ready,
        Code::Deleting => State::Leaving,
        Code::Failed => State::Failed(share.status_message().unwrap_or("failed").into()),
        other => State::Pending(other.as_str().into()),
    };
    Ok(Live {
        id: need(share.resource_share_arn(), OPERATION, "resourceShareArn")?.into(),
        owner: Owner::Tags(tags.collect()),
        state,
        spec: Share { external: need(share.allow_external_principals(), OPERATION, "allowExternalPrincipals")? },
    })
}

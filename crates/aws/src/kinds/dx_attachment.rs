//! The attachment that AWS makes of an association with a Direct Connect gateway.

use std::time::Duration;

use aws_sdk_ec2::types::{TransitGatewayAttachment, TransitGatewayAttachmentResourceType as Type};
use gcnet_core::{
    Calls, Class, Context, Diff, Failure, Is, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags, World,
};
use serde::{Deserialize, Serialize};

use super::{DxAssociation, DxGateway, Tgw, TgwAttachment, dx_association, tgw_attachment};
use crate::{aws::Aws, error::refused, read::need};

/// Nobody creates or deletes it by itself: it comes and goes with the association. It is a resource here so that route
/// tables can be associated with it and learn from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DxAttachment {
    /// One end.
    pub tgw: Ref<Tgw>,
    /// The other end, ours or another account's.
    pub gateway: Ref<DxGateway>,
    /// What it comes with.
    pub association: Ref<DxAssociation>,
}

impl Resource for DxAttachment {
    const NAME: &'static str = "dx-attachment";
}

impl Is<TgwAttachment> for DxAttachment {}

impl Kind<Aws> for DxAttachment {
    const REPLACE: Replace = Replace::DeleteFirst;
    const PATIENCE: Duration = dx_association::PATIENCE;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayAttachments"],
        create: &[],
        update: &[],
        delete: &["directconnect:DeleteDirectConnectGatewayAssociation"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.tgw_attachments().await?.iter().filter_map(|attachment| read(attachment).transpose()).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.tgw.label(), self.gateway.label());
        Some(Natural { parent: self.tgw.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let DxAttachment { tgw, gateway, association } = self;
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("gateway", gateway, &live.gateway);
        diff.replace("association", association, &live.association);
    }

    /// Finds it: AWS shows it some time after the association is there.
    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:DescribeTransitGatewayAttachments";
        let (tgw, gateway, aws) = (cx.id(&self.tgw)?, cx.id(&self.gateway)?, &cx.world);
        let attachments = aws.fresh().tgw_attachments().await?;
        let found = attachments.iter().find(|attachment| {
            is_dx(attachment)
                && attachment.transit_gateway_id() == Some(&tgw)
                && attachment.resource_id() == Some(&gateway)
        });
        match found.and_then(|attachment| attachment.transit_gateway_attachment_id()) {
            Some(id) => Ok(id.into()),
            None => {
                let message = format!("{tgw} shows no attachment of {gateway} yet");
                let failure = refused(OPERATION, aws.account(), "not-yet", &message);
                Err(Failure { class: Class::NotYet, ..failure })
            }
        }
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        dx_association::disassociate(aws, live.spec.tgw.label(), live.spec.gateway.label()).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // owned by its transit gateway, see `natural`
    }

    fn example() -> Self {
        DxAttachment { tgw: Ref::to("main"), gateway: Ref::to("lgcs"), association: Ref::to("main/lgcs") }
    }
}

fn is_dx(attachment: &TransitGatewayAttachment) -> bool {
    attachment.resource_type() == Some(&Type::DirectConnectGateway)
}

fn read(attachment: &TransitGatewayAttachment) -> Result<Option<Live<DxAttachment>>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGatewayAttachments";
    let state: Option<State> = tgw_attachment::state(attachment.state());
    let (true, Some(state)) = (is_dx(attachment), state) else { return Ok(None) };
    let tgw = need(attachment.transit_gateway_id(), OPERATION, "transitGatewayId")?;
    let gateway = need(attachment.resource_id(), OPERATION, "resourceId")?;
    Ok(Some(Live {
        id: need(attachment.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?.into(),
        owner: Owner::Parent,
        state,
        spec: DxAttachment {
            tgw: Ref::id(tgw),
            gateway: Ref::id(gateway),
            association: Ref::id(dx_association::key(tgw, gateway)),
        },
    }))
}

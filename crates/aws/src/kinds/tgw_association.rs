//! Which route table an attachment looks up: where its packets can go. An attachment has at most one.

use aws_sdk_ec2::types::TransitGatewayAssociationState as Code;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{TgwAttachment, TgwRouteTable, TgwVpcAttachment};
use crate::{aws::Aws, read::need};

/// The attachment is the natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwAssociation {
    /// Whose packets.
    pub attachment: Ref<TgwAttachment>,
    /// Where they look up their way.
    pub table: Ref<TgwRouteTable>,
}

impl Resource for TgwAssociation {
    const NAME: &'static str = "tgw-association";
}

impl Kind<Aws> for TgwAssociation {
    // Moving is: disassociate, wait, associate (Resource.AlreadyAssociated). Traffic stops in between.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayAttachments"],
        create: &["ec2:AssociateTransitGatewayRouteTable"],
        update: &[],
        delete: &["ec2:DisassociateTransitGatewayRouteTable"],
    };

    /// Out of the attachments: they name their table, whatever their type.
    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeTransitGatewayAttachments";
        let mut found = vec![];
        for attachment in aws.tgw_attachments().await?.iter() {
            let Some(association) = attachment.association() else { continue };
            let Some(table) = association.transit_gateway_route_table_id() else { continue };
            let state = match association.state() {
                Some(Code::Disassociated) => continue,
                Some(Code::Associated) => State::Ready,
                Some(Code::Disassociating) => State::Leaving,
                other => State::Pending(other.map_or("unknown", Code::as_str).into()),
            };
            let id = need(attachment.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?;
            let spec = TgwAssociation { attachment: Ref::id(id), table: Ref::id(table) };
            found.push(Live { id: key(id, table), owner: Owner::Parent, state, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.attachment.target().clone(), name: self.attachment.label().into() })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwAssociation { attachment, table } = self;
        diff.replace("attachment", attachment, &live.attachment);
        diff.replace("table", table, &live.table);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, attachment, table) = (&cx.world, cx.id(&self.attachment)?, cx.id(&self.table)?);
        let call = aws.write().ec2.associate_transit_gateway_route_table();
        let call = call.transit_gateway_attachment_id(&attachment).transit_gateway_route_table_id(&table);
        aws.call("ec2:AssociateTransitGatewayRouteTable", call.send()).await?;
        Ok(key(&attachment, &table))
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (attachment, table) = live.id.split_once('|').unwrap_or_default();
        let call = aws.write().ec2.disassociate_transit_gateway_route_table();
        let call = call.transit_gateway_attachment_id(attachment).transit_gateway_route_table_id(table);
        aws.call("ec2:DisassociateTransitGatewayRouteTable", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        TgwAssociation { attachment: Ref::<TgwVpcAttachment>::to("shared").widen(), table: Ref::to("shared") }
    }
}

fn key(attachment: &str, table: &str) -> String {
    format!("{attachment}|{table}")
}

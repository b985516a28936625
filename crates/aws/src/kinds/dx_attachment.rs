//! The attachment that AWS makes of an association with a Direct Connect gateway.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws_sdk_ec2::types::{TransitGatewayAttachment, TransitGatewayAttachmentResourceType as Type};
use gcnet_core::{
    Ask, Calls, Class, Context, Diff, Failure, Is, Kind, Known, Live, Natural, Owner, Ref, Replace, Resource, State,
    Tags, World,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{DxAssociation, DxGateway, Tgw, TgwAttachment, dx_association, learned::learned, tgw_attachment};
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
    /// What on-premises announces over it; AWS takes whatever comes. Live: what our route tables have learned from it; empty
    /// while they have learned nothing.
    pub announced: BTreeSet<Ipv4Net>,
    /// Ranges that lie elsewhere: what is announced inside one of them takes its packets away, being longer than what else
    /// leads there. Cannot be read back.
    pub elsewhere: BTreeSet<Ipv4Net>,
}

impl Resource for DxAttachment {
    const NAME: &'static str = "dx-attachment";
}

impl Is<TgwAttachment> for DxAttachment {}

impl Kind<Aws> for DxAttachment {
    const REPLACE: Replace = Replace::DeleteFirst;
    const PATIENCE: Duration = dx_association::PATIENCE;
    const CALLS: Calls = Calls {
        observe: &[
            "ec2:DescribeTransitGatewayAttachments",
            "ec2:DescribeTransitGatewayRouteTables",
            "ec2:SearchTransitGatewayRoutes",
        ],
        create: &[],
        update: &[],
        delete: &["directconnect:DeleteDirectConnectGatewayAssociation"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (attachments, routes) = futures::try_join!(aws.tgw_attachments(), aws.tgw_routes())?;
        let learned = learned(&routes);
        attachments.iter().filter_map(|attachment| read(attachment, &learned).transpose()).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.tgw.label(), self.gateway.label());
        Some(Natural { parent: self.tgw.target().clone(), name })
    }

    /// What is announced is on-premises' to change, see [`asks`](Self::asks).
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let DxAttachment { tgw, gateway, association, announced: _, elsewhere: _ } = self;
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
                let message = format!("{tgw}: {gateway}");
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

    /// More or less of on-premises' own ranges is on-premises' affair. What leads into somebody else's is for people: which
    /// of the router and the file is wrong, nobody here can tell.
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let Some(Live { spec, .. }) = live else { return vec![] };
        let is_elsewhere = |net: &Ipv4Net| self.elsewhere.iter().any(|elsewhere| elsewhere.contains(net));
        if !spec.announced.iter().any(is_elsewhere) {
            return vec![];
        }
        let texts = |nets: &BTreeSet<Ipv4Net>| nets.iter().map(Ipv4Net::to_string).collect::<Vec<_>>();
        vec![Ask::operator("check-announcements").between(texts(&self.announced), texts(&spec.announced))]
    }

    fn example() -> Self {
        DxAttachment {
            tgw: Ref::to("main"),
            gateway: Ref::to("lgcs"),
            association: Ref::to("main/lgcs"),
            announced: [Ipv4Net::new_assert([10, 221, 0, 0].into(), 25)].into(),
            elsewhere: [Ipv4Net::new_assert([10, 221, 0, 0].into(), 24)].into(),
        }
    }
}

fn is_dx(attachment: &TransitGatewayAttachment) -> bool {
    attachment.resource_type() == Some(&Type::DirectConnectGateway)
}

fn read(
    attachment: &TransitGatewayAttachment,
    learned: &BTreeMap<&str, BTreeSet<Ipv4Net>>,
) -> Result<Option<Live<DxAttachment>>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGatewayAttachments";
    let state: Option<State> = tgw_attachment::state(attachment.state());
    let (true, Some(state)) = (is_dx(attachment), state) else { return Ok(None) };
    let tgw = need(attachment.transit_gateway_id(), OPERATION, "transitGatewayId")?;
    let gateway = need(attachment.resource_id(), OPERATION, "resourceId")?;
    let id = need(attachment.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?;
    Ok(Some(Live {
        id: id.into(),
        owner: Owner::Parent,
        state,
        spec: DxAttachment {
            tgw: Ref::id(tgw),
            gateway: Ref::id(gateway),
            association: Ref::id(dx_association::key(tgw, gateway)),
            announced: learned.get(id).cloned().unwrap_or_default(),
            elsewhere: BTreeSet::new(),
        },
    }))
}

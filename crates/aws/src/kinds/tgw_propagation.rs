//! Which attachments a transit gateway route table learns: who can be reached from it.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::TransitGatewayPropagationState as Code;
use futures::future::try_join_all;
use gcnet_core::{
    Calls, Class, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{TgwAttachment, TgwRouteTable, TgwVpcAttachment, learned::learned};
use crate::{aws::Aws, read::need};

/// Not for peering attachments: those have static routes only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwPropagation {
    /// Who learns.
    pub table: Ref<TgwRouteTable>,
    /// Whose ranges.
    pub attachment: Ref<TgwAttachment>,
    /// Not made before these ranges have proven right; `None` for those that nobody else can change. Cannot be read back:
    /// what is there stays when they change later.
    pub checked: Option<Checked>,
}

/// The ranges that an attachment may bring, and where one sees those that it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Into a table in which they reach nobody but itself.
    pub by: Ref<TgwPropagation>,
    /// What the file says.
    pub ranges: BTreeSet<Ipv4Net>,
}

impl Resource for TgwPropagation {
    const NAME: &'static str = "tgw-propagation";
}

impl Kind<Aws> for TgwPropagation {
    // The same pair twice: TransitGatewayRouteTablePropagation.Duplicate.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayRouteTables", "ec2:GetTransitGatewayRouteTablePropagations"],
        create: &["ec2:EnableTransitGatewayRouteTablePropagation", "ec2:SearchTransitGatewayRoutes"],
        update: &[],
        delete: &["ec2:DisableTransitGatewayRouteTablePropagation"],
    };

    /// One call a table: AWS has no read for several.
    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let tables = aws.tgw_route_tables().await?;
        let tables = tables.iter().filter_map(|table| table.transit_gateway_route_table_id());
        Ok(try_join_all(tables.map(|table| of_table(aws, table))).await?.into_iter().flatten().collect())
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.table.label(), self.attachment.label());
        Some(Natural { parent: self.table.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwPropagation { table, attachment, checked: _ } = self;
        diff.replace("table", table, &live.table);
        diff.replace("attachment", attachment, &live.attachment);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, table, attachment) = (&cx.world, cx.id(&self.table)?, cx.id(&self.attachment)?);
        if let Some(checked) = &self.checked {
            checked.check(cx, &attachment).await?;
        }
        let call = aws.write().ec2.enable_transit_gateway_route_table_propagation();
        let call = call.transit_gateway_route_table_id(&table).transit_gateway_attachment_id(&attachment);
        aws.call("ec2:EnableTransitGatewayRouteTablePropagation", call.send()).await?;
        Ok(key(&table, &attachment))
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (table, attachment) = live.id.split_once('|').unwrap_or_default();
        let call = aws.write().ec2.disable_transit_gateway_route_table_propagation();
        let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
        aws.call("ec2:DisableTransitGatewayRouteTablePropagation", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        let ranges = [Ipv4Net::new_assert([10, 221, 0, 0].into(), 24)].into();
        let checked = Some(Checked { by: Ref::to("shared/shared"), ranges });
        TgwPropagation { table: Ref::to("onprem"), attachment: Ref::<TgwVpcAttachment>::to("shared").widen(), checked }
    }
}

impl Checked {
    /// AWS learns within seconds; a VPC has at least one range, so that none means not yet. Which side is wrong is for
    /// people to say: once they are learned, the attachment asks.
    async fn check(&self, cx: &Context<'_, Aws>, attachment: &str) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:SearchTransitGatewayRoutes";
        let by = cx.id(&self.by)?;
        let (table, _) = by.split_once('|').unwrap_or_default();
        let routes = cx.world.routes_of(table).await?;
        let learned = learned(&routes).remove(attachment).unwrap_or_default();
        let (class, code) = match learned {
            ranges if ranges == self.ranges => return Ok(()),
            ranges if ranges.is_empty() => (Class::NotYet, "not-learned"),
            _ => (Class::Theirs, "range-differs"),
        };
        let message = format!("{table}: {attachment}");
        let account = Some(cx.world.account().into());
        Err(Failure { class, code: code.into(), account, ..Failure::internal(OPERATION, message) })
    }
}

fn key(table: &str, attachment: &str) -> String {
    format!("{table}|{attachment}")
}

async fn of_table(aws: &Aws, table: &str) -> Result<Vec<Live<TgwPropagation>>, Failure> {
    const OPERATION: &str = "ec2:GetTransitGatewayRouteTablePropagations";
    let call = aws.read().ec2.get_transit_gateway_route_table_propagations();
    let call = call.transit_gateway_route_table_id(table).max_results(1000);
    let pages = match aws.pages(OPERATION, call.into_paginator().send()).await {
        // The table went between the two reads.
        Err(failure) if failure.class == Class::NotFound => return Ok(vec![]),
        pages => pages?,
    };
    let mut found = vec![];
    for propagation in pages.iter().flat_map(|page| page.transit_gateway_route_table_propagations()) {
        let state = match propagation.state() {
            Some(Code::Disabled) => continue,
            Some(Code::Enabled) => State::Ready,
            Some(Code::Disabling) => State::Leaving,
            other => State::Pending(other.map_or("unknown", Code::as_str).into()),
        };
        let attachment = need(propagation.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?;
        let spec = TgwPropagation { table: Ref::id(table), attachment: Ref::id(attachment), checked: None };
        found.push(Live { id: key(table, attachment), owner: Owner::Parent, state, spec });
    }
    Ok(found)
}

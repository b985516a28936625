//! A route of another party's VPC route table towards our transit gateway, made with a role in their account.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, RouteOrigin, RouteTable};
use futures::future::try_join_all;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{ForeignAttachment, Tgw, foreign_attachment::MADE_BY};
use crate::{
    aws::{Aws, as_far_as_allowed},
    read::{need, parse},
    tags,
};

/// Routes carry no tags, so the table does: in one with our mark, routes to the gateway of that mark are ours. All others
/// are theirs, and not seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignRoute {
    /// Whose table: 12 digits.
    pub account: String,
    /// Which table.
    pub table: String,
    /// For packets to these addresses.
    pub destination: Ipv4Net,
    /// The next hop.
    pub tgw: Ref<Tgw>,
    /// Through which the table's VPC reaches it; see [`super::Route::attachment`].
    pub attachment: Ref<ForeignAttachment>,
}

impl Resource for ForeignRoute {
    const NAME: &'static str = "foreign-route";
}

impl Kind<Aws> for ForeignRoute {
    // A table takes one route to a destination: RouteAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGateways", "ec2:DescribeTransitGatewayVpcAttachments", "sts:AssumeRole"],
        create: &["sts:AssumeRole"],
        update: &["sts:AssumeRole"],
        delete: &["sts:AssumeRole"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeRouteTables";
        let (gateways, attachments) = futures::try_join!(aws.transit_gateways(), aws.tgw_vpc_attachments())?;
        let gateways: BTreeSet<&str> = gateways.iter().filter_map(|gateway| gateway.transit_gateway_id()).collect();
        let tables = async |account| Ok((account, tables_there(aws, account, &gateways).await?));
        let mut found = vec![];
        for (account, tables) in try_join_all(aws.others().map(tables)).await? {
            for table in &tables {
                let id = need(table.route_table_id(), OPERATION, "routeTableId")?;
                for route in table.routes() {
                    let (Some(destination), Some(RouteOrigin::CreateRoute), Some(tgw)) =
                        (route.destination_cidr_block(), route.origin(), route.transit_gateway_id())
                    else {
                        continue;
                    };
                    let attachment = attachments.iter().find(|attachment| {
                        attachment.transit_gateway_id() == Some(tgw) && attachment.vpc_id() == table.vpc_id()
                    });
                    let attachment = attachment.and_then(|attachment| attachment.transit_gateway_attachment_id());
                    let (Some(attachment), true) = (attachment, is_marked(table, tgw)) else { continue };
                    let destination = parse(destination, OPERATION)?;
                    let spec = ForeignRoute {
                        account: account.to_string(),
                        table: id.into(),
                        destination,
                        tgw: Ref::id(tgw),
                        attachment: Ref::id(attachment),
                    };
                    found.push(Live { id: key(id, destination), owner: Owner::Parent, state: State::Ready, spec });
                }
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}/{}", self.attachment.label(), self.table, self.destination);
        Some(Natural { parent: self.attachment.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ForeignRoute { account, table, destination, tgw, attachment } = self;
        diff.replace("account", account, &live.account);
        diff.replace("table", table, &live.table);
        diff.replace("destination", destination, &live.destination);
        diff.in_place("tgw", tgw, &live.tgw);
        diff.replace("attachment", attachment, &live.attachment);
    }

    /// The mark first: a route without it would be nobody's.
    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (tgw, there) = (cx.id(&self.tgw)?, cx.world.in_account(&self.account)?);
        let mark = Tags::from([(mark(&tgw), MADE_BY.1.to_string())]);
        tags::retag_ec2(&self.table, &mark, &there).await?;
        let call = there.write().ec2.create_route().route_table_id(&self.table);
        let call = call.destination_cidr_block(self.destination.to_string()).transit_gateway_id(tgw);
        there.call("ec2:CreateRoute", call.send()).await?;
        Ok(key(&self.table, self.destination))
    }

    async fn update(&self, _: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (tgw, there) = (cx.id(&self.tgw)?, cx.world.in_account(&self.account)?);
        let call = there.write().ec2.replace_route().route_table_id(&self.table);
        let call = call.destination_cidr_block(self.destination.to_string()).transit_gateway_id(tgw);
        there.call("ec2:ReplaceRoute", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let there = aws.in_account(&live.spec.account)?;
        let call = there.write().ec2.delete_route().route_table_id(&live.spec.table);
        let call = call.destination_cidr_block(live.spec.destination.to_string());
        there.call("ec2:DeleteRoute", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        ForeignRoute {
            account: "111122223333".into(),
            table: "rtb-0a1b2c3d4e5f60718".into(),
            destination: Ipv4Net::new_assert([10, 2, 0, 0].into(), 16),
            tgw: Ref::to("main"),
            attachment: Ref::to("main/vpc-0a1b2c3d4e5f60718"),
        }
    }
}

fn key(table: &str, destination: Ipv4Net) -> String {
    format!("{table}|{destination}")
}

/// The tag of a table whose routes to this gateway are ours. A VPC that serves several municipalities has one for each.
fn mark(tgw: &str) -> String {
    format!("gcnet:routes:{tgw}")
}

fn is_marked(table: &RouteTable, tgw: &str) -> bool {
    table.tags().iter().any(|tag| tag.key() == Some(&mark(tgw)))
}

/// One paginated call an account; nothing where its role is gone.
async fn tables_there(aws: &Aws, account: &str, gateways: &BTreeSet<&str>) -> Result<Vec<RouteTable>, Failure> {
    if gateways.is_empty() {
        return Ok(vec![]);
    }
    let there = aws.in_account(account)?;
    let gateways = gateways.iter().map(ToString::to_string).collect();
    let towards = Filter::builder().name("route.transit-gateway-id").set_values(Some(gateways)).build();
    let call = there.read().ec2.describe_route_tables().max_results(100).filters(towards);
    let pages = there.pages("ec2:DescribeRouteTables", call.into_paginator().send()).await;
    Ok(as_far_as_allowed(pages)?.into_iter().flat_map(|page| page.route_tables.unwrap_or_default()).collect())
}

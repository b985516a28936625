//! A route of a VPC route table towards the transit gateway.

use aws_sdk_ec2::types::{RouteOrigin, RouteState};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{RouteTable, Tgw, TgwVpcAttachment};
use crate::{
    aws::Aws,
    read::{need, parse},
};

/// Ours because its table is. Routes that AWS makes (`local`, propagated, of endpoints) are not seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Which table.
    pub table: Ref<RouteTable>,
    /// For packets to these addresses.
    pub destination: Ipv4Net,
    /// The next hop; `None` for one of another sort, which somebody else must have set.
    pub tgw: Option<Ref<Tgw>>,
    /// The attachment through which the table's VPC reaches it. Not a parameter of the call, but AWS refuses a route to a
    /// gateway that the VPC is not attached to (InvalidTransitGatewayID.NotFound).
    pub attachment: Option<Ref<TgwVpcAttachment>>,
}

impl Resource for Route {
    const NAME: &'static str = "route";
}

impl Kind<Aws> for Route {
    // A table takes one route to a destination: RouteAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeRouteTables", "ec2:DescribeTransitGatewayVpcAttachments"],
        create: &["ec2:CreateRoute"],
        update: &["ec2:ReplaceRoute"],
        delete: &["ec2:DeleteRoute"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeRouteTables";
        let (tables, attachments) = futures::try_join!(aws.route_tables(), aws.tgw_vpc_attachments())?;
        let mut found = vec![];
        for table in tables.iter() {
            let id = need(table.route_table_id(), OPERATION, "routeTableId")?;
            for route in table.routes() {
                // Endpoints put in prefix lists, gateways propagate, AWS adds `local`: only CreateRoute is ours.
                let (Some(destination), Some(RouteOrigin::CreateRoute)) =
                    (route.destination_cidr_block(), route.origin())
                else {
                    continue;
                };
                let attachment = attachments.iter().find(|attachment| {
                    attachment.transit_gateway_id() == route.transit_gateway_id()
                        && attachment.vpc_id() == table.vpc_id()
                        && route.state() != Some(&RouteState::Blackhole)
                });
                let spec = Route {
                    table: Ref::id(id),
                    destination: parse(destination, OPERATION)?,
                    tgw: route.transit_gateway_id().map(Ref::id),
                    attachment: attachment.and_then(|a| a.transit_gateway_attachment_id()).map(Ref::id),
                };
                let id = format!("{id}|{destination}");
                found.push(Live { id, owner: Owner::Parent, state: State::Ready, spec });
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.table.label(), self.destination);
        Some(Natural { parent: self.table.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Route { table, destination, tgw, attachment } = self;
        diff.replace("table", table, &live.table);
        diff.replace("destination", destination, &live.destination);
        diff.in_place("tgw", tgw, &live.tgw);
        diff.in_place("attachment", attachment, &live.attachment);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, table) = (&cx.world, cx.id(&self.table)?);
        let call = aws.write().ec2.create_route().route_table_id(&table);
        let call = call.destination_cidr_block(self.destination.to_string()).set_transit_gateway_id(self.tgw_id(cx)?);
        aws.call("ec2:CreateRoute", call.send()).await?;
        Ok(format!("{table}|{}", self.destination))
    }

    async fn update(&self, _: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let call = cx.world.write().ec2.replace_route().route_table_id(cx.id(&self.table)?);
        let call = call.destination_cidr_block(self.destination.to_string()).set_transit_gateway_id(self.tgw_id(cx)?);
        cx.world.call("ec2:ReplaceRoute", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let table = live.id.split('|').next().unwrap_or_default();
        let call = aws.write().ec2.delete_route().route_table_id(table);
        let call = call.destination_cidr_block(live.spec.destination.to_string());
        aws.call("ec2:DeleteRoute", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        Route {
            table: Ref::to("dns"),
            destination: Ipv4Net::new_assert([10, 2, 0, 0].into(), 16),
            tgw: Some(Ref::to("main")),
            attachment: Some(Ref::to("shared")),
        }
    }
}

impl Route {
    fn tgw_id(&self, cx: &Context<'_, Aws>) -> Result<Option<String>, Failure> {
        self.tgw.as_ref().map(|tgw| cx.id(tgw)).transpose()
    }
}

//! A static route of a transit gateway route table: to an attachment, or into a black hole.

use aws_sdk_ec2::types::{TransitGatewayRoute, TransitGatewayRouteState as Code, TransitGatewayRouteType};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

use super::{TgwAttachment, TgwRouteTable, TgwVpcAttachment};
use crate::{aws::Aws, read::parse};

/// Static routes win over propagated ones for the same destination; a longer prefix wins over both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwRoute {
    /// Which table.
    pub table: Ref<TgwRouteTable>,
    /// For packets to these addresses. We wish IPv4 only; somebody might add a route of IPv6.
    pub destination: IpNet,
    /// Where they go.
    pub hop: Hop,
}

/// The end of a static route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hop {
    /// Dropped. The absence of a route is no isolation: a wider one may match.
    Blackhole,
    /// To this attachment. When it goes, AWS keeps the route and drops its packets.
    Attachment(Ref<TgwAttachment>),
}

impl Resource for TgwRoute {
    const NAME: &'static str = "tgw-route";
}

impl Kind<Aws> for TgwRoute {
    // A table takes one static route to a destination: RouteAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayRouteTables", "ec2:SearchTransitGatewayRoutes"],
        create: &["ec2:CreateTransitGatewayRoute"],
        update: &["ec2:ReplaceTransitGatewayRoute"],
        delete: &["ec2:DeleteTransitGatewayRoute"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let routes = aws.tgw_routes().await?;
        routes.iter().filter_map(|(table, route)| read(table, route).transpose()).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.table.label(), self.destination);
        Some(Natural { parent: self.table.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwRoute { table, destination, hop } = self;
        diff.replace("table", table, &live.table);
        diff.replace("destination", destination, &live.destination);
        diff.in_place("hop", hop, &live.hop);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, table) = (&cx.world, cx.id(&self.table)?);
        let call = aws.write().ec2.create_transit_gateway_route().transit_gateway_route_table_id(&table);
        let call = call.destination_cidr_block(self.destination.to_string());
        let call = match &self.hop {
            Hop::Blackhole => call.blackhole(true),
            Hop::Attachment(attachment) => call.transit_gateway_attachment_id(cx.id(attachment)?),
        };
        aws.call("ec2:CreateTransitGatewayRoute", call.send()).await?;
        Ok(key(&table, self.destination))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let table = live.id.split('|').next().unwrap_or_default();
        let call = cx.world.write().ec2.replace_transit_gateway_route().transit_gateway_route_table_id(table);
        let call = call.destination_cidr_block(self.destination.to_string());
        let call = match &self.hop {
            Hop::Blackhole => call.blackhole(true),
            Hop::Attachment(attachment) => call.transit_gateway_attachment_id(cx.id(attachment)?),
        };
        cx.world.call("ec2:ReplaceTransitGatewayRoute", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let table = live.id.split('|').next().unwrap_or_default();
        let call = aws.write().ec2.delete_transit_gateway_route().transit_gateway_route_table_id(table);
        let call = call.destination_cidr_block(live.spec.destination.to_string());
        aws.call("ec2:DeleteTransitGatewayRoute", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        TgwRoute {
            table: Ref::to("asp-juki"),
            destination: Ipv4Net::new_assert([10, 221, 2, 0].into(), 24).into(),
            hop: Hop::Attachment(Ref::<TgwVpcAttachment>::to("shared").widen()),
        }
    }
}

fn key(table: &str, destination: IpNet) -> String {
    format!("{table}|{destination}")
}

/// `None` for what is no static route, or no more.
fn read(table: &str, route: &TransitGatewayRoute) -> Result<Option<Live<TgwRoute>>, Failure> {
    // Routes of a prefix list reference come and go with it.
    let (Some(TransitGatewayRouteType::Static), Some(destination), None) =
        (route.r#type(), route.destination_cidr_block(), route.prefix_list_id())
    else {
        return Ok(None);
    };
    let destination: IpNet = parse(destination, "ec2:SearchTransitGatewayRoutes")?;
    let state = match route.state() {
        Some(Code::Deleted) => return Ok(None),
        // A black hole is the state that was asked for, or the trace of an attachment that went.
        Some(Code::Active | Code::Blackhole) => State::Ready,
        Some(Code::Deleting) => State::Leaving,
        other => State::Pending(other.map_or("unknown", Code::as_str).into()),
    };
    let attachment = route.transit_gateway_attachments().first().and_then(|a| a.transit_gateway_attachment_id());
    let hop = match attachment {
        Some(attachment) => Hop::Attachment(Ref::id(attachment)),
        None => Hop::Blackhole,
    };
    let spec = TgwRoute { table: Ref::id(table), destination, hop };
    Ok(Some(Live { id: key(table, destination), owner: Owner::Parent, state, spec }))
}

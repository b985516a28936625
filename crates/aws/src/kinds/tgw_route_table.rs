//! A route table of a transit gateway: one routing domain.

use aws_sdk_ec2::types::{ResourceType, TransitGatewayRouteTableState as Code};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::Tgw;
use crate::{aws::Aws, read::need, tags};

/// At most 20 a gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwRouteTable {
    /// Whose.
    pub tgw: Ref<Tgw>,
}

impl Resource for TgwRouteTable {
    const NAME: &'static str = "tgw-route-table";
}

impl Kind<Aws> for TgwRouteTable {
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayRouteTables"],
        create: &["ec2:CreateTransitGatewayRouteTable", "ec2:CreateTags"],
        update: &["ec2:CreateTags"],
        delete: &["ec2:DeleteTransitGatewayRouteTable"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeTransitGatewayRouteTables";
        let read = |table: &aws_sdk_ec2::types::TransitGatewayRouteTable| {
            let state = match need(table.state(), OPERATION, "state")? {
                Code::Available => State::Ready,
                Code::Deleting | Code::Deleted => State::Leaving,
                other => State::Pending(other.as_str().into()),
            };
            Ok(Live {
                id: need(table.transit_gateway_route_table_id(), OPERATION, "transitGatewayRouteTableId")?.into(),
                owner: Owner::Tags(tags::from_ec2(table.tags())),
                state,
                spec: TgwRouteTable { tgw: Ref::id(need(table.transit_gateway_id(), OPERATION, "transitGatewayId")?) },
            })
        };
        aws.tgw_route_tables().await?.iter().map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwRouteTable { tgw } = self;
        diff.replace("tgw", tgw, &live.tgw);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGatewayRouteTable";
        let aws = &cx.world;
        let tags = tags::specification(ResourceType::TransitGatewayRouteTable, &cx.tags);
        let call = aws.write().ec2.create_transit_gateway_route_table();
        let call = call.transit_gateway_id(cx.id(&self.tgw)?).tag_specifications(tags);
        let made = aws.call(OPERATION, call.send()).await?;
        let id = made.transit_gateway_route_table.and_then(|table| table.transit_gateway_route_table_id);
        need(id, OPERATION, "transitGatewayRouteTableId")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ec2.delete_transit_gateway_route_table().transit_gateway_route_table_id(&live.id);
        aws.call("ec2:DeleteTransitGatewayRouteTable", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        TgwRouteTable { tgw: Ref::to("main") }
    }
}

//! A VPC route table. Its routes and associations are kinds of their own, read from the same answer.

use aws_sdk_ec2::types::ResourceType;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::Vpc;
use crate::{aws::Aws, read::need, tags};

/// Made with the `local` route, which is nobody's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Around it.
    pub vpc: Ref<Vpc>,
}

impl Resource for RouteTable {
    const NAME: &'static str = "route-table";
}

impl Kind<Aws> for RouteTable {
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeRouteTables"],
        create: &["ec2:CreateRouteTable", "ec2:CreateTags"],
        update: &["ec2:CreateTags"],
        delete: &["ec2:DeleteRouteTable"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeRouteTables";
        let read = |table: &aws_sdk_ec2::types::RouteTable| {
            Ok(Live {
                id: need(table.route_table_id(), OPERATION, "routeTableId")?.into(),
                owner: Owner::Tags(tags::from_ec2(table.tags())),
                state: State::Ready,
                spec: RouteTable { vpc: Ref::id(need(table.vpc_id(), OPERATION, "vpcId")?) },
            })
        };
        aws.route_tables().await?.iter().map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let RouteTable { vpc } = self;
        diff.replace("vpc", vpc, &live.vpc);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateRouteTable";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_route_table()
            .vpc_id(cx.id(&self.vpc)?)
            .client_token(&cx.token)
            .tag_specifications(tags::specification(ResourceType::RouteTable, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.route_table.and_then(|table| table.route_table_id), OPERATION, "routeTableId")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ec2.delete_route_table().route_table_id(&live.id);
        aws.call("ec2:DeleteRouteTable", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        RouteTable { vpc: Ref::to("shared") }
    }
}

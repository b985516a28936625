//! Which route table a subnet uses. A subnet has at most one, so the subnet is the natural key.

use aws_sdk_ec2::types::RouteTableAssociationStateCode as Code;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{RouteTable, Subnet};
use crate::{aws::Aws, read::need};

/// Without one, a subnet uses the VPC's main table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTableAssociation {
    /// Whose packets.
    pub subnet: Ref<Subnet>,
    /// Where they look up their way.
    pub table: Ref<RouteTable>,
}

impl Resource for RouteTableAssociation {
    const NAME: &'static str = "route-table-association";
}

impl Kind<Aws> for RouteTableAssociation {
    // A subnet takes no second table: Resource.AlreadyAssociated.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeRouteTables"],
        create: &["ec2:AssociateRouteTable"],
        update: &["ec2:DescribeRouteTables", "ec2:ReplaceRouteTableAssociation"],
        delete: &["ec2:DescribeRouteTables", "ec2:DisassociateRouteTable"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let found = associations(aws).await?;
        Ok(found.into_iter().map(|(_, live)| live).collect())
    }

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.subnet.target().clone(), name: self.subnet.label().into() })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let RouteTableAssociation { subnet, table } = self;
        diff.replace("subnet", subnet, &live.subnet);
        diff.in_place("table", table, &live.table);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, subnet) = (&cx.world, cx.id(&self.subnet)?);
        let call = aws.write().ec2.associate_route_table().subnet_id(&subnet).route_table_id(cx.id(&self.table)?);
        aws.call("ec2:AssociateRouteTable", call.send()).await?;
        Ok(id(&subnet))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let aws = &cx.world;
        // The association's own id changes with every move, so it is looked up at the last moment.
        let Some(association) = association_id(aws, &live.id).await? else { return Ok(()) };
        let call = aws.write().ec2.replace_route_table_association();
        let call = call.association_id(association).route_table_id(cx.id(&self.table)?);
        aws.call("ec2:ReplaceRouteTableAssociation", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let Some(association) = association_id(aws, &live.id).await? else { return Ok(()) };
        let call = aws.write().ec2.disassociate_route_table().association_id(association);
        aws.call("ec2:DisassociateRouteTable", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        RouteTableAssociation { subnet: Ref::to("dns-a"), table: Ref::to("dns") }
    }
}

/// Ours, not AWS's: that one changes.
fn id(subnet: &str) -> String {
    format!("table-of|{subnet}")
}

async fn association_id(aws: &Aws, id: &str) -> Result<Option<String>, Failure> {
    Ok(associations(aws).await?.into_iter().find(|(_, live)| live.id == id).map(|(association, _)| association))
}

async fn associations(aws: &Aws) -> Result<Vec<(String, Live<RouteTableAssociation>)>, Failure> {
    const OPERATION: &str = "ec2:DescribeRouteTables";
    let mut found = vec![];
    for table in aws.route_tables().await?.iter() {
        for association in table.associations() {
            let Some(subnet) = association.subnet_id() else { continue };
            let code = association.association_state().and_then(|state| state.state());
            let state = match code {
                Some(Code::Disassociated) => continue,
                Some(Code::Associated) | None => State::Ready,
                Some(Code::Disassociating) => State::Leaving,
                Some(Code::Failed) => State::Failed("failed".into()),
                Some(other) => State::Pending(other.as_str().into()),
            };
            let table = need(association.route_table_id(), OPERATION, "routeTableId")?;
            let spec = RouteTableAssociation { subnet: Ref::id(subnet), table: Ref::id(table) };
            let live = Live { id: id(subnet), owner: Owner::Parent, state, spec };
            found.push((need(association.route_table_association_id(), OPERATION, "associationId")?.into(), live));
        }
    }
    Ok(found)
}

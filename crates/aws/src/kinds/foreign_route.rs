//! A route of another party's VPC route table towards our transit gateway, made with a role in their account.
//!
//! Routes carry no tags, so the table does: one of ours for each route of ours. It is written before the route is made and
//! removed after the route is, so that a route without one was made by the other party, and is not seen.

use aws_sdk_ec2::types::{RouteOrigin, RouteTable};
use gcnet_core::{
    Calls, Class, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Request, Resource, State, Tags,
    theirs,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ForeignAttachment, Tgw, foreign_attachment::MADE_BY};
use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// One that they made is taken over when it is wished: to make it finds it there, marked. A table takes 50 tags (EC2, "Tag
/// your resources: tag restrictions"), and so at most as many routes of ours.
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
        let (tables, attachments) = futures::try_join!(aws.foreign_tables(), aws.tgw_vpc_attachments())?;
        let mut found = vec![];
        for (account, table) in tables.iter() {
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
                let destination = parse(destination, OPERATION)?;
                let (Some(attachment), true) = (attachment, is_marked(table, tgw, destination)) else { continue };
                let spec = ForeignRoute {
                    account: account.clone(),
                    table: id.into(),
                    destination,
                    tgw: Ref::id(tgw),
                    attachment: Ref::id(attachment),
                };
                found.push(Live { id: key(id, destination), owner: Owner::Parent, state: State::Ready, spec });
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
        self.set_mark(&tgw, &there).await?;
        let call = there.write().ec2.create_route().route_table_id(&self.table);
        let call = call.destination_cidr_block(self.destination.to_string()).transit_gateway_id(tgw);
        there.call("ec2:CreateRoute", call.send()).await?;
        Ok(key(&self.table, self.destination))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (tgw, there) = (cx.id(&self.tgw)?, cx.world.in_account(&self.account)?);
        self.set_mark(&tgw, &there).await?;
        let call = there.write().ec2.replace_route().route_table_id(&self.table);
        let call = call.destination_cidr_block(self.destination.to_string()).transit_gateway_id(&tgw);
        there.call("ec2:ReplaceRoute", call.send()).await?;
        let before = cx.id(&live.spec.tgw)?;
        if before == tgw { Ok(()) } else { self.remove_mark(&before, &there).await }
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let there = aws.in_account(&live.spec.account)?;
        let call = there.write().ec2.delete_route().route_table_id(&live.spec.table);
        let call = call.destination_cidr_block(live.spec.destination.to_string());
        match there.call("ec2:DeleteRoute", call.send()).await {
            // Of a run that died before it took the mark away.
            Err(failure) if failure.class == Class::NotFound => {}
            done => drop(done?),
        }
        live.spec.remove_mark(live.spec.tgw.label(), &there).await
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

impl ForeignRoute {
    /// The call with which the party makes such a route itself, in a table of `vpc` that it chooses.
    pub fn by_hand(vpc: &str, tgw: &str, destination: Ipv4Net) -> Request {
        let input = json!({
            "RouteTableId": theirs("route-table-of", vpc),
            "DestinationCidrBlock": destination,
            "TransitGatewayId": tgw,
        });
        Request::new("ec2", "CreateRoute", input)
    }

    async fn set_mark(&self, tgw: &str, there: &Aws) -> Result<(), Failure> {
        let mark = Tags::from([(mark(tgw, self.destination), MADE_BY.1.to_string())]);
        tags::retag_ec2(&self.table, &mark, there).await
    }

    async fn remove_mark(&self, tgw: &str, there: &Aws) -> Result<(), Failure> {
        tags::untag_ec2(&self.table, &mark(tgw, self.destination), there).await
    }
}

/// The tag of a table whose route to this destination, if it leads to this gateway, is ours. A VPC that serves several
/// municipalities has some for each.
fn mark(tgw: &str, destination: Ipv4Net) -> String {
    format!("gcnet:route:{tgw}:{destination}")
}

fn is_marked(table: &RouteTable, tgw: &str, destination: Ipv4Net) -> bool {
    table.tags().iter().any(|tag| tag.key() == Some(&mark(tgw, destination)))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::Tag;

    use super::*;

    #[test]
    fn only_the_marked_destination_is_ours() {
        let destination = |text: &str| text.parse::<Ipv4Net>().unwrap();
        let tag = Tag::builder().key(mark("tgw-0a1b2c3d4e5f60718", destination("10.2.0.0/16"))).value("gcnet").build();
        let table = RouteTable::builder().tags(tag).build();
        assert!(is_marked(&table, "tgw-0a1b2c3d4e5f60718", destination("10.2.0.0/16")));
        assert!(!is_marked(&table, "tgw-0a1b2c3d4e5f60718", destination("10.2.0.0/17")));
        assert!(!is_marked(&table, "tgw-00000000000000000", destination("10.2.0.0/16")));
    }

    /// A tag's key takes 128 characters.
    #[test]
    fn the_longest_mark_is_a_key() {
        let mark = mark("tgw-0a1b2c3d4e5f60718", "255.255.255.255/32".parse().unwrap());
        assert!(mark.len() <= 128 && !mark.starts_with("aws:"));
    }
}

//! A route of another party's VPC route table towards our transit gateway, made with a role in their account.
//!
//! Routes carry no tags, so the table does: one of ours for each route of ours. It is written before the route is made and
//! removed after the route is, so that a route without one was made by the other party, and is not seen. A tag without its
//! route is of a run that died in between: it is seen as a route that is yet to be made, and goes as a route goes.

use aws_sdk_ec2::types::{RouteOrigin, RouteTable};
use gcnet_core::{
    Calls, Class, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Request, Resource, State, Tags,
    theirs,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ForeignAttachment, Tgw, foreign_attachment::MADE_BY};
use crate::{aws::Aws, read::need, tags};

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
    /// It is there, and not only its tag.
    pub made: bool,
}

impl Resource for ForeignRoute {
    const NAME: &'static str = "foreign-route";
}

impl Kind<Aws> for ForeignRoute {
    // A table takes one route to a destination: RouteAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayVpcAttachments", "sts:AssumeRole"],
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
            for (tgw, destination) in marks(table) {
                let attachment = attachments.iter().find(|attachment| {
                    attachment.transit_gateway_id() == Some(tgw) && attachment.vpc_id() == table.vpc_id()
                });
                let attachment = attachment.and_then(|attachment| attachment.transit_gateway_attachment_id());
                let Some(attachment) = attachment else { continue };
                let spec = ForeignRoute {
                    account: account.clone(),
                    table: id.into(),
                    destination,
                    tgw: Ref::id(tgw),
                    attachment: Ref::id(attachment),
                    made: leads(table, tgw, destination),
                };
                found.push(Live { id: key(id, tgw, destination), owner: Owner::Parent, state: State::Ready, spec });
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}/{}", self.attachment.label(), self.table, self.destination);
        Some(Natural { parent: self.attachment.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ForeignRoute { account, table, destination, tgw, attachment, made } = self;
        diff.replace("account", account, &live.account);
        diff.replace("table", table, &live.table);
        diff.replace("destination", destination, &live.destination);
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("attachment", attachment, &live.attachment);
        diff.in_place("made", made, &live.made);
    }

    /// The mark first: a route without it would be nobody's.
    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (tgw, there) = (cx.id(&self.tgw)?, cx.world.in_account(&self.account)?);
        let mark = Tags::from([(mark(&tgw, self.destination), MADE_BY.1.to_string())]);
        tags::retag_ec2(&self.table, &mark, &there).await?;
        self.make(&tgw, &there).await?;
        Ok(key(&self.table, &tgw, self.destination))
    }

    /// What has a mark has no route yet. Another's route to the same addresses is not overwritten.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (tgw, there) = (live.spec.tgw.label(), cx.world.in_account(&self.account)?);
        match self.make(tgw, &there).await {
            Err(failure) if failure.class == Class::Already && !self.is_there(tgw, &there).await? => {
                Err(Failure { class: Class::Invalid, ..failure })
            }
            done => done,
        }
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (spec, there) = (&live.spec, aws.in_account(&live.spec.account)?);
        let tgw = spec.tgw.label();
        // Where only the mark was seen, another route to the same addresses may stand.
        if spec.made || spec.is_there(tgw, &there).await? {
            let call = there.write().ec2.delete_route().route_table_id(&spec.table);
            let call = call.destination_cidr_block(spec.destination.to_string());
            match there.call("ec2:DeleteRoute", call.send()).await {
                // Of a run that died before it took the mark away.
                Err(failure) if failure.class == Class::NotFound => {}
                done => drop(done?),
            }
        }
        tags::untag_ec2(&spec.table, &mark(tgw, spec.destination), &there).await
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
            made: true,
        }
    }
}

fn key(table: &str, tgw: &str, destination: Ipv4Net) -> String {
    format!("{table}|{tgw}|{destination}")
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

    async fn make(&self, tgw: &str, there: &Aws) -> Result<(), Failure> {
        let call = there.write().ec2.create_route().route_table_id(&self.table);
        let call = call.destination_cidr_block(self.destination.to_string()).transit_gateway_id(tgw);
        there.call("ec2:CreateRoute", call.send()).await.map(drop)
    }

    /// Read now.
    async fn is_there(&self, tgw: &str, there: &Aws) -> Result<bool, Failure> {
        let call = there.read().ec2.describe_route_tables().route_table_ids(&self.table);
        let answer = there.call("ec2:DescribeRouteTables", call.send()).await?;
        Ok(answer.route_tables().iter().any(|table| leads(table, tgw, self.destination)))
    }
}

const MARK: &str = "gcnet:route:";

/// The tag of a table whose route to this destination, if it leads to this gateway, is ours. A VPC that serves several
/// municipalities has some for each.
fn mark(tgw: &str, destination: Ipv4Net) -> String {
    format!("{MARK}{tgw}:{destination}")
}

/// Gateway and destination of each route of ours.
fn marks(table: &RouteTable) -> impl Iterator<Item = (&str, Ipv4Net)> {
    table.tags().iter().filter_map(|tag| {
        let (tgw, destination) = tag.key()?.strip_prefix(MARK)?.split_once(':')?;
        Some((tgw, destination.parse().ok()?))
    })
}

fn leads(table: &RouteTable, tgw: &str, destination: Ipv4Net) -> bool {
    table.routes().iter().any(|route| {
        let to = route.destination_cidr_block().and_then(|cidr| cidr.parse().ok());
        route.origin() == Some(&RouteOrigin::CreateRoute)
            && route.transit_gateway_id() == Some(tgw)
            && to == Some(destination)
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{Route, Tag};

    use super::*;

    #[test]
    fn a_mark_says_which_route_is_ours() {
        let destination = "10.2.0.0/16".parse::<Ipv4Net>().unwrap();
        let tag = |key: &str| Tag::builder().key(key).value("gcnet").build();
        let theirs = ["Name", "gcnet:route:", "gcnet:route:tgw-1", "gcnet:route:tgw-1:everywhere"].map(tag);
        let table = RouteTable::builder().set_tags(Some(theirs.into())).tags(tag(&mark("tgw-0a1b2c3d", destination)));
        let route = |tgw: &str, origin| {
            let route = Route::builder().destination_cidr_block("10.2.0.0/16").transit_gateway_id(tgw);
            route.origin(origin).build()
        };
        let table = |route| table.clone().routes(route).build();
        let ours = table(route("tgw-0a1b2c3d", RouteOrigin::CreateRoute));
        assert_eq!(marks(&ours).collect::<Vec<_>>(), [("tgw-0a1b2c3d", destination)]);
        assert!(leads(&ours, "tgw-0a1b2c3d", destination));
        assert!(!leads(&ours, "tgw-0a1b2c3d", "10.2.0.0/17".parse().unwrap()));
        assert!(!leads(&table(route("tgw-00000000", RouteOrigin::CreateRoute)), "tgw-0a1b2c3d", destination));
    }

    /// A tag's key takes 128 characters.
    #[test]
    fn the_longest_mark_is_a_key() {
        let mark = mark("tgw-0a1b2c3d4e5f60718", "255.255.255.255/32".parse().unwrap());
        assert!(mark.len() <= 128 && !mark.starts_with("aws:"));
    }
}

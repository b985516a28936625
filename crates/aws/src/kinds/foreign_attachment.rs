//! The attachment of another party's VPC to our transit gateway. They make it, and we accept it when the file lists it;
//! with a role in their account we make it too.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{
    ResourceType, RouteState, RouteTable, TransitGatewayAttachmentState, TransitGatewayVpcAttachment,
};
use futures::future::try_join_all;
use gcnet_core::{
    Ask, Calls, Class, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Removal, Replace, Request,
    Resource, State, Tags, theirs,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ForeignRoute, SharePrincipal, Tgw, foreign_ranges::ranges_of, learned::learned, tgw_attachment};
use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// Found by its VPC. Its tags are per account: we see and write our own, which are labels and no claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignAttachment {
    /// Attached to.
    pub tgw: Ref<Tgw>,
    /// Whose VPC: 12 digits.
    pub account: String,
    /// What is attached.
    pub vpc: String,
    /// The VPC's addresses. Live: what our route tables have learned from it; empty while they have learned nothing.
    pub ranges: BTreeSet<Ipv4Net>,
    /// What the VPC has, where a role shows it: it is attached only when that is `ranges`. Not live.
    pub seen: Option<BTreeSet<Ipv4Net>>,
    /// Its packets may come.
    pub accepted: bool,
    /// For people who look at it in our console.
    pub labels: Tags,
    /// We make it, with a role in their account; `None` leaves it to them. Live: we made it.
    pub made_by_us: Option<MadeByUs>,
    /// Destinations for which some table of theirs must lead to the gateway, and they add the routes: where a role lets us
    /// see them, and no table was given to us. Live: those that are there; `None` where we see none of their tables.
    pub routes: Option<BTreeSet<Ipv4Net>>,
    /// Their account sees the gateway once this is accepted. Only for the order of creation.
    pub share: Option<Ref<SharePrincipal>>,
}

/// What takes a role in the other account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeByUs {
    /// One a zone, as for our own attachments.
    pub subnets: BTreeSet<String>,
}

/// On both sides of what we made in another party's account.
pub(super) const MADE_BY: (&str, &str) = ("gcnet:made-by", "gcnet");

impl Resource for ForeignAttachment {
    const NAME: &'static str = "foreign-attachment";
}

impl Kind<Aws> for ForeignAttachment {
    // A VPC is attached to a gateway once: DuplicateTransitGatewayAttachment.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &[
            "ec2:DescribeTransitGatewayVpcAttachments",
            "ec2:DescribeTransitGatewayRouteTables",
            "ec2:SearchTransitGatewayRoutes",
            "sts:AssumeRole",
        ],
        create: &["sts:AssumeRole"],
        update: &["ec2:AcceptTransitGatewayVpcAttachment", "ec2:CreateTags", "sts:AssumeRole"],
        delete: &["ec2:RejectTransitGatewayVpcAttachment", "ec2:DeleteTransitGatewayVpcAttachment"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (attachments, routes, tables) =
            futures::try_join!(aws.tgw_vpc_attachments(), aws.tgw_routes(), aws.foreign_tables())?;
        let foreign: Vec<&TransitGatewayVpcAttachment> = attachments
            .iter()
            .filter(|attachment| attachment.vpc_owner_id().is_some_and(|owner| owner != aws.account()))
            .collect();
        let (learned, made) = (learned(&routes), made_there(aws, &foreign).await?);
        let unread = aws.unread();
        let look = |attachment: &TransitGatewayVpcAttachment| {
            let owner = attachment.vpc_owner_id().unwrap_or_default();
            let is_seen = aws.others().any(|account| account == owner) && !unread.contains_key(owner);
            is_seen.then(|| leading_to(attachment, &tables)).transpose()
        };
        let read = |attachment| read(attachment, &learned, &made, look(attachment)?);
        foreign.into_iter().filter_map(|attachment| read(attachment).transpose()).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.tgw.label(), self.vpc);
        Some(Natural { parent: self.tgw.target().clone(), name })
    }

    /// `ranges`, `seen` and `routes` are the other party's, see [`asks`](Self::asks); `share` cannot be read back.
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ForeignAttachment {
            tgw,
            account,
            vpc,
            ranges: _,
            seen: _,
            accepted,
            labels: _,
            made_by_us,
            routes: _,
            share: _,
        } = self;
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("account", account, &live.account);
        diff.replace("vpc", vpc, &live.vpc);
        diff.in_place("accepted", accepted, &live.accepted);
        let labels = self.labels(live);
        let have = live.labels.iter().filter(|(key, _)| labels.contains_key(*key));
        diff.in_place("labels", &labels, &have.map(|(key, value)| (key.clone(), value.clone())).collect());
        if live.made_by_us.is_some() {
            diff.in_place_if_said("made_by_us", made_by_us, &live.made_by_us);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGatewayVpcAttachment";
        let (tgw, there) = (cx.id(&self.tgw)?, cx.world.in_account(&self.account)?);
        self.check_ranges(&there).await?;
        let (key, value) = MADE_BY;
        let mut tags = Tags::from([(key.into(), value.into())]);
        tags.extend(self.labels.get_key_value("Name").map(|(key, name)| (key.clone(), name.clone())));
        let subnets = self.made_by_us.as_ref().map(|made| made.subnets.iter().cloned().collect());
        let call = there
            .write()
            .ec2
            .create_transit_gateway_vpc_attachment()
            .transit_gateway_id(tgw)
            .vpc_id(&self.vpc)
            .set_subnet_ids(subnets)
            .tag_specifications(tags::specification(ResourceType::TransitGatewayAttachment, &tags));
        let made = there.call(OPERATION, call.send()).await?;
        let id = made.transit_gateway_vpc_attachment.and_then(|a| a.transit_gateway_attachment_id);
        need(id, OPERATION, "transitGatewayAttachmentId")
    }

    /// Each call may be made again without harm, and is made only for what differs.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let aws = &cx.world;
        let labels =
            self.labels(&live.spec).into_iter().filter(|(key, value)| live.spec.labels.get(key) != Some(value));
        let labels: Tags = labels.collect();
        if !labels.is_empty() {
            tags::retag_ec2(&live.id, &labels, aws).await?;
        }
        if self.accepted && !live.spec.accepted {
            let call = aws.write().ec2.accept_transit_gateway_vpc_attachment().transit_gateway_attachment_id(&live.id);
            return aws.call("ec2:AcceptTransitGatewayVpcAttachment", call.send()).await.map(drop);
        }
        let (Some(want), Some(have)) = (&self.made_by_us, &live.spec.made_by_us) else { return Ok(()) };
        if want == have {
            return Ok(());
        }
        let there = aws.in_account(&self.account)?;
        let some = |ids: Vec<String>| (!ids.is_empty()).then_some(ids);
        let call = there
            .write()
            .ec2
            .modify_transit_gateway_vpc_attachment()
            .transit_gateway_attachment_id(&live.id)
            .set_add_subnet_ids(some(want.subnets.difference(&have.subnets).cloned().collect()))
            .set_remove_subnet_ids(some(have.subnets.difference(&want.subnets).cloned().collect()));
        there.call("ec2:ModifyTransitGatewayVpcAttachment", call.send()).await.map(drop)
    }

    /// Either side may, so it takes no role. What was not accepted is refused.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        if !live.spec.accepted {
            let call = aws.write().ec2.reject_transit_gateway_vpc_attachment().transit_gateway_attachment_id(&live.id);
            return aws.call("ec2:RejectTransitGatewayVpcAttachment", call.send()).await.map(drop);
        }
        let call = aws.write().ec2.delete_transit_gateway_vpc_attachment().transit_gateway_attachment_id(&live.id);
        aws.call("ec2:DeleteTransitGatewayVpcAttachment", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its labels are part of the spec
    }

    fn is_theirs(&self) -> bool {
        self.made_by_us.is_none()
    }

    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else {
            if self.made_by_us.is_none() {
                return vec![self.ask_to_attach(known)];
            }
            let differs = self.seen.iter().filter(|seen| **seen != self.ranges);
            return differs.map(|seen| self.ask_to_check(seen)).collect();
        };
        let mut asks = vec![];
        if !live.spec.ranges.is_empty() && live.spec.ranges != self.ranges {
            asks.push(self.ask_to_check(&live.spec.ranges));
        }
        asks.extend(self.ask_for_routes(live));
        asks
    }

    fn removal(live: &Live<Self>) -> Removal {
        if !live.spec.accepted {
            return Removal::Refused;
        }
        let input = json!({ "TransitGatewayAttachmentId": live.id });
        let detach = Request::new("ec2", "DeleteTransitGatewayVpcAttachment", input);
        Removal::Asked(Ask::account(&live.spec.account, "detach-vpc").by(detach))
    }

    fn example() -> Self {
        ForeignAttachment {
            tgw: Ref::to("main"),
            account: "111122223333".into(),
            vpc: "vpc-0a1b2c3d4e5f60718".into(),
            ranges: [Ipv4Net::new_assert([10, 221, 0, 0].into(), 24)].into(),
            seen: Some([Ipv4Net::new_assert([10, 221, 0, 0].into(), 24)].into()),
            accepted: true,
            labels: [("Name", "naruto-prod-juki"), MADE_BY].map(|(key, value)| (key.into(), value.into())).into(),
            made_by_us: Some(MadeByUs { subnets: ["subnet-0a1b2c3d4e5f60718".to_string()].into() }),
            routes: Some([Ipv4Net::new_assert([10, 2, 0, 0].into(), 16)].into()),
            share: Some(Ref::to("tgw/111122223333")),
        }
    }
}

impl ForeignAttachment {
    fn ask_to_attach(&self, known: &Known<'_>) -> Ask {
        let ask = Ask::account(&self.account, "attach-vpc");
        let Some(tgw) = known.id(&self.tgw) else { return ask };
        let subnets = theirs("subnets-of", &self.vpc);
        let input = json!({ "TransitGatewayId": tgw, "VpcId": self.vpc, "SubnetIds": subnets });
        ask.by(Request::new("ec2", "CreateTransitGatewayVpcAttachment", input))
    }

    /// Which of the VPC's tables are in use, only they know: one that leads to us is enough. AWS takes no route before the
    /// attachment is accepted.
    fn ask_for_routes(&self, live: &Live<Self>) -> Option<Ask> {
        let (wanted, have) = (self.routes.as_ref()?, live.spec.routes.as_ref()?);
        let mut missing =
            wanted.difference(have).filter(|_| live.state == State::Ready && live.spec.accepted).peekable();
        missing.peek()?;
        let ask = Ask::account(&self.account, "add-routes");
        let tgw = live.spec.tgw.label();
        Some(missing.fold(ask, |ask, destination| ask.by(ForeignRoute::by_hand(&self.vpc, tgw, *destination))))
    }

    /// What our own labels on it should be.
    fn labels(&self, live: &Self) -> Tags {
        let mut labels = self.labels.clone();
        if live.made_by_us.is_some() {
            let (key, value) = MADE_BY;
            labels.insert(key.into(), value.into());
        }
        labels
    }

    /// Addresses that nobody planned for may be somebody else's; whether the file or the VPC is wrong, people must say.
    fn ask_to_check(&self, found: &BTreeSet<Ipv4Net>) -> Ask {
        Ask::operator("check-ranges").between(texts(&self.ranges), texts(found))
    }

    /// With a role we are the ones who would let them in. The plan has asked about what it saw: this is for what came since.
    async fn check_ranges(&self, there: &Aws) -> Result<(), Failure> {
        let found = ranges_of(there, &self.vpc).await?;
        if found == self.ranges {
            return Ok(());
        }
        let account = Some(self.account.clone());
        let failure = Failure::internal("ec2:DescribeVpcs", format!("{}: {}", self.vpc, texts(&found).join(", ")));
        Err(Failure { class: Class::Theirs, code: "range-differs".into(), account, ..failure })
    }
}

fn texts(ranges: &BTreeSet<Ipv4Net>) -> Vec<String> {
    ranges.iter().map(Ipv4Net::to_string).collect()
}

/// Where their tables lead to the gateway through this attachment.
fn leading_to(
    attachment: &TransitGatewayVpcAttachment,
    tables: &[(String, RouteTable)],
) -> Result<BTreeSet<Ipv4Net>, Failure> {
    let tables = tables.iter().map(|(_, table)| table).filter(|table| table.vpc_id() == attachment.vpc_id());
    let routes = tables.flat_map(|table| table.routes()).filter(|route| {
        route.transit_gateway_id() == attachment.transit_gateway_id() && route.state() == Some(&RouteState::Active)
    });
    // Of IPv6 and prefix lists, nothing is planned.
    let destinations = routes.filter_map(|route| route.destination_cidr_block());
    destinations.map(|cidr| parse(cidr, "ec2:DescribeRouteTables")).collect()
}

/// Attachments that carry our tag on their side and no label on ours: a run died between the two. Nothing is read while
/// there is none without a label.
async fn made_there(aws: &Aws, foreign: &[&TransitGatewayVpcAttachment]) -> Result<BTreeSet<String>, Failure> {
    let unlabelled = foreign.iter().filter(|attachment| !is_made_by_us(attachment));
    let owners: BTreeSet<&str> = unlabelled.filter_map(|attachment| attachment.vpc_owner_id()).collect();
    let look = async |account: &str| {
        let seen = match aws.in_account(account) {
            Ok(there) => there.tgw_vpc_attachments().await,
            Err(failure) => Err(failure),
        };
        aws.as_far_as_allowed(account, seen)
    };
    let seen = try_join_all(aws.others().filter(|account| owners.contains(account)).map(look)).await?;
    let made = seen.iter().flat_map(|attachments| attachments.iter()).filter(|attachment| is_made_by_us(attachment));
    Ok(made.filter_map(|attachment| attachment.transit_gateway_attachment_id().map(String::from)).collect())
}

fn is_made_by_us(attachment: &TransitGatewayVpcAttachment) -> bool {
    let (key, value) = MADE_BY;
    attachment.tags().iter().any(|tag| tag.key() == Some(key) && tag.value() == Some(value))
}

fn read(
    attachment: &TransitGatewayVpcAttachment,
    learned: &BTreeMap<&str, BTreeSet<Ipv4Net>>,
    made: &BTreeSet<String>,
    routes: Option<BTreeSet<Ipv4Net>>,
) -> Result<Option<Live<ForeignAttachment>>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGatewayVpcAttachments";
    let asked = attachment.state() == Some(&TransitGatewayAttachmentState::PendingAcceptance);
    // To accept is our move, so it is nothing to wait for.
    let state = if asked { Some(State::Ready) } else { tgw_attachment::state(attachment.state()) };
    let Some(state) = state else { return Ok(None) };
    let id = need(attachment.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?;
    let ours = is_made_by_us(attachment) || made.contains(id);
    Ok(Some(Live {
        id: id.into(),
        owner: Owner::Parent,
        state,
        spec: ForeignAttachment {
            tgw: Ref::id(need(attachment.transit_gateway_id(), OPERATION, "transitGatewayId")?),
            account: need(attachment.vpc_owner_id(), OPERATION, "vpcOwnerId")?.into(),
            vpc: need(attachment.vpc_id(), OPERATION, "vpcId")?.into(),
            ranges: learned.get(id).cloned().unwrap_or_default(),
            seen: None,
            accepted: !asked,
            labels: tags::from_ec2(attachment.tags()),
            made_by_us: ours.then(|| MadeByUs { subnets: attachment.subnet_ids().iter().cloned().collect() }),
            routes,
            share: None,
        },
    }))
}

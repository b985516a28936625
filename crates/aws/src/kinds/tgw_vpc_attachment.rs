//! The attachment of one of our VPCs to our transit gateway.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    ApplianceModeSupportValue, CreateTransitGatewayVpcAttachmentRequestOptions, DnsSupportValue, Ipv6SupportValue,
    ModifyTransitGatewayVpcAttachmentRequestOptions, ResourceType, SecurityGroupReferencingSupportValue,
    TransitGatewayVpcAttachment,
};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, Tags};
use serde::{Deserialize, Serialize};

use super::{Subnet, Tgw, Vpc, tgw_attachment};
use crate::{aws::Aws, read::need, tags};

/// One interface a zone, in a subnet that is there for nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TgwVpcAttachment {
    /// Attached to.
    pub tgw: Ref<Tgw>,
    /// What is attached.
    pub vpc: Ref<Vpc>,
    /// One a zone (DuplicateSubnetsInSameZone); a zone without one cannot reach the gateway.
    pub subnets: BTreeSet<Ref<Subnet>>,
    /// See [`Tgw::dns_support`].
    pub dns_support: bool,
    /// See [`Tgw::group_referencing`].
    pub group_referencing: bool,
    /// Both ways of a flow through one zone, for stateful inspection; it costs the failover between zones.
    pub appliance_mode: bool,
    /// IPv6 as well.
    pub ipv6: bool,
}

impl Resource for TgwVpcAttachment {
    const NAME: &'static str = "tgw-vpc-attachment";
}

macro_rules! options {
    ($options:ident, $self:expr) => {
        $options::builder()
            .dns_support(if $self.dns_support { DnsSupportValue::Enable } else { DnsSupportValue::Disable })
            .security_group_referencing_support(if $self.group_referencing {
                SecurityGroupReferencingSupportValue::Enable
            } else {
                SecurityGroupReferencingSupportValue::Disable
            })
            .appliance_mode_support(if $self.appliance_mode {
                ApplianceModeSupportValue::Enable
            } else {
                ApplianceModeSupportValue::Disable
            })
            .ipv6_support(if $self.ipv6 { Ipv6SupportValue::Enable } else { Ipv6SupportValue::Disable })
            .build()
    };
}

impl Kind<Aws> for TgwVpcAttachment {
    // A VPC is attached to a gateway once: DuplicateTransitGatewayAttachment.
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGatewayVpcAttachments"],
        // The first attachment in an account makes the service's own role.
        create: &["ec2:CreateTransitGatewayVpcAttachment", "ec2:CreateTags", "iam:CreateServiceLinkedRole"],
        update: &["ec2:ModifyTransitGatewayVpcAttachment", "ec2:CreateTags"],
        delete: &["ec2:DeleteTransitGatewayVpcAttachment"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let attachments = aws.tgw_vpc_attachments().await?;
        // Those of other accounts are foreign attachments.
        let ours = |attachment: &&TransitGatewayVpcAttachment| {
            attachment.vpc_owner_id().is_none_or(|owner| owner == aws.account())
        };
        attachments.iter().filter(ours).filter_map(|attachment| read(attachment).transpose()).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TgwVpcAttachment { tgw, vpc, subnets, dns_support, group_referencing, appliance_mode, ipv6 } = self;
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("vpc", vpc, &live.vpc);
        diff.in_place("subnets", subnets, &live.subnets);
        diff.in_place("dns_support", dns_support, &live.dns_support);
        diff.in_place("group_referencing", group_referencing, &live.group_referencing);
        diff.in_place("appliance_mode", appliance_mode, &live.appliance_mode);
        diff.in_place("ipv6", ipv6, &live.ipv6);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGatewayVpcAttachment";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_transit_gateway_vpc_attachment()
            .transit_gateway_id(cx.id(&self.tgw)?)
            .vpc_id(cx.id(&self.vpc)?)
            .set_subnet_ids(Some(cx.ids(&self.subnets)?))
            .options(options!(CreateTransitGatewayVpcAttachmentRequestOptions, self))
            .tag_specifications(tags::specification(ResourceType::TransitGatewayAttachment, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        let id = made.transit_gateway_vpc_attachment.and_then(|a| a.transit_gateway_attachment_id);
        need(id, OPERATION, "transitGatewayAttachmentId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let want: BTreeSet<String> = cx.ids(&self.subnets)?.into_iter().collect();
        let have: BTreeSet<String> = cx.ids(&live.spec.subnets)?.into_iter().collect();
        let some = |ids: Vec<String>| (!ids.is_empty()).then_some(ids);
        let call = cx
            .world
            .write()
            .ec2
            .modify_transit_gateway_vpc_attachment()
            .transit_gateway_attachment_id(&live.id)
            .set_add_subnet_ids(some(want.difference(&have).cloned().collect()))
            .set_remove_subnet_ids(some(have.difference(&want).cloned().collect()))
            .options(options!(ModifyTransitGatewayVpcAttachmentRequestOptions, self));
        cx.world.call("ec2:ModifyTransitGatewayVpcAttachment", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ec2.delete_transit_gateway_vpc_attachment().transit_gateway_attachment_id(&live.id);
        aws.call("ec2:DeleteTransitGatewayVpcAttachment", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        TgwVpcAttachment {
            tgw: Ref::to("main"),
            vpc: Ref::to("shared"),
            subnets: [Ref::to("tgw-a"), Ref::to("tgw-c")].into(),
            dns_support: true,
            group_referencing: false,
            appliance_mode: false,
            ipv6: false,
        }
    }
}

fn read(attachment: &TransitGatewayVpcAttachment) -> Result<Option<Live<TgwVpcAttachment>>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGatewayVpcAttachments";
    let Some(state) = tgw_attachment::state(attachment.state()) else { return Ok(None) };
    let options = need(attachment.options(), OPERATION, "options")?;
    Ok(Some(Live {
        id: need(attachment.transit_gateway_attachment_id(), OPERATION, "transitGatewayAttachmentId")?.into(),
        owner: Owner::Tags(tags::from_ec2(attachment.tags())),
        state,
        spec: TgwVpcAttachment {
            tgw: Ref::id(need(attachment.transit_gateway_id(), OPERATION, "transitGatewayId")?),
            vpc: Ref::id(need(attachment.vpc_id(), OPERATION, "vpcId")?),
            subnets: attachment.subnet_ids().iter().map(Ref::id).collect(),
            dns_support: options.dns_support() == Some(&DnsSupportValue::Enable),
            group_referencing: options.security_group_referencing_support()
                == Some(&SecurityGroupReferencingSupportValue::Enable),
            appliance_mode: options.appliance_mode_support() == Some(&ApplianceModeSupportValue::Enable),
            ipv6: options.ipv6_support() == Some(&Ipv6SupportValue::Enable),
        },
    }))
}

//! A transit gateway.

use aws_sdk_ec2::types::{
    AutoAcceptSharedAttachmentsValue, DefaultRouteTableAssociationValue, DefaultRouteTablePropagationValue,
    DnsSupportValue, ModifyTransitGatewayOptions, MulticastSupportValue, ResourceType,
    SecurityGroupReferencingSupportValue, TransitGatewayRequestOptions, TransitGatewayState, VpnEcmpSupportValue,
};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// With everything that would open paths by itself switched off: no default table, no automatic acceptance. AWS's own
/// defaults are an open mesh, and a default table would carry no tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tgw {
    /// Private ASN of its side of BGP; never that of a Direct Connect gateway that it is associated with.
    pub asn: u32,
    /// For people.
    pub description: String,
    /// Public names of instances resolve to private addresses across attachments.
    pub dns_support: bool,
    /// Several VPN tunnels carry one route.
    pub vpn_ecmp: bool,
    /// Groups of one VPC may name groups of another.
    pub group_referencing: bool,
    /// Fixed when it is made.
    pub multicast: bool,
    /// Attachments of other accounts need nobody's consent.
    pub auto_accept: bool,
    /// New attachments use a default table.
    pub default_association: bool,
    /// New attachments announce themselves to a default table.
    pub default_propagation: bool,
}

impl Resource for Tgw {
    const NAME: &'static str = "transit-gateway";
}

macro_rules! switch {
    ($kind:ident, $on:expr) => {
        if $on { $kind::Enable } else { $kind::Disable }
    };
}

impl Kind<Aws> for Tgw {
    const ROOT: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeTransitGateways"],
        create: &["ec2:CreateTransitGateway", "ec2:CreateTags"],
        update: &["ec2:ModifyTransitGateway", "ec2:CreateTags"],
        delete: &["ec2:DeleteTransitGateway"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let gateways = aws.transit_gateways().await?;
        gateways.iter().filter(|tgw| tgw.state() != Some(&TransitGatewayState::Deleted)).map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Tgw {
            asn,
            description,
            dns_support,
            vpn_ecmp,
            group_referencing,
            multicast,
            auto_accept,
            default_association,
            default_propagation,
        } = self;
        // AWS can change it only while nothing speaks BGP; which attachments do is not ours to know.
        diff.replace("asn", asn, &live.asn);
        diff.replace("multicast", multicast, &live.multicast);
        diff.in_place("description", description, &live.description);
        diff.in_place("dns_support", dns_support, &live.dns_support);
        diff.in_place("vpn_ecmp", vpn_ecmp, &live.vpn_ecmp);
        diff.in_place("group_referencing", group_referencing, &live.group_referencing);
        diff.in_place("auto_accept", auto_accept, &live.auto_accept);
        diff.in_place("default_association", default_association, &live.default_association);
        diff.in_place("default_propagation", default_propagation, &live.default_propagation);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateTransitGateway";
        let aws = &cx.world;
        let options = TransitGatewayRequestOptions::builder()
            .amazon_side_asn(i64::from(self.asn))
            .dns_support(switch!(DnsSupportValue, self.dns_support))
            .vpn_ecmp_support(switch!(VpnEcmpSupportValue, self.vpn_ecmp))
            .security_group_referencing_support(switch!(SecurityGroupReferencingSupportValue, self.group_referencing))
            .multicast_support(switch!(MulticastSupportValue, self.multicast))
            .auto_accept_shared_attachments(switch!(AutoAcceptSharedAttachmentsValue, self.auto_accept))
            .default_route_table_association(switch!(DefaultRouteTableAssociationValue, self.default_association))
            .default_route_table_propagation(switch!(DefaultRouteTablePropagationValue, self.default_propagation))
            .build();
        let call = aws
            .write()
            .ec2
            .create_transit_gateway()
            .description(&self.description)
            .options(options)
            .tag_specifications(tags::specification(ResourceType::TransitGateway, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.transit_gateway.and_then(|tgw| tgw.transit_gateway_id), OPERATION, "transitGatewayId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let have = &live.spec;
        let changed = |want: bool, have: bool| (want != have).then_some(want);
        let mut options = ModifyTransitGatewayOptions::builder();
        if let Some(on) = changed(self.dns_support, have.dns_support) {
            options = options.dns_support(switch!(DnsSupportValue, on));
        }
        if let Some(on) = changed(self.vpn_ecmp, have.vpn_ecmp) {
            options = options.vpn_ecmp_support(switch!(VpnEcmpSupportValue, on));
        }
        if let Some(on) = changed(self.group_referencing, have.group_referencing) {
            options = options.security_group_referencing_support(switch!(SecurityGroupReferencingSupportValue, on));
        }
        if let Some(on) = changed(self.auto_accept, have.auto_accept) {
            options = options.auto_accept_shared_attachments(switch!(AutoAcceptSharedAttachmentsValue, on));
        }
        if let Some(on) = changed(self.default_association, have.default_association) {
            options = options.default_route_table_association(switch!(DefaultRouteTableAssociationValue, on));
        }
        if let Some(on) = changed(self.default_propagation, have.default_propagation) {
            options = options.default_route_table_propagation(switch!(DefaultRouteTablePropagationValue, on));
        }
        let call = cx.world.write().ec2.modify_transit_gateway().transit_gateway_id(&live.id);
        let call = call.description(&self.description).options(options.build());
        cx.world.call("ec2:ModifyTransitGateway", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ec2.delete_transit_gateway().transit_gateway_id(&live.id);
        aws.call("ec2:DeleteTransitGateway", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        Tgw {
            asn: 4_200_036_202,
            description: "naruto prod".into(),
            dns_support: true,
            vpn_ecmp: true,
            group_referencing: false,
            multicast: false,
            auto_accept: false,
            default_association: false,
            default_propagation: false,
        }
    }
}

fn read(tgw: &aws_sdk_ec2::types::TransitGateway) -> Result<Live<Tgw>, Failure> {
    const OPERATION: &str = "ec2:DescribeTransitGateways";
    let options = need(tgw.options(), OPERATION, "options")?;
    let asn = need(options.amazon_side_asn(), OPERATION, "amazonSideAsn")?;
    let state = match need(tgw.state(), OPERATION, "state")? {
        TransitGatewayState::Available => State::Ready,
        TransitGatewayState::Deleting => State::Leaving,
        other => State::Pending(other.as_str().into()),
    };
    Ok(Live {
        id: need(tgw.transit_gateway_id(), OPERATION, "transitGatewayId")?.into(),
        owner: Owner::Tags(tags::from_ec2(tgw.tags())),
        state,
        spec: Tgw {
            asn: parse(&asn.to_string(), OPERATION)?,
            description: tgw.description().unwrap_or_default().into(),
            dns_support: options.dns_support() == Some(&DnsSupportValue::Enable),
            vpn_ecmp: options.vpn_ecmp_support() == Some(&VpnEcmpSupportValue::Enable),
            group_referencing: options.security_group_referencing_support()
                == Some(&SecurityGroupReferencingSupportValue::Enable),
            multicast: options.multicast_support() == Some(&MulticastSupportValue::Enable),
            auto_accept: options.auto_accept_shared_attachments() == Some(&AutoAcceptSharedAttachmentsValue::Enable),
            default_association: options.default_route_table_association()
                == Some(&DefaultRouteTableAssociationValue::Enable),
            default_propagation: options.default_route_table_propagation()
                == Some(&DefaultRouteTablePropagationValue::Enable),
        },
    })
}

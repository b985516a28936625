//! What the role in another party's account must allow, by kind. [`gcnet_core::Kind::CALLS`] names our own account's
//! calls only: these are for the party that writes the role.

use gcnet_core::Resource;

use super::{
    DxAssociation, EndpointOffer, ForeignAttachment, ForeignRoute, ForeignRuleAssociation, ForeignZone, SharePrincipal,
    TgwPeering, VpcEndpoint, ZoneAssociation,
};

/// Kind, and the calls in the words of an IAM policy.
pub const THERE: [(&str, &[&str]); 10] = [
    (SharePrincipal::NAME, &["ram:GetResourceShareInvitations", "ram:AcceptResourceShareInvitation"]),
    (
        ForeignAttachment::NAME,
        &[
            "ec2:DescribeVpcs",
            "ec2:DescribeTransitGatewayVpcAttachments",
            "ec2:CreateTransitGatewayVpcAttachment",
            "ec2:ModifyTransitGatewayVpcAttachment",
            "ec2:CreateTags",
            "iam:CreateServiceLinkedRole",
        ],
    ),
    (
        ForeignRoute::NAME,
        &["ec2:DescribeRouteTables", "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:CreateTags", "ec2:DeleteTags"],
    ),
    (
        TgwPeering::NAME,
        &[
            "ec2:DescribeTransitGatewayPeeringAttachments",
            "ec2:DescribeTransitGatewayRouteTables",
            "ec2:SearchTransitGatewayRoutes",
            "ec2:CreateTransitGatewayPeeringAttachment",
            "ec2:AcceptTransitGatewayPeeringAttachment",
            "ec2:CreateTags",
            "iam:CreateServiceLinkedRole",
        ],
    ),
    (EndpointOffer::NAME, &["ec2:ModifyVpcEndpointServicePermissions"]),
    (VpcEndpoint::NAME, &["ec2:AcceptVpcEndpointConnections"]),
    (
        DxAssociation::NAME,
        &[
            "directconnect:AcceptDirectConnectGatewayAssociationProposal",
            "directconnect:UpdateDirectConnectGatewayAssociation",
        ],
    ),
    (
        ForeignRuleAssociation::NAME,
        &[
            "route53resolver:ListResolverRuleAssociations",
            "route53resolver:AssociateResolverRule",
            "route53resolver:DisassociateResolverRule",
            "ec2:DescribeVpcs",
        ],
    ),
    (ZoneAssociation::NAME, &["route53:AssociateVPCWithHostedZone", "ec2:DescribeVpcs"]),
    (ForeignZone::NAME, &["route53:CreateVPCAssociationAuthorization", "route53:DeleteVPCAssociationAuthorization"]),
];

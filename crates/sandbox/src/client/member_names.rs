//! EC2's names on the wire where they are not the member's own.
//!
//! DOC (EC2 API reference, request parameters of each operation): a list is mostly sent in the singular, and the younger
//! operations, those of transit gateways among them, send some in the plural.

/// In every operation but those below.
static USUAL: &[(&str, &str)] = &[
    ("AddEntries", "AddEntry"),
    ("AddGatewayLoadBalancerArns", "AddGatewayLoadBalancerArn"),
    ("AddNetworkLoadBalancerArns", "AddNetworkLoadBalancerArn"),
    ("AddRouteTableIds", "AddRouteTableId"),
    ("AddSecurityGroupIds", "AddSecurityGroupId"),
    ("AddSubnetIds", "AddSubnetId"),
    ("AddSupportedIpAddressTypes", "AddSupportedIpAddressType"),
    ("AddSupportedRegions", "AddSupportedRegion"),
    ("Entries", "Entry"),
    ("Filters", "Filter"),
    ("FlowLogIds", "FlowLogId"),
    ("GatewayLoadBalancerArns", "GatewayLoadBalancerArn"),
    ("GroupIds", "GroupId"),
    ("GroupNames", "GroupName"),
    ("IcmpTypeCode", "Icmp"),
    ("NetworkAclIds", "NetworkAclId"),
    ("NetworkInterfaceIds", "NetworkInterfaceId"),
    ("NetworkLoadBalancerArns", "NetworkLoadBalancerArn"),
    ("PrivateDnsSpecifiedDomains", "PrivateDnsSpecifiedDomain"),
    ("RemoveEntries", "RemoveEntry"),
    ("RemoveGatewayLoadBalancerArns", "RemoveGatewayLoadBalancerArn"),
    ("RemoveNetworkLoadBalancerArns", "RemoveNetworkLoadBalancerArn"),
    ("RemoveRouteTableIds", "RemoveRouteTableId"),
    ("RemoveSecurityGroupIds", "RemoveSecurityGroupId"),
    ("RemoveSubnetIds", "RemoveSubnetId"),
    ("RemoveSupportedIpAddressTypes", "RemoveSupportedIpAddressType"),
    ("RemoveSupportedRegions", "RemoveSupportedRegion"),
    ("ResourceIds", "ResourceId"),
    ("Resources", "ResourceId"),
    ("RouteTableIds", "RouteTableId"),
    ("SecurityGroupIds", "SecurityGroupId"),
    ("SecurityGroupRuleDescriptions", "SecurityGroupRuleDescription"),
    ("SecurityGroupRuleIds", "SecurityGroupRuleId"),
    ("SecurityGroupRules", "SecurityGroupRule"),
    ("ServiceIds", "ServiceId"),
    ("ServiceNames", "ServiceName"),
    ("ServiceRegions", "ServiceRegion"),
    ("SubnetConfigurations", "SubnetConfiguration"),
    ("SubnetIds", "SubnetId"),
    ("SupportedIpAddressTypes", "SupportedIpAddressType"),
    ("SupportedRegions", "SupportedRegion"),
    ("TagSpecifications", "TagSpecification"),
    ("Tags", "Tag"),
    ("UserIdGroupPairs", "Groups"),
    ("Values", "Value"),
    ("VpcEndpointIds", "VpcEndpointId"),
    ("VpcIds", "VpcId"),
    ("VpcPeeringConnectionIds", "VpcPeeringConnectionId"),
    ("ZoneIds", "ZoneId"),
    ("ZoneNames", "ZoneName"),
];

/// Operation, member, name on the wire.
static UNUSUAL: &[(&str, &str, &str)] = &[
    ("CreateNetworkInterface", "Groups", "SecurityGroupId"),
    ("CreateSecurityGroup", "Description", "GroupDescription"),
    ("CreateTransitGatewayRouteTable", "TagSpecifications", "TagSpecifications"),
    ("CreateTransitGatewayVpcAttachment", "SubnetIds", "SubnetIds"),
    ("CreateTransitGatewayVpcAttachment", "TagSpecifications", "TagSpecifications"),
    ("DescribeManagedPrefixLists", "PrefixListIds", "PrefixListId"),
    ("DescribePrefixLists", "PrefixListIds", "PrefixListId"),
    ("ModifyNetworkInterfaceAttribute", "Groups", "SecurityGroupId"),
    ("ModifyTransitGatewayVpcAttachment", "AddSubnetIds", "AddSubnetIds"),
    ("ModifyTransitGatewayVpcAttachment", "RemoveSubnetIds", "RemoveSubnetIds"),
];

/// How a member of an operation's input is called on the wire.
pub(super) fn on_the_wire<'a>(operation: &str, member: &'a str) -> &'a str {
    let unusual = UNUSUAL.iter().find(|(where_, name, _)| *where_ == operation && *name == member);
    let usual = || USUAL.iter().find(|(name, _)| *name == member);
    match unusual {
        Some((_, _, wire)) => wire,
        None => usual().map_or(member, |(_, wire)| wire),
    }
}

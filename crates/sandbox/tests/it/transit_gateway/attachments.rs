//! VPC attachments, seen with their own read and with the read of all types.

use gcnet_sandbox::{Options, Quotas};

use super::{CLOSED, HOUR, stepped};
use crate::client::{ACCOUNT, Aws};

#[tokio::test]
async fn an_attachment_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [a, c]) = aws.vpc_with_subnets(1).await;
    let tag = "TagSpecifications.1.ResourceType=transit-gateway-attachment TagSpecifications.1.Tag.1.Key=Name \
               TagSpecifications.1.Tag.1.Value=shared";
    let params = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={a} SubnetIds.2={c} {tag}");
    let made = aws.call("CreateTransitGatewayVpcAttachment", params).await;
    let id = made.one("transitGatewayAttachmentId");
    for (path, value) in [
        ("transitGatewayVpcAttachment.state", "pending"),
        ("transitGatewayVpcAttachment.transitGatewayId", &*gateway),
        ("transitGatewayVpcAttachment.vpcId", &vpc),
        ("transitGatewayVpcAttachment.vpcOwnerId", ACCOUNT),
        ("options.dnsSupport", "enable"),
        ("options.securityGroupReferencingSupport", "enable"),
        ("options.ipv6Support", "disable"),
        ("options.applianceModeSupport", "disable"),
        ("tagSet.item.value", "shared"),
    ] {
        assert_eq!(made.one(path), value, "{path}");
    }
    assert_eq!(made.all("subnetIds.item").len(), 2);

    let named = format!("TransitGatewayAttachmentId={id}");
    let table = aws.call("DescribeRouteTables", "").await.one("item.routeTableId");
    let route = format!("RouteTableId={table} DestinationCidrBlock=10.9.0.0/16 TransitGatewayId={gateway}");
    aws.refuses(&[
        ("DeleteTransitGatewayVpcAttachment", named.clone(), "IncorrectState"),
        ("ModifyTransitGatewayVpcAttachment", format!("{named} Options.DnsSupport=disable"), "IncorrectState"),
        ("AcceptTransitGatewayVpcAttachment", named.clone(), "IncorrectState"),
        ("RejectTransitGatewayVpcAttachment", named.clone(), "IncorrectState"),
        ("CreateRoute", route.clone(), "InvalidTransitGatewayID.NotFound"),
        ("DeleteTransitGateway", format!("TransitGatewayId={gateway}"), "IncorrectState"),
        ("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation"),
        ("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation"),
    ])
    .await;
    aws.wait(75);
    assert_eq!(aws.attachment_state(&id).await, "available");
    aws.call("CreateRoute", &route).await;
    let interfaces = "Filter.1.Name=interface-type Filter.1.Value.1=transit_gateway";
    assert_eq!(aws.call("DescribeNetworkInterfaces", interfaces).await.all("item.subnetId").len(), 2);
    let route_state = async || aws.call("DescribeRouteTables", "").await.all("routeSet.item.state")[1].clone();
    assert_eq!(route_state().await, "active");

    aws.call("DeleteTransitGatewayVpcAttachment", &named).await;
    assert_eq!(aws.attachment_state(&id).await, "deleting");
    assert_eq!(route_state().await, "blackhole");
    aws.refuses(&[
        ("DeleteTransitGatewayVpcAttachment", named.clone(), "IncorrectState"),
        ("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation"),
        (
            "CreateTransitGatewayVpcAttachment",
            format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={a}"),
            "DuplicateTransitGatewayAttachment",
        ),
        ("DeleteTransitGateway", format!("TransitGatewayId={gateway}"), "IncorrectState"),
    ])
    .await;
    aws.wait(60);
    assert_eq!(aws.attachment_state(&id).await, "deleted");
    aws.refuses(&[
        ("DeleteTransitGatewayVpcAttachment", named.clone(), "InvalidTransitGatewayAttachmentID.NotFound"),
        ("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a"), "InvalidTransitGatewayAttachmentID.NotFound"),
    ])
    .await;
    assert!(!aws.sandbox.everything(ACCOUNT).iter().any(|resource| resource.id == id));
    aws.call("DeleteSubnet", format!("SubnetId={a}")).await;
    // The pair is free again while the tombstone is still listed.
    aws.attachment(&gateway, &vpc, &c).await;
    assert_eq!(aws.call("DescribeTransitGatewayVpcAttachments", "").await.all("item.state").len(), 2);
    aws.wait(HOUR);
    assert_eq!(aws.call("DescribeTransitGatewayVpcAttachments", "").await.all("item.state"), ["available"]);
}

#[tokio::test]
async fn an_attachment_is_modified() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [a, c]) = aws.vpc_with_subnets(1).await;
    let spare = format!("VpcId={vpc} CidrBlock=10.1.9.0/24 AvailabilityZone=ap-northeast-1a");
    let spare = aws.call("CreateSubnet", spare).await.one("subnetId");
    let id = aws.attachment(&gateway, &vpc, &a).await;
    let modify = |rest: &str| format!("TransitGatewayAttachmentId={id} {rest}");

    let options = "Options.DnsSupport=disable Options.SecurityGroupReferencingSupport=disable \
                   Options.ApplianceModeSupport=enable Options.Ipv6Support=disable";
    let changed = aws.call("ModifyTransitGatewayVpcAttachment", modify(&format!("AddSubnetIds.1={c} {options}"))).await;
    for (path, value) in [
        ("transitGatewayVpcAttachment.state", "modifying"),
        ("options.dnsSupport", "disable"),
        ("options.securityGroupReferencingSupport", "disable"),
        ("options.applianceModeSupport", "enable"),
    ] {
        assert_eq!(changed.one(path), value, "{path}");
    }
    aws.refuses(&[
        ("ModifyTransitGatewayVpcAttachment", modify(&format!("RemoveSubnetIds.1={a}")), "IncorrectState"),
        ("DeleteTransitGatewayVpcAttachment", modify(""), "IncorrectState"),
        ("DeleteSubnet", format!("SubnetId={c}"), "DependencyViolation"),
    ])
    .await;
    aws.wait(30);
    aws.refuses(&[
        ("ModifyTransitGatewayVpcAttachment", modify(""), "MissingParameter"),
        ("ModifyTransitGatewayVpcAttachment", modify("Options.Ipv6Support=enable"), "InvalidParameterValue"),
        ("ModifyTransitGatewayVpcAttachment", modify("AddSubnetIds.1=subnet-1"), "InvalidSubnetID.NotFound"),
        (
            "ModifyTransitGatewayVpcAttachment",
            modify(&format!("AddSubnetIds.1={spare} RemoveSubnetIds.1={a}")),
            "DuplicateSubnetsInSameZone",
        ),
        ("ModifyTransitGatewayVpcAttachment", modify(&format!("RemoveSubnetIds.1={spare}")), "InvalidParameterValue"),
        (
            "ModifyTransitGatewayVpcAttachment",
            modify(&format!("RemoveSubnetIds.1={a} RemoveSubnetIds.2={c}")),
            "InvalidParameterValue",
        ),
    ])
    .await;
    let changed = aws.call("ModifyTransitGatewayVpcAttachment", modify(&format!("RemoveSubnetIds.1={a}"))).await;
    assert_eq!(changed.all("subnetIds.item"), [c.as_str()]);
    aws.refuses(&[("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation")]).await;
    aws.wait(30);
    aws.call("DeleteSubnet", format!("SubnetId={a}")).await;
}

#[tokio::test]
async fn attachments_are_refused() {
    let quotas = Quotas { transit_gateways_per_vpc: 1, ..Quotas::default() };
    let aws = Aws::start(Options { quotas, ..stepped() }).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [a, _]) = aws.vpc_with_subnets(1).await;
    let (_, [foreign, _]) = aws.vpc_with_subnets(2).await;
    let twin = format!("VpcId={vpc} CidrBlock=10.1.9.0/24 AvailabilityZone=ap-northeast-1a");
    let twin = aws.call("CreateSubnet", twin).await.one("subnetId");
    let with = |rest: &str| format!("TransitGatewayId={gateway} {rest}");
    let good = with(&format!("VpcId={vpc} SubnetIds.1={a}"));
    let create = "CreateTransitGatewayVpcAttachment";
    aws.refuses(&[
        (create, with(&format!("VpcId={vpc}")), "MissingParameter"),
        (create, with(&format!("SubnetIds.1={a}")), "MissingParameter"),
        (create, with(&format!("VpcId=vpc-1 SubnetIds.1={a}")), "InvalidVpcID.NotFound"),
        (create, with(&format!("VpcId={vpc} SubnetIds.1=subnet-1")), "InvalidSubnetID.NotFound"),
        (create, with(&format!("VpcId={vpc} SubnetIds.1={foreign}")), "InvalidParameterValue"),
        (create, format!("{good} SubnetIds.2={twin}"), "DuplicateSubnetsInSameZone"),
        (create, format!("{good} Options.Ipv6Support=enable"), "InvalidParameterValue"),
        (create, format!("{good} Options.ApplianceModeSupport=on"), "InvalidParameterValue"),
        (create, format!("{good} TagSpecifications.1.ResourceType=transit-gateway"), "InvalidParameterValue"),
        (create, good.replace("tgw-0", "tgw-1"), "InvalidTransitGatewayID.NotFound"),
        (create, format!("{good} DryRun=true"), "DryRunOperation"),
    ])
    .await;
    let young = aws.call("CreateTransitGateway", CLOSED).await.one("transitGatewayId");
    aws.refuses(&[(create, good.replace(&gateway, &young), "IncorrectState")]).await;
    let id = aws.attachment(&gateway, &vpc, &a).await;
    aws.wait(90);
    aws.refuses(&[
        (create, good.clone(), "DuplicateTransitGatewayAttachment"),
        (create, good.replace(&gateway, &young), "TransitGatewayAttachmentLimitExceeded"),
        ("AcceptTransitGatewayVpcAttachment", format!("TransitGatewayAttachmentId={id}"), "IncorrectState"),
        (
            "DeleteTransitGatewayVpcAttachment",
            "TransitGatewayAttachmentId=tgw-1".to_owned(),
            "InvalidTransitGatewayAttachmentID.Malformed",
        ),
    ])
    .await;
}

#[tokio::test]
async fn attachments_are_filtered() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (shared, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let one = aws.attachment(&gateway, &shared, &subnet).await;
    let table = aws.gateway_table(&gateway).await;
    let params = format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId={one}");
    aws.call("AssociateTransitGatewayRouteTable", params).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(2).await;
    let params = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet}");
    let two = aws.call("CreateTransitGatewayVpcAttachment", params).await.one("transitGatewayAttachmentId");

    let of_vpcs = "DescribeTransitGatewayVpcAttachments";
    let of_all = "DescribeTransitGatewayAttachments";
    for (operation, name, value, expected) in [
        (of_vpcs, "state", "available", vec![&one]),
        (of_vpcs, "vpc-id", &*vpc, vec![&two]),
        (of_vpcs, "transit-gateway-id", &gateway, vec![&one, &two]),
        (of_vpcs, "transit-gateway-attachment-id", &two, vec![&two]),
        (of_all, "state", "pending", vec![&two]),
        (of_all, "resource-id", &shared, vec![&one]),
        (of_all, "resource-type", "vpc", vec![&one, &two]),
        (of_all, "resource-type", "peering", vec![]),
        (of_all, "resource-owner-id", ACCOUNT, vec![&one, &two]),
        (of_all, "transit-gateway-owner-id", ACCOUNT, vec![&one, &two]),
        (of_all, "transit-gateway-id", &gateway, vec![&one, &two]),
        (of_all, "transit-gateway-attachment-id", &one, vec![&one]),
        (of_all, "association.state", "associating", vec![&one]),
        (of_all, "association.transit-gateway-route-table-id", &table, vec![&one]),
    ] {
        let params = format!("Filter.1.Name={name} Filter.1.Value.1={value}");
        let mut found = aws.call(operation, params).await.all("item.transitGatewayAttachmentId");
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{operation} {name}={value}");
    }
    let read = aws.call(of_all, format!("TransitGatewayAttachmentIds.1={one}")).await;
    assert_eq!(read.one("association.transitGatewayRouteTableId"), table);
    assert_eq!(read.one("association.state"), "associating");
    assert_eq!(read.one("item.resourceId"), shared);
    aws.refuses(&[
        (of_all, "Filter.1.Name=tag:Name Filter.1.Value.1=x".to_owned(), "InvalidParameterValue"),
        (of_vpcs, "Filter.1.Name=tag-key Filter.1.Value.1=x".to_owned(), "InvalidParameterValue"),
        (of_vpcs, "MaxResults=4".to_owned(), "InvalidParameterValue"),
    ])
    .await;
}

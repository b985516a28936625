//! Gateways and their route tables.

use gcnet_sandbox::{Options, Quotas};

use super::{CLOSED, HOUR, stepped};
use crate::client::{ACCOUNT, Aws, OTHER};

#[tokio::test]
async fn a_gateway_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let tag = "TagSpecification.1.ResourceType=transit-gateway TagSpecification.1.Tag.1.Key=Name \
               TagSpecification.1.Tag.1.Value=hub";
    let asn = "Options.AmazonSideAsn=4200036202 Options.MulticastSupport=enable Options.TransitGatewayCidrBlocks.1=10.99.0.0/24";
    let made = aws.call("CreateTransitGateway", format!("Description=naruto {CLOSED} {asn} {tag}")).await;
    let id = made.one("transitGatewayId");
    for (path, value) in [
        ("transitGateway.transitGatewayArn", &*format!("arn:aws:ec2:ap-northeast-1:{ACCOUNT}:transit-gateway/{id}")),
        ("transitGateway.state", "pending"),
        ("transitGateway.ownerId", ACCOUNT),
        ("transitGateway.description", "naruto"),
        ("transitGateway.creationTime", "2026-04-01T00:00:00.000Z"),
        ("options.amazonSideAsn", "4200036202"),
        ("options.autoAcceptSharedAttachments", "disable"),
        ("options.defaultRouteTableAssociation", "disable"),
        ("options.defaultRouteTablePropagation", "disable"),
        ("options.vpnEcmpSupport", "enable"),
        ("options.dnsSupport", "enable"),
        ("options.securityGroupReferencingSupport", "disable"),
        ("options.multicastSupport", "enable"),
        ("transitGatewayCidrBlocks.item", "10.99.0.0/24"),
        ("tagSet.item.value", "hub"),
    ] {
        assert_eq!(made.one(path), value, "{path}");
    }
    assert!(made.all("associationDefaultRouteTableId").is_empty());
    assert!(aws.call("DescribeTransitGatewayRouteTables", "").await.all("transitGatewayRouteTableId").is_empty());

    let named = format!("TransitGatewayId={id}");
    aws.refuses(&[
        ("DeleteTransitGateway", named.clone(), "IncorrectState"),
        ("ModifyTransitGateway", format!("{named} Description=x"), "IncorrectState"),
        ("CreateTransitGatewayRouteTable", named.clone(), "IncorrectState"),
    ])
    .await;
    aws.wait(90);
    assert_eq!(aws.gateway_state(&id).await, "available");

    aws.call("DeleteTransitGateway", &named).await;
    assert_eq!(aws.gateway_state(&id).await, "deleting");
    aws.refuses(&[("DeleteTransitGateway", named.clone(), "IncorrectState")]).await;
    aws.wait(60);
    let tombstone = aws.call("DescribeTransitGateways", "Filter.1.Name=tag-key Filter.1.Value.1=Name").await;
    assert_eq!(tombstone.one("item.state"), "deleted");
    aws.refuses(&[
        ("DeleteTransitGateway", named, "InvalidTransitGatewayID.NotFound"),
        ("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a"), "InvalidTransitGatewayID.NotFound"),
    ])
    .await;
    assert!(aws.sandbox.everything(ACCOUNT).is_empty());
    aws.wait(HOUR);
    assert!(aws.call("DescribeTransitGateways", "").await.all("transitGatewayId").is_empty());
    assert!(aws.call("DescribeTags", "").await.all("resourceId").is_empty());
    aws.refuses(&[(
        "DescribeTransitGateways",
        format!("TransitGatewayIds.1={id}"),
        "InvalidTransitGatewayID.NotFound",
    )])
    .await;
}

#[tokio::test]
async fn by_default_there_is_an_untagged_table() {
    let aws = Aws::start(stepped()).await;
    let tag = "TagSpecification.1.ResourceType=transit-gateway TagSpecification.1.Tag.1.Key=Name";
    let made = aws.call("CreateTransitGateway", tag).await;
    let (id, table) = (made.one("transitGatewayId"), made.one("options.associationDefaultRouteTableId"));
    assert_eq!(made.one("options.propagationDefaultRouteTableId"), table);
    assert_eq!(made.one("options.amazonSideAsn"), "64512");
    assert_eq!(aws.table_state(&table).await, "pending");
    aws.wait(90);
    let read = aws.call("DescribeTransitGatewayRouteTables", "").await;
    assert_eq!(read.one("item.state"), "available");
    assert_eq!(read.one("item.defaultAssociationRouteTable"), "true");
    assert_eq!(read.one("item.defaultPropagationRouteTable"), "true");
    assert!(read.all("tagSet.item.key").is_empty());

    let delete = format!("TransitGatewayRouteTableId={table}");
    aws.refuses(&[("DeleteTransitGatewayRouteTable", delete.clone(), "IncorrectState")]).await;

    // What is attached is associated and announced by itself, once it is available.
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let params = format!("TransitGatewayId={id} VpcId={vpc} SubnetIds.1={subnet}");
    aws.call("CreateTransitGatewayVpcAttachment", params).await;
    let named = format!("TransitGatewayRouteTableId={table}");
    let lists = ["GetTransitGatewayRouteTableAssociations", "GetTransitGatewayRouteTablePropagations"];
    for (seconds, states) in
        [(74, [None, None]), (1, [Some("associating"), Some("enabling")]), (30, [Some("associated"), Some("enabled")])]
    {
        aws.wait(seconds);
        for (list, state) in lists.iter().zip(states) {
            assert_eq!(aws.call(list, &named).await.all("item.state"), Vec::from_iter(state), "{list}");
        }
    }

    let off = "Options.DefaultRouteTableAssociation=disable Options.DefaultRouteTablePropagation=disable";
    let modified = aws.call("ModifyTransitGateway", format!("TransitGatewayId={id} {off}")).await;
    assert_eq!(modified.one("options.defaultRouteTableAssociation"), "disable");
    // It is no default any more, but still in use.
    aws.refuses(&[("DeleteTransitGatewayRouteTable", delete, "IncorrectState")]).await;
}

#[tokio::test]
async fn a_gateway_is_modified() {
    let aws = Aws::start(stepped()).await;
    let id = aws.gateway(CLOSED).await;
    let table = aws.gateway_table(&id).await;
    let modify = |rest: &str| format!("TransitGatewayId={id} {rest}");
    let options = "Options.DnsSupport=disable Options.VpnEcmpSupport=disable Options.AutoAcceptSharedAttachments=enable \
                   Options.SecurityGroupReferencingSupport=enable Options.AmazonSideAsn=65000 \
                   Options.AddTransitGatewayCidrBlocks.1=10.99.0.0/24 Options.DefaultRouteTableAssociation=enable";
    let with_table = format!("{options} Options.AssociationDefaultRouteTableId={table}");
    let modified = aws.call("ModifyTransitGateway", modify(&format!("Description=new {with_table}"))).await;
    for (path, value) in [
        ("transitGateway.state", "modifying"),
        ("transitGateway.description", "new"),
        ("options.dnsSupport", "disable"),
        ("options.vpnEcmpSupport", "disable"),
        ("options.autoAcceptSharedAttachments", "enable"),
        ("options.securityGroupReferencingSupport", "enable"),
        ("options.amazonSideAsn", "65000"),
        ("options.associationDefaultRouteTableId", &table),
        ("options.defaultRouteTablePropagation", "disable"),
        ("transitGatewayCidrBlocks.item", "10.99.0.0/24"),
    ] {
        assert_eq!(modified.one(path), value, "{path}");
    }
    aws.refuses(&[("ModifyTransitGateway", modify("Description=x"), "IncorrectState")]).await;
    aws.wait(30);
    assert_eq!(aws.gateway_state(&id).await, "available");
    let other = aws.gateway(CLOSED).await;
    let foreign = aws.gateway_table(&other).await;
    let to_foreign =
        format!("Options.DefaultRouteTablePropagation=enable Options.PropagationDefaultRouteTableId={foreign}");
    let too_many: String =
        (0..5).map(|n| format!("Options.AddTransitGatewayCidrBlocks.{}=10.8.{n}.0/24 ", n + 1)).collect();
    aws.refuses(&[
        ("ModifyTransitGateway", modify(""), "MissingParameter"),
        ("ModifyTransitGateway", modify("Options.DefaultRouteTablePropagation=enable"), "MissingParameter"),
        ("ModifyTransitGateway", modify(&to_foreign), "InvalidParameterValue"),
        (
            "ModifyTransitGateway",
            modify(&format!("Options.PropagationDefaultRouteTableId={table}")),
            "InvalidParameterCombination",
        ),
        ("ModifyTransitGateway", modify("Options.AddTransitGatewayCidrBlocks.1=10.99.0.0/16"), "InvalidParameterValue"),
        (
            "ModifyTransitGateway",
            modify("Options.RemoveTransitGatewayCidrBlocks.1=10.0.0.0/16"),
            "InvalidParameterValue",
        ),
        ("ModifyTransitGateway", modify(too_many.trim()), "TransitGatewayCidrBlocksLimitExceeded"),
        ("ModifyTransitGateway", modify("Options.EncryptionSupport=enable"), "UnknownParameter"),
        ("ModifyTransitGateway", "TransitGatewayId=tgw-1".to_owned(), "InvalidTransitGatewayID.NotFound"),
    ])
    .await;
    aws.call("ModifyTransitGateway", modify("Options.RemoveTransitGatewayCidrBlocks.1=10.99.0.0/24")).await;
}

#[tokio::test]
async fn gateways_are_refused() {
    let quotas = Quotas { transit_gateways: 1, transit_gateway_route_tables: 1, ..Quotas::default() };
    let mut aws = Aws::start(Options { quotas, ..stepped() }).await;
    let with = |option: &str| format!("Options.{option}");
    aws.refuses(&[
        ("CreateTransitGateway", with("AmazonSideAsn=64511"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("AmazonSideAsn=65535"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("AmazonSideAsn=4199999999"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("AmazonSideAsn=4294967295"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("DnsSupport=true"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("TransitGatewayCidrBlocks.1=10.0.0.0/25"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("TransitGatewayCidrBlocks.1=10.0.0.1/24"), "InvalidParameterValue"),
        ("CreateTransitGateway", with("Colour=red"), "UnknownParameter"),
        ("CreateTransitGateway", "TagSpecification.1.ResourceType=vpc".to_owned(), "InvalidParameterValue"),
        ("CreateTransitGateway", "DryRun=true".to_owned(), "DryRunOperation"),
        ("DeleteTransitGateway", "TransitGatewayId=vpc-1".to_owned(), "InvalidTransitGatewayID.Malformed"),
        ("DescribeTransitGateways", "Filter.1.Name=tag:Name Filter.1.Value.1=x".to_owned(), "InvalidParameterValue"),
    ])
    .await;
    let id = aws.gateway(CLOSED).await;
    aws.gateway_table(&id).await;
    let named = format!("TransitGatewayId={id}");
    aws.refuses(&[
        ("CreateTransitGateway", String::new(), "TransitGatewayLimitExceeded"),
        ("CreateTransitGatewayRouteTable", named.clone(), "TransitGatewayRouteTableLimitExceeded"),
    ])
    .await;
    // Another account knows nothing of it.
    aws.key = OTHER.to_owned();
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let unknown = "InvalidTransitGatewayID.NotFound";
    aws.refuses(&[
        ("DescribeTransitGateways", format!("TransitGatewayIds.1={id}"), unknown),
        ("CreateTransitGatewayRouteTable", named.clone(), unknown),
        ("CreateTransitGatewayVpcAttachment", format!("{named} VpcId={vpc} SubnetIds.1={subnet}"), unknown),
    ])
    .await;
}

#[tokio::test]
async fn gateways_are_filtered() {
    let aws = Aws::start(stepped()).await;
    let tag = "TagSpecification.1.ResourceType=transit-gateway TagSpecification.1.Tag.1.Key=Name";
    let hub = aws.gateway(&format!("Options.AmazonSideAsn=65001 {tag}")).await;
    let spoke = aws.call("CreateTransitGateway", format!("{CLOSED} Options.VpnEcmpSupport=disable")).await;
    let spoke = spoke.one("transitGatewayId");
    let table = aws.call("DescribeTransitGatewayRouteTables", "").await.one("transitGatewayRouteTableId");
    for (name, value, expected) in [
        ("state", "available", vec![&hub]),
        ("state", "pending", vec![&spoke]),
        ("tag-key", "Name", vec![&hub]),
        ("owner-id", ACCOUNT, vec![&hub, &spoke]),
        ("transit-gateway-id", &spoke, vec![&spoke]),
        ("options.amazon-side-asn", "65001", vec![&hub]),
        ("options.association-default-route-table-id", &table, vec![&hub]),
        ("options.propagation-default-route-table-id", &table, vec![&hub]),
        ("options.default-route-table-association", "disable", vec![&spoke]),
        ("options.default-route-table-propagation", "enable", vec![&hub]),
        ("options.auto-accept-shared-attachments", "enable", vec![]),
        ("options.dns-support", "enable", vec![&hub, &spoke]),
        ("options.vpn-ecmp-support", "disable", vec![&spoke]),
    ] {
        let params = format!("Filter.1.Name={name} Filter.1.Value.1={value}");
        let mut found = aws.call("DescribeTransitGateways", params).await.all("item.transitGatewayId");
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}={value}");
    }
}

#[tokio::test]
async fn a_table_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let tag = "TagSpecifications.1.ResourceType=transit-gateway-route-table TagSpecifications.1.Tag.1.Key=Name \
               TagSpecifications.1.Tag.1.Value=spokes";
    let named = format!("TransitGatewayId={gateway}");
    let made = aws.call("CreateTransitGatewayRouteTable", format!("{named} {tag}")).await;
    assert_eq!(made.one("transitGatewayRouteTable.state"), "pending");
    assert_eq!(made.one("transitGatewayRouteTable.defaultAssociationRouteTable"), "false");
    assert_eq!(made.one("tagSet.item.value"), "spokes");
    let id = made.one("transitGatewayRouteTableId");
    let table = format!("TransitGatewayRouteTableId={id}");
    aws.refuses(&[("DeleteTransitGatewayRouteTable", table.clone(), "IncorrectState")]).await;
    aws.wait(15);
    assert_eq!(aws.table_state(&id).await, "available");
    for (name, value, count) in [
        ("state", "available", 1),
        ("state", "pending", 0),
        ("transit-gateway-id", &*gateway, 1),
        ("transit-gateway-route-table-id", "tgw-rtb-*", 1),
        ("default-association-route-table", "true", 0),
        ("default-propagation-route-table", "false", 1),
    ] {
        let params = format!("Filter.1.Name={name} Filter.1.Value.1={value}");
        let found = aws.call("DescribeTransitGatewayRouteTables", params).await;
        assert_eq!(found.all("item.transitGatewayRouteTableId").len(), count, "{name}={value}");
    }
    aws.call("DeleteTransitGatewayRouteTable", &table).await;
    assert_eq!(aws.table_state(&id).await, "deleting");
    aws.wait(15);
    assert_eq!(aws.table_state(&id).await, "deleted");
    aws.refuses(&[
        ("DeleteTransitGatewayRouteTable", table.clone(), "InvalidRouteTableID.NotFound"),
        ("GetTransitGatewayRouteTableAssociations", table.clone(), "InvalidRouteTableID.NotFound"),
        ("GetTransitGatewayRouteTablePropagations", table, "InvalidRouteTableID.NotFound"),
        (
            "DescribeTransitGatewayRouteTables",
            "Filter.1.Name=tag-key Filter.1.Value.1=Name".to_owned(),
            "InvalidParameterValue",
        ),
    ])
    .await;
    // Tables go with their gateway.
    let last = aws.gateway_table(&gateway).await;
    aws.call("DeleteTransitGateway", named).await;
    assert_eq!(aws.table_state(&last).await, "deleting");
    aws.wait(60);
    assert_eq!(aws.table_state(&last).await, "deleted");
    aws.wait(HOUR);
    let left = aws.call("DescribeTransitGatewayRouteTables", "").await;
    assert!(left.all("transitGatewayRouteTableId").is_empty());
}

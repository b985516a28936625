//! Associations and propagations.

use super::{CLOSED, stepped};
use crate::client::Aws;

#[tokio::test]
async fn an_association_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let params = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet}");
    let id = aws.call("CreateTransitGatewayVpcAttachment", params).await.one("transitGatewayAttachmentId");
    let (table, other) = (aws.gateway_table(&gateway).await, aws.gateway_table(&gateway).await);
    let (associate, disassociate) = ("AssociateTransitGatewayRouteTable", "DisassociateTransitGatewayRouteTable");
    let to = |table: &str| format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId={id}");
    let list = format!("TransitGatewayRouteTableId={table}");
    aws.refuses(&[(associate, to(&table), "IncorrectState")]).await;
    aws.wait(75);

    let made = aws.call(associate, to(&table)).await;
    for (path, value) in [
        ("association.transitGatewayRouteTableId", &*table),
        ("association.transitGatewayAttachmentId", &id),
        ("association.resourceId", &vpc),
        ("association.resourceType", "vpc"),
        ("association.state", "associating"),
    ] {
        assert_eq!(made.one(path), value, "{path}");
    }
    aws.refuses(&[
        (associate, to(&table), "Resource.AlreadyAssociated"),
        (associate, to(&other), "Resource.AlreadyAssociated"),
        (disassociate, to(&table), "IncorrectState"),
        (disassociate, to(&other), "InvalidAssociationID.NotFound"),
        ("DeleteTransitGatewayRouteTable", list.clone(), "IncorrectState"),
    ])
    .await;
    aws.wait(30);
    let read = aws.call("GetTransitGatewayRouteTableAssociations", &list).await;
    assert_eq!(read.all("associations.item.state"), ["associated"]);
    for (name, value, count) in
        [("resource-id", &*vpc, 1), ("resource-type", "vpn", 0), ("transit-gateway-attachment-id", &id, 1)]
    {
        let params = format!("{list} Filter.1.Name={name} Filter.1.Value.1={value}");
        let found = aws.call("GetTransitGatewayRouteTableAssociations", params).await;
        assert_eq!(found.all("associations.item.resourceId").len(), count, "{name}={value}");
    }

    assert_eq!(aws.call(disassociate, to(&table)).await.one("association.state"), "disassociating");
    aws.refuses(&[
        (disassociate, to(&table), "IncorrectState"),
        (associate, to(&other), "Resource.AlreadyAssociated"),
        ("DeleteTransitGatewayRouteTable", list.clone(), "IncorrectState"),
    ])
    .await;
    aws.wait(30);
    aws.refuses(&[(disassociate, to(&table), "InvalidAssociationID.NotFound")]).await;
    aws.call("DeleteTransitGatewayRouteTable", list).await;
    aws.refuses(&[(associate, to(&table), "IncorrectState")]).await;
    aws.call(associate, to(&other)).await;
}

#[tokio::test]
async fn a_propagation_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let id = aws.attachment(&gateway, &vpc, &subnet).await;
    let (table, other) = (aws.gateway_table(&gateway).await, aws.gateway_table(&gateway).await);
    let elsewhere = aws.gateway(CLOSED).await;
    let foreign = aws.gateway_table(&elsewhere).await;
    let (enable, disable) = ("EnableTransitGatewayRouteTablePropagation", "DisableTransitGatewayRouteTablePropagation");
    let to = |table: &str| format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId={id}");
    let made = aws.call(enable, to(&table)).await;
    assert_eq!(made.one("propagation.state"), "enabling");
    assert_eq!(made.one("propagation.transitGatewayRouteTableId"), table);
    assert_eq!(made.one("propagation.resourceId"), vpc);
    aws.refuses(&[(enable, format!("{} TransitGatewayRouteTableAnnouncementId=x", to(&other)), "UnknownParameter")])
        .await;
    aws.call(enable, to(&other)).await;
    let nobody = format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId=tgw-attach-1");
    aws.refuses(&[
        (enable, to(&table), "TransitGatewayRouteTablePropagation.Duplicate"),
        (enable, to("tgw-rtb-1"), "InvalidRouteTableID.NotFound"),
        (enable, to(&foreign), "InvalidParameterValue"),
        ("AssociateTransitGatewayRouteTable", to(&foreign), "InvalidParameterValue"),
        (enable, nobody.clone(), "InvalidTransitGatewayAttachmentID.NotFound"),
        (disable, nobody, "InvalidTransitGatewayAttachmentID.NotFound"),
        (disable, to(&table), "IncorrectState"),
        (disable, to(&foreign), "TransitGatewayRouteTablePropagation.NotFound"),
    ])
    .await;
    aws.wait(10);
    let list = format!("TransitGatewayRouteTableId={table}");
    let states = async || {
        let read = aws.call("GetTransitGatewayRouteTablePropagations", &list).await;
        read.all("transitGatewayRouteTablePropagations.item.state")
    };
    assert_eq!(states().await, ["enabled"]);
    assert_eq!(aws.call(disable, to(&table)).await.one("propagation.state"), "disabling");
    aws.refuses(&[
        (enable, to(&table), "TransitGatewayRouteTablePropagation.Duplicate"),
        (disable, to(&table), "IncorrectState"),
    ])
    .await;
    aws.wait(10);
    assert!(states().await.is_empty());
    aws.call(enable, to(&table)).await;
    aws.wait(10);

    // Both end with the attachment.
    aws.call("AssociateTransitGatewayRouteTable", to(&table)).await;
    aws.call("DeleteTransitGatewayVpcAttachment", format!("TransitGatewayAttachmentId={id}")).await;
    assert_eq!(states().await, ["disabling"]);
    let associations = aws.call("GetTransitGatewayRouteTableAssociations", &list).await;
    assert_eq!(associations.all("item.state"), ["disassociating"]);
    aws.refuses(&[("DeleteTransitGatewayRouteTable", list.clone(), "IncorrectState")]).await;
    aws.wait(60);
    assert!(states().await.is_empty());
    aws.call("DeleteTransitGatewayRouteTable", &list).await;
}

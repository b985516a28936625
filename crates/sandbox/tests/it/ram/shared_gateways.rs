//! A transit gateway that another account uses.

use serde_json::json;

use super::{gateway_arn, start};
use crate::client::{ACCOUNT, Aws, OTHER};

/// The other account's attachment to the gateway: attachment, VPC, subnet. The caller is the other account afterwards.
async fn attach(aws: &mut Aws, gateway: &str) -> (String, String, String) {
    aws.as_account(OTHER);
    let vpc = aws.vpc("10.211.1.0/24").await;
    let subnet = aws.subnet(&vpc, "10.211.1.0/26").await;
    let params = format!(
        "TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet} \
         TagSpecifications.1.ResourceType=transit-gateway-attachment TagSpecifications.1.Tag.1.Key=Name \
         TagSpecifications.1.Tag.1.Value=theirs"
    );
    let made = aws.call("CreateTransitGatewayVpcAttachment", params).await;
    (made.one("transitGatewayAttachmentId"), vpc, subnet)
}

async fn state(aws: &Aws, id: &str) -> String {
    let read = format!("TransitGatewayAttachmentIds.1={id}");
    aws.call("DescribeTransitGatewayVpcAttachments", read).await.one("item.state")
}

#[tokio::test]
async fn it_is_seen_some_time_after_it_is_shared_and_no_longer_once_it_is_not() {
    let mut aws = start().await;
    let gateway = aws.shareable().await;
    aws.call("CreateTags", format!("ResourceId.1={gateway} Tag.1.Key=Name Tag.1.Value=hub")).await;
    let body = json!({ "name": "tgw", "resourceArns": [gateway_arn(&gateway)], "principals": [OTHER] });
    let share = aws.share(body).await;
    aws.pass(10);
    aws.as_account(OTHER);
    let read = format!("TransitGatewayIds.1={gateway}");
    let unseen = [("DescribeTransitGateways", read.clone(), "InvalidTransitGatewayID.NotFound")];
    aws.refuses(&unseen).await;
    aws.ram_ok("AcceptResourceShareInvitation", json!({ "resourceShareInvitationArn": aws.invitation().await })).await;
    aws.pass(24);
    aws.refuses(&unseen).await;
    aws.pass(1);
    let seen = aws.call("DescribeTransitGateways", &read).await;
    assert_eq!(seen.one("item.ownerId"), ACCOUNT);
    assert_eq!(seen.one("item.transitGatewayArn"), gateway_arn(&gateway));
    assert!(seen.all("tagSet.item.key").is_empty(), "the owner's tags are the owner's");
    for (owner, count) in [(ACCOUNT, 1), (OTHER, 0)] {
        let filter = format!("Filter.1.Name=owner-id Filter.1.Value.1={owner}");
        let found = aws.call("DescribeTransitGateways", filter).await.all("item.transitGatewayId");
        assert_eq!(found.len(), count, "{owner}");
    }
    let named = format!("TransitGatewayId={gateway}");
    for operation in ["DeleteTransitGateway", "ModifyTransitGateway", "CreateTransitGatewayRouteTable"] {
        aws.refuses(&[(operation, named.clone(), "InvalidTransitGatewayID.NotFound")]).await;
    }

    aws.as_account(ACCOUNT);
    aws.ram_ok("DisassociateResourceShare", json!({ "resourceShareArn": share, "principals": [OTHER] })).await;
    aws.as_account(OTHER);
    aws.refuses(&unseen).await;
}

#[tokio::test]
async fn the_owner_accepts_what_the_other_attaches_and_routes_to_it() {
    let mut aws = start().await;
    let (share, gateway) = aws.shared().await;
    let (id, vpc, _) = attach(&mut aws, &gateway).await;
    assert_eq!(state(&aws, &id).await, "pendingAcceptance");
    let main = aws.call("DescribeRouteTables", format!("Filter.1.Name=vpc-id Filter.1.Value.1={vpc}")).await;
    let table = main.one("item.routeTableId");
    let route = format!("RouteTableId={table} DestinationCidrBlock=10.210.0.0/16 TransitGatewayId={gateway}");
    aws.refuses(&[("CreateRoute", route.clone(), "InvalidTransitGatewayID.NotFound")]).await;

    aws.as_account(ACCOUNT);
    let named = format!("TransitGatewayAttachmentId={id}");
    aws.call("AcceptTransitGatewayVpcAttachment", &named).await;
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=Name Tag.1.Value=ours")).await;
    aws.pass(75 + 30);
    let seen = aws.call("DescribeTransitGatewayVpcAttachments", "").await;
    assert_eq!((seen.one("item.state"), seen.one("item.vpcOwnerId")), ("available".to_owned(), OTHER.to_owned()));
    assert_eq!(seen.all("tagSet.item.value"), ["ours"]);
    let tables = aws.call("DescribeTransitGatewayRouteTables", "").await;
    let search = format!(
        "TransitGatewayRouteTableId={} Filter.1.Name=type Filter.1.Value.1=propagated",
        tables.one("item.transitGatewayRouteTableId")
    );
    let learned = aws.call("SearchTransitGatewayRoutes", &search).await;
    assert_eq!(learned.all("item.destinationCidrBlock"), ["10.211.1.0/24"]);
    let modify = format!("{named} Options.ApplianceModeSupport=enable");
    aws.refuses(&[("ModifyTransitGatewayVpcAttachment", modify, "OperationNotPermitted")]).await;

    aws.as_account(OTHER);
    let seen = aws.call("DescribeTransitGatewayAttachments", "").await;
    assert_eq!(seen.one("item.transitGatewayOwnerId"), ACCOUNT);
    assert_eq!(seen.all("tagSet.item.value"), ["theirs"]);
    aws.call("CreateRoute", route).await;
    aws.call("AssociateVpcCidrBlock", format!("VpcId={vpc} CidrBlock=100.64.1.0/24")).await;
    aws.pass(5);
    aws.as_account(ACCOUNT);
    let learned = aws.call("SearchTransitGatewayRoutes", &search).await;
    assert_eq!(learned.all("item.destinationCidrBlock"), ["10.211.1.0/24", "100.64.1.0/24"]);

    // Unsharing breaks nothing that is attached, but nothing new can be.
    aws.ram_ok("DeleteResourceShare", json!({ "resourceShareArn": share })).await;
    aws.pass(10);
    let delete = [("DeleteTransitGateway", format!("TransitGatewayId={gateway}"), "IncorrectState")];
    aws.refuses(&delete).await;
    aws.as_account(OTHER);
    assert_eq!(state(&aws, &id).await, "available");
    let routes = aws.call("DescribeRouteTables", format!("RouteTableId.1={table}")).await;
    assert_eq!(routes.all("routeSet.item.state"), ["active"; 3]);
    let vpc = aws.vpc("10.212.1.0/24").await;
    let subnet = aws.subnet(&vpc, "10.212.1.0/26").await;
    let more = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet}");
    aws.refuses(&[("CreateTransitGatewayVpcAttachment", more, "InvalidTransitGatewayID.NotFound")]).await;

    // Either owner may delete it.
    aws.as_account(ACCOUNT);
    aws.call("DeleteTransitGatewayVpcAttachment", &named).await;
    aws.pass(60);
    assert_eq!(state(&aws, &id).await, "deleted");
    aws.call("DeleteTransitGateway", format!("TransitGatewayId={gateway}")).await;
    aws.as_account(OTHER);
    let routes = aws.call("DescribeRouteTables", format!("RouteTableId.1={table}")).await;
    assert_eq!(routes.all("routeSet.item.state"), ["active", "active", "blackhole"]);
}

#[tokio::test]
async fn a_vpc_has_five_attachments_at_most() {
    let mut aws = start().await;
    aws.as_account(OTHER);
    let vpc = aws.vpc("10.221.1.0/24").await;
    let subnet = aws.subnet(&vpc, "10.221.1.0/26").await;
    for n in 0..6 {
        // Each gateway has an owner of its own, as each city has.
        let owner = format!("90000000000{n}");
        aws.as_account(&owner);
        let gateway = aws.shareable().await;
        let arn = gateway_arn(&gateway).replace(ACCOUNT, &owner);
        aws.share(json!({ "name": "tgw", "resourceArns": [arn], "principals": [OTHER] })).await;
        aws.pass(10);
        aws.as_account(OTHER);
        let invitations = aws.invitations().await;
        let pending = invitations.iter().find(|it| it["status"] == "PENDING").unwrap();
        let named = json!({ "resourceShareInvitationArn": pending["resourceShareInvitationArn"] });
        aws.ram_ok("AcceptResourceShareInvitation", named).await;
        aws.pass(25);
        let params = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet}");
        let reply = aws.ec2("CreateTransitGatewayVpcAttachment", &crate::client::split(&params)).await;
        if n < 5 {
            assert_eq!(reply.status, 200, "{}", reply.body);
        } else {
            assert_eq!(reply.code(), "TransitGatewayAttachmentLimitExceeded");
        }
    }
}

#[tokio::test]
async fn what_is_rejected_is_gone_for_both() {
    let mut aws = start().await;
    let (_, gateway) = aws.shared().await;
    let (id, ..) = attach(&mut aws, &gateway).await;
    let named = format!("TransitGatewayAttachmentId={id}");
    aws.refuses(&[("RejectTransitGatewayVpcAttachment", named.clone(), "OperationNotPermitted")]).await;
    aws.as_account(ACCOUNT);
    aws.call("RejectTransitGatewayVpcAttachment", &named).await;
    aws.pass(10);
    for account in [ACCOUNT, OTHER] {
        aws.as_account(account);
        assert_eq!(state(&aws, &id).await, "rejected", "{account}");
    }
}

#[tokio::test]
async fn a_gateway_that_accepts_by_itself_asks_nobody() {
    let mut aws = start().await;
    let (_, gateway) = aws.shared().await;
    let modify = format!("TransitGatewayId={gateway} Options.AutoAcceptSharedAttachments=enable");
    aws.call("ModifyTransitGateway", modify).await;
    aws.pass(30);
    let (id, ..) = attach(&mut aws, &gateway).await;
    assert_eq!(state(&aws, &id).await, "pending");
}

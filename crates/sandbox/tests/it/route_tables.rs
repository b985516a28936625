//! Route tables, associations and routes.

use gcnet_sandbox::{Options, Quotas};

use crate::client::Aws;

#[tokio::test]
async fn a_client_token_makes_one_table() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let other = aws.vpc("10.1.0.0/16").await;
    let create = format!("VpcId={vpc} ClientToken=t1");
    let first = aws.call("CreateRouteTable", &create).await.one("routeTableId");
    let again = aws.call("CreateRouteTable", &create).await.one("routeTableId");
    assert_eq!(first, again);
    let long = "t".repeat(65);
    aws.refuses(&[
        ("CreateRouteTable", format!("VpcId={other} ClientToken=t1"), "IdempotentParameterMismatch"),
        ("CreateRouteTable", format!("VpcId={vpc} ClientToken={long}"), "InvalidClientToken"),
        ("CreateRouteTable", "VpcId=vpc-0".into(), "InvalidVpcID.NotFound"),
    ])
    .await;
}

#[tokio::test]
async fn a_subnet_has_one_table() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let elsewhere = aws.vpc("10.1.0.0/16").await;
    let subnet = aws.subnet(&vpc, "10.0.0.0/24").await;
    let (one, two) = (aws.route_table(&vpc).await, aws.route_table(&vpc).await);
    let foreign = aws.route_table(&elsewhere).await;

    let associate = format!("RouteTableId={one} SubnetId={subnet}");
    let first = aws.call("AssociateRouteTable", &associate).await.one("associationId");
    let again = aws.call("AssociateRouteTable", &associate).await.one("associationId");
    assert_eq!(first, again);
    aws.refuses(&[
        ("AssociateRouteTable", format!("RouteTableId={two} SubnetId={subnet}"), "Resource.AlreadyAssociated"),
        ("AssociateRouteTable", format!("RouteTableId={foreign} SubnetId={subnet}"), "InvalidParameterValue"),
        ("AssociateRouteTable", format!("RouteTableId={one} SubnetId=subnet-0"), "InvalidSubnetID.NotFound"),
        ("DeleteRouteTable", format!("RouteTableId={one}"), "DependencyViolation"),
        ("DisassociateRouteTable", "AssociationId=rtbassoc-0".into(), "InvalidAssociationID.NotFound"),
        (
            "ReplaceRouteTableAssociation",
            format!("AssociationId={first} RouteTableId={foreign}"),
            "InvalidParameterValue",
        ),
    ])
    .await;

    let replaced = aws
        .call("ReplaceRouteTableAssociation", format!("AssociationId={first} RouteTableId={two}"))
        .await
        .one("newAssociationId");
    assert_ne!(replaced, first);
    let of_subnet = format!("Filter.1.Name=association.subnet-id Filter.1.Value.1={subnet}");
    let read = aws.call("DescribeRouteTables", &of_subnet).await;
    assert_eq!(read.all("routeTableSet.item.routeTableId"), std::slice::from_ref(&two));

    aws.call("DisassociateRouteTable", format!("AssociationId={replaced}")).await;
    aws.call("AssociateRouteTable", format!("RouteTableId={two} SubnetId={subnet}")).await;
    // A deleted subnet takes its association with it.
    aws.call("DeleteSubnet", format!("SubnetId={subnet}")).await;
    for table in [&one, &two] {
        aws.call("DeleteRouteTable", format!("RouteTableId={table}")).await;
    }
}

#[tokio::test]
async fn the_main_table_stays_until_another_is_main() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let main = "Filter.1.Name=association.main Filter.1.Value.1=true";
    let read = aws.call("DescribeRouteTables", main).await;
    let old = read.one("routeTableSet.item.routeTableId");
    let association = read.one("routeTableAssociationId");
    aws.refuses(&[
        ("DeleteRouteTable", format!("RouteTableId={old}"), "DependencyViolation"),
        ("DisassociateRouteTable", format!("AssociationId={association}"), "InvalidParameterValue"),
    ])
    .await;
    let new = aws.route_table(&vpc).await;
    aws.call("ReplaceRouteTableAssociation", format!("AssociationId={association} RouteTableId={new}")).await;
    aws.call("DeleteRouteTable", format!("RouteTableId={old}")).await;
    let read = aws.call("DescribeRouteTables", main).await;
    assert_eq!(read.one("routeTableSet.item.routeTableId"), new);
    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
}

#[tokio::test]
async fn routes_are_refused_as_aws_refuses_them() {
    let options = Options { quotas: Quotas { route_tables: 2, ..Quotas::default() }, ..Options::default() };
    let aws = Aws::start(options).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let table = aws.route_table(&vpc).await;
    let to = |cidr: &str| format!("RouteTableId={table} DestinationCidrBlock={cidr}");
    let tgw = "TransitGatewayId=tgw-0123456789abcdef0";
    aws.refuses(&[
        // The second is the main one.
        ("CreateRouteTable", format!("VpcId={vpc}"), "RouteTableLimitExceeded"),
        ("CreateRoute", to("10.9.0.0/16"), "MissingParameter"),
        ("CreateRoute", format!("{} GatewayId=igw-0", to("0.0.0.0/0")), "UnknownParameter"),
        // Nothing is attached to this VPC.
        ("CreateRoute", format!("{} {tgw}", to("10.9.0.0/16")), "InvalidTransitGatewayID.NotFound"),
        ("CreateRoute", format!("{} {tgw}", to("10.0.1.0/24")), "InvalidParameterValue"),
        ("CreateRoute", format!("{} {tgw}", to("10.9")), "InvalidParameterValue"),
        ("DeleteRoute", to("10.9.0.0/16"), "InvalidRoute.NotFound"),
        ("DeleteRoute", to("10.0.0.0/16"), "InvalidParameterValue"),
        ("DeleteRoute", "RouteTableId=rtb-0 DestinationCidrBlock=10.9.0.0/16".into(), "InvalidRouteTableID.NotFound"),
    ])
    .await;
}

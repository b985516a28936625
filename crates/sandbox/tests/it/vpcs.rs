//! VPCs, subnets and what comes with them.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options, Quotas};

use crate::client::{ACCOUNT, Aws, OTHER, REGION};

#[tokio::test]
async fn a_vpc_comes_with_defaults_and_takes_them_with_it() {
    let aws = Aws::start(Options::default()).await;
    // Host bits are cleared.
    let made = aws.call("CreateVpc", "CidrBlock=10.0.1.2/16").await;
    let vpc = made.one("vpc.vpcId");
    assert!(vpc.starts_with("vpc-0") && vpc.len() == 21, "{vpc}");
    assert_eq!(made.one("vpc.cidrBlock"), "10.0.0.0/16");
    assert_eq!(made.one("vpc.state"), "pending");

    let of_vpc = format!("Filter.1.Name=vpc-id Filter.1.Value.1={vpc}");
    let tables = aws.call("DescribeRouteTables", &of_vpc).await;
    assert_eq!(tables.one("associationSet.item.main"), "true");
    assert_eq!(tables.one("routeSet.item.gatewayId"), "local");
    let groups = aws.call("DescribeSecurityGroups", &of_vpc).await;
    assert_eq!(groups.all("securityGroupInfo.item.groupName"), ["default"]);
    assert_eq!(groups.all("ipPermissionsEgress.item.ipRanges.item.cidrIp"), ["0.0.0.0/0"]);
    assert_eq!(groups.one("ipPermissions.item.groups.item.groupId"), groups.one("securityGroupInfo.item.groupId"));
    let acls = aws.call("DescribeNetworkAcls", &of_vpc).await;
    assert_eq!(acls.all("entrySet.item.ruleNumber"), ["100", "32767", "100", "32767"]);
    for (attribute, expected) in
        [("enableDnsSupport", "true"), ("enableDnsHostnames", "false"), ("enableNetworkAddressUsageMetrics", "false")]
    {
        let read = aws.call("DescribeVpcAttribute", format!("VpcId={vpc} Attribute={attribute}")).await;
        assert_eq!(read.one(&format!("{attribute}.value")), expected);
    }

    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
    assert_eq!(aws.sandbox.everything(ACCOUNT), []);
}

#[tokio::test]
async fn vpcs_are_refused_as_aws_refuses_them() {
    let options = Options { quotas: Quotas { vpcs: 1, ..Quotas::default() }, ..Options::default() };
    let aws = Aws::start(options).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    aws.refuses(&[
        ("CreateVpc", String::new(), "MissingParameter"),
        ("CreateVpc", "CidrBlock=10.0.0".into(), "InvalidParameterValue"),
        ("CreateVpc", "CidrBlock=10.0.0.0/15".into(), "InvalidVpc.Range"),
        ("CreateVpc", "CidrBlock=10.0.0.0/29".into(), "InvalidVpc.Range"),
        ("CreateVpc", "CidrBlock=127.0.0.0/16".into(), "InvalidVpc.Range"),
        ("CreateVpc", "CidrBlock=10.1.0.0/16 InstanceTenancy=host".into(), "InvalidParameterValue"),
        ("CreateVpc", "CidrBlock=10.1.0.0/16".into(), "VpcLimitExceeded"),
        ("DescribeVpcs", "VpcId.1=vpc-0123456789abcdef0".into(), "InvalidVpcID.NotFound"),
        ("DescribeVpcs", "VpcId.1=subnet-1".into(), "InvalidVpcID.Malformed"),
        ("DescribeVpcAttribute", format!("VpcId={vpc}"), "MissingParameter"),
        ("DescribeVpcAttribute", format!("VpcId={vpc} Attribute=colour"), "InvalidParameterValue"),
        ("ModifyVpcAttribute", format!("VpcId={vpc}"), "MissingParameter"),
        (
            "ModifyVpcAttribute",
            format!("VpcId={vpc} EnableDnsSupport.Value=true EnableDnsHostnames.Value=true"),
            "InvalidParameterCombination",
        ),
        ("DeleteVpc", "VpcId=vpc-0123456789abcdef0".into(), "InvalidVpcID.NotFound"),
    ])
    .await;
}

#[tokio::test]
async fn a_vpc_is_pending_for_a_while() {
    let options = Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() };
    let aws = Aws::start(options).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let read = async || aws.call("DescribeVpcs", format!("VpcId.1={vpc}")).await.one("vpcSet.item.state");
    assert_eq!(read().await, "pending");
    aws.sandbox.advance(Duration::from_secs(1));
    assert_eq!(read().await, "pending");
    aws.sandbox.advance(Duration::from_secs(1));
    assert_eq!(read().await, "available");
}

#[tokio::test]
async fn what_is_inside_holds_a_vpc() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let held = || [("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation")];

    let subnet = aws.subnet(&vpc, "10.0.0.0/24").await;
    aws.refuses(&held()).await;
    aws.call("DeleteSubnet", format!("SubnetId={subnet}")).await;

    let table = aws.route_table(&vpc).await;
    aws.refuses(&held()).await;
    aws.call("DeleteRouteTable", format!("RouteTableId={table}")).await;

    let group = aws.group(&vpc, "web").await;
    aws.refuses(&held()).await;
    aws.call("DeleteSecurityGroup", format!("GroupId={group}")).await;

    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
}

#[tokio::test]
async fn subnets_follow_their_rules() {
    let options = Options { quotas: Quotas { subnets: 2, ..Quotas::default() }, ..Options::default() };
    let mut aws = Aws::start(options).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let made =
        aws.call("CreateSubnet", format!("VpcId={vpc} CidrBlock=10.0.0.0/24 AvailabilityZoneId=apne1-az4")).await;
    let subnet = made.one("subnet.subnetId");
    assert_eq!(made.one("availableIpAddressCount"), "251");
    assert_eq!(made.one("availabilityZoneId"), "apne1-az4");

    let zones = aws.call("DescribeAvailabilityZones", "ZoneId.1=apne1-az4").await;
    assert_eq!(zones.one("zoneName"), made.one("availabilityZone"));

    aws.refuses(&[
        ("CreateSubnet", format!("VpcId={vpc} CidrBlock=10.0.0.128/25"), "InvalidSubnet.Conflict"),
        ("CreateSubnet", format!("VpcId={vpc} CidrBlock=10.1.0.0/24"), "InvalidSubnet.Range"),
        ("CreateSubnet", format!("VpcId={vpc} CidrBlock=10.0.1.0/29"), "InvalidSubnet.Range"),
        ("CreateSubnet", "VpcId=vpc-00 CidrBlock=10.0.1.0/24".into(), "InvalidVpcID.NotFound"),
        (
            "CreateSubnet",
            format!("VpcId={vpc} CidrBlock=10.0.1.0/24 AvailabilityZoneId=use1-az1"),
            "InvalidParameterValue",
        ),
        (
            "CreateSubnet",
            format!("VpcId={vpc} CidrBlock=10.0.1.0/24 AvailabilityZoneId=apne1-az1 AvailabilityZone=ap-northeast-1a"),
            "InvalidParameterCombination",
        ),
        ("ModifySubnetAttribute", format!("SubnetId={subnet}"), "MissingParameter"),
        ("DescribeSubnets", "SubnetId.1=subnet-00".into(), "InvalidSubnetID.NotFound"),
        ("DescribeAvailabilityZones", "ZoneName.1=ap-northeast-1z".into(), "InvalidParameterValue"),
    ])
    .await;

    aws.call("ModifySubnetAttribute", format!("SubnetId={subnet} MapPublicIpOnLaunch.Value=true")).await;
    let read = aws.call("DescribeSubnets", "Filter.1.Name=map-public-ip-on-launch Filter.1.Value.1=true").await;
    assert_eq!(read.all("subnetSet.item.subnetId"), std::slice::from_ref(&subnet));
    let acl =
        aws.call("DescribeNetworkAcls", format!("Filter.1.Name=association.subnet-id Filter.1.Value.1={subnet}")).await;
    assert_eq!(acl.all("associationSet.item.subnetId"), [subnet]);

    aws.subnet(&vpc, "10.0.2.0/24").await;
    let third = format!("VpcId={vpc} CidrBlock=10.0.3.0/24");
    aws.refuses(&[("CreateSubnet", third, "SubnetLimitExceeded")]).await;

    let live = aws.sandbox.live(ACCOUNT, REGION);
    assert_eq!(live["subnet"].len(), 2);
    aws.key = OTHER.to_owned();
    let ids = aws.call("DescribeAvailabilityZones", "").await.all("item.zoneId");
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let mut made = Vec::new();
    for n in 0..12 {
        made.push(aws.subnet(&vpc, &format!("10.0.{n}.0/24")).await);
    }
    made.sort();

    let (mut seen, mut sizes, mut token) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        let more = token.map(|token| format!(" NextToken={token}")).unwrap_or_default();
        let page = aws.call("DescribeSubnets", format!("MaxResults=5{more}")).await;
        let ids = page.all("subnetSet.item.subnetId");
        sizes.push(ids.len());
        seen.extend(ids);
        token = page.all("nextToken").into_iter().next();
        if token.is_none() {
            break;
        }
        // What is deleted between two pages does not disturb the rest.
        if sizes.len() == 1 {
            aws.call("DeleteSubnet", format!("SubnetId={}", seen[4])).await;
        }
    }
    assert_eq!(sizes, [5, 5, 2]);
    assert_eq!(seen, made);

    aws.refuses(&[
        ("DescribeSubnets", "MaxResults=4".into(), "InvalidParameterValue"),
        ("DescribeSubnets", "MaxResults=1001".into(), "InvalidParameterValue"),
        ("DescribeRouteTables", "MaxResults=101".into(), "InvalidParameterValue"),
        ("DescribeSubnets", "NextToken=zz".into(), "InvalidPaginationToken"),
        ("DescribeSubnets", format!("MaxResults=5 SubnetId.1={}", made[0]), "InvalidParameterCombination"),
    ])
    .await;
}

#[tokio::test]
async fn network_interfaces_can_be_looked_for() {
    let aws = Aws::start(Options::default()).await;
    let read = aws.call("DescribeNetworkInterfaces", "Filter.1.Name=subnet-id Filter.1.Value.1=subnet-0").await;
    assert!(read.all("networkInterfaceId").is_empty());
    aws.refuses(&[(
        "DescribeNetworkInterfaces",
        "Filter.1.Name=attachment.colour Filter.1.Value.1=x".into(),
        "InvalidParameterValue",
    )])
    .await;
}

#[tokio::test]
async fn a_second_block_is_routed_and_used_once_it_is_associated() {
    let options = Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() };
    let aws = Aws::start(options).await;
    let vpc = aws.vpc("10.10.0.0/16").await;
    let made = aws.call("AssociateVpcCidrBlock", format!("VpcId={vpc} CidrBlock=100.64.0.0/24")).await;
    assert_eq!(made.one("cidrBlockState.state"), "associating");
    let id = made.one("cidrBlockAssociation.associationId");
    let subnet = format!("VpcId={vpc} CidrBlock=100.64.0.0/26");
    aws.refuses(&[("CreateSubnet", subnet.clone(), "InvalidSubnet.Range")]).await;
    aws.sandbox.advance(Duration::from_secs(5));
    let subnet = aws.call("CreateSubnet", subnet).await.one("subnet.subnetId");
    let seen =
        aws.call("DescribeVpcs", "Filter.1.Name=cidr-block-association.cidr-block Filter.1.Value.1=100.64.*").await;
    assert_eq!(seen.one("item.cidrBlock"), "10.10.0.0/16");
    assert_eq!(seen.all("cidrBlockAssociationSet.item.cidrBlock"), ["10.10.0.0/16", "100.64.0.0/24"]);
    let tables =
        aws.call("DescribeRouteTables", "Filter.1.Name=route.destination-cidr-block Filter.1.Value.1=100.64.0.0/24");
    assert_eq!(tables.await.all("routeSet.item.gatewayId"), ["local", "local"]);

    let primary = seen.one("cidrBlockAssociationSet.item.associationId");
    let on = |cidr: &str| format!("VpcId={vpc} CidrBlock={cidr}");
    let named = format!("AssociationId={id}");
    aws.refuses(&[
        ("AssociateVpcCidrBlock", on("100.64.0.0/25"), "InvalidVpc.Range"),
        ("AssociateVpcCidrBlock", on("10.10.1.0/24"), "InvalidVpc.Range"),
        ("AssociateVpcCidrBlock", on("172.16.0.0/24"), "InvalidVpc.Range"),
        ("AssociateVpcCidrBlock", on("198.19.0.0/24"), "InvalidVpc.Range"),
        ("AssociateVpcCidrBlock", on("10.0.0.0/15"), "InvalidVpc.Range"),
        ("AssociateVpcCidrBlock", on("10.11.0.0/16") + " DryRun=true", "UnknownParameter"),
        ("DisassociateVpcCidrBlock", format!("AssociationId={primary}"), "OperationNotPermitted"),
        ("DisassociateVpcCidrBlock", named.clone(), "InvalidCidr.InUse"),
        (
            "DisassociateVpcCidrBlock",
            "AssociationId=vpc-cidr-assoc-0123456789abcdef0".to_owned(),
            "InvalidVpcCidrBlockAssociationID.NotFound",
        ),
    ])
    .await;
    for second in 11..14 {
        aws.call("AssociateVpcCidrBlock", on(&format!("10.{second}.0.0/16"))).await;
    }
    aws.refuses(&[("AssociateVpcCidrBlock", on("10.14.0.0/16"), "VpcCidrBlockLimitExceeded")]).await;

    aws.call("DeleteSubnet", format!("SubnetId={subnet}")).await;
    let ending = aws.call("DisassociateVpcCidrBlock", &named).await;
    assert_eq!(ending.one("cidrBlockState.state"), "disassociating");
    aws.sandbox.advance(Duration::from_secs(5));
    let left = aws.call("DescribeVpcs", "").await.all("cidrBlockAssociationSet.item.cidrBlock");
    assert_eq!(left.len(), 4);
    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
}

#[tokio::test]
async fn where_the_lowest_tenth_is_used_its_first_half_cannot_be_added() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.1.0.0/16").await;
    let add = |cidr: &str| format!("VpcId={vpc} CidrBlock={cidr}");
    aws.refuses(&[("AssociateVpcCidrBlock", add("10.0.1.0/24"), "InvalidVpc.Range")]).await;
    aws.call("AssociateVpcCidrBlock", add("10.2.0.0/16")).await;
}

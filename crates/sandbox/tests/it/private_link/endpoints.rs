//! Interface endpoints: their states, refusals, changes and interfaces.

use gcnet_sandbox::{Options, Quotas};

use super::{stepped, waiting};
use crate::client::{ACCOUNT, Aws, OTHER};

const CREATE: &str = "CreateVpcEndpoint";
const MODIFY: &str = "ModifyVpcEndpoint";
const DELETE: &str = "DeleteVpcEndpoints";
const LOGS: &str = "com.amazonaws.ap-northeast-1.logs";

#[tokio::test]
async fn an_endpoint_to_one_of_awss_services_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let (vpc, [a, c]) = aws.two_zones(1).await;
    for attribute in ["EnableDnsSupport", "EnableDnsHostnames"] {
        aws.call("ModifyVpcAttribute", format!("VpcId={vpc} {attribute}.Value=true")).await;
    }
    let tag = "TagSpecification.1.ResourceType=vpc-endpoint TagSpecification.1.Tag.1.Key=Name \
               TagSpecification.1.Tag.1.Value=logs";
    let params = format!(
        "VpcEndpointType=Interface VpcId={vpc} ServiceName={LOGS} SubnetId.1={a} SubnetId.2={c} \
         PrivateDnsEnabled=true ClientToken=one {tag}"
    );
    let made = aws.call(CREATE, &params).await;
    let id = made.one("vpcEndpointId");
    let default_group = aws.call("DescribeSecurityGroups", "").await.one("securityGroupInfo.item.groupId");
    for (path, value) in [
        ("vpcEndpoint.state", "pending"),
        ("vpcEndpoint.vpcEndpointType", "Interface"),
        ("vpcEndpoint.privateDnsEnabled", "true"),
        ("vpcEndpoint.ownerId", ACCOUNT),
        ("groupSet.item.groupId", &*default_group),
        ("tagSet.item.value", "logs"),
        ("clientToken", "one"),
    ] {
        assert_eq!(made.one(path), value, "{path}");
    }
    let names = made.all("dnsEntrySet.item.dnsName");
    assert!(names[0].starts_with(&id) && names[0].ends_with(".logs.ap-northeast-1.vpce.amazonaws.com"), "{names:?}");
    assert_eq!(names.len(), 4, "one for the Region, one a zone, one private");
    assert_eq!(names[3], "logs.ap-northeast-1.amazonaws.com");

    // The same token makes nothing more, and another request with it is refused.
    assert_eq!(aws.call(CREATE, &params).await.one("vpcEndpointId"), id);
    aws.refuses(&[
        (CREATE, params.replace(&format!("SubnetId.2={c} "), ""), "IdempotentParameterMismatch"),
        (CREATE, params.replace("ClientToken=one ", ""), "InvalidParameter"),
        (MODIFY, format!("VpcEndpointId={id} PrivateDnsEnabled=false"), "IncorrectState"),
    ])
    .await;
    aws.later(90);
    assert_eq!(aws.endpoint_states().await, ["available"]);
    let placed =
        aws.call("DescribeNetworkInterfaces", "Filter.1.Name=interface-type Filter.1.Value.1=vpc_endpoint").await;
    let (mut placed, mut named) = (placed.all("networkInterfaceId"), made.all("networkInterfaceIdSet.item"));
    placed.sort();
    named.sort();
    assert_eq!(placed, named);

    assert!(aws.call(DELETE, format!("VpcEndpointId.1={id}")).await.all("code").is_empty());
    let again = aws.call(DELETE, format!("VpcEndpointId.1={id} VpcEndpointId.2=vpce-0123456789abcdef0")).await;
    assert_eq!(again.all("error.code"), ["IncorrectState", "InvalidVpcEndpoint.NotFound"]);
    assert_eq!(aws.endpoint_states().await, ["deleting"]);
    aws.refuses(&[
        ("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation"),
        ("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation"),
    ])
    .await;
    aws.later(150);
    assert_eq!(aws.endpoint_states().await, ["deleted"]);
    aws.refuses(&[("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a"), "InvalidVpcEndpointId.NotFound")]).await;
    for subnet in [a, c] {
        aws.call("DeleteSubnet", format!("SubnetId={subnet}")).await;
    }
    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
    aws.later(3600);
    assert!(aws.endpoint_states().await.is_empty());
    aws.refuses(&[("DescribeVpcEndpoints", format!("VpcEndpointId.1={id}"), "InvalidVpcEndpointId.NotFound")]).await;
}

#[tokio::test]
async fn endpoints_are_refused() {
    let quotas = Quotas { vpc_endpoints: 1, ..Quotas::default() };
    let aws = Aws::start(Options { quotas, ..stepped() }).await;
    let (vpc, [a, c]) = aws.two_zones(1).await;
    let (_, [foreign, _]) = aws.two_zones(2).await;
    let twin = format!("VpcId={vpc} CidrBlock=10.1.9.0/24 AvailabilityZone=ap-northeast-1a");
    let twin = aws.call("CreateSubnet", twin).await.one("subnetId");
    let stray = aws.call("DescribeSecurityGroups", "").await.all("securityGroupInfo.item.groupId");
    let base = format!("VpcEndpointType=Interface VpcId={vpc} ServiceName={LOGS}");
    let good = format!("{base} SubnetId.1={a}");
    let mut cases = vec![
        (CREATE, good.replace("VpcEndpointType=Interface ", ""), "MissingParameter"),
        (CREATE, good.replace("Interface", "Gateway"), "InvalidParameterValue"),
        (CREATE, base.clone(), "MissingParameter"),
        (CREATE, good.replace(&vpc, "vpc-0123456789abcdef0"), "InvalidVpcID.NotFound"),
        (CREATE, good.replace(".logs", ".nothing"), "InvalidServiceName"),
        (CREATE, good.replace(".logs", ".dynamodb"), "InvalidParameter"),
        (CREATE, good.replace(&a, &foreign), "InvalidParameterValue"),
        (CREATE, format!("{good} SubnetId.2={twin}"), "DuplicateSubnetsInSameZone"),
        (CREATE, format!("{good} SecurityGroupId.1=sg-0123456789abcdef0"), "InvalidSecurityGroupID.NotFound"),
        (CREATE, format!("{good} PolicyDocument=[]"), "InvalidPolicyDocument"),
        (CREATE, format!("{good} PrivateDnsEnabled=true"), "InvalidParameter"),
        (CREATE, format!("{good} IpAddressType=ipv6"), "InvalidParameterValue"),
        (CREATE, format!("{good} RouteTableId.1=rtb-1"), "UnknownParameter"),
        (CREATE, format!("{good} TagSpecification.1.ResourceType=vpc"), "InvalidParameterValue"),
        (
            MODIFY,
            "VpcEndpointId=vpce-0123456789abcdef0 PrivateDnsEnabled=false".into(),
            "InvalidVpcEndpointId.NotFound",
        ),
        (DELETE, String::new(), "MissingParameter"),
    ];
    // One default group of each of two VPCs: one of them is foreign.
    let both = format!("{good} SecurityGroupId.1={} SecurityGroupId.2={}", stray[0], stray[1]);
    cases.push((CREATE, both, "InvalidSecurityGroupID.NotFound"));
    aws.refuses(&cases).await;
    aws.call(CREATE, &good).await;
    aws.refuses(&[(CREATE, good.replace(&a, &c), "VpcEndpointLimitExceeded")]).await;
}

#[tokio::test]
async fn an_endpoint_is_modified() {
    let aws = Aws::start(stepped()).await;
    let (vpc, [a, c]) = aws.two_zones(1).await;
    let twin = format!("VpcId={vpc} CidrBlock=10.1.9.0/24 AvailabilityZone=ap-northeast-1a");
    let twin = aws.call("CreateSubnet", twin).await.one("subnetId");
    let (one, two) = (aws.group(&vpc, "one").await, aws.group(&vpc, "two").await);
    let params =
        format!("VpcEndpointType=Interface VpcId={vpc} ServiceName={LOGS} SubnetId.1={a} SecurityGroupId.1={one}");
    let id = aws.call(CREATE, params).await.one("vpcEndpointId");
    aws.later(90);
    aws.refuses(&[("DeleteSecurityGroup", format!("GroupId={one}"), "DependencyViolation")]).await;
    let modify = |rest: &str| format!("VpcEndpointId={id} {rest}");
    aws.refuses(&[
        (MODIFY, modify(""), "MissingParameter"),
        (MODIFY, modify(&format!("AddSubnetId.1={twin}")), "DuplicateSubnetsInSameZone"),
        (MODIFY, modify(&format!("RemoveSubnetId.1={a}")), "InvalidParameter"),
        (MODIFY, modify(&format!("RemoveSubnetId.1={c}")), "InvalidParameter"),
        (MODIFY, modify(&format!("RemoveSecurityGroupId.1={one}")), "InvalidParameter"),
        (MODIFY, modify(&format!("RemoveSecurityGroupId.1={two}")), "InvalidParameter"),
        (MODIFY, modify("PrivateDnsEnabled=true"), "InvalidParameter"),
        (MODIFY, modify("PolicyDocument=x"), "InvalidPolicyDocument"),
    ])
    .await;
    let all = format!(
        "AddSubnetId.1={twin} AddSubnetId.2={c} RemoveSubnetId.1={a} AddSecurityGroupId.1={two} \
         RemoveSecurityGroupId.1={one} PolicyDocument={{}}"
    );
    aws.call(MODIFY, modify(&all)).await;
    let read = aws.call("DescribeVpcEndpoints", "").await;
    let mut subnets = vec![twin, c];
    subnets.sort();
    assert_eq!(read.one("item.state"), "pending");
    assert_eq!(read.all("subnetIdSet.item"), subnets);
    assert_eq!(read.all("groupSet.item.groupId"), [two.as_str()]);
    assert_eq!(read.one("item.policyDocument"), "{}");
    // The old interface and so the old subnet go with a delay; the groups are exchanged at once on the others.
    aws.refuses(&[("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation")]).await;
    aws.later(30);
    assert_eq!(aws.endpoint_states().await, ["available"]);
    aws.call("DeleteSubnet", format!("SubnetId={a}")).await;
    aws.call("DeleteSecurityGroup", format!("GroupId={one}")).await;
    aws.call(MODIFY, modify("ResetPolicy=true")).await;
    assert!(aws.call("DescribeVpcEndpoints", "").await.one("item.policyDocument").contains("Allow"));
}

#[tokio::test]
async fn endpoints_are_filtered() {
    let mut aws = Aws::start(stepped()).await;
    let (id, _) = waiting(&mut aws).await;
    let (vpc, [a, _]) = aws.two_zones(3).await;
    let params = format!("VpcEndpointType=Interface VpcId={vpc} ServiceName={LOGS} SubnetId.1={a}");
    let other = aws.call(CREATE, params).await.one("vpcEndpointId");
    for (name, value, expected) in [
        ("vpc-endpoint-state", "pendingAcceptance", vec![&id]),
        ("vpc-endpoint-state", "pending", vec![&other]),
        ("service-name", LOGS, vec![&other]),
        ("vpc-id", &vpc, vec![&other]),
        ("vpc-endpoint-id", &id, vec![&id]),
        ("vpc-endpoint-type", "Interface", vec![&id, &other]),
        ("service-region", "ap-northeast-1", vec![&id, &other]),
        ("ip-address-type", "ipv6", vec![]),
    ] {
        let params = format!("Filter.1.Name={name} Filter.1.Value.1={value}");
        let mut found = aws.call("DescribeVpcEndpoints", params).await.all("item.vpcEndpointId");
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}={value}");
    }
    aws.act_as(OTHER);
    assert!(aws.endpoint_states().await.is_empty());
}

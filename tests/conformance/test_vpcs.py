"""VPCs, subnets, network ACLs, interfaces, zones and tags."""

import pytest
from botocore.exceptions import WaiterError

from sandbox import as_dict, code, eventually, names, tags_of

QUICK = {"Delay": 0.02, "MaxAttempts": 100}


def test_a_vpc_lives_and_dies(account):
    ec2 = account.ec2
    made = ec2.create_vpc(CidrBlock="10.0.9.9/16", TagSpecifications=tags_of("vpc", Name="鳴門", kind="x & <y>"))["Vpc"]
    vpc = made["VpcId"]
    assert made["CidrBlock"] == "10.0.0.0/16", "AWS canonicalises the block"
    assert made["State"] == "pending"
    assert made["OwnerId"] == account.number
    assert as_dict(made["Tags"]) == {"Name": "鳴門", "kind": "x & <y>"}
    ec2.get_waiter("vpc_exists").wait(VpcIds=[vpc], WaiterConfig=QUICK)
    ec2.get_waiter("vpc_available").wait(VpcIds=[vpc], WaiterConfig=QUICK)

    [read] = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert read["State"] == "available"
    assert read["CidrBlockAssociationSet"][0]["CidrBlockState"] == {"State": "associated"}
    assert read["DhcpOptionsId"].startswith("dopt-")

    ask = lambda name: ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name)
    assert ask("enableDnsSupport")["EnableDnsSupport"] == {"Value": True}
    assert ask("enableDnsHostnames")["EnableDnsHostnames"] == {"Value": False}
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    assert ask("enableDnsHostnames")["EnableDnsHostnames"] == {"Value": True}

    by_vpc = names(vpc_id=vpc)
    [table] = ec2.describe_route_tables(Filters=by_vpc)["RouteTables"]
    [group] = ec2.describe_security_groups(Filters=by_vpc)["SecurityGroups"]
    [acl] = ec2.describe_network_acls(Filters=by_vpc)["NetworkAcls"]
    assert table["Associations"][0]["Main"] and table["Routes"][0]["GatewayId"] == "local"
    assert group["GroupName"] == "default" and acl["IsDefault"]
    assert [entry["RuleNumber"] for entry in acl["Entries"]] == [100, 32767, 100, 32767]

    ec2.delete_vpc(VpcId=vpc)
    assert code(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
    assert account.resources() == []


def test_a_subnet_lives_and_dies(account):
    ec2 = account.ec2
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    assert len(zones) == 3 and all(zone["State"] == "available" for zone in zones)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(
        VpcId=vpc,
        CidrBlock="10.0.1.0/24",
        AvailabilityZoneId=zones[1]["ZoneId"],
        TagSpecifications=tags_of("subnet", Name="a"),
    )["Subnet"]
    subnet = made["SubnetId"]
    assert made["AvailabilityZone"] == zones[1]["ZoneName"]
    ec2.get_waiter("subnet_available").wait(SubnetIds=[subnet], WaiterConfig=QUICK)
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    [read] = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    assert read["MapPublicIpOnLaunch"] is True
    assert read["AvailableIpAddressCount"] == 251
    assert read["SubnetArn"] == f"arn:aws:ec2:{account.region}:{account.number}:subnet/{subnet}"
    [acl] = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]
    assert acl["Associations"][0]["SubnetId"] == subnet
    assert ec2.describe_network_interfaces(Filters=names(subnet_id=subnet))["NetworkInterfaces"] == []
    assert code(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)
    assert account.resources() == []


def test_a_waiter_gives_up_on_what_is_not_there(account):
    waiter = account.ec2.get_waiter("vpc_available")
    with pytest.raises(WaiterError, match="InvalidVpcID.NotFound"):
        waiter.wait(VpcIds=["vpc-0123456789abcdef0"], WaiterConfig={"Delay": 0, "MaxAttempts": 2})


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_vpc", {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range"),
        ("create_vpc", {"CidrBlock": "10.0.0.0/29"}, "InvalidVpc.Range"),
        ("create_vpc", {"CidrBlock": "10.0.0.0"}, "InvalidParameterValue"),
        ("create_vpc", {}, "MissingParameter"),
        ("create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": tags_of("subnet", a="b")}, "InvalidParameterValue"),
        ("create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": tags_of("vpc", **{"aws:a": "b"})}, "InvalidParameterValue"),
        ("create_vpc", {"CidrBlock": "10.0.0.0/16", "AmazonProvidedIpv6CidrBlock": True}, "UnknownParameter"),
        ("delete_vpc", {"VpcId": "vpc-0123456789abcdef0"}, "InvalidVpcID.NotFound"),
        ("describe_vpcs", {"MaxResults": 5, "VpcIds": ["vpc-0123456789abcdef0"]}, "InvalidParameterCombination"),
        ("describe_vpcs", {"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
        ("describe_vpcs", {"Filters": [{"Name": "vpc-id", "Values": []}]}, "InvalidParameterValue"),
        ("describe_vpcs", {"NextToken": "odd"}, "InvalidPaginationToken"),
        ("describe_subnets", {"SubnetIds": ["subnet-0123456789abcdef0"]}, "InvalidSubnetID.NotFound"),
        ("describe_network_acls", {"NetworkAclIds": ["acl-0123456789abcdef0"]}, "InvalidNetworkAclID.NotFound"),
        ("describe_network_interfaces", {"NetworkInterfaceIds": ["eni-0123456789abcdef0"]}, "InvalidNetworkInterfaceID.NotFound"),
        ("describe_availability_zones", {"ZoneNames": ["ap-northeast-1z"]}, "InvalidParameterValue"),
        ("create_subnet", {"VpcId": "{vpc}", "CidrBlock": "10.0.0.0/25"}, "InvalidSubnet.Conflict"),
        ("create_subnet", {"VpcId": "{vpc}", "CidrBlock": "192.168.0.0/24"}, "InvalidSubnet.Range"),
        ("create_subnet", {"VpcId": "{vpc}", "CidrBlock": "10.0.7.0/24", "AvailabilityZone": "us-east-1a"}, "InvalidParameterValue"),
        ("create_subnet", {"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.7.0/24"}, "InvalidVpcID.NotFound"),
        ("modify_subnet_attribute", {"SubnetId": "{subnet}"}, "MissingParameter"),
        ("delete_subnet", {"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
        ("create_tags", {"Resources": ["vpc-0123456789abcdef0"], "Tags": [{"Key": "a", "Value": ""}]}, "InvalidVpcID.NotFound"),
        ("create_tags", {"Resources": ["{vpc}"], "Tags": [{"Key": "k" * 128, "Value": ""}]}, "InvalidParameterValue"),
        ("describe_tags", {"MaxResults": 4}, "InvalidParameterValue"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert world.subnet
    params = fill(params, world)
    assert code(getattr(world.ec2, operation), **params) == expected


def fill(params, world):
    """`{name}` stands for a part of the world."""
    if isinstance(params, dict):
        return {key: fill(value, world) for key, value in params.items()}
    if isinstance(params, list):
        return [fill(value, world) for value in params]
    if isinstance(params, str) and params.startswith("{") and params.endswith("}"):
        return getattr(world, params[1:-1])
    return params


def test_tags_and_filters(account):
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags_of("vpc", env="prod", city="naruto"))["Vpc"]["VpcId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tags_of("vpc", env="test"))["Vpc"]["VpcId"]
    find = lambda *filters: {
        one["VpcId"] for one in ec2.describe_vpcs(Filters=[{"Name": n, "Values": v} for n, v in filters])["Vpcs"]
    }
    assert find(("tag:env", ["prod", "test"])) == {vpc, other}
    assert find(("tag:env", ["prod"]), ("tag-key", ["city"])) == {vpc}
    assert find(("tag:env", ["p*"])) == {vpc}
    assert find(("tag:env", ["PROD"])) == set(), "values are case-sensitive"
    assert find(("cidr-block-association.cidr-block", ["10.?.0.0/16"]), ("tag:env", ["t*"])) == {other}

    ec2.create_tags(Resources=[vpc, other], Tags=[{"Key": "env", "Value": "all"}, {"Key": "star", "Value": "a*b"}])
    assert find(("tag:star", [r"a\*b"])) == {vpc, other}
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "env", "Value": "prod"}])
    assert find(("tag:env", ["all"])) == {vpc, other}, "a tag with another value stays"
    ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "env"}])
    rows = ec2.describe_tags(Filters=names(resource_id=vpc))["Tags"]
    assert as_dict(rows) == {"city": "naruto", "star": "a*b"}
    assert {row["ResourceType"] for row in rows} == {"vpc"}


def test_more_than_a_page(account):
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = {
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", TagSpecifications=tags_of("subnet", n=str(n)))["Subnet"]["SubnetId"]
        for n in range(12)
    }
    pages = list(ec2.get_paginator("describe_subnets").paginate(PaginationConfig={"PageSize": 5}))
    assert [len(page["Subnets"]) for page in pages] == [5, 5, 2]
    assert {subnet["SubnetId"] for page in pages for subnet in page["Subnets"]} == made
    tags = ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}).build_full_result()["Tags"]
    assert {tag["ResourceId"] for tag in tags} == made


def test_quotas(account, sandbox):
    for n in range(5):
        account.ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")
    assert code(account.ec2.create_vpc, CidrBlock="10.5.0.0/16") == "VpcLimitExceeded"


def test_second_blocks(account):
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="100.64.0.0/24")["CidrBlockAssociation"]
    assert (made["CidrBlock"], made["CidrBlockState"]["State"]) == ("100.64.0.0/24", "associating")
    blocks = lambda: {
        block["CidrBlock"]: block["CidrBlockState"]["State"]
        for block in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlockAssociationSet"]
    }
    eventually(blocks, {"10.0.0.0/16": "associated", "100.64.0.0/24": "associated"})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="100.64.0.0/26")["Subnet"]["SubnetId"]
    end = {"AssociationId": made["AssociationId"]}
    assert code(ec2.disassociate_vpc_cidr_block, **end) == "InvalidCidr.InUse"
    assert code(ec2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock="100.64.0.0/25") == "InvalidVpc.Range"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.disassociate_vpc_cidr_block(**end)
    eventually(blocks, {"10.0.0.0/16": "associated"})

"""Interface endpoints, endpoint services, and the load balancers behind them."""

import json

import pytest

from sandbox import REGION, as_dict, code, eventually, names, tags_of

LOGS = f"com.amazonaws.{REGION}.logs"
NONE = "vpce-0123456789abcdef0"


def network(account, cidr="10.0.0.0/16"):
    """A VPC and a subnet in every zone."""
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    base = cidr.rsplit(".", 2)[0]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"{base}.{n}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(zones)
    ]
    return vpc, subnets


def load_balancer(account, name, subnets):
    made = account.elb.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=subnets)
    [made] = made["LoadBalancers"]
    assert made["State"]["Code"] == "provisioning" and len(made["AvailabilityZones"]) == len(subnets)
    arn = made["LoadBalancerArn"]
    look = lambda: account.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["State"]["Code"]
    eventually(look, "active")
    return arn


def service(account, name="app"):
    """An endpoint service with one load balancer: both."""
    _, subnets = network(account)
    arn = load_balancer(account, name, subnets)
    made = account.ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[arn],
        AcceptanceRequired=True,
        ClientToken="once",
        SupportedIpAddressTypes=["ipv4"],
        TagSpecifications=tags_of("vpc-endpoint-service", Name="app"),
    )
    assert made["ClientToken"] == "once"
    made = made["ServiceConfiguration"]
    assert made["ServiceName"] == f"com.amazonaws.vpce.{REGION}.{made['ServiceId']}"
    assert as_dict(made["Tags"]) == {"Name": "app"}
    look = lambda: account.ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[made["ServiceId"]])
    eventually(lambda: look()["ServiceConfigurations"][0]["ServiceState"], "Available")
    return made, arn


def state(account, endpoint):
    return account.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["State"]


def interface(vpc, service_name, subnets, **more):
    params = {"VpcEndpointType": "Interface", "VpcId": vpc, "ServiceName": service_name, "SubnetIds": subnets}
    return {**params, "PrivateDnsEnabled": False, **more}


def test_an_endpoint_lives_and_dies(account):
    ec2 = account.ec2
    vpc, subnets = network(account)
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    group = ec2.create_security_group(VpcId=vpc, GroupName="endpoints", Description="d")["GroupId"]
    params = interface(vpc, LOGS, subnets[:2], SecurityGroupIds=[group], ClientToken="t")
    params |= {"PrivateDnsEnabled": True, "TagSpecifications": tags_of("vpc-endpoint", Name="logs")}
    made = ec2.create_vpc_endpoint(**params)["VpcEndpoint"]
    endpoint = made["VpcEndpointId"]
    assert made["State"] == "pending" and made["PrivateDnsEnabled"] and as_dict(made["Tags"]) == {"Name": "logs"}
    assert [one["GroupId"] for one in made["Groups"]] == [group]
    assert json.loads(made["PolicyDocument"])["Statement"][0]["Effect"] == "Allow"
    assert ec2.create_vpc_endpoint(**params)["VpcEndpoint"]["VpcEndpointId"] == endpoint
    assert code(ec2.create_vpc_endpoint, **{**params, "SubnetIds": subnets[:1]}) == "IdempotentParameterMismatch"
    eventually(lambda: state(account, endpoint), "available")

    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=subnets[2:], PrivateDnsEnabled=False)
    eventually(lambda: state(account, endpoint), "available")
    [read] = ec2.describe_vpc_endpoints(Filters=names(vpc_endpoint_state="available"))["VpcEndpoints"]
    assert set(read["SubnetIds"]) == set(subnets) and not read["PrivateDnsEnabled"]

    answer = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint, NONE])
    assert [(one["ResourceId"], one["Error"]["Code"]) for one in answer["Unsuccessful"]] == [
        (NONE, "InvalidVpcEndpoint.NotFound")
    ]
    assert code(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    eventually(lambda: state(account, endpoint), "deleted")
    ec2.delete_security_group(GroupId=group)


def test_both_sides(account, sandbox):
    provider = sandbox.account()
    made, arn = service(provider)
    vpc, subnets = network(account, "10.1.0.0/16")
    wanted = interface(vpc, made["ServiceName"], subnets[:1])
    assert code(account.ec2.create_vpc_endpoint, **wanted) == "InvalidServiceName"
    assert code(account.ec2.describe_vpc_endpoint_services, ServiceNames=[made["ServiceName"]]) == "InvalidServiceName"
    root = f"arn:aws:iam::{account.number}:root"
    by_id = {"ServiceId": made["ServiceId"]}
    added = provider.ec2.modify_vpc_endpoint_service_permissions(AddAllowedPrincipals=[root], **by_id)
    assert added["ReturnValue"] and [one["Principal"] for one in added["AddedPrincipals"]] == [root]
    [listed] = provider.ec2.describe_vpc_endpoint_service_permissions(**by_id)["AllowedPrincipals"]
    assert (listed["Principal"], listed["PrincipalType"]) == (root, "Account")
    [seen] = account.ec2.describe_vpc_endpoint_services(ServiceNames=[made["ServiceName"]])["ServiceDetails"]
    assert (seen["Owner"], seen["AcceptanceRequired"]) == (provider.number, True)

    endpoints = [account.ec2.create_vpc_endpoint(**wanted)["VpcEndpoint"] for _ in range(2)]
    assert {one["State"] for one in endpoints} == {"pendingAcceptance"}
    first, second = (one["VpcEndpointId"] for one in endpoints)
    connections = provider.ec2.describe_vpc_endpoint_connections()["VpcEndpointConnections"]
    assert {one["VpcEndpointId"] for one in connections} == {first, second}
    assert {one["VpcEndpointOwner"] for one in connections} == {account.number}
    accepted = provider.ec2.accept_vpc_endpoint_connections(VpcEndpointIds=[first, NONE], **by_id)
    assert [one["Error"]["Code"] for one in accepted["Unsuccessful"]] == ["InvalidVpcEndpoint.NotFound"]
    assert provider.ec2.reject_vpc_endpoint_connections(VpcEndpointIds=[second], **by_id)["Unsuccessful"] == []
    eventually(lambda: state(account, first), "available")
    assert state(account, second) == "rejected"

    ids = {"ServiceIds": [made["ServiceId"]]}
    [failed] = provider.ec2.delete_vpc_endpoint_service_configurations(**ids)["Unsuccessful"]
    assert failed["Error"]["Code"] == "ExistingVpcEndpointConnections"
    provider.ec2.modify_vpc_endpoint_service_configuration(AcceptanceRequired=False, **by_id)
    assert code(provider.elb.delete_load_balancer, LoadBalancerArn=arn) == "ResourceInUse"
    provider.ec2.reject_vpc_endpoint_connections(VpcEndpointIds=[first], **by_id)
    assert provider.ec2.delete_vpc_endpoint_service_configurations(**ids)["Unsuccessful"] == []
    look = lambda: provider.ec2.describe_vpc_endpoint_service_configurations(**ids)
    eventually(lambda: look()["ServiceConfigurations"][0]["ServiceState"], "Deleted")
    provider.elb.delete_load_balancer(LoadBalancerArn=arn)
    account.ec2.delete_vpc_endpoints(VpcEndpointIds=[first, second])
    eventually(lambda: state(account, second), "deleted")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"VpcEndpointType": "Gateway"}, "InvalidParameterValue"),
        ({"ServiceName": f"com.amazonaws.{REGION}.nothing"}, "InvalidServiceName"),
        ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "InvalidSubnetID.NotFound"),
        ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidSecurityGroupID.NotFound"),
        ({"PrivateDnsEnabled": True}, "InvalidParameter"),
        ({"PolicyDocument": "x"}, "InvalidPolicyDocument"),
    ],
)
def test_refusals(account, wrong, expected):
    vpc, subnets = network(account)
    assert code(account.ec2.create_vpc_endpoint, **{**interface(vpc, LOGS, subnets), **wrong}) == expected

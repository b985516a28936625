"""Route tables, associations and routes."""

import pytest

from sandbox import code, names, tags_of
from test_vpcs import fill


def test_a_route_table_lives_and_dies(account):
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    make = lambda **more: ec2.create_route_table(VpcId=vpc, **more)["RouteTable"]["RouteTableId"]
    first, second = make(TagSpecifications=tags_of("route-table", Name="a")), make()
    association = ec2.associate_route_table(RouteTableId=first, SubnetId=subnet)
    assert association["AssociationState"] == {"State": "associated"}
    association = association["AssociationId"]
    assert ec2.associate_route_table(RouteTableId=first, SubnetId=subnet)["AssociationId"] == association
    assert code(ec2.associate_route_table, RouteTableId=second, SubnetId=subnet) == "Resource.AlreadyAssociated"

    new = ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)["NewAssociationId"]
    assert new != association
    by_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
    [read] = ec2.describe_route_tables(Filters=by_subnet)["RouteTables"]
    assert read["RouteTableId"] == second
    assert read["Associations"][0]["RouteTableAssociationId"] == new
    [local] = read["Routes"]
    assert (local["Origin"], local["State"]) == ("CreateRouteTable", "active")

    assert code(ec2.delete_route_table, RouteTableId=second) == "DependencyViolation"
    ec2.disassociate_route_table(AssociationId=new)
    for table in (first, second):
        ec2.delete_route_table(RouteTableId=table)
    assert len(ec2.describe_route_tables(Filters=names(vpc_id=vpc))["RouteTables"]) == 1, "the main table stays"
    assert code(ec2.delete_route_table, RouteTableId=second) == "InvalidRouteTableID.NotFound"


def test_a_token_makes_one_table(account):
    ec2 = account.ec2
    vpc, other = (ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (0, 1))
    make = lambda vpc: ec2.create_route_table(VpcId=vpc, ClientToken="once")["RouteTable"]["RouteTableId"]
    assert make(vpc) == make(vpc)
    assert code(ec2.create_route_table, VpcId=other, ClientToken="once") == "IdempotentParameterMismatch"


def test_routes(world):
    ec2, table = world.ec2, world.table
    assert world.route
    to = {"RouteTableId": table, "DestinationCidrBlock": "172.31.9.9/16"}
    ec2.create_route(**to, TransitGatewayId=world.gateway)
    to["DestinationCidrBlock"] = "172.31.0.0/16"
    read = lambda: {
        route["DestinationCidrBlock"]: route
        for route in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    }
    route = read()["172.31.0.0/16"]
    assert (route["Origin"], route["State"], route["TransitGatewayId"]) == ("CreateRoute", "active", world.gateway)
    assert code(ec2.create_route, **to, TransitGatewayId=world.gateway) == "RouteAlreadyExists"
    ec2.replace_route(**to, TransitGatewayId=world.gateway)
    ec2.delete_route(**to)
    assert "172.31.0.0/16" not in read()
    assert code(ec2.delete_route, **to) == "InvalidRoute.NotFound"
    assert code(ec2.replace_route, **to, TransitGatewayId=world.gateway) == "InvalidRoute.NotFound"


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_route_table", {"VpcId": "vpc-0123456789abcdef0"}, "InvalidVpcID.NotFound"),
        ("create_route", {"RouteTableId": "{table}", "DestinationCidrBlock": "172.20.0.0/16"}, "MissingParameter"),
        (
            "create_route",
            {"RouteTableId": "{table}", "DestinationCidrBlock": "172.20.0.0/16", "TransitGatewayId": "tgw-0123456789abcdef0"},
            "InvalidTransitGatewayID.NotFound",
        ),
        (
            "create_route",
            {"RouteTableId": "rtb-0123456789abcdef0", "DestinationCidrBlock": "172.20.0.0/16", "TransitGatewayId": "{gateway}"},
            "InvalidRouteTableID.NotFound",
        ),
        ("delete_route", {"RouteTableId": "{table}", "DestinationCidrBlock": "10.0.0.0/16"}, "InvalidParameterValue"),
        ("associate_route_table", {"RouteTableId": "{table}", "SubnetId": "{far_subnet}"}, "InvalidParameterValue"),
        ("associate_route_table", {"RouteTableId": "{table}", "SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
        ("disassociate_route_table", {"AssociationId": "rtbassoc-0123456789abcdef0"}, "InvalidAssociationID.NotFound"),
        (
            "replace_route_table_association",
            {"AssociationId": "rtbassoc-0123456789abcdef0", "RouteTableId": "{table}"},
            "InvalidAssociationID.NotFound",
        ),
        ("describe_route_tables", {"MaxResults": 101}, "InvalidParameterValue"),
        ("describe_route_tables", {"RouteTableIds": ["rtb-0123456789abcdef0"]}, "InvalidRouteTableID.NotFound"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert code(getattr(world.ec2, operation), **fill(params, world)) == expected

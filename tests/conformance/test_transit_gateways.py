"""Transit gateways, attachments, their route tables and routes."""

import pytest

from sandbox import as_dict, code, eventually, names, tags_of
from test_vpcs import fill

NONE = "0123456789abcdef0"


def gateway_state(ec2, gateway):
    return ec2.describe_transit_gateways(TransitGatewayIds=[gateway])["TransitGateways"][0]["State"]


def test_a_gateway_lives_and_dies(account):
    ec2 = account.ec2
    made = ec2.create_transit_gateway(
        Description="鳴門",
        Options={"AmazonSideAsn": 64600, "DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"},
        TagSpecifications=tags_of("transit-gateway", Name="hub"),
    )["TransitGateway"]
    gateway = made["TransitGatewayId"]
    assert made["State"] == "pending" and made["OwnerId"] == account.number
    assert as_dict(made["Tags"]) == {"Name": "hub"}
    options = made["Options"]
    assert (options["AmazonSideAsn"], options["DnsSupport"], options["VpnEcmpSupport"]) == (64600, "enable", "enable")
    assert (options["AutoAcceptSharedAttachments"], options["MulticastSupport"]) == ("disable", "disable")
    assert "AssociationDefaultRouteTableId" not in options
    eventually(lambda: gateway_state(ec2, gateway), "available")

    ec2.modify_transit_gateway(TransitGatewayId=gateway, Description="changed", Options={"DnsSupport": "disable"})
    eventually(lambda: gateway_state(ec2, gateway), "available")
    [read] = ec2.describe_transit_gateways(Filters=names(transit_gateway_id=gateway))["TransitGateways"]
    assert (read["Description"], read["Options"]["DnsSupport"]) == ("changed", "disable")
    assert read["TransitGatewayArn"].endswith(f":{account.number}:transit-gateway/{gateway}")

    assert ec2.delete_transit_gateway(TransitGatewayId=gateway)["TransitGateway"]["State"] == "deleting"
    eventually(lambda: gateway_state(ec2, gateway), "deleted")


def test_attachments_tables_and_routes(account):
    ec2 = account.ec2
    off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    gateway = ec2.create_transit_gateway(Options=off)["TransitGateway"]["TransitGatewayId"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    first, second = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/28", AvailabilityZone=zones[n])["Subnet"]["SubnetId"]
        for n in range(2)
    )
    eventually(lambda: gateway_state(ec2, gateway), "available")

    made = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway,
        VpcId=vpc,
        SubnetIds=[first],
        Options={"ApplianceModeSupport": "enable"},
        TagSpecifications=tags_of("transit-gateway-attachment", Name="spoke"),
    )["TransitGatewayVpcAttachment"]
    attachment = made["TransitGatewayAttachmentId"]
    assert made["State"] == "pending" and made["Options"]["ApplianceModeSupport"] == "enable"
    one = {"TransitGatewayAttachmentIds": [attachment]}
    look = lambda: ec2.describe_transit_gateway_vpc_attachments(**one)["TransitGatewayVpcAttachments"][0]
    state = lambda: look()["State"]
    eventually(state, "available")
    duplicate = {"TransitGatewayId": gateway, "VpcId": vpc, "SubnetIds": [second]}
    assert code(ec2.create_transit_gateway_vpc_attachment, **duplicate) == "DuplicateTransitGatewayAttachment"
    interfaces = ec2.describe_network_interfaces(Filters=names(subnet_id=first))["NetworkInterfaces"]
    assert [interface["InterfaceType"] for interface in interfaces] == ["transit_gateway"]
    assert code(ec2.delete_subnet, SubnetId=first) == "DependencyViolation"

    ec2.modify_transit_gateway_vpc_attachment(
        TransitGatewayAttachmentId=attachment, AddSubnetIds=[second], Options={"ApplianceModeSupport": "disable"}
    )
    eventually(state, "available")
    assert sorted(look()["SubnetIds"]) == sorted([first, second])
    assert look()["Options"]["ApplianceModeSupport"] == "disable"

    table = ec2.create_transit_gateway_route_table(
        TransitGatewayId=gateway, TagSpecifications=tags_of("transit-gateway-route-table", Name="spokes")
    )["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    table_state = lambda: ec2.describe_transit_gateway_route_tables(TransitGatewayRouteTableIds=[table])[
        "TransitGatewayRouteTables"
    ][0]["State"]
    eventually(table_state, "available")
    both = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": attachment}
    assert ec2.associate_transit_gateway_route_table(**both)["Association"]["State"] == "associating"
    associations = lambda: [
        one["State"]
        for one in ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=table)["Associations"]
    ]
    eventually(associations, ["associated"])
    [seen] = ec2.describe_transit_gateway_attachments(**one)["TransitGatewayAttachments"]
    assert seen["Association"] == {"TransitGatewayRouteTableId": table, "State": "associated"}
    assert (seen["ResourceType"], seen["ResourceId"]) == ("vpc", vpc)
    assert code(ec2.associate_transit_gateway_route_table, **both) == "Resource.AlreadyAssociated"

    ec2.enable_transit_gateway_route_table_propagation(**both)
    propagations = lambda: [
        one["State"]
        for one in ec2.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=table)[
            "TransitGatewayRouteTablePropagations"
        ]
    ]
    eventually(propagations, ["enabled"])
    ec2.create_transit_gateway_route(DestinationCidrBlock="0.0.0.0/0", **both)
    duplicate = {"DestinationCidrBlock": "0.0.0.0/0", **both}
    assert code(ec2.create_transit_gateway_route, **duplicate) == "RouteAlreadyExists"
    ec2.create_transit_gateway_route(
        DestinationCidrBlock="192.168.0.0/16", TransitGatewayRouteTableId=table, Blackhole=True
    )
    search = lambda **filters: {
        route["DestinationCidrBlock"]: (route["Type"], route["State"])
        for route in ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=names(**filters))["Routes"]
    }
    expected = {"0.0.0.0/0": ("static", "active"), "192.168.0.0/16": ("static", "blackhole")}
    eventually(lambda: search(type="static"), expected)
    assert search(type="propagated") == {"10.0.0.0/16": ("propagated", "active")}
    ec2.replace_transit_gateway_route(
        DestinationCidrBlock="0.0.0.0/0", TransitGatewayRouteTableId=table, Blackhole=True
    )
    eventually(lambda: search(type="static")["0.0.0.0/0"], ("static", "blackhole"))
    for block in expected:
        ec2.delete_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=block)
    eventually(lambda: search(type="static", state=["active", "blackhole"]), {})

    ec2.disable_transit_gateway_route_table_propagation(**both)
    eventually(propagations, [])
    ec2.disassociate_transit_gateway_route_table(**both)
    eventually(associations, [])
    assert code(ec2.delete_transit_gateway, TransitGatewayId=gateway) == "IncorrectState"
    ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=table)
    eventually(table_state, "deleted")
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
    eventually(state, "deleted")
    gone = lambda: ec2.describe_network_interfaces(Filters=names(vpc_id=vpc))["NetworkInterfaces"]
    eventually(gone, [])
    ec2.delete_transit_gateway(TransitGatewayId=gateway)
    eventually(lambda: gateway_state(ec2, gateway), "deleted")


def test_default_tables(account):
    ec2 = account.ec2
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    eventually(lambda: gateway_state(ec2, gateway), "available")
    [read] = ec2.describe_transit_gateways()["TransitGateways"]
    [table] = ec2.describe_transit_gateway_route_tables(Filters=names(transit_gateway_id=gateway))["TransitGatewayRouteTables"]
    assert read["Options"]["AssociationDefaultRouteTableId"] == table["TransitGatewayRouteTableId"]
    assert table["DefaultAssociationRouteTable"] and table["DefaultPropagationRouteTable"]


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_transit_gateway", {"Options": {"AmazonSideAsn": 100}}, "InvalidParameterValue"),
        ("delete_transit_gateway", {"TransitGatewayId": f"tgw-{NONE}"}, "InvalidTransitGatewayID.NotFound"),
        ("describe_transit_gateways", {"TransitGatewayIds": [f"tgw-{NONE}"]}, "InvalidTransitGatewayID.NotFound"),
        (
            "create_transit_gateway_vpc_attachment",
            {"TransitGatewayId": "{gateway}", "VpcId": "{third_vpc}", "SubnetIds": ["{third_subnet}", "{free_subnet}"]},
            "DuplicateSubnetsInSameZone",
        ),
        (
            "create_transit_gateway_vpc_attachment",
            {"TransitGatewayId": "{gateway}", "VpcId": "{third_vpc}", "SubnetIds": ["{subnet}"]},
            "InvalidParameterValue",
        ),
        (
            "delete_transit_gateway_vpc_attachment",
            {"TransitGatewayAttachmentId": f"tgw-attach-{NONE}"},
            "InvalidTransitGatewayAttachmentID.NotFound",
        ),
        (
            "associate_transit_gateway_route_table",
            {"TransitGatewayRouteTableId": f"tgw-rtb-{NONE}", "TransitGatewayAttachmentId": "{attachment}"},
            "InvalidRouteTableID.NotFound",
        ),
        (
            "delete_transit_gateway_route",
            {"TransitGatewayRouteTableId": "{gateway_table}", "DestinationCidrBlock": "10.77.0.0/16"},
            "InvalidRoute.NotFound",
        ),
        (
            "enable_transit_gateway_route_table_propagation",
            {"TransitGatewayRouteTableId": "{gateway_table}", "TransitGatewayAttachmentId": "{attachment}"},
            "TransitGatewayRouteTablePropagation.Duplicate",
        ),
        ("delete_transit_gateway_route_table", {"TransitGatewayRouteTableId": "{gateway_table}"}, "IncorrectState"),
        ("accept_transit_gateway_vpc_attachment", {"TransitGatewayAttachmentId": "{attachment}"}, "IncorrectState"),
        ("reject_transit_gateway_vpc_attachment", {"TransitGatewayAttachmentId": "{attachment}"}, "IncorrectState"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert code(getattr(world.ec2, operation), **fill(params, world)) == expected

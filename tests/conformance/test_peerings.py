"""Peerings between transit gateways, of one account in two Regions and of two accounts in one."""

import pytest

from sandbox import Account, as_dict, code, eventually, names, tags_of
from world import FAR

OFF = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
NONE = "tgw-0123456789abcdef0"


def gateway(account):
    made = account.ec2.create_transit_gateway(Options=OFF)["TransitGateway"]["TransitGatewayId"]
    look = lambda: account.ec2.describe_transit_gateways(TransitGatewayIds=[made])["TransitGateways"][0]["State"]
    eventually(look, "available")
    return made


def between(ours, theirs, account):
    return {
        "TransitGatewayId": ours,
        "PeerTransitGatewayId": theirs,
        "PeerAccountId": account.number,
        "PeerRegion": account.region,
    }


def request(account, ours, peer, theirs):
    """The attachment's id on either side."""
    made = account.ec2.create_transit_gateway_peering_attachment(
        Options={"DynamicRouting": "disable"},
        TagSpecifications=tags_of("transit-gateway-attachment", Name="ours"),
        **between(ours, theirs, peer),
    )["TransitGatewayPeeringAttachment"]
    assert made["State"] == "initiatingRequest" and as_dict(made["Tags"]) == {"Name": "ours"}
    seen = lambda: peer.ec2.describe_transit_gateway_peering_attachments(
        Filters=names(transit_gateway_id=theirs, remote_owner_id=account.number)
    )["TransitGatewayPeeringAttachments"]
    eventually(lambda: [one["State"] for one in seen()], ["pendingAcceptance"])
    [theirs] = seen()
    assert theirs["Tags"] == []
    assert theirs["RequesterTgwInfo"]["OwnerId"] == account.number
    return made["TransitGatewayAttachmentId"], theirs["TransitGatewayAttachmentId"]


def state(account, peering):
    read = account.ec2.describe_transit_gateway_peering_attachments(TransitGatewayAttachmentIds=[peering])
    return read["TransitGatewayPeeringAttachments"][0]["State"]


def test_between_regions(account):
    ec2, far = account.ec2, Account(account.sandbox, account.number, region=FAR)
    ours, theirs = gateway(account), gateway(far)
    peering, same = request(account, ours, far, theirs)
    assert peering == same
    by_id = {"TransitGatewayAttachmentId": peering}
    assert code(ec2.accept_transit_gateway_peering_attachment, **by_id) == "InvalidParameterValue"
    taken = code(ec2.create_transit_gateway_peering_attachment, **between(ours, theirs, far))
    assert taken == "DuplicateTransitGatewayAttachment"
    accepted = far.ec2.accept_transit_gateway_peering_attachment(**by_id)
    assert accepted["TransitGatewayPeeringAttachment"]["State"] == "pending"
    eventually(lambda: state(account, peering), "available")

    table = ec2.create_transit_gateway_route_table(TransitGatewayId=ours)["TransitGatewayRouteTable"]
    table = table["TransitGatewayRouteTableId"]
    tables = lambda: ec2.describe_transit_gateway_route_tables(TransitGatewayRouteTableIds=[table])
    eventually(lambda: tables()["TransitGatewayRouteTables"][0]["State"], "available")
    both = {"TransitGatewayRouteTableId": table, **by_id}
    ec2.associate_transit_gateway_route_table(**both)
    assert code(ec2.enable_transit_gateway_route_table_propagation, **both) == "InvalidParameterValue"
    ec2.create_transit_gateway_route(DestinationCidrBlock="10.9.0.0/16", **both)
    look = lambda: ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table, Filters=[{"Name": "attachment.resource-type", "Values": ["peering"]}]
    )
    eventually(lambda: [route["State"] for route in look()["Routes"]], ["active"])
    [seen] = ec2.describe_transit_gateway_attachments(Filters=names(resource_type="peering"))["TransitGatewayAttachments"]
    assert (seen["ResourceId"], seen["ResourceOwnerId"]) == (theirs, account.number)

    assert far.ec2.delete_transit_gateway_peering_attachment(**by_id)["TransitGatewayPeeringAttachment"]["State"] == "deleting"
    eventually(lambda: state(account, peering), "deleted")


def test_between_accounts(account, sandbox):
    other = sandbox.account()
    ours, theirs = gateway(account), gateway(other)
    peering, their_peering = request(account, ours, other, theirs)
    assert peering != their_peering
    unseen = code(other.ec2.reject_transit_gateway_peering_attachment, TransitGatewayAttachmentId=peering)
    assert unseen == "InvalidTransitGatewayAttachmentID.NotFound"
    other.ec2.reject_transit_gateway_peering_attachment(TransitGatewayAttachmentId=their_peering)
    eventually(lambda: state(account, peering), "rejected")


def test_a_peer_that_is_not_there(account):
    ours = gateway(account)
    made = account.ec2.create_transit_gateway_peering_attachment(**between(ours, NONE, account))
    made = made["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
    eventually(lambda: state(account, made), "failed")


@pytest.mark.parametrize("wrong", [{"PeerAccountId": "1"}, {"PeerRegion": "eu-west-1"}])
def test_refusals(account, wrong):
    ours = gateway(account)
    params = {**between(ours, NONE, account), **wrong}
    assert code(account.ec2.create_transit_gateway_peering_attachment, **params) == "InvalidParameterValue"

"""Direct Connect: our own gateway, another's, and the line that a provider hosts for us."""

import pytest

from lines import OURS, allocate, associated, connection, gateway
from sandbox import code, eventually, names

MORE = [{"cidr": "10.210.2.0/24"}]
REFUSED = "DirectConnectClientException"


@pytest.fixture
def provider(sandbox):
    return sandbox.account()


@pytest.fixture
def transit(account):
    """A transit gateway with a VPC attached."""
    ec2 = account.ec2
    made = ec2.create_transit_gateway(Options={"AmazonSideAsn": 64700})["TransitGateway"]["TransitGatewayId"]
    look = lambda: ec2.describe_transit_gateways(TransitGatewayIds=[made])["TransitGateways"][0]["State"]
    eventually(look, "available")
    vpc = ec2.create_vpc(CidrBlock="10.210.1.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.210.1.0/28")["Subnet"]["SubnetId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=made, VpcId=vpc, SubnetIds=[subnet])
    eventually(lambda: attachments(account, "vpc"), ["available"])
    return made


def attachments(account, kind="direct-connect-gateway"):
    """The states of the attachments of a type."""
    found = account.ec2.describe_transit_gateway_attachments(Filters=names(resource_type=kind))
    return [one["State"] for one in found["TransitGatewayAttachments"]]


def association(account, **which):
    [one] = account.directconnect.describe_direct_connect_gateway_associations(**which)[
        "directConnectGatewayAssociations"
    ]
    return one


def test_our_own_gateway(account, transit, sandbox):
    dx, ec2 = account.directconnect, account.ec2
    line = gateway(account, 64512, tags=[{"key": "Name", "value": "line"}])
    dx.update_direct_connect_gateway(directConnectGatewayId=line, newDirectConnectGatewayName="renamed")
    [seen] = dx.describe_direct_connect_gateways()["directConnectGateways"]
    assert (seen["directConnectGatewayName"], seen["tags"]) == ("renamed", [{"key": "Name", "value": "line"}])

    both = {"directConnectGatewayId": line, "gatewayId": transit}
    create = dx.create_direct_connect_gateway_association
    assert code(create, **both) == REFUSED
    made = create(**both, addAllowedPrefixesToDirectConnectGateway=OURS)["directConnectGatewayAssociation"]
    assert (made["associationState"], attachments(account)) == ("associating", ["pending"])
    associated(account, made["associationId"])
    eventually(lambda: attachments(account), ["available"])
    [table] = ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]
    sandbox.control("PUT", "announce", {"gateway": line, "cidrs": ["192.168.0.0/16"]})
    routes = lambda: ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
        Filters=[{"Name": "attachment.resource-type", "Values": ["direct-connect-gateway"]}],
    )["Routes"]
    eventually(lambda: [route["DestinationCidrBlock"] for route in routes()], ["192.168.0.0/16"])
    assert routes()[0]["TransitGatewayAttachments"][0]["ResourceId"] == line

    named = {"associationId": made["associationId"]}
    changed = dx.update_direct_connect_gateway_association(
        **named,
        addAllowedPrefixesToDirectConnectGateway=MORE,
        removeAllowedPrefixesToDirectConnectGateway=OURS,
    )["directConnectGatewayAssociation"]
    assert (changed["associationState"], changed["allowedPrefixesToDirectConnectGateway"]) == ("updating", MORE)
    associated(account, made["associationId"])
    assert code(dx.delete_direct_connect_gateway, directConnectGatewayId=line) == REFUSED
    assert code(ec2.delete_transit_gateway, TransitGatewayId=transit) == "IncorrectState"
    dx.delete_direct_connect_gateway_association(**named)
    eventually(lambda: association(account, **named)["associationState"], "disassociated")
    eventually(lambda: attachments(account), ["deleted"])
    dx.delete_direct_connect_gateway(directConnectGatewayId=line)
    eventually(lambda: dx.describe_direct_connect_gateways()["directConnectGateways"], [])


def test_a_proposal(account, provider, transit):
    ours, theirs = account.directconnect, provider.directconnect
    line = gateway(provider, 64512)
    wish = {
        "directConnectGatewayId": line,
        "directConnectGatewayOwnerAccount": provider.number,
        "gatewayId": transit,
        "addAllowedPrefixesToDirectConnectGateway": OURS + MORE,
    }
    propose = ours.create_direct_connect_gateway_association_proposal
    first = propose(**wish)["directConnectGatewayAssociationProposal"]["proposalId"]
    state = lambda who, which: [
        one["proposalState"]
        for one in who.describe_direct_connect_gateway_association_proposals(proposalId=which)[
            "directConnectGatewayAssociationProposals"
        ]
    ]
    assert state(theirs, first) == ["requested"]
    theirs.delete_direct_connect_gateway_association_proposal(proposalId=first)
    assert state(ours, first) == ["deleted"]

    second = propose(**wish)["directConnectGatewayAssociationProposal"]
    assert second["requestedAllowedPrefixesToDirectConnectGateway"] == OURS + MORE
    second = second["proposalId"]
    answer = {
        "directConnectGatewayId": line,
        "proposalId": second,
        "associatedGatewayOwnerAccount": account.number,
        "overrideAllowedPrefixesToDirectConnectGateway": MORE,
    }
    assert attachments(account) == []
    assert code(ours.accept_direct_connect_gateway_association_proposal, **answer) == REFUSED
    made = theirs.accept_direct_connect_gateway_association_proposal(**answer)["directConnectGatewayAssociation"]
    assert made["allowedPrefixesToDirectConnectGateway"] == MORE
    assert association(account, directConnectGatewayId=line)["directConnectGatewayOwnerAccount"] == provider.number
    assert state(ours, second) == ["accepted"]
    eventually(lambda: attachments(account), ["available"])
    named = {"associationId": made["associationId"]}
    assert (
        code(
            ours.update_direct_connect_gateway_association,
            **named,
            addAllowedPrefixesToDirectConnectGateway=OURS,
        )
        == REFUSED
    )
    ours.delete_direct_connect_gateway_association(**named)
    eventually(lambda: association(provider, **named)["associationState"], "disassociated")


def test_a_hosted_line(account, provider):
    ours, theirs = account.directconnect, provider.directconnect
    port, line = connection(provider), gateway(account, 64512)
    interface = allocate(provider, port, account)
    named = {"virtualInterfaceId": interface}
    state = lambda: ours.describe_virtual_interfaces(**named)["virtualInterfaces"][0]["virtualInterfaceState"]
    assert state() == "confirming"
    assert code(theirs.confirm_transit_virtual_interface, **named, directConnectGatewayId=line) == REFUSED
    ours.confirm_transit_virtual_interface(**named, directConnectGatewayId=line)
    eventually(state, "available")
    [attached] = ours.describe_direct_connect_gateway_attachments(**named)["directConnectGatewayAttachments"]
    assert (attached["attachmentState"], attached["directConnectGatewayId"]) == ("attached", line)
    assert code(theirs.delete_connection, connectionId=port) == REFUSED
    theirs.delete_virtual_interface(**named)
    eventually(state, "deleted")
    theirs.delete_connection(connectionId=port)
    eventually(lambda: theirs.describe_connections()["connections"], [])


def test_tags(account):
    dx, line = account.directconnect, gateway(account, 64512)
    arn = f"arn:aws:directconnect::{account.number}:dx-gateway/{line}"
    dx.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": ""}])
    dx.untag_resource(resourceArn=arn, tagKeys=["a"])
    [read] = dx.describe_tags(resourceArns=[arn])["resourceTags"]
    assert read["tags"] == [{"key": "b", "value": ""}]
    assert code(dx.tag_resource, resourceArn=arn, tags=[{"key": str(n)} for n in range(50)]) == "TooManyTagsException"
    assert code(dx.describe_tags, resourceArns=[f"{arn}0"]) == REFUSED

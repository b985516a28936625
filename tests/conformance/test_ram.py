"""Resource Access Manager, and a transit gateway that another company uses."""

import pytest

from sandbox import REGION, code, eventually, names

DAY = 24 * 3600
NOBODY = "999900000000"


def gateway_of(account):
    off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    made = account.ec2.create_transit_gateway(Options=off)["TransitGateway"]["TransitGatewayId"]
    read = lambda: account.ec2.describe_transit_gateways(TransitGatewayIds=[made])["TransitGateways"][0]["State"]
    eventually(read, "available")
    return made, f"arn:aws:ec2:{REGION}:{account.number}:transit-gateway/{made}"


def statuses(account, kind, share):
    read = account.ram.get_resource_share_associations(associationType=kind, resourceShareArns=[share])
    return {one["associatedEntity"]: one["status"] for one in read["resourceShareAssociations"]}


def test_a_share_lives_and_dies(account):
    ram = account.ram
    made = ram.create_resource_share(name="鳴門", clientToken="1", tags=[{"key": "a", "value": "b"}])
    share = made["resourceShare"]
    assert made["clientToken"] == "1" and share["status"] == "PENDING"
    assert share["allowExternalPrincipals"] and share["owningAccountId"] == account.number
    again = ram.create_resource_share(name="鳴門", clientToken="1", tags=[{"key": "a", "value": "b"}])
    assert again["resourceShare"] == share
    assert code(ram.create_resource_share, name="x", clientToken="1") == "IdempotentParameterMismatchException"
    arn = share["resourceShareArn"]
    read = lambda **more: ram.get_resource_shares(resourceOwner="SELF", **more)["resourceShares"]
    eventually(lambda: [one["status"] for one in read()], ["ACTIVE"])

    ram.update_resource_share(resourceShareArn=arn, name="板野")
    ram.tag_resource(resourceShareArn=arn, tags=[{"key": "c", "value": "d"}])
    ram.untag_resource(resourceShareArn=arn, tagKeys=["a"])
    [seen] = read(tagFilters=[{"tagKey": "c", "tagValues": ["d", "e"]}], name="板野")
    assert seen["tags"] == [{"key": "c", "value": "d"}]
    assert read(tagFilters=[{"tagKey": "a"}]) == []
    assert ram.delete_resource_share(resourceShareArn=arn)["returnValue"] is True
    eventually(lambda: [one["status"] for one in read()], ["DELETED"])
    assert account.resources() == []


def test_another_company_is_invited_attaches_and_stays_attached(account, sandbox):
    asp = sandbox.account()
    gateway, resource = gateway_of(account)
    share = account.share(name="tgw")
    account.ram.associate_resource_share(resourceShareArn=share, resourceArns=[resource], principals=[asp.number])
    eventually(lambda: statuses(account, "RESOURCE", share), {resource: "ASSOCIATED"})
    invitation = asp.invitation()
    assert statuses(account, "PRINCIPAL", share) == {asp.number: "ASSOCIATING"}
    assert asp.ram.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    named = {"resourceShareInvitationArn": invitation}
    assert asp.ram.accept_resource_share_invitation(**named)["resourceShareInvitation"]["status"] == "ACCEPTED"
    refused = code(asp.ram.reject_resource_share_invitation, **named)
    assert refused == "ResourceShareInvitationAlreadyAcceptedException"
    eventually(lambda: statuses(account, "PRINCIPAL", share), {asp.number: "ASSOCIATED"})
    [seen] = asp.ram.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert seen["owningAccountId"] == account.number and "tags" not in seen
    [listed] = asp.ram.list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
    assert (listed["arn"], listed["type"]) == (resource, "ec2:TransitGateway")
    owners = lambda: [one["OwnerId"] for one in asp.ec2.describe_transit_gateways()["TransitGateways"]]
    eventually(owners, [account.number])

    vpc = asp.ec2.create_vpc(CidrBlock="10.211.1.0/24")["Vpc"]["VpcId"]
    subnet = asp.ec2.create_subnet(VpcId=vpc, CidrBlock="10.211.1.0/26")["Subnet"]["SubnetId"]
    made = asp.ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])
    one = {"TransitGatewayAttachmentId": made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]}
    waiting = names(state="pendingAcceptance")
    [seen] = account.ec2.describe_transit_gateway_vpc_attachments(Filters=waiting)["TransitGatewayVpcAttachments"]
    assert (seen["VpcId"], seen["VpcOwnerId"]) == (vpc, asp.number)
    assert code(asp.ec2.accept_transit_gateway_vpc_attachment, **one) == "OperationNotPermitted"
    account.ec2.accept_transit_gateway_vpc_attachment(**one)
    read = lambda ec2: ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"][0]
    eventually(lambda: read(asp.ec2)["State"], "available")
    account.ec2.create_tags(Resources=list(one.values()), Tags=[{"Key": "Name", "Value": "asp"}])
    assert read(account.ec2)["Tags"] == [{"Key": "Name", "Value": "asp"}] and read(asp.ec2)["Tags"] == []

    account.ram.disassociate_resource_share(resourceShareArn=share, principals=[asp.number])
    eventually(lambda: statuses(account, "PRINCIPAL", share), {asp.number: "DISASSOCIATED"})
    assert owners() == [] and read(asp.ec2)["State"] == "available"
    assert code(account.ec2.delete_transit_gateway, TransitGatewayId=gateway) == "IncorrectState"
    account.ec2.delete_transit_gateway_vpc_attachment(**one)
    eventually(lambda: read(asp.ec2)["State"], "deleted")


def test_what_is_refused_by_the_other_company(account, sandbox):
    asp = sandbox.account()
    gateway, _ = gateway_of(account)
    account.shared(gateway, asp)
    vpc = asp.ec2.create_vpc(CidrBlock="10.211.1.0/24")["Vpc"]["VpcId"]
    subnet = asp.ec2.create_subnet(VpcId=vpc, CidrBlock="10.211.1.0/26")["Subnet"]["SubnetId"]
    made = asp.ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])
    one = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    account.ec2.reject_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=one)
    read = lambda: asp.ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"][0]["State"]
    eventually(read, "rejected")

    share = account.share(name="unwanted", principals=[asp.number])
    asp.ram.reject_resource_share_invitation(resourceShareInvitationArn=asp.invitation())
    assert statuses(account, "PRINCIPAL", share) == {asp.number: "FAILED"}


def test_an_invitation_lapses_and_is_sent_again(account, sandbox):
    asp = sandbox.account()
    share = account.share(name="slow", principals=[asp.number])
    lapsed = {"resourceShareInvitationArn": asp.invitation()}
    sandbox.control("POST", "clock", {"advance_seconds": 7 * DAY})
    assert code(asp.ram.accept_resource_share_invitation, **lapsed) == "ResourceShareInvitationExpiredException"
    assert statuses(account, "PRINCIPAL", share) == {asp.number: "FAILED"}
    both = {"resourceShareArn": share, "principals": [asp.number]}
    account.ram.disassociate_resource_share(**both)
    eventually(lambda: statuses(account, "PRINCIPAL", share), {asp.number: "DISASSOCIATED"})
    account.ram.associate_resource_share(**both)
    asp.ram.accept_resource_share_invitation(resourceShareInvitationArn=asp.invitation())
    eventually(lambda: statuses(account, "PRINCIPAL", share), {asp.number: "ASSOCIATED"})


def test_inside_an_organization_nobody_is_asked(account, sandbox):
    other = sandbox.account()
    sandbox.control("PUT", "organizations", [[account.number, other.number]])
    try:
        share = account.share(name="ours", allowExternalPrincipals=False, principals=[other.number])
        eventually(lambda: statuses(account, "PRINCIPAL", share), {other.number: "ASSOCIATED"})
        assert other.ram.get_resource_share_invitations()["resourceShareInvitations"] == []
        stranger = {"resourceShareArn": share, "principals": [NOBODY]}
        assert code(account.ram.associate_resource_share, **stranger) == "InvalidParameterException"
    finally:
        sandbox.control("PUT", "organizations", [])


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_resource_share", {"name": "x", "resourceArns": ["odd"]}, "MalformedArnException"),
        (
            "create_resource_share",
            {"name": "x", "resourceArns": [f"arn:aws:ec2:{REGION}:{NOBODY}:transit-gateway/tgw-0123456789abcdef0"]},
            "UnknownResourceException",
        ),
        (
            "create_resource_share",
            {"name": "x", "allowExternalPrincipals": False, "principals": [NOBODY]},
            "OperationNotPermittedException",
        ),
        (
            "delete_resource_share",
            {"resourceShareArn": f"arn:aws:ram:{REGION}:{NOBODY}:resource-share/1"},
            "UnknownResourceException",
        ),
        ("get_resource_shares", {"resourceOwner": "SELF", "nextToken": "odd"}, "InvalidNextTokenException"),
        (
            "get_resource_share_associations",
            {"associationType": "PRINCIPAL", "resourceArn": "arn:aws:ec2:::x/y"},
            "InvalidParameterException",
        ),
        (
            "accept_resource_share_invitation",
            {"resourceShareInvitationArn": f"arn:aws:ram:{REGION}:{NOBODY}:resource-share-invitation/1"},
            "ResourceShareInvitationArnNotFoundException",
        ),
        ("reject_resource_share_invitation", {"resourceShareInvitationArn": "odd"}, "MalformedArnException"),
        ("list_resources", {"resourceOwner": "SELF", "resourceType": "ec2:Moon"}, "InvalidResourceTypeException"),
    ],
)
def test_what_aws_refuses_is_refused(account, operation, params, expected):
    assert code(getattr(account.ram, operation), **params) == expected

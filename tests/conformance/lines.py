"""The lines of the world in world.py: a gateway of its own and a provider's, and samples of Direct Connect."""

from functools import cached_property

from sandbox import REGION, eventually

OURS = [{"cidr": "10.210.1.0/24"}]
ALLOCATION = {"virtualInterfaceName": "line", "vlan": 101, "asn": 65000}


def gateway(account, asn, **more):
    """A gateway that is available."""
    dx = account.directconnect
    made = dx.create_direct_connect_gateway(directConnectGatewayName="line", amazonSideAsn=asn, **more)
    made = made["directConnectGateway"]["directConnectGatewayId"]
    read = lambda: dx.describe_direct_connect_gateways(directConnectGatewayId=made)["directConnectGateways"]
    eventually(lambda: [one["directConnectGatewayState"] for one in read()], ["available"])
    return made


def connection(account):
    """A port that is available."""
    dx = account.directconnect
    made = dx.create_connection(location="TYO", bandwidth="10Gbps", connectionName="port", providerName="provider")
    made = made["connectionId"]
    read = lambda: dx.describe_connections(connectionId=made)["connections"]
    eventually(lambda: [one["connectionState"] for one in read()], ["available"])
    return made


def associated(account, association):
    """Waits until an association is associated."""
    read = lambda: account.directconnect.describe_direct_connect_gateway_associations(associationId=association)
    state = lambda: [one["associationState"] for one in read()["directConnectGatewayAssociations"]]
    eventually(state, ["associated"])
    return association


def allocate(provider, port, owner, **more):
    made = provider.directconnect.allocate_transit_virtual_interface(
        connectionId=port, ownerAccount=owner.number, newTransitVirtualInterfaceAllocation={**ALLOCATION, **more}
    )
    return made["virtualInterface"]["virtualInterfaceId"]


class Lines:
    """What the world has of Direct Connect. The gateways' ASN is not the transit gateways'."""

    provider = cached_property(lambda self: self.account.sandbox.account())
    line = cached_property(lambda self: gateway(self.account, 64600, tags=[{"key": "Name", "value": "line"}]))
    free_line = cached_property(lambda self: gateway(self.account, 64601))
    provider_line = cached_property(lambda self: gateway(self.provider, 64602))
    port = cached_property(lambda self: connection(self.account))
    provider_port = cached_property(lambda self: connection(self.provider))
    requested_interface = cached_property(lambda self: allocate(self.provider, self.provider_port, self.account))

    @cached_property
    def interface(self):
        made = allocate(self.provider, self.provider_port, self.account, vlan=102)
        dx = self.account.directconnect
        dx.confirm_transit_virtual_interface(virtualInterfaceId=made, directConnectGatewayId=self.line)
        return made

    @cached_property
    def line_association(self):
        made = self.account.directconnect.create_direct_connect_gateway_association(
            directConnectGatewayId=self.line, gatewayId=self.gateway, addAllowedPrefixesToDirectConnectGateway=OURS
        )
        return associated(self.account, made["directConnectGatewayAssociation"]["associationId"])

    @cached_property
    def proposal(self):
        """To the provider."""
        assert self.attachment
        made = self.account.directconnect.create_direct_connect_gateway_association_proposal(
            directConnectGatewayId=self.provider_line,
            directConnectGatewayOwnerAccount=self.provider.number,
            gatewayId=self.gateway,
            addAllowedPrefixesToDirectConnectGateway=OURS,
        )
        return made["directConnectGatewayAssociationProposal"]["proposalId"]

    def line_arn(self, line):
        return f"arn:aws:directconnect::{self.account.number}:dx-gateway/{line}"

    def port_arn(self, port):
        return f"arn:aws:directconnect:{REGION}:{self.account.number}:dxcon/{port}"


SAMPLES = {
    "AcceptDirectConnectGatewayAssociationProposal": lambda w: {
        "directConnectGatewayId": w.provider_line,
        "proposalId": w.proposal,
        "associatedGatewayOwnerAccount": w.account.number,
    },
    "AllocateTransitVirtualInterface": lambda w: {
        "connectionId": w.port,
        "ownerAccount": w.provider.number,
        "newTransitVirtualInterfaceAllocation": ALLOCATION,
    },
    "ConfirmTransitVirtualInterface": lambda w: {
        "virtualInterfaceId": w.requested_interface,
        "directConnectGatewayId": w.line,
    },
    "CreateConnection": lambda w: {"location": "TYO", "bandwidth": "1Gbps", "connectionName": "new"},
    "CreateDirectConnectGateway": lambda w: {"directConnectGatewayName": "new"},
    "CreateDirectConnectGatewayAssociation": lambda w: {
        "directConnectGatewayId": w.free_line,
        "gatewayId": w.gateway,
        "addAllowedPrefixesToDirectConnectGateway": OURS,
    },
    "CreateDirectConnectGatewayAssociationProposal": lambda w: w.attachment
    and {
        "directConnectGatewayId": gateway(w.provider, 64603),
        "directConnectGatewayOwnerAccount": w.provider.number,
        "gatewayId": w.gateway,
    },
    "DeleteConnection": lambda w: {"connectionId": w.port},
    "DeleteDirectConnectGateway": lambda w: {"directConnectGatewayId": w.free_line},
    "DeleteDirectConnectGatewayAssociation": lambda w: {"associationId": w.line_association},
    "DeleteDirectConnectGatewayAssociationProposal": lambda w: {"proposalId": w.proposal},
    "DeleteVirtualInterface": lambda w: {"virtualInterfaceId": w.requested_interface},
    "DescribeConnections": lambda w: w.port and {},
    "DescribeDirectConnectGatewayAssociationProposals": lambda w: w.proposal and {},
    "DescribeDirectConnectGatewayAssociations": lambda w: w.line_association and {"associatedGatewayId": w.gateway},
    "DescribeDirectConnectGatewayAttachments": lambda w: w.interface and {"directConnectGatewayId": w.line},
    "DescribeDirectConnectGateways": lambda w: w.line and w.free_line and {},
    "DescribeTags": lambda w: {"resourceArns": [w.line_arn(w.line), w.port_arn(w.port)]},
    "DescribeVirtualInterfaces": lambda w: w.interface and w.requested_interface and {},
    "TagResource": lambda w: {"resourceArn": w.line_arn(w.line), "tags": [{"key": "more", "value": "x"}]},
    "UntagResource": lambda w: {"resourceArn": w.line_arn(w.line), "tagKeys": ["more"]},
    "UpdateDirectConnectGateway": lambda w: {
        "directConnectGatewayId": w.line,
        "newDirectConnectGatewayName": "changed",
    },
    "UpdateDirectConnectGatewayAssociation": lambda w: {
        "associationId": w.line_association,
        "addAllowedPrefixesToDirectConnectGateway": [{"cidr": "10.210.2.0/24"}],
    },
}

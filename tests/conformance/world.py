"""A small network with everything in it, and for each operation a call that would succeed there.

The samples are tried with DryRun and with a parameter too many, which change nothing; so all of them fit one world.
"""

import json
from functools import cached_property

import authorities
import buckets
import lines
import parameters
import resolver
import zones
from authorities import Authorities
from buckets import Buckets
from lines import Lines
from parameters import Parameters
from resolver import Names
from sandbox import REGION, Account, eventually, names, tags_of
from zones import Zones

MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
FLOW_LOGS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
FAR = "ap-northeast-3"
PERMISSION = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionTransitGateway"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TCP_443 = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
TCP_80 = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
ANY = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


class World(Authorities, Buckets, Lines, Names, Parameters, Zones):
    """Each part is made when it is first asked for."""

    def __init__(self, sandbox):
        self.account = sandbox.account()
        self.ec2, self.iam, self.logs = self.account.ec2, self.account.iam, self.account.logs
        self.far = Account(sandbox, self.account.number, region=FAR)

    def _vpc(self, cidr):
        made = self.ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tags_of("vpc", Name=cidr))
        return made["Vpc"]["VpcId"]

    def _subnet(self, vpc, cidr):
        made = self.ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, TagSpecifications=tags_of("subnet", Name=cidr))
        return made["Subnet"]["SubnetId"]

    def _table(self, vpc):
        return self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]

    def _group(self, vpc, name):
        made = self.ec2.create_security_group(VpcId=vpc, GroupName=name, Description="conformance")
        return made["GroupId"]

    vpc = cached_property(lambda self: self._vpc("10.0.0.0/16"))
    far_vpc = cached_property(lambda self: self._vpc("10.1.0.0/16"))
    third_vpc = cached_property(lambda self: self._vpc("10.2.0.0/16"))
    empty_vpc = cached_property(lambda self: self._vpc("10.3.0.0/16"))
    subnet = cached_property(lambda self: self._subnet(self.vpc, "10.0.0.0/24"))
    second_subnet = cached_property(lambda self: self._subnet(self.vpc, "10.0.1.0/24"))
    far_subnet = cached_property(lambda self: self._subnet(self.far_vpc, "10.1.0.0/24"))
    third_subnet = cached_property(lambda self: self._subnet(self.third_vpc, "10.2.0.0/24"))
    free_subnet = cached_property(lambda self: self._subnet(self.third_vpc, "10.2.1.0/24"))
    table = cached_property(lambda self: self._table(self.vpc))
    free_table = cached_property(lambda self: self._table(self.vpc))
    group = cached_property(lambda self: self._group(self.vpc, "used"))
    free_group = cached_property(lambda self: self._group(self.vpc, "free"))

    @cached_property
    def crowd(self):
        """More of each than EC2's smallest page holds."""
        for n in range(6):
            self._subnet(self.third_vpc, f"10.2.{n + 100}.0/24")
            self._table(self.third_vpc)
            self._group(self.third_vpc, f"crowd{n}")
        return True

    @cached_property
    def association(self):
        made = self.ec2.associate_route_table(RouteTableId=self.table, SubnetId=self.subnet)
        return made["AssociationId"]

    @cached_property
    def rule(self):
        made = self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=TCP_443)
        return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    @cached_property
    def route(self):
        """To the transit gateway, which must reach the VPC first."""
        assert self.attachment
        to = "192.168.0.0/16"
        self.ec2.create_route(RouteTableId=self.table, DestinationCidrBlock=to, TransitGatewayId=self.gateway)
        return to

    def _gateway(self, account=None):
        ec2 = (account or self.account).ec2
        off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
        made = ec2.create_transit_gateway(Options=off)["TransitGateway"]["TransitGatewayId"]
        look = lambda: ec2.describe_transit_gateways(TransitGatewayIds=[made])["TransitGateways"][0]["State"]
        eventually(look, "available")
        return made

    gateway = cached_property(lambda self: self._gateway())
    free_gateway = cached_property(lambda self: self._gateway())

    far_gateway = cached_property(lambda self: self._gateway(self.far))

    @cached_property
    def requested_peering(self):
        """By a gateway in the other Region: the id is the same in both."""
        made = self.far.ec2.create_transit_gateway_peering_attachment(
            TransitGatewayId=self._gateway(self.far),
            PeerTransitGatewayId=self.gateway,
            PeerAccountId=self.account.number,
            PeerRegion=REGION,
        )
        made = made["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
        seen = lambda: self.ec2.describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]
        eventually(lambda: [(one["TransitGatewayAttachmentId"], one["State"]) for one in seen()], [(made, "pendingAcceptance")])
        return made

    def _attachment(self, vpc, subnet):
        made = self.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.gateway, VpcId=vpc, SubnetIds=[subnet]
        )
        made = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        look = lambda: self.ec2.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=[made])[
            "TransitGatewayVpcAttachments"
        ][0]["State"]
        eventually(look, "available")
        return made

    attachment = cached_property(lambda self: self._attachment(self.vpc, self.second_subnet))
    free_attachment = cached_property(lambda self: self._attachment(self.far_vpc, self.far_subnet))

    def _gateway_table(self):
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=self.gateway)
        made = made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
        look = lambda: self.ec2.describe_transit_gateway_route_tables(TransitGatewayRouteTableIds=[made])[
            "TransitGatewayRouteTables"
        ][0]["State"]
        eventually(look, "available")
        return made

    free_gateway_table = cached_property(lambda self: self._gateway_table())

    @cached_property
    def gateway_table(self):
        """With an association, a propagation and a static route."""
        table = self._gateway_table()
        both = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": self.attachment}
        self.ec2.associate_transit_gateway_route_table(**both)
        self.ec2.enable_transit_gateway_route_table_propagation(**both)
        self.ec2.create_transit_gateway_route(DestinationCidrBlock="10.98.0.0/16", **both)
        look = lambda: self.ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=table)[
            "Associations"
        ][0]["State"]
        eventually(look, "associated")
        return table

    def _balancer(self, name):
        """One that is active."""
        made = self.account.elb.create_load_balancer(
            Name=name, Type="network", Scheme="internal", Subnets=[self.link_subnet]
        )["LoadBalancers"][0]["LoadBalancerArn"]
        look = lambda: self.account.elb.describe_load_balancers(LoadBalancerArns=[made])["LoadBalancers"][0]["State"]
        eventually(lambda: look()["Code"], "active")
        return made

    link_subnet = cached_property(lambda self: self._subnet(self.third_vpc, "10.2.50.0/24"))
    link_group = cached_property(lambda self: self._group(self.third_vpc, "link"))
    balancer = cached_property(lambda self: self._balancer("free"))

    def _service(self, name):
        made = self.ec2.create_vpc_endpoint_service_configuration(
            NetworkLoadBalancerArns=[self._balancer(name)], AcceptanceRequired=True
        )["ServiceConfiguration"]["ServiceId"]
        look = lambda: self.ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[made])
        eventually(lambda: look()["ServiceConfigurations"][0]["ServiceState"], "Available")
        principals = [f"arn:aws:iam::{n}:root" for n in range(300000000001, 300000000008)]
        self.ec2.modify_vpc_endpoint_service_permissions(ServiceId=made, AddAllowedPrincipals=principals)
        return made

    service = cached_property(lambda self: self._service("service"))
    free_service = cached_property(lambda self: self._service("free-service"))

    def endpoint_of(self, service):
        return {
            "VpcEndpointType": "Interface",
            "VpcId": self.third_vpc,
            "ServiceName": service,
            "SubnetIds": [self.link_subnet],
            "PrivateDnsEnabled": False,
        }

    @cached_property
    def requested_endpoint(self):
        """To the service, which may be asked by its own account as well."""
        name = f"com.amazonaws.vpce.{REGION}.{self.service}"
        return self.ec2.create_vpc_endpoint(**self.endpoint_of(name))["VpcEndpoint"]["VpcEndpointId"]

    @cached_property
    def endpoint(self):
        made = self.ec2.create_vpc_endpoint(**self.endpoint_of(f"com.amazonaws.{REGION}.logs"))
        made = made["VpcEndpoint"]["VpcEndpointId"]
        look = lambda: self.ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"][0]["State"]
        eventually(look, "available")
        return made

    def connection(self):
        return {"ServiceId": self.service, "VpcEndpointIds": [self.requested_endpoint]}

    @cached_property
    def second_block(self):
        made = self.ec2.associate_vpc_cidr_block(VpcId=self.third_vpc, CidrBlock="100.64.1.0/24")
        read = lambda: self.ec2.describe_vpcs(VpcIds=[self.third_vpc])["Vpcs"][0]["CidrBlockAssociationSet"]
        eventually(lambda: [block["CidrBlockState"]["State"] for block in read()], ["associated", "associated"])
        return made["CidrBlockAssociation"]["AssociationId"]

    # Another company, with an estate of its own.
    asp = cached_property(lambda self: self.account.sandbox.account())

    @cached_property
    def share(self):
        """Of the gateway with the other company, which has accepted and sees it."""
        return self.account.shared(self.gateway, self.asp)

    free_share = cached_property(lambda self: self.account.share(name="free"))

    @cached_property
    def invitation(self):
        """From the other company, unanswered."""
        self.asp.share(name="theirs", principals=[self.account.number])
        return self.account.invitation()

    @cached_property
    def guest(self):
        """An attachment of the other company's, which waits to be accepted."""
        assert self.share
        vpc = self.asp.ec2.create_vpc(CidrBlock="10.211.0.0/16")["Vpc"]["VpcId"]
        subnet = self.asp.ec2.create_subnet(VpcId=vpc, CidrBlock="10.211.0.0/24")["Subnet"]["SubnetId"]
        made = self.asp.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.gateway, VpcId=vpc, SubnetIds=[subnet]
        )
        return made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]

    @cached_property
    def log_group(self):
        self.logs.create_log_group(logGroupName="/gcnet/world", tags={"gcnet:stack": "world"})
        return "/gcnet/world"

    @cached_property
    def log_stream(self):
        self.logs.create_log_stream(logGroupName=self.log_group, logStreamName="world")
        return "world"

    def log_group_arn(self, name):
        return f"arn:aws:logs:{REGION}:{self.account.number}:log-group:{name}"

    @cached_property
    def role(self):
        arn = self.account.role("gcnet-flow-logs", FLOW_LOGS)
        self.iam.put_role_policy(RoleName="gcnet-flow-logs", PolicyName="write", PolicyDocument=json.dumps(MAY))
        self.iam.attach_role_policy(RoleName="gcnet-flow-logs", PolicyArn=READ_ONLY)
        return arn

    bare_role = cached_property(lambda self: self.account.role("gcnet-bare"))

    @cached_property
    def policy(self):
        made = self.iam.create_policy(PolicyName="gcnet-policy", PolicyDocument=json.dumps(MAY))
        return made["Policy"]["Arn"]

    @cached_property
    def flow_log(self):
        return self.ec2.create_flow_logs(**self.flow_log_of(self.vpc))["FlowLogIds"][0]

    def flow_log_of(self, vpc):
        return {
            "ResourceIds": [vpc],
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs",
            "LogDestination": self.log_group_arn(self.log_group),
            "DeliverLogsPermissionArn": self.role,
        }

    def sample(self, service, operation):
        """Parameters with which the operation would succeed now."""
        assert (service, operation) in SAMPLES, f"world.py has no sample of {service}:{operation}"
        return SAMPLES[service, operation](self)


def _tagged(key):
    return [{"Key": key, "Value": "conformance"}]


def _table_and(attachment):
    return lambda w: {
        "TransitGatewayRouteTableId": w.gateway_table,
        "TransitGatewayAttachmentId": getattr(w, attachment),
    }


def _named(**more):
    return lambda w: {"RoleName": w.role.rsplit("/", 1)[-1], **more}


_EC2 = {
    "AcceptTransitGatewayPeeringAttachment": lambda w: {"TransitGatewayAttachmentId": w.requested_peering},
    "AcceptTransitGatewayVpcAttachment": lambda w: {"TransitGatewayAttachmentId": w.guest},
    "AcceptVpcEndpointConnections": World.connection,
    "AssociateRouteTable": lambda w: {"RouteTableId": w.free_table, "SubnetId": w.second_subnet},
    "AssociateTransitGatewayRouteTable": _table_and("free_attachment"),
    "AssociateVpcCidrBlock": lambda w: {"VpcId": w.far_vpc, "CidrBlock": "100.64.0.0/24"},
    "AuthorizeSecurityGroupEgress": lambda w: {"GroupId": w.group, "IpPermissions": TCP_80},
    "AuthorizeSecurityGroupIngress": lambda w: {"GroupId": w.group, "IpPermissions": TCP_80},
    "CreateFlowLogs": lambda w: w.flow_log_of(w.far_vpc),
    "CreateRoute": lambda w: w.route
    and {"RouteTableId": w.table, "DestinationCidrBlock": "172.16.0.0/12", "TransitGatewayId": w.gateway},
    "CreateRouteTable": lambda w: {"VpcId": w.vpc},
    "CreateSecurityGroup": lambda w: {"VpcId": w.vpc, "GroupName": "new", "Description": "new"},
    "CreateSubnet": lambda w: {"VpcId": w.vpc, "CidrBlock": "10.0.99.0/24"},
    "CreateTags": lambda w: {"Resources": [w.vpc, w.subnet], "Tags": _tagged("more")},
    "CreateTransitGateway": lambda w: {"Description": "new"},
    "CreateTransitGatewayPeeringAttachment": lambda w: {
        "TransitGatewayId": w.gateway,
        "PeerTransitGatewayId": w.far_gateway,
        "PeerAccountId": w.account.number,
        "PeerRegion": FAR,
    },
    "CreateTransitGatewayRoute": lambda w: {
        "DestinationCidrBlock": "10.99.0.0/16",
        "TransitGatewayRouteTableId": w.gateway_table,
        "TransitGatewayAttachmentId": w.attachment,
    },
    "CreateTransitGatewayRouteTable": lambda w: {"TransitGatewayId": w.gateway},
    "CreateTransitGatewayVpcAttachment": lambda w: {
        "TransitGatewayId": w.gateway,
        "VpcId": w.third_vpc,
        "SubnetIds": [w.third_subnet],
    },
    "CreateVpc": lambda w: {"CidrBlock": "10.9.0.0/16"},
    "CreateVpcEndpoint": lambda w: w.endpoint_of(f"com.amazonaws.{REGION}.kms"),
    "CreateVpcEndpointServiceConfiguration": lambda w: {
        "NetworkLoadBalancerArns": [w.balancer],
        "AcceptanceRequired": True,
    },
    "DeleteFlowLogs": lambda w: {"FlowLogIds": [w.flow_log]},
    "DeleteRoute": lambda w: {"RouteTableId": w.table, "DestinationCidrBlock": w.route},
    "DeleteRouteTable": lambda w: {"RouteTableId": w.free_table},
    "DeleteSecurityGroup": lambda w: {"GroupId": w.free_group},
    "DeleteSubnet": lambda w: {"SubnetId": w.free_subnet},
    "DeleteTags": lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "Name"}]},
    "DeleteTransitGateway": lambda w: {"TransitGatewayId": w.free_gateway},
    "DeleteTransitGatewayPeeringAttachment": lambda w: {"TransitGatewayAttachmentId": w.requested_peering},
    "DeleteTransitGatewayRoute": lambda w: {
        "TransitGatewayRouteTableId": w.gateway_table,
        "DestinationCidrBlock": "10.98.0.0/16",
    },
    "DeleteTransitGatewayRouteTable": lambda w: {"TransitGatewayRouteTableId": w.free_gateway_table},
    "DeleteTransitGatewayVpcAttachment": lambda w: {"TransitGatewayAttachmentId": w.free_attachment},
    "DeleteVpc": lambda w: {"VpcId": w.empty_vpc},
    "DeleteVpcEndpointServiceConfigurations": lambda w: {"ServiceIds": [w.free_service]},
    "DeleteVpcEndpoints": lambda w: {"VpcEndpointIds": [w.requested_endpoint]},
    "DescribeAvailabilityZones": lambda w: {},
    "DescribeFlowLogs": lambda w: w.flow_log and {},
    "DescribeNetworkAcls": lambda w: {"Filters": names(vpc_id=w.vpc)},
    "DescribeNetworkInterfaces": lambda w: w.attachment and {"Filters": names(vpc_id=w.vpc)},
    "DescribeRouteTables": lambda w: w.crowd and w.association and {},
    "DescribeSecurityGroupRules": lambda w: w.rule and {"Filters": names(group_id=w.group)},
    "DescribeSecurityGroups": lambda w: w.crowd and w.rule and {},
    "DescribeSubnets": lambda w: w.crowd and {"Filters": names(vpc_id=[w.vpc, w.third_vpc])},
    "DescribeTags": lambda w: w.crowd and {"Filters": names(resource_type=["vpc", "subnet"])},
    "DescribeTransitGatewayAttachments": lambda w: w.gateway_table and {},
    "DescribeTransitGatewayPeeringAttachments": lambda w: w.requested_peering and {},
    "DescribeTransitGatewayRouteTables": lambda w: w.gateway_table and {},
    "DescribeTransitGatewayVpcAttachments": lambda w: w.attachment and {},
    "DescribeTransitGateways": lambda w: w.gateway and {},
    "DescribeVpcAttribute": lambda w: {"VpcId": w.vpc, "Attribute": "enableDnsSupport"},
    "DescribeVpcEndpointConnections": lambda w: w.requested_endpoint and {"Filters": names(service_id=w.service)},
    "DescribeVpcEndpointServiceConfigurations": lambda w: w.service and {},
    "DescribeVpcEndpointServicePermissions": lambda w: {"ServiceId": w.service},
    "DescribeVpcEndpointServices": lambda w: {},
    "DescribeVpcEndpoints": lambda w: w.endpoint and w.requested_endpoint and {},
    "DescribeVpcs": lambda w: {"Filters": names(vpc_id=w.vpc)},
    "DisableTransitGatewayRouteTablePropagation": _table_and("attachment"),
    "DisassociateRouteTable": lambda w: {"AssociationId": w.association},
    "DisassociateTransitGatewayRouteTable": _table_and("attachment"),
    "DisassociateVpcCidrBlock": lambda w: {"AssociationId": w.second_block},
    "EnableTransitGatewayRouteTablePropagation": _table_and("free_attachment"),
    "GetTransitGatewayRouteTableAssociations": lambda w: {"TransitGatewayRouteTableId": w.gateway_table},
    "GetTransitGatewayRouteTablePropagations": lambda w: {"TransitGatewayRouteTableId": w.gateway_table},
    "ModifySecurityGroupRules": lambda w: {
        "GroupId": w.group,
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": w.rule,
                "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "CidrIpv4": "10.0.0.0/8"},
            }
        ],
    },
    "ModifySubnetAttribute": lambda w: {"SubnetId": w.subnet, "MapPublicIpOnLaunch": {"Value": False}},
    "ModifyTransitGateway": lambda w: {"TransitGatewayId": w.gateway, "Description": "changed"},
    "ModifyTransitGatewayVpcAttachment": lambda w: {
        "TransitGatewayAttachmentId": w.free_attachment,
        "Options": {"DnsSupport": "disable"},
    },
    "ModifyVpcAttribute": lambda w: {"VpcId": w.vpc, "EnableDnsHostnames": {"Value": True}},
    "RejectTransitGatewayPeeringAttachment": lambda w: {"TransitGatewayAttachmentId": w.requested_peering},
    "RejectTransitGatewayVpcAttachment": lambda w: {"TransitGatewayAttachmentId": w.guest},
    "ModifyVpcEndpoint": lambda w: {"VpcEndpointId": w.endpoint, "AddSecurityGroupIds": [w.link_group]},
    "ModifyVpcEndpointServiceConfiguration": lambda w: {"ServiceId": w.service, "AcceptanceRequired": False},
    "ModifyVpcEndpointServicePermissions": lambda w: {
        "ServiceId": w.service,
        "AddAllowedPrincipals": ["arn:aws:iam::400000000001:root"],
    },
    "RejectVpcEndpointConnections": World.connection,
    "ReplaceRoute": lambda w: {
        "RouteTableId": w.table,
        "DestinationCidrBlock": w.route,
        "TransitGatewayId": w.gateway,
    },
    "ReplaceRouteTableAssociation": lambda w: {"AssociationId": w.association, "RouteTableId": w.free_table},
    "ReplaceTransitGatewayRoute": lambda w: {
        "DestinationCidrBlock": "10.98.0.0/16",
        "TransitGatewayRouteTableId": w.gateway_table,
        "Blackhole": True,
    },
    "RevokeSecurityGroupEgress": lambda w: {"GroupId": w.group, "IpPermissions": ANY},
    "RevokeSecurityGroupIngress": lambda w: {"GroupId": w.group, "SecurityGroupRuleIds": [w.rule]},
    "SearchTransitGatewayRoutes": lambda w: {
        "TransitGatewayRouteTableId": w.gateway_table,
        "Filters": names(type=["static", "propagated"]),
    },
    "UpdateSecurityGroupRuleDescriptionsEgress": lambda w: {
        "GroupId": w.group,
        "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]}],
    },
    "UpdateSecurityGroupRuleDescriptionsIngress": lambda w: w.rule
    and {
        "GroupId": w.group,
        "IpPermissions": [{**TCP_443[0], "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "web"}]}],
    },
}

_IAM = {
    "AttachRolePolicy": lambda w: {**_named()(w), "PolicyArn": w.policy},
    "CreatePolicy": lambda w: {"PolicyName": "new", "PolicyDocument": json.dumps(MAY)},
    "CreateRole": lambda w: {"RoleName": "new", "AssumeRolePolicyDocument": json.dumps(FLOW_LOGS)},
    "DeletePolicy": lambda w: {"PolicyArn": w.policy},
    "DeleteRole": lambda w: {"RoleName": w.bare_role.rsplit("/", 1)[-1]},
    "DeleteRolePolicy": _named(PolicyName="write"),
    "DetachRolePolicy": _named(PolicyArn=READ_ONLY),
    "GetAccountAuthorizationDetails": lambda w: w.role and w.policy and {"Filter": ["Role", "LocalManagedPolicy"]},
    "GetPolicy": lambda w: {"PolicyArn": w.policy},
    "GetPolicyVersion": lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
    "GetRole": _named(),
    "GetRolePolicy": _named(PolicyName="write"),
    "ListAttachedRolePolicies": _named(),
    "ListRolePolicies": _named(),
    "ListRoleTags": _named(),
    "ListRoles": lambda w: w.role and {},
    "SimulatePrincipalPolicy": lambda w: {
        "PolicySourceArn": w.bare_role,
        "ActionNames": ["logs:CreateLogGroup", "ec2:CreateVpc"],
    },
    "PutRolePolicy": _named(PolicyName="more", PolicyDocument=json.dumps(MAY)),
    "TagRole": _named(Tags=_tagged("more")),
    "UntagRole": _named(TagKeys=["more"]),
    "UpdateAssumeRolePolicy": _named(PolicyDocument=json.dumps(FLOW_LOGS)),
    "UpdateRole": _named(Description="changed", MaxSessionDuration=7200),
}

_LOGS = {
    "AssociateKmsKey": lambda w: {
        "logGroupName": w.log_group,
        "kmsKeyId": f"arn:aws:kms:{REGION}:{w.account.number}:key/1234",
    },
    "CreateLogGroup": lambda w: {"logGroupName": "/gcnet/new"},
    "CreateLogStream": lambda w: {"logGroupName": w.log_group, "logStreamName": "other"},
    "DescribeLogStreams": lambda w: {"logGroupName": w.log_group},
    "GetLogEvents": lambda w: {"logGroupName": w.log_group, "logStreamName": w.log_stream},
    "PutLogEvents": lambda w: {
        "logGroupName": w.log_group,
        "logStreamName": w.log_stream,
        "logEvents": [{"timestamp": w.logs.describe_log_groups()["logGroups"][0]["creationTime"], "message": "world"}],
    },
    "DeleteLogGroup": lambda w: {"logGroupName": w.log_group},
    "DeleteRetentionPolicy": lambda w: {"logGroupName": w.log_group},
    "DescribeLogGroups": lambda w: {"logGroupNamePrefix": w.log_group},
    "DisassociateKmsKey": lambda w: {"logGroupName": w.log_group},
    "ListLogGroups": lambda w: w.log_group and {},
    "ListTagsForResource": lambda w: {"resourceArn": w.log_group_arn(w.log_group)},
    "PutRetentionPolicy": lambda w: {"logGroupName": w.log_group, "retentionInDays": 365},
    "TagResource": lambda w: {"resourceArn": w.log_group_arn(w.log_group), "tags": {"more": "x"}},
    "UntagResource": lambda w: {"resourceArn": w.log_group_arn(w.log_group), "tagKeys": ["more"]},
}

_ELB = {
    "CreateLoadBalancer": lambda w: {
        "Name": "new",
        "Type": "network",
        "Scheme": "internal",
        "Subnets": [w.link_subnet],
    },
    "DeleteLoadBalancer": lambda w: {"LoadBalancerArn": w.balancer},
    "DescribeLoadBalancers": lambda w: w.balancer and {},
}

_RAM = {
    "AcceptResourceShareInvitation": lambda w: {"resourceShareInvitationArn": w.invitation},
    "AssociateResourceShare": lambda w: {"resourceShareArn": w.free_share, "principals": [w.asp.number]},
    "AssociateResourceSharePermission": lambda w: {"resourceShareArn": w.free_share, "permissionArn": PERMISSION},
    "CreateResourceShare": lambda w: {"name": "new", "allowExternalPrincipals": True},
    "DeleteResourceShare": lambda w: {"resourceShareArn": w.free_share},
    "DisassociateResourceShare": lambda w: {"resourceShareArn": w.share, "principals": [w.asp.number]},
    "DisassociateResourceSharePermission": lambda w: {"resourceShareArn": w.share, "permissionArn": PERMISSION},
    "GetResourceShareAssociations": lambda w: w.share and {"associationType": "PRINCIPAL"},
    "GetResourceShareInvitations": lambda w: w.invitation and {},
    "GetResourceShares": lambda w: w.share and w.free_share and {"resourceOwner": "SELF"},
    "ListPermissionAssociations": lambda w: w.share and {},
    "ListResourceSharePermissions": lambda w: {"resourceShareArn": w.share},
    "ListResources": lambda w: w.share and {"resourceOwner": "SELF"},
    "RejectResourceShareInvitation": lambda w: {"resourceShareInvitationArn": w.invitation},
    "TagResource": lambda w: {"resourceShareArn": w.share, "tags": [{"key": "more", "value": "x"}]},
    "UntagResource": lambda w: {"resourceShareArn": w.share, "tagKeys": ["more"]},
    "UpdateResourceShare": lambda w: {"resourceShareArn": w.share, "name": "changed"},
}

_STS = {
    "AssumeRole": lambda w: {"RoleArn": w.bare_role, "RoleSessionName": "conformance"},
    "DecodeAuthorizationMessage": lambda w: {"EncodedMessage": w.account.refused()[1]},
    "GetCallerIdentity": lambda w: {},
    "GetSessionToken": lambda w: {"DurationSeconds": 900},
}


def _organized(world):
    """In an organisation of its own."""
    world.account.sandbox.control("PUT", "organizations", [[world.account.number]])
    return {}


_ORGANIZATIONS = {"DescribeOrganization": _organized}

_QUOTAS = {
    "GetServiceQuota": lambda w: {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"},
    "ListServiceQuotas": lambda w: {"ServiceCode": "vpc"},
}

SAMPLES = {
    (service, operation): sample
    for service, samples in {
        "acm-pca": authorities.SAMPLES,
        "directconnect": lines.SAMPLES,
        "ec2": _EC2,
        "elasticloadbalancing": _ELB,
        "iam": _IAM,
        "logs": _LOGS,
        "organizations": _ORGANIZATIONS,
        "ram": _RAM,
        "route53": zones.SAMPLES,
        "route53resolver": resolver.SAMPLES,
        "s3": buckets.SAMPLES,
        "servicequotas": _QUOTAS,
        "ssm": parameters.SAMPLES,
        "sts": _STS,
    }.items()
    for operation, sample in samples.items()
}


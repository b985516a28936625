"""What the world in world.py has of Route 53 Resolver, and samples of its operations."""

from functools import cached_property

from sandbox import REGION, eventually

ZONES = ("a", "c")
TARGETS = [{"Ip": "10.210.0.53"}, {"Ip": "10.210.1.53", "Port": 53}]


def place(account, vpc, blocks):
    """Two subnets in a VPC, in a zone each, and a security group: what an endpoint needs."""
    subnets = [
        account.ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for block, zone in zip(blocks, ZONES)
    ]
    group = account.ec2.create_security_group(VpcId=vpc, GroupName="dns", Description="conformance")["GroupId"]
    return subnets, group


def endpoint_of(direction, subnets, group, request_id, **more):
    return {
        "CreatorRequestId": request_id,
        "Name": "conformance",
        "Direction": direction,
        "SecurityGroupIds": [group],
        "IpAddresses": [{"SubnetId": subnet} for subnet in subnets],
        **more,
    }


def endpoint(account, **params):
    """One that is operational."""
    made = account.resolver.create_resolver_endpoint(**params)["ResolverEndpoint"]["Id"]
    operational(account, made)
    return made


def operational(account, made):
    read = lambda: account.resolver.get_resolver_endpoint(ResolverEndpointId=made)["ResolverEndpoint"]
    eventually(lambda: read()["Status"], "OPERATIONAL")


def forward(outbound, domain):
    return {
        "CreatorRequestId": domain,
        "RuleType": "FORWARD",
        "DomainName": domain,
        "ResolverEndpointId": outbound,
        "TargetIps": TARGETS,
    }


def associated(account, rule, vpc):
    """An association that is complete."""
    made = account.resolver.associate_resolver_rule(ResolverRuleId=rule, VPCId=vpc)["ResolverRuleAssociation"]["Id"]
    read = lambda: account.resolver.get_resolver_rule_association(ResolverRuleAssociationId=made)
    eventually(lambda: read()["ResolverRuleAssociation"]["Status"], "COMPLETE")
    return made


def query_log(account, name, group):
    """A configuration that is created."""
    made = account.resolver.create_resolver_query_log_config(Name=name, CreatorRequestId=name, DestinationArn=group)
    made = made["ResolverQueryLogConfig"]["Id"]
    read = lambda: account.resolver.get_resolver_query_log_config(ResolverQueryLogConfigId=made)
    eventually(lambda: read()["ResolverQueryLogConfig"]["Status"], "CREATED")
    return made


def logged(account, config, vpc):
    """An association that is active."""
    made = account.resolver.associate_resolver_query_log_config(ResolverQueryLogConfigId=config, ResourceId=vpc)
    made = made["ResolverQueryLogConfigAssociation"]["Id"]
    read = lambda: account.resolver.get_resolver_query_log_config_association(
        ResolverQueryLogConfigAssociationId=made
    )
    eventually(lambda: read()["ResolverQueryLogConfigAssociation"]["Status"], "ACTIVE")
    return made


class Names:
    """Endpoints in the third VPC, which has a rule and a configuration."""

    dns_place = cached_property(lambda self: place(self.account, self.third_vpc, ("10.2.60.0/24", "10.2.61.0/24")))

    @cached_property
    def inbound(self):
        """With three addresses: one may be removed."""
        (first, second), group = self.dns_place
        params = endpoint_of("INBOUND", (first, second, first), group, "inbound", Tags=[{"Key": "a", "Value": "b"}])
        return endpoint(self.account, **params)

    outbound = cached_property(
        lambda self: endpoint(self.account, **endpoint_of("OUTBOUND", *self.dns_place, "outbound"))
    )

    def forwarding(self, domain):
        return self.account.resolver.create_resolver_rule(**forward(self.outbound, domain))["ResolverRule"]["Id"]

    dns_rule = cached_property(lambda self: self.forwarding("city.lg.jp"))
    free_rule = cached_property(lambda self: self.forwarding("free.lg.jp"))
    dns_association = cached_property(lambda self: associated(self.account, self.dns_rule, self.third_vpc))
    query_log = cached_property(
        lambda self: query_log(self.account, "used", self.log_group_arn(self.log_group))
    )
    free_query_log = cached_property(
        lambda self: query_log(self.account, "free", self.log_group_arn(self.log_group))
    )
    query_log_association = cached_property(lambda self: logged(self.account, self.query_log, self.third_vpc))

    def endpoint_arn(self, made):
        return f"arn:aws:route53resolver:{REGION}:{self.account.number}:resolver-endpoint/{made}"

    def inbound_address(self):
        read = self.account.resolver.list_resolver_endpoint_ip_addresses(ResolverEndpointId=self.inbound)
        return {"IpId": read["IpAddresses"][0]["IpId"]}


SAMPLES = {
    "AssociateResolverEndpointIpAddress": lambda w: {
        "ResolverEndpointId": w.inbound,
        "IpAddress": {"SubnetId": w.dns_place[0][0]},
    },
    "AssociateResolverQueryLogConfig": lambda w: {
        "ResolverQueryLogConfigId": w.free_query_log,
        "ResourceId": w.third_vpc,
    },
    "AssociateResolverRule": lambda w: {"ResolverRuleId": w.free_rule, "VPCId": w.third_vpc},
    "CreateResolverEndpoint": lambda w: endpoint_of("INBOUND", *w.dns_place, "new"),
    "CreateResolverQueryLogConfig": lambda w: {
        "Name": "new",
        "CreatorRequestId": "new",
        "DestinationArn": w.log_group_arn(w.log_group),
    },
    "CreateResolverRule": lambda w: forward(w.outbound, "new.lg.jp"),
    "DeleteResolverEndpoint": lambda w: {"ResolverEndpointId": w.inbound},
    "DeleteResolverQueryLogConfig": lambda w: {"ResolverQueryLogConfigId": w.free_query_log},
    "DeleteResolverRule": lambda w: {"ResolverRuleId": w.free_rule},
    "DisassociateResolverEndpointIpAddress": lambda w: {
        "ResolverEndpointId": w.inbound,
        "IpAddress": w.inbound_address(),
    },
    "DisassociateResolverQueryLogConfig": lambda w: w.query_log_association
    and {"ResolverQueryLogConfigId": w.query_log, "ResourceId": w.third_vpc},
    "DisassociateResolverRule": lambda w: w.dns_association and {"ResolverRuleId": w.dns_rule, "VPCId": w.third_vpc},
    "GetResolverEndpoint": lambda w: {"ResolverEndpointId": w.inbound},
    "GetResolverQueryLogConfig": lambda w: {"ResolverQueryLogConfigId": w.query_log},
    "GetResolverQueryLogConfigAssociation": lambda w: {
        "ResolverQueryLogConfigAssociationId": w.query_log_association
    },
    "GetResolverRule": lambda w: {"ResolverRuleId": w.dns_rule},
    "GetResolverRuleAssociation": lambda w: {"ResolverRuleAssociationId": w.dns_association},
    "ListResolverEndpointIpAddresses": lambda w: {"ResolverEndpointId": w.inbound},
    "ListResolverEndpoints": lambda w: w.inbound and w.outbound and {},
    "ListResolverQueryLogConfigAssociations": lambda w: w.query_log_association and {},
    "ListResolverQueryLogConfigs": lambda w: w.query_log and w.free_query_log and {},
    "ListResolverRuleAssociations": lambda w: w.dns_association and {},
    "ListResolverRules": lambda w: w.dns_rule and {},
    "ListTagsForResource": lambda w: {"ResourceArn": w.endpoint_arn(w.inbound)},
    "TagResource": lambda w: {
        "ResourceArn": w.endpoint_arn(w.inbound),
        "Tags": [{"Key": "more", "Value": "conformance"}],
    },
    "UntagResource": lambda w: {"ResourceArn": w.endpoint_arn(w.inbound), "TagKeys": ["more"]},
    "UpdateResolverEndpoint": lambda w: {"ResolverEndpointId": w.inbound, "Name": "changed"},
    "UpdateResolverRule": lambda w: {"ResolverRuleId": w.free_rule, "Config": {"Name": "changed"}},
}

"""Route 53 Resolver: endpoints, rules that another company uses, query logging."""

import pytest

import resolver as dns
from sandbox import REGION, code, eventually

DEFAULT = "rslvr-autodefined-rr-internet-resolver"


@pytest.fixture
def vpc(account):
    return account.ec2.create_vpc(CidrBlock="10.210.0.0/24")["Vpc"]["VpcId"]


@pytest.fixture
def place(account, vpc):
    return dns.place(account, vpc, ("10.210.0.0/28", "10.210.0.16/28"))


def gone(read, **which):
    """Waits until there is nothing to read any more."""

    def look():
        try:
            read(**which)
        except read.__self__.exceptions.ResourceNotFoundException:
            return True
        return False

    eventually(look, True)


def test_an_endpoint_lives_and_dies(account, vpc, place):
    resolver = account.resolver
    subnets, group = place
    params = dns.endpoint_of("INBOUND", subnets, group, "1", Protocols=["Do53"], ResolverEndpointType="IPV4")
    params["IpAddresses"][0]["Ip"] = "10.210.0.10"
    made = resolver.create_resolver_endpoint(**params, Tags=[{"Key": "a", "Value": "b"}])["ResolverEndpoint"]
    assert (made["Status"], made["IpAddressCount"], made["HostVPCId"]) == ("CREATING", 2, vpc)
    assert code(resolver.create_resolver_endpoint, **params) == "ResourceExistsException"
    one = {"ResolverEndpointId": made["Id"]}
    dns.operational(account, made["Id"])
    addresses = lambda: resolver.list_resolver_endpoint_ip_addresses(**one)["IpAddresses"]
    assert "10.210.0.10" in [address["Ip"] for address in addresses()]
    assert code(account.ec2.delete_subnet, SubnetId=subnets[0]) == "DependencyViolation"

    first = {"IpId": addresses()[0]["IpId"]}
    remove = resolver.disassociate_resolver_endpoint_ip_address
    assert code(remove, **one, IpAddress=first) == "InvalidRequestException"
    added = resolver.associate_resolver_endpoint_ip_address(**one, IpAddress={"SubnetId": subnets[0]})
    assert (added["ResolverEndpoint"]["Status"], added["ResolverEndpoint"]["IpAddressCount"]) == ("UPDATING", 3)
    dns.operational(account, made["Id"])
    remove(**one, IpAddress=first)
    eventually(lambda: len(addresses()), 2)
    dns.operational(account, made["Id"])

    changed = resolver.update_resolver_endpoint(**one, Name="changed", Protocols=["Do53", "DoH"])["ResolverEndpoint"]
    assert (changed["Name"], changed["Protocols"]) == ("changed", ["Do53", "DoH"])
    dns.operational(account, made["Id"])
    named = {"ResourceArn": made["Arn"]}
    resolver.tag_resource(**named, Tags=[{"Key": "c", "Value": "d"}])
    resolver.untag_resource(**named, TagKeys=["a"])
    assert resolver.list_tags_for_resource(**named)["Tags"] == [{"Key": "c", "Value": "d"}]
    of_vpc = [{"Name": "HostVPCId", "Values": [vpc]}, {"Name": "Direction", "Values": ["INBOUND", "OUTBOUND"]}]
    [seen] = resolver.list_resolver_endpoints(Filters=of_vpc)["ResolverEndpoints"]
    assert seen["CreatorRequestId"] == "1"

    assert resolver.delete_resolver_endpoint(**one)["ResolverEndpoint"]["Status"] == "DELETING"
    gone(resolver.get_resolver_endpoint, **one)
    for subnet in subnets:
        account.ec2.delete_subnet(SubnetId=subnet)
    account.ec2.delete_security_group(GroupId=group)
    account.ec2.delete_vpc(VpcId=vpc)
    assert account.resources() == []


def test_a_rule_lives_and_dies(account, vpc, place):
    resolver = account.resolver
    outbound = dns.endpoint(account, **dns.endpoint_of("OUTBOUND", *place, "1"))
    made = resolver.create_resolver_rule(**dns.forward(outbound, "City.LG.jp"), Name="city")["ResolverRule"]
    assert (made["DomainName"], made["Status"], made["ShareStatus"]) == ("city.lg.jp.", "COMPLETE", "NOT_SHARED")
    assert [target["Port"] for target in made["TargetIps"]] == [53, 53]
    one = {"ResolverRuleId": made["Id"]}
    both = {**one, "VPCId": vpc}
    listed = resolver.list_resolver_rules()["ResolverRules"]
    assert [rule["Id"] for rule in listed] == [DEFAULT, made["Id"]]
    assert listed[0]["OwnerId"] == "Route 53 Resolver"

    dns.associated(account, made["Id"], vpc)
    assert code(resolver.associate_resolver_rule, **both) == "ResourceExistsException"
    second = resolver.create_resolver_rule(
        CreatorRequestId="2", RuleType="SYSTEM", DomainName="city.lg.jp", Name="second"
    )["ResolverRule"]
    refused = code(resolver.associate_resolver_rule, ResolverRuleId=second["Id"], VPCId=vpc)
    assert refused == "InvalidRequestException"
    of_rule = [{"Name": "ResolverRuleId", "Values": [made["Id"]]}]
    [seen] = resolver.list_resolver_rule_associations(Filters=of_rule)["ResolverRuleAssociations"]
    assert (seen["VPCId"], seen["Status"]) == (vpc, "COMPLETE")
    assert len(resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]) == 2
    assert code(account.ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"

    changed = resolver.update_resolver_rule(**one, Config={"TargetIps": [{"Ip": "10.210.2.53"}]})["ResolverRule"]
    assert changed["Status"] == "UPDATING"
    eventually(lambda: resolver.get_resolver_rule(**one)["ResolverRule"]["Status"], "COMPLETE")
    assert code(resolver.delete_resolver_rule, **one) == "ResourceInUseException"
    resolver.disassociate_resolver_rule(**both)
    gone(resolver.get_resolver_rule_association, ResolverRuleAssociationId=seen["Id"])
    assert code(resolver.delete_resolver_endpoint, ResolverEndpointId=outbound) == "InvalidRequestException"
    for rule in (made, second):
        assert resolver.delete_resolver_rule(ResolverRuleId=rule["Id"])["ResolverRule"]["Status"] == "DELETING"
    gone(resolver.get_resolver_rule, **one)
    resolver.delete_resolver_endpoint(ResolverEndpointId=outbound)


def test_a_rule_forwards_over_https(account, place):
    resolver = account.resolver
    outbound = dns.endpoint(account, **dns.endpoint_of("OUTBOUND", *place, "1", Protocols=["Do53", "DoH"]))
    wish = dns.forward(outbound, "city.lg.jp")
    # With two protocols to choose from, each target says which.
    assert code(resolver.create_resolver_rule, **wish) == "InvalidRequestException"
    over_https = {"Ip": "10.210.0.53", "Protocol": "DoH", "ServerNameIndication": "dns.lg.jp"}
    wish["TargetIps"] = [over_https, {"Ip": "10.210.1.53", "Protocol": "Do53"}]
    made = resolver.create_resolver_rule(**wish)["ResolverRule"]
    assert made["TargetIps"] == [{**over_https, "Port": 443}, {"Ip": "10.210.1.53", "Port": 53, "Protocol": "Do53"}]
    one = {"ResolverEndpointId": outbound}
    assert code(resolver.update_resolver_endpoint, **one, Protocols=["DoH"]) == "InvalidRequestException"
    config = {"TargetIps": [{**over_https, "Port": 8443}]}
    resolver.update_resolver_rule(ResolverRuleId=made["Id"], Config=config)
    changed = resolver.update_resolver_endpoint(**one, Protocols=["DoH"])["ResolverEndpoint"]
    assert changed["Protocols"] == ["DoH"]
    seen = resolver.get_resolver_rule(ResolverRuleId=made["Id"])["ResolverRule"]["TargetIps"]
    assert seen == config["TargetIps"]


def test_another_company_uses_a_rule_and_loses_it(account, sandbox, place):
    asp = sandbox.account()
    vpc = asp.ec2.create_vpc(CidrBlock="10.211.0.0/16")["Vpc"]["VpcId"]
    outbound = dns.endpoint(account, **dns.endpoint_of("OUTBOUND", *place, "1"))
    rule = account.resolver.create_resolver_rule(**dns.forward(outbound, "city.lg.jp"))["ResolverRule"]
    one = {"ResolverRuleId": rule["Id"]}
    share = account.share(name="dns", resourceArns=[rule["Arn"]], principals=[asp.number])
    asp.ram.accept_resource_share_invitation(resourceShareInvitationArn=asp.invitation())
    theirs = lambda: {one["Id"]: one for one in asp.resolver.list_resolver_rules()["ResolverRules"]}
    eventually(lambda: rule["Id"] in theirs(), True)
    seen = theirs()[rule["Id"]]
    assert (seen["ShareStatus"], seen["OwnerId"]) == ("SHARED_WITH_ME", account.number)
    assert account.resolver.get_resolver_rule(**one)["ResolverRule"]["ShareStatus"] == "SHARED_BY_ME"
    assert code(asp.resolver.delete_resolver_rule, **one) == "AccessDeniedException"
    assert code(asp.resolver.list_tags_for_resource, ResourceArn=rule["Arn"]) == "AccessDeniedException"

    association = dns.associated(asp, rule["Id"], vpc)
    own = account.resolver.list_resolver_rule_associations()["ResolverRuleAssociations"]
    assert association not in [it["Id"] for it in own]
    assert code(account.resolver.delete_resolver_rule, **one) == "ResourceInUseException"
    account.ram.disassociate_resource_share(resourceShareArn=share, principals=[asp.number])
    gone(asp.resolver.get_resolver_rule_association, ResolverRuleAssociationId=association)
    assert rule["Id"] not in theirs()


def test_query_logging(account, vpc):
    resolver, logs = account.resolver, account.logs
    logs.create_log_group(logGroupName="/dns")
    group = f"arn:aws:logs:{REGION}:{account.number}:log-group:/dns:*"
    made = dns.query_log(account, "log", group)
    one = {"ResolverQueryLogConfigId": made}
    both = {**one, "ResourceId": vpc}
    association = dns.logged(account, made, vpc)
    assert code(resolver.associate_resolver_query_log_config, **both) == "ResourceExistsException"
    listed = resolver.list_resolver_query_log_configs(Filters=[{"Name": "Name", "Values": ["log"]}])
    assert (listed["TotalCount"], listed["ResolverQueryLogConfigs"][0]["AssociationCount"]) == (1, 1)
    assert code(account.ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    logs.delete_log_group(logGroupName="/dns")
    [seen] = resolver.list_resolver_query_log_config_associations()["ResolverQueryLogConfigAssociations"]
    assert (seen["Id"], seen["Status"], seen["Error"]) == (association, "FAILED", "DESTINATION_NOT_FOUND")
    assert code(resolver.delete_resolver_query_log_config, **one) == "InvalidRequestException"
    resolver.disassociate_resolver_query_log_config(**both)
    read = resolver.get_resolver_query_log_config_association
    gone(read, ResolverQueryLogConfigAssociationId=association)
    deleted = resolver.delete_resolver_query_log_config(**one)["ResolverQueryLogConfig"]
    assert deleted["Status"] == "DELETING"
    gone(resolver.get_resolver_query_log_config, **one)


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("get_resolver_endpoint", {"ResolverEndpointId": "rslvr-in-0"}, "ResourceNotFoundException"),
        ("list_resolver_endpoints", {"NextToken": "odd"}, "InvalidNextTokenException"),
        ("list_resolver_endpoints", {"Filters": [{"Name": "x", "Values": ["y"]}]}, "InvalidParameterException"),
        ("get_resolver_rule", {"ResolverRuleId": "rslvr-rr-0"}, "ResourceNotFoundException"),
        ("delete_resolver_rule", {"ResolverRuleId": DEFAULT}, "InvalidRequestException"),
        (
            "create_resolver_rule",
            {"CreatorRequestId": "r", "RuleType": "RECURSIVE", "DomainName": "."},
            "InvalidRequestException",
        ),
        (
            "create_resolver_rule",
            {"CreatorRequestId": "r", "RuleType": "SYSTEM", "DomainName": "a..b"},
            "InvalidParameterException",
        ),
        (
            "create_resolver_rule",
            {"CreatorRequestId": "r", "RuleType": "SYSTEM", "DomainName": "a.jp", "Name": "1"},
            "ValidationException",
        ),
        ("associate_resolver_rule", {"ResolverRuleId": DEFAULT, "VPCId": "vpc-0"}, "InvalidRequestException"),
        (
            "create_resolver_query_log_config",
            {"Name": "a", "CreatorRequestId": "a", "DestinationArn": "arn:aws:s3:::bucket"},
            "InvalidParameterException",
        ),
        ("tag_resource", {"ResourceArn": "odd", "Tags": []}, "ResourceNotFoundException"),
    ],
)
def test_what_aws_refuses_is_refused(account, operation, params, expected):
    assert code(getattr(account.resolver, operation), **params) == expected

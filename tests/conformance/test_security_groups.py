"""Security groups and their rules."""

import pytest

from sandbox import code, names, tags_of
from test_vpcs import QUICK, fill


def tcp(port, *blocks):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": block} for block in blocks]}


def test_a_group_lives_and_dies(account):
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    make = lambda name: ec2.create_security_group(
        VpcId=vpc, GroupName=name, Description="d", TagSpecifications=tags_of("security-group", Name=name)
    )["GroupId"]
    web, app = make("web"), make("app")
    ec2.get_waiter("security_group_exists").wait(GroupIds=[web], WaiterConfig=QUICK)

    made = ec2.authorize_security_group_ingress(
        GroupId=app,
        IpPermissions=[
            tcp(443, "10.0.0.0/8", "192.168.0.0/16"),
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web, "Description": "from web"}]},
        ],
        TagSpecifications=tags_of("security-group-rule", part="app"),
    )
    assert made["Return"] is True
    rules = made["SecurityGroupRules"]
    assert len(rules) == 3 and all(rule["GroupOwnerId"] == account.number and not rule["IsEgress"] for rule in rules)
    [from_web] = [rule for rule in rules if "ReferencedGroupInfo" in rule]
    assert from_web["ReferencedGroupInfo"]["GroupId"] == web
    assert code(ec2.delete_security_group, GroupId=web) == "DependencyViolation"

    ec2.authorize_security_group_egress(GroupId=app, IpPermissions=[tcp(25, "10.0.0.1/32")])
    [group] = ec2.describe_security_groups(GroupIds=[app])["SecurityGroups"]
    assert {one["IpProtocol"] for one in group["IpPermissions"]} == {"tcp", "-1"}
    assert {one.get("FromPort") for one in group["IpPermissionsEgress"]} == {25, None}

    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=app,
        IpPermissions=[{**tcp(443), "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}]}],
    )
    ec2.update_security_group_rule_descriptions_egress(
        GroupId=app,
        SecurityGroupRuleDescriptions=[
            {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "Description": "out"}
            for rule in ec2.describe_security_group_rules(Filters=names(group_id=app))["SecurityGroupRules"]
            if rule["IsEgress"]
        ],
    )
    web_rule = next(rule["SecurityGroupRuleId"] for rule in rules if rule.get("CidrIpv4") == "192.168.0.0/16")
    ec2.modify_security_group_rules(
        GroupId=app,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": web_rule,
                "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "CidrIpv4": "192.168.0.0/24"},
            }
        ],
    )
    read = ec2.get_paginator("describe_security_group_rules").paginate(
        Filters=names(group_id=app), PaginationConfig={"PageSize": 5}
    )
    read = {rule["SecurityGroupRuleId"]: rule for rule in read.build_full_result()["SecurityGroupRules"]}
    assert len(read) == 5
    assert (read[web_rule]["FromPort"], read[web_rule]["ToPort"], read[web_rule]["CidrIpv4"]) == (80, 81, "192.168.0.0/24")
    assert sorted(rule.get("Description", "") for rule in read.values()) == ["", "from web", "inside", "out", "out"]

    ec2.revoke_security_group_ingress(GroupId=app, SecurityGroupRuleIds=[from_web["SecurityGroupRuleId"], web_rule])
    ec2.revoke_security_group_ingress(GroupId=app, IpPermissions=[tcp(443, "10.0.0.0/8")])
    ec2.revoke_security_group_egress(GroupId=app, IpPermissions=[tcp(25, "10.0.0.1/32")])
    assert len(ec2.describe_security_group_rules(Filters=names(group_id=app))["SecurityGroupRules"]) == 1
    for group in (web, app):
        ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)
    assert account.resources() == []


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_security_group", {"VpcId": "{vpc}", "GroupName": "sg-mine", "Description": "d"}, "InvalidParameterValue"),
        ("create_security_group", {"VpcId": "{vpc}", "GroupName": "default", "Description": "d"}, "InvalidGroup.Reserved"),
        ("create_security_group", {"VpcId": "{vpc}", "GroupName": "used", "Description": "d"}, "InvalidGroup.Duplicate"),
        ("create_security_group", {"VpcId": "{vpc}", "GroupName": "b", "Description": "日本"}, "InvalidParameterValue"),
        ("delete_security_group", {"GroupId": "sg-0123456789abcdef0"}, "InvalidGroup.NotFound"),
        ("describe_security_groups", {"GroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
        ("authorize_security_group_ingress", {"GroupId": "{group}", "IpPermissions": [tcp(443, "10.0.0.0/8")]}, "InvalidPermission.Duplicate"),
        ("authorize_security_group_ingress", {"GroupId": "{group}", "IpPermissions": [tcp(1, "10.0.0.0/33")]}, "InvalidParameterValue"),
        ("authorize_security_group_ingress", {"GroupId": "{group}", "IpPermissions": [tcp(70000, "10.0.0.0/8")]}, "InvalidParameterValue"),
        (
            "authorize_security_group_egress",
            {"GroupId": "{group}", "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-0123456789abcdef0"}]}]},
            "InvalidGroup.NotFound",
        ),
        ("revoke_security_group_ingress", {"GroupId": "{group}", "IpPermissions": [tcp(1, "10.0.0.0/8")]}, "InvalidPermission.NotFound"),
        (
            "revoke_security_group_egress",
            {"GroupId": "{group}", "SecurityGroupRuleIds": ["sgr-0123456789abcdef0"]},
            "InvalidSecurityGroupRuleId.NotFound",
        ),
        (
            "modify_security_group_rules",
            {
                "GroupId": "{group}",
                "SecurityGroupRules": [
                    {
                        "SecurityGroupRuleId": "sgr-0123456789abcdef0",
                        "SecurityGroupRule": {"IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8"},
                    }
                ],
            },
            "InvalidSecurityGroupRuleId.NotFound",
        ),
        (
            "update_security_group_rule_descriptions_ingress",
            {"GroupId": "{group}", "IpPermissions": [tcp(1, "10.0.0.0/8")]},
            "InvalidPermission.NotFound",
        ),
        (
            "describe_security_group_rules",
            {"SecurityGroupRuleIds": ["sgr-0123456789abcdef0"]},
            "InvalidSecurityGroupRuleId.NotFound",
        ),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert world.rule
    assert code(getattr(world.ec2, operation), **fill(params, world)) == expected


def test_the_default_group_stays(world):
    filters = names(vpc_id=world.vpc, group_name="default")
    [group] = world.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert code(world.ec2.delete_security_group, GroupId=group["GroupId"]) == "CannotDelete"

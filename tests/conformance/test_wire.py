"""The comparison with AWS's model finds what it should: an answer of each protocol, and then what may be wrong with it."""

import boto3
import pytest

import wire

EC2 = """<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><vpcSet><item>
<vpcId>vpc-1</vpcId><state>available</state><isDefault>false</isDefault></item></vpcSet></DescribeVpcsResponse>"""
IAM = """<ListRolesResponse><ListRolesResult><Roles><member><Path>/</Path><RoleName>a</RoleName><RoleId>AROA</RoleId>
<Arn>arn:aws:iam::1:role/a</Arn><CreateDate>2026-04-01T00:00:00Z</CreateDate></member></Roles>
<IsTruncated>false</IsTruncated></ListRolesResult><ResponseMetadata/></ListRolesResponse>"""
ROUTE53 = """<CreateHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><HostedZone>
<Id>/hostedzone/Z1</Id><Name>a.</Name><CallerReference>r</CallerReference></HostedZone><ChangeInfo><Id>/change/C1</Id>
<Status>PENDING</Status><SubmittedAt>2026-04-01T00:00:00.000Z</SubmittedAt></ChangeInfo><DelegationSet><NameServers>
<NameServer>ns</NameServer></NameServers></DelegationSet></CreateHostedZoneResponse>"""
RAM = '{"resourceShares": [{"name": "a", "status": "ACTIVE", "creationTime": 1.5}]}'
LOGS = '{"logGroups": [{"logGroupName": "a", "creationTime": 1, "logGroupClass": "STANDARD"}]}'

MODELS = {
    name: boto3.client(service, region_name="ap-northeast-1").meta.service_model.operation_model(name)
    for service, name in (
        ("ec2", "DescribeVpcs"),
        ("iam", "ListRoles"),
        ("logs", "DescribeLogGroups"),
        ("ram", "GetResourceShares"),
        ("route53", "CreateHostedZone"),
    )
}
GOOD = {"DescribeVpcs": EC2, "ListRoles": IAM, "DescribeLogGroups": LOGS, "GetResourceShares": RAM, "CreateHostedZone": ROUTE53}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_answer_passes(name):
    wire.check(MODELS[name], GOOD[name])


@pytest.mark.parametrize(
    "name, right, wrong",
    [
        ("DescribeVpcs", "DescribeVpcsResponse", "DescribeVpcResponse"),
        ("DescribeVpcs", "vpcId>", "VpcId>"),
        ("DescribeVpcs", "item>", "member>"),
        ("DescribeVpcs", "available", "ready"),
        ("DescribeVpcs", "false", "no"),
        ("DescribeVpcs", "<state>", "<vpcId>vpc-2</vpcId><state>"),
        ("DescribeVpcs", "vpc-1", "<b>vpc-1</b>"),
        ("ListRoles", "<RoleId>AROA</RoleId>", ""),
        ("ListRoles", "member>", "item>"),
        ("ListRoles", "2026-04-01T00:00:00Z", "1 April 2026"),
        ("ListRoles", "ListRolesResult>", "Result>"),
        ("ListRoles", "<ResponseMetadata/>", ""),
        ("DescribeLogGroups", "creationTime", "created"),
        ("DescribeLogGroups", "STANDARD", "standard"),
        ("DescribeLogGroups", ": 1", ': "1"'),
        ("DescribeLogGroups", "[", '{"a": ['),
        ("GetResourceShares", "ACTIVE", "Active"),
        ("GetResourceShares", "1.5", '"2026-04-01T00:00:00Z"'),
        ("GetResourceShares", "name", "Name"),
        ("CreateHostedZone", "<Name>a.</Name>", ""),
        ("CreateHostedZone", "NameServer>", "member>"),
        ("CreateHostedZone", "PENDING", "pending"),
        ("CreateHostedZone", "CreateHostedZoneResponse", "HostedZone"),
    ],
)
def test_a_bad_answer_does_not(name, right, wrong):
    body = GOOD[name].replace(right, wrong)
    if wrong == '{"a": [':
        body = body.replace("]", "]}")
    assert body != GOOD[name]
    with pytest.raises(wire.Mismatch):
        wire.check(MODELS[name], body)

"""Who am I, roles in other accounts, sessions with MFA, and why a call was refused."""

import json

import pytest

from sandbox import Account, code


def trusting(account, **condition):
    statement = {"Effect": "Allow", "Principal": {"AWS": account.number}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_role_in_another_account_works_there(sandbox):
    here, there = sandbox.account(), sandbox.account()
    assert here.sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{here.number}:user/sandbox"
    session = here.assuming(there.role("gcnet-apply", trusting(here), Path="/gcnet/"))
    who = session.sts.get_caller_identity()
    assert who["Account"] == there.number
    assert who["Arn"] == f"arn:aws:sts::{there.number}:assumed-role/gcnet-apply/conformance"
    vpc = session.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert [one["VpcId"] for one in there.ec2.describe_vpcs()["Vpcs"]] == [vpc]
    assert here.ec2.describe_vpcs()["Vpcs"] == []
    assert code(here.ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"


def test_regions_are_apart(account):
    osaka = Account(account.sandbox, account.number, region="ap-northeast-3")
    osaka.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert account.ec2.describe_vpcs()["Vpcs"] == []
    osaka.role("everywhere")
    assert account.iam.get_role(RoleName="everywhere")


@pytest.mark.parametrize(
    "condition, given",
    [
        ({"StringEquals": {"sts:ExternalId": "naruto"}}, {"ExternalId": "naruto"}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"TokenCode": "111111"}),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, {"TokenCode": "222222"}),
    ],
)
def test_conditions(sandbox, condition, given):
    here, there = sandbox.account(), sandbox.account()
    role = there.role("gcnet-apply", trusting(here, **condition))
    if "TokenCode" in given:
        given = {**given, "SerialNumber": f"arn:aws:iam::{here.number}:mfa/me"}
    assume = lambda **more: here.sts.assume_role(RoleArn=role, RoleSessionName="me", **more)
    assert code(assume) == "AccessDenied"
    assert assume(**given)["Credentials"]["SessionToken"]
    if "TokenCode" in given:
        assert code(assume, **given) == "AccessDenied", "a code works once"


@pytest.mark.parametrize(
    "params, expected",
    [
        ({"RoleArn": "arn:aws:iam::999999999999:role/none"}, "AccessDenied"),
        ({"RoleArn": "arn:aws:iam::99999999999:role/none"}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::999999999999:role/none", "RoleSessionName": "a b"}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::999999999999:role/none", "DurationSeconds": 900, "TokenCode": "12345x"}, "ValidationError"),
        ({"RoleArn": "arn:aws:iam::999999999999:role/none", "SerialNumber": "GAHT12345678"}, "AccessDenied"),
    ],
)
def test_what_aws_refuses_is_refused(account, params, expected):
    assert code(account.sts.assume_role, **{"RoleSessionName": "me", **params}) == expected


def test_another_account_is_not_trusted(sandbox):
    here, there, stranger = sandbox.account(), sandbox.account(), sandbox.account()
    role = there.role("gcnet-apply", trusting(here))
    assert code(stranger.assuming, role) == "AccessDenied"


def test_a_session_ends(sandbox):
    here, there = sandbox.account(), sandbox.account()
    session = here.assuming(there.role("r"))
    sandbox.control("DELETE", "sessions", {})
    assert code(session.ec2.describe_vpcs) == "RequestExpired"
    assert code(session.sts.get_caller_identity) == "ExpiredToken"
    assert code(session.iam.list_roles) == "ExpiredToken"
    assert code(session.logs.describe_log_groups) == "ExpiredTokenException"


@pytest.mark.parametrize(
    "service, operation, expected",
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("iam", "list_roles", "InvalidClientTokenId"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("logs", "describe_log_groups", "UnrecognizedClientException"),
    ],
)
def test_an_unknown_key(sandbox, service, operation, expected):
    nobody = Account(sandbox, "0", {"AccessKeyId": "AKIANOBODY", "SecretAccessKey": "x"})
    assert code(getattr(nobody.client(service), operation)) == expected


def test_a_session_with_mfa_carries_it_into_roles(sandbox):
    here, there = sandbox.account(), sandbox.account()
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
    role = there.role("gcnet-apply", trusting(here, **condition))
    other = there.role("gcnet-plan", trusting(here, **condition))
    without = Account(sandbox, here.number, here.sts.get_session_token()["Credentials"])
    assert code(without.assuming, role) == "AccessDenied"
    assert code(without.iam.list_roles) == "InvalidClientTokenId"
    assert without.ec2.describe_vpcs()["Vpcs"] == []
    session = here.with_mfa("333333")
    assert code(here.with_mfa, "333333") == "AccessDenied", "a code works once"
    for arn in (role, other):
        assert session.assuming(arn).sts.get_caller_identity()["Account"] == there.number
    assert session.iam.list_roles()["Roles"] == []
    assert session.sts.get_caller_identity()["Arn"].endswith(":user/sandbox")


def test_sessions_make_no_sessions(sandbox):
    here, there = sandbox.account(), sandbox.account()
    session, assumed = here.with_mfa("444444"), here.assuming(there.role("r"))
    assert code(session.sts.get_session_token) == "AccessDenied"
    assert code(assumed.sts.get_session_token) == "AccessDenied"
    assert code(session.sts.decode_authorization_message, EncodedMessage="x") == "AccessDenied"
    assert code(here.sts.get_session_token, DurationSeconds=129_601) == "ValidationError"


@pytest.mark.parametrize(
    "denial, explicit, said",
    [
        ("missing", False, "because no identity-based policy allows the ec2:DescribeSubnets action."),
        ("service_control_policy", True, "with an explicit deny in a service control policy."),
        ("resource_control_policy", True, "with an explicit deny in a resource control policy."),
        ("permissions_boundary", True, "with an explicit deny in a permissions boundary."),
        ("no_service_control_policy", False, "because no service control policy allows the ec2:DescribeSubnets action."),
    ],
)
def test_what_was_refused_can_be_decoded(account, denial, explicit, said):
    message, encoded = account.refused(denial)
    assert message.endswith(said)
    assert "DescribeSubnets" not in encoded
    decoded = json.loads(account.sts.decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, explicit)
    assert decoded["context"]["action"] == "ec2:DescribeSubnets"
    assert decoded["context"]["principal"]["arn"] == f"arn:aws:iam::{account.number}:user/sandbox"
    stranger = account.sandbox.account()
    for caller, text in ((stranger, encoded), (account, encoded[1:]), (account, "nothing")):
        said = code(caller.sts.decode_authorization_message, EncodedMessage=text)
        assert said == "InvalidAuthorizationMessageException"

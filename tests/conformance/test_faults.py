"""What goes wrong between a caller and AWS, as boto3 sees it."""

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from sandbox import code, method

READS = [("ec2", "DescribeVpcs"), ("iam", "ListRoles"), ("sts", "GetCallerIdentity"), ("logs", "DescribeLogGroups"), ("ram", "GetResourceShareInvitations")]


@pytest.fixture(autouse=True)
def no_faults_are_left(sandbox, monkeypatch):
    """And boto3 does not wait between its attempts."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    yield
    sandbox.control("DELETE", "faults", {})


@pytest.mark.parametrize("effect", ["throttle", {"server_error": "before_execution"}, {"drop": "before_execution"}])
@pytest.mark.parametrize("service, name", READS)
def test_a_fault_is_seen_as_a_retry(sandbox, account, service, name, effect):
    sandbox.inject(effect, service=service, operation=name, account=account.number)
    answer = getattr(account.client(service), method(name))()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize(
    "service, name, expected",
    [
        ("ec2", "DescribeVpcs", "RequestLimitExceeded"),
        ("iam", "ListRoles", "Throttling"),
        ("sts", "GetCallerIdentity", "Throttling"),
        ("logs", "DescribeLogGroups", "ThrottlingException"),
        ("ram", "GetResourceShareInvitations", "ThrottlingException"),
    ],
)
def test_throttling_outlasts_the_retries(sandbox, account, service, name, expected):
    sandbox.inject("throttle", times=None, service=service, operation=name, account=account.number)
    client = account.client(service)
    with pytest.raises(ClientError) as caught:
        getattr(client, method(name))()
    assert caught.value.response["Error"]["Code"] == expected
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.parametrize(
    "service, name, expected",
    [
        ("ec2", "DescribeVpcs", "UnauthorizedOperation"),
        ("iam", "ListRoles", "AccessDenied"),
        ("logs", "DescribeLogGroups", "AccessDeniedException"),
        ("ram", "GetResourceShareInvitations", "AccessDeniedException"),
    ],
)
def test_a_denial_is_not_retried_and_says_what_is_denied(sandbox, account, service, name, expected):
    sandbox.inject({"deny": "service_control_policy"}, service=service, operation=name, account=account.number)
    with pytest.raises(ClientError) as caught:
        getattr(account.client(service), method(name))()
    assert caught.value.response["Error"]["Code"] == expected
    message = caught.value.response["Error"]["Message"]
    assert f"{service}:{name}" in message and "explicit deny in a service control policy" in message
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_lost_answer_makes_two(sandbox, account):
    """The trap of EC2's tokenless creations: the retry makes another one."""
    sandbox.inject({"drop": "after_execution"}, operation="CreateVpc", account=account.number)
    account.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(account.ec2.describe_vpcs()["Vpcs"]) == 2


def test_any_error_can_be_had(sandbox, account):
    refuse = {"refuse": {"status": 400, "code": "InternalTrouble", "message": "said so"}}
    sandbox.inject(refuse, operation="CreateVpc", account=account.number)
    assert code(account.ec2.create_vpc, CidrBlock="10.0.0.0/16") == "InternalTrouble"


def test_a_connection_that_always_breaks(sandbox, account):
    sandbox.inject({"drop": "before_execution"}, times=None, operation="DescribeVpcs", account=account.number)
    with pytest.raises(ConnectionClosedError):
        account.ec2.describe_vpcs()

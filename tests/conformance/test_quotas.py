"""Service Quotas, and the organisation that an account is in."""

import pytest

from sandbox import Account, code


def test_a_quota_is_what_the_sandbox_holds_to(account):
    of = lambda region, service: Account(account.sandbox, account.number, region=region).quotas.get_service_quota
    vpcs = of("ap-northeast-1", "vpc")(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert (vpcs["Value"], vpcs["GlobalQuota"]) == (5.0, False)
    for n in range(5):
        account.ec2.create_vpc(CidrBlock=f"10.{n}.0.0/16")
    assert code(account.ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"


def test_global_quotas_are_in_one_region(account):
    asked = {"ServiceCode": "iam", "QuotaCode": "L-FE177D64"}
    there = Account(account.sandbox, account.number, region="us-east-1")
    assert there.quotas.get_service_quota(**asked)["Quota"]["GlobalQuota"]
    assert code(account.quotas.get_service_quota, **asked) == "NoSuchResourceException"
    assert account.quotas.list_service_quotas(ServiceCode="iam")["Quotas"] == []


@pytest.mark.parametrize(
    "params, expected",
    [
        ({"ServiceCode": "tea"}, "NoSuchResourceException"),
        ({"ServiceCode": "vpc", "NextToken": "zz"}, "InvalidPaginationTokenException"),
        ({"ServiceCode": "vpc", "QuotaAppliedAtLevel": "ALL"}, "SerializationException"),
    ],
)
def test_what_is_refused(account, params, expected):
    assert code(account.quotas.list_service_quotas, **params) == expected


def test_members_see_their_organisation(sandbox):
    one, other, alone = sandbox.account(), sandbox.account(), sandbox.account()
    sandbox.control("PUT", "organizations", [[one.number, other.number]])
    try:
        seen = [member.organizations.describe_organization()["Organization"] for member in (one, other)]
        assert seen[0] == seen[1] and seen[0]["MasterAccountId"] == one.number
        assert code(alone.organizations.describe_organization) == "AWSOrganizationsNotInUseException"
    finally:
        sandbox.control("PUT", "organizations", [])

"""IAM: boto3 decodes the documents, so that what comes back is what was sent."""

import json

import pytest

from sandbox import TRUST, as_dict, code, eventually
from world import FLOW_LOGS, MAY, READ_ONLY

ROLE = {"RoleName": "gcnet-naruto-prod"}
QUICK = {"Delay": 0.02, "MaxAttempts": 50}


def test_a_role_lives_and_dies(account):
    iam = account.iam
    made = iam.create_role(
        **ROLE,
        Path="/gcnet/naruto/",
        AssumeRolePolicyDocument=json.dumps(FLOW_LOGS),
        Description="鳴門",
        MaxSessionDuration=7200,
        Tags=[{"Key": "gcnet:stack", "Value": "naruto prod"}],
    )["Role"]
    assert made["Arn"] == f"arn:aws:iam::{account.number}:role/gcnet/naruto/gcnet-naruto-prod"
    assert made["AssumeRolePolicyDocument"] == FLOW_LOGS
    iam.get_waiter("role_exists").wait(**ROLE, WaiterConfig=QUICK)

    iam.put_role_policy(**ROLE, PolicyName="write", PolicyDocument=json.dumps(MAY))
    assert iam.get_role_policy(**ROLE, PolicyName="write")["PolicyDocument"] == MAY
    assert iam.list_role_policies(**ROLE)["PolicyNames"] == ["write"]
    iam.attach_role_policy(**ROLE, PolicyArn=READ_ONLY)
    assert iam.list_attached_role_policies(**ROLE)["AttachedPolicies"] == [
        {"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}
    ]
    iam.update_assume_role_policy(**ROLE, PolicyDocument=json.dumps(TRUST))
    iam.update_role(**ROLE, Description="changed", MaxSessionDuration=3600)
    iam.tag_role(**ROLE, Tags=[{"Key": "more", "Value": ""}])
    assert as_dict(iam.list_role_tags(**ROLE)["Tags"]) == {"gcnet:stack": "naruto prod", "more": ""}
    iam.untag_role(**ROLE, TagKeys=["gcnet:stack"])

    read = iam.get_role(**ROLE)["Role"]
    assert read["AssumeRolePolicyDocument"] == TRUST
    assert (read["Description"], read["MaxSessionDuration"]) == ("changed", 3600)
    assert as_dict(read["Tags"]) == {"more": ""}
    [listed] = iam.list_roles(PathPrefix="/gcnet/naruto/")["Roles"]
    assert "Tags" not in listed, "ListRoles does not show tags"
    assert iam.list_roles(PathPrefix="/other/")["Roles"] == []

    [detail] = iam.get_account_authorization_details(Filter=["Role"])["RoleDetailList"]
    assert detail["RolePolicyList"] == [{"PolicyName": "write", "PolicyDocument": MAY}]
    assert detail["AttachedManagedPolicies"][0]["PolicyArn"] == READ_ONLY
    assert detail["AssumeRolePolicyDocument"] == TRUST

    assert code(iam.delete_role, **ROLE) == "DeleteConflict"
    iam.detach_role_policy(**ROLE, PolicyArn=READ_ONLY)
    assert code(iam.delete_role, **ROLE) == "DeleteConflict"
    iam.delete_role_policy(**ROLE, PolicyName="write")
    iam.delete_role(**ROLE)
    assert code(iam.get_role, **ROLE) == "NoSuchEntity"
    assert account.resources() == []


def test_a_managed_policy_lives_and_dies(account):
    iam = account.iam
    account.role("r")
    policy = iam.create_policy(PolicyName="p", Path="/gcnet/", PolicyDocument=json.dumps(MAY), Description="d")["Policy"]
    arn = policy["Arn"]
    assert policy["DefaultVersionId"] == "v1"
    iam.get_waiter("policy_exists").wait(PolicyArn=arn, WaiterConfig=QUICK)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == MAY
    [detail] = iam.get_account_authorization_details(Filter=["LocalManagedPolicy"])["Policies"]
    assert detail["PolicyVersionList"][0]["Document"] == MAY
    assert code(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    assert code(iam.get_policy, PolicyArn=arn) == "NoSuchEntity"


def test_more_than_a_page(account):
    iam = account.iam
    made = [f"role{n}" for n in range(7)]
    for name in made:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    for operation, key in (("list_roles", "Roles"), ("get_account_authorization_details", "RoleDetailList")):
        pages = list(iam.get_paginator(operation).paginate(PaginationConfig={"PageSize": 3}))
        assert [len(page[key]) for page in pages] == [3, 3, 1]
        assert [role["RoleName"] for page in pages for role in page[key]] == made


def test_a_principal_must_have_spread(account):
    """AWS refuses a role in a trust policy until all of AWS knows it."""
    iam = account.iam
    first = iam.create_role(RoleName="first", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": first}, "Action": "sts:AssumeRole"}],
    }

    def make():
        try:
            iam.create_role(RoleName="second", AssumeRolePolicyDocument=json.dumps(trust))
        except iam.exceptions.MalformedPolicyDocumentException as error:
            assert "Invalid principal in policy" in str(error)
            return "too early"
        return "made"

    eventually(make, "made")


def document(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", **statement}]})


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_role", {"RoleName": "GCNET-flow-logs", "AssumeRolePolicyDocument": json.dumps(TRUST)}, "EntityAlreadyExists"),
        ("create_role", {"RoleName": "a/b", "AssumeRolePolicyDocument": json.dumps(TRUST)}, "ValidationError"),
        ("create_role", {"RoleName": "new", "AssumeRolePolicyDocument": "{"}, "MalformedPolicyDocument"),
        ("create_role", {"RoleName": "new", "AssumeRolePolicyDocument": document(Resource="*")}, "MalformedPolicyDocument"),
        (
            "create_role",
            {"RoleName": "new", "AssumeRolePolicyDocument": json.dumps(TRUST), "PermissionsBoundary": READ_ONLY},
            "UnknownParameter",
        ),
        ("get_role", {"RoleName": "nobody"}, "NoSuchEntity"),
        ("update_role", {"RoleName": "nobody"}, "NoSuchEntity"),
        ("delete_role", {"RoleName": "nobody"}, "NoSuchEntity"),
        ("tag_role", {"RoleName": "nobody", "Tags": [{"Key": "a", "Value": ""}]}, "NoSuchEntity"),
        ("tag_role", {"RoleName": "gcnet-flow-logs", "Tags": [{"Key": "aws:a", "Value": ""}]}, "InvalidInput"),
        ("untag_role", {"RoleName": "nobody", "TagKeys": ["a"]}, "NoSuchEntity"),
        ("list_role_tags", {"RoleName": "nobody"}, "NoSuchEntity"),
        ("list_role_policies", {"RoleName": "nobody"}, "NoSuchEntity"),
        ("get_role_policy", {"RoleName": "gcnet-flow-logs", "PolicyName": "none"}, "NoSuchEntity"),
        ("delete_role_policy", {"RoleName": "gcnet-flow-logs", "PolicyName": "none"}, "NoSuchEntity"),
        (
            "put_role_policy",
            {"RoleName": "gcnet-flow-logs", "PolicyName": "p", "PolicyDocument": document()},
            "MalformedPolicyDocument",
        ),
        (
            "put_role_policy",
            {"RoleName": "gcnet-flow-logs", "PolicyName": "p", "PolicyDocument": document(Resource=["*", "arn:aws:ec2:::" + "a" * 10240])},
            "LimitExceeded",
        ),
        ("attach_role_policy", {"RoleName": "gcnet-flow-logs", "PolicyArn": f"{READ_ONLY}s"}, "NoSuchEntity"),
        ("detach_role_policy", {"RoleName": "gcnet-flow-logs", "PolicyArn": f"{READ_ONLY}s"}, "NoSuchEntity"),
        ("create_policy", {"PolicyName": "p", "PolicyDocument": json.dumps(TRUST)}, "MalformedPolicyDocument"),
        ("get_policy_version", {"PolicyArn": f"{READ_ONLY}s", "VersionId": "v1"}, "NoSuchEntity"),
        ("list_roles", {"Marker": "odd"}, "ValidationError"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert world.role
    assert code(getattr(world.iam, operation), **params) == expected


def test_a_simulation_says_what_policies_say(account):
    arn = account.role("simulated")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "ec2:DeleteVpc", "Resource": "*"},
            {"Effect": "Allow", "Action": "logs:*", "Resource": "arn:aws:logs:*:*:log-group:/gcnet/*"},
            {
                "Effect": "Allow",
                "Action": "acm-pca:IssueCertificate",
                "Resource": "*",
                "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/RootCACertificate/V1"}},
            },
        ],
    }
    account.iam.put_role_policy(RoleName="simulated", PolicyName="p", PolicyDocument=json.dumps(policy))

    def decided(action, *resources):
        more = {"ResourceArns": list(resources)} if resources else {}
        answer = account.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], **more)
        [one] = answer["EvaluationResults"]
        return one["EvalDecision"], one["MissingContextValues"]

    assert decided("ec2:CreateVpc") == ("allowed", [])
    assert decided("ec2:DeleteVpc") == ("explicitDeny", [])
    assert decided("iam:CreateRole") == ("implicitDeny", [])
    assert decided("logs:CreateLogGroup") == ("implicitDeny", [])
    assert decided("logs:CreateLogGroup", "arn:aws:logs:ap-northeast-1:1:log-group:/gcnet/x") == ("allowed", [])
    assert decided("acm-pca:IssueCertificate") == ("implicitDeny", ["acm-pca:TemplateArn"])
    simulate = account.iam.simulate_principal_policy
    assert code(simulate, PolicySourceArn=arn, ActionNames=["CreateVpc"]) == "InvalidInput"
    assert code(simulate, PolicySourceArn=f"{arn}x", ActionNames=["ec2:CreateVpc"]) == "NoSuchEntity"
    user = f"arn:aws:iam::{account.number}:user/sandbox"
    assert simulate(PolicySourceArn=user, ActionNames=["ec2:CreateVpc"])["EvaluationResults"][0]["EvalDecision"] == "allowed"
